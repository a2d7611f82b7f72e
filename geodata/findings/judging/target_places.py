"""Where a register misses its targets: one place on the map for each street or area that does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl
import shapely

from geodata.findings.judging.registers import target_table
from geodata.findings.source import Source
from geodata.store.layers import AREAS, STREETS, read_layer

MOST: Final = 20
"""More places than this cannot be told apart on a map."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedPlace:
    """A street or area below a target.

    Attributes
    ----------
    unit
        The street, or the code of the area.
    lon, lat
        A point on its longest segment, or inside the area; WGS 84, degrees.
    rows
        Its rows of `against_targets` below their targets, the furthest below first.
    """

    unit: str
    lon: float
    lat: float
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPlaces:
    """Places below a register's targets, the furthest below first.

    Attributes
    ----------
    places
        At most `MOST`; a sample whose interval holds the target is among them, ``certain`` false.
    missed
        How many streets or areas miss a target, those without a place included.
    asked
        How many the register has.
    """

    kind: str
    by: str
    file: str
    places: tuple[MissedPlace, ...]
    missed: int
    asked: int


def target_places(source: Source, kind: str) -> TargetPlaces | None:
    """Place those below the targets of ``frontage`` or ``survey``; None without such a table.

    Raises
    ------
    CityBroken
        The file cannot be used; every defect is listed.
    """
    found = target_table(source, kind)
    if found is None:
        return None
    short = (pl.col("target") - pl.col("value")).alias("short")
    below = found.table.filter(pl.col("met").eq(other=False)).with_columns(short)
    below = below.sort("short", found.by, descending=[True, False])
    points = _points(source, found.by)
    units = below[found.by].unique(maintain_order=True).to_list()
    places = [
        MissedPlace(
            unit=unit,
            lon=points[unit].x,
            lat=points[unit].y,
            rows=tuple(below.filter(pl.col(found.by) == unit).to_dicts()),
        )
        for unit in units
        if unit in points
    ]
    return TargetPlaces(
        kind=kind,
        by=found.by,
        file=found.file,
        places=tuple(places[:MOST]),
        missed=len(units),
        asked=found.table[found.by].n_unique(),
    )


def _points(source: Source, by: str) -> dict[str, shapely.Point]:
    """A point for each street, or for each area by code and by name."""
    layer = read_layer(source.city.layers, STREETS if by == "street" else AREAS)
    if layer is None:
        return {}
    if by == "street":
        longest = layer.sort_values("length_m").drop_duplicates("street", keep="last")
        lines = longest["line"].to_numpy()
        middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
        return dict(zip(longest["street"], middle, strict=True))
    inside = layer.geometry.representative_point()
    named = dict(zip(layer["name"], inside, strict=True))
    return named | dict(zip(layer["code"], inside, strict=True))
