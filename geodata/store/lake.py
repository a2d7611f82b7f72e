"""The lake: every case of a city in one versioned Delta table. The only Delta code.

Readers never block and never see half a write. One writer at a time holds a file lock.
A version, once named by a snapshot, is never removed.
"""

from __future__ import annotations

import errno
import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import polars as pl
from deltalake import CommitProperties, DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError

from geodata.domain.case import PLACED_SCHEMA
from geodata.errors import DiskFull, LakeBusy, LakeNewer, StoreError

FORMAT: Final = 1
_NAME: Final = "guatu cases, format "
_WRITER = WriterProperties(compression="ZSTD", compression_level=3)
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
        return pl.scan_delta(table)

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
        self._write(cases, source, Commit(version=0, inserted=len(cases)), mode="append")
        return Commit(version=0, inserted=len(cases))

    def _merge(self, table: DeltaTable, cases: pl.DataFrame, source: str) -> Commit:
        commit, fate = self._compared(table, cases)
        incoming = cases.filter(fate["fate"] != "same")
        if incoming.is_empty():
            return commit
        months = set(fate.filter(fate["fate"] == "changed")["kept_in"])
        if not months:
            self._write(incoming, source, commit, mode="append")
        else:
            self._replace(table, incoming, months, source, commit)
        return Commit(**{**asdict(commit), "version": table.version() + 1})

    def _compared(self, table: DeltaTable, cases: pl.DataFrame) -> tuple[Commit, pl.DataFrame]:
        """Count what is new, changed and the same, and say it row by row."""
        kept = pl.scan_delta(table).select(PLACED_SCHEMA.names())
        known = kept.join(cases.lazy().select("case_id"), on="case_id", how="semi").collect()
        fate = _fate(cases, known)
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
        months = months | set(incoming["month"])
        stays = (
            pl.scan_delta(table)
            .filter(pl.col("month").is_in(sorted(months)))
            .join(incoming.lazy().select("case_id"), on="case_id", how="anti")
            .select(PLACED_SCHEMA.names())
            .collect()
        )
        listed = ", ".join(f"'{month}'" for month in sorted(months))
        together = pl.concat([stays, incoming])
        self._write(together, source, commit, mode="overwrite", predicate=f"month in ({listed})")

    def _write(
        self,
        cases: pl.DataFrame,
        source: str,
        commit: Commit,
        *,
        mode: str,
        predicate: str | None = None,
    ) -> None:
        about = {**asdict(commit), "source": source, "at": datetime.now(UTC).isoformat()}
        write_deltalake(
            self.folder,
            cases.sort("month", "cell", "case_id").to_arrow(),
            mode=mode,  # type: ignore[arg-type]
            partition_by=["month"],
            predicate=predicate,
            writer_properties=_WRITER,
            name=f"{_NAME}{FORMAT}",
            configuration=_KEPT_FOREVER,
            commit_properties=CommitProperties(custom_metadata={"guatu": json.dumps(about)}),
        )

    def _open(self, version: int | None = None) -> DeltaTable | None:
        if not (self.folder / "_delta_log").is_dir():
            return None
        try:
            table = DeltaTable(self.folder, version=version)
        except TableNotFoundError:
            return None
        except DeltaError as error:
            wanted = "" if version is None else f" at version {version}"
            raise StoreError(
                f"{self.folder}{wanted} cannot be read: {error}. "
                "List the versions there are with `python -m geodata status`."
            ) from error
        written_as = int((table.metadata().name or "").removeprefix(_NAME) or FORMAT)
        if written_as > FORMAT:
            raise LakeNewer(
                f"{self.folder} was written in format {written_as}, this software reads up to "
                f"{FORMAT}. Update the software; nothing was changed."
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
                    f"{self.folder} is being written by another process. "
                    "Wait until that ingest has finished, then run this one again."
                ) from error
            yield


def _fate(cases: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return, in the order of ``cases``, ``fate`` (new, changed or same) and ``kept_in`` month.

    Rows are compared value by value; where a row was read from does not count.
    """
    compared = [name for name in PLACED_SCHEMA if name not in ("source_file", "source_row")]
    both = cases.join(
        known.with_columns(kept_in="month"),
        on="case_id",
        how="left",
        suffix="_kept",
        maintain_order="left",
    )
    differs = pl.any_horizontal(
        _comparable(name).ne_missing(_comparable(f"{name}_kept", name))
        for name in compared
        if name != "case_id"
    )
    return both.select(
        "kept_in",
        fate=pl.when(pl.col("kept_in").is_null())
        .then(pl.lit("new"))
        .when(differs)
        .then(pl.lit("changed"))
        .otherwise(pl.lit("same")),
    )


def _comparable(column: str, like: str | None = None) -> pl.Expr:
    """Return a column in a form that can be compared: lists as joined text."""
    is_list = isinstance(PLACED_SCHEMA[like or column], pl.List)
    return pl.col(column).list.join("\x1f") if is_list else pl.col(column)


@contextmanager
def _plain_errors(folder: Path) -> Iterator[None]:
    """Say a full disk in one sentence; the transaction log guarantees nothing half-written."""
    try:
        yield
    except (OSError, DeltaError) as error:
        full = getattr(error, "errno", None) == errno.ENOSPC or "No space left" in str(error)
        if full:
            raise DiskFull(
                f"No space left while writing {folder}. Nothing was added and the previous "
                "version is still served. Free some space and run the command again."
            ) from error
        raise StoreError(f"{folder} could not be written: {error}") from error


def _entry(entry: dict[str, object]) -> HistoryEntry:
    about = json.loads(str(entry["guatu"]))
    return HistoryEntry(
        version=int(str(entry["version"])),
        at=datetime.fromisoformat(about["at"]),
        inserted=about["inserted"],
        updated=about["updated"],
        source=about["source"],
    )
