"""Every deliberate error has its Chinese, filled with the facts of the place that raises it."""

from __future__ import annotations

import ast
import errno
import os
import re
import string
import tomllib
import tomllib._parser as parser
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from geodata.brief.build import BriefingRefused
from geodata.city import load_city
from geodata.domain.period import PeriodUnknown, parse_period
from geodata.errors import (
    PARSER_TEMPLATES,
    CityBroken,
    CityMissing,
    FileUnreadable,
    GeodataError,
    Sentence,
)
from geodata.wording.refusals import TABLE, chinese, said, terminal_language
from tests.architecture.source import modules

OTHERS = "others"
MACHINERY = "geodata/errors.py"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Told(NamedTuple):
    """A sentence in the source: where it is, its template, and the facts given."""

    at: str
    template: ast.expr
    facts: set[str]


def named(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def errors():
    """Names of `GeodataError` and of every class derived from it, in the library and on screen."""
    bases = {
        node.name: {named(base) for base in node.bases}
        for module in modules("geodata", "dashboard")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    }
    known = {"GeodataError"}
    while more := {name for name, of in bases.items() if of & known} - known:
        known |= more
    return known


def sentences():
    calls = errors() | {"Sentence"}
    return [
        Told(
            f"{module.path}:{node.lineno}", node.args[0], {one.arg or "**" for one in node.keywords}
        )
        for module in modules("geodata", "dashboard")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and named(node.func) in calls and node.args
    ]


def plain():
    """Sentences whose template stands in the source: template → what is said of it."""
    return [one for one in sentences() if isinstance(one.template, ast.Constant)]


def places(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def table():
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def test_no_sentence_is_put_together_where_it_is_raised():
    """A template is a text, or comes ready from a function: f-strings cannot be translated."""
    loose = (ast.JoinedStr, ast.BinOp)
    assert [
        one.at
        for one in sentences()
        if isinstance(one.template, loose)
        or (isinstance(one.template, ast.Call) and named(one.template.func) in ("str", "format"))
    ] == []


def test_only_the_machinery_makes_sentences_of_variables():
    variable = [one.at for one in sentences() if isinstance(one.template, ast.Name)]
    assert {at.split(":")[0] for at in variable} <= {MACHINERY, "geodata/ingest/waiting.py"}


def test_every_template_has_its_chinese_and_none_is_left_over():
    listed = [key for name, part in table().items() if name != OTHERS for key in part]
    assert [key for key, n in Counter(listed).items() if n > 1] == []
    asked = {one.template.value: one.at for one in plain()}
    assert {at: text for text, at in asked.items() if text not in listed} == {}
    assert set(listed) - set(asked) == set()


def test_the_places_of_a_template_are_filled_by_its_facts():
    filled = [one for one in plain() if one.facts]
    assert [one.at for one in filled if places(one.template.value) != one.facts] == []
    assert len(filled) > 100


def test_both_languages_fill_the_same_places():
    empty = {one.template.value for one in plain() if not one.facts}
    with_facts = {en: zh for en, zh in chinese().items() if en not in empty}
    assert {en: zh for en, zh in with_facts.items() if places(en) != places(zh)} == {}


def test_every_chinese_sentence_is_chinese_and_says_what_to_do():
    given = re.compile(r"{[^}]*}|--[a-z]+")
    bare = {en for en in chinese() if not re.search(r"[A-Za-z]", given.sub("", en))}
    assert [zh for en, zh in chinese().items() if en not in bare and not CHINESE.search(zh)] == []
    whole = [zh for en, zh in chinese().items() if en.endswith(".") and len(en) > 60]
    assert [zh for zh in whole if not zh.endswith(("。", "：{error}", "--port {other}"))] == []


def test_words_of_others_are_still_said_by_them():
    system = {os.strerror(number) for number in errno.errorcode}
    toml = Path(parser.__file__).read_text(encoding="utf-8").replace("\\\\", "\\")
    for text in table()[OTHERS]:
        parts = text.split("{found}")
        assert text in system or all(part in toml for part in parts), text
    assert set(PARSER_TEMPLATES) <= set(table()[OTHERS])


def test_an_error_is_english_in_itself_and_chinese_when_asked():
    error = FileUnreadable("{path} is empty (0 bytes). Export it again.", path="上报.csv")
    assert str(error) == said(error, "en") == "上报.csv is empty (0 bytes). Export it again."
    assert said(error, "zh") == "上报.csv 是空文件（0 字节）。请重新导出。"
    assert said(error, "fr") == said(error, "zh")


def test_an_error_within_an_error_is_told_in_the_same_language():
    with pytest.raises(PeriodUnknown) as caught:
        parse_period("上周")
    told = said(BriefingRefused("--period: {error}.", error=caught.value), "zh")
    assert told.startswith("--period：“上周”不是可用的时段，可写成：")
    assert "阶段代码" in told
    assert said(caught.value, "en").startswith("'上周' is no period; write one of: 2026-11-21,")


def test_lists_are_joined_as_the_language_joins_them():
    told = Sentence("{codes}: parents form a circle", codes=["a", "b"])
    assert (said(told, "en"), said(told, "zh")) == (
        "a, b: parents form a circle",
        "a、b：上级关系成环",
    )
    lost = Sentence("no phase is called {unknown:quoted}; there are {phases}",
                    unknown=["a", "b"], phases=("c",))  # fmt: skip
    assert said(lost, "zh") == "没有阶段“a”、“b”；现有：c"
    assert said(lost, "en") == "no phase is called 'a', 'b'; there are c"


def test_braces_in_a_fact_or_in_a_text_without_facts_are_only_text():
    assert str(GeodataError("Write { a = 1 }.")) == "Write { a = 1 }."
    assert str(GeodataError("{path} does not exist.", path="{evil.__class__}")).startswith("{evil.")


def test_what_the_system_refuses_is_said_in_words(tmp_path):
    error = PermissionError(errno.EACCES, os.strerror(errno.EACCES), "台账")
    assert said(error, "zh") == "系统提示：没有权限 台账。请解决后重试。"
    assert said(error, "en") == "The system said: Permission denied 台账. Mend that and run again."
    with pytest.raises(CityMissing) as caught:
        load_city(tmp_path / "无")
    assert "没有这个文件或目录" in said(caught.value, "zh")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[city\n", "第 1 行第 6 列：表名之后缺少 ]"),
        ('name = "天门\n', "不应有的字符 '\\n'（多为引号未收尾）"),
        ("[city]\n[city]\n", "第 2 行第 6 列：('city',) 重复定义"),
    ],
)
def test_a_slip_in_a_toml_file_is_told_with_its_line(tmp_path, text, told):
    (tmp_path / "city.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CityBroken) as caught:
        load_city(tmp_path)
    assert told in said(caught.value, "zh")
    with pytest.raises(tomllib.TOMLDecodeError) as parsed:
        tomllib.loads(text)
    assert str(parsed.value) in str(caught.value)


def test_every_defect_of_a_city_is_told_in_chinese(tmp_path):
    (tmp_path / "city.toml").write_text('[city]\nname = ""\ntimezone = "Mars"\n', encoding="utf-8")
    with pytest.raises(CityBroken) as caught:
        load_city(tmp_path)
    lines = said(caught.value, "zh").splitlines()
    assert "  - [city] name 应为非空文字，现为 “”" in lines
    assert "  - [city] 缺少 'metric_crs'" in lines
    assert len(lines) == len(str(caught.value).splitlines())
    assert [line for line in lines[1:] if not CHINESE.search(line)] == []


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh"}, "zh"),
    ],
)
def test_the_terminal_speaks_as_its_variables_say(environment, language):
    assert terminal_language(environment) == language
