"""The lake: every case of a city in one versioned Delta table. The only Delta code.

Readers never block and never see half a write. One writer at a time holds a file lock.
A version, once named by a snapshot, is never removed.
"""

from __future__ import annotations

import fcntl
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError

from geodata.domain.case import PLACED_SCHEMA
from geodata.errors import DiskFull, LakeBusy, LakeNewer, Sentence, StoreError, no_room_left
from geodata.store.changes import PART_ROWS, fates, in_parts

FORMAT: Final = 1
_NAME: Final = "guatu cases, format "
_NOT_IN_A_PATH: Final = r"[\[\]]|%[0-9A-Fa-f]{2}"
_ARROW: Final = pl.DataFrame(schema=PLACED_SCHEMA).to_arrow().schema
_WRITER = WriterProperties(compression="ZSTD", compression_level=3, max_row_group_size=PART_ROWS)
_KEPT_FOREVER: Final = {
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """What one ingest did; ``version`` is the lake version after it."""

    version: int
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One version of the lake and what made it."""

    version: int
    at: datetime
    inserted: int
    updated: int
    source: str


class Lake:
    """The case table of one city folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def version(self) -> int | None:
        """Newest version, or None before the first case.

        Raises
        ------
        LakeNewer
            A newer version of this software wrote it.
        """
        table = self._open()
        return None if table is None else table.version()

    def scan(self, version: int | None = None) -> pl.LazyFrame:
        """Read placed cases (``PLACED_SCHEMA``) of one version, newest by default, lazily."""
        table = self._open(version)
        if table is None:
            return pl.LazyFrame(schema=PLACED_SCHEMA)
        return self._rows(table)

    def files(self, version: int | None = None) -> list[str]:
        """Names of the data files that make up one version; no two lakes share one."""
        table = self._open(version)
        return [] if table is None else _files_of(table)

    def history(self) -> list[HistoryEntry]:
        """Every version still readable, newest first."""
        table = self._open()
        entries = [] if table is None else table.history()
        return [_entry(entry) for entry in entries if "guatu" in entry]

    def upsert(self, cases: pl.DataFrame, *, source: str) -> Commit:
        """Insert new cases and replace changed ones by ``case_id``, in one commit.

        The same rows again change nothing and make no new version. Only the report months
        concerned are rewritten.

        Parameters
        ----------
        cases
            Placed cases, one row per ``case_id``.
        source
            What the commit is called in the history, e.g. the file's name.

        Raises
        ------
        LakeBusy, LakeNewer, DiskFull, StoreError
            Nothing was written; the previous version stands.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self._only_writer(), _plain_errors(self.folder):
            table = self._open()
            if table is None:
                return self._first(cases, source)
            return self._merge(table, cases, source)

    def foresee(self, cases: pl.DataFrame) -> Commit:
        """Tell what `upsert` would do, without writing; ``version`` is the present one or −1."""
        table = self._open()
        if table is None:
            return Commit(version=-1, inserted=len(cases))
        return self._compared(table, cases)[0]

    def _first(self, cases: pl.DataFrame, source: str) -> Commit:
        commit = Commit(version=0, inserted=len(cases))
        if cases.is_empty():
            return replace(commit, version=-1)
        self._write(in_parts(cases), source, commit)
        return commit

    def _merge(self, table: DeltaTable, cases: pl.DataFrame, source: str) -> Commit:
        commit, fate = self._compared(table, cases)
        incoming = cases.filter(fate["fate"] != "same")
        if incoming.is_empty():
            return commit
        months = set(fate.filter(fate["fate"] == "changed")["kept_in"])
        if not months:
            self._write(in_parts(incoming), source, commit)
        else:
            self._replace(table, incoming, months, source, commit)
        return replace(commit, version=table.version() + 1)

    def _compared(self, table: DeltaTable, cases: pl.DataFrame) -> tuple[Commit, pl.DataFrame]:
        """Count what is new, changed and the same, and say it row by row, a month at a time."""
        fate = fates(cases, self._rows(table))
        commit = Commit(
            version=table.version(),
            inserted=int((fate["fate"] == "new").sum()),
            updated=int((fate["fate"] == "changed").sum()),
            unchanged=int((fate["fate"] == "same").sum()),
        )
        return commit, fate

    def _replace(
        self,
        table: DeltaTable,
        incoming: pl.DataFrame,
        months: set[str],
        source: str,
        commit: Commit,
    ) -> None:
        """Rewrite the months touched: what they held, less the changed, plus the incoming."""
        touched = sorted(months | set(incoming["month"]))
        changed = incoming.lazy().select("case_id")

        def together() -> Iterator[pl.DataFrame]:
            for month in touched:
                stays = (
                    self._rows(table)
                    .filter(pl.col("month") == month)
                    .join(changed, on="case_id", how="anti")
                    .select(PLACED_SCHEMA.names())
                    .collect()
                )
                new = incoming.filter(pl.col("month") == month)
                yield from in_parts(pl.concat([stays, new]))

        listed = ", ".join(f"'{month}'" for month in touched)
        self._write(together(), source, commit, predicate=f"month in ({listed})")

    def _write(
        self,
        parts: Iterable[pl.DataFrame],
        source: str,
        commit: Commit,
        *,
        predicate: str | None = None,
    ) -> None:
        """Commit some parts, one in memory at a time; with a predicate, in place of what it names.

        Within a month the cases are in order of cell.
        """
        about = {**asdict(commit), "source": source, "at": datetime.now(UTC).isoformat()}
        batches = (batch for part in parts for batch in part.to_arrow().cast(_ARROW).to_batches())
        rows = pa.RecordBatchReader.from_batches(_ARROW, batches)
        options: dict[str, Any] = {
            "partition_by": ["month"],
            "writer_properties": _WRITER,
            "name": f"{_NAME}{FORMAT}",
            "configuration": _KEPT_FOREVER,
            "commit_properties": CommitProperties(custom_metadata={"guatu": json.dumps(about)}),
        }
        if predicate is None:
            write_deltalake(self.folder, rows, mode="append", **options)
        else:
            write_deltalake(self.folder, rows, mode="overwrite", predicate=predicate, **options)

    def _rows(self, table: DeltaTable) -> pl.LazyFrame:
        """Read the files of a version by their own paths.

        Polars takes the percent signs of a table's address for names of folders, and finds
        nothing in a folder with a blank or a Chinese name.
        """
        files = [self.folder / path for path in _files_of(table)]
        if not files:
            return pl.LazyFrame(schema=PLACED_SCHEMA)
        months = {"month": pl.String}
        found = pl.scan_parquet(files, glob=False, hive_partitioning=True, hive_schema=months)
        return found.select(PLACED_SCHEMA.names())

    def _open(self, version: int | None = None) -> DeltaTable | None:
        if re.search(_NOT_IN_A_PATH, str(self.folder.resolve())):
            raise StoreError(
                "{folder} holds a bracket or a percent escape, which the store cannot have in a "
                "path. Rename that folder.",
                folder=self.folder.resolve(),
            )
        if not (self.folder / "_delta_log").is_dir():
            return None
        try:
            table = DeltaTable(self.folder, version=version)
        except TableNotFoundError:
            return None
        except DeltaError as error:
            wanted = Sentence(" at version {version}", version=version)
            raise StoreError(
                "{folder}{wanted} cannot be read: {error}. List the versions there are with "
                "`python -m geodata status`.",
                folder=self.folder,
                wanted="" if version is None else wanted,
                error=error,
            ) from error
        written_as = _format_of(table.metadata().name or "", self.folder)
        if written_as > FORMAT:
            raise LakeNewer(
                "{folder} was written in format {written_as}, this software reads up to {format}. "
                "Update the software; nothing was changed.",
                folder=self.folder,
                written_as=written_as,
                format=FORMAT,
            )
        return table

    @contextmanager
    def _only_writer(self) -> Iterator[None]:
        lock = self.folder.parent / f".{self.folder.name}.lock"
        with lock.open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise LakeBusy(
                    "{folder} is being written by another process. Wait until that ingest has "
                    "finished, then run this one again.",
                    folder=self.folder,
                ) from error
            yield


def _files_of(table: DeltaTable) -> list[str]:
    return [str(path) for path in pl.DataFrame(table.get_add_actions(flatten=True))["path"]]


def _format_of(name: str, folder: Path) -> int:
    """Format written in a table's name; raise StoreError for a table that is not ours."""
    number = name.removeprefix(_NAME)
    if not name.startswith(_NAME) or not number.isdigit():
        raise StoreError(
            "{folder} is a Delta table, but not one of case files (its name is {name!r}). Move "
            "it away, or choose another city folder.",
            folder=folder,
            name=name,
        )
    return int(number)


@contextmanager
def _plain_errors(folder: Path) -> Iterator[None]:
    """Say a full disk in one sentence; the transaction log guarantees nothing half-written."""
    try:
        yield
    except (OSError, DeltaError) as error:
        if no_room_left(error):
            raise DiskFull(
                "No space left while writing {folder}. Nothing was added and the previous version "
                "is still served. Free some space and run the command again.",
                folder=folder,
            ) from error
        raise StoreError(
            "{folder} could not be written: {error}. Nothing was added and the previous "
            "version is still served.",
            folder=folder,
            error=error,
        ) from error


def _entry(entry: dict[str, object]) -> HistoryEntry:
    about = json.loads(str(entry["guatu"]))
    return HistoryEntry(
        version=int(str(entry["version"])),
        at=datetime.fromisoformat(about["at"]),
        inserted=about["inserted"],
        updated=about["updated"],
        source=about["source"],
    )
