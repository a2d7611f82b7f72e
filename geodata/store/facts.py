"""From the lake to the narrow facts in memory: one load per city and version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.facts import NO_AREA, Facts, phase_days
from geodata.city import City
from geodata.domain.campaign import BEFORE
from geodata.domain.case import NEVER_NEAR, PLACE_KINDS, STATUSES, UNASSIGNED, PileRule
from geodata.domain.category import UNMAPPED
from geodata.domain.tree import Node, Tree
from geodata.errors import StoreError
from geodata.store.facts_cache import remembered
from geodata.store.lake import Lake
from geodata.store.layers import area_tree, segment_table

_NARROW: Final = [
    "case_id", "cell", "segment", "area", "unit_grid", "category", "office", "assisting",
    "channel", "reported_at", "closed_at", "due_at", "area_m2", "returns", "lon", "lat",
    *(f"m_to_{kind}" for kind in PLACE_KINDS),
]  # fmt: skip


def load_facts(city: City, version: int | None = None) -> Facts:
    """Read one lake version as facts; the newest when ``version`` is None.

    Before the first ingest the facts are empty and ``version`` is −1.

    Raises
    ------
    StoreError
        A file of the lake is damaged, or there is no such version.
    """
    lake = Lake(city.lake)
    version = lake.version() if version is None else version
    segments = segment_table(city.layers)
    try:
        files = lake.files(version)
        frame = remembered(city, files, lambda: _made(lake.scan(version), city, segments))
    except pl.exceptions.PolarsError as error:
        raise StoreError(
            "{lake}: a file of version {version} is damaged ({error}). Put the folder back "
            "from a backup, or read an older version with `--version`.",
            lake=city.lake,
            version=version,
            error=error,
        ) from error
    return Facts(
        frame=frame,
        version=-1 if version is None else version,
        as_of=_as_of(frame, city),
        segments=segments,
        offices=city.offices,
        areas=_areas(city, frame["area"].dtype.categories.to_list()),  # type: ignore[attr-defined]
        family_of={**city.family_of, UNMAPPED: UNMAPPED},
        campaign=city.campaign,
    )


def _made(scanned: pl.LazyFrame, city: City, segments: pl.DataFrame) -> pl.DataFrame:
    about = _about(scanned, city, segments)
    return _by_place([_month(scanned, month, city, about) for month in about.months])


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What must be known of all cases before any month is made narrow."""

    as_of: datetime
    months: list[str | None]
    areas: list[str]
    groups: list[str]
    unit_grids: list[str]
    segments: pl.DataFrame
    piles: pl.DataFrame


def _about(scanned: pl.LazyFrame, city: City, segments: pl.DataFrame) -> _About:
    last, cases = scanned.select(pl.col("reported_at").max(), pl.len()).collect().row(0)
    groups = _distinct(scanned, pl.col("assisting").list.join(";"))
    reported = _distinct(scanned, pl.col("area"))
    return _About(
        as_of=_midnight_after(None if last is None else last.astimezone(city.zone).date(), city),
        months=[*_distinct(scanned, pl.col("month"))] or [None],
        areas=[*_areas(city, reported).codes(), NO_AREA],
        groups=sorted({*groups, ""}),
        unit_grids=_distinct(scanned, pl.col("unit_grid")),
        segments=segments,
        piles=_piles(scanned, cases, city.piles),
    )


def _distinct(scanned: pl.LazyFrame, value: pl.Expr) -> list[str]:
    return scanned.select(value.unique().drop_nulls().sort()).collect().to_series().to_list()


def _month(scanned: pl.LazyFrame, month: str | None, city: City, about: _About) -> pl.DataFrame:
    """One report month, narrow; month by month, so that the wide rows are never all in memory."""
    wanted = scanned.filter(pl.col("month") == month) if month else scanned
    raw = wanted.select(_NARROW).sort("cell", "reported_at").collect()
    return _frame(raw, city, about)


def _by_place(months: list[pl.DataFrame]) -> pl.DataFrame:
    """Join the months and sort by cell, then segment, column by column."""
    joined = pl.concat(months, rechunk=False)
    months.clear()
    order = joined.select(pl.arg_sort_by("cell", "segment", maintain_order=True)).to_series()
    columns = []
    for name in joined.columns:
        columns.append(joined[name].gather(order).alias(name))
        joined = joined.drop(name)
    return pl.DataFrame(columns)


def _as_of(frame: pl.DataFrame, city: City) -> datetime:
    last = frame["reported_on"].max()
    return _midnight_after(last if isinstance(last, date) else None, city)


def _midnight_after(last: date | None, city: City) -> datetime:
    """Midnight after the last report day in the city's time zone: no clock is read."""
    if last is None:
        return datetime(1970, 1, 2, tzinfo=UTC)
    return datetime.combine(last + timedelta(days=1), time(), tzinfo=city.zone)


def _areas(city: City, reported: list[str]) -> Tree:
    """Area tree of the layer, and the reported codes it does not hold, as a flat list."""
    tree = area_tree(city.layers)
    extra = sorted(set(reported) - {*tree.codes(), NO_AREA})
    return Tree((*tree.nodes, *(Node(code=name, name=name) for name in extra)))


def _frame(raw: pl.DataFrame, city: City, about: _About) -> pl.DataFrame:
    """Type every column narrowly and derive status, phase, hours and piles."""
    local = pl.col("reported_at").dt.convert_time_zone(city.timezone)
    rows = {segment: row for row, segment in enumerate(about.segments["segment"])}
    piles = about.piles.lazy()
    frame = raw.lazy().join(piles, on=["lon", "lat"], how="left", maintain_order="left")
    frame = frame.with_columns(pl.col("pile").fill_null(value=False))
    narrow = frame.select(
        "cell",
        pl.when(pl.col("pile"))
        .then(pl.lit(-1, pl.Int32))
        .otherwise(pl.col("segment").replace_strict(rows, default=-1, return_dtype=pl.Int32))
        .alias("segment"),
        _coded("area", about.areas, NO_AREA),
        pl.col("unit_grid").cast(pl.Enum(about.unit_grids)),
        _coded("category", [*city.family_of, UNMAPPED], UNMAPPED),
        _coded("office", [*city.offices.codes(), UNASSIGNED], UNASSIGNED),
        pl.col("assisting").list.join(";").fill_null("").cast(pl.Enum(about.groups)),
        _coded("channel", [*(one.code for one in city.channels), UNMAPPED], UNMAPPED),
        _status(about.as_of, city).cast(pl.Enum(STATUSES)).alias("status"),
        local.dt.date().alias("reported_on"),
        _local_date("closed_at", city),
        _local_date("due_at", city),
        local.dt.hour().cast(pl.UInt8).alias("hour"),
        pl.col("area_m2").fill_null(0).cast(pl.Float32),
        pl.col("returns").clip(0, 255).cast(pl.UInt8),
        *(pl.col(f"m_to_{k}").fill_null(NEVER_NEAR).cast(pl.UInt16) for k in PLACE_KINDS),
        "pile",
        pl.col("case_id").hash(seed=0).alias("key"),
        clock=local.dt.replace_time_zone(None),
    ).collect()
    in_hours = city.calendar.in_hours_many(narrow["clock"].to_numpy())
    return narrow.drop("clock").with_columns(
        in_hours=pl.Series(in_hours, dtype=pl.Boolean), phase=_phases(narrow, city)
    )


def _coded(column: str, codes: list[str], missing: str) -> pl.Expr:
    """A column as an Enum of known codes; null and forgotten codes become ``missing``."""
    kinds = pl.Enum(list(dict.fromkeys(codes)))
    return pl.col(column).cast(kinds, strict=False).fill_null(missing)


def _local_date(column: str, city: City) -> pl.Expr:
    day = pl.col(column).dt.convert_time_zone(city.timezone).dt.date()
    return day.alias(column.replace("_at", "_on"))


def _status(as_of: datetime, city: City) -> pl.Expr:
    """Where a case stands on ``as_of``; without a deadline nothing is late."""
    closed, due = pl.col("closed_at"), pl.col("due_at")
    now = as_of.astimezone(UTC)
    soon = now + timedelta(hours=city.due_soon.within_hours)
    return (
        pl.when(closed.is_not_null())
        .then(pl.when(closed > due).then(pl.lit("closed_late")).otherwise(pl.lit("closed_on_time")))
        .when(due < pl.lit(now))
        .then(pl.lit("overdue"))
        .when(due <= pl.lit(soon))
        .then(pl.lit("due_soon"))
        .otherwise(pl.lit("open"))
    )


def _phases(narrow: pl.DataFrame, city: City) -> pl.Series:
    """Phase of every case, by its office's own dates where the office has them."""
    if city.campaign is None or narrow.is_empty():
        return pl.Series([BEFORE] * len(narrow), dtype=pl.Enum([BEFORE]))
    values = city.campaign.values
    kinds = pl.Enum(values)
    first, last = narrow["reported_on"].min(), narrow["reported_on"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        raise TypeError("report dates must be dates")
    offset = narrow["reported_on"].to_physical().to_numpy() - (first - date(1970, 1, 1)).days

    def by_day(office: str | None) -> npt.NDArray[np.uint8]:
        names = phase_days(city.campaign, office, first, last)  # type: ignore[arg-type]
        return np.array([values.index(name) for name in names], dtype=np.uint8)

    codes = by_day(None)[offset]
    for office in city.campaign.office_phases:
        theirs = (narrow["office"] == office).to_numpy()
        codes[theirs] = by_day(office)[offset[theirs]]
    return pl.Series(codes).cat.to(kinds)


def _piles(scanned: pl.LazyFrame, cases: int, rule: PileRule) -> pl.DataFrame:
    """Return ``lon``, ``lat`` of points that hold a default geocode, with ``pile`` true.

    Only cells that hold enough cases can hold a pile, so only their points are looked at.
    """
    least = max(rule.min_cases, rule.min_share * cases)
    full = scanned.group_by("cell").len("held").filter(pl.col("held") >= least)
    points = (
        scanned.join(full, on="cell", how="semi")
        .group_by("lon", "lat")
        .agg(
            cases=pl.len(),
            names=pl.col("street_name").n_unique(),
            named=pl.col("street_name").count(),
        )
        .filter(pl.col("cases") >= least)
        .collect()
    )
    suspicious = (pl.col("names") >= rule.min_streets) | (
        (pl.col("named") == 0) & (pl.col("cases") >= rule.share_alone * cases)
    )
    return points.filter(suspicious).select("lon", "lat", pile=pl.lit(value=True))
