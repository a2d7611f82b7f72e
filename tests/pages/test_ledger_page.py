"""The ledger on every city: lines, the whole case, pages, downloads; hostile texts stay texts."""

from __future__ import annotations

import io
import json

import openpyxl
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access, exports
from dashboard.filters import from_query
from dashboard.text import Speaker
from dashboard.views import ledger as page
from geodata.domain.case import STAGES
from geodata.findings import Source
from geodata.findings.judging.task_list import task_list
from tests.pages.payloads import texts
from tests.pages.test_campaign_page import NO_NUMBER
from tests.pages.test_pages import panels


@pytest.fixture
def made_up(small_city, monkeypatch):
    monkeypatch.setenv(access.CITY_VARIABLE, str(small_city.folder))
    return Source.of(small_city.folder)


def drawn(source, language="zh", **query):
    told = page.page(source, from_query(query), Speaker(language))
    return json.loads(json.dumps(told, ensure_ascii=False, allow_nan=False))


def page_alone(language):
    from dashboard import access, state  # noqa: PLC0415 - runs as a script of its own
    from dashboard.text import Speaker  # noqa: PLC0415
    from dashboard.views import ledger  # noqa: PLC0415

    ledger.render(access.reading(), state.Screen(Speaker(language), {"url": "", "lang": language}))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_opens_on_every_city(folder, monkeypatch, lang):
    monkeypatch.setenv(access.CITY_VARIABLE, str(folder))
    tested = AppTest.from_function(page_alone, args=(lang,), default_timeout=60).run()
    assert not tested.exception
    payload = panels(tested)["ledger"]
    cases = len(access.reading().facts)
    assert len(payload["rows"]) == min(cases, 50)
    assert (payload["empty"] is not None) == (cases == 0)
    assert [text for text in texts(payload) if NO_NUMBER.search(text)] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_case_of_a_page_opens(folder, lang):
    source = Source.of(folder)
    for row in drawn(source, lang)["rows"][:12]:
        whole = drawn(source, lang, **{"o.case": row["id"]})["open"]
        assert whole["case"] == row
        assert whole["on_page"]
        assert len(whole["stages"]) == len(STAGES)
        assert [text for text in texts(whole) if NO_NUMBER.search(text)] == []


def test_marks_lie_between_report_and_end(made_up):
    for row in drawn(made_up)["rows"]:
        life = row["life"]
        places = [stage["x"] for stage in life["stages"]]
        assert places[0] == 0
        assert all(0 <= place <= 1 for place in [*places, life["due"] or 0, life["end"]])
        assert life["words"]
        if row["status"] == "overdue":
            assert life["due"] < life["end"]
            assert row["late"]
            assert "超期" in row["time"]


def test_states_add_up_to_all_cases(made_up):
    payload = drawn(made_up)
    counts = [int(one["n"].replace(",", "")) for one in payload["statuses"] if one["n"]]
    assert sum(counts) == len(made_up.facts)
    (pressed,) = [one for one in drawn(made_up, status="overdue")["statuses"] if one["pressed"]]
    assert pressed["patch"] == {"filters": {"statuses": None}}


def test_turning_the_page_keeps_the_search_and_a_new_search_begins_anew(made_up):
    first = drawn(made_up, **{"o.find": "路"})
    turned = first["pager"]["after"]["options"]["page"]
    second = drawn(made_up, **{"o.find": "路", "o.page": turned})
    assert first["rows"][0] != second["rows"][0]
    other = drawn(made_up, **{"o.find": "街", "o.page": turned})
    assert other["pager"]["before"] is None
    assert drawn(made_up, **{"o.page": "９-x"})["pager"]["before"] is None


def test_what_is_not_found_is_said(made_up):
    assert "查无此街" in drawn(made_up, **{"o.find": "查无此街"})["empty"]["text"]
    gone = drawn(made_up, **{"o.case": "<img src=x>"})["open"]
    assert "<img src=x>" in gone["missing"]
    relaxed = drawn(made_up, **{"from": "2031-01-01"})["empty"]
    assert relaxed["relax"]


def test_a_case_outside_the_filters_opens_by_its_link(made_up):
    number = drawn(made_up, status="overdue")["rows"][0]["id"]
    opened = drawn(made_up, status="closed_on_time", **{"o.case": number})["open"]
    assert opened["case"]["id"] == number
    assert not opened["on_page"]
    assert f"o.case={number}" in opened["link"]


def test_the_task_list_has_a_sheet_per_office_with_real_dates(made_up):
    file = exports.build({"what": "tasks", "format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(file.body))
    tasks = task_list(made_up).table
    assert len(book.sheetnames) == tasks["office"].n_unique()
    assert file.name == "guatu-made-up-tasks-v0.xlsx"
    sheet = book.worksheets[0]
    heading = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "序号")
    rows = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], (int, float))]
    first = dict(zip(heading, rows[0], strict=True))
    assert first["状态"] == "超期未结"
    assert first["整改期限"].year == 2026
    listed = [
        row[heading.index("案卷编号")]
        for one in book.worksheets
        for row in one.iter_rows(values_only=True)
        if isinstance(row[0], (int, float))
    ]
    assert sorted(listed) == sorted(tasks["case_id"])
    assert exports.build({"what": "tasks", "format": "xlsx"}).body == file.body


def test_stage_times_come_as_a_file_of_the_selection(made_up):
    file = exports.build({"what": "stage_times", "format": "csv", "phase": "tackle"})
    table = pl.read_csv(io.BytesIO(file.body), infer_schema=False)
    assert len(table) == int(made_up.keep(from_query({"phase": "tackle"}).selection).sum())
    assert set(STAGES) <= set(table.columns)
    assert table["reported_at"].str.contains(r"\+08:00$").all()
    assert table["made_up"].unique().to_list() == ["true"]


def test_downloads_run_no_formula(folder, monkeypatch):
    monkeypatch.setenv(access.CITY_VARIABLE, str(folder))
    book = openpyxl.load_workbook(
        io.BytesIO(exports.build({"what": "tasks", "format": "xlsx"}).body)
    )
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    risky = [cell for cell in cells if str(cell.value).startswith(("=", "@"))]
    assert all(cell.quotePrefix for cell in risky)
    assert exports.build({"what": "stage_times", "format": "csv"}).body.startswith(b"\xef\xbb\xbf")
