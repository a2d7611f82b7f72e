"""Plane geometry of the made-up city: metres east and north of a made-up origin."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

Points = npt.NDArray[np.float64]

ORIGIN: Final = (105.06, 29.58)
"""Longitude and latitude (WGS-84 degrees) of the plane's zero: a made-up spot."""

METRES_PER_DEGREE: Final = (96_879.0, 110_856.0)
"""Length of a degree of longitude and of latitude at the origin (WGS-84 ellipsoid)."""


def to_degrees(geometries: Any) -> npt.NDArray[np.object_]:
    """Turn plane geometries (metres) into WGS-84 degrees on a grid of 1e-6; order kept."""
    moved = shapely.transform(
        np.asarray(geometries, dtype=object),
        lambda xy: np.round(xy / METRES_PER_DEGREE + ORIGIN, 6),
    )
    return np.asarray(moved, dtype=object)


def to_metres(geometries: Any) -> npt.NDArray[np.object_]:
    """Turn WGS-84 degrees into plane geometries (metres); order kept."""
    moved = shapely.transform(
        np.asarray(geometries, dtype=object), lambda xy: (xy - ORIGIN) * METRES_PER_DEGREE
    )
    return np.asarray(moved, dtype=object)


def smooth(points: Points, step_m: float = 45.0) -> Points:
    """Draw a centripetal curve through control points; ends kept, about ``step_m`` apart."""
    if len(points) < 3:  # noqa: PLR2004 — two points are a straight street
        return points
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    pieces = [_span(padded[index : index + 4], step_m) for index in range(len(points) - 1)]
    return np.vstack([*pieces, points[-1:]])


def _span(four: Points, step_m: float) -> Points:
    """One Catmull-Rom span between the second and third of four points, end left out."""
    before, begin, end, after = four
    knots = np.cumsum([0.0, *(np.sqrt(np.linalg.norm(np.diff(four, axis=0), axis=1)))])
    count = max(int(np.linalg.norm(end - begin) / step_m), 1)
    at = np.linspace(knots[1], knots[2], count, endpoint=False)[:, None]

    def blend(left: Points, right: Points, low: float, high: float) -> Points:
        mixed: Points = left * (high - at) / (high - low) + right * (at - low) / (high - low)
        return mixed

    first = blend(before, begin, knots[0], knots[1])
    second = blend(begin, end, knots[1], knots[2])
    third = blend(end, after, knots[2], knots[3])
    return blend(
        blend(first, second, knots[0], knots[2]),
        blend(second, third, knots[1], knots[3]),
        knots[1],
        knots[2],
    )


def unit(vector: Points) -> Points:
    """Return vectors of length one, same direction; zero stays zero."""
    length = np.linalg.norm(vector, axis=-1, keepdims=True)
    return np.asarray(vector / np.where(length == 0, 1, length))


def side_line(centre: Points, distance_m: npt.ArrayLike) -> Points:
    """Shift a centre line sideways, left positive, by a distance per vertex (metres)."""
    along = unit(np.gradient(centre, axis=0))
    left = np.column_stack([-along[:, 1], along[:, 0]])
    return np.asarray(centre + left * np.broadcast_to(distance_m, len(centre))[:, None])


def main_direction(points: Points) -> Points:
    """Return the unit vector along which points spread most, eastward or due north."""
    east, north = (points - points.mean(axis=0)).T
    angle = 0.5 * np.arctan2(2 * (east * north).sum(), (east**2).sum() - (north**2).sum())
    return np.array([np.cos(angle), np.sin(angle)])


def box_axes(polygon: shapely.Polygon) -> tuple[Points, Points, float, float]:
    """Return centre, long direction, long side and short side (metres) of the tightest box."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(polygon))[:4]
    sides = np.diff(corners[:3], axis=0)
    lengths = np.linalg.norm(sides, axis=1)
    longest = int(np.argmax(lengths))
    return corners.mean(axis=0), unit(sides[longest]), float(lengths.max()), float(lengths.min())
