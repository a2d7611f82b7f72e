"""The wall on every city: four screens or plain words, every number that of the findings."""

from __future__ import annotations

import gzip
import json
import re

import polars as pl
import pytest

from dashboard import access
from dashboard.downloads.wall import feed
from dashboard.text import Speaker
from dashboard.views import wall, wall_offices
from geodata.analysis.answers import Value
from geodata.findings.summing_up.overview import overview
from geodata.findings.summing_up.wall import RECENT_DAYS, stage_of
from geodata.findings.summing_up.wall import wall as find
from geodata.press.content import OfficeRow, Offices
from geodata.wording.numbers import bare, count
from tests.pages.payloads import texts
from tests.pages.test_pages import opened, page, panels

CHINESE = re.compile(r"[\u4e00-\u9fff]")
NO_NUMBER = re.compile(r"\bnan\b|\binf\b|\bNone\b")
BOOT = {"url": "/guatu/one", "basemap": "/guatu/basemap/1.json"}


@pytest.fixture(autouse=True)
def _served(folder, monkeypatch):
    monkeypatch.setenv(access.CITY_VARIABLE, str(folder))


def told(lang="zh"):
    """What the browser is sent, as strict JSON carries it."""
    answer = feed(lang, None, BOOT)
    return json.loads(gzip.decompress(answer.body))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_opens_bare_and_asks_for_the_rest_itself(root, lang):
    tested = page("wall", lang)
    assert not tested.exception
    assert set(panels(tested)) == {"wall"}
    assert panels(tested)["wall"]["feed"] == f"/guatu/wall?lang={lang}"
    assert not opened(root, lang=lang).exception


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_screen_says_something_and_no_number_is_none(lang):
    payload = told(lang)
    if not len(access.reading().facts):
        assert payload["screens"] == []
        assert payload["empty"]
        return
    codes = [one["code"] for one in payload["screens"]]
    assert codes == ["stage", "places", "rebound", "offices"]
    assert [one["code"] for one in payload["screens"] if not one["title"]] == []
    assert [text for text in texts(payload) if NO_NUMBER.search(text)] == []
    for one in payload["screens"]:
        for number in one.get("headlines", []):
            assert number["value"] != "—" or number["note"]
        if "list" in one:
            assert one["list"]["rows"] or one["list"]["empty"]


def test_the_words_around_the_names_are_english():
    payload = told("en")
    campaign = access.reading().city.campaign
    names = [one.name for one in campaign.phases] if campaign else []
    own = [one[key] for one in payload["screens"] for key in ("title", "span")]
    own += [line["label"] for one in payload["screens"] for line in one.get("headlines", [])]
    own += [text for one in payload["screens"] if "map" in one
            for text in texts(one["map"]["legend"])]  # fmt: skip
    for name in names:
        own = [text.replace(name, "") for text in own]
    assert [text for text in own if CHINESE.search(text)] == []


def test_the_first_screen_is_the_overview_of_the_phase():
    source, say = access.reading().source, Speaker("zh")
    if not len(source.facts):
        pytest.skip("no case")
    found = overview(source, stage_of(source), None, say)
    first = told()["screens"][0]
    for shown, code in zip(first["headlines"], ["on_time_rate", "overdue_stock"], strict=True):
        answer = found.headline(code).now
        if isinstance(answer, Value):
            assert shown["value"] == bare(say, answer.value, answer.unit)
        else:
            assert shown["value"] == "—"
    assert first["facts"][0]["value"] == count(say, found.headline("reported").now.value)
    assert bool(first["days"]) == (source.city.campaign is not None)


def test_what_came_back_is_told_alike_by_rate_map_and_streets():
    source = access.reading().source
    if not len(source.facts):
        pytest.skip("no case")
    found = find(source)
    headline, rate = found.recent.headline("rebound_rate").now, found.back.found.rate
    assert type(headline) is type(rate)
    if isinstance(rate, Value):
        assert (headline.numerator, headline.denominator) == (rate.numerator, rate.denominator)
    assert found.back.cells["cases"].sum() >= found.recent.came_back["cases"].sum()
    assert found.recent.compared.period.days == RECENT_DAYS
    mapped = told()["screens"][2]["map"]
    assert sum(mapped["value"]) == found.back.cells["cases"].sum()


def test_nothing_new_costs_nothing_and_another_software_is_noticed():
    first = feed("zh", None, BOOT)
    again = feed("zh", first.mark, BOOT)
    assert (again.mark, again.body) == (first.mark, None)
    assert feed("en", first.mark, BOOT).body is not None
    assert feed("zh", first.mark, BOOT | {"url": "/guatu/two"}).body is not None


def test_numbered_places_lie_in_the_cells_that_are_drawn():
    for one in told()["screens"]:
        drawn = one.get("map")
        if not drawn:
            continue
        assert len(drawn["cells"]) == len(drawn["value"]) == len(set(drawn["cells"]))
        assert drawn["breaks"] == sorted(drawn["breaks"])
        assert len(drawn["breaks"]) == 7
        numbers = [place["n"] for place in drawn.get("callouts", [])]
        assert numbers == list(range(1, len(numbers) + 1))


def row(n, *, muted=False):
    return OfficeRow(name=f"部门{n}", rank=str(n), possible=str(n), parts="1 / 2", text="50.0%",
                     overdue=n, muted=muted, shrunk=0.5, lower=0.4, upper=0.6, raw=0.5)  # fmt: skip


@pytest.mark.parametrize(("ranked", "shown", "gap"), [(12, 12, None), (13, 12, 1), (40, 12, 28)])
def test_at_most_twelve_offices_and_what_is_left_out_is_said(ranked, shown, gap):
    rows = (*(row(n) for n in range(1, ranked + 1)), row(99, muted=True))
    offices = Offices(title="", headings=(), rows=rows, note="", whole=0.5)
    chart = wall_offices._chart(offices, Speaker("zh"))  # noqa: SLF001 - drawn from its parts
    assert len(chart["rows"]) == shown
    assert chart["rows"][0]["rank"] == "1"
    assert chart["rows"][-1]["rank"] == str(ranked)
    assert "部门99" not in texts(chart)
    assert ("gap" in chart) == (gap is not None)
    if gap:
        assert str(gap) in chart["gap"]["text"]


def test_it_is_worked_out_once_per_version_and_language():
    reading, say = access.reading(), Speaker("zh")
    assert wall.told(reading, say) is wall.told(reading, say)


def test_offices_with_too_few_cases_are_named_and_nobody_is_not():
    source = access.reading().source
    if not len(source.facts):
        pytest.skip("no case")
    table = getattr(find(source).recent.offices, "table", pl.DataFrame({"undecided": []}))
    few = table.filter(pl.col("undecided").cast(pl.String) == "too_few_cases")
    note = told()["screens"][3].get("note", "")
    assert bool(note) == bool(len(few))
    assert "未指派" not in note
