"""Delimited text: CSV with comma, semicolon, tab or bar, read as texts only."""

from __future__ import annotations

import csv
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from geodata.errors import FileUnreadable
from geodata.ingest.headings import HEADING_SEARCH_ROWS, heading_row, plain, unique_headings
from geodata.ingest.raw import EXTRA, RawBatch, RawTable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

_SEPARATORS: Final = ",;\t|"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """Where the rows are and how they are written."""

    path: Path
    separator: str
    headings: tuple[str, ...]
    skip_rows: int

    @property
    def schema(self) -> dict[str, type[pl.String]]:
        return dict.fromkeys((*self.headings, EXTRA), pl.String)


def open_delimited(path: Path, source: str, known: Collection[str]) -> RawTable:
    """Find separator and headings of a UTF-8 text file; rows are read when asked for.

    Raises
    ------
    FileUnreadable
        There are no headings, or the text is no table.
    """
    separator = _sniff_separator(path, known)
    rows = _first_rows(path, separator)
    at = heading_row(rows, known)
    if not rows or not any((cell or "").strip() for cell in rows[at]):
        raise FileUnreadable(
            "{source} holds no headings. Export it again, headings included.", source=source
        )
    if any("\x00" in cell for cell in rows[at]):
        raise FileUnreadable(
            "{source} is not a table: its heading row holds binary bytes.", source=source
        )
    headings = unique_headings(rows[at])
    body = _Body(path=path, separator=separator, headings=headings, skip_rows=at + 1)

    def scan(batch_rows: int, columns: Sequence[str] | None) -> Iterator[RawBatch]:
        first_row = 1
        try:
            for frame in _scan_fast(body, batch_rows, columns):
                yield RawBatch(frame=frame, first_row=first_row, source=source)
                first_row += frame.height
        except pl.exceptions.PolarsError:
            yield from _scan_tolerant(body, source, first_row)

    return RawTable(source=source, headings=headings, scan=scan)


def _first_rows(path: Path, separator: str) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        try:
            return list(
                itertools.islice(csv.reader(stream, delimiter=separator), HEADING_SEARCH_ROWS)
            )
        except csv.Error as error:
            raise FileUnreadable(
                "{file} is not a table ({error} near the start). Export it as CSV.",
                file=path.name,
                error=error,
            ) from error


def _sniff_separator(path: Path, known: Collection[str]) -> str:
    """Choose the separator under which most headings are known, then the widest rows."""

    def fitness(separator: str) -> tuple[int, int]:
        rows = _first_rows(path, separator)
        if not rows:
            return (0, 0)
        at = heading_row(rows, known)
        return (sum(plain(cell) in known for cell in rows[at]), len(rows[at]))

    return max(_SEPARATORS, key=fitness)


def _scan_fast(at: _Body, batch_rows: int, columns: Sequence[str] | None) -> Iterator[pl.DataFrame]:
    """Read with Polars; cells beyond the headings land in one column of their own."""
    lines = pl.scan_csv(
        at.path,
        has_header=False,
        skip_rows=at.skip_rows,
        separator=at.separator,
        schema=at.schema,
        missing_columns="insert",
        extra_columns="ignore",
        truncate_ragged_lines=True,
        raise_if_empty=False,
        glob=False,
    )
    if columns is not None:
        lines = lines.select(columns)
    waiting: list[pl.DataFrame] = []
    for frame in lines.collect_batches(chunk_size=batch_rows, maintain_order=True):
        waiting.append(frame)
        if sum(part.height for part in waiting) >= batch_rows:
            yield pl.concat(waiting)
            waiting = []
    if waiting:
        yield pl.concat(waiting)


def _scan_tolerant(at: _Body, source: str, first_row: int) -> Iterator[RawBatch]:
    """Read stray quotation marks as text, the way spreadsheets do; slower, all at once.

    Raises
    ------
    FileUnreadable
        A quotation mark is opened and never closed: the rest of the file is inside it.
    """
    kept: list[list[str | None]] = []
    with at.path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream, delimiter=at.separator)
        last_starts = ends = 0
        try:
            for number, cells in enumerate(rows, start=1 - at.skip_rows):
                last_starts, ends = ends, rows.line_num
                if number >= first_row:
                    kept.append(_padded(cells, len(at.headings)))
        except csv.Error as error:
            raise FileUnreadable(
                "{source}, line {line}: {error}.", source=source, line=rows.line_num, error=error
            ) from error
    _check_closed(at, source, last_starts)
    frame = pl.DataFrame(kept, schema=at.schema, orient="row")
    yield RawBatch(frame=frame, first_row=first_row, source=source)


def _padded(cells: list[str], width: int) -> list[str | None]:
    """Exactly ``width`` cells and the first surplus one, if any."""
    kept: list[str | None] = [cell or None for cell in cells[: width + 1]]
    return kept + [None] * (width + 1 - len(kept))


def _check_closed(at: _Body, source: str, first_line: int) -> None:
    """Check that the last row of the file does not end inside a quotation."""
    with at.path.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(itertools.islice(stream, first_line, None))
    try:
        list(csv.reader(lines, delimiter=at.separator, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise FileUnreadable(
                "{source}: a quotation mark opened in line {line} is never closed, so the rest of "
                "the file would be one cell. Correct that line.",
                source=source,
                line=first_line + 1,
            ) from error
