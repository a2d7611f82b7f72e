"""The list of hot places, and why the picked one stands out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from dashboard import proof, state
from dashboard.access import Reading
from dashboard.components import sheet
from dashboard.filters import View
from dashboard.text import Speaker
from dashboard.views.hotspot_why import clue_proof, why
from geodata.analysis.answers import Scope
from geodata.findings.gathering.emerging import EmergingFinding, changed_places, find_emerging
from geodata.findings.gathering.explain import Place, explain, explain_weeks
from geodata.findings.gathering.hotspot_words import (
    about_test,
    about_weeks,
    badge_name,
    bin_name,
    class_stamp,
    class_words,
    place_name,
)
from geodata.findings.gathering.hotspots import HotSpotFinding
from geodata.wording import numbers
from geodata.wording.reasons import say_reason

LISTED: Final = 10
SHOWN_FIRST: Final = 6
"""Rows of the list before "all", so that the reasons are in sight below it."""

Row = Mapping[str, Any]
Tools = Sequence[sheet.Control]


def page_of_test(
    reading: Reading,
    view: View,
    screen: state.Screen,
    found: HotSpotFinding,
    *,
    chosen: int | None,
    tools: Tools,
    resolution: sheet.Control,
) -> sheet.Page:
    """Places of a test, why the chosen one is among them, and how it was tested."""
    say = screen.say
    scope = reading.source.scope(found.selection, say)
    blocks = [_places(reading, found, scope, say)]
    at = None if chosen is None else found.ground.position(chosen)
    place = None if at is None else explain(reading.source, found, at)
    weekly = find_emerging(reading.source, found.selection, resolution=found.ground.resolution)
    blocks += why(reading, view, screen, place, weekly)
    notes = [*about_test(found, say), _moran(found, say)]
    blocks.append(_method(say("hotspots.method"), notes, resolution))
    return _page(say, tools, blocks)


def page_of_weeks(
    reading: Reading,
    view: View,
    screen: state.Screen,
    found: EmergingFinding,
    *,
    chosen: int | None,
    tools: Tools,
    resolution: sheet.Control,
) -> sheet.Page:
    """Places by class over the weeks, why the chosen one is hot, and how it was classed."""
    say = screen.say
    scope = reading.source.scope(found.selection, say)
    blocks = [_weekly_places(reading, found, scope, say)]
    at = None if chosen is None else found.ground.position(chosen)
    place = None if at is None else explain_weeks(reading.source, found, at)
    blocks += why(reading, view, screen, place, found)
    blocks.append(_method(say("hotspots.method_weeks"), about_weeks(found, say), resolution))
    return _page(say, tools, blocks)


def _page(say: Speaker, tools: Tools, blocks: Sequence[sheet.Block]) -> sheet.Page:
    return sheet.Page(
        title=say("hotspots.title"), lead=say("hotspots.lead"), tools=tools, blocks=blocks
    )


def _method(title: str, lines: Sequence[str], resolution: sheet.Control) -> sheet.Block:
    told = "\n".join(filter(None, lines))
    return sheet.sentences([], title=title, tools=[resolution], note=told, id="method")


def _moran(found: HotSpotFinding, say: Speaker) -> str:
    if found.moran.undecided is not None:
        return ""
    counted = dict(found.moran.cells["cluster"].cast(pl.String).value_counts().iter_rows())
    names = {"high": "high_high", "low": "low_low", "alone": "high_low"}
    values = {name: say.number(counted.get(code, 0)) for name, code in names.items()}
    return say("hotspots.moran", **values)


# --- the list ---------------------------------------------------------------------------------


def _places(reading: Reading, found: HotSpotFinding, scope: Scope, say: Speaker) -> sheet.Block:
    rows = [
        _place_row(explain(reading.source, found, row["at"]), row["rank"], scope, say)
        for row in found.places.head(LISTED).to_dicts()
    ]
    reason = found.spots.undecided
    none = say("hot.about.none") if reason is None else say_reason(reason, say)
    return sheet.table(
        [
            sheet.column(say("hotspots.place")),
            sheet.column(say("hotspots.kind"), "stamp"),
            sheet.column(say("hotspots.cases"), "number"),
            sheet.column(say("hotspots.ratio"), "number"),
            sheet.column(say("hotspots.firm")),
        ],
        rows,
        first=SHOWN_FIRST,
        title=_list_title(len(rows), len(found.places), say) if rows else "",
        id="places",
        empty="" if rows else none,
    )


def _list_title(shown: int, every: int, say: Speaker) -> str:
    if shown < every:
        return say("hotspots.places", n=shown, all=say.number(every))
    return say("hotspots.places_few", all=every)


def _place_row(place: Place, rank: int, scope: Scope, say: Speaker) -> sheet.Part:
    row = place.numbers
    more = place.clues[0]
    ratio = numbers.ratio(say, more.values["ratio"])
    cases = numbers.count(say, row["near_cases"])
    return sheet.row(
        [
            _named(rank, place.streets, say),
            stamped(place, say, scope),
            sheet.cell(cases, value=row["near_cases"],
                       proof=proof.of(say, formula="near_cases", value=cases, scope=scope)),
            sheet.cell(ratio, value=more.values["ratio"],
                       proof=clue_proof(more, scope, say)),
            sheet.cell(badge_name(row["badge"], say), value=row["found_again"],
                       proof=proof.of(say, formula="stability",
                                      value=numbers.rate(say, row["found_again"]), scope=scope)),
        ],
        patch=pick(place.cell),
    )  # fmt: skip


def _named(rank: int, streets: Sequence[str], say: Speaker) -> sheet.Part:
    """Number on the map, and the streets alone: the list is short of room."""
    name = say.listed(list(streets)) if streets else place_name(streets, say)
    return sheet.cell(f"{rank}. {name}", value=rank)


def pick(cell: int) -> dict[str, Any]:
    """Patch that picks a cell, as a click on the map does."""
    return {"cell": f"{cell:x}"}


def stamped(place: Place, say: Speaker, scope: Scope) -> sheet.Part:
    """Class over the weeks as a stamp; how sure the test is, where there is no class."""
    code = place.emerging_class
    if code is not None and class_stamp(code, say):
        return class_cell(code, say)
    value = int(place.numbers["bin"])
    name = bin_name(value, say)
    if not value:
        return sheet.cell(name)
    per_cent = {1: "90", 2: "95", 3: "99"}[abs(value)]
    side = "hot" if value > 0 else "cold"
    z = numbers.decimal(say, place.numbers["z"], 2)
    told = proof.of(say, formula="gi_star", value=z, scope=scope, note=name)
    return sheet.stamp(per_cent, f"sure_{per_cent}_{side}", f"{per_cent}%", proof=told)


def class_cell(code: str, say: Speaker) -> sheet.Part:
    """Return the stamp of a class with the name of its kind; that it is hot, the list says."""
    kind = code.removesuffix("_hot")
    name = say(f"hot.kind.{kind}") if kind != code else class_words(code, say)
    return sheet.stamp(class_stamp(code, say), code, name)


def listed_weeks(reading: Reading, found: EmergingFinding) -> pl.DataFrame:
    """Hot places by class, as many as are listed and numbered on the map."""
    key = ("listed weeks", found.selection, found.ground.resolution, found.ground.silent)
    kept: pl.DataFrame = reading.source.remember(
        key, lambda: changed_places(reading.source, found).head(LISTED)
    )
    return kept


def _weekly_places(
    reading: Reading, found: EmergingFinding, scope: Scope, say: Speaker
) -> sheet.Block:
    listed = listed_weeks(reading, found)
    rows = [
        _week_row(row, rank, found, scope, say)
        for rank, row in enumerate(listed.to_dicts(), start=1)
    ]
    reason = found.classes.undecided
    none = say("hot.weeks.none") if reason is None else say_reason(reason, say)
    return sheet.table(
        [
            sheet.column(say("hotspots.place")),
            sheet.column(say("hotspots.kind"), "stamp"),
            sheet.column(say("hotspots.weeks"), "number"),
            sheet.column(say("hotspots.z"), "number"),
        ],
        rows,
        first=SHOWN_FIRST,
        title=say("hotspots.weeks_title", weeks=len(found.weeks)),
        id="places",
        empty="" if rows else none,
    )


def _week_row(
    row: Row, rank: int, found: EmergingFinding, scope: Scope, say: Speaker
) -> sheet.Part:
    z = numbers.decimal(say, row["last_z"])
    weeks = numbers.fraction(say, row["hot_steps"], len(found.weeks))
    return sheet.row(
        [
            _named(rank, row["streets"], say),
            class_cell(row["class"], say),
            sheet.cell(weeks, value=row["hot_steps"],
                       proof=proof.of(say, formula="emerging", value=weeks, scope=scope)),
            sheet.cell(z, value=row["last_z"],
                       proof=proof.of(say, formula="gi_star", value=z, scope=scope)),
        ],
        patch=pick(row["cell"]),
    )  # fmt: skip
