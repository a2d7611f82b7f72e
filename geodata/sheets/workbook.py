"""Excel workbooks: real dates and numbers, no formula from data, equal tables give equal bytes.

A sheet is a title, lines of notes, one row of headings and the rows. Nothing is read from the
clock: a workbook carries the day its numbers are of.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from math import isfinite
from typing import Any, Final, Literal

import xlsxwriter

from geodata.errors import GeodataError
from geodata.ingest.spreadsheet_safety import protected_text
from geodata.sheets.layout import sheet_names, text_width

Kind = Literal["text", "whole", "number", "share", "date", "instant"]

MOST_ROWS: Final = 1_048_576 - 100
"""Excel's own limit, less room for title, notes and headings."""

MOST_CHARACTERS: Final = 32_767
"""Excel's own limit for one cell."""

_FORMATS: Final[dict[str, dict[str, Any]]] = {
    "text": {"text_wrap": True},
    "whole": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.0"},
    "share": {"num_format": "0.0%"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
}
_FIRST_DAY: Final = date(1900, 3, 1)  # Excel's calendar has a 29 February 1900
_NARROWEST, _WIDEST = 6.0, 42.0


class SheetTooLong(GeodataError):
    """More rows than a sheet can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a sheet.

    Attributes
    ----------
    name
        The heading, in the reader's language.
    kind
        ``text``; ``whole``, ``number`` (``digits`` after the point); ``share`` (0.758 shows as
        75.8%); ``date``; ``instant`` (a datetime in the city's time, without a zone).
    width
        In characters of Latin text; by default as wide as heading and contents need.
    """

    name: str
    kind: Kind = "text"
    digits: int = 1
    width: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet.

    Attributes
    ----------
    name
        On the tab; shortened and made unique where Excel would refuse it.
    title
        First line above the table.
    rows
        One value per column. None leaves the cell empty; a text is written as text in any
        column (the reason why there is no number).
    note
        Lines under the title: period, filters, version, what a number means.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    note: str = ""


def write_workbook(sheets: Sequence[Sheet], *, as_of: date | None = None) -> bytes:
    """Return the sheets as one .xlsx file; numbers are kept to twelve digits.

    Headings are frozen and filtered; pages are A4 landscape, as wide as the table, with title and
    headings repeated. Texts are never run as formulas, not even after editing the cell.

    Parameters
    ----------
    as_of
        The day the numbers are of: it becomes the date of the file.

    Returns
    -------
    bytes
        The same for the same sheets.

    Raises
    ------
    SheetTooLong
        A sheet has more than `MOST_ROWS` rows.
    ValueError
        There is no sheet, a row has not one value per column, a number is not finite, or a time
        has a zone or lies before Excel's first day.
    """
    if not sheets:
        raise ValueError("a workbook holds at least one sheet; give one, with no rows if need be")
    written = io.BytesIO()
    book = xlsxwriter.Workbook(
        written,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_format_properties": {"font_name": "Microsoft YaHei", "font_size": 10},
        },
    )
    made_on = datetime.combine(as_of or date(2000, 1, 1), time())
    book.set_properties({"title": _clean(sheets[0].title), "created": made_on})
    for name, sheet in zip(sheet_names([one.name for one in sheets]), sheets, strict=True):
        _Pen(book, sheet).write(book.add_worksheet(name))
    book.close()
    return written.getvalue()


class _Pen:
    """Writes one sheet."""

    def __init__(self, book: Any, sheet: Sheet) -> None:
        if len(sheet.rows) > MOST_ROWS:
            raise SheetTooLong(
                "The sheet {sheet!r} would have {rows:,} rows; a sheet holds {most:,}. Choose a "
                "shorter period or fewer offices, or take the CSV.",
                sheet=sheet.name,
                rows=len(sheet.rows),
                most=MOST_ROWS,
            )
        self._sheet = sheet
        plain = {"valign": "top", "border": 1, "border_color": "#D8DFE3"}
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._note = book.add_format({"font_color": "#45535F"})
        self._heading = book.add_format(
            plain | {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E1ECF2"}
        )
        self._cell = [book.add_format(plain | _format(column)) for column in sheet.columns]
        # the apostrophe of a spreadsheet, kept in the style so that the text stays as it is
        self._risky = book.add_format(plain | {"text_wrap": True, "quote_prefix": True})
        self._words = book.add_format(plain | {"text_wrap": True, "font_color": "#616E79"})

    def write(self, page: Any) -> None:
        """Title, notes, headings, rows; then how it scrolls, filters and prints."""
        notes = [line for line in self._sheet.note.splitlines() if line.strip()]
        page.write_string(0, 0, _clean(self._sheet.title), self._title)
        for at, line in enumerate(notes, start=1):
            page.write_string(at, 0, _clean(line), self._note)
        top = len(notes) + 1
        for at, column in enumerate(self._sheet.columns):
            page.write_string(top, at, _clean(column.name), self._heading)
        for row, values in enumerate(self._sheet.rows, start=top + 1):
            self._row(page, row, values)
        self._lay_out(page, top)

    def _row(self, page: Any, row: int, values: Sequence[object]) -> None:
        pairs = zip(self._sheet.columns, values, strict=True)
        for at, (column, value) in enumerate(pairs):
            self._value(page, row, at, column.kind, value)

    def _value(self, page: Any, row: int, at: int, kind: str, value: object) -> None:
        style = self._cell[at]
        if value is None:
            page.write_blank(row, at, None, style)
        elif isinstance(value, str) or kind == "text":
            self._text(page, row, at, kind, _clean(str(value)))
        elif isinstance(value, date):
            page.write_datetime(row, at, _day(value), style)
        elif isinstance(value, (int, float)) and isfinite(value):
            page.write_number(row, at, _digits(value), style)
        else:
            raise ValueError(
                f"row {row}, column {self._sheet.columns[at].name!r}: {value!r} is no {kind}; "
                "give None, or the reason as a text"
            )

    def _text(self, page: Any, row: int, at: int, kind: str, text: str) -> None:
        style = self._cell[at] if kind == "text" else self._words
        page.write_string(row, at, text, self._risky if protected_text(text) != text else style)

    def _lay_out(self, page: Any, top: int) -> None:
        columns, rows = self._sheet.columns, self._sheet.rows
        for at, column in enumerate(columns):
            page.set_column(at, at, column.width or _width(column, [row[at] for row in rows]))
        page.freeze_panes(top + 1, 0)
        if columns:
            page.autofilter(top, 0, top + max(len(rows), 1), len(columns) - 1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0, top)
        page.set_footer("&L&A&R&P / &N")


def _format(column: Column) -> dict[str, Any]:
    if column.kind != "number":
        return _FORMATS[column.kind]
    return {"num_format": f"#,##0.{'0' * column.digits}" if column.digits else "#,##0"}


def _width(column: Column, values: Iterable[object]) -> float:
    """As wide as most contents; long texts wrap."""
    fixed = {"date": 11.0, "instant": 17.0}.get(column.kind, 0.0)
    texts = [value for value in values if isinstance(value, str)]
    longest = max((text_width(text) for text in texts), default=0.0)
    heading = text_width(column.name) + 3  # the filter's arrow
    return min(max(_NARROWEST, fixed, heading, longest + 1), _WIDEST)


def _digits(value: float) -> float:
    """Twelve digits: what differs beyond them is the order of adding up, not the number."""
    return value if isinstance(value, int) else float(f"{value:.12g}")


def _day(value: date) -> date:
    if isinstance(value, datetime) and value.tzinfo is not None:
        raise ValueError(f"{value} has a zone; give the city's own time, without one")
    if (value.date() if isinstance(value, datetime) else value) < _FIRST_DAY:
        raise ValueError(f"{value} lies before {_FIRST_DAY}, the first day a spreadsheet knows")
    return value


def _clean(text: str) -> str:
    """Text as a file can hold it: no lone surrogates, cut with an ellipsis at Excel's limit."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole if len(whole) <= MOST_CHARACTERS else whole[: MOST_CHARACTERS - 1] + "…"
