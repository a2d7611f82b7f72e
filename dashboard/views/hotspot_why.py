"""Why a place stands out: its reasons, one doubt, and its course over the weeks."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from dashboard import proof, state
from dashboard.access import Reading
from dashboard.components import sheet
from dashboard.filters import Picked, View, to_query
from dashboard.text import Speaker
from geodata.analysis.answers import Scope
from geodata.analysis.emerging_classes import NONE
from geodata.findings.gathering.clues import Clue
from geodata.findings.gathering.emerging import EmergingFinding
from geodata.findings.gathering.explain import Place, recent
from geodata.findings.gathering.hotspot_words import class_words, clue_text, doubt_text, place_name
from geodata.wording import numbers


def why(
    reading: Reading,
    view: View,
    screen: state.Screen,
    place: Place | None,
    weekly: EmergingFinding,
) -> list[sheet.Block]:
    """Reasons of one place and its course over the weeks; words where none is chosen."""
    say = screen.say
    if place is None:
        return [sheet.sentences([], id="why", empty=say("hotspots.no_place"))]
    of_weeks = place.clues[0].code in _STEPS
    selection = recent(weekly) if of_weeks else view.selection
    scope = reading.source.scope(selection, say)
    told = [
        sheet.sentence(clue_text(one, reading.city, say), proof=clue_proof(one, scope, say))
        for one in place.clues
    ]
    doubt = sheet.sentence(
        doubt_text(place.doubt, reading.city, say),
        tone="doubt",
        proof=clue_proof(place.doubt, scope, say),
    )
    reasons = sheet.sentences(
        [*told, doubt],
        title=_why_title(place, say, of_weeks=of_weeks),
        tools=[sheet.download(say("hotspots.on_map"), map_link(view, screen, place.cell))],
        note=say("hotspots.recent") if of_weeks else _shrunk_note(place, say),
        id="why",
    )
    weeks = reading.source.scope(recent(weekly), say)
    return [reasons, *_course(weekly, place, weeks, say)]


_STEPS: Final = ("step", "step_calm")
"""Clues of a place judged over the weeks."""


def _why_title(place: Place, say: Speaker, *, of_weeks: bool) -> str:
    """Ask why, by what the place is called: its class, else what the test says."""
    name, code = place_name(place.streets, say), place.emerging_class
    if of_weeks:
        kind = class_words(code or NONE, say)
        return say("hotspots.why_class", kind=kind, name=name)
    side = {1: "hot", -1: "cold", 0: "not"}[int(place.numbers["spot"])]
    return say(f"hotspots.why_{side}", name=name)


def _shrunk_note(place: Place, say: Speaker) -> str:
    value = place.numbers["shrunk"]
    if not numbers.known(value):
        return ""
    per_km = place.clues[0].code.endswith("_per_km")
    unit = "cases_per_km" if per_km else "cases"
    return say("hotspots.shrunk", value=numbers.amount(say, round(value, 1), unit))


def map_link(view: View, screen: state.Screen, cell: int) -> str:
    """Address of the Map page with a cell picked, under the same filters."""
    picked = View(selection=view.selection, picked=Picked(cell=f"{cell:x}"))
    query = {**to_query(picked), "lang": screen.say.language}
    return f"{screen.boot.get('map', '/map')}?{urlencode(query)}"


def _course(weekly: EmergingFinding, place: Place, scope: Scope, say: Speaker) -> list[sheet.Block]:
    """Cases a week around the place, beside the average of as many cells."""
    at = weekly.ground.position(place.cell)
    if at is None or not weekly.weeks:
        return []
    around = [float(n) for n in weekly.around(at)]
    usual = weekly.usual(at)
    summary = say(
        "hotspots.course_text",
        last=numbers.count(say, around[-1]),
        usual=numbers.decimal(say, usual),
        most=numbers.count(say, max(around)),
    )
    days = sheet.axis("day", [day.isoformat() for day in weekly.weeks])
    drawn = [
        sheet.line(
            say("hotspots.around"), around, tone="problem",
            proof=proof.shared(say, formula="near_cases", scope=scope),
        ),
        sheet.line(
            say("hotspots.usual"), [usual] * len(around), tone="calm",
            proof=proof.shared(say, formula="near_expected", scope=scope),
        ),
    ]  # fmt: skip
    title = say("hotspots.course", name=place_name(place.streets, say))
    return [
        sheet.lines(days, drawn, unit=numbers.unit_of(say, "cases"), summary=summary, title=title,
                    id="course")
    ]  # fmt: skip


_FORMULAS: Final = {
    "more": ("near_ratio", "ratio"),
    "more_per_km": ("near_ratio", "ratio"),
    "fewer": ("near_ratio", "ratio"),
    "fewer_per_km": ("near_ratio", "ratio"),
    "step": ("near_ratio", "ratio"),
    "step_calm": ("near_ratio", "ratio"),
    "chance": ("q_value", "q"),
    "not_sure": ("q_value", "q"),
    "share": ("share_of_cases", "cases"),
    "weeks_run": ("emerging", "hot"),
    "weeks_past": ("emerging", "hot"),
    "weeks_never": ("emerging", "hot"),
    "kind": ("share_of_cases", "share"),
    "hours": ("share_of_cases", "share"),
    "weekday": ("share_of_cases", "share"),
    "channel": ("patrol_share", "patrol"),
    "near": ("share_of_cases", "share"),
    "streets": ("share_of_cases", "share"),
    "office": ("share_of_cases", "share"),
    "patrol_rose": ("patrol_share", "now"),
    "patrol_high": ("patrol_share", "share"),
    "grid": ("stability", "share"),
    "none": ("grids_tried", "variants"),
}
"""Code of a clue → formula of its number, and the number's name among its values."""


def clue_proof(clue: Clue, scope: Scope, say: Speaker) -> proof.Proof | None:
    """Everything behind the number of a clue; None where it holds none."""
    if clue.code not in _FORMULAS:
        return None
    code, name = _FORMULAS[clue.code]
    value = clue.values[name]
    if code == "near_ratio":
        return proof.of(
            say,
            formula=code,
            value=numbers.ratio(say, value),
            scope=scope,
            numerator=("near_cases", clue.values["cases"]),
            denominator=("near_expected", clue.values["expected"]),
            note=_z_note(clue, say),
        )
    shown = _SHOWN.get(code, numbers.rate)(say, value)
    if code == "emerging":
        shown = numbers.fraction(say, value, clue.values["weeks"])
    return proof.of(say, formula=code, value=shown, scope=scope, note=_z_note(clue, say))


_SHOWN: Final = {"q_value": numbers.chance, "grids_tried": numbers.count}


def _z_note(clue: Clue, say: Speaker) -> str:
    return f"z = {numbers.decimal(say, clue.values['z'], 2)}" if "z" in clue.values else ""
