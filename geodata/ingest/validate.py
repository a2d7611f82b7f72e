"""The rules a row must keep to become a case, each with a stable code.

missing_id, long_id · missing_time, bad_time, too_old, in_future · missing_coordinates,
bad_coordinates, zero_coordinates, swapped_coordinates, out_of_range, outside_city ·
closed_before_reported · bad_number · too_many_cells · superseded (found across rows, by
`read_cases`). What to do about each stands in ``hints.{zh,en}.toml``.

Nothing is repaired silently: a row whose coordinates are swapped, or that was closed before
it was reported, is set aside with the hint, because only its owner knows which half is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

import polars as pl

from geodata.domain.case import STAGES
from geodata.ingest.raw import EXTRA

TEXT: Final = "text of "
"""Prefix of the columns that hold a field as it was written."""

MAX_ID_CHARS: Final = 200

Bounds = tuple[float, float, float, float]
"""West, south, east, north in WGS 84 degrees."""

_EVER: Final = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the rules compare with.

    Attributes
    ----------
    bounds
        The city with its margin; None checks nothing but the range of degrees.
    earliest, latest
        Report times before or after these are wrong; give ``latest`` the data's own date
        and a day.
    language
        Of the hints.
    """

    bounds: Bounds | None = None
    earliest: datetime = datetime(1990, 1, 1, tzinfo=UTC)
    latest: datetime = _EVER
    language: Literal["zh", "en"] = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A condition that sets a row aside, and the columns it is about."""

    code: str
    columns: tuple[str, ...]
    broken: pl.Expr


def rules_for(limits: Limits) -> list[Rule]:
    """List every rule of a single row, in the order defects are told."""
    return [
        *_identity(),
        *_times(limits),
        *_coordinates(limits.bounds),
        *_numbers(),
        Rule(code="too_many_cells", columns=(EXTRA,), broken=_given(EXTRA)),
    ]


def _given(name: str) -> pl.Expr:
    return pl.col(TEXT + name).is_not_null()


def _unread(name: str) -> pl.Expr:
    return _given(name) & pl.col(name).is_null()


def _identity() -> list[Rule]:
    long = pl.col(TEXT + "case_id").str.len_chars() > MAX_ID_CHARS
    return [
        Rule(code="missing_id", columns=("case_id",), broken=~_given("case_id")),
        Rule(code="long_id", columns=("case_id",), broken=long),
    ]


def _times(limits: Limits) -> list[Rule]:
    reported = pl.col("reported_at")
    about = ("reported_at",)
    return [
        Rule(code="missing_time", columns=about, broken=~_given("reported_at")),
        *(
            Rule(code="bad_time", columns=(name,), broken=_unread(name))
            for name in (*STAGES, "due_at")
        ),
        Rule(code="too_old", columns=about, broken=reported < limits.earliest),
        Rule(code="in_future", columns=about, broken=reported > limits.latest),
        Rule(
            code="closed_before_reported",
            columns=("closed_at",),
            broken=pl.col("closed_at") < reported,
        ),
    ]


def _coordinates(bounds: Bounds | None) -> list[Rule]:
    """Exclude each other: a position has at most one thing wrong."""
    lon, lat = pl.col("lon"), pl.col("lat")
    given = _given("lon") & _given("lat")
    usable = lon.is_not_null() & lat.is_not_null()
    zero = usable & (lon == 0) & (lat == 0)
    some = usable & ~zero
    in_range = (lon.abs() <= 180) & (lat.abs() <= 90)  # noqa: PLR2004  degrees
    swapped = some & ~in_range & (lon.abs() <= 90) & (lat.abs() <= 180)  # noqa: PLR2004
    outside = pl.lit(value=False)
    if bounds is not None:
        swapped = some & ~_within(lon, lat, bounds) & _within(lat, lon, bounds)
        outside = some & in_range & ~_within(lon, lat, bounds) & ~swapped
    broken = {
        "missing_coordinates": ~given,
        "bad_coordinates": given & ~usable,
        "zero_coordinates": zero,
        "swapped_coordinates": swapped,
        "out_of_range": some & ~in_range & ~swapped,
        "outside_city": outside,
    }
    return [Rule(code=code, columns=("lon", "lat"), broken=when) for code, when in broken.items()]


def _within(lon: pl.Expr, lat: pl.Expr, bounds: Bounds) -> pl.Expr:
    west, south, east, north = bounds
    return lon.is_between(west, east) & lat.is_between(south, north)


def _numbers() -> list[Rule]:
    return [
        Rule(code="bad_number", columns=(name,), broken=_unread(name) | (pl.col(name) < 0))
        for name in ("returns", "area_m2", "demolished_m2")
    ]
