"""The landing page on every city: five numbers, the map, sentences and lists, in both languages."""

from __future__ import annotations

import json
import re

import pytest

from dashboard import access
from dashboard.components import sheet
from dashboard.filters import from_query
from dashboard.text import Speaker
from dashboard.views import overview, overview_period
from geodata.analysis.answers import Value
from geodata.brief.figures import UNITS
from geodata.brief.phrases import Phrases
from geodata.findings.summing_up.overview import overview as find
from geodata.wording.numbers import bare
from tests.pages.payloads import texts, unfolded
from tests.pages.test_pages import opened, page, panels, protos

CHINESE = re.compile(r"[\u4e00-\u9fff]")
NO_NUMBER = re.compile(r"\bnan\b|\binf\b|\bNone\b")
PERIODS = ["2026-W39", "2026-09", "2026-Q3", "2026-09-22", "phase:one", "2031-W01", "1999-01",
           "nonsense", "2026-99", "9999-W52", "0001-01"]  # fmt: skip


@pytest.fixture(autouse=True)
def _served(folder, monkeypatch):
    monkeypatch.setenv(access.CITY_VARIABLE, str(folder))


def told(lang, **query):
    """Head, body and places of the page, as strict JSON carries them."""
    source, view, say = access.reading().source, from_query(query), Speaker(lang)
    period = overview_period.chosen(source, view)
    words = Phrases(find(source, period, view.selection, say), say)
    parts = (overview.head(words, say), overview.body(words, view, say),
             overview.beside(words, view, say))  # fmt: skip
    drawn = [unfolded(sheet.payload(one)) for one in parts]
    return words, json.loads(json.dumps(drawn, allow_nan=False, ensure_ascii=False))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_opens_and_is_where_one_lands(root, lang):
    tested = page("overview", lang)
    assert not tested.exception
    assert set(panels(tested)) == {"sheet", "case_map"}
    landed = panels(opened(root, lang=lang))
    assert landed["sheet"]["name"].startswith("overview")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("period", PERIODS)
def test_a_line_beside_a_number_tells_each_of_its_points(lang, period):
    words, (head, _, _) = told(lang, **{"o.period": period})
    lines = {
        line.code: card["spark"]
        for line, card in zip(words.found.headlines, head["blocks"][0]["cards"], strict=True)
        if "spark" in card
    }
    for code, line in lines.items():
        known = [value for value in line["values"] if value is not None]
        assert 4 <= len(known) <= len(line["values"]) == len(line["texts"]) <= 12
        low, high = line["domain"]
        assert low <= min(known) <= max(known) <= high
        assert low < high or not any(known)
        now = bare(words.say, line["values"][-1], UNITS[code]) if known[-1:] else ""
        assert (
            line["values"][-1] is None
            or now in line["texts"][-1]
            or "a day" in line["label"]
            or "日均" in line["label"]
        )
        assert not NO_NUMBER.search(line["label"])
        assert lang == "zh" or not CHINESE.search(line["label"] + "".join(line["texts"]))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("period", PERIODS)
def test_any_period_gives_numbers_or_reasons(lang, period):
    words, (head, body, _) = told(lang, **{"o.period": period})
    cards = head["blocks"][0]["cards"]
    assert len(cards) == 5
    for card, line in zip(cards, words.found.headlines, strict=True):
        if isinstance(line.now, Value):
            assert card["value"] == bare(words.say, line.now.value, line.now.unit)
        else:
            assert card["value"] == "—"
            assert card["note"]
        assert {"title", "formula", "source"} <= set(card["proof"])
    assert body["blocks"][0]["sentences"]
    assert [text for text in texts([head, body]) if NO_NUMBER.search(text)] == []


def test_every_list_has_rows_or_says_why_not():
    _, (_, body, beside) = told("zh")
    lists = next(one for one in body["blocks"] if one["id"] == "lists")["lists"]
    places = next(one for one in beside["blocks"] if one["id"] == "places")["lists"]
    assert len(lists) == 5
    assert all(one["rows"] or one["empty"] for one in [*lists, *places])


def test_a_filter_is_named_and_can_be_let_go():
    _, (head, _, _) = told("zh", channel="patrol")
    assert "巡查" in head["badge"] or "patrol" in head["badge"]
    assert {"reset": True} in [tool.get("patch") for tool in head["tools"]]


def test_the_words_around_the_names_are_english():
    _, (head, body, beside) = told("en")
    own = [head["title"], *(card["label"] for card in head["blocks"][0]["cards"])]
    own += [one["title"] for block in body["blocks"] for one in block.get("lists", [])]
    own += [beside["blocks"][0]["label"]]
    assert [text for text in own if CHINESE.search(text)] == []


def test_steps_lead_to_the_neighbours_and_back():
    source, say = access.reading().source, Speaker("zh")
    if not len(source.facts):
        pytest.skip("no case: there is no neighbour")
    latest = overview_period.chosen(source, from_query({}))
    patches = [one["patch"] for one in overview_period.tools(source, latest, say) if "patch" in one]
    for patch in patches:
        before = overview_period.chosen(
            source, from_query({"o.period": patch["options"]["period"]})
        )
        assert before.until_on < latest.from_on
        back = overview_period.tools(source, before, say)
        assert {"options": {"period": latest.code}} in [one.get("patch") for one in back]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "period", ["nonsense", "2026-99", "phase:nowhere", "9999-W52", "0001-01-01..9999-12-31"]
)
def test_a_link_to_no_period_is_said_to_be_one(lang, period):
    latest = overview_period.chosen(access.reading().source, from_query({}))
    drawn = [
        payload
        for one in protos(page("overview", lang, **{"o.period": period})._tree)  # noqa: SLF001
        if (payload := json.loads(one.mixed.json or one.json)["payload"]).get("name")
        == "overview-head"
    ]
    (head,) = drawn
    (notice,) = [one for one in head["blocks"] if one.get("id") == "notice"]
    (said,) = notice["sentences"]
    assert period in said["text"]
    assert lang == "zh" or not CHINESE.search(said["text"])
    assert lang == "en" or "最近一周" in said["text"]
    words, _ = told(lang, **{"o.period": period})
    assert words.both.period == latest


@pytest.mark.parametrize("query", [{}, {"o.period": "2026-W39"}, {"o.period": "2031-W01"}])
def test_a_link_to_a_period_is_not_corrected(query):
    source, say = access.reading().source, Speaker("zh")
    assert overview_period.mistaken(source, from_query(query), say) == ""
