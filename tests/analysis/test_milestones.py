"""Several deadlines per case, counted by hand over the holidays of three years."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from geodata.analysis.milestones import Milestone, milestone_states
from geodata.domain.calendar import WorkCalendar
from geodata.domain.category import Deadline
from tests.analysis.case_rows import cases_of

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar()  # China; 9–12 and 14–18; days end at close of business
STOP = Milestone(
    code="stop_work", category="illegal_structure", within=Deadline(hours=4),
    done_column="dispatched_at",
)  # fmt: skip
RAZE = Milestone(code="demolish", category="illegal_structure", within=Deadline(days=15))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def states(as_of: str, *rows):
    filled = [{"category": "illegal_structure", **row} for row in rows]
    return milestone_states(
        cases_of(*filled), [STOP, RAZE], calendar=CALENDAR, timezone="Asia/Shanghai",
        as_of=local(as_of),
    )  # fmt: skip


# Counted on paper from the State Council's notices:
# 2024: 1–7 October off, Saturday 12 October worked. Filed Monday 30 September 16:00: 2 hours that
#   day, 2 more on Tuesday 8 October → 11:00; days 8 9 10 11 12 | 14–18 | 21–25 October = 15.
# 2025: 春节 28 January–4 February off, Sunday 26 January and Saturday 8 February worked. Filed
#   Saturday 25 January 10:00, a day off: hours begin Sunday 26 January 9:00 → 14:00 + 1 h = 15:00;
#   days 26 27 January | 5 6 7 8 | 10–14 | 17–20 February = 15.
# 2026: 劳动节 1–5 May off, Saturday 9 May worked. Filed Thursday 30 April 17:00: 1 hour, then
#   Wednesday 6 May 9–12 → 12:00; days 6 7 8 9 | 11–15 | 18–22 | 25 May = 15.
@pytest.mark.parametrize(
    ("filed", "stop_due", "raze_due"),
    [
        ("2024-09-30 16:00", "2024-10-08 11:00", "2024-10-25 18:00"),
        ("2025-01-25 10:00", "2025-01-26 15:00", "2025-02-20 18:00"),
        ("2026-04-30 17:00", "2026-05-06 12:00", "2026-05-25 18:00"),
    ],
)
def test_two_deadlines_over_the_holidays_of_three_years(filed, stop_due, raze_due):
    table = states("2026-12-01", {"reported_at": local(filed), "filed_at": local(filed)})
    assert table["milestone"].to_list() == ["stop_work", "demolish"]
    assert table["due_at"].to_list() == [local(stop_due), local(raze_due)]


def test_each_milestone_has_a_state_of_its_own():
    row = {
        "reported_at": local("2026-03-02 09:00"),
        "filed_at": local("2026-03-02 09:00"),
        "dispatched_at": local("2026-03-02 14:30"),
        "handled_at": local("2026-03-23 18:01"),
    }
    # stop work by 15:00 that day; 15 working days: 3–6, 9–13, 16–20, 23 March, at 18:00
    late = states("2026-04-01", row)
    assert late["state"].to_list() == ["met", "met_late"]
    assert states("2026-03-02 10:00", row)["state"].to_list() == ["due_soon", "running"]
    assert states("2026-03-02 10:00", row)["done_at"].to_list() == [None, None]
    assert states("2026-03-23 18:00:30", row)["state"].to_list() == ["met", "overdue"]
    assert states("2026-03-01", row)["state"].to_list() == ["not_started", "not_started"]


def test_done_at_the_very_deadline_is_on_time():
    at = local("2026-03-02 09:00")
    row = {"reported_at": at, "filed_at": at, "dispatched_at": local("2026-03-02 15:00")}
    assert states("2026-03-03", row)["state"][0] == "met"


def test_cases_of_other_categories_have_no_row_and_no_cases_give_none():
    at = local("2026-03-02 09:00")
    assert states("2026-03-03", {"category": "stall", "reported_at": at}).is_empty()
    empty = states("2026-03-03")
    assert empty.is_empty()
    assert empty.schema["due_at"] == pl.Datetime("us", "UTC")


def test_a_milestone_that_cannot_be_counted_is_refused_in_words():
    wrong = Milestone(code="x", category="a", within=Deadline(hours=1), done_column="sealed_at")
    neither = Milestone(code="y", category="a", within=Deadline())
    for milestone, words in ((wrong, "sealed_at"), (neither, "hours or days")):
        with pytest.raises(ValueError, match=words):
            milestone_states(
                cases_of(), [milestone], calendar=CALENDAR, timezone="Asia/Shanghai",
                as_of=local("2026-03-03"),
            )  # fmt: skip
