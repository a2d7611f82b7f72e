"""Chinese and English say the same things, and every sentence asked for exists."""

from __future__ import annotations

import json
import re
import string
import tomllib
from datetime import date
from pathlib import Path

import pytest

from dashboard.text import LANGUAGES, Speaker

ASKED = re.compile(r"""\bsay\(\s*f?"([a-z_]+\.[a-z_0-9{}.]+)\"""")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ["geodata/wording/text", "dashboard/text"]
TOML = [
    f"{folder}/{{}}/{path.name}"
    for folder in FOLDERS
    for path in sorted((ROOT / folder / "zh").glob("*.toml"))
]
TABLES = [*TOML, "dashboard/components/panels/text.{}.json", "geodata/maps/web/text.{}.json"]


def sentences(path):
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else dict(flat(tomllib.loads(text)))


def flat(table, prefix=""):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def places(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("table", TABLES)
def test_both_languages_have_the_same_keys_in_the_same_order(root, table):
    zh, en = (sentences(root / table.format(language)) for language in ("zh", "en"))
    assert list(zh) == list(en)


@pytest.mark.parametrize("table", TOML)
def test_both_languages_fill_the_same_places(root, table):
    zh, en = (sentences(root / table.format(language)) for language in ("zh", "en"))
    assert {k: places(zh[k]) for k in zh} == {k: places(en[k]) for k in zh}


@pytest.mark.parametrize("table", TABLES)
def test_english_holds_no_chinese(root, table):
    en = sentences(root / table.format("en"))
    assert [key for key, text in en.items() if CHINESE.search(text)] == []


def test_every_sentence_asked_for_exists_and_every_sentence_is_asked_for(root):
    known = {key for table in TOML for key in sentences(root / table.format("zh"))}
    folders = (root / "dashboard", root / "geodata")
    files = [path for folder in folders for path in folder.rglob("*.py")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    asked = set(ASKED.findall(source))
    plain = {key for key in asked if "{" not in key}
    patterns = [re.compile(re.sub(r"\\{[^}]*\\}", ".+", re.escape(key))) for key in asked - plain]
    spoken = {key for key in known if any(pattern.fullmatch(key) for pattern in patterns)}
    quoted = {key for key in known if re.search(rf"""["']{re.escape(key)}["']""", source)}
    assert plain - known == set()
    assert known - quoted - spoken == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_and_days_are_written_as_readers_do(language):
    say = Speaker(language)
    assert say.number(12345) == "12,345"
    assert say.number(0.64) == "0.6"
    assert say.day(date(2026, 11, 22)) == {"zh": "11月22日", "en": "22 Nov"}[language]
