"""Deadlines of whole columns in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from geodata.domain.calendar import WorkCalendar
from geodata.domain.deadlines import due_times, local_times, within_hours

CITY = WorkCalendar()
SHANGHAI = "Asia/Shanghai"
UTC_TIME = pl.Datetime("us", "UTC")


def shanghai(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(SHANGHAI)).astimezone(UTC)


def column(*texts):
    return pl.Series("filed_at", [text and shanghai(text) for text in texts], dtype=UTC_TIME)


def test_hours_win_over_days_and_neither_gives_no_deadline():
    due = due_times(
        column("2024-09-30 17:00", "2024-09-30 17:00", "2024-09-30 17:00", None),
        hours=pl.Series([4, 4, None, 4], dtype=pl.Float64),
        days=pl.Series([None, 1, 1, 1], dtype=pl.Int16),
        calendar=CITY,
        timezone=SHANGHAI,
    )
    morning, evening = shanghai("2024-10-08 12:00"), shanghai("2024-10-08 18:00")
    assert due.to_list() == [morning, morning, evening, None]
    assert (due.name, due.dtype) == ("filed_at", UTC_TIME)
    neither = pl.Series([None], dtype=pl.Float64)
    none = due_times(
        column("2024-09-30 17:00"), hours=neither, days=neither, calendar=CITY, timezone=SHANGHAI
    )
    assert none.to_list() == [None]


def test_empty_in_empty_out():
    empty = pl.Series("filed_at", [], dtype=UTC_TIME)
    nothing = pl.Series([], dtype=pl.Float64)
    due = due_times(empty, hours=nothing, days=nothing, calendar=CITY, timezone=SHANGHAI)
    assert (len(due), due.dtype) == (0, UTC_TIME)
    assert within_hours(empty, calendar=CITY, timezone=SHANGHAI).to_list() == []


def test_the_wall_clock_follows_daylight_saving():
    # Boston set its clocks forward on 2011-03-13; both mornings begin at 09:00 on the wall
    boston = WorkCalendar(country="", working_hours=CITY.working_hours)
    started = pl.Series(
        "filed_at", [datetime(2011, 3, 11, 13, tzinfo=UTC), datetime(2011, 3, 14, 12, tzinfo=UTC)]
    ).cast(UTC_TIME)
    hours = pl.Series([1.0, 1.0])
    nothing = pl.Series([None, None], dtype=pl.Int64)
    due = due_times(
        started, hours=hours, days=nothing, calendar=boston, timezone="America/New_York"
    )
    assert due.to_list() == [
        datetime(2011, 3, 11, 15, tzinfo=UTC),
        datetime(2011, 3, 14, 14, tzinfo=UTC),
    ]


def test_within_hours_reads_the_wall_clock_and_keeps_gaps():
    at = column("2026-05-09 09:00", "2026-05-09 12:30", "2026-05-10 09:00", None)
    inside = within_hours(at, calendar=CITY, timezone=SHANGHAI)
    assert inside.to_list() == [True, False, False, None]


@given(st.lists(st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2026, 12, 31))))  # noqa: DTZ001
def test_local_times_are_the_zones_own_clock(times):
    stamped = [time and time.replace(tzinfo=UTC) for time in times]
    local = local_times(pl.Series(stamped, dtype=UTC_TIME), "America/New_York")
    zone = ZoneInfo("America/New_York")
    wanted = [time and time.astimezone(zone).replace(tzinfo=None) for time in stamped]
    assert local.tolist() == wanted
