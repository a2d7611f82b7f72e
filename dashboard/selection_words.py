"""A selection in words, as the legend and the downloads say it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from dashboard.access import Reading
from dashboard.text import Speaker
from geodata.domain.campaign import AFTER, BEFORE, BETWEEN
from geodata.domain.case import UNASSIGNED
from geodata.domain.category import UNMAPPED
from geodata.domain.selection import Selection


def describe_period(reading: Reading, selection: Selection, say: Speaker) -> str:
    """Dates covered, then the phases, e.g. ``2026-09-21 至 11-15 · 集中攻坚``."""
    first, last = period_of(reading, selection)
    near = last.isoformat()[5:] if last.year == first.year else last.isoformat()
    span = say("period.span", first=first.isoformat(), last=near)
    if selection.phases is None:
        return span
    names = say.listed([phase_name(reading, code, say) for code in _in_order(reading, selection)])
    return say("period.phase", span=span, phases=names)


def period_of(reading: Reading, selection: Selection) -> tuple[date, date]:
    """First and last report day a selection can hold, within the record."""
    facts, campaign = reading.facts, reading.city.campaign
    first, last = facts.first_day, facts.last_day
    if campaign is not None and selection.phases:
        spans = {phase.code: (phase.from_on, phase.until_on) for phase in campaign.phases}
        spans |= {BEFORE: (first, campaign.from_on), AFTER: (campaign.until_on, last)}
        chosen = [spans[code] for code in selection.phases if code in spans]
        if chosen:
            first = max(first, min(begin for begin, _ in chosen))
            last = min(last, max(end for _, end in chosen))
    first = max(first, selection.from_on or first)
    last = min(last, selection.until_on or last)
    return first, max(first, last)


def _in_order(reading: Reading, selection: Selection) -> list[str]:
    campaign = reading.city.campaign
    known = campaign.values if campaign else []
    return [code for code in known if code in (selection.phases or ())]


def phase_name(reading: Reading, code: str, say: Speaker) -> str:
    """Name of a phase value, ``before`` and ``after`` included."""
    if code in (BEFORE, BETWEEN, AFTER):
        return say(f"value.{code}")
    phases = reading.city.campaign.phases if reading.city.campaign else ()
    return next((say.name(phase) for phase in phases if phase.code == code), code)


def describe(reading: Reading, selection: Selection, say: Speaker) -> str:
    """Everything but the period, in a line; "all" when nothing is restricted."""
    parts = list(_parts(reading, selection, say))
    return " · ".join(parts) if parts else say("filter.none")


def _parts(reading: Reading, selection: Selection, say: Speaker) -> Iterable[str]:
    city = reading.city
    kinds = [*city.families, *city.categories]
    chosen = None
    if selection.families is not None or selection.categories is not None:
        chosen = (selection.families or frozenset()) | (selection.categories or frozenset())
        yield say.listed(_names(kinds, chosen, say))
    if selection.offices is not None:
        names = say.listed(_names(city.offices, selection.offices, say))
        yield say(
            "filter.offices_any" if selection.role == "any" else "filter.offices", names=names
        )
    if selection.statuses is not None:
        yield say.listed([say(f"status.{code}") for code in sorted(selection.statuses)])
    if selection.channels is not None:
        yield say(
            "filter.channels", names=say.listed(_names(city.channels, selection.channels, say))
        )
    if selection.street_classes is not None:
        classes = city.street_classes.values()
        names = say.listed(_names(classes, selection.street_classes, say))
        yield say("filter.classes", names=names)
    if selection.areas is not None:
        yield say.listed(_names(reading.facts.areas, selection.areas, say))
    if selection.streets is not None:
        yield say.listed(sorted(selection.streets))
    if selection.near is not None:
        kind = say(f"place.{selection.near.kind}")
        yield say("filter.near", kind=kind, metres=selection.near.metres)
    if selection.hours != "all":
        yield say(f"filter.hours_{selection.hours}")
    if selection.piles == "leave_out":
        yield say("filter.piles_out")


def _names(rows: Iterable[Any], codes: frozenset[str], say: Speaker) -> list[str]:
    values = {UNASSIGNED: say("value.unassigned"), UNMAPPED: say("value.unmapped")}
    named = {row.code: say.name(row) for row in rows} | values
    return [name for code, name in named.items() if code in codes]
