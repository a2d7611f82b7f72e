from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import polars as pl
import pytest

from geodata.brief.build import overview_of
from geodata.brief.compose import content_of
from geodata.brief.manifest import Request
from geodata.brief.page import all_tables
from geodata.brief.workbook import workbook_of
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


def test_each_office_has_its_own_task_list_and_together_they_hold_every_open_case(book, source):
    waiting = source.facts.frame.filter(
        pl.col("status").cast(pl.String).is_in(["open", "due_soon", "overdue"])
    )
    by_office = dict(waiting.group_by(pl.col("office").cast(pl.String)).len().iter_rows())
    names = {one.code: one.name for one in source.city.offices} | {"unassigned": "未指派"}
    for code, cases in by_office.items():
        assert len(under(book[names[code]], "案卷号")) == cases
    listed = [number for code in by_office for number in under(book[names[code]], "案卷号")]
    assert len(set(listed)) == len(listed) == len(waiting)


def test_no_cell_is_a_formula(book):
    assert [
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet
        for cell in row
        if cell.data_type == "f"
    ] == []
