"""Spreadsheets (XLSX, XLSB, ODS, XLS): one sheet read as texts, merged cells filled."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET  # expat limits entity expansion itself

import fastexcel
import polars as pl

from geodata.errors import FileUnreadable, WrongSheet
from geodata.ingest.headings import HEADING_SEARCH_ROWS, heading_row, plain, unique_headings
from geodata.ingest.raw import RawTable, table_in_memory

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_MERGE: Final = re.compile(rb'<mergeCell\s+ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_LETTERS: Final = 26
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)

MAX_UNPACKED_BYTES: Final = 4 << 30
"""A full sheet of a million rows stays below this; a workbook that does not is refused."""


def open_workbook(
    path: Path, source: str, known: Collection[str], sheet: str | None = None
) -> RawTable:
    """Read the named sheet, or the first one that has the known headings.

    Raises
    ------
    WrongSheet
        No sheet of that name; the message lists the sheets.
    FileUnreadable
        The workbook is damaged, protected, or has no filled sheet.
    """
    try:
        return _first_table(path, source, known, sheet)
    except (fastexcel.FastExcelError, *_DAMAGED) as error:
        raise FileUnreadable(
            "{source} cannot be opened as a workbook ({error}). Remove any password and save "
            "it again as XLSX.",
            source=source,
            error=error,
        ) from error


def _first_table(path: Path, source: str, known: Collection[str], sheet: str | None) -> RawTable:
    """Read a sheet: its heading row and all rows under it."""
    _check_size(path, source)
    book = fastexcel.read_excel(path)
    name = _choose_sheet(book, source, known, sheet)
    cells = _cells(book, name)
    if cells.height == 0:
        raise FileUnreadable(
            "{source}, sheet '{name}', is empty. Choose another sheet.", source=source, name=name
        )
    cells = _fill_merged(cells, _merged_ranges(path, name))
    at = heading_row(cells.head(HEADING_SEARCH_ROWS).rows(), known)
    headings = unique_headings(cells.row(at))
    body = cells.slice(at + 1).rename(dict(zip(cells.columns, headings, strict=True)))
    return table_in_memory(body, source)


def _check_size(path: Path, source: str) -> None:
    """Check that a workbook does not unpack to more than a workbook can hold."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > MAX_UNPACKED_BYTES:
        raise FileUnreadable(
            "{source} unpacks to {gigabytes} GB. Split it.", source=source, gigabytes=unpacked >> 30
        )


def _choose_sheet(
    book: fastexcel.ExcelReader, source: str, known: Collection[str], sheet: str | None
) -> str:
    names = book.sheet_names
    if not names:
        raise FileUnreadable(
            "{source} is a workbook without a sheet. Save it again as XLSX.", source=source
        )
    if sheet is not None:
        if sheet in names:
            return sheet
        listed = ", ".join(f"'{name}'" for name in names)
        raise WrongSheet(
            "{source} has no sheet '{sheet}'. Its sheets: {listed}.",
            source=source,
            sheet=sheet,
            listed=listed,
        )
    known_counts = [_known_headings(book, name, known) for name in names]
    best = max(known_counts, default=0)
    if best >= 2:  # noqa: PLR2004  one match is a coincidence
        return names[known_counts.index(best)]
    filled = [name for name in names if _cells(book, name, HEADING_SEARCH_ROWS).height]
    return next(iter(filled or names))


def _known_headings(book: fastexcel.ExcelReader, name: str, known: Collection[str]) -> int:
    rows = _cells(book, name, HEADING_SEARCH_ROWS).rows()
    if not rows:
        return 0
    row = rows[heading_row(rows, known)]
    return sum(plain(cell or "") in known for cell in row)


def _cells(book: fastexcel.ExcelReader, name: str, rows: int | None = None) -> pl.DataFrame:
    """Every cell of a sheet as text, dates in ISO form, without any heading."""
    sheet = book.load_sheet(name, header_row=None, n_rows=rows, dtypes="string")
    return sheet.to_polars()


def _merged_ranges(path: Path, sheet: str) -> list[tuple[int, int, int, int]]:
    """List merged areas as 0-based (top, left, bottom, right); XLSX only, else none."""
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as archive:
        part = _sheet_part(archive, sheet)
        return [_area(found) for found in _find_merges(archive, part)] if part else []


def _sheet_part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Name the file in the workbook that holds a sheet."""
    try:
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
        links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ET.ParseError):
        return None
    sheets = (each for each in book.iter() if each.tag.endswith("}sheet"))
    link = next(
        (
            value
            for each in sheets
            if each.get("name") == sheet
            for key, value in each.items()
            if key.endswith("}id")
        ),
        None,
    )
    target = next((each.get("Target", "") for each in links if each.get("Id") == link), "")
    part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return part if part in archive.namelist() else None


def _find_merges(archive: zipfile.ZipFile, name: str) -> Iterator[re.Match[bytes]]:
    """Stream the sheet's markup; merged areas are listed after the rows."""
    with archive.open(name) as stream:
        tail = b""
        while chunk := stream.read(1 << 20):
            text = tail + chunk
            last = 0
            for found in _MERGE.finditer(text):
                last = found.end()
                yield found
            tail = text[max(last, len(text) - 64) :]


def _area(found: re.Match[bytes]) -> tuple[int, int, int, int]:
    left, top, right, bottom = found.groups()
    return int(top) - 1, _column(left), int(bottom) - 1, _column(right)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number - 1


def _fill_merged(cells: pl.DataFrame, ranges: list[tuple[int, int, int, int]]) -> pl.DataFrame:
    """Give every cell of a vertical merge the value at its top.

    A merge across columns is a title or a heading, so only its first column is filled.
    """
    tall = [area for area in ranges if area[2] > area[0] and area[1] < cells.width]
    for left in {area[1] for area in tall}:
        column = cells.columns[left]
        values = cells[column].to_list()
        for top, _, bottom, _ in (area for area in tall if area[1] == left):
            stop = min(bottom + 1, len(values))
            values[top:stop] = values[top : top + 1] * max(stop - top, 0)
        cells = cells.with_columns(pl.Series(column, values, dtype=pl.String))
    return cells
