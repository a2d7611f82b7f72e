"""What kind of day each is: a weekday or a holiday, and whether a market is held.

A weekend worked instead 调休 counts as a Friday. Holidays too few to be told apart count as
Sundays; a flag too rare, or one that always falls on the same weekdays, has no effect of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from geodata.analysis.reasons import Reason
from geodata.domain.calendar import WorkCalendar, holiday_names

Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
Integers = npt.NDArray[np.int64]

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAY: Final = "holiday"
MARKET: Final = "market"

_FRIDAY, _SATURDAY, _SUNDAY, _HOLIDAY = 4, 5, 6, 7


@dataclass(frozen=True, slots=True)
class DayKinds:
    """Kinds of some days.

    Attributes
    ----------
    of_day
        0 to 6 what weekday each day counts as, 7 a holiday with an effect of its own.
    holidays
        Which days are holidays: days off with a name, or on a weekday; None without a calendar.
    flags
        Further kinds on top, by name.
    left_out
        Why holidays or a flag have no effect of their own.
    """

    of_day: Integers
    holidays: Flags | None
    flags: Mapping[str, Flags]
    left_out: Mapping[str, Reason]

    @property
    def usable(self) -> dict[str, Flags]:
        """Flags that have a factor."""
        return {name: flag for name, flag in self.flags.items() if name not in self.left_out}

    @property
    def codes(self) -> tuple[str, ...]:
        """Names of the coefficients, in order."""
        holiday = (HOLIDAY,) if (self.of_day == _HOLIDAY).any() else ()
        return (*WEEKDAYS, *holiday, *self.usable)

    @property
    def design(self) -> Reals:
        """Days × coefficients."""
        several = _HOLIDAY + int((self.of_day == _HOLIDAY).any())
        columns = [np.eye(several)[self.of_day], *(f[:, None] for f in self.usable.values())]
        return np.hstack(columns).astype(np.float64)


def day_kinds(
    days: Days,
    calendar: WorkCalendar | None,
    flags: Mapping[str, Flags],
    stretch: Integers,
    fewest: int,
) -> DayKinds:
    """Tell the kind of each day, and which kinds cannot be told apart from something else.

    Parameters
    ----------
    calendar
        Tells holidays, weekends worked instead and market days; weekdays only when None.
    stretch
        Number of the stretch each day lies in.
    fewest
        Days of a kind, and not of it beside them, that its effect needs.
    """
    of_day = weekdays_of(days)
    holidays, left_out = None, {}
    if calendar is not None and len(days):
        of_day, holidays = _with_calendar(days, of_day, calendar)
        if calendar.market.known:
            flags = {MARKET: calendar.market.flags(days), **flags}
        if both_kinds(holidays, stretch) < fewest:
            left_out[HOLIDAY] = Reason.TOO_FEW_DAYS_OF_KIND
        else:
            of_day = np.where(holidays, _HOLIDAY, of_day)
    for name, flag in flags.items():
        if both_kinds(flag, stretch) < fewest:
            left_out[name] = Reason.TOO_FEW_DAYS_OF_KIND
        elif both_kinds(flag, of_day) < fewest:
            left_out[name] = Reason.SAME_AS_WEEKDAY
    return DayKinds(of_day, holidays, flags, left_out)


def weekdays_of(days: Days) -> Integers:
    """Monday = 0 to Sunday = 6."""
    found: Integers = (days.astype("datetime64[D]").astype(np.int64) + 3) % 7
    return found


def _with_calendar(days: Days, weekday: Integers, calendar: WorkCalendar) -> tuple[Integers, Flags]:
    """Weekday each day counts as, and which are holidays: days off with a name, or on a weekday."""
    worked = calendar.is_workday_many(days)
    weekend = weekday >= _SATURDAY
    first, last = (one.astype("datetime64[D]").astype(date) for one in (days.min(), days.max()))
    named = np.array(list(holiday_names(calendar, first, last, "en")), dtype="datetime64[D]")
    holidays = ~worked & (~weekend | np.isin(days, named))
    counted = np.where(holidays, _SUNDAY, np.where(worked & weekend, _FRIDAY, weekday))
    return counted, holidays


def both_kinds(flag: Flags, group: Integers) -> int:
    """Days that can be compared within their group: flagged or not, whichever are fewer."""
    if not len(flag):
        return 0
    whole, part = np.bincount(group), np.bincount(group, weights=flag)
    return int(np.minimum(part, whole - part).sum())
