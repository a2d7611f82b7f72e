"""A workbook read back by another library holds what was written, and nothing runs in it."""

from __future__ import annotations

import io
import json
import time
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.sheets import Column, Sheet, SheetTooLong, workbook, write_workbook
from geodata.sheets.layout import LONGEST_NAME, sheet_names, text_width

COLUMNS = (
    Column(name="街路"),
    Column(name="件数", kind="whole"),
    Column(name="天数", kind="number", digits=2),
    Column(name="反弹率", kind="share"),
    Column(name="日期", kind="date"),
    Column(name="时刻", kind="instant"),
)
ROW = ("倪家桥路", 1234, 0.5, 0.758, date(2026, 11, 22), datetime(2026, 11, 22, 8, 30))  # noqa: DTZ001
RISKY = ["=1+1", "+A1", "-2+3", "@SUM(1)", "\t=1", "＝1", "'=1", "<b>", "a\x00b\x0bc"]


def sheet(rows=(ROW,), columns=COLUMNS, **more):
    about = {"name": "街路", "title": "反弹", "note": "数据版本 v3\n2026-09-21 至 11-15"} | more
    return Sheet(columns=columns, rows=rows, **about)


def texts(values):
    return sheet([(value,) for value in values], [Column(name="文字")], note="")


def read(content, **options):
    return openpyxl.load_workbook(io.BytesIO(content), **options)


def test_values_come_back_with_their_types_and_formats():
    page = read(write_workbook([sheet()])).active
    assert page.cell(1, 1).value == "反弹"
    assert [page.cell(row, 1).value for row in (2, 3)] == ["数据版本 v3", "2026-09-21 至 11-15"]
    assert [cell.value for cell in page[4]] == [column.name for column in COLUMNS]
    cells = page[5]
    assert [cell.value for cell in cells[:4]] == list(ROW[:4])
    assert cells[4].value == datetime(2026, 11, 22)  # noqa: DTZ001 - a spreadsheet has no zone
    assert cells[5].value == ROW[5]
    assert [cell.number_format for cell in cells[1:]] == [
        "#,##0", "#,##0.00", "0.0%", "yyyy-mm-dd", "yyyy-mm-dd hh:mm",
    ]  # fmt: skip


def test_it_is_made_for_reading_sorting_and_printing():
    page = read(write_workbook([sheet()])).active
    assert page.freeze_panes == "A5"
    assert page.auto_filter.ref == "A4:F5"
    assert page.print_title_rows == "$1:$4"
    assert (page.page_setup.orientation, int(page.page_setup.paperSize)) == ("landscape", 9)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    assert page.column_dimensions["A"].width >= text_width("倪家桥路")


def test_equal_sheets_give_equal_bytes_whenever_they_are_written():
    first = write_workbook([sheet()], as_of=date(2026, 11, 22))
    time.sleep(2.1)  # the step of times inside a zip file
    assert write_workbook([sheet()], as_of=date(2026, 11, 22)) == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {1980}
        assert b"2026-11-22T00:00:00Z" in parts.read("docProps/core.xml")


def test_the_order_of_adding_up_does_not_show():
    one, other = 0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1
    assert one != other
    first, second = (write_workbook([sheet([("甲", 1, n, n, None, None)])]) for n in (one, other))
    assert first == second


def test_another_day_or_another_value_gives_other_bytes():
    first = write_workbook([sheet()])
    assert write_workbook([sheet()], as_of=date(2026, 11, 23)) != first
    assert write_workbook([sheet([("倪家桥路", 1235, *ROW[2:])])]) != first


def formulas(content):
    return [
        cell.coordinate
        for page in read(content)
        for row in page.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def test_no_text_is_a_formula_even_after_editing_it():
    content = write_workbook([texts(RISKY)])
    assert formulas(content) == []
    cells = [page[0] for page in read(content).active.iter_rows(min_row=3)]
    assert [cell.value for cell in cells[:3]] == RISKY[:3]
    assert [cell.quotePrefix for cell in cells[:8]] == [True] * 7 + [False]


def test_hostile_titles_headings_and_tabs_are_text_too():
    hostile = Sheet(name="=1+1:[x]", title="=1+1", columns=[Column(name="@a")], rows=[("x",)],
                    note="=2+2")  # fmt: skip
    content = write_workbook([hostile])
    assert formulas(content) == []
    page = read(content).active
    assert [page.cell(row, 1).value for row in (1, 2, 3)] == ["=1+1", "=2+2", "@a"]


def test_payloads_of_strangers(shared):
    hostile = shared / "data" / "hostile"
    payloads = (hostile / "csv-injection-payload.txt").read_text(encoding="utf-8").splitlines()
    payloads += json.loads((hostile / "blns.json").read_text(encoding="utf-8"))
    content = write_workbook([texts(payloads)])
    assert formulas(content) == []
    assert read(content).active.max_row == 2 + len(payloads)


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_any_text_can_be_written(values):
    page = read(write_workbook([texts(values)])).active
    found = [page.cell(row, 1).value for row in range(3, 3 + len(values))]
    for value, back in zip(values, found, strict=True):
        if value.isprintable():
            assert (back or "") == value


def test_missing_values_are_empty_and_reasons_are_words():
    page = read(
        write_workbook([sheet([("甲", None, None, "应结案不足 50 件", None, None)])])
    ).active
    assert [cell.value for cell in page[5]] == ["甲", None, None, "应结案不足 50 件", None, None]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object()])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="件数"):
        write_workbook([sheet([("甲", value, None, None, None, None)])])


@pytest.mark.parametrize("value", [datetime(2026, 1, 1, tzinfo=UTC), date(1899, 12, 31)])
def test_times_a_spreadsheet_cannot_hold_are_refused(value):
    with pytest.raises(ValueError, match=r"zone|lies before"):
        write_workbook([sheet([("甲", None, None, None, value, None)])])


def test_refusals(monkeypatch):
    with pytest.raises(ValueError, match="at least one sheet"):
        write_workbook([])
    with pytest.raises(ValueError, match="zip"):
        write_workbook([sheet([("甲",)])])
    monkeypatch.setattr(workbook, "MOST_ROWS", 1)
    with pytest.raises(SheetTooLong, match="2 rows"):
        write_workbook([sheet([ROW, ROW])])


def test_a_sheet_without_rows_still_has_its_headings():
    page = read(write_workbook([sheet([])])).active
    assert [cell.value for cell in page[4]] == [column.name for column in COLUMNS]


def test_a_text_too_long_for_a_cell_ends_in_an_ellipsis():
    (value,) = [row[0] for row in read(write_workbook([texts(["长" * 40_000])])).active.iter_rows(
        min_row=3, values_only=True)]  # fmt: skip
    assert len(value) == workbook.MOST_CHARACTERS
    assert value.endswith("…")


@given(st.lists(st.text(max_size=40), min_size=1, max_size=12))
def test_tabs_are_what_a_spreadsheet_accepts(wanted):
    names = sheet_names(wanted)
    assert len(names) == len(wanted)
    assert len({name.casefold() for name in names}) == len(wanted)
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= LONGEST_NAME
        assert not set(name) & set("[]:*?/\\")
        assert name[0] != "'"
        assert name[-1] != "'"


def test_long_office_names_stay_apart():
    names = [
        f"某某市某某区某某街道综合行政执法与城市运行管理服务中心联合巡查工作站{i}"
        for i in range(40)
    ]
    assert len(set(sheet_names(names))) == 40
    assert read(write_workbook([sheet(name=name) for name in names])).sheetnames == (
        sheet_names(names)
    )
