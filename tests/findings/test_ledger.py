"""The register: late first, every case once, found by number or street, times by the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from geodata.domain.case import STAGES
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.judging.ledger import found_rows, ledger, one_case, stage_order_broken
from geodata.findings.judging.task_list import stage_times, task_list
from geodata.store.lake import Lake
from tests import small_city
from tests.dashboard.conftest import many, take_in

KINDS = ("overdue", "due_soon", "open", "closed")
TACKLE = Selection(phases=frozenset({"tackle"}))


@pytest.fixture(scope="module")
def source(small_city):
    return Source.of(small_city.folder)


def pages(source, selection=TACKLE, size=70, **asked):
    first = ledger(source, selection, size=size, **asked)
    rest = [
        ledger(source, selection, size=size, page=n, **asked) for n in range(2, first.pages + 1)
    ]
    return [first, *rest]


def test_paging_shows_every_case_of_the_selection_once(source):
    numbers = [number for one in pages(source) for number in one.cases["case_id"]]
    expected = source.cases(TACKLE)["case_id"].to_list()
    assert sorted(numbers) == sorted(expected)
    assert ledger(source, TACKLE).total == len(expected)


def test_overdue_comes_first_and_the_longest_overdue_on_top(source):
    """Against a plain sort of whole cases, to the day."""
    zone = source.city.timezone
    cases = pl.concat([one.cases for one in pages(source)])
    kinds = [KINDS.index("closed" if one.startswith("closed") else one) for one in cases["status"]]
    assert kinds == sorted(kinds)
    local = cases.with_columns(pl.col("due_at", "closed_at").dt.convert_time_zone(zone).dt.date())
    for kind in KINDS[:3]:
        due = local.filter(status=kind)["due_at"].to_list()
        assert due == sorted(due)
    closed = local.filter(pl.col("status").str.starts_with("closed"))["closed_at"].to_list()
    assert closed == sorted(closed, reverse=True)
    assert kinds[0] == 0


def test_cases_due_on_one_day_stand_by_the_minute(source):
    for one in pages(source):
        for kind in KINDS[:3]:
            due = one.cases.filter(status=kind)["due_at"].to_list()
            assert due == sorted(due)


def test_pages_beyond_the_ends_are_the_last_and_the_first(source):
    last = ledger(source, TACKLE, page=10_000)
    assert last.page == last.pages
    assert len(last.cases) == last.total - (last.pages - 1) * 50
    assert ledger(source, TACKLE, page=-3).page == 1


def test_a_number_finds_its_case_a_part_finds_all_that_hold_it(source):
    cases = Lake(source.city.lake).scan(None).select("case_id").collect()["case_id"]
    number = cases[7]
    whole = ledger(source, search=f" {number} ")
    assert whole.cases["case_id"].to_list() == [number]
    part = number[-5:]
    holding = cases.filter(cases.str.contains(part, literal=True))
    assert ledger(source, search=part).total == len(holding)
    assert ledger(source, search="no such thing").total == 0
    assert ledger(source, search="\\d.*").total == 0
    assert len(found_rows(source, "")) == 0


def test_a_part_of_a_name_finds_the_cases_on_that_street(source):
    streets = source.cases()["street"].drop_nulls()
    name = streets.mode().sort()[0]
    expected = int(streets.str.contains(name, literal=True).sum())
    found = ledger(source, search=name)
    assert found.total == expected > 0
    assert found.cases["street"].str.contains(name, literal=True).all()
    assert found.by_status == ledger(source).by_status


def test_times_follow_the_working_calendar(tmp_path):
    """Friday 16:00 to the Monday's 10:00: 2 + 1 working hours; 9 September is a holiday."""
    city = small_city.make(tmp_path / "city")
    friday = datetime(2026, 9, 4, 8, tzinfo=UTC)  # 16:00 in Shanghai
    monday = datetime(2026, 9, 7, 2, tzinfo=UTC)  # 10:00
    rows = [
        {"reported_at": friday, "due_at": monday, "closed_at": monday + timedelta(hours=1)},
        {"reported_at": friday, "due_at": monday},
        {"reported_at": friday, "due_at": datetime(2026, 9, 10, 2, tzinfo=UTC)},
        {"reported_at": datetime(2026, 9, 8, 1, tzinfo=UTC)},
    ]
    take_in(city, small_city.cases(rows))
    cases = {row["case_id"]: row for row in ledger(Source.of(city.folder)).cases.to_dicts()}
    closed, late, waiting, undated = (cases[f"case {n}"] for n in (1, 2, 3, 4))
    assert closed["open_work_hours"] == pytest.approx(4)
    assert closed["late_work_hours"] == pytest.approx(1)
    assert closed["late_work_days"] == pytest.approx(1 / 7)
    # until midnight after the 8th: Monday 10–12 and 14–18, and the whole Tuesday
    assert late["late_work_hours"] == pytest.approx(6 + 7)
    assert waiting["late_work_hours"] is None
    assert waiting["left_work_hours"] == pytest.approx(1)  # the 9th is a holiday, then 9 to 10
    assert (undated["late_work_hours"], undated["left_work_hours"]) == (None, None)
    assert waiting["open_days"] == pytest.approx(4 + 8 / 24)


def test_one_case_is_whole_and_a_wrong_number_is_none(source):
    number = ledger(source, TACKLE).cases["case_id"][0]
    found = one_case(source, number)
    assert found["description"][0]
    assert set(STAGES) <= set(found.columns)
    assert one_case(source, "=1+1").is_empty()


def test_stages_in_the_wrong_order_are_noticed(tmp_path):
    city = small_city.make(tmp_path / "city")
    day = datetime(2026, 9, 7, 2, tzinfo=UTC)
    rows = [
        {"reported_at": day, "filed_at": day + timedelta(hours=2),
         "dispatched_at": day + timedelta(hours=1), "closed_at": day + timedelta(hours=3)},
        {"reported_at": day, "closed_at": day},
    ]  # fmt: skip
    take_in(city, small_city.cases(rows))
    source = Source.of(city.folder)
    assert stage_order_broken(one_case(source, "case 1")) == ["dispatched_at"]
    assert stage_order_broken(one_case(source, "case 2")) == []
    assert stage_order_broken(one_case(source, "none")) == []


def test_the_task_list_holds_every_open_case_late_first(source):
    found = task_list(source)
    statuses = source.facts.frame["status"].cast(pl.String)
    open_now = statuses.is_in(["open", "due_soon", "overdue"]).sum()
    assert len(found.table) == open_now
    assert found.left_out == 0
    assert found.table["status"][0] == "overdue"
    assert found.table["office"].null_count() == 0
    cut = task_list(source, most=5)
    assert cut.table["case_id"].to_list() == found.table["case_id"][:5].to_list()
    assert cut.left_out == open_now - 5


def test_hostile_texts_come_back_as_they_are(tmp_path):
    city = small_city.make(tmp_path / "city")
    take_in(city, many(40))
    texts = set(task_list(Source.of(city.folder)).table["description"])
    assert texts == {"=1+1", "@SUM(1)", "<b>粗</b>", "平常"}


def test_stage_times_are_those_of_the_lake(source):
    found = stage_times(source, TACKLE)
    lake = Lake(source.city.lake).scan(None).collect()
    both = found.table.join(lake.select("case_id", *STAGES), on="case_id", suffix="_lake")
    assert len(found.table) == len(both) == source.keep(TACKLE).sum()
    for stage in STAGES:
        assert both[stage].equals(both[f"{stage}_lake"], null_equal=True, check_names=False)
    closed = both.filter(pl.col("closed_at").is_not_null())
    hours = (closed["closed_at"] - closed["reported_at"]).dt.total_seconds() / 3600
    assert (closed["hours_to_closed"] - hours).abs().max() < 0.006
    assert "description" not in found.table.columns
    latest = stage_times(source, TACKLE, most=3)
    assert latest.left_out == len(found.table) - 3
    assert latest.table["reported_at"].min() >= found.table["reported_at"][3]


def test_no_case_at_all(tmp_path):
    source = Source.of(small_city.make(tmp_path / "city").folder)
    found = ledger(source, search="街")
    assert (found.total, found.page, found.pages) == (0, 1, 1)
    assert found.cases.is_empty()
    assert task_list(source).table.is_empty()
    assert stage_times(source).table.is_empty()
    beyond = Selection(from_on=date(2031, 1, 1))
    assert ledger(source, beyond).total == 0
