"""A stretch of days people report on: a day, a week, a month, a quarter, a phase."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from geodata.domain.campaign import Campaign
from geodata.errors import GeodataError, Sentence

WAYS_TO_WRITE: Final = Sentence(
    "2026-11-21, 2026-W47, 2026-11, 2026-Q4, 2026-09-01..2026-09-30, phase:CODE"
)

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
"""Days people ask about: every period next to one of them is a period too."""

_WEEK: Final = re.compile(r"(\d{4})-W(\d{2})")
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_QUARTER: Final = re.compile(r"(\d{4})-Q([1-4])")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class PeriodUnknown(GeodataError, ValueError):
    """A period is written in no known way, or names no phase of the campaign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from ``from_on`` to ``until_on``, both included.

    Attributes
    ----------
    code
        As written, e.g. ``2026-W47`` or ``phase:tackle``.
    kind
        ``day``, ``week`` (Monday to Sunday), ``month``, ``quarter``, ``phase`` or ``span``.
    """

    code: str
    kind: str
    from_on: date
    until_on: date

    @property
    def days(self) -> int:
        """Length in days, both ends counted."""
        return (self.until_on - self.from_on).days + 1


def parse_period(text: str, campaign: Campaign | None = None) -> Period:
    """Read a period as people write it.

    Raises
    ------
    PeriodUnknown
        It is written in none of `WAYS_TO_WRITE`, the campaign has no such phase, or it does not
        lie between `FIRST_DAY` and `LAST_DAY`.
    """
    try:
        return _bounded(_parsed(text.strip(), campaign))
    except (ValueError, OverflowError) as error:
        if isinstance(error, PeriodUnknown):
            raise
        raise PeriodUnknown(
            "{text!r} is no period; write one of: {ways}", text=text, ways=WAYS_TO_WRITE
        ) from error


def _bounded(period: Period) -> Period:
    if period.from_on < FIRST_DAY or period.until_on > LAST_DAY:
        raise PeriodUnknown(
            "{text!r} is no period of our time; choose days from {first} to {last}",
            text=period.code,
            first=FIRST_DAY,
            last=LAST_DAY,
        )
    return period


def _parsed(text: str, campaign: Campaign | None) -> Period:
    if text.startswith("phase:"):
        return _phase(text, campaign)
    if ".." in text:
        first, last = (date.fromisoformat(part) for part in text.split("..", 1))
        if last < first:
            raise PeriodUnknown(
                "{text!r} ends before it begins; turn the two days round", text=text
            )
        return Period(code=text, kind="span", from_on=first, until_on=last)
    if _DAY.fullmatch(text):
        day = date.fromisoformat(text)
        return Period(code=text, kind="day", from_on=day, until_on=day)
    if found := _WEEK.fullmatch(text):
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return Period(code=text, kind="week", from_on=monday, until_on=monday + timedelta(days=6))
    if found := _MONTH.fullmatch(text):
        return _months(text, "month", int(found[1]), int(found[2]), 1)
    if found := _QUARTER.fullmatch(text):
        return _months(text, "quarter", int(found[1]), 3 * int(found[2]) - 2, 3)
    raise PeriodUnknown(
        "{text!r} is no period; write one of: {ways}", text=text, ways=WAYS_TO_WRITE
    )


def _months(text: str, kind: str, year: int, month: int, months: int) -> Period:
    last = month + months - 1
    until = date(year, last, calendar.monthrange(year, last)[1])
    return Period(code=text, kind=kind, from_on=date(year, month, 1), until_on=until)


def _phase(text: str, campaign: Campaign | None) -> Period:
    phases = campaign.phases if campaign is not None else ()
    for phase in phases:
        if text == f"phase:{phase.code}":
            return Period(code=text, kind="phase", from_on=phase.from_on, until_on=phase.until_on)
    codes = [f"phase:{phase.code}" for phase in phases]
    raise PeriodUnknown(
        "{text!r} is no phase of the campaign; phases are {known}",
        text=text,
        known=codes or Sentence("none: there is no campaign"),
    )


def previous(period: Period, campaign: Campaign | None = None) -> Period:
    """Return the period a report compares with: the one before of the same kind.

    Before a phase comes the phase before it; before the first phase, and before a span, as many
    days as it has itself.
    """
    eve = period.from_on - timedelta(days=1)
    if period.kind == "week":
        year, week, _ = eve.isocalendar()
        return parse_period(f"{year}-W{week:02d}")
    if period.kind == "month":
        return parse_period(f"{eve:%Y-%m}")
    if period.kind == "quarter":
        return parse_period(f"{eve.year}-Q{(eve.month + 2) // 3}")
    if period.kind == "phase" and campaign is not None:
        earlier = [phase for phase in campaign.phases if phase.until_on < period.from_on]
        if earlier:
            return parse_period(f"phase:{earlier[-1].code}", campaign)
    first = eve - timedelta(days=period.days - 1)
    code = eve.isoformat() if period.days == 1 else f"{first}..{eve}"
    kind = "day" if period.days == 1 else "span"
    return Period(code=code, kind=kind, from_on=first, until_on=eve)
