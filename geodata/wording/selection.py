"""A selection in words, as the legend of a map says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from geodata.analysis.facts import UNASSIGNED, UNMAPPED, Facts
from geodata.city import City
from geodata.domain.campaign import AFTER, BEFORE, BETWEEN, Campaign
from geodata.domain.selection import Selection
from geodata.wording.words import Words


def describe_period(city: City, facts: Facts, selection: Selection, say: Words) -> str:
    """Report days covered, then the phases, e.g. ``2026-09-21 至 11-15 · 集中攻坚``."""
    first, last = period_of(city, facts, selection)
    near = last.isoformat()[5:] if last.year == first.year else last.isoformat()
    span = say("period.span", first=first.isoformat(), last=near)
    if selection.phases is None:
        return span
    names = {
        phase.code: say.name(phase) for phase in (city.campaign.phases if city.campaign else ())
    }
    names |= {code: say(f"value.{code}") for code in (BEFORE, BETWEEN, AFTER)}
    known = city.campaign.values if city.campaign else [BEFORE]
    chosen = [names[code] for code in known if code in selection.phases]
    return say("period.phase", span=span, phases=say.listed(chosen))


def period_of(city: City, facts: Facts, selection: Selection) -> tuple[date, date]:
    """First and last report day, both included, that a selection can hold within the record."""
    first, last = facts.first_day, facts.last_day
    if city.campaign is not None and selection.phases:
        spans = {phase.code: (phase.from_on, phase.until_on) for phase in city.campaign.phases}
        spans |= _outside(city.campaign, first, last)
        chosen = [spans[code] for code in selection.phases if code in spans]
        if chosen:
            first = max(first, min(begin for begin, _ in chosen))
            last = min(last, max(end for _, end in chosen))
    first = max(first, selection.from_on or first)
    last = min(last, selection.until_on or last)
    return first, max(first, last)


def _outside(campaign: Campaign, first: date, last: date) -> dict[str, tuple[date, date]]:
    """Days before, between and after the phases; between runs from the first gap to the last."""
    day = timedelta(days=1)
    spans = {BEFORE: (first, campaign.from_on - day), AFTER: (campaign.until_on + day, last)}
    gaps = [
        (one.until_on + day, other.from_on - day)
        for one, other in pairwise(campaign.phases)
        if one.until_on + day < other.from_on
    ]
    return spans | ({BETWEEN: (gaps[0][0], gaps[-1][1])} if gaps else {})


def describe(city: City, facts: Facts, selection: Selection, say: Words) -> str:
    """Everything but the period, in one line; what "all" means when nothing is restricted."""
    parts = [*_what(city, selection, say), *_who(city, selection, say)]
    parts += [*_where(city, facts, selection, say), *_how(selection, say)]
    return " · ".join(parts) or say("filter.none")


def _what(city: City, selection: Selection, say: Words) -> Iterator[str]:
    if selection.families is not None or selection.categories is not None:
        chosen = (selection.families or frozenset()) | (selection.categories or frozenset())
        yield say.listed(_names([*city.families, *city.categories], chosen, say))


def _who(city: City, selection: Selection, say: Words) -> Iterator[str]:
    if selection.offices is not None:
        key = "filter.offices_any" if selection.role == "any" else "filter.offices"
        yield say(key, names=say.listed(_names(city.offices, selection.offices, say)))
    if selection.statuses is not None:
        yield say.listed([say(f"status.{code}") for code in sorted(selection.statuses)])
    if selection.channels is not None:
        names = _names(city.channels, selection.channels, say)
        yield say("filter.channels", names=say.listed(names))


def _where(city: City, facts: Facts, selection: Selection, say: Words) -> Iterator[str]:
    if selection.street_classes is not None:
        names = _names(city.street_classes.values(), selection.street_classes, say)
        yield say("filter.classes", names=say.listed(names))
    if selection.areas is not None:
        yield say.listed(_names(facts.areas, selection.areas, say))
    if selection.streets is not None:
        yield say.listed(sorted(selection.streets))
    if selection.near is not None:
        kind = say(f"near.{selection.near.kind}")
        yield say("filter.near", kind=kind, metres=selection.near.metres)


def _how(selection: Selection, say: Words) -> Iterator[str]:
    if selection.hours != "all":
        yield say(f"filter.hours_{selection.hours}")
    if selection.piles == "leave_out":
        yield say("filter.piles_out")


def _names(rows: Iterable[Any], codes: frozenset[str], say: Words) -> list[str]:
    named = {row.code: say.name(row) for row in rows}
    named |= {code: say(f"value.{code}") for code in (UNASSIGNED, UNMAPPED, "none")}
    return [name for code, name in named.items() if code in codes]


def phase_name(city: City, code: str, say: Words) -> str:
    """Name of a phase value: ``before``, ``after`` and ``campaign`` (all phases) included."""
    if code in (BEFORE, BETWEEN, AFTER, "campaign"):
        return say(f"value.{code}")
    phases = city.campaign.phases if city.campaign else ()
    return next((say.name(phase) for phase in phases if phase.code == code), code)
