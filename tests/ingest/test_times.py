"""Instants in every form such files write them, against the standard library's zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.ingest.times import times

ZONES = ["Asia/Shanghai", "America/New_York", "Europe/Dublin", "Australia/Lord_Howe", "UTC"]
NOON = datetime(2026, 9, 1, 4, 5, 0, tzinfo=UTC)


def year(number):
    return datetime(number, 1, 1)  # noqa: DTZ001  local on purpose


def read(*texts, zone="Asia/Shanghai", formats=()):
    return times(pl.Series(texts, dtype=pl.String), zone, formats).to_list()


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-01 12:05:00",
        "2026-09-01 12:05",
        "2026-9-1 12:5",
        "2026/09/01 12:05:00",
        "2026/9/1 12:05",
        "2026.9.1 12:05",
        "2026年9月1日 12时05分00秒",
        "2026年9月1日12时5分",
        "2026年09月01日 12:05:00",
        "2026-09-0112:05:00",
        "２０２６－０９－０１　１２：０５：００",
        "2026-09-01T12:05:00",
        "2026-09-01T12:05:00+08:00",
        "2026-09-01T12:05:00.000+0800",
        "2026-09-01 04:05:00 +00:00",
        "2026-09-01T04:05:00Z",
        "20260901120500",
        "202609011205",
        "46266.503472222222",
        "1788235500",
        "1788235500000",
    ],
)
def test_forms_of_one_instant(text):
    assert read(text) == [NOON]
    assert read("2026-09-01 12:05:00", text, None, "soon") == [NOON, NOON, None, None]


@pytest.mark.parametrize("text", ["2026-09-01", "2026/9/1", "2026年9月1日", "20260901", "46266"])
def test_a_date_is_its_first_minute(text):
    assert read(text, zone="UTC") == [datetime(2026, 9, 1, tzinfo=UTC)]


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-13-01", "2026-02-30 08:00:00", "25:61", "99999", "1e5", "12", "-", "年月"],
)
def test_what_is_no_time_is_null(text):
    assert read(text) == [None]


def test_own_formats_come_first():
    assert read("01/09/2026 08:00 AM", zone="UTC", formats=["%d/%m/%Y %I:%M %p"]) == [
        datetime(2026, 9, 1, 8, tzinfo=UTC)
    ]


def test_the_two_odd_hours_of_a_year():
    skipped, twice = read("2016-03-13 02:30:00", "2016-11-06 01:30:00", zone="America/New_York")
    assert skipped == datetime(2016, 3, 13, 7, 30, tzinfo=UTC)
    assert twice == datetime(2016, 11, 6, 5, 30, tzinfo=UTC)


@given(
    local=st.datetimes(year(1990), year(2099)).map(lambda at: at.replace(microsecond=0)),
    zone=st.sampled_from(ZONES),
    pattern=st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日%H时%M分%S秒"]),
)
def test_local_times_agree_with_zoneinfo(local, zone, pattern):
    there = local.replace(tzinfo=ZoneInfo(zone), fold=0)
    wanted = there.astimezone(UTC)
    found = read(local.strftime(pattern), zone=zone)[0]
    if wanted.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local:
        assert found == wanted
    else:  # the clocks skipped it; whole hours forward, except where they move by half
        assert timedelta(0) < found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - local
        assert found - wanted <= timedelta(hours=1)


@given(
    st.datetimes(
        year(1990),
        year(2099),
        timezones=st.sampled_from([ZoneInfo(zone) for zone in ZONES]),
    ).map(lambda at: at.replace(microsecond=0))
)
def test_offsets_decide(at):
    assert read(at.isoformat(), zone="Asia/Tokyo") == [at.astimezone(UTC)]


@given(st.datetimes(year(1960), year(2099)).map(lambda a: a.replace(microsecond=0)))
def test_excel_serials_agree_with_excels_day_zero(local):
    serial = (local - (year(1900) - timedelta(days=2))) / timedelta(days=1)
    assert read(f"{serial:.9f}", zone="UTC") == [local.replace(tzinfo=UTC)]


def test_empty_in_empty_out():
    assert read() == []
    assert times(pl.Series([None], dtype=pl.String), "UTC").dtype == pl.Datetime("us", "UTC")
