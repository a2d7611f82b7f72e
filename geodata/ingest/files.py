"""Open any file of reports as a table of texts, told apart by content, not by name."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from geodata.errors import FileUnreadable
from geodata.ingest import encodings, spreadsheet_safety
from geodata.ingest.delimited import open_delimited
from geodata.ingest.features import open_json, open_parquet
from geodata.ingest.headings import plain
from geodata.ingest.profile import Profile, shipped_profiles
from geodata.ingest.raw import RawBatch, RawTable
from geodata.ingest.workbooks import open_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BATCH_ROWS: Final = 200_000

ROW_HEADING: Final = "_row"
"""A file with this heading is a set-aside file that comes back corrected."""

_PARQUET: Final = b"PAR1"
_MARKUP: Final = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")
_TABLE_SUFFIXES: Final = {".csv", ".tsv", ".txt"}


@contextmanager
def open_table(
    path: str | Path, *, sheet: str | None = None, profile: Profile | None = None
) -> Iterator[RawTable]:
    """Open a file of reports; temporary copies live until the context ends.

    Parameters
    ----------
    path
        CSV (also zipped or gzipped), XLSX, GeoJSON, GeoReport v2 JSON or (Geo)Parquet.
    sheet
        Name of the sheet of a workbook; by default the first with known headings.
    profile
        Whose headings to look for; by default those of all shipped profiles.

    Raises
    ------
    FileUnreadable, UnreadableEncoding, WrongSheet
        See each; the message says what was found and what to do.
    """
    path = Path(path)
    known = _known_headings(profile)
    with ExitStack() as stack:
        inner = path
        if encodings.is_archive(path):
            inner = stack.enter_context(encodings.unpacked(path))
        if encodings.first_bytes(inner).startswith(_PARQUET):
            table = open_parquet(inner, path.name)
        elif encodings.is_workbook(inner):
            table = open_workbook(inner, path.name, known, sheet)
        else:
            text = stack.enter_context(encodings.utf8_text(inner))
            table = _open_text(text, path.name, known)
        yield _returned(table)


def _open_text(path: Path, source: str, known: frozenset[str]) -> RawTable:
    start = encodings.first_bytes(path, 64).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise FileUnreadable("{source} is empty (blanks only). Export it again.", source=source)
    if start.lower().startswith(_MARKUP):
        raise FileUnreadable(
            "{source} is a web page or XML, whatever its name says. Open it in a spreadsheet "
            "program and save it as XLSX.",
            source=source,
        )
    if start[:1] in b"{[" and path.suffix.lower() not in _TABLE_SUFFIXES:
        return open_json(path, source)
    return open_delimited(path, source, known)


def _known_headings(profile: Profile | None) -> frozenset[str]:
    profiles = [profile] if profile else shipped_profiles()
    return frozenset(
        plain(heading)
        for each in profiles
        for rule in each.columns.values()
        for heading in rule.headings
    )


def _returned(table: RawTable) -> RawTable:
    """Take the protecting apostrophes off a set-aside file that is fed again."""
    if ROW_HEADING not in table.headings:
        return table

    def scan(batch_rows: int, columns: Sequence[str] | None) -> Iterator[RawBatch]:
        for batch in table.scan(batch_rows, columns):
            bare = batch.frame.with_columns(
                spreadsheet_safety.bare(pl.col(pl.String)),
            )
            yield RawBatch(frame=bare, first_row=batch.first_row, source=batch.source)

    headings = tuple(spreadsheet_safety.bare_text(heading) for heading in table.headings)
    return RawTable(source=table.source, headings=headings, scan=scan)


def read_batches(
    path: str | Path,
    *,
    sheet: str | None = None,
    batch_rows: int = BATCH_ROWS,
    profile: Profile | None = None,
) -> Iterator[RawBatch]:
    """Read a file of reports in batches of texts, in file order.

    Raises
    ------
    FileUnreadable, UnreadableEncoding, WrongSheet
        As `open_table`.
    """
    with open_table(path, sheet=sheet, profile=profile) as table:
        yield from table.scan(batch_rows, None)
