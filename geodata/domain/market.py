"""Market days 逢场（赶集）日: by the last digit of the day of the month, weekday, or single dates.

Many towns hold their market on the days of the month that end in agreed digits (逢二五八), by the
solar or by the lunar month 农历. Lunar months are those of the `borax` package.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from geodata.errors import RowWrong

Days = npt.NDArray[np.datetime64]
Integers = npt.NDArray[np.int64]

CALENDARS: Final = ("solar", "lunar")

_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, kw_only=True)
class MarketDays:
    """When the market is held; a day that any of the three names is a market day.

    Attributes
    ----------
    digits
        Last digits of the day of the month, 0 to 9: 2 stands for the 2nd, 12th and 22nd, 0 for
        the 10th, 20th and 30th.
    calendar
        Whose months the digits count: ``solar`` 公历 or ``lunar`` 农历.
    weekdays
        Monday = 1 to Sunday = 7.
    dates
        Single days besides.
    """

    digits: tuple[int, ...] = ()
    calendar: Literal["solar", "lunar"] = "solar"
    weekdays: tuple[int, ...] = ()
    dates: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        """Refuse days that no month or week has."""
        if self.calendar not in CALENDARS:
            raise RowWrong(
                'market_calendar is {found!r}; write "solar" or "lunar".',
                found=self.calendar,
            )
        if wrong := [one for one in self.digits if one not in range(10)]:
            raise RowWrong(
                "market_days holds {found!r}; write last digits of the day of the "
                "month, 0 to 9, such as [2, 5, 8] (0: the 10th, 20th and 30th).",
                found=wrong[0],
            )
        if wrong := [one for one in self.weekdays if one not in range(1, 8)]:
            raise RowWrong(
                "market_weekdays holds {found!r}; write weekdays from 1 (Monday) to 7 (Sunday).",
                found=wrong[0],
            )

    @property
    def known(self) -> bool:
        """Whether the city names any market day."""
        return bool(self.digits or self.weekdays or self.dates)

    def flags(self, days: Days) -> npt.NDArray[np.bool_]:
        """Which of these ``datetime64[D]`` dates are market days; same order and length."""
        numbers = days.astype("datetime64[D]").astype(np.int64)
        found = np.isin(numbers, np.array(list(self.dates), "datetime64[D]").astype(np.int64))
        found |= np.isin((numbers + 3) % 7 + 1, self.weekdays)
        if self.digits and len(days):
            of_month = lunar_days(days) if self.calendar == "lunar" else _solar_days(days)
            found |= np.isin(of_month % 10, self.digits)
        return found


def _solar_days(days: Days) -> Integers:
    begins = days.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    found: Integers = days.astype("datetime64[D]").astype(np.int64) - begins + 1
    return found


def lunar_days(days: Days) -> Integers:
    """Day of the lunar month 农历, 1 to 30, of each ``datetime64[D]`` date from 1901 to 2099."""
    numbers = days.astype("datetime64[D]").astype(np.int64)
    return np.array([_lunar_day(int(number)) for number in numbers], dtype=np.int64)


@lru_cache(maxsize=100_000)
def _lunar_day(number: int) -> int:
    """Day of the lunar month of a day counted from 1970-01-01."""
    from borax.calendars.lunardate import LunarDate  # noqa: PLC0415 - only towns that count 农历

    return int(LunarDate.from_solar(date.fromordinal(_EPOCH + number)).day)
