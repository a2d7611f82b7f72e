"""The page 行动 on every city: what it shows is what the library says, in both languages."""

from __future__ import annotations

import json
import re

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access
from dashboard.components import sheet
from dashboard.filters import from_query
from dashboard.text import Speaker
from dashboard.views import campaign
from geodata.findings.effects.actions import progress_of_all
from geodata.findings.effects.effect import effects
from geodata.findings.effects.effect_words import outcome_name
from geodata.first_run import make_demo
from tests.pages.payloads import texts, unfolded
from tests.pages.test_pages import panels

CHINESE = re.compile(r"[\u4e00-\u9fff]")
NO_NUMBER = re.compile(r"\bnan\b|\binf\b|\bNone\b(?! of)")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Make the whole made-up city: with it the page has everything to show."""
    folder = tmp_path_factory.mktemp("campaign") / "city"
    make_demo(folder)
    return folder


@pytest.fixture
def served(whole, monkeypatch):
    monkeypatch.setenv(access.CITY_VARIABLE, str(whole))
    return access.reading()


def drawn(reading, language="zh", **query):
    """Payload of the page, as strict JSON carries it."""
    page = campaign.page(reading, from_query(query), Speaker(language))
    told = unfolded(sheet.payload(page))
    return json.loads(json.dumps(told, ensure_ascii=False, allow_nan=False))


def block(payload, name):
    return next(one for one in payload["blocks"] if one.get("id") == name)


def page_alone(language):
    from dashboard import access, state  # noqa: PLC0415 - runs as a script of its own
    from dashboard.text import Speaker  # noqa: PLC0415
    from dashboard.views import campaign  # noqa: PLC0415

    campaign.render(
        access.reading(), state.Screen(Speaker(language), {"url": "", "lang": language})
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_opens_on_every_city(folder, monkeypatch, lang):
    monkeypatch.setenv(access.CITY_VARIABLE, str(folder))
    tested = AppTest.from_function(page_alone, args=(lang,), default_timeout=60).run()
    assert not tested.exception
    payload = panels(tested)["sheet"]
    assert not [text for text in texts(payload) if NO_NUMBER.search(text)]
    for one in payload["blocks"]:
        content = [one.get(key) for key in ("cards", "sentences", "rows", "series")]
        assert any(content) or one["empty"], one


@pytest.mark.parametrize(
    "query",
    [
        {"street": "2横街"}, {"office": "c1"}, {"phase": "two"}, {"street": "无此街"},
        {"from": "2031-01-01"}, {"category": "stall", "hours": "out"}, {"near": "school.100"},
        {"o.action": "night", "o.trial": "one~two"}, {"o.action": "moon", "o.pair": "x~y"},
        {"o.by": "office"}, {"o.by": "class"}, {"status": "overdue"},
    ],
    ids=str,
)  # fmt: skip
def test_any_link_opens_on_every_city(folder, monkeypatch, query):
    monkeypatch.setenv(access.CITY_VARIABLE, str(folder))
    payload = drawn(access.reading(), "zh", **query)
    assert not [text for text in texts(payload) if NO_NUMBER.search(text)]


def test_it_opens_on_what_may_have_moved_and_says_where(served):
    payload = drawn(served)
    assert block(payload, "head")["sentences"][0]["text"].startswith("嘉南路明显下降，邻近的五福街")
    assert block(payload, "effect")["title"] == "成效与挪位：嘉南路占道清理"
    assert block(payload, "where")["rows"][0]["cells"][0] == "五福街"
    assert [line["name"] for line in block(payload, "course")["series"]][2] == "上升的邻街：五福街"


def test_the_table_says_what_the_library_says(served):
    say = Speaker("zh")
    rows = [row["cells"] for row in block(drawn(served), "actions")["rows"]]
    found = progress_of_all(served.source)
    assert [row[0]["text"] for row in rows] == [one.action.name for one in found]
    assert [row[5]["value"] for row in rows] == [one.open for one in found]
    assert [row[6]["value"] for row in rows] == [one.overdue for one in found]
    outcomes = [outcome_name(one.outcome, say) for one in effects(served.source)]
    assert [row[1]["text"] for row in rows] == outcomes


def test_a_row_opens_its_action(served):
    first = block(drawn(served), "actions")["rows"][0]
    assert first["patch"] == {"options": {"action": "strict_streets"}}
    payload = drawn(served, **{"o.action": "strict_streets"})
    assert block(payload, "effect")["title"] == "成效与挪位：严管街整治"
    assert {row["cells"][0] for row in block(payload, "by-street")["rows"]} >= {
        "陈寿路", "耀目路", "滨江南路",
    }  # fmt: skip


def test_the_action_of_the_filter_is_the_one_shown(served):
    query = {
        "category": "construction_waste",
        "street": "东桐路,汉安大道三段,环城东路一段,环城东路二段",
    }
    assert block(drawn(served, **query), "effect")["title"] == "成效与挪位：渣土运输整治"


def test_streets_of_ones_own_choice_are_shown_between_phases(served):
    payload = drawn(served, street="嘉南路", category="stall,out_of_shop")
    assert block(payload, "effect")["title"] == "成效与挪位：所选街路"
    assert block(payload, "effect")["sentences"][0]["text"].startswith("嘉南路明显下降")
    options = block(payload, "course")["tools"][0]["options"]
    assert "own" not in [one["value"] for one in options]


def test_the_days_compared_can_be_changed(served):
    own = block(drawn(served, **{"o.action": "posters"}), "effect")
    phases = block(drawn(served, **{"o.action": "posters", "o.trial": "mobilise~tackle"}), "effect")
    assert own["sentences"][0] != phases["sentences"][0]
    assert "没有基数" in phases["sentences"][0]["text"]


def test_numbers_have_their_formula_days_and_version(served):
    payload = drawn(served)
    cells = [cell for row in block(payload, "actions")["rows"] for cell in row["cells"][1:8]]
    proofs = [cell["proof"] for cell in cells] + [
        card["proof"] for card in block(payload, "cards")["cards"] if "proof" in card
    ]
    proofs += [one["proof"] for one in block(payload, "head")["sentences"]]
    for one in proofs:
        assert one["formula"]
        assert one["version"] == "数据版本 v0"
        assert one["period"]


def test_phases_can_be_read_without_what_patrols_found(served):
    every, others = (
        [row["proof"]["n"] for row in block(drawn(served, **query), "phases")["rows"]]
        for query in ({}, {"o.patrols": "without"})
    )
    patrols = {one.code for one in served.city.channels if one.patrol}
    rows = served.facts.frame.select("phase", "channel").cast(pl.String).rows()
    by_hand = [
        sum(of == phase and channel not in patrols for of, channel in rows)
        for phase in ("before", "mobilise", "tackle", "consolidate")
    ]
    assert others == [f"{n:,}" for n in by_hand] != every


def test_counts_of_reports_carry_no_verdict(served):
    payload = drawn(served)
    assert block(payload, "cards")["cards"][1]["change"]["verdict"] == "none"
    for name in ("phases", "groups"):
        assert {row["verdict"] for row in block(payload, name)["rows"]} == {"none"}


@pytest.mark.parametrize("query", [{}, {"o.action": "posters"}, {"o.by": "office"}], ids=str)
def test_english_has_no_chinese_but_names_of_streets(served, query):
    streets = set(served.facts.segments["street"].drop_nulls()) | {"演示区"}
    names = re.compile("|".join(sorted(map(re.escape, streets - {""}), key=len, reverse=True)))
    left = [names.sub("", text) for text in texts(drawn(served, "en", **query))]
    sources = {"Garwood", "Wheeler"}
    assert [text for text in left if CHINESE.search(text) and not sources & set(text.split())] == []
