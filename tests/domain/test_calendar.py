"""Working time: hand-made cases of three years, and a minute-by-minute count as the oracle."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.domain.calendar import WorkCalendar
from geodata.errors import RowWrong

CITY = WorkCalendar()  # 09:00-12:00 and 14:00-18:00
PLAIN = WorkCalendar(country="")
NIGHT_SHIFT = WorkCalendar(
    country="",
    working_hours=((time(7, 30), time(11)), (time(13), time(16)), (time(19), time(22, 15))),
    holidays=frozenset({date(2025, 3, 12)}),
    extra_workdays=frozenset({date(2025, 3, 15)}),
)


def at(text):
    return datetime.fromisoformat(text)


# Source of the days: the State Council General Office's yearly notice, 国务院办公厅关于2024年
# (2025年, 2026年) 部分节假日安排的通知; for 2024 国庆 1-7 October off, 29 September and 12 October
# worked; for 2025 春节 28 January-4 February off, 26 January and 8 February worked; for 2026 劳动节
# 1-5 May off, 9 May worked.
@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2024-09-29", True),  # Sunday
        ("2024-09-30", True),
        ("2024-10-01", False),
        ("2024-10-07", False),  # Monday
        ("2024-10-08", True),
        ("2024-10-12", True),  # Saturday
        ("2024-10-13", False),
        ("2025-01-26", True),  # Sunday
        ("2025-01-27", True),
        ("2025-01-28", False),
        ("2025-02-04", False),  # Tuesday
        ("2025-02-05", True),
        ("2025-02-08", True),  # Saturday
        ("2026-04-30", True),
        ("2026-05-01", False),
        ("2026-05-05", False),  # Tuesday
        ("2026-05-06", True),
        ("2026-05-09", True),  # Saturday
        ("2026-05-10", False),
    ],
)
def test_holidays_and_exchanged_weekends_of_three_years(day, worked):
    assert CITY.is_workday(date.fromisoformat(day)) is worked


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2024-09-30 17:00", 4, "2024-10-08 12:00"),  # over 国庆
        ("2024-09-30 14:00", 4, "2024-09-30 18:00"),  # ends with the day, not with the next
        ("2024-10-11 16:00", 4, "2024-10-12 11:00"),  # into a worked Saturday
        ("2025-01-26 08:00", 1, "2025-01-26 10:00"),  # a worked Sunday, before hours
        ("2025-01-27 17:30", 1, "2025-02-05 09:30"),  # over 春节
        ("2025-01-31 23:10", 7, "2025-02-05 18:00"),  # reported within the holiday
        ("2026-04-30 11:30", 8, "2026-05-06 14:30"),  # over noon and 劳动节
        ("2026-05-09 12:30", 4, "2026-05-09 18:00"),  # in the noon break of a worked Saturday
        ("2026-05-08 20:00", 0.25, "2026-05-09 09:15"),
        ("2026-05-03 03:00", 0, "2026-05-03 03:00"),  # nothing to wait for
    ],
)
def test_deadlines_in_working_hours(start, hours, due):
    assert CITY.add_work_hours(at(start), hours) == at(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2024-09-30 09:00", 1, "2024-10-08 18:00"),
        ("2024-10-11 23:00", 1, "2024-10-12 18:00"),
        ("2024-10-01 10:00", 2, "2024-10-09 18:00"),  # a holiday does not count as the first day
        ("2025-01-24 10:00", 3, "2025-02-05 18:00"),  # Friday; then 26 and 27 January, 5 February
        ("2026-04-29 15:00", 15, "2026-05-22 18:00"),  # 9 May is a worked Saturday
        ("2026-05-03 10:00", 0, "2026-05-06 18:00"),
        ("2026-05-06 10:00", 0, "2026-05-06 18:00"),
    ],
)
def test_deadlines_in_working_days(start, days, due):
    assert CITY.add_work_days(at(start), days) == at(due)


def test_a_deadline_in_days_may_keep_the_clock_time():
    keeps = WorkCalendar(day_deadline="same_clock")
    assert keeps.add_work_days(at("2024-09-30 09:20"), 1) == at("2024-10-08 09:20")


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2024-09-30 17:00", "2024-10-08 10:00", 2),
        ("2025-01-27 11:00", "2025-01-27 15:00", 2),
        ("2026-05-01 00:00", "2026-05-06 00:00", 0),
        ("2026-05-08 00:00", "2026-05-11 00:00", 14),  # Friday and a worked Saturday
        ("2026-05-06 15:00", "2026-05-06 09:00", -4),
    ],
)
def test_working_hours_between_two_times(start, end, hours):
    assert CITY.work_hours_between(at(start), at(end)) == hours


@pytest.mark.parametrize(
    ("when", "inside"),
    [
        ("2026-05-09 09:00", True),
        ("2026-05-09 08:59", False),
        ("2026-05-09 12:00", False),
        ("2026-05-09 13:59", False),
        ("2026-05-09 17:59", True),
        ("2026-05-09 18:00", False),
        ("2026-05-10 10:00", False),
    ],
)
def test_in_hours_counts_beginnings_and_not_ends(when, inside):
    assert CITY.in_hours(at(when)) is inside


def test_every_published_day_agrees_with_its_package():
    days = np.arange("2004-01-01", "2027-01-01", dtype="datetime64[D]")
    published = [chinese_calendar.is_workday(day) for day in days.tolist()]
    assert CITY.is_workday_many(days).tolist() == published


def test_the_years_the_table_knows_are_told_and_beyond_them_weekdays_hold():
    assert CITY.known_from == date(2004, 1, 1)
    assert CITY.known_until is not None
    after = CITY.known_until.year + 1
    assert CITY.is_workday(date(after + 1, 10, 2)) is (date(after + 1, 10, 2).weekday() < 5)
    assert PLAIN.known_until is None


# --- the oracle: walk minute by minute --------------------------------------------------------


def worked_minute(calendar, when):
    day = when.date()
    worked = day.weekday() < 5 if calendar.country == "" else chinese_calendar.is_workday(day)
    worked = day in calendar.extra_workdays or (worked and day not in calendar.holidays)
    return worked and any(begin <= when.time() < end for begin, end in calendar.working_hours)


def walk(calendar, start, minutes):
    now = start
    while minutes > 0:
        minutes -= worked_minute(calendar, now)
        now += timedelta(minutes=1)
    return now


calendars = st.sampled_from([CITY, PLAIN, NIGHT_SHIFT])
minutes_2025 = st.integers(0, 364 * 24 * 60 - 1).map(
    lambda minute: datetime(2025, 1, 1) + timedelta(minutes=minute)  # noqa: DTZ001
)


@given(calendars, minutes_2025, st.integers(0, 1_500))
def test_deadlines_agree_with_a_walk_minute_by_minute(calendar, start, minutes):
    assert calendar.add_work_hours(start, minutes / 60) == walk(calendar, start, minutes)


@given(calendars, minutes_2025, st.integers(0, 4_000))
def test_hours_between_agree_with_a_count_of_minutes(calendar, start, minutes):
    steps = (start + timedelta(minutes=step) for step in range(minutes))
    counted = sum(worked_minute(calendar, step) for step in steps)
    end = start + timedelta(minutes=minutes)
    assert calendar.work_hours_between(start, end) == pytest.approx(counted / 60, abs=1e-9)
    assert calendar.work_hours_between(end, start) == pytest.approx(-counted / 60, abs=1e-9)


@given(calendars, minutes_2025, st.floats(0.01, 200))
def test_adding_hours_and_measuring_them_agree(calendar, start, hours):
    due = calendar.add_work_hours(start, hours)
    assert calendar.work_hours_between(start, due) == pytest.approx(hours, abs=1e-6)


@given(calendars, minutes_2025, st.integers(1, 40))
def test_a_deadline_in_days_ends_the_nth_working_day_after(calendar, start, days):
    due = calendar.add_work_days(start, days)
    between = [start.date() + timedelta(days=step) for step in range(1, 200)]
    worked = [day for day in between if calendar.is_workday(day)]
    assert due == datetime.combine(worked[days - 1], calendar.working_hours[-1][1])


@given(calendars, st.lists(st.tuples(minutes_2025, st.floats(0, 90), st.integers(0, 30))))
def test_many_at_once_equal_one_at_a_time(calendar, rows):
    times = np.array([start for start, _, _ in rows], dtype="datetime64[us]")
    hours = np.array([hours for _, hours, _ in rows], dtype=np.float64)
    days = np.array([days for _, _, days in rows], dtype=np.int64)
    by_hours = [calendar.add_work_hours(start, hours) for start, hours, _ in rows]
    by_days = [calendar.add_work_days(start, days) for start, _, days in rows]
    assert calendar.add_work_hours_many(times, hours).tolist() == by_hours
    assert calendar.add_work_days_many(times, days).tolist() == by_days
    inside = [calendar.in_hours(start) for start, _, _ in rows]
    assert calendar.in_hours_many(times).tolist() == inside


def test_unknown_times_stay_unknown():
    times = np.array(["2026-05-09T10:00", "NaT"], dtype="datetime64[us]")
    assert np.isnat(CITY.add_work_hours_many(times, 1.0)).tolist() == [False, True]
    assert np.isnat(CITY.add_work_hours_many(times, np.array([np.nan, 1.0]))).all()
    assert np.isnat(CITY.add_work_days_many(times, 1)).tolist() == [False, True]
    assert CITY.in_hours_many(times).tolist() == [True, False]
    assert np.isnan(CITY.work_hours_between_many(times, times[::-1])).all()
    assert CITY.is_workday_many(np.array(["NaT"], dtype="datetime64[D]")).tolist() == [False]


def test_centuries_far_from_any_table_still_answer():
    assert CITY.add_work_hours(at("1901-01-04 17:00"), 2) == at("1901-01-07 10:00")
    assert CITY.add_work_days(at("2026-11-20 09:00"), 5_000).year == 2046


def test_a_zone_given_is_kept():
    start = datetime(2026, 5, 8, 17, tzinfo=ZoneInfo("Asia/Shanghai"))
    due = CITY.add_work_hours(start, 2)
    assert due == datetime(2026, 5, 9, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert due.tzinfo is start.tzinfo


@pytest.mark.parametrize(
    "hours",
    [(), ((time(12), time(9)),), ((time(9), time(13)), (time(12), time(18)))],
)
def test_hours_that_cannot_be_counted_are_refused_in_words(hours):
    with pytest.raises(RowWrong, match="working_hours"):
        WorkCalendar(working_hours=hours)


def test_a_country_without_a_table_is_refused_in_words():
    with pytest.raises(RowWrong, match='must be "CN"'):
        WorkCalendar(country="FR")


def test_deadlines_in_the_past_are_refused():
    with pytest.raises(ValueError, match="give 0 or more"):
        CITY.add_work_hours(at("2026-05-09 10:00"), -1)
    with pytest.raises(ValueError, match="give 0 or more"):
        CITY.add_work_days(at("2026-05-09 10:00"), -1)
