"""Which days a selection speaks of, and which cases a period is taken out of.

An indicator needs every case of an office, whenever it was reported: a case reported in one phase
may be due in the next. So a selection is split in two: the days, and everything else.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from geodata.analysis.answers import Scope
from geodata.domain.period import Period, parse_period, previous
from geodata.domain.selection import Selection
from geodata.findings.source import Source
from geodata.wording import Words
from geodata.wording.selection import describe, period_of

_DAY = timedelta(days=1)


def timeless(selection: Selection) -> Selection:
    """Everything of a selection but its days and its statuses.

    A rate among the overdue cases alone would answer nothing: statuses choose rows of a list.
    """
    return replace(selection, phases=None, from_on=None, until_on=None, statuses=None)


def period_chosen(source: Source, selection: Selection) -> Period:
    """Return the days a selection means; the whole record where it restricts none.

    One phase of the campaign keeps its name and its planned end, so that `earlier` finds the
    phase before it. A selection that holds no day gives a period of 0 days.
    """
    campaign, phases = source.city.campaign, selection.phases
    undated = selection.from_on is None and selection.until_on is None
    if campaign is not None and undated and phases is not None and len(phases) == 1:
        (code,) = phases
        if code in {phase.code for phase in campaign.phases}:
            return parse_period(f"phase:{code}", campaign)
    first, last = period_of(source.city, source.facts, selection)
    if _holds_no_day(source, selection):
        last = first - _DAY
    return span(first, last)


def span(first: date, last: date) -> Period:
    """Return the period from one day to another, both included."""
    if first == last:
        return parse_period(first.isoformat())
    return Period(code=f"{first}..{last}", kind="span", from_on=first, until_on=last)


def _holds_no_day(source: Source, selection: Selection) -> bool:
    begin, end = selection.from_on, selection.until_on
    if begin is not None and end is not None and end < begin:
        return True
    if end is not None and end < source.facts.first_day:
        return True
    if selection.phases is None:
        return False
    campaign = source.city.campaign
    return not selection.phases.intersection(campaign.values if campaign else ("before",))


def earlier(source: Source, period: Period) -> Period | None:
    """Return the period to compare with; None where the record does not reach back to it."""
    if period.days < 1:
        return None
    before = previous(period, source.city.campaign)
    return before if before.until_on >= source.facts.first_day else None


def scope_of(
    source: Source,
    selection: Selection,
    period: Period,
    say: Words | None = None,
    *,
    without_patrol: bool = False,
) -> Scope:
    """What a number of this selection and period speaks of.

    Parameters
    ----------
    say
        Puts the filters into words.
    without_patrol
        Leave out what the city's own people found (S11).
    """
    city, facts = source.city, source.facts
    words = "" if say is None else describe(city, facts, timeless(selection), say)
    return Scope(
        from_at=source.midnight(period.from_on),
        until_at=source.midnight(period.until_on + _DAY),
        as_of=facts.as_of,
        filters=words,
        version=source.version,
        without_channels=patrol_channels(source) if without_patrol else (),
    )


def patrol_channels(source: Source) -> tuple[str, ...]:
    """Channels of the city's own people: more patrols find more."""
    return tuple(channel.code for channel in source.city.channels if channel.patrol)


def covered_days(source: Source, period: Period) -> int:
    """Days of a period that the record covers."""
    first = max(period.from_on, source.facts.first_day)
    return max((min(period.until_on, source.facts.last_day) - first).days + 1, 0)


def in_parts(source: Source, selection: Selection) -> bool:
    """Whether the chosen phases leave days between them that a period from first to last holds."""
    campaign = source.city.campaign
    if campaign is None or not selection.phases:
        return False
    order = [code for code in campaign.values if code != "between"]
    places = sorted(order.index(code) for code in selection.phases if code in order)
    return bool(places) and places[-1] - places[0] + 1 != len(places)
