"""The offices' page on every city: numbers of the library, words for what has no number."""

from __future__ import annotations

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access
from dashboard.components import sheet
from dashboard.filters import from_query
from dashboard.text import Speaker
from dashboard.views import offices
from geodata.findings import Source
from geodata.findings.judging.offices import standings
from tests import small_city
from tests.pages.payloads import texts, unfolded
from tests.pages.test_campaign_page import NO_NUMBER, block
from tests.pages.test_pages import panels

CHINESE = re.compile(r"[\u4e00-\u9fff]")
BLOCKS = {"cards", "longest", "flow", "ages"}


@pytest.fixture
def made_up(small_city, monkeypatch):
    monkeypatch.setenv(access.CITY_VARIABLE, str(small_city.folder))
    return Source.of(small_city.folder)


def drawn(source, language="zh", **query):
    """Payload of the page, as strict JSON carries it."""
    page = offices.page(source, from_query(query), Speaker(language))
    told = unfolded(sheet.payload(page))
    return json.loads(json.dumps(told, ensure_ascii=False, allow_nan=False))


def page_alone(language):
    from dashboard import access, state  # noqa: PLC0415 - runs as a script of its own
    from dashboard.text import Speaker  # noqa: PLC0415
    from dashboard.views import offices  # noqa: PLC0415

    offices.render(access.reading(), state.Screen(Speaker(language), {"url": "", "lang": language}))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_opens_on_every_city(folder, monkeypatch, lang):
    monkeypatch.setenv(access.CITY_VARIABLE, str(folder))
    tested = AppTest.from_function(page_alone, args=(lang,), default_timeout=60).run()
    assert not tested.exception
    payload = panels(tested)["sheet"]
    assert {one.get("id") for one in payload["blocks"]} >= BLOCKS
    assert [text for text in texts(payload) if NO_NUMBER.search(text)] == []


@pytest.mark.parametrize("by", ["office", "area", "street"])
def test_every_unit_can_be_asked_for_on_every_city(folder, by):
    payload = drawn(Source.of(folder), **{"o.by": by})
    assert [text for text in texts(payload) if NO_NUMBER.search(text)] == []


def test_the_ranking_drawn_is_that_of_the_library(made_up):
    table = standings(made_up).ranking.table
    rows = block(drawn(made_up), "ranking/office/on_time_rate")["rows"]
    ranked = [row for row in rows if not row.get("muted")]
    assert len(rows) == len(table)
    assert [row["point"] for row in ranked] == table["shrunk"].head(len(ranked)).to_list()
    assert [row["rank"] for row in ranked] == [str(one) for one in table["rank"].drop_nulls()]
    for row, worse in zip(rows, table["worse_than_whole"], strict=True):
        assert row["verdict"] == ("worse" if worse else "none")


def test_too_few_cases_are_words_and_no_marks(made_up):
    rows = block(drawn(made_up), "ranking/office/on_time_rate")["rows"]
    few = [row for row in rows if row.get("muted")]
    assert few
    for row in few:
        assert row["rank"] == "—"
        assert "不排名" in row["text"]
        assert not {"point", "lower", "upper", "raw"} & set(row)
        assert row["proof"]["note"]


def test_every_rank_shows_what_it_is_made_of(made_up):
    rows = block(drawn(made_up), "ranking/office/on_time_rate")["rows"]
    proof = rows[0]["proof"]
    assert proof["version"] == "数据版本 v0"
    assert {"title", "formula", "value", "interval", "n", "period", "filters"} <= set(proof)
    assert "可能位次" in proof["note"]
    part, whole = (
        proof[name]["value"].removesuffix(" 件") for name in ("numerator", "denominator")
    )
    assert rows[0]["n"] == f"{part}/{whole}"


def test_clicking_an_office_filters_on_it_and_again_on_all(made_up):
    rows = block(drawn(made_up), "ranking/office/on_time_rate")["rows"]
    code = rows[0]["patch"]["filters"]["offices"][0]
    chosen = drawn(made_up, office=code)
    again = block(chosen, "ranking/office/on_time_rate")["rows"]
    assert len(again) == len(rows)
    assert again[0]["patch"] == {"filters": {"offices": None}}
    assert "已选" in again[0]["note"]
    tools = {tool["label"]: tool for tool in chosen["tools"]}
    assert f"office={code}" in tools["打开台账"]["href"]
    assert f"office={code}" in tools["在地图上看"]["href"]
    cards = block(chosen, "scorecards/office")["rows"]
    assert len(cards) == 1


def test_cards_agree_with_the_bars(made_up):
    payload = drawn(made_up)
    cards = {card["label"]: card["value"] for card in block(payload, "cards")["cards"]}
    bars = block(payload, "lateness/office")["rows"]
    told = [row["text"].split(" / ") for row in bars]
    overdue, waiting = (sum(int(one[at].replace(",", "")) for one in told) for at in (0, 1))
    assert int(cards["超期未结"].replace(",", "")) == overdue
    assert int(cards["在办"].replace(",", "")) == waiting
    ages = block(payload, "ages")["rows"]
    assert sum(row["cells"][1] for row in ages) == waiting
    parts = [part["value"] for row in bars for part in row["parts"]]
    assert sum(parts) == waiting


def test_reports_per_km_are_an_order_without_a_verdict(made_up):
    payload = drawn(made_up, **{"o.by": "street", "o.measure": "cases_per_km"})
    shown = block(payload, "ranking/street/cases_per_km")
    assert {row["verdict"] for row in shown["rows"]} == {"none"}
    assert "巡查越密" in shown["note"]


def test_caveats_are_said_above(made_up):
    query = {"phase": "mobilise,consolidate", "status": "overdue", "o.patrol": "without"}
    told = [one["text"] for one in block(drawn(made_up, **query), "notes")["sentences"]]
    assert len(told) == 3
    assert "notes" not in {one.get("id") for one in drawn(made_up)["blocks"]}


def test_english_says_everything_but_names_in_english(made_up):
    payload = drawn(made_up, "en", phase="tackle")
    streets = set(made_up.facts.segments["street"].drop_nulls())
    assert [text for text in texts(payload) if CHINESE.search(text) and text not in streets] == []


def test_a_period_to_come_is_answered_in_words(made_up):
    payload = drawn(made_up, **{"from": "2031-01-01"})
    assert "尚无数据" in block(payload, "ranking/office/on_time_rate")["empty"]
    assert {card["value"] for card in block(payload, "cards")["cards"]} == {"—"}


def test_contracts_and_survey_stand_against_their_targets(made_up):
    payload = drawn(made_up)
    frontage, survey = (block(payload, f"target/{kind}") for kind in ("frontage", "survey"))
    assert "目标 ≥95.0%" in frontage["note"]
    assert len(survey["rows"]) == 4
    missed = [cell for row in survey["rows"] for cell in row["cells"][1:] if "未" in cell["text"]]
    assert all(cell["proof"]["numerator"]["value"].endswith("人") for cell in missed)


def test_a_broken_register_is_said_in_its_place(made_up, tmp_path):
    city = small_city.make(tmp_path / "city")
    (city.folder / "tables").mkdir()
    (city.folder / "tables" / "survey.csv").write_text("辖区,受访人数\nw,3\n", encoding="utf-8")
    payload = drawn(Source.of(city.folder))
    told = block(payload, "target/survey")["empty"]
    assert "survey.csv 缺少列" in told
    assert "aware" in told
