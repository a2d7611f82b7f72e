from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import openpyxl
import polars as pl
import pytest

from geodata.brief import workbook
from geodata.brief.build import overview_of
from geodata.brief.compose import content_of
from geodata.brief.manifest import Request
from geodata.brief.page import all_tables
from geodata.brief.phrases import Phrases
from geodata.brief.workbook import task_sheets, workbook_of
from geodata.sheets import write_workbook
from geodata.store.lake import Lake
from geodata.wording import Words
from tests.brief.conftest import PERIOD


@pytest.fixture(scope="module")
def found(source):
    return overview_of(source, Request(period=PERIOD), Words("zh"))


@pytest.fixture(scope="module")
def book(found):
    content = content_of(found, Words("zh"))
    return openpyxl.load_workbook(io.BytesIO(workbook_of(content, found, Words("zh"))))


def under(sheet, heading):
    """Values of a column by its heading, and the row of headings."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == heading:
                below = sheet.iter_rows(
                    min_row=cell.row + 1, min_col=cell.column, max_col=cell.column
                )
                return [one.value for (one,) in below if one.value is not None]
    raise AssertionError(f"{sheet.title} has no heading {heading}")


def test_every_table_is_a_sheet(book, found):
    content = content_of(found, Words("zh"))
    titles = {sheet["A1"].value for sheet in book}
    assert {one.title for one in all_tables(content)} <= titles


def test_numbers_and_days_are_real(book, found):
    streets = book["重点路段"]
    top = found.places.streets.filter(pl.col("cases") > 0).head(10)
    assert under(streets, "本周") == top["cases"].to_list()
    oldest = book["超期最久案卷"]
    days = under(oldest, "超期天数")
    assert days == pytest.approx(found.late.overdue["late_days"].head(10).to_list())
    assert all(isinstance(one, datetime | date) for one in under(oldest, "应结"))


def open_at(source, end):
    """Whole cases of the lake that were open at an instant, looked up without the findings."""
    held = Lake(source.city.lake).scan(source.version).collect()
    closed = pl.col("closed_at")
    return held.filter(pl.col("reported_at") < end, closed.is_null() | (closed >= end))


def test_each_office_has_its_own_task_list_and_together_they_hold_every_open_case(book, source):
    end = datetime(2026, 11, 15, 16, tzinfo=UTC)  # midnight after the Sunday of week 46
    waiting = open_at(source, end)
    assert len(waiting) > 0
    offices = source.facts.frame.select("key", pl.col("office").cast(pl.String))
    keyed = waiting.with_columns(key=pl.col("case_id").hash(seed=0)).drop("office")
    by_office = dict(keyed.join(offices, on="key").group_by("office").len().iter_rows())
    names = {one.code: one.name for one in source.city.offices} | {"unassigned": "未指派"}
    for code, cases in by_office.items():
        assert len(under(book[names[code]], "案卷号")) == cases
    listed = [number for code in by_office for number in under(book[names[code]], "案卷号")]
    assert sorted(listed) == sorted(waiting["case_id"])


def test_tasks_stand_as_they_did_when_the_period_ended(book, source, found):
    end = datetime(2026, 11, 15, 16, tzinfo=UTC)
    due = dict(open_at(source, end).select("case_id", "due_at").iter_rows())
    soon = end + timedelta(hours=source.city.due_soon.within_hours)
    late, told = 0, {}
    for sheet in book.worksheets:
        if sheet["A1"].value.startswith("整改任务分解表"):
            assert "2026-11-15" in sheet["A2"].value
            states, numbers = under(sheet, "状态"), under(sheet, "案卷号")
            told |= dict(zip(numbers, states, strict=True))
            late += len(under(sheet, "超期天数"))
    assert set(told) == set(due)
    for number, at in due.items():
        state = "在办" if at is None or at > soon else "超期未结" if at < end else "即将到期"
        assert told[number] == state
    assert late == len(found.late.overdue) == found.headline("overdue_stock").now.value


def test_tasks_not_listed_are_counted_in_words(found):
    words = Phrases(found, Words("zh"))
    whole = {one.title: len(one.rows) for one in task_sheets(words)}
    sheets = list(task_sheets(words, most=20))
    assert sum(len(one.rows) for one in sheets) == 20
    assert {one.title for one in sheets} == set(whole)
    states = [row[11] for one in sheets for row in one.rows]
    assert "在办" not in states
    for one in sheets:
        left = whole[one.title] - len(one.rows)
        assert (f"其余 {left:,} 件" in one.note) == (left > 0)


def test_an_office_with_more_tasks_than_a_sheet_holds_has_several(found, monkeypatch):
    words = Phrases(found, Words("en"))
    whole = [row for one in task_sheets(words) for row in one.rows]
    monkeypatch.setattr(workbook, "ROWS_OF_A_SHEET", 7)
    sheets = list(task_sheets(words))
    assert max(len(one.rows) for one in sheets) == 7
    assert [row for one in sheets for row in one.rows] == whole
    held = openpyxl.load_workbook(io.BytesIO(write_workbook(sheets)))
    assert len(held.sheetnames) == len(sheets)


def test_no_cell_is_a_formula(book):
    assert [
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet
        for cell in row
        if cell.data_type == "f"
    ] == []
