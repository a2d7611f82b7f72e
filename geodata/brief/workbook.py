"""The tables of a pack as a workbook, and the task list of every office (S17), in units' layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import polars as pl

from geodata.brief.page import all_tables, noted
from geodata.brief.phrases import Phrases
from geodata.findings.summing_up.overview import Overview
from geodata.findings.summing_up.tasks import MOST_TASKS, PeriodTasks, period_tasks
from geodata.press.content import Cell, Column, Content, Table
from geodata.sheets.workbook import MOST_ROWS, Kind, Sheet, write_workbook
from geodata.sheets.workbook import Column as SheetColumn
from geodata.wording import Words
from geodata.wording.numbers import count

MOST_OFFICES: Final = 60
"""Sheets of task lists; further offices share the last one."""

ROWS_OF_A_SHEET: Final = MOST_ROWS
"""Tasks on one sheet; an office with more has several."""

_TASK_COLUMNS: Final[Mapping[str, Kind]] = {
    "number": "whole", "case": "text", "problem": "text", "description": "text",
    "street": "text", "address": "text", "area": "text", "office": "text", "person": "text",
    "reported": "instant", "due": "instant", "state": "text", "late": "number",
}  # fmt: skip


def workbook_of(content: Content, found: Overview, say: Words) -> bytes:
    """Return the workbook: a summary, every table, then one task list an office."""
    words = Phrases(found, say)
    sheets = [_summary(words, content), *(_sheet(one, say) for one in all_tables(content))]
    if not content.public:
        sheets += task_sheets(words)
    sheets.append(_explained(words, content))
    return write_workbook(sheets, as_of=_as_of(words))


def _as_of(words: Phrases) -> date:
    end: date = words.local(words.both.scope.end_at) - timedelta(days=1)
    return max(end, date(2000, 1, 1))


def note_of(content: Content) -> str:
    """Period, version and what the data are: under the title of every sheet."""
    head = content.heading
    return "\n".join(
        filter(None, (f"{head.span} · {head.as_of} · {head.version}", head.notice, head.filters))
    )


def _summary(words: Phrases, content: Content) -> Sheet:
    say = words.say
    names = ("indicator", "value", "unit", "change", "meaning")
    rows: list[list[object]] = [
        [one.label, one.value, one.unit, _changed(one.change), one.note] for one in content.figures
    ]
    rows += [[None, None, None, None, text] for text in content.sentences]
    return Sheet(
        name=content.headings["figures"],
        title=content.heading.title,
        columns=[SheetColumn(name=say(f"brief.column.{name}")) for name in names],
        rows=rows,
        note=note_of(content),
    )


def _changed(change: Any) -> str | None:
    if change is None or not change.text:
        return None
    return {"up": "▲ ", "down": "▼ ", "flat": ""}[change.direction] + str(change.text)


def _sheet(table: Table, say: Words) -> Sheet:
    """A table with real numbers and days; words where there is none."""
    kinds = [_kind(column, [row[at] for row in table.rows]) for at, column in
             enumerate(table.columns)]  # fmt: skip
    rows = [[_value(cell) for cell in row] for row in table.rows]
    if not rows and table.empty:
        rows = [[table.empty, *([None] * (len(table.columns) - 1))]]
    return Sheet(
        name=table.title,
        title=table.title,
        columns=[
            SheetColumn(name=column.name, kind=kind)
            for column, kind in zip(table.columns, kinds, strict=True)
        ],
        rows=rows,
        note=noted(table, say),
    )


def _kind(column: Column, cells: list[Cell]) -> Kind:
    values = [cell.value for cell in cells if cell.value is not None]
    if values and all(isinstance(value, date) for value in values):
        return "date"
    if column.kind in ("number", "change") and values:
        if all(isinstance(value, int) for value in values):
            return "whole"
        shares = all(cell.text.endswith("%") for cell in cells if cell.value is not None)
        return "share" if shares else "number"
    return "text"


def _value(cell: Cell) -> object:
    return cell.text if cell.value is None else cell.value


def task_sheets(words: Phrases, *, most: int = MOST_TASKS) -> Iterator[Sheet]:
    """One list an office 整改任务分解表: problem, place, person, deadline, state; late first.

    As of the end of the period, like every number of the pack. An office with more tasks than a
    sheet holds has several; what is not listed at all is counted in words.
    """
    both = words.both
    tasks: PeriodTasks = words.source.remember(
        ("brief tasks", both.selection, both.scope.end_at, most),
        lambda: period_tasks(both, most=most),
    )
    known = [code for code in words.source.city.offices.codes() if code in tasks.by_office]
    ordered = [*known, *sorted(set(tasks.by_office) - set(known))]
    single, rest = ordered[:MOST_OFFICES], ordered[MOST_OFFICES:]
    for codes in [*([code] for code in single), *([rest] if rest else [])]:
        yield from _tasks_of(words, codes, tasks)


def _tasks_of(words: Phrases, codes: list[str], tasks: PeriodTasks) -> Iterator[Sheet]:
    say = words.say
    mine = tasks.table.filter(pl.col("office").is_in(codes))
    name = words.office(codes[0]) if len(codes) == 1 else say("brief.table.tasks")
    columns = [
        SheetColumn(name=say(f"brief.column.{column}"), kind=kind)
        for column, kind in _TASK_COLUMNS.items()
    ]
    notes = [words.as_of]
    whole = sum(tasks.by_office[code] for code in codes)
    if whole > len(mine):
        told = {"n": whole, "shown": len(mine), "rest": whole - len(mine)}
        counted = {key: count(say, value) for key, value in told.items()}
        notes.append(say("brief.table.tasks_left_out", **counted))
    for first in range(0, max(len(mine), 1), ROWS_OF_A_SHEET):
        part = mine.slice(first, ROWS_OF_A_SHEET).iter_rows(named=True)
        yield Sheet(
            name=name,
            title=say("brief.detail", area=say("brief.table.tasks"), office=name),
            columns=columns,
            rows=[_task(words, row, at) for at, row in enumerate(part, first + 1)],
            note="\n".join(notes),
        )


def _task(words: Phrases, row: dict[str, Any], at: int) -> list[object]:
    return [
        at,
        row["case_id"],
        words.category(row["category"]),
        row["description"],
        row["street"],
        row["address"],
        words.area(row["area"]),
        words.office(row["office"]),
        row["person"],
        _local(words, row["reported_at"]),
        _local(words, row["due_at"]),
        words.say(f"status.{row['status']}"),
        row["late_days"],
    ]


def _local(words: Phrases, at: datetime | None) -> datetime | None:
    """City time without a zone, to the minute: what a spreadsheet can hold."""
    if at is None:
        return None
    return at.astimezone(words.source.city.zone).replace(tzinfo=None, second=0, microsecond=0)


def _explained(words: Phrases, content: Content) -> Sheet:
    say = words.say
    lines = (*content.formulas, *content.quality, *content.lineage)
    return Sheet(
        name=content.headings["formulas"],
        title=content.headings["formulas"],
        columns=[SheetColumn(name=say(f"brief.column.{one}")) for one in
                 ("indicator", "meaning", "source")],
        rows=[[one.name, one.text, one.source or None] for one in lines],
    )  # fmt: skip
