"""The one classic script: every module once, in order, readable by any JavaScript engine."""

from __future__ import annotations

import base64
import json
import re
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.maps import assets
from geodata.maps.state import packed
from geodata.maps.vendor import FrontEndMissing, node_command

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def node(script, stdin=""):
    done = subprocess.run(
        [node_command(), "-e", script], input=stdin, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout


@pytest.fixture(scope="module")
def bundle_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / "guatu.js"
    path.write_text(assets.bundle(), encoding="utf-8")
    return path


def test_the_bundle_parses_as_a_classic_script(bundle_file):
    done = subprocess.run(
        [node_command(), "--check", bundle_file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_bundle_defines_one_global_with_the_makers(bundle_file):
    before = "const had = new Set(Object.getOwnPropertyNames(globalThis));"
    run = (
        f"require('vm').runInThisContext(require('fs').readFileSync({str(bundle_file)!r}, 'utf8'));"
    )
    tell = "const made = Object.getOwnPropertyNames(globalThis).filter((name) => !had.has(name));"
    out = node(
        f"{before} {run} {tell} console.log(JSON.stringify([made, typeof Guatu.createCaseMap, "
        "typeof Guatu.createCaseLayer]))"
    )
    assert json.loads(out) == [["Guatu"], "function", "function"]


def test_every_module_of_the_folder_is_in_the_bundle():
    inside = re.findall(r"^// (.+\.js)$", assets.bundle(), re.MULTILINE)
    assert sorted(inside) == sorted(path.name for path in assets.WEB.glob("*.js"))


def test_nothing_of_the_module_syntax_is_left():
    assert not re.search(r"^\s*(?:import|export)\b", assets.bundle(), re.MULTILINE)


@pytest.mark.parametrize("name", ["leaflet.js", "h3-js.umd.js", ""])
def test_scripts_cannot_end_their_element_and_do_not_depend_on_the_encoding(name):
    script = assets.library(name) if name else assets.bundle()
    assert script.isascii()
    assert not re.search(r"</script|<!--", script, re.IGNORECASE)
    assert "sourceMappingURL" not in script


def test_the_style_sheet_brings_its_pictures():
    addresses = re.findall(r"url\(([^)]{0,20})", assets.style())
    pictures = [address for address in addresses if not address.startswith("#")]
    assert pictures
    assert all(address.startswith("data:image/png") for address in pictures)
    first = re.search(r"data:image/png;base64,([^)]+)\)", assets.style())
    assert base64.b64decode(first[1])[1:4] == b"PNG"


def test_both_dictionaries_have_the_same_keys():
    assert assets.words("zh").keys() == assets.words("en").keys()


def test_a_library_that_was_not_fetched_is_named_with_the_remedy():
    with pytest.raises(FrontEndMissing, match=r"vendor/jquery\.js .*make setup"):
        assets.library("jquery.js")


@given(JSON_VALUES)
def test_packed_text_has_no_character_that_could_mean_anything(value):
    assert re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", packed(value))


@settings(max_examples=5)
@given(st.lists(JSON_VALUES, min_size=30, max_size=30))
def test_the_browser_unpacks_what_was_packed(bundle_file, values):
    run = (
        f"require('vm').runInThisContext(require('fs').readFileSync({str(bundle_file)!r}, 'utf8'));"
    )
    read = "const lines = require('fs').readFileSync(0, 'utf8').split('\\n');"
    tell = "console.log(JSON.stringify(await Promise.all(lines.map(Guatu.unpack))))"
    out = node(f"(async () => {{ {run} {read} {tell} }})()", "\n".join(map(packed, values)))
    assert json.loads(out) == json.loads(json.dumps(values))
