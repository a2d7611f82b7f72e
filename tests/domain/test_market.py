"""Market days by digit, lunar digit, weekday and date, against dates everybody knows."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import numpy as np
import pytest

from geodata.domain.market import MarketDays, lunar_days
from geodata.errors import RowWrong

YEAR = np.arange("2026-01-01", "2027-01-01", dtype="datetime64[D]")


def held(market, days=YEAR):
    return days[market.flags(days)].astype(object).tolist()


def test_two_five_eight_are_the_days_that_end_in_them():
    found = held(MarketDays(digits=(2, 5, 8)))
    assert found == [
        day for day in YEAR.astype(object).tolist() if str(day.day)[-1] in {"2", "5", "8"}
    ]
    assert found[:4] == [date(2026, 1, nth) for nth in (2, 5, 8, 12)]


def test_nought_is_the_tenth_and_one_includes_the_thirty_first():
    assert [day.day for day in held(MarketDays(digits=(0,)))[:3]] == [10, 20, 30]
    assert date(2026, 1, 31) in held(MarketDays(digits=(1,)))


def test_lunar_days_agree_with_the_festivals_published():
    """New Year is the 1st of a lunar month, 端午 a 5th, 中秋 a 15th: holidays as published."""
    firsts = {
        2008: (2, 7), 2010: (2, 14), 2012: (1, 23), 2015: (2, 19), 2018: (2, 16), 2020: (1, 25),
        2021: (2, 12), 2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17),
        2033: (1, 31), 2034: (2, 19),
    }  # fmt: skip
    days = np.array([date(year, *on) for year, on in firsts.items()], "datetime64[D]")
    assert (lunar_days(days) == 1).all()
    assert (lunar_days(days - 1) >= 29).all()
    others = {
        date(2024, 6, 10): 5, date(2025, 5, 31): 5, date(2026, 6, 19): 5,
        date(2024, 9, 17): 15, date(2025, 10, 6): 15, date(2026, 9, 25): 15, date(2020, 10, 1): 15,
    }  # fmt: skip
    assert lunar_days(np.array(list(others), "datetime64[D]")).tolist() == list(others.values())
    assert chinese_calendar.is_holiday(date(2026, 2, 17))


def test_lunar_months_have_29_or_30_days_and_never_skip():
    found = lunar_days(np.arange("1995-01-01", "2060-01-01", dtype="datetime64[D]"))
    steps = np.diff(found)
    ends = found[:-1][steps != 1]
    assert set(ends.tolist()) == {29, 30}
    assert (found[1:][steps != 1] == 1).all()


def test_lunar_digits_are_not_the_solar_ones():
    lunar = MarketDays(digits=(3, 6, 9), calendar="lunar")
    assert date(2026, 2, 19) in held(lunar)  # 正月初三
    assert date(2026, 2, 17) not in held(lunar)  # 正月初一
    assert len(held(lunar)) == pytest.approx(365 * 9 / 29.53, abs=4)


def test_weekdays_and_dates_add_up():
    market = MarketDays(weekdays=(6,), dates=frozenset([date(2026, 10, 1)]))
    found = held(market)
    saturdays = [day for day in YEAR.astype(object).tolist() if day.isoweekday() == 6]
    assert found == sorted([*saturdays, date(2026, 10, 1)])
    assert market.known
    assert not MarketDays().known
    assert held(MarketDays()) == []


def test_no_day_in_no_day_out():
    nothing = YEAR[:0]
    assert len(MarketDays(digits=(2,), calendar="lunar").flags(nothing)) == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"digits": (12,)}, "market_days holds 12"),
        ({"weekdays": (0,)}, "market_weekdays holds 0"),
        ({"calendar": "moon"}, "market_calendar is 'moon'"),
    ],
)
def test_days_that_do_not_exist_are_refused(wrong, words):
    with pytest.raises(RowWrong, match=words):
        MarketDays(**wrong)


def test_one_day_asked_alone_gets_the_same_answer():
    market = MarketDays(digits=(2, 5, 8), calendar="lunar")
    every = market.flags(YEAR)
    for nth in range(0, 365, 17):
        day = date(2026, 1, 1) + timedelta(days=nth)
        assert market.flags(np.array([day], "datetime64[D]"))[0] == every[nth]
