"""The readable list of steps: what happens to a file of reports, from bytes to a lake version."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import polars as pl

from geodata.city import Channel, City
from geodata.domain.case import INSTANT, PLACED_SCHEMA
from geodata.domain.category import Category
from geodata.domain.deadlines import due_times
from geodata.domain.progress import Progress, silent
from geodata.domain.tree import Node
from geodata.errors import DatumUnknown
from geodata.ingest.intake import read_cases
from geodata.ingest.names import NameMaps
from geodata.ingest.place import Ground, place
from geodata.ingest.profile import Profile, load_profile
from geodata.ingest.validate import Limits
from geodata.ingest.waiting import set_aside_file
from geodata.spatial.coordinates import Datum, from_wgs84
from geodata.spatial.datum import guess_datum
from geodata.spatial.street_finder import StreetFinder
from geodata.store import layers
from geodata.store.lake import Lake

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
    datum: Datum | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
) -> Ingested:
    """Take a file of reports into the lake, in one commit or not at all.

    Parameters
    ----------
    now
        The clock, with its zone: reports from later than tomorrow are wrong.
    profile, datum
        Instead of the city's own; empty or None keeps those of ``city.toml``.
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
    ground = load_ground(city)
    stated: Datum = datum or city.datum
    taken: list[pl.DataFrame] = []
    aside: list[pl.DataFrame] = []
    read = repeated = 0
    for portion in read_cases(
        path,
        profile=_profile(city, profile),
        names=name_maps(city),
        timezone=city.timezone,
        limits=limits_of(city, now),
        sheet=sheet,
        datum=stated,
    ):
        if not taken:
            _check_datum(portion.cases, ground, stated, path.name)
        taken.append(place(with_deadlines(portion.cases, city), ground))
        aside.append(portion.set_aside)
        read += portion.read
        repeated += portion.repeated
        progress("read", read)
    cases = pl.concat(taken) if taken else pl.DataFrame(schema=PLACED_SCHEMA)
    rejected = pl.concat(aside, how="diagonal") if aside else pl.DataFrame()
    progress("write", len(cases))
    if dry_run:
        commit, kept_in = Lake(city.lake).foresee(cases), None
    else:
        with set_aside_file(city, path, rejected) as kept_in:
            commit = Lake(city.lake).upsert(cases, source=path.name)
    return Ingested(
        read=read,
        inserted=commit.inserted,
        updated=commit.updated,
        unchanged=commit.unchanged + repeated,
        set_aside=len(rejected),
        set_aside_file=None if kept_in is None else os.fspath(kept_in),
        version=None if commit.version < 0 else commit.version,
    )


def _profile(city: City, name: str) -> Profile | None:
    """Return the profile asked for, else the city's, else None: chosen by the headings.

    A path in ``city.toml`` counts from the city folder.
    """
    wanted = name or city.profile
    if not wanted:
        return None
    own = city.folder / wanted
    return load_profile(own if not name and own.is_file() else wanted)


def name_maps(city: City) -> NameMaps:
    """Names and aliases of the city's tables → codes."""

    def by_name(rows: Iterable[Category | Node | Channel]) -> dict[str, str]:
        return {word: row.code for row in rows for word in (row.code, row.name, *row.aliases)}

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


def _check_datum(cases: pl.DataFrame, ground: Ground, stated: Datum, source: str) -> None:
    """Refuse points that lie on the streets only when read in another datum than the stated."""
    if ground.streets is None or cases.is_empty():
        return
    lon, lat = from_wgs84(cases["lon"].to_numpy(), cases["lat"].to_numpy(), stated)
    guess = guess_datum(lon, lat, ground.streets.lines_wgs84)
    if guess.confident and guess.reason == "fit" and guess.datum != stated:
        raise DatumUnknown(
            "{source}: read as {stated} its points do not lie on the streets, but as {datum} "
            "they do ({why}). Nothing was taken in. Run again with `--datum {datum}`, or set "
            "city.datum in city.toml.",
            source=source,
            stated=stated,
            datum=guess.datum,
            why=guess.explanation,
        )
