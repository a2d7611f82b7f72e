"""The set-aside files of a city: for each file of cases, the rows that still wait for correction.

A file that is taken in again brings its set-aside file up to date: the rows that still fail
stay, and when none is left the file is renamed ``….corrected.csv``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from geodata.city import City
from geodata.errors import DiskFull, Sentence, StoreError, no_room_left
from geodata.ingest.spreadsheet_safety import write_csv_safely

WAITING: Final = ".set_aside.csv"
CORRECTED: Final = ".corrected.csv"


@contextmanager
def set_aside_file(city: City, source: Path, rejected: pl.DataFrame) -> Iterator[Path | None]:
    """Keep rejected rows in a file that appears when the block ends well, and not otherwise.

    Yields
    ------
    pathlib.Path | None
        Where the rows will be; None where there are none.

    Raises
    ------
    DiskFull, StoreError
        It cannot be written; the block was not run.
    """
    target = city.set_aside / f"{_stem(source)}{WAITING}"
    if rejected.is_empty():
        yield None
        if target.exists():
            target.replace(target.with_name(f"{_stem(source)}{CORRECTED}"))
        return
    unfinished = target.with_name(f".{target.name}.part")
    _write(rejected, unfinished)
    try:
        yield target
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _stem(source: Path) -> str:
    """Name of the case file, also of one whose set-aside rows come back."""
    name = source.name.removesuffix(WAITING)
    return name if name != source.name else source.stem


def _write(rejected: pl.DataFrame, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_csv_safely(rejected, path)
    except (OSError, pl.exceptions.PolarsError) as error:
        kind = DiskFull if no_room_left(error) else StoreError
        told = Sentence(
            "The {n:,} rows set aside could not be written to {folder} ({error}). Nothing was "
            "taken in. Mend that and run the command again.",
            n=len(rejected),
            folder=path.parent,
            error=error,
        )
        raise kind(told) from error


def waiting_files(city: City) -> list[dict[str, str | int]]:
    """List the files of rows that wait for correction: ``file`` and ``rows``, by name."""
    if not city.set_aside.is_dir():
        return []
    return [
        {
            "file": path.name,
            "rows": pl.scan_csv(path, infer_schema=False).select(pl.len()).collect().item(),
        }
        for path in sorted(city.set_aside.glob(f"*{WAITING}"))
        if not path.name.startswith(".")
    ]
