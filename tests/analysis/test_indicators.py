"""The standard indicators: a slow oracle, and what must always hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given

from geodata.analysis.answers import Scope, Withheld
from geodata.analysis.indicators import COUNTS, RATES, indicator, indicators
from geodata.analysis.reasons import Reason
from geodata.domain.calendar import WorkCalendar
from tests.analysis.case_rows import CELL, END, MARCH, START, at, case_tables, cases_of

ZONE = ZoneInfo("Asia/Shanghai")


def numbers(table: pl.DataFrame) -> dict[str, float | None]:
    return dict(table.select("formula", "value").iter_rows())


def test_leaving_a_case_open_does_not_raise_the_on_time_rate():
    done = {"reported_at": at(1), "filed_at": at(1), "due_at": at(5), "closed_at": at(4)}
    late = {**done, "closed_at": at(8)}
    never = {**done, "closed_at": None}
    rates = [indicator(cases_of(done, other), MARCH, "on_time_rate") for other in (late, never)]
    assert [rate.value for rate in rates] == [0.5, 0.5]


def test_a_period_is_counted_as_it_stood_when_it_ended():
    case = {"reported_at": at(1), "due_at": at(5), "closed_at": at(31)}  # midnight after the end
    april = Scope(from_at=START, until_at=END, as_of=at(60))
    found = numbers(indicators(cases_of(case), april))
    assert (found["due"], found["closed"], found["overdue_open"]) == (1, 0, 1)


def test_what_lies_after_the_data_is_not_due_yet():
    case = {"reported_at": at(1), "due_at": at(20)}
    halfway = Scope(from_at=START, until_at=END, as_of=at(15))
    assert numbers(indicators(cases_of(case), halfway))["due"] == 0


def test_the_bounds_of_a_period_belong_to_one_period_each():
    case = {"reported_at": at(31), "filed_at": at(31), "due_at": at(31), "closed_at": at(31)}
    later = Scope(from_at=END, until_at=at(61), as_of=at(61))
    both = [numbers(indicators(cases_of(case), scope)) for scope in (MARCH, later)]
    assert [found["reported"] for found in both] == [0, 1]
    assert [found["due"] for found in both] == [0, 1]
    assert both[1]["closed_on_time"] == 1  # closed on the very deadline


def test_overdue_backlog_holds_earlier_deadlines_that_are_not_due_again():
    old = {"reported_at": at(-40), "due_at": at(-20)}
    found = numbers(indicators(cases_of(old), MARCH))
    assert (found["due"], found["overdue_open"], found["overdue_stock"]) == (0, 0, 1)


def test_dispatch_accuracy_is_withheld_until_send_backs_are_recorded():
    row = {"reported_at": at(1), "dispatched_at": at(1)}
    cases = cases_of(row, row, row, row)
    unknown = indicator(cases, MARCH, "dispatch_accuracy")
    assert isinstance(unknown, Withheld)
    assert unknown.reason is Reason.NOT_RECORDED
    known = cases.with_columns(sent_back=pl.Series([0, 2, None, 0]))
    answer = indicator(known, MARCH, "dispatch_accuracy")
    assert (answer.numerator, answer.denominator) == (3, 4)
    assert numbers(indicators(known, MARCH))["sent_back"] == 1


def test_a_stage_nobody_records_is_no_silent_zero():
    table = indicators(cases_of({"reported_at": at(1), "closed_at": at(2)}), MARCH)
    silent = table.filter(undecided="not_recorded")["formula"].to_list()
    assert {"filed", "dispatched", "handled", "due", "on_time_rate", "repeat_rate"} <= set(silent)
    assert numbers(table)["closed_in_period"] == 1


def test_mean_handling_time_in_clock_and_working_hours():
    friday = datetime(2026, 3, 6, 17, tzinfo=ZONE)
    cases = cases_of(
        {"reported_at": at(1), "dispatched_at": friday, "handled_at": friday + timedelta(days=3)},
        {"reported_at": at(1), "dispatched_at": friday, "handled_at": friday + timedelta(hours=1)},
        {"reported_at": at(1), "dispatched_at": friday, "handled_at": friday - timedelta(hours=1)},
        {"reported_at": at(1), "handled_at": friday},
    )
    hours = ((time(9), time(12)), (time(14), time(18)))
    calendar = WorkCalendar(country="", working_hours=hours)
    table = indicators(cases, MARCH, calendar=calendar, timezone="Asia/Shanghai")
    found = numbers(table)
    assert found["mean_handling_hours"] == pytest.approx((72 + 1) / 2)
    # Friday 17–18, then Monday 9–12 and 14–17; and one hour
    assert found["mean_handling_work_hours"] == pytest.approx((1 + 3 + 3 + 1) / 2)
    assert table.filter(formula="mean_handling_hours")["n"].item() == 2


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        (Scope(from_at=END, until_at=START, as_of=END), Reason.EMPTY_PERIOD),
        (Scope(from_at=END, until_at=at(61), as_of=END), Reason.NOT_YET),
    ],
)
def test_a_period_without_days_is_answered_in_words(scope, reason):
    table = indicators(cases_of({"reported_at": at(1)}), scope)
    assert set(table["undecided"]) == {reason.value}
    assert table["value"].null_count() == len(table)


def test_no_cases_at_all_is_answered_in_words():
    table = indicators(cases_of(), MARCH)
    assert set(table["undecided"]) == {"no_cases"}
    assert indicators(cases_of(), MARCH, by=("office",)).is_empty()


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        Scope(from_at=datetime(2026, 3, 1), until_at=END, as_of=END)  # noqa: DTZ001


def test_rates_can_leave_patrol_cases_out():
    base = {"reported_at": at(1), "due_at": at(5)}
    cases = cases_of(
        {**base, "channel": "patrol", "closed_at": at(2)},
        {**base, "channel": "12345"},
        {**base, "channel": None, "closed_at": at(2)},
    )
    without = Scope(from_at=START, until_at=END, as_of=END, without_channels=("patrol",))
    answer = indicator(cases, without, "on_time_rate")
    assert (answer.numerator, answer.denominator) == (1, 2)
    assert indicators(cases, without)["without_channels"].unique().to_list() == ["patrol"]
    assert indicator(cases, MARCH, "on_time_rate").denominator == 3


# --- a slow oracle ----------------------------------------------------------------------------


def slow_counts(rows: list[dict]) -> dict[str, int]:
    """The counts, one case at a time."""

    def inside(moment):
        return moment is not None and START <= moment < END

    total = dict.fromkeys(COUNTS, 0)
    for row in rows:
        closed, due = row["closed_at"], row["due_at"]
        is_closed = closed is not None and closed < END
        total["reported"] += inside(row["reported_at"])
        total["filed"] += inside(row["filed_at"])
        total["dispatched"] += inside(row["dispatched_at"])
        total["handled"] += inside(row["handled_at"])
        total["returned"] += inside(row["handled_at"]) and (row["returns"] or 0) > 0
        total["closed_in_period"] += inside(closed)
        total["without_deadline"] += inside(row["reported_at"]) and due is None
        if due is not None and due < END and not is_closed:
            total["overdue_stock"] += 1
        if inside(due):
            total["due"] += 1
            if not is_closed:
                total["overdue_open"] += 1
            else:
                total["closed"] += 1
                total["closed_on_time" if closed <= due else "closed_late"] += 1
    return total


@given(case_tables())
def test_counts_agree_with_counting_one_case_at_a_time(cases):
    expected = slow_counts(cases.to_dicts())
    for row in indicators(cases, MARCH).iter_rows(named=True):
        code = row["formula"]
        if row["undecided"] is None and code in expected and code != "repeated":
            assert row["value"] == expected[code], code


@given(case_tables())
def test_what_must_always_hold(cases):
    table = indicators(cases, MARCH, by=("office",))
    for _, group in table.group_by("office"):
        found = numbers(group)
        if found["due"] is not None:
            parts = ("closed_on_time", "closed_late", "overdue_open")
            assert found["due"] == sum(found[code] for code in parts)
            assert found["overdue_stock"] >= found["overdue_open"]
    rates = table.filter(pl.col("unit") == "share", pl.col("undecided").is_null())
    for row in rates.iter_rows(named=True):
        assert 0 <= row["numerator"] <= row["denominator"]
        assert row["lower"] <= row["value"] <= row["upper"]
    assert (table["value"].is_null() == table["undecided"].is_not_null()).all()
    assert not table["value"].is_nan().any()


@given(case_tables())
def test_groups_sum_to_the_whole(cases):
    whole = indicators(cases, MARCH)
    for by in (("office",), ("channel", "category")):
        table = indicators(cases, MARCH, by=by).filter(pl.col("formula").is_in(COUNTS))
        sums = dict(table.group_by("formula").agg(pl.col("value").sum()).iter_rows())
        for code, total in (
            whole.filter(pl.col("undecided").is_null()).select("formula", "value").iter_rows()
        ):
            if code in COUNTS:
                assert sums[code] == total


def test_every_formula_is_listed_once_per_group():
    row = {"reported_at": at(1), "cell": CELL}
    table = indicators(cases_of(row, {**row, "office": "north"}), MARCH, by=("office",))
    listed = [*COUNTS, *(code for code, _, _ in RATES), "mean_handling_hours"]
    assert table["formula"].to_list() == listed * 2
    assert table["office"].unique(maintain_order=True).to_list() == ["north", "unassigned"]


def test_an_unknown_formula_is_refused():
    with pytest.raises(ValueError, match="no standard indicator"):
        indicator(cases_of({"reported_at": at(1)}), MARCH, "happiness")


def test_periods_follow_the_zone_they_are_given_in():
    midnight = datetime.combine(date(2026, 3, 1), time(), ZONE)
    local = Scope(from_at=midnight, until_at=midnight + timedelta(days=1), as_of=END)
    case = {"reported_at": datetime(2026, 2, 28, 16, 0, tzinfo=UTC)}  # midnight in Shanghai
    table = indicators(cases_of(case), local)
    assert numbers(table)["reported"] == 1
    assert table["from_at"][0] == midnight
