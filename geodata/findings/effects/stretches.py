"""Which days are before and after, and by which channels their cases came."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from geodata.analysis.answers import Scope
from geodata.domain.campaign import AFTER, BEFORE, SpecialAction
from geodata.domain.category import UNMAPPED
from geodata.domain.period import Period
from geodata.domain.selection import Selection
from geodata.findings.periods import patrol_channels
from geodata.findings.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeRule:
    """How many days before an action it is compared with: ``times`` as many as it has run."""

    times: int = 2
    source: str = "assumed: a longer stretch before steadies the comparison without reaching far"


def action_days(source: Source, action: SpecialAction) -> tuple[date, date] | None:
    """First and last day an action is planned for: its own, else the campaign's, else None."""
    campaign = source.city.campaign
    begins = action.from_on or (campaign.from_on if campaign else None)
    ends = action.until_on or (campaign.until_on if campaign else None)
    if begins is None:
        return None
    return begins, ends or max(begins, source.facts.last_day)


def action_period(source: Source, action: SpecialAction) -> Period | None:
    """Days of an action that the data cover; None before its first, or where it has none."""
    days = action_days(source, action)
    if days is None or days[0] > source.facts.last_day:
        return None
    first, last = days[0], min(days[1], source.facts.last_day)
    code = f"action:{action.code}"
    return Period(code=code, kind="span", from_on=first, until_on=last)


def days_before(
    source: Source, period: Period | None, rule: BeforeRule | None = None
) -> Period | None:
    """Recorded days before a stretch; None where there is none."""
    if period is None:
        return None
    rule = rule or BeforeRule()
    eve = period.from_on - timedelta(days=1)
    first = max(source.facts.first_day, period.from_on - timedelta(days=rule.times * period.days))
    if first > eve:
        return None
    return Period(code=f"{first}..{eve}", kind="span", from_on=first, until_on=eve)


def phase_period(source: Source, code: str) -> Period | None:
    """Days of a phase value that the data cover, before and after the campaign included.

    None where there is none, or no such phase; days between phases are of no one stretch.
    """
    campaign, facts = source.city.campaign, source.facts
    if campaign is None or not len(facts):
        return None
    day = timedelta(days=1)
    spans = {one.code: (one.from_on, one.until_on) for one in campaign.phases}
    spans[BEFORE] = (facts.first_day, campaign.from_on - day)
    spans[AFTER] = (campaign.until_on + day, facts.last_day)
    if code not in spans:
        return None
    first, last = max(spans[code][0], facts.first_day), min(spans[code][1], facts.last_day)
    if first > last:
        return None
    return Period(code=f"phase:{code}", kind="phase", from_on=first, until_on=last)


def first_phases(source: Source) -> tuple[Period, Period] | None:
    """First two phases that the data cover; None with fewer."""
    phases = source.city.campaign.phases if source.city.campaign else ()
    held = [one for phase in phases if (one := phase_period(source, phase.code)) is not None]
    return (held[0], held[1]) if len(held) > 1 else None


def scope_of(source: Source, period: Period | None) -> Scope:
    """Period of a number, of no length where there is no day."""
    first = source.facts.first_day if period is None else period.from_on
    until = first if period is None else period.until_on + timedelta(days=1)
    return Scope(
        from_at=source.midnight(first),
        until_at=source.midnight(until),
        as_of=source.facts.as_of,
        version=source.version,
    )


def without_patrols(source: Source, selection: Selection) -> Selection:
    """Return the selection without the cases the city's own people found (S11)."""
    known = set(source.facts.frame.schema["channel"].categories)  # type: ignore[attr-defined]
    kept = (selection.channels or known) - set(patrol_channels(source))
    return replace(selection, channels=frozenset(kept))


def channel_days(source: Source, selection: Selection) -> pl.DataFrame:
    """Channel (null: not known) and noon of the report day of every case: for `patrol_shift`.

    Facts keep report days, not times; the city's noon lies in the same day of any period.
    """
    channel = pl.col("channel").cast(pl.String)
    noon = pl.col("reported_on").cast(pl.Datetime("us")) + timedelta(hours=12)
    return (
        source.facts.frame.select("reported_on", "channel")
        .filter(pl.Series(source.keep(selection)))
        .select(
            reported_at=noon.dt.replace_time_zone(source.city.timezone).dt.convert_time_zone("UTC"),
            channel=pl.when(channel != UNMAPPED).then(channel),
        )
    )
