"""A table as it stands in the file: texts under the file's own headings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

EXTRA: Final = "_extra"
"""Column that holds the first cell beyond the headings, null in a well-formed row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBatch:
    """Some consecutive rows of a file.

    Attributes
    ----------
    frame
        Every column a String, named by the file's headings, and `EXTRA`; blank rows are
        still there, so that row numbers stay true.
    first_row
        1-based data row (the row under the headings is 1) of the frame's first row.
    source
        Name of the file, for messages and for ``source_file``.
    """

    frame: pl.DataFrame
    first_row: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """An opened table: its headings now, its rows on demand and as often as wanted."""

    source: str
    headings: tuple[str, ...]
    scan: Callable[[int, Sequence[str] | None], Iterator[RawBatch]]
    """``scan(batch_rows, columns)``; columns None means all."""


def table_in_memory(frame: pl.DataFrame, source: str) -> RawTable:
    """Wrap a frame of texts that is already read.

    Parameters
    ----------
    frame
        String columns named by their headings, without `EXTRA`.
    """
    whole = frame.with_columns(pl.lit(None, dtype=pl.String).alias(EXTRA))

    def scan(batch_rows: int, columns: Sequence[str] | None) -> Iterator[RawBatch]:
        kept = whole if columns is None else whole.select(columns)
        for start in range(0, whole.height, batch_rows):
            part = kept.slice(start, batch_rows)
            yield RawBatch(frame=part, first_row=start + 1, source=source)

    return RawTable(source=source, headings=tuple(frame.columns), scan=scan)
