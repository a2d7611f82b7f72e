"""When the city works: working days with holidays and 调休, working hours, deadlines.

Every time here is local wall-clock time. The functions ending in `_many` take NumPy arrays of
``datetime64[us]`` without zone (NaT in, NaT out) and answer a million rows at once; the others
answer one question with the same arithmetic. For Polars columns in UTC see `domain.deadlines`.

Working time is one long axis: day by day, only the working hours count. A deadline in working
hours is the earliest clock time at which that much more of the axis has passed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import chinese_calendar.constants as china
import numpy as np
from numpy.typing import NDArray

from geodata.domain.market import MarketDays
from geodata.errors import RowWrong, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

Times = NDArray[np.datetime64]

_DAY_US = 86_400_000_000
_HOUR_US = 3_600_000_000
_THURSDAY = 3  # 1970-01-01, counting from Monday


@dataclass(frozen=True, kw_only=True)
class WorkCalendar:
    """Which days and hours are working time, and how a deadline is counted.

    `country` is ``"CN"`` (the State Council's holidays and 调休 working days, as published in the
    `chinesecalendar` package) or ``""`` (Monday to Friday). `holidays` and `extra_workdays` come
    on top; a date in both is worked. Outside the years `known_from` to `known_until` the
    published table is silent and Monday to Friday is assumed. `market` says when the market is
    held: that changes how much is reported, not how deadlines count.
    """

    country: str = "CN"
    working_hours: tuple[tuple[time, time], ...] = (
        (time(9), time(12)),
        (time(14), time(18)),
    )
    holidays: frozenset[date] = frozenset()
    extra_workdays: frozenset[date] = frozenset()
    market: MarketDays = field(default_factory=MarketDays)
    day_deadline: Literal["close_of_business", "same_clock"] = "close_of_business"
    source: str = (
        "assumed: days counted as in 民法典 201 and 203 (the first day does not count, the last "
        "ends with business hours); to be confirmed by the command centre"
    )

    def __post_init__(self) -> None:
        """Refuse hours or countries that cannot be counted with."""
        if self.country not in ("", "CN"):
            raise RowWrong(
                'country is {country!r}; it must be "CN" or "" (Monday to Friday). Give '
                "other holidays as dates in `holidays`.",
                country=self.country,
            )
        edges = [edge for span in self.working_hours for edge in span]
        if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
            raise RowWrong(
                "working_hours are {hours}; they must be spans of one day in order, "
                "without overlap, such as 09:00-12:00 14:00-18:00.",
                hours=_shown(self.working_hours),
            )

    @property
    def known_from(self) -> date | None:
        """First date the published holidays cover; None where none are used."""
        return date(min(china.holidays).year, 1, 1) if self.country == "CN" else None

    @property
    def known_until(self) -> date | None:
        """Last date the published holidays cover; None where none are used."""
        return date(max(china.holidays).year, 12, 31) if self.country == "CN" else None

    @property
    def day_hours(self) -> float:
        """Working hours in one working day."""
        return int(self._lengths_us.sum()) / _HOUR_US

    def is_workday(self, day: date) -> bool:
        """Whether `day` is worked: holidays out, 调休 Saturdays and Sundays in."""
        return bool(self.is_workday_many(np.array([day], dtype="datetime64[D]"))[0])

    def in_hours(self, at: datetime) -> bool:
        """Whether `at` lies in working hours; a span's beginning counts, its end does not."""
        return bool(self.in_hours_many(_one(at))[0])

    def add_work_hours(self, at: datetime, hours: float) -> datetime:
        """Earliest time by which `hours` of working time have passed since `at`.

        Parameters
        ----------
        at
            Local time; with a zone, the answer has the same zone.
        hours
            Zero or more. Zero answers `at` itself.

        Raises
        ------
        ValueError
            When `hours` is negative.
        """
        return _only(self.add_work_hours_many(_one(at), hours), at)

    def add_work_days(self, at: datetime, days: int) -> datetime:
        """Deadline of `days` working days counted from `at`, the day of `at` not counted.

        The close of business of that day or, where `day_deadline` says so, the same clock time.
        Zero days answer the first working day from that of `at` on.

        Raises
        ------
        ValueError
            When `days` is negative.
        """
        return _only(self.add_work_days_many(_one(at), days), at)

    def work_hours_between(self, start: datetime, end: datetime) -> float:
        """Working hours from `start` to `end`; negative when `end` comes first."""
        return float(self.work_hours_between_many(_one(start), _one(end))[0])

    def is_workday_many(self, days: Times) -> NDArray[np.bool_]:
        """Which of these ``datetime64[D]`` dates are worked; NaT is not."""
        known, numbers = _numbers(days.astype("datetime64[D]"))
        table = _table(self, numbers)
        worked: NDArray[np.bool_] = table.worked[numbers - table.first]
        return known & worked

    def in_hours_many(self, at: Times) -> NDArray[np.bool_]:
        """Which of these times lie in working hours; NaT does not."""
        known, instants = _numbers(at.astype("datetime64[us]"))
        day, clock = np.divmod(instants, _DAY_US)
        table = _table(self, day)
        span = np.searchsorted(self._begins_us, clock, side="right") - 1
        inside = (span >= 0) & (clock < self._ends_us[span])
        worked: NDArray[np.bool_] = table.worked[day - table.first]
        return known & inside & worked

    def add_work_hours_many(self, at: Times, hours: NDArray[np.float64] | float) -> Times:
        """Answer `add_work_hours` for many: same order and length; NaN hours give NaT."""
        added = np.broadcast_to(np.asarray(hours, dtype=np.float64), at.shape)
        known, instants = _numbers(at.astype("datetime64[us]"))
        known &= ~np.isnan(added)
        added_us = np.rint(np.where(known, added, 0.0) * _HOUR_US).astype(np.int64)
        _refuse_negative(added_us, "working hours")
        day_us = int(self._lengths_us.sum())
        table = _table(self, instants // _DAY_US, ahead=int(added_us.max(initial=0)) // day_us + 2)
        target = self._worked_us(instants, table) + added_us
        due = np.where(added_us == 0, instants, self._clock_at(target, table))
        return _times(due, known)

    def add_work_days_many(self, at: Times, days: NDArray[np.integer[Any]] | int) -> Times:
        """Answer `add_work_days` for many: same order and length."""
        added = np.broadcast_to(np.asarray(days, dtype=np.int64), at.shape)
        _refuse_negative(added, "working days")
        known, instants = _numbers(at.astype("datetime64[us]"))
        day, clock = np.divmod(instants, _DAY_US)
        table = _table(self, day, ahead=int(added.max(initial=0)) + 2)
        already = table.before[day - table.first] + table.worked[day - table.first]
        due_day = table.workdays[
            np.where(added == 0, table.before[day - table.first], already + added - 1)
        ]
        close = self._ends_us[-1] if self.day_deadline == "close_of_business" else clock
        return _times(due_day * _DAY_US + close, known)

    def work_hours_between_many(self, start: Times, end: Times) -> NDArray[np.float64]:
        """Answer `work_hours_between` for many: same order and length; NaT gives NaN."""
        known_start, first = _numbers(start.astype("datetime64[us]"))
        known_end, last = _numbers(end.astype("datetime64[us]"))
        table = _table(self, np.concatenate([first, last]) // _DAY_US)
        hours = (self._worked_us(last, table) - self._worked_us(first, table)) / _HOUR_US
        return np.where(known_start & known_end, hours, np.nan)

    @cached_property
    def _begins_us(self) -> NDArray[np.int64]:
        return np.array([_clock_us(begin) for begin, _ in self.working_hours])

    @cached_property
    def _ends_us(self) -> NDArray[np.int64]:
        return np.array([_clock_us(end) for _, end in self.working_hours])

    @cached_property
    def _lengths_us(self) -> NDArray[np.int64]:
        return self._ends_us - self._begins_us

    def _worked_us(self, instants: NDArray[np.int64], table: _Days) -> NDArray[np.int64]:
        """Working microseconds from the table's first day to each instant."""
        day, clock = np.divmod(instants, _DAY_US)
        today = np.zeros_like(clock)
        for begin, length in zip(self._begins_us, self._lengths_us, strict=True):
            today += np.clip(clock - begin, 0, length)
        row = day - table.first
        full = int(self._lengths_us.sum())
        worked: NDArray[np.int64] = table.before[row] * full + table.worked[row] * today
        return worked

    def _clock_at(self, worked_us: NDArray[np.int64], table: _Days) -> NDArray[np.int64]:
        """Earliest instant at which that much working time has passed; undoes `_worked_us`."""
        day_us = self._lengths_us.sum()
        rank, rest = np.divmod(np.maximum(worked_us, 1) - 1, day_us)
        passed = np.cumsum(self._lengths_us)
        span = np.searchsorted(passed, rest, side="right")
        begin = self._begins_us[span] - (passed - self._lengths_us)[span]
        return table.workdays[rank] * _DAY_US + begin + rest + 1


@dataclass(frozen=True, slots=True)
class _Days:
    """Consecutive days and which are worked: the table behind every answer."""

    first: int  # day number of row 0, counted from 1970-01-01
    worked: NDArray[np.bool_]
    before: NDArray[np.int64]  # working days in the rows above
    workdays: NDArray[np.int64]  # day number of each working day


def _table(calendar: WorkCalendar, days: NDArray[np.int64], ahead: int = 0) -> _Days:
    """Table of the whole years around `days`, with `ahead` working days after the last."""
    first = _year(days.min(initial=_FAR)) if days.size else 1970
    last = _year(days.max(initial=-_FAR)) if days.size else 1970
    needed = ahead
    while True:
        table = _years(calendar, first, last)
        end = int(days.max(initial=table.first)) - table.first
        if table.workdays.size - int(table.before[end]) > needed:
            return table
        last += 1 + needed // 200


_FAR = 4_000_000  # days; beyond every date that can be written


def _year(day: int) -> int:
    return int(np.datetime64(int(day), "D").astype("datetime64[Y]").astype(int)) + 1970


@lru_cache(maxsize=16)
def _years(calendar: WorkCalendar, first: int, last: int) -> _Days:
    days = np.arange(f"{first:04d}-01-01", f"{last + 1:04d}-01-01", dtype="datetime64[D]")
    numbers = days.astype(np.int64)
    worked = (numbers + _THURSDAY) % 7 < 5  # noqa: PLR2004 - Monday to Friday
    published = calendar.country == "CN"
    for dates, value in (
        (china.holidays if published else (), False),
        (china.workdays if published else (), True),
        (calendar.holidays, False),
        (calendar.extra_workdays, True),
    ):
        rows = _rows(dates, numbers[0], numbers.size)
        worked[rows] = value
    counts = np.cumsum(worked, dtype=np.int64)
    return _Days(int(numbers[0]), worked, counts - worked, numbers[worked])


def _rows(dates: Iterable[date], first: int, count: int) -> NDArray[np.int64]:
    rows = np.array(list(dates), dtype="datetime64[D]").astype(np.int64) - first
    return rows[(rows >= 0) & (rows < count)]


def _numbers(times: Times) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which are known, and all as whole numbers, the unknown at some harmless known one."""
    known = ~np.isnat(times)
    harmless = times[known].min() if known.any() else times.dtype.type(0, "D").astype(times.dtype)
    return known, np.where(known, times, harmless).astype(np.int64)


def _times(instants: NDArray[np.int64], known: NDArray[np.bool_]) -> Times:
    return np.where(known, instants.astype("datetime64[us]"), np.datetime64("NaT", "us"))


def _one(at: datetime) -> Times:
    return np.array([at.replace(tzinfo=None)], dtype="datetime64[us]")


def _only(times: Times, like: datetime) -> datetime:
    answer: datetime = times[0].item()
    return answer.replace(tzinfo=like.tzinfo)


def _clock_us(clock: time) -> int:
    seconds = (clock.hour * 60 + clock.minute) * 60 + clock.second
    return seconds * 1_000_000 + clock.microsecond


def _shown(spans: tuple[tuple[time, time], ...]) -> str | Sentence:
    return " ".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in spans) or Sentence("empty")


def _refuse_negative(amounts: NDArray[np.int64], unit: str) -> None:
    if amounts.min(initial=0) < 0:
        raise ValueError(f"a deadline of {amounts.min()} {unit} lies in the past; give 0 or more")


def holiday_names(
    calendar: WorkCalendar, first: date, last: date, language: str
) -> dict[date, str]:
    """Return the days off work with a name of their own, in order of time.

    `language` is ``"zh"`` or ``"en"``; dates the city lists itself have no published name and
    are called 假日 or "holiday".
    """
    published = china.holidays if calendar.country == "CN" else {}
    chinese = {one.value: one.chinese for one in china.Holiday}
    plain = "假日" if language == "zh" else "holiday"
    named = dict.fromkeys(calendar.holidays, plain) | {
        day: chinese.get(name, name) if language == "zh" else name
        for day, name in published.items()
        if day not in calendar.extra_workdays
    }
    return {day: named[day] for day in sorted(named) if first <= day <= last}
