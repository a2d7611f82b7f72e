"""A vector picture as SVG text: paths only, no words, numbers rounded the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geodata.press.fitting import View

Points = npt.NDArray[np.float64]


def picture(width: float, height: float, parts: Iterable[str]) -> str:
    """Return a whole SVG document of the size in pixels; what lies outside is cut off."""
    size = f"{width:.2f} {height:.2f}"
    body = "".join(parts)
    frame = f'<clipPath id="f"><rect width="{width:.2f}" height="{height:.2f}"/></clipPath>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{width:.2f}" '
        f'height="{height:.2f}">{frame}<g clip-path="url(#f)">{body}</g></svg>'
    )


def path(shapes: Iterable[shapely.Geometry], view: View, **paint: object) -> str:
    """Return one path of many polygons or lines (metres), painted alike; empty in, empty out."""
    drawn = "".join(_outline(shape, view) for shape in shapes)
    return f'<path d="{drawn}"{_attributes(paint)}/>' if drawn else ""


def group(parts: Iterable[str], **paint: object) -> str:
    """Return parts that are painted together, e.g. at one opacity."""
    return f"<g{_attributes(paint)}>{''.join(parts)}</g>"


def _attributes(paint: Mapping[str, Any]) -> str:
    """Write attributes, ``stroke_width=1`` as ``stroke-width="1"``, in order of name."""
    pairs = ((name.replace("_", "-"), paint[name]) for name in sorted(paint))
    return "".join(f' {name}="{_value(value)}"' for name, value in pairs)


def _value(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _outline(shape: shapely.Geometry, view: View) -> str:
    if shapely.is_empty(shape) or shape is None:
        return ""
    return "".join(_one(part, view) for part in shapely.get_parts(shape))


def _one(part: shapely.Geometry, view: View) -> str:
    if part.geom_type == "Polygon":
        rings = shapely.get_rings(part)
        return "".join(_steps(shapely.get_coordinates(ring)[:-1], view) + "Z" for ring in rings)
    return _steps(shapely.get_coordinates(part), view)


def _steps(points: Points, view: View) -> str:
    """Write a run of points as tenths of a pixel, the first absolute and the rest as steps."""
    tenths = np.rint(view.xy(points) * 10).astype(np.int64)
    steps = np.diff(tenths, axis=0)
    moved = steps[(steps != 0).any(axis=1)]
    start = f"M{_tenth(tenths[0, 0])} {_tenth(tenths[0, 1])}"
    if not len(moved):
        return start
    return start + "l" + " ".join(f"{_tenth(dx)} {_tenth(dy)}" for dx, dy in moved.tolist())


def _tenth(value: int) -> str:
    whole, rest = divmod(abs(int(value)), 10)
    text = f"{whole}.{rest}" if rest else f"{whole}"
    return f"-{text}" if value < 0 else text
