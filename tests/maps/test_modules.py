"""Modules written as one: they run as they did apart, and what is not understood is refused."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from dashboard import bundle
from geodata.maps.modules import in_order, joined
from geodata.maps.vendor import node_command

PARTS = {
    "a/main.js": """import { twice as double, Box } from "./lib.js";
import { word } from "../b/words.js";
const own = "main";
export function told() { return [double(4), new Box(word).held, own]; }
export { own as named };
""",
    "a/lib.js": """import { word } from "../b/words.js";
const own = "lib";
export const twice = (n) => 2 * n;
export class Box { constructor(held) { this.held = `${held}, ${own}`; } }
export async function later() { return word; }
""",
    "b/words.js": 'const own = "words";\nexport const word = `a word of ${own}`;\n',
}


def ran(source, show):
    script = f"{source}\nconsole.log(JSON.stringify({show}));"
    done = subprocess.run(
        [node_command(), "--input-type=module", "-e", script],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    return json.loads(done.stdout)


def test_modules_run_as_one_and_do_not_see_each_others_names():
    text, local = joined(["a/main.js"], PARTS.__getitem__)
    main = local["a/main.js"]
    assert ran(text, f"[{main}.told(), {main}.named]") == [
        [8, "a word of words, lib", "main"],
        "main",
    ]


def test_each_module_comes_once_and_after_what_it_imports():
    assert list(in_order(["a/main.js"], PARTS.__getitem__)) == [
        "b/words.js", "a/lib.js", "a/main.js",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        'import * as all from "./x.js";',
        'import "./x.js";',
        "export default 1;",
        "export let changing = 1;",
        'export * from "./x.js";',
    ],
)
def test_a_form_that_is_not_understood_is_named(line):
    with pytest.raises(ValueError, match=re.escape(line)):
        joined(["x.js"], {"x.js": f"{line}\n"}.__getitem__)


def test_modules_that_import_one_another_are_named():
    ring = {
        "a.js": 'import { b } from "./b.js";\nexport const a = 1;\n',
        "b.js": 'import { a } from "./a.js";\nexport const b = 1;\n',
    }
    with pytest.raises(ValueError, match=r"a\.js → b\.js → a\.js"):
        joined(["a.js"], ring.__getitem__)


def test_every_panel_and_the_map_are_in_the_dashboards_script():
    inside = set(re.findall(r"^// (\w+/\w+\.js)$", bundle.script(), re.MULTILINE))
    lying = {
        f"{part}/{path.name}"
        for part, folder in bundle.FOLDERS.items()
        for path in folder.glob("*.js")
    }
    assert lying - inside == {"web/leaflet_layer.js"}, "only the folium layer stays out"
    assert inside <= lying


def test_the_dashboards_script_parses_as_a_module(tmp_path):
    file = tmp_path / "page.mjs"
    file.write_text(bundle.script(), encoding="utf-8")
    done = subprocess.run(
        [node_command(), "--check", file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_style_sheet_holds_every_sheet_and_no_relative_picture():
    lying = {
        f"{part}/{path.relative_to(folder).as_posix()}"
        for part, folder in bundle.FOLDERS.items()
        for path in folder.rglob("*.css")
    }
    assert lying == set(bundle.SHEETS)
    pictures = re.findall(r"url\(([\w/.-]+\.png)\)", bundle.style())
    assert pictures
    for picture in pictures:
        part, _, path = picture.partition("/")
        assert (bundle.FOLDERS[part] / path).is_file(), picture
