"""Two phases compared: side by side on one scale, or their difference and what is sure of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import proof, state
from dashboard.access import Reading
from dashboard.components import hotspot_map, sheet
from dashboard.filters import View
from dashboard.text import Speaker
from dashboard.views.hotspot_places import pick
from geodata.analysis.answers import Withheld
from geodata.analysis.difference_map import DifferenceMap
from geodata.domain.campaign import AFTER, BEFORE
from geodata.findings.gathering.cases_here import rows_in, streets_of
from geodata.findings.gathering.hotspot_words import place_name
from geodata.findings.gathering.phase_maps import PhaseMaps, Side, compare_phases
from geodata.findings.gathering.study import RESOLUTIONS
from geodata.wording import numbers
from geodata.wording.reasons import say_reason
from geodata.wording.selection import describe_period, phase_name

HOW: Final = ("side", "difference")
Tools = Sequence[sheet.Control]
Sides = Sequence[DeltaGenerator]
"""Left and right part of the page."""


def draw(reading: Reading, view: View, screen: state.Screen, sides: Sides, tools: Tools) -> None:
    """Draw both phases, or why they cannot be compared."""
    say = screen.say
    codes = phases_of(reading)
    if not codes:
        _sheet(screen, tools, [_words(say("hotspots.no_campaign"))])
        return
    first, second = chosen_phases(view, codes)
    if first == second:
        pairs = (("hot_a", first), ("hot_b", second))
        chosen = [_side(reading, say, codes, pair) for pair in pairs]
        _sheet(screen, tools, [*chosen, _words(say("hotspots.same_phase"))])
        return
    asked = view.option("hot_res", ("auto", *map(str, RESOLUTIONS)))
    resolution = None if asked == "auto" else int(asked)
    maps = compare_phases(reading.source, view.selection, first, second, resolution=resolution)
    with sides[0]:
        _maps(reading, view, screen, maps)
    with sides[1]:
        _sheet(screen, [*tools, _how(view, say)], _blocks(reading, maps, codes, say))


def _sheet(screen: state.Screen, tools: Tools, blocks: Sequence[sheet.Block]) -> None:
    say = screen.say
    title, lead = say("hotspots.title"), say("hotspots.lead")
    page = sheet.Page(title=title, lead=lead, tools=tools, blocks=blocks)
    sheet.show(screen, page, key="hotspots_sheet")


def _words(words: str) -> sheet.Block:
    return sheet.sentences([], empty=words, id="compare")


def phases_of(reading: Reading) -> list[str]:
    """Phase values one can choose: before, the phases, after; those that have begun."""
    campaign, facts = reading.city.campaign, reading.facts
    if campaign is None or not len(facts):
        return []
    begun = [one.code for one in campaign.phases if one.from_on <= facts.last_day]
    before = [BEFORE] if facts.first_day < campaign.from_on else []
    after = [AFTER] if facts.last_day > campaign.until_on else []
    return [*before, *begun, *after]


def chosen_phases(view: View, codes: Sequence[str]) -> tuple[str, str]:
    """Return the two phases to compare: as chosen, else the last phase and the one before it."""
    default = codes[-2:] if len(codes) > 1 else [codes[0], codes[0]]
    first = view.option("hot_a", (default[0], *codes))
    return first, view.option("hot_b", (default[1], *codes))


def _how(view: View, say: Speaker) -> sheet.Control:
    how = [sheet.option(one, say(f"hotspots.how_{one}")) for one in HOW]
    return sheet.choice("hot_how", say("hotspots.how"), view.option("hot_how", HOW), how)


def _side(
    reading: Reading, say: Speaker, codes: Sequence[str], chosen: tuple[str, str], told: str = ""
) -> sheet.Block:
    """Choose one phase (option and code); below it what is known of it."""
    side, code = chosen
    named = [sheet.option(one, phase_name(reading.city, one, say)) for one in codes]
    title = say(f"hotspots.side_{side}")
    choice = sheet.choice(side, title, code, named)
    return sheet.sentences([], title=title, tools=[choice], note=told, id=side)


def _maps(reading: Reading, view: View, screen: state.Screen, maps: PhaseMaps) -> None:
    say, picked = screen.say, hotspot_map.picked_cell(view, maps.ground)
    if view.option("hot_how", HOW) == "difference":
        codes = (maps.first.selection.phases or frozenset()) | (
            maps.second.selection.phases or frozenset()
        )
        both = replace(maps.first.selection, phases=codes)
        drawn = hotspot_map.difference_map(maps, both, say)
        hotspot_map.show(reading, view, screen, drawn, key="hotspots_map", selected=picked)
        return
    for column, side in zip(st.columns(2), (maps.first, maps.second), strict=True):
        with column:
            name = phase_name(reading.city, side.code, say)
            drawn = hotspot_map.phase_map(maps, side, name, say)
            key = "hotspots_first" if side is maps.first else "hotspots_second"
            hotspot_map.show(reading, view, screen, drawn, key=key, selected=picked, alone=False)


def _blocks(
    reading: Reading, maps: PhaseMaps, codes: Sequence[str], say: Speaker
) -> list[sheet.Block]:
    sides = [
        _side(reading, say, codes, (key, one.code), told=_days(reading, one, say))
        for key, one in (("hot_a", maps.first), ("hot_b", maps.second))
    ]
    notes = "\n".join(_notes(maps, say))
    method = sheet.sentences([], title=say("hotspots.method"), note=notes, id="notes")
    return [*sides, _changed(reading, maps, say), method]


def _days(reading: Reading, side: Side, say: Speaker) -> str:
    period = describe_period(reading.city, reading.facts, side.selection, say)
    cases = say.number(float(side.cases.sum()))
    return say("hotspots.days", days=len(side.days), cases=cases, period=period)


def _changed(reading: Reading, maps: PhaseMaps, say: Speaker) -> sheet.Block:
    """Cells that surely changed, largest change first; words where there is none."""
    found = maps.difference
    if isinstance(found, Withheld):
        return sheet.table([], [], id="changed", empty=say_reason(found.reason, say))
    table = maps.cells.filter(pl.col("finding") != 0)
    table = table.sort(pl.col("change").abs(), descending=True)
    tests = say.number(found.tested)
    more, fewer = ((table["finding"] == sign).sum() for sign in (1, -1))
    return sheet.table(
        [
            sheet.column(say("hotspots.place")),
            *(
                sheet.column(
                    say(f"hotspots.{name}_week"),
                    "number",
                    proof=proof.shared(
                        say,
                        formula="cases_per_week",
                        scope=reading.source.scope(side.selection, say),
                    ),
                )
                for name, side in (("before", maps.first), ("after", maps.second))
            ),
            sheet.column(say("hotspots.change"), "number"),
            sheet.column(say("hotspots.interval"), "number"),
        ],
        [_changed_row(reading, maps, row, say) for row in table.to_dicts()],
        title=say("hotspots.changed", more=more, fewer=fewer, tests=tests) if len(table) else "",
        id="changed",
        empty="" if len(table) else say("hotspots.changed_none", tests=tests),
    )


def _changed_row(
    reading: Reading, maps: PhaseMaps, row: dict[str, Any], say: Speaker
) -> sheet.Part:
    scope = reading.source.scope(maps.second.selection, say)
    change = f"{'+' if row['change'] > 0 else ''}{numbers.decimal(say, row['change'])}"
    ratio = numbers.ratio(say, row["ratio"])
    return sheet.row(
        [
            sheet.cell(_name(reading, maps, row["cell"], say)),
            sheet.cell(numbers.decimal(say, row["first_per_week"]), value=row["first_per_week"]),
            sheet.cell(numbers.decimal(say, row["second_per_week"]), value=row["second_per_week"]),
            sheet.cell(
                change,
                value=row["change"],
                proof=proof.of(say, formula="difference", value=change, scope=scope),
            ),
            sheet.cell(
                ratio,
                value=row["ratio"],
                proof=proof.of(
                    say,
                    formula="rate_ratio",
                    value=ratio,
                    n=row["first"] + row["second"],
                    scope=scope,
                    interval=numbers.interval(say, row["lower"], row["upper"], "ratio"),
                    note=f"q = {numbers.chance(say, row['q'])}",
                ),
            ),
        ],
        patch=pick(row["cell"]),
    )


def _name(reading: Reading, maps: PhaseMaps, cell: int, say: Speaker) -> str:
    """Streets most cases of the cell lie on, of both phases."""
    at = maps.ground.position(cell)
    own = maps.ground.cells[[] if at is None else [at]]
    rows = [
        row
        for side in (maps.first, maps.second)
        for row in rows_in(reading.source, side.selection, own, maps.ground.resolution)
    ]
    named = streets_of(reading.source, pl.Series(rows, dtype=pl.Int64).to_numpy())
    names = [name for name, _ in named]
    return say.listed(names) if names else place_name(names, say)


def _notes(maps: PhaseMaps, say: Speaker) -> list[str]:
    """How it was compared, on which scale, and what such a map can and cannot tell."""
    weights = {
        "a": numbers.decimal(say, maps.first.exposure),
        "b": numbers.decimal(say, maps.second.exposure),
    }
    rates = (
        say("hotspots.rates_weighted", **weights) if maps.weighted else say("hotspots.rates_plain")
    )
    tested = []
    if isinstance(maps.difference, DifferenceMap):
        spread = numbers.decimal(say, maps.difference.dispersion)
        tested = [say("hotspots.difference_note", dispersion=spread)]
    return [rates, say("hotspots.scale_note"), *tested, say("hotspots.power_note")]
