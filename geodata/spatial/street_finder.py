"""Which street segment a report belongs to: the reported name when it is near, else the nearest."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.domain.street import SnapRule

Geometries = npt.NDArray[np.object_]
Rows = npt.NDArray[np.int64]
Metres = npt.NDArray[np.float64]


class Found(NamedTuple):
    """Aligned with the points asked for."""

    rows: Rows
    """Row of the segment; −1 = unassigned."""

    metres: Metres
    """Distance to the segment's edge; NaN where unassigned."""


class StreetFinder:
    """Finds the street segment of each report; built once per city, shareable by threads."""

    def __init__(self, segments: gpd.GeoDataFrame, metric_crs: str, rule: SnapRule) -> None:
        self.rule = rule
        self.ids = segments["segment"].to_numpy(dtype=object)
        self.lines_wgs84: Geometries = segments["line"].to_numpy()
        self._lines: Geometries = segments["line"].to_crs(metric_crs).to_numpy()
        self._half_m = np.nan_to_num(segments["width_m"].to_numpy(dtype=float) / 2)
        names = segments["street"].map(comparable_name)
        self._by_name: dict[str, Rows] = {
            str(name): np.asarray(rows)
            for name, rows in names.groupby(names).indices.items()
            if name
        }
        self._everywhere = _Nearby(self._lines, self._half_m, np.arange(len(self._lines)))
        self._trees: dict[str, _Nearby] = {}

    def assign(
        self, points: Geometries, names: npt.NDArray[np.object_]
    ) -> tuple[Found, npt.NDArray[np.bool_]]:
        """Give each metric point exactly one segment or none, and say where the name decided.

        A segment of the reported name within ``rule.by_name_within_m`` is preferred to a
        nearer one of another name.
        """
        rows, metres = self.named(points, names)
        by_name = rows >= 0
        rest = np.flatnonzero(~by_name)
        if len(rest):
            nearest = self.nearest(points[rest])
            rows[rest], metres[rest] = nearest
        return Found(rows, metres), by_name

    def nearest(self, points: Geometries) -> Found:
        """Find the segment whose edge is nearest, within ``rule.within_m``, for metric points.

        Inside several edges (at a crossing) the nearest centre line wins, then the lower row.
        """
        return self._everywhere.find(points, self.rule.within_m)

    def named(self, points: Geometries, names: npt.NDArray[np.object_]) -> Found:
        """Find the nearest segment of the reported name, within ``rule.by_name_within_m``."""
        rows = np.full(len(points), -1, dtype=np.int64)
        metres = np.full(len(points), np.nan)
        codes, distinct = pd.factorize(names)
        order = np.argsort(codes, kind="stable")
        ends = np.searchsorted(codes[order], np.arange(len(distinct) + 1))
        for code, reported in enumerate(distinct):
            street = self._street(comparable_name(reported))
            if street is not None:
                at = order[ends[code] : ends[code + 1]]
                rows[at], metres[at] = street.find(points[at], self.rule.by_name_within_m)
        return Found(rows, metres)

    def _street(self, name: str) -> _Nearby | None:
        """Return the segments of one name, indexed when first asked for."""
        if name not in self._by_name:
            return None
        if name not in self._trees:
            self._trees[name] = _Nearby(self._lines, self._half_m, self._by_name[name])
        return self._trees[name]


class _Nearby:
    """Some segments, ready to be asked which edge is nearest."""

    def __init__(self, lines: Geometries, half_m: Metres, rows: Rows) -> None:
        self.rows = rows
        self.lines = lines[rows]
        self.half_m = half_m[rows]
        self.widest_m = float(self.half_m.max(initial=0.0))
        self.tree = shapely.STRtree(self.lines)

    def find(self, points: Geometries, within_m: float) -> Found:
        """Find the nearest edge of these within so many metres."""
        reach = within_m + self.widest_m
        point, line = self.tree.query(points, predicate="dwithin", distance=reach)
        to_line = shapely.distance(points[point], self.lines[line])
        to_edge = np.maximum(to_line - self.half_m[line], 0.0)
        order = np.lexsort((line, to_line, to_edge, point))
        first = order[np.unique(point[order], return_index=True)[1]]
        first = first[to_edge[first] <= within_m]
        rows = np.full(len(points), -1, dtype=np.int64)
        metres = np.full(len(points), np.nan)
        rows[point[first]] = self.rows[line[first]]
        metres[point[first]] = to_edge[first]
        return Found(rows, metres)


def comparable_name(name: object) -> str:
    """Street name as compared: one case, no spaces or punctuation, abbreviations written out."""
    if not isinstance(name, str):
        return ""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold())
    return "".join(_WRITTEN_OUT.get(word, word) for word in words)


_WRITTEN_OUT = {
    "aly": "alley", "av": "avenue", "ave": "avenue", "blvd": "boulevard", "bdwy": "broadway",
    "cir": "circle", "cres": "crescent", "ct": "court", "dr": "drive", "ext": "extension",
    "hwy": "highway", "ln": "lane", "pk": "park", "pkwy": "parkway", "pkwe": "parkway",
    "pl": "place", "plz": "plaza", "rd": "road", "sq": "square", "st": "street",
    "ter": "terrace", "terr": "terrace", "tpke": "turnpike", "wf": "wharf", "whf": "wharf",
    "e": "east", "n": "north", "s": "south", "w": "west",
}  # fmt: skip
