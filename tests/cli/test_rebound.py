"""``rebound``: the library's numbers in words and as JSON, and a workbook to hand out."""

from __future__ import annotations

import json
from datetime import date

import openpyxl
import pytest

from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.rebounds.close_outs import rule_of
from geodata.findings.rebounds.rebound import rebounds, rebounds_by


@pytest.fixture(scope="module")
def source(demo_city):
    return Source.of(demo_city)


def test_json_says_what_the_library_says(guatu, demo_city, source):
    told = guatu("rebound", demo_city, "--json", "--by", "office", "--most", 1000).json()
    found = rebounds(source)
    assert told["rate"]["value"] == found.rate.value
    assert told["rate"]["numerator"] == found.rate.numerator
    assert told["closed"] == found.closed
    assert told["unplaced"] == found.unplaced
    offices = {row["unit"]: row["rebounds"] for row in told["units"]}
    assert offices == dict(rebounds_by(source, "office").select("unit", "rebounds").iter_rows())
    assert told["rule"]["source"]
    assert told["look_back"]["places"] >= len(told["look_back"]["list"]) > 0
    assert told["survival"]["n"] == told["survival"]["events"] + told["survival"]["censored"]


def test_filters_and_rule_are_those_given(guatu, demo_city, source):
    told = guatu(
        "rebound", demo_city, "--json", "--days", 14, "--place", "spot", "--kind", "family",
        "--office", "sanitation", "--from", "2026-07-01",
    ).json()  # fmt: skip
    chosen = Selection(offices=frozenset(["sanitation"]), from_on=date(2026, 7, 1))
    found = rebounds(source, chosen, rule=rule_of(days=14, place="spot", kind="family"))
    assert told["closed"] == found.closed
    assert told["rule"]["days"] == 14
    assert told["rule"]["place"] == "spot"
    assert told["from"] == "2026-07-01"


def test_json_holds_no_number_that_is_none(guatu, demo_city):
    out = guatu("rebound", demo_city, "--json", "--near-repeats", "stall").out
    json.loads(out, parse_constant=pytest.fail)


def test_words_are_chinese_or_english(guatu, demo_city):
    chinese = guatu("rebound", demo_city).out
    assert "反弹率" in chinese
    assert "序号" in chinese
    english = guatu("rebound", demo_city, "--language", "en", "--near-repeats", "stall").out
    assert "rebound rate" in english
    assert "nan" not in english.lower().split()


def test_a_period_too_late_is_answered_in_words(guatu, demo_city, source):
    last = source.facts.last_day.isoformat()
    out = guatu("rebound", demo_city, "--from", source.facts.last_day.replace(day=1), "--until",
                last).out  # fmt: skip
    assert "观察天数不足" in out
    assert "%" not in out.splitlines()[1]


def test_the_workbook_holds_list_and_register(guatu, demo_city, tmp_path):
    path = tmp_path / "回头看.xlsx"
    guatu("rebound", demo_city, "--xlsx", path)
    first = path.read_bytes()
    guatu("rebound", demo_city, "--xlsx", path)
    assert path.read_bytes() == first
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["回头看", "顽固点"]
    assert "演示数据" in "".join(str(row[0].value) for row in book["回头看"].iter_rows(max_row=6))


def test_an_unknown_category_is_refused_with_those_there_are(guatu, demo_city):
    message = guatu("rebound", demo_city, "--near-repeats", "stal").refused()
    assert "'stal'" in message
    assert "stall" in message
