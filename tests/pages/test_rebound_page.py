"""The page 反弹 on every city: what it shows is what the library says, in both languages."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access, exports
from dashboard.components import sheet
from dashboard.filters import from_query
from dashboard.text import Speaker
from dashboard.views import rebound
from dashboard.views.rebound_choices import asking_of
from geodata.analysis.answers import Value
from geodata.findings.rebounds.look_back import look_back
from geodata.findings.rebounds.rebound import rebounds, rebounds_by
from geodata.wording.numbers import bare, rate
from tests.dashboard.conftest import take_in
from tests.pages.conftest import VARIANTS
from tests.pages.payloads import texts, unfolded
from tests.pages.test_pages import panels
from tests.small_city import make as small_city_of
from tests.small_city import scattered

CHINESE = re.compile(r"[\u4e00-\u9fff]")
NO_NUMBER = re.compile(r"\b[Nn]a[Nn]\b|\binf\b|\bNone\b")
QUERIES = [
    {},
    {"o.place": "spot", "o.window": "7"},
    {"o.place": "cells", "o.kind": "family", "o.by": "category"},
    {"phase": "two", "o.by": "area"},
    {"from": "2026-09-19"},
    {"street": "无此街"},
    {"o.window": "x", "o.by": "nobody", "o.near": "what", "cell": "8a40e46cb147fff"},
]


def drawn(language="zh", **query):
    """Payload of the three sheets as one, as strict JSON carries it."""
    asking, say = asking_of(access.reading(), from_query(query)), Speaker(language)
    pages = [make(asking, say) for make in (rebound.answer, rebound.detail, rebound.last)]
    told = [unfolded(sheet.payload(page)) for page in pages]
    whole = {"title": told[0]["title"], "blocks": [one for page in told for one in page["blocks"]]}
    return json.loads(json.dumps(whole, ensure_ascii=False, allow_nan=False))


def block(payload, name):
    return next(one for one in payload["blocks"] if one.get("id", "").split("/")[0] == name)


def page_alone(language):
    from dashboard import access, state  # noqa: PLC0415 - runs as a script of its own
    from dashboard.text import Speaker  # noqa: PLC0415
    from dashboard.views import rebound  # noqa: PLC0415

    rebound.render(access.reading(), state.Screen(Speaker(language), {"url": "", "lang": language}))


@pytest.fixture
def _served(folder, monkeypatch):
    monkeypatch.setenv(access.CITY_VARIABLE, str(folder))


@pytest.mark.usefixtures("_served")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_opens_on_every_city(lang):
    tested = AppTest.from_function(page_alone, args=(lang,), default_timeout=60).run()
    assert not tested.exception
    assert "case_map" in panels(tested)


@pytest.mark.usefixtures("_served")
@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_any_link_gives_words_and_finite_numbers(query):
    payload = drawn(**query)
    found = texts(payload)
    assert [text for text in found if NO_NUMBER.search(text)] == []
    empty = [one for one in payload["blocks"] if not (one.get("rows") or one.get("cards")
             or one.get("sentences") or one.get("series") or one.get("empty"))]  # fmt: skip
    assert empty == []


@pytest.mark.usefixtures("_served")
def test_english_holds_chinese_names_only():
    english_holds_chinese_names_only()


def english_holds_chinese_names_only():
    say, reading = Speaker("en"), access.reading()
    names = {say.name(one) for one in (*reading.city.offices, *reading.facts.areas)}
    names |= {say.name(one) for one in (*reading.city.categories, *reading.city.families)}
    names |= set(reading.facts.segments["street"])
    names |= {
        say.name(one) for one in (reading.city.campaign.phases if reading.city.campaign else ())
    }
    for text in texts(drawn("en")):
        left = text
        for name in sorted(filter(None, names), key=len, reverse=True):
            left = left.replace(name, "")
        assert not CHINESE.search(left), text


# --- on a city with something to show -----------------------------------------------------------


@pytest.fixture
def small(small_city, monkeypatch):
    monkeypatch.setenv(access.CITY_VARIABLE, str(small_city.folder))
    return access.reading()


def test_the_numbers_are_those_of_the_library(small):
    say = Speaker("zh")
    found = rebounds(small.source)
    assert isinstance(found.rate, Value)
    cards = block(drawn(), "rebound-cards")["cards"]
    assert cards[0]["value"] == bare(say, found.rate.value, "share")
    proof = cards[0]["proof"]
    assert proof["numerator"]["value"] == f"{found.rate.numerator:,} 件"
    assert proof["denominator"]["value"] == f"{found.rate.denominator:,} 件"
    rows = block(drawn(), "rebound-units")["rows"]
    table = rebounds_by(small.source, "office")
    assert len(rows) == len(table)
    shown = {row["label"]: row["text"] for row in rows}
    offices = {one.code: one.name for one in small.city.offices}
    for row in table.drop_nulls("shrunk").to_dicts():
        assert shown[offices[row["unit"]]] == rate(say, row["shrunk"])


def test_who_sees_one_office_only_is_told_that_the_rate_is_too_low(small):
    asking = replace(asking_of(small, from_query({})), partial=True)
    told = sheet.payload(rebound.answer(asking, Speaker("en")))
    tones = {one["text"]: one["tone"] for one in block(told, "rebound-sentences")["sentences"]}
    assert [text for text, tone in tones.items() if tone == "doubt" and "too low" in text]


def test_few_are_said_in_words_instead_of_marks(small):
    rows = block(drawn(**{"o.by": "area"}), "rebound-units")["rows"]
    muted = [row for row in rows if row.get("muted")]
    assert muted
    assert all("point" not in row and "lower" not in row for row in muted)


def test_the_list_on_the_page_is_the_list_handed_out(small):
    payload = drawn()
    shown = [row["cells"][1] for row in block(payload, "rebound-ahead")["rows"]]
    sheet_of = exports.build({"what": "look-back", "format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(sheet_of.body))
    page = book["回头看"]
    head = next(row for row in range(1, 12) if page.cell(row, 1).value == "序号")
    assert [page.cell(head + 1 + at, 2).value for at in range(len(shown))] == shown
    table = exports.build({"what": "look-back", "format": "csv", "lang": "en"})
    rows = list(csv.DictReader(io.StringIO(table.body.decode("utf-8-sig"))))
    assert [row["Street"] for row in rows[: len(shown)]] == [
        name if name != "未落街" else rows[at]["Street"] for at, name in enumerate(shown)
    ]
    assert len(rows) == min(look_back(small.source).places, 500)


def test_links_carry_the_view_to_the_download(small):
    tools = block(drawn(office="sanitation", **{"o.place": "spot"}), "rebound-ahead")["tools"]
    assert {"what=look-back", "office=sanitation", "o.place=spot"} <= set(
        tools[0]["href"].partition("?")[2].split("&")
    )
    query = {"what": "look-back", "format": "csv", "office": "sanitation", "o.place": "spot"}
    rows = list(csv.DictReader(io.StringIO(exports.build(query).body.decode("utf-8-sig"))))
    assert {row["责任部门"] for row in rows} == {"区环卫中心"}


@pytest.mark.usefixtures("small")
def test_english_holds_chinese_names_only_with_all_blocks_filled():
    english_holds_chinese_names_only()


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """Forty offices with long names, every case closed after two days, some come back."""
    city = small_city_of(tmp_path_factory.mktemp("crowded") / "city", VARIANTS["40 offices"][0])
    n, start = 900, datetime(2026, 9, 1, 2, tzinfo=UTC)
    reported = [start + timedelta(days=at % 60) for at in range(n)]
    cases = scattered(
        n,
        reported_at=reported,
        closed_at=[at + timedelta(days=2) for at in reported],
        office=[f"o{at % 40}" for at in range(n)],
        category=["stall"] * n,
    )
    take_in(city, cases)
    return city.folder


def test_forty_offices_with_long_names_are_counted_not_judged(crowded, monkeypatch):
    monkeypatch.setenv(access.CITY_VARIABLE, str(crowded))
    rows = block(drawn(), "rebound-units")["rows"]
    assert len(rows) == 40
    assert all(row["muted"] for row in rows)
    assert [text for text in texts(drawn("en")) if NO_NUMBER.search(text)] == []


def test_an_unknown_download_is_refused(small):
    with pytest.raises(ValueError, match="what=look-back format=xlsx"):
        exports.build({"what": "look-back", "format": "parquet"})
