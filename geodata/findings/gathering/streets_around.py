"""Which named streets lie around a segment without a name: how to tell people where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from geodata.findings.source import Source
from geodata.store.layers import STREETS, read_layer

MEETS_M: Final = 1.0
"""Ends of centre lines closer than this meet: segments are cut at junctions to the centimetre."""

NEAR_M: Final = 200.0
"""Further off than this a street says nothing of where a segment lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetsAround:
    """Named streets around a segment.

    Attributes
    ----------
    met
        Those that meet its first end, then those at its last, each once; the other segments of
        the same nameless street are followed to no further junction.
    near
        The nearest within `NEAR_M`, where it meets none; "" where there is none.
    """

    met: tuple[str, ...] = ()
    near: str = ""


def streets_around(source: Source, segment: int) -> StreetsAround:
    """Tell which named streets a segment (row of the layer of streets) meets, or lies near."""
    lines, names = source.remember("street lines", lambda: _lines(source))
    if segment >= len(lines):
        return StreetsAround()
    line, named = lines[segment], names != ""
    away = np.where(named, shapely.distance(lines, line), np.inf)
    met: dict[str, None] = {}
    for end in (shapely.get_point(line, 0), shapely.get_point(line, -1)):
        here = named & (shapely.distance(lines, end) <= MEETS_M)
        met.update(dict.fromkeys(sorted(set(names[here].tolist()))))
    nearest = int(np.argmin(away)) if len(away) else 0
    near = str(names[nearest]) if not met and away[nearest] <= NEAR_M else ""
    return StreetsAround(met=tuple(met), near=near)


def _lines(source: Source) -> tuple[Any, Any]:
    """Centre lines in metres and names, in file order."""
    layer = read_layer(source.city.layers, STREETS)
    if layer is None:
        return np.zeros(0, dtype=object), np.zeros(0, dtype=str)
    metric = layer.set_geometry("line").to_crs(source.city.metric_crs)
    return metric.geometry.to_numpy(), layer["street"].fillna("").to_numpy(dtype=str)
