"""Coordinates and the datum they are in: WGS-84, GCJ-02 and BD-09 as three types.

CGCS2000, the national datum, differs from WGS-84 by centimetres and counts as WGS-84 here. GCJ-02
is WGS-84 moved by a published polynomial, 90 to 700 m; BD-09 is GCJ-02 moved once
more, by about 1 km. Longitude comes first, in degrees; arrays keep their shape; empty in, empty
out; NaN in, NaN out.

Outside the rectangle 72.004-137.8347 E, 0.8293-55.8271 N of the published polynomial the three
are the same. The rectangle is the rule, not the border: Hong Kong, Macau and Taiwan (and
neighbouring countries) lie inside and are moved, as Chinese web maps do with the first two; a
layer of Taiwan or of a neighbour taken from elsewhere is WGS-84 and should be declared so. Within
1 km of the rectangle's edge, far from any Chinese city, going back is ambiguous.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, assert_never

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

Degrees = NDArray[np.float64]
Datum = Literal["wgs84", "gcj02", "bd09"]
DATUMS: tuple[Datum, ...] = ("wgs84", "gcj02", "bd09")

WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271
_AXIS_M = 6_378_245.0  # Krasovsky 1940
_ECCENTRICITY2 = 0.00669342162296594323
_BAIDU_TURN = np.pi * 3000.0 / 180.0
_BAIDU_LON, _BAIDU_LAT = 0.0065, 0.006
_ROUNDS = 12
_SETTLED_DEG = 1e-12  # 0.1 micrometre
_REACH_DEG = 0.02  # further than any of the datums moves a point


@dataclass(frozen=True, slots=True, eq=False)
class _Points:
    """Longitudes and latitudes of one shape, in degrees."""

    lon: Degrees
    lat: Degrees

    def __post_init__(self) -> None:
        lon, lat = np.asarray(self.lon, np.float64), np.asarray(self.lat, np.float64)
        if lon.shape != lat.shape:
            raise ValueError(f"{lon.shape} longitudes do not match {lat.shape} latitudes")
        object.__setattr__(self, "lon", lon)
        object.__setattr__(self, "lat", lat)


class Wgs84(_Points):
    """Points in WGS-84 (EPSG:4326, longitude first)."""

    __slots__ = ()


class Gcj02(_Points):
    """Points in GCJ-02, the datum of AMap and Tencent."""

    __slots__ = ()


class Bd09(_Points):
    """Points in BD-09, the datum of Baidu (its degrees, not its metres)."""

    __slots__ = ()


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> Wgs84:
    """Where these longitudes and latitudes of a named datum lie in WGS-84.

    Raises
    ------
    ValueError
        When the two differ in shape.
    """
    lons, lats = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    match datum:
        case "wgs84":
            return Wgs84(lons, lats)
        case "gcj02":
            return gcj02_to_wgs84(Gcj02(lons, lats))
        case "bd09":
            return bd09_to_wgs84(Bd09(lons, lats))
    assert_never(datum)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> tuple[Degrees, Degrees]:
    """Write WGS-84 longitudes and latitudes in a named datum: the inverse of `to_wgs84`.

    Raises
    ------
    ValueError
        When the two differ in shape.
    """
    points = Wgs84(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    match datum:
        case "wgs84":
            return points.lon, points.lat
        case "gcj02":
            moved: Gcj02 | Bd09 = wgs84_to_gcj02(points)
        case "bd09":
            moved = wgs84_to_bd09(points)
        case _:
            assert_never(datum)
    return moved.lon, moved.lat


def wgs84_to_gcj02(points: Wgs84) -> Gcj02:
    """Move WGS-84 points as the published polynomial does (offset known to about 1 m)."""
    return Gcj02(*_where_inside(points, _shifted(points.lon, points.lat)))


def gcj02_to_wgs84(points: Gcj02) -> Wgs84:
    """Undo `wgs84_to_gcj02` exactly, by iteration: forth and back within 1e-9 degrees."""
    return Wgs84(*_undone(_shifted, points))


def gcj02_to_bd09(points: Gcj02) -> Bd09:
    """Move GCJ-02 points as Baidu's published formula does."""
    return Bd09(*_where_inside(points, _turned(points.lon, points.lat)))


def bd09_to_gcj02(points: Bd09) -> Gcj02:
    """Undo `gcj02_to_bd09` exactly, by iteration: forth and back within 1e-9 degrees."""
    return Gcj02(*_undone(_turned, points))


def wgs84_to_bd09(points: Wgs84) -> Bd09:
    """Move WGS-84 points to BD-09, by way of GCJ-02."""
    return gcj02_to_bd09(wgs84_to_gcj02(points))


def bd09_to_wgs84(points: Bd09) -> Wgs84:
    """Undo `wgs84_to_bd09` exactly, by way of GCJ-02."""
    return gcj02_to_wgs84(bd09_to_gcj02(points))


def in_rectangle(lon: Degrees, lat: Degrees, *, margin: float = 0.0) -> NDArray[np.bool_]:
    """Whether the polynomial applies there: inside the rectangle, or within `margin` degrees."""
    along: NDArray[np.bool_] = (lon >= WEST - margin) & (lon <= EAST + margin)
    inside: NDArray[np.bool_] = along & (lat >= SOUTH - margin) & (lat <= NORTH + margin)
    return inside


def _where_inside(points: _Points, moved: tuple[Degrees, Degrees]) -> tuple[Degrees, Degrees]:
    """Take the moved point inside the rectangle, the point itself outside."""
    inside = in_rectangle(points.lon, points.lat)
    return np.where(inside, moved[0], points.lon), np.where(inside, moved[1], points.lat)


def _undone(
    forward: Callable[[Degrees, Degrees], tuple[Degrees, Degrees]], points: _Points
) -> tuple[Degrees, Degrees]:
    """Find the points that `forward` moves onto `points`; a fixed-point iteration.

    Each round shrinks the error more than a hundredfold: the moves change by metres per kilometre.
    """
    near = in_rectangle(points.lon, points.lat, margin=_REACH_DEG)
    target_lon, target_lat = np.where(near, points.lon, np.nan), np.where(near, points.lat, np.nan)
    lon, lat = target_lon, target_lat
    for _ in range(_ROUNDS):
        there_lon, there_lat = forward(lon, lat)
        step_lon, step_lat = target_lon - there_lon, target_lat - there_lat
        lon, lat = lon + step_lon, lat + step_lat
        if not np.any(np.maximum(np.abs(step_lon), np.abs(step_lat)) > _SETTLED_DEG):
            break
    inside = in_rectangle(lon, lat)
    return np.where(inside, lon, points.lon), np.where(inside, lat, points.lat)


def _shifted(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """Apply the GCJ-02 polynomial, wherever the point is."""
    east_m, north_m = _offset_m(lon - 105.0, lat - 35.0)
    latitude = np.radians(lat)
    magic = 1.0 - _ECCENTRICITY2 * np.sin(latitude) ** 2
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY2) / (magic * np.sqrt(magic))
    parallel_m = _AXIS_M / np.sqrt(magic) * np.cos(latitude)
    return lon + np.degrees(east_m / parallel_m), lat + np.degrees(north_m / meridian_m)


def _offset_m(x: Degrees, y: Degrees) -> tuple[Degrees, Degrees]:
    """Give the published offsets, in metres east and north, from degrees off 105 E, 35 N."""
    root = np.sqrt(np.abs(x))
    both = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (both + _waves(y, ((20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0)))) * 2 / 3
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (both + _waves(x, ((20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0)))) * 2 / 3
    return east, north


def _waves(angle: Degrees, terms: tuple[tuple[float, float], ...]) -> Degrees:
    """Sum of amplitude times sin(pi * angle / period)."""
    total = np.zeros_like(angle)
    for amplitude, period in terms:
        total += amplitude * np.sin(np.pi * angle / period)
    return total


def _turned(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """Apply Baidu's formula, wherever the point is."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_TURN)
    return radius * np.cos(angle) + _BAIDU_LON, radius * np.sin(angle) + _BAIDU_LAT
