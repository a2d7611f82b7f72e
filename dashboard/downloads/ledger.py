"""Downloads of the ledger: the task list, one sheet per office, and the times of every stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from dashboard.access import Reading
from dashboard.downloads.file import ExportFile, export_file, safe_csv
from dashboard.filters import View
from dashboard.text import Speaker
from geodata.findings.judging.task_list import Tasks, stage_times, task_list
from geodata.findings.source import Source
from geodata.sheets import Column, Sheet, write_workbook
from geodata.sheets.workbook import Kind
from geodata.wording import numbers
from geodata.wording.selection import describe
from geodata.wording.units import unit_names

_COLUMNS: Final[dict[str, Kind]] = {
    "number": "whole", "case": "text", "problem": "text", "description": "text", "place": "text",
    "area": "text", "office": "text", "person": "text", "assisting": "text",
    "reported": "instant", "due": "instant", "state": "text", "returns": "whole",
    "left": "number", "late": "number", "done": "text",
}  # fmt: skip


def tasks(reading: Reading, view: View, say: Speaker) -> ExportFile:
    """Open cases to be put right, one sheet per office, the office with most overdue first."""
    source = reading.source
    found = task_list(source, view.selection)
    sheets = _sheets(source, found, _note(source, view, found, say), say)
    as_of = source.facts.last_day
    return export_file(reading, "tasks", "xlsx", write_workbook(sheets, as_of=as_of))


def times(reading: Reading, view: View, say: Speaker) -> ExportFile:
    """When each case reached each stage: times in the city's zone, names beside codes."""
    source = reading.source
    found = stage_times(source, view.selection)
    zone = source.city.timezone
    told = found.table.with_columns(
        pl.col(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone).dt.to_string("iso:strict")
    )
    for kind in ("category", "office", "area", "channel"):
        names = unit_names(source.city, source.facts, kind, say)
        name = pl.col(kind).replace_strict(names, default=pl.col(kind), return_dtype=pl.String)
        told = told.with_columns(name.alias(f"{kind}_name"))
    if source.city.made_up:
        told = told.with_columns(made_up=pl.lit(value=True))
    cut = f"-latest-{len(told)}" if found.left_out else ""
    return export_file(reading, f"stage-times{cut}", "csv", safe_csv(told))


def _note(source: Source, view: View, found: Tasks, say: Speaker) -> str:
    lines = [
        say(
            "tasks.note",
            filters=describe(source.city, source.facts, view.selection, say),
            as_of=say.day(source.facts.last_day, year=True),
            version=max(source.version, 0),
        )
    ]
    if source.city.made_up:
        lines.append(say("tasks.made_up"))
    if found.left_out:
        shown = len(found.table)
        n = numbers.count(say, shown + found.left_out)
        lines.append(say("tasks.left_out", n=n, shown=numbers.count(say, shown)))
    return "\n".join(lines)


def _sheets(source: Source, found: Tasks, note: str, say: Speaker) -> list[Sheet]:
    columns = [Column(name=say(f"tasks.{name}"), kind=kind) for name, kind in _COLUMNS.items()]
    if found.table.is_empty():
        title = say("tasks.nothing")
        return [Sheet(name=title, title=title, columns=columns, rows=[], note=note)]
    writer = _Writer.of(source, say)
    overdue = (pl.col("status") == "overdue").sum()
    order = found.table.group_by("office").agg(overdue=overdue, n=pl.len())
    order = order.sort(["overdue", "n", "office"], descending=[True, True, False])
    return [
        Sheet(
            name=writer.office.get(office, office),
            title=say("tasks.title", office=writer.office.get(office, office)),
            columns=columns,
            rows=writer.rows(found.table.filter(office=office)),
            note=note,
        )
        for office in order["office"]
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    """Writes tasks as rows of a sheet."""

    source: Source
    say: Speaker
    office: dict[str, str]
    category: dict[str, str]
    area: dict[str, str]

    @classmethod
    def of(cls, source: Source, say: Speaker) -> _Writer:
        names = {
            kind: unit_names(source.city, source.facts, kind, say)
            for kind in ("office", "category", "area")
        }
        return cls(source=source, say=say, **names)

    def rows(self, tasks: pl.DataFrame) -> list[list[object]]:
        return [self._row(number, one) for number, one in enumerate(tasks.to_dicts(), 1)]

    def _row(self, number: int, one: dict[str, Any]) -> list[object]:
        assisting = [self.office.get(code, code) for code in one["assisting"] or []]
        day_hours = self.source.city.calendar.day_hours
        left, late = one["left_work_hours"], one["late_work_days"]
        return [
            number,
            one["case_id"],
            self.category.get(one["category"], one["category"]),
            one["description"],
            " ".join(part for part in (one["street"], one["address"]) if part),
            self.area.get(one["area"], one["area"]),
            self.office.get(one["office"], one["office"]),
            one["person"],
            self.say("filter.between_names").join(assisting),
            self._local(one["reported_at"]),
            self._local(one["due_at"]),
            self.say(f"status.{one['status']}"),
            one["returns"],
            None if left is None else round(left / day_hours, 1),
            None if late is None else round(late, 1),
            None,
        ]

    def _local(self, at: datetime | None) -> datetime | None:
        """Return a time as the city's clocks show it, without a zone, as spreadsheets want it."""
        return None if at is None else at.astimezone(self.source.city.zone).replace(tzinfo=None)
