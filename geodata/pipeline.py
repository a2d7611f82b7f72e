"""The readable list of steps: what happens to a file of reports, from bytes to a lake version."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import polars as pl


from geodata.city import City
from geodata.domain.case import INSTANT
from geodata.domain.deadlines import due_times
from geodata.errors import DatumUnknown, DiskFull
from geodata.ingest.intake import read_cases
from geodata.ingest.names import NameMaps
from geodata.ingest.place import Ground, place
from geodata.ingest.profile import Profile, load_profile
from geodata.ingest.spreadsheet_safety import write_csv_safely
from geodata.ingest.validate import Limits
from geodata.spatial.datum import guess_datum
from geodata.spatial.street_finder import StreetFinder
from geodata.store import layers
from geodata.store.lake import Commit, Lake

Progress = Callable[[str, int], None]
"""Told the name of a step and the rows done in it so far."""

OUTSKIRTS_DEG = 0.02
"""Reports up to about 2 km outside the street file still belong to the city."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What became of every row: ``read = inserted + updated + unchanged + set_aside``."""

    read: int
    inserted: int
    updated: int
    unchanged: int
    set_aside: int
    set_aside_file: str | None
    version: int | None

    def as_dict(self) -> dict[str, object]:
        """Return the fields by name, for ``--json``."""
        return asdict(self)


def ingest(
    city: City,
    path: Path,
    *,
    now: datetime,
    profile: str = "",
    sheet: str | None = None,
    datum: str = "",
    dry_run: bool = False,
    progress: Progress = lambda _step, _rows: None,
) -> Ingested:
    """Take a file of reports into the lake, in one commit or not at all.

    Parameters
    ----------
    now
        The clock, with its zone: reports from later than tomorrow are wrong.
    profile, datum
        Instead of the city's own; empty keeps those of ``city.toml``.
    dry_run
        Do everything but write.

    Raises
    ------
    LedgerError
        The file cannot be read as cases.
    DatumUnknown
        Its points lie elsewhere than its datum says.
    StoreError
        The lake cannot be written; the previous version stands.
    """
    chosen = _profile(city, profile)
    ground = load_ground(city)
    taken: list[pl.DataFrame] = []
    aside: list[pl.DataFrame] = []
    read = repeated = 0
    for portion in read_cases(
        path,
        profile=chosen,
        names=name_maps(city),
        timezone=city.timezone,
        limits=limits_of(city, now),
        sheet=sheet,
        datum=datum or city.datum,  # type: ignore[arg-type]
    ):
        if not taken:
            _check_datum(portion.cases, ground, datum or city.datum, path.name)
        taken.append(place(with_deadlines(portion.cases, city), ground))
        aside.append(portion.set_aside)
        read += portion.read
        repeated += portion.repeated
        progress("read", read)
    cases = pl.concat(taken) if taken else pl.DataFrame()
    rejected = pl.concat(aside, how="diagonal") if aside else pl.DataFrame()
    progress("write", len(cases))
    commit = _dry(city, cases) if dry_run else Lake(city.lake).upsert(cases, source=path.name)
    return Ingested(
        read=read,
        inserted=commit.inserted,
        updated=commit.updated,
        unchanged=commit.unchanged + repeated,
        set_aside=len(rejected),
        set_aside_file=_keep(rejected, city, path) if len(rejected) and not dry_run else None,
        version=None if commit.version < 0 else commit.version,
    )


def _profile(city: City, name: str) -> Profile | None:
    """Return the profile asked for, else the city's, else None: chosen by the headings."""
    wanted = name or city.profile
    return load_profile(wanted) if wanted else None


def name_maps(city: City) -> NameMaps:
    """Names and aliases of the city's tables → codes."""

    def by_name(rows: object) -> dict[str, str]:
        return {
            word: row.code
            for row in rows  # type: ignore[attr-defined]
            for word in (row.code, row.name, *row.aliases)
        }

    return NameMaps(
        categories=by_name(city.categories),
        offices=by_name(city.offices),
        channels=by_name(city.channels),
    )


def limits_of(city: City, now: datetime) -> Limits:
    """What a row is checked against: the city's surroundings, and tomorrow."""
    west, south, east, north = layers.bounds(city.layers)
    return Limits(
        bounds=(
            west - OUTSKIRTS_DEG,
            south - OUTSKIRTS_DEG,
            east + OUTSKIRTS_DEG,
            north + OUTSKIRTS_DEG,
        ),
        latest=now.astimezone(UTC) + timedelta(days=1),
        language="zh" if city.timezone == "Asia/Shanghai" else "en",
    )


def load_ground(city: City) -> Ground:
    """Read and project the layers cases are placed on."""
    segments = layers.read_layer(city.layers, layers.STREETS)
    return Ground(
        metric_crs=city.metric_crs,
        timezone=city.timezone,
        streets=None if segments is None else StreetFinder(segments, city.metric_crs, city.snap),
        areas=_metric(layers.read_layer(city.layers, layers.AREAS), city),
        unit_grid=_metric(layers.read_layer(city.layers, layers.UNIT_GRID), city),
        places=_metric(layers.read_layer(city.layers, layers.PLACES), city),
    )


def _metric(layer: gpd.GeoDataFrame | None, city: City) -> gpd.GeoDataFrame | None:
    return None if layer is None else layer.to_crs(city.metric_crs)


def with_deadlines(cases: pl.DataFrame, city: City) -> pl.DataFrame:
    """Fill ``due_at`` where the file gives none: filing time plus the category's deadline."""
    rules = {one.code: one.deadline for one in city.categories if one.deadline is not None}
    missing = cases["due_at"].is_null() & cases["category"].is_in(list(rules))
    if not missing.any():
        return cases
    hours = {code: rule.hours for code, rule in rules.items() if rule.hours is not None}
    days = {code: rule.days for code, rule in rules.items() if rule.days is not None}
    category = cases["category"]
    due = due_times(
        cases.select(pl.coalesce("filed_at", "reported_at")).to_series(),
        hours=category.replace_strict(hours, default=None, return_dtype=pl.Float64),
        days=category.replace_strict(days, default=None, return_dtype=pl.Int64),
        calendar=city.calendar,
        timezone=city.timezone,
    )
    return cases.with_columns(due_at=pl.coalesce(pl.col("due_at"), due.cast(INSTANT)))


def _check_datum(cases: pl.DataFrame, ground: Ground, stated: str, source: str) -> None:
    """Refuse points that fit the streets clearly better in another datum than the stated."""
    if ground.streets is None or cases.is_empty():
        return
    reference = ground.streets.lines_wgs84
    guess = guess_datum(cases["lon"].to_numpy(), cases["lat"].to_numpy(), reference)
    if guess.confident and guess.reason == "fit" and guess.datum != "wgs84":
        truly = guess.datum if stated == "wgs84" else f"{stated} converted twice"
        raise DatumUnknown(
            f"{source}: read as {stated} its points do not lie on the streets "
            f"({guess.explanation}). They look like {truly}. Nothing was taken in. "
            f"Run again with `--datum {guess.datum}`, or set city.datum in city.toml."
        )


def _dry(city: City, cases: pl.DataFrame) -> Commit:
    return Lake(city.lake).foresee(cases)


def _keep(rejected: pl.DataFrame, city: City, path: Path) -> str:
    """Write the rows set aside next to the lake, under the name of their file."""
    city.set_aside.mkdir(exist_ok=True)
    name = path.name.split(".")[0]
    target = city.set_aside / f"{name}.set_aside.csv"
    try:
        write_csv_safely(rejected, target)
    except OSError as error:
        raise DiskFull(f"{target} could not be written: {error.strerror}.") from error
    return os.fspath(target)
