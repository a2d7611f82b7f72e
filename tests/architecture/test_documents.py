"""What tracked files may say, and that what they promise holds."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, our_files

MACHINE_FOLDERS = re.compile(r"(?<![\w.}*-])/(?:work|root|farm)/|(?<![\w.}*-])/tmp/\w")
REGISTRY_HOSTS = re.compile(
    r"(?:pypi|pythonhosted|npmjs|npmmirror|yarnpkg|tuna\.tsinghua|aliyun|jsdelivr|unpkg)"
    r"\.(?:org|com|edu|net|cn)|index-url|find-links\s*=|\"resolved\":\s*\"http"
    r"|https?://[^ ]*/simple\b",
    re.IGNORECASE,
)
RUNNABLE = re.compile(r"^```sh run\n(.*?)^```", re.MULTILINE | re.DOTALL)
PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\([^)]*\)s|\$\{?\w+\}?")
DATE_PARTS = {"{y}", "{m}", "{mon}", "{d}"}  # 9月21日 and 21 Sep are filled in differently
THIS_FILE = Path(__file__).relative_to(ROOT).as_posix()


def texts():
    """Each tracked file that is text, with its content."""
    for path in our_files():
        content = (ROOT / path).read_bytes()
        if b"\0" not in content[:8_000] and path != THIS_FILE:
            yield path, content.decode("utf-8", errors="replace")


def lines_with(pattern):
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts()
        if pattern.search(text)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_tracked_file_names_a_folder_of_one_machine():
    assert not lines_with(MACHINE_FOLDERS)


def test_no_tracked_file_names_a_package_registry():
    assert not lines_with(REGISTRY_HOSTS)


def test_every_python_requirement_is_pinned():
    pin = re.compile(r"^[a-z0-9._-]+==[\w.]+(?: ; .+)?$")
    for name in ("requirements.txt", "requirements-test.txt", "requirements-node.txt"):
        loose = [row for row in (ROOT / name).read_text().splitlines() if not pin.match(row)]
        assert not loose, name


def test_the_pinned_requirements_cover_what_pyproject_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {
        "requirements.txt": project["project"]["dependencies"],
        "requirements-test.txt": project["dependency-groups"]["test"],
        "requirements-node.txt": project["dependency-groups"]["node"],
    }
    for name, wanted in asked.items():
        pinned = {row.split("==")[0] for row in (ROOT / name).read_text().splitlines()}
        assert {re.split(r"[<>=]", row)[0].lower() for row in wanted} <= pinned, name


def test_the_two_python_locks_agree():
    def pins(name):
        rows = (ROOT / name).read_text().splitlines()
        return {row for row in rows if row}

    product, tests = pins("requirements.txt"), pins("requirements-test.txt")
    for row in tests:
        package = row.split("==")[0]
        same = {other for other in product if other.split("==")[0] == package}
        assert not same or row in same, row


# --- Chinese and English ----------------------------------------------------------------------


def chinese_files():
    pattern = re.compile(r"(?:^|[./])zh\.(?:toml|json)$")
    return [path for path in our_files() if pattern.search(path)]


def english_of(path):
    return re.sub(r"zh(\.\w+)$", r"en\1", path)


def sentences(path):
    """Flatten a text file: dotted key to sentence."""
    content = (ROOT / path).read_text(encoding="utf-8")
    tree = tomllib.loads(content) if path.endswith(".toml") else json.loads(content)
    return dict(flattened(tree))


def flattened(tree, prefix=""):
    branches = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in branches:
        if isinstance(value, (dict, list)):
            yield from flattened(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def test_each_text_file_exists_in_both_languages():
    english = [path for path in our_files() if re.search(r"(?:^|[./])en\.(?:toml|json)$", path)]
    assert sorted(map(english_of, chinese_files())) == sorted(english)


@pytest.mark.parametrize("chinese", chinese_files() or [None])
def test_chinese_and_english_say_the_same_things(chinese):
    if chinese is None:
        pytest.skip("no text file yet")
    ours, theirs = sentences(chinese), sentences(english_of(chinese))
    assert ours.keys() == theirs.keys()
    different = {
        key: (ours[key], theirs[key])
        for key in ours
        if asked_by(ours[key]) != asked_by(theirs[key])
    }
    assert not different
    assert not [key for side in (ours, theirs) for key, text in side.items() if text == ""]


def asked_by(sentence):
    """Count the names to be filled in; their order, and how a date is written, are free."""
    names = PLACEHOLDER.findall(str(sentence))
    if names and DATE_PARTS.issuperset(names):
        return {"a date": 1}
    return Counter(names)


# --- commands in documents --------------------------------------------------------------------


def runnable_blocks():
    documents = [path for path in our_files() if path.endswith(".md")]
    return [
        pytest.param(block, id=f"{path}-{number}")
        for path in documents
        for number, block in enumerate(RUNNABLE.findall((ROOT / path).read_text(encoding="utf-8")))
    ]


@pytest.mark.parametrize("block", runnable_blocks() or [None])
def test_commands_in_documents_run(block, tmp_path):
    """Run each block marked `sh run` in a folder of its own, with our Python first on the path."""
    if block is None:
        pytest.skip("no document has a block marked `sh run` yet")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{block}\n{done.stdout[-2_000:]}\n{done.stderr[-2_000:]}"


# --- the rules themselves can fail ------------------------------------------------------------


@pytest.mark.parametrize("text", ["cd /" + "work/main", "'/" + "root/x'", "see /" + "tmp/a.png"])
def test_the_folder_rule_sees(text):
    assert MACHINE_FOLDERS.search(text)


@pytest.mark.parametrize("text", ["geodata/work/x", "../root/x", "file:./tmp/x", "artwork/x"])
def test_the_folder_rule_lets_relative_paths_pass(text):
    assert not MACHINE_FOLDERS.search(text)


def test_the_placeholder_rule_sees():
    assert asked_by("{n} 件") == asked_by("{n} cases") != asked_by("{count} cases")
    assert asked_by("{m}月{d}日") == asked_by("{d} {mon}") != asked_by("{d} cases {n}")
