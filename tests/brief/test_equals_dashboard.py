"""One number, one way: what a pack prints is what the dashboard's pages show, number by number.

Each page is asked the way it is opened: a link is read into a view, and the page's own functions
lay out its payload. Nothing is compared with the overview the pack itself is made from, but where
the page *is* the overview.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from dashboard import access
from dashboard.components import hotspot_map, sheet
from dashboard.filters import from_query
from dashboard.text import Speaker
from dashboard.views import campaign_actions, offices, overview, rebound_where
from dashboard.views.hotspots import resolution_of
from dashboard.views.rebound_choices import asking_of
from geodata.analysis.answers import Value
from geodata.analysis.reasons import Reason
from geodata.brief.build import overview_of
from geodata.brief.compose import content_of
from geodata.brief.manifest import Request
from geodata.brief.phrases import Phrases
from geodata.findings.effects.actions import actions_of, progress
from geodata.findings.gathering.hotspot_words import about_test
from geodata.findings.gathering.hotspots import find_hot_spots
from geodata.founding import LayerFiles, new_city
from geodata.pipeline import ingest
from geodata.spatial.cells import parent_of
from geodata.wording import Words
from geodata.wording.numbers import count
from tests.pages.payloads import unfolded
from tests.pages.test_pages import page, panels

SAY = Speaker("zh")
LEVELS = (8, 9, 10)


class Beside:
    """A pack's content, and the same days asked of every page."""

    def __init__(self, reading, period, **filters):
        self.reading, self.source, self.period = reading, reading.source, period
        offices_meant = tuple(filters.get("office", "").split(",")) if filters else ()
        request = Request(period=period, offices=offices_meant)
        self.found = overview_of(self.source, request, Words("zh"))
        self.content = content_of(self.found, Words("zh"))
        self.filters = filters

    @property
    def figures(self):
        return {one.code: one for one in self.content.figures}

    def link(self, first=None, last=None, **more):
        now = self.found.compared.now
        days = {"from": str(first or now.from_on), "until": str(last or now.until_on)}
        return {**days, **self.filters, **more}

    def view(self, *days, **more):
        return from_query(self.link(*days, **more))

    def offices_page(self, *days):
        told = unfolded(sheet.payload(offices.page(self.source, self.view(*days), SAY)))
        return {block["id"]: block for block in told["blocks"]}

    def ranked_days(self):
        scope = self.found.standings.scope
        return scope.from_at.date(), (scope.until_at - timedelta(days=1)).date()


def boston(shared, folder):
    """Every fourth report of the real city: enough to rank and test, quick to take in."""
    files = shared / "data" / "boston"
    layers = LayerFiles(streets=[files / "streets_boston.geojson"])
    city = new_city(folder / "city", layers, profile="boston311").city
    with zipfile.ZipFile(files / "311_service_requests_2011.zip") as archive:
        text = archive.read("311_service_requests_2011.csv").decode("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(text))
    some = folder / "some.csv"
    with some.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([heading, *rows[::4]])
    ingest(city, some, now=datetime(2026, 11, 21, tzinfo=UTC))
    return city


ASKED = [
    *(("made_up", period) for period in ("2026-W46", "2026-W47", "phase:tackle", "2026-11")),
    *(("boston", period) for period in ("2011-W40", "2011-08")),
]


@pytest.fixture(scope="module")
def reading_of(request, tmp_path_factory):
    """The dashboard's reading of a city, each read once."""
    kept = {}

    def read(city):
        if city not in kept:
            if city == "boston":
                shared = request.getfixturevalue("shared")
                served = boston(shared, tmp_path_factory.mktemp("boston")).folder
            else:
                served = request.getfixturevalue("small_city").folder
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv(access.CITY_VARIABLE, str(served))
                kept[city] = access.reading()
        return kept[city]

    return read


@pytest.fixture
def reading(reading_of):
    """The made-up city."""
    return reading_of("made_up")


@pytest.fixture(scope="module", params=ASKED, ids="-".join)
def beside(request, reading_of):
    """Pack and pages of one city's period after another."""
    city, period = request.param
    return Beside(reading_of(city), period)


def digits(text):
    """What numbers a text holds, however it is set."""
    return [float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*\.?\d*", text)]


def same(name, told, shown):
    assert told == shown, f"{name}: the pack says {told!r}, the page {shown!r}"


def test_every_headline_is_the_overviews(beside):
    view = from_query({"o.period": beside.period})
    words = Phrases(overview_of_page(beside, view), SAY)
    cards = unfolded(sheet.payload(overview.head(words, SAY)))["blocks"][0]["cards"]
    for figure, card in zip(beside.content.figures, cards, strict=True):
        same(figure.code, (figure.value, figure.unit, figure.note),
             (card["value"], card.get("unit", ""), card.get("note", "")))  # fmt: skip


def overview_of_page(beside, view):
    period = overview.overview_period.chosen(beside.source, view)
    return overview.overview(beside.source, period, view.selection, SAY)


def test_reported_is_the_total_of_the_map(beside, monkeypatch):
    monkeypatch.setenv(access.CITY_VARIABLE, str(beside.reading.city.folder))
    tested = page("map", **beside.link())
    assert not tested.exception
    drawn = panels(tested)
    assert drawn["totals"]["agrees"] is True
    same("reported", digits(beside.figures["reported"].value), [drawn["case_map"]["facts"]["n"]])


def test_a_phase_is_the_same_by_its_name_and_by_its_days(beside):
    kind, _, code = beside.period.partition(":")
    if kind != "phase":
        pytest.skip("the period is no phase")
    by_name = access.keep(beside.reading, from_query({"phase": code}).selection)
    same("phase", int(access.keep(beside.reading, beside.view().selection).sum()),
         int(by_name.sum()))  # fmt: skip


def test_rate_and_stock_are_those_of_the_offices_page(beside):
    cards = {one["label"]: one for one in beside.offices_page()["cards"]["cards"]}
    on_time, overdue = beside.figures["on_time_rate"], beside.figures["overdue_stock"]
    same("on_time_rate", on_time.value, cards["按期结案率"]["value"])
    if on_time.value != "—":
        same("on_time_rate n", digits(on_time.note), digits(cards["按期结案率"]["note"]))
    same("overdue_stock", overdue.value, cards["超期未结"]["value"])
    same("open", digits(overdue.note), digits(cards["在办"]["value"]))
    due_soon = next(one for label, one in cards.items() if "到期" in label)
    same("due_soon", count(SAY, len(beside.found.late.due_soon)), due_soon["value"])


def test_every_office_row_is_that_of_the_ranking(beside):
    blocks = beside.offices_page(*beside.ranked_days())
    shown = blocks["ranking/office/on_time_rate"].get("rows", [])
    told = beside.content.offices.rows
    same("offices, in order", [row.name for row in told], [row["label"] for row in shown])
    for row, bar in zip(told, shown, strict=True):
        same(f"rank of {row.name}", row.rank, bar["rank"])
        same(f"cases of {row.name}", digits(row.parts), digits(bar["n"]))
        same(f"below the whole: {row.name}", row.below, bar["verdict"] == "worse")
        if not row.muted:
            same(f"rate of {row.name}", row.text, bar["text"])
            ends = tuple(bar[one] for one in ("point", "lower", "upper", "raw"))
            same(f"interval of {row.name}", (row.shrunk, row.lower, row.upper, row.raw), ends)
            assert row.possible in bar["note"], f"possible ranks of {row.name}"
    late = {bar["label"]: digits(bar["text"]) for bar in blocks["lateness/office"].get("rows", [])}
    for row in told:
        same(f"overdue of {row.name}", row.overdue, late.get(row.name, [0])[0])


def test_open_and_overdue_of_every_office_are_those_of_the_page(beside):
    bars = beside.offices_page()["lateness/office"].get("rows", [])
    told = {row[0].text: [row[2].value, row[1].value]
            for row in beside.content.table("late_offices").rows}  # fmt: skip
    same("late offices", told, {bar["label"]: digits(bar["text"]) for bar in bars})


def test_the_longest_overdue_are_those_of_the_page(beside):
    shown = beside.offices_page()["longest"].get("rows", [])
    told = [(row[0].text, row[-1].text) for row in beside.content.table("oldest").rows]
    found = [(row["cells"][0], row["cells"][-1]["text"]) for row in shown]
    same("days overdue", sorted(days for _, days in told), sorted(days for _, days in found))
    assert len({case for case, _ in told} ^ {case for case, _ in found}) <= ties(told)


def ties(rows):
    """Cases as long overdue as the last of the list: which of these are listed may differ."""
    return 2 * sum(days == rows[-1][1] for _, days in rows) if rows else 0


def test_every_top_street_has_as_many_cases_on_the_map(beside):
    counted = access.segments(beside.reading, beside.view().selection)[:-1]
    segments = beside.reading.facts.segments.select("street", cases=pl.Series(counted))
    by_street = segments.group_by("street").sum()
    on_map = dict(by_street.drop_nulls("street").iter_rows())
    rows = beside.content.table("streets").rows
    assert rows
    for row in rows:
        same(f"cases on {row[1].text}", row[2].value, on_map[row[1].text])
    most = sorted(on_map.values(), reverse=True)[: len(rows)]
    same("fullest streets", [row[2].value for row in rows], most)


def test_every_cell_has_as_many_cases_on_the_map(beside):
    """The map's finest cells added up, default geocodes left out by its own filter."""
    fine = access.cells(beside.reading, beside.view(piles="out").selection)
    drawn = beside.content.map
    held = pl.DataFrame({"cell": parent_of(fine["cell"].to_numpy(), drawn.resolution),
                         "cases": fine["cases"]})  # fmt: skip
    on_map = dict(held.group_by("cell").sum().filter(pl.col("cases") > 0).iter_rows())
    same("cells", dict(zip(drawn.cells, drawn.cases, strict=True)), on_map)
    for one in drawn.callouts:
        same(f"cell {one.cell:x} on {one.name}", one.cases, on_map[one.cell])


def test_hot_spots_are_those_of_their_page(beside):
    resolution = beside.content.map.resolution
    assert resolution in LEVELS
    view = beside.view(**{"o.hot_res": str(resolution)})
    found = find_hot_spots(beside.source, view.selection, resolution=resolution_of(view))
    drawn, figure = hotspot_map.sure_map(found, SAY), beside.figures["hot_cells"]
    if figure.value == "—":
        assert found.spots.undecided is not None
        return
    same("hot cells", digits(figure.value), [float(found.hot)])
    same("cells tested", digits(figure.note)[-1], float(found.spots.n))
    assert f"热点单元 {found.hot} 个" in about_test(found, SAY)[0]
    outlined = drawn.ground.cells[found.spots.cells["spot"].to_numpy() > 0]
    same("which are hot", list(beside.content.map.hot), np.sort(outlined).tolist())
    shown = drawn.ground.cells[np.isin(drawn.value, (1, 2, 3))]
    assert set(outlined.tolist()) <= set(shown.tolist()), "a hot cell is not drawn so on the page"
    counts = dict(zip(found.ground.cells.tolist(), found.placed.kept.tolist(), strict=True))
    for one in beside.content.map.callouts:
        if one.cell in counts:
            same(f"cases tested in {one.cell:x}", float(one.cases), counts[one.cell])


def test_the_rebound_rate_is_that_of_its_page(beside):
    """The headline is of close-outs whose window ended in the period; the page asks for those."""
    back = timedelta(days=beside.found.rule.within_days)
    now = beside.found.compared.now
    asking = asking_of(beside.reading, beside.view(now.from_on - back, now.until_on - back))
    card = rebound_where.cards(asking, SAY)["cards"][0]
    figure, answer = beside.figures["rebound_rate"], beside.found.headline("rebound_rate").now
    same("rebound_rate", figure.value, card["value"])
    if isinstance(answer, Value):
        parts = [card["proof"][one]["value"] for one in ("numerator", "denominator")]
        same("rebounds and close-outs", digits(figure.note)[1:], [digits(one)[0] for one in parts])


def test_every_action_stands_where_the_library_says(beside):
    """As of the end of the period; the page on actions shows the end of the data."""
    end = beside.found.compared.scope.end_at
    rows = {row[0].text: row for row in beside.content.targets.rows}
    assert len(rows) == len(actions_of(beside.source))
    for action in actions_of(beside.source):
        row, found = rows[SAY.name(action)], progress(beside.source, action, as_of=end)
        if row[2].value is not None:
            told = (row[2].value, row[3].value, row[5].value, row[6].value)
            same(action.code, told, (found.ledger, found.struck_off, found.open, found.overdue))


def test_every_action_of_the_latest_period_is_that_of_its_page(beside):
    if beside.found.compared.scope.end_at != beside.source.facts.as_of:
        pytest.skip("the period ends before the data")
    shown = {}
    for action in actions_of(beside.source):
        found = progress(beside.source, action)
        struck, waiting, overdue = campaign_actions._state_cells(  # noqa: SLF001 - cells of a row
            found.struck_off, found.ledger, found.overdue, found.rate.scope, SAY
        )
        shown[SAY.name(action)] = [digits(one["text"]) for one in (struck, waiting, overdue)]
    for row in beside.content.targets.rows:
        if row[2].value is not None:
            told = [[row[3].value, row[2].value], [row[5].value], [row[6].value]]
            same(row[0].text, told, shown[row[0].text])


def test_a_pack_of_one_office_ranks_it_among_all(reading):
    every = Beside(reading, "phase:tackle")
    one = Beside(reading, "phase:tackle", office="sanitation")
    name = SAY.name(next(node for node in reading.city.offices if node.code == "sanitation"))
    (mine,) = one.content.offices.rows
    (among,) = (row for row in every.content.offices.rows if row.name == name)
    assert mine.rank != "—"
    same("one office", mine, among)
    bars = one.offices_page()["ranking/office/on_time_rate"]["rows"]
    same("rank on the page", mine.rank, next(bar for bar in bars if bar["label"] == name)["rank"])


def test_too_few_cases_are_words_in_both(reading):
    """A day: no office has enough to be ranked in it, so the days ranked on are stated."""
    beside = Beside(reading, "2026-10-12")
    first, last = beside.ranked_days()
    assert (last - first).days == 27
    assert f"{SAY.day(first)}" in beside.content.offices.title
    few = beside.offices_page()["ranking/office/on_time_rate"]
    assert few.get("empty") or {bar["rank"] for bar in few["rows"]} == {"—"}
    assert beside.content.offices.rows
    for row in beside.content.offices.rows:
        assert (row.text == "不排名") == row.muted


def test_a_period_after_the_data_is_refused_by_both(reading):
    beside = Beside(reading, "2031-W01")
    shown = beside.offices_page()["ranking/office/on_time_rate"]
    same("offices", beside.content.offices.empty, shown["empty"])
    assert beside.found.standings.ranking.reason is Reason.NOT_YET
    same("reported", beside.figures["reported"].value, "—")
