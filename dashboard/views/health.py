"""Data health 数据: is every row accounted for, and what should be mended."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from dashboard import access, proof, state
from dashboard.access import Reading
from dashboard.components import sheet
from dashboard.text import Speaker
from geodata.domain.case import UNASSIGNED
from geodata.domain.category import UNMAPPED
from geodata.domain.selection import Selection
from geodata.wording import numbers
from geodata.wording.selection import phase_name

_THIRD: Final = 4
_WIDE: Final = 8
_QUANTILES: Final = {"q50": "0.5", "q90": "0.9", "q100": "1"}


def render(reading: Reading, screen: state.Screen) -> None:
    """Draw the page."""
    state.view()
    sheet.show(screen, page(reading, screen.say), key="health")


def page(reading: Reading, say: Speaker) -> sheet.Page:
    """What the clerk looks at first, then what to mend, then what was counted."""
    status = access.status(reading)
    return sheet.Page(
        title=say("health.title"),
        lead=f"{say('health.lead')} {say('app.made_up_long') if reading.city.made_up else ''}",
        blocks=[
            _cards(reading, status, say),
            *_to_mend(reading, status, say),
            *_counted(reading, status, say),
            _history(status, reading, say),
        ],
    )


def _cards(reading: Reading, status: dict[str, Any], say: Speaker) -> sheet.Block:
    """The five numbers a clerk looks at first."""
    streets, cases = status["streets"], say("panel.cases")
    by_name = {"n": say.number(streets["by_name"]), "m": say.number(streets["by_nearest"])}
    piled = say("health.of_these_piled", n=say.number(streets["of_these_piled"]))
    version = say("app.version", version=status["version"] or 0)
    unplaced = say.number(streets["unassigned"])
    last = status["history"][0] if status["history"] else None
    read = say.number(last["inserted"] + last["updated"]) if last else "—"
    return sheet.cards(
        [
            sheet.card(
                say("health.cases"),
                say.number(status["cases"]),
                unit=cases,
                note=version,
                proof=_all_cases(reading, status["cases"], say),
            ),
            _assigned(reading, status, say("health.by_name", **by_name), say),
            sheet.card(
                say("health.unassigned"),
                unplaced,
                unit=cases,
                note=piled,
                proof=_behind(reading, "unplaced", say, unplaced),
            ),
            _distance(reading, streets["distance_m"], say),
            sheet.card(
                say("health.read"),
                read,
                unit=cases if last else "",
                note=last["source"] if last else "",
                proof=_behind(reading, "rows_read", say, read),
            ),
        ]
    )


def _all_cases(reading: Reading, cases: int, say: Speaker) -> proof.Proof:
    scope = reading.source.scope(Selection(), say)
    return proof.of(
        say, formula="reported", value=numbers.amount(say, cases, "cases"), n=cases, scope=scope
    )


def _assigned(reading: Reading, status: dict[str, Any], note: str, say: Speaker) -> sheet.Part:
    """Share of cases that lie on a street; of no case at all there is no share."""
    cases, placed = status["cases"], status["streets"]["assigned"]
    share = placed / cases if cases else None
    told = proof.of(
        say,
        formula="placed_share",
        value=numbers.rate(say, share),
        n=cases,
        scope=reading.source.scope(Selection(), say),
        numerator=("placed", placed),
        denominator=("reported", cases),
    )
    shown = numbers.bare(say, share, "share")
    unit = "%" if cases else ""
    return sheet.card(say("health.assigned"), shown, unit=unit, note=note, proof=told)


def _distance(reading: Reading, metres: dict[str, float | None], say: Speaker) -> sheet.Part:
    """How far cases lie from the edge of their street."""
    told = {name: numbers.decimal(say, metres[q]) for name, q in _QUANTILES.items()}
    return sheet.card(
        say("health.distance"),
        told["q50"],
        unit=say("health.metres"),
        note=say("health.quantiles", **told),
        proof=_behind(reading, "street_distance", say, told["q50"]),
    )


def _to_mend(reading: Reading, status: dict[str, Any], say: Speaker) -> list[sheet.Block]:
    """Unmapped names, piles and rows set aside: what the data clerk does next."""
    name, count = sheet.column(say("health.name")), _count(reading, say)
    unmapped = [
        sheet.table(
            [name, count],
            [sheet.row(pair) for pair in status[what].items()],
            title=say(f"health.{what}"),
            note=say("health.how_to_map") if status[what] else "",
            empty="" if status[what] else say("health.none_unmapped"),
            span=_THIRD,
        )
        for what in ("unmapped_categories", "unmapped_offices")
    ]
    return [*unmapped, _set_aside(reading, status, say), _piles(reading, status, say)]


def _count(reading: Reading, say: Speaker) -> sheet.Part:
    behind = _behind(reading, "reported", say)
    return sheet.column(say("health.count"), "number", bar=True, proof=behind)


def _behind(reading: Reading, formula: str, say: Speaker, value: str = "") -> proof.Proof:
    """Behind every number of a column, or one: all cases of the lake."""
    scope = reading.source.scope(Selection(), say)
    return proof.of(say, formula=formula, value=value, scope=scope)


def _set_aside(reading: Reading, status: dict[str, Any], say: Speaker) -> sheet.Block:
    files, told = status["set_aside"], _behind(reading, "rows_set_aside", say)
    return sheet.table(
        [sheet.column(say("health.file")), sheet.column(say("health.rows"), "number", proof=told)],
        [sheet.row([file["file"], file["rows"]]) for file in files],
        title=say("health.set_aside"),
        note=say("health.set_aside_note") if files else "",
        empty="" if files else say("health.no_set_aside"),
        span=_THIRD,
    )


def _piles(reading: Reading, status: dict[str, Any], say: Speaker) -> sheet.Block:
    piles = status["piles"]
    rows = [[f"{one['lon']}, {one['lat']}", one["street_names"], one["cases"]] for one in piles]
    behind = _behind(reading, "street_names", say)
    streets = sheet.column(say("health.street_names"), "number", proof=behind)
    return sheet.table(
        [sheet.column(say("health.point")), streets, _count(reading, say)],
        [sheet.row(cells) for cells in rows],
        title=say("health.piles"),
        note=say("health.pile_note") if piles else "",
        empty="" if piles else say("health.no_piles"),
        span=_THIRD,
        first=8,
    )


def _counted(reading: Reading, status: dict[str, Any], say: Speaker) -> list[sheet.Block]:
    city = reading.city
    names = {
        "family": {one.code: say.name(one) for one in city.families},
        "phase": {code: phase_name(city, code, say) for code in status["phase"]},
        "status": {code: say(f"status.{code}") for code in status["status"]},
        "channel": {one.code: say.name(one) for one in city.channels},
        "office": {one.code: say.name(one) for one in city.offices},
    }
    values = {UNMAPPED: say("value.unmapped"), UNASSIGNED: say("value.unassigned")}
    count = _count(reading, say)
    return [_by(unit, status[unit], named | values, count, say) for unit, named in names.items()]


def _by(
    unit: str, counts: dict[str, int], names: dict[str, str], count: sheet.Part, say: Speaker
) -> sheet.Block:
    rows = [sheet.row([_named(unit, code, names), n]) for code, n in counts.items() if n]
    return sheet.table(
        [sheet.column(say("health.name"), "status" if unit == "status" else "text"), count],
        rows,
        title=say(f"health.by_{unit}"),
        empty="" if rows else say("health.no_cases"),
        span=_THIRD,
        first=10,
    )


def _named(unit: str, code: str, names: dict[str, str]) -> sheet.Part | str:
    name = names.get(code, code)
    return sheet.status(code, name) if unit == "status" else name


def _history(status: dict[str, Any], reading: Reading, say: Speaker) -> sheet.Block:
    zone, behind = reading.city.zone, _behind(reading, "rows_read", say)
    rows = [
        sheet.row(
            [
                f"v{one['version']}",
                datetime.fromisoformat(one["at"]).astimezone(zone).strftime("%Y-%m-%d %H:%M"),
                one["inserted"],
                one["updated"],
                one["source"],
            ]
        )
        for one in status["history"]
    ]
    return sheet.table(
        [
            sheet.column(say("health.version")),
            sheet.column(say("health.at")),
            sheet.column(say("health.inserted"), "number", proof=behind),
            sheet.column(say("health.updated"), "number", proof=behind),
            sheet.column(say("health.source")),
        ],
        rows,
        title=say("health.history"),
        empty="" if rows else say("health.no_cases"),
        span=_WIDE,
    )
