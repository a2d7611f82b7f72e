"""Street segments: polygons with a class, a length and an owner, from lines or polygons."""

from __future__ import annotations

import ast
import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
import shapely.ops

from geodata.domain.street import UNCLASSIFIED, StreetClass, class_by_tag

Geometries = npt.NDArray[np.object_]

LONGEST_M = 250.0
"""Segments longer than this are cut into equal parts: one owner can watch one part."""

JOIN_M = 0.05
"""Vertices closer than this are one junction."""

AREAL = 2
"""Dimension of a polygon, as shapely counts."""

SEGMENT_COLUMNS = [
    "segment",
    "street",
    "class",
    "width_m",
    "length_m",
    "office",
    "line",
    "geometry",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildNote:
    """What was done to the street file, in counts, so that nothing is mended silently."""

    read: int
    twice: int = 0
    """Same line given again, usually once per driving direction; kept once."""
    mended: int = 0
    """Invalid rings made valid."""
    skipped: int = 0
    """Neither a line nor a polygon, or empty."""
    unnamed: int = 0
    segments: int = 0
    length_km: float = 0.0


def build_segments(
    streets: gpd.GeoDataFrame, classes: Mapping[str, StreetClass], metric_crs: str
) -> tuple[gpd.GeoDataFrame, BuildNote]:
    """Turn a street file into segments: each a polygon with its centre line.

    Parameters
    ----------
    streets
        Lines or polygons in any declared CRS; ``name`` and one of ``class``, ``highway``,
        ``type``, ``fclass`` are used, ``width_m`` and ``office`` where given.
    classes
        Class code → width; lines are buffered by half of it.
    metric_crs
        A projected CRS in metres that fits the city.

    Returns
    -------
    (segments, note)
        ``segments`` in WGS 84 with the columns of ``SEGMENT_COLUMNS``, ordered by street
        name, then west to east; ``length_m`` along the centre line (for a given polygon:
        half its perimeter, less its mean width). ``office`` is null where not given.
    """
    kept, note = _clean(streets.to_crs(metric_crs))
    table = pd.DataFrame(
        {
            "street": _names(kept),
            "class": _classes(kept, class_by_tag(classes)),
            "office": kept.get("office"),
        }
    )
    table["width_m"] = _widths(kept, table["class"], classes)
    table["shape"] = kept.geometry.to_numpy()
    parts = _cut(table)
    parts = _measure(parts)
    segments = _to_wgs84(parts, metric_crs)
    return segments, BuildNote(
        **note,
        unnamed=int((segments["street"] == "").sum()),
        segments=len(segments),
        length_km=round(float(segments["length_m"].sum()) / 1000, 1),
    )


def _clean(streets: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Mend invalid rings, explode multi-parts, drop the second copy of a line."""
    shapes = shapely.force_2d(streets.geometry.to_numpy())
    broken = ~shapely.is_valid(shapes) & (shapely.get_dimensions(shapes) == AREAL)
    shapes[broken] = shapely.make_valid(shapes[broken])
    pieces = streets.set_geometry(gpd.GeoSeries(shapes, index=streets.index, crs=streets.crs))
    pieces = pieces.explode(index_parts=False, ignore_index=True)
    dimensions = shapely.get_dimensions(pieces.geometry.to_numpy())
    usable = (dimensions >= 1) & ~shapely.is_empty(pieces.geometry.to_numpy())
    pieces = pieces[usable]
    same = shapely.normalize(
        shapely.set_precision(pieces.geometry.to_numpy(), 0.1, mode="pointwise")
    )
    again = pd.Series(shapely.to_wkb(same)).duplicated().to_numpy()
    note = {
        "read": len(streets),
        "twice": int(again.sum()),
        "mended": int(broken.sum()),
        "skipped": int((~usable).sum()),
    }
    return pieces[~again].reset_index(drop=True), note


def _names(streets: gpd.GeoDataFrame) -> pd.Series:
    column = next((name for name in ("name", "street", "路名", "名称") if name in streets), None)
    if column is None:
        return pd.Series("", index=streets.index)
    return _mapped(streets[column])


def _mapped(column: pd.Series) -> pd.Series:
    return pd.Series([_first_name(value) for value in column], index=column.index, dtype=object)


def _first_name(value: object) -> str:
    """Return a plain name; a list, also one kept as text (``"['A', 'B']"``), gives its first."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return _first_name(value[0]) if len(value) else ""
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN alone is unequal
        return ""
    text = str(value).strip()
    if text.startswith("[") and text.endswith("]"):
        try:
            listed = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            return text
        return _first_name(listed)
    return text


def _classes(streets: gpd.GeoDataFrame, by_tag: Mapping[str, str]) -> pd.Series:
    column = next((n for n in ("class", "highway", "type", "fclass") if n in streets), None)
    if column is None:
        return pd.Series(UNCLASSIFIED, index=streets.index)
    words = _mapped(streets[column]).str.removeprefix("highway.").str.removesuffix("_link")
    return pd.Series([by_tag.get(word, UNCLASSIFIED) for word in words], index=streets.index)


def _widths(
    streets: gpd.GeoDataFrame, codes: pd.Series, classes: Mapping[str, StreetClass]
) -> pd.Series:
    by_class = codes.map({code: one.width_m for code, one in classes.items()})
    given = pd.to_numeric(streets["width_m"], errors="coerce") if "width_m" in streets else None
    widths = by_class if given is None else given.fillna(by_class)
    return widths.astype(float)


def _cut(table: pd.DataFrame) -> pd.DataFrame:
    """Cut lines at junctions and into parts of at most ``LONGEST_M``; polygons stay whole."""
    is_line = shapely.get_dimensions(table["shape"].to_numpy()) == 1
    lines = table[is_line]
    junctions = _junctions(lines["shape"].to_numpy())
    rows: list[int] = []
    parts: list[shapely.LineString] = []
    for row, line in zip(lines.index, lines["shape"], strict=True):
        for piece in _between_junctions(line, junctions):
            cut = _equal_parts(piece)
            parts += cut
            rows += [row] * len(cut)
    cut_lines = table.loc[rows].assign(shape=parts)
    whole: pd.DataFrame = table[~is_line]
    return pd.concat([cut_lines, whole], ignore_index=True)


def _key(x: float, y: float) -> tuple[int, int]:
    return round(x / JOIN_M), round(y / JOIN_M)


def _junctions(lines: Geometries) -> set[tuple[int, int]]:
    """Vertices used by more than one line."""
    coordinates, owner = shapely.get_coordinates(lines, return_index=True)
    keys = np.round(coordinates / JOIN_M).astype(np.int64)
    used = pd.DataFrame({"x": keys[:, 0], "y": keys[:, 1], "owner": owner}).drop_duplicates()
    counts = used.groupby(["x", "y"]).size()
    return set(counts[counts > 1].index)


def _between_junctions(
    line: shapely.LineString, junctions: set[tuple[int, int]]
) -> list[shapely.LineString]:
    """Cut a line at its inner junctions, not closer than ``JOIN_M``; nothing of it is lost."""
    points = list(line.coords)
    cuts = [0]
    for i in range(1, len(points) - 1):
        if _key(*points[i]) in junctions and _length(points[cuts[-1] : i + 1]) > JOIN_M:
            cuts.append(i)
    if len(cuts) > 1 and _length(points[cuts[-1] :]) <= JOIN_M:
        cuts.pop()
    ends = itertools.pairwise([*cuts, len(points) - 1])
    return [shapely.LineString(points[begin : end + 1]) for begin, end in ends]


def _length(points: list[tuple[float, ...]]) -> float:
    return float(shapely.LineString(points).length)


def _equal_parts(line: shapely.LineString) -> list[shapely.LineString]:
    count = int(np.ceil(line.length / LONGEST_M))
    if count <= 1:
        return [line]
    marks = np.linspace(0, line.length, count + 1)
    return [shapely.ops.substring(line, begin, end) for begin, end in itertools.pairwise(marks)]


def _measure(parts: pd.DataFrame) -> pd.DataFrame:
    """Add polygon, centre line and length in metres to each part."""
    shapes = parts["shape"].to_numpy()
    is_line = shapely.get_dimensions(shapes) == 1
    around = shapely.buffer(shapes, parts["width_m"].to_numpy() / 2, quad_segs=2, cap_style="round")
    polygons = np.where(is_line, shapely.simplify(around, 0.3), shapes)
    lines = np.where(is_line, shapes, _axes(shapes))
    half_perimeter = shapely.length(shapes) / 2
    mean_width = np.divide(shapely.area(shapes), np.maximum(half_perimeter, 1.0))
    between_ends = np.maximum(half_perimeter - mean_width, 1.0)
    length = np.where(is_line, shapely.length(shapes), between_ends)
    measured: pd.DataFrame = parts.assign(geometry=polygons, line=lines, length_m=length)
    return measured


def _axes(shapes: Geometries) -> Geometries:
    """Stand-in centre line of a polygon: the long axis of its tightest rectangle."""
    axes = np.empty(len(shapes), dtype=object)
    for i, box in enumerate(shapely.minimum_rotated_rectangle(shapes)):
        if box is None or box.geom_type != "Polygon":
            axes[i] = box
            continue
        corner = shapely.get_coordinates(box)[:4]
        if np.hypot(*(corner[1] - corner[0])) < np.hypot(*(corner[2] - corner[1])):
            corner = np.roll(corner, -1, axis=0)
        ends = [(corner[0] + corner[3]) / 2, (corner[1] + corner[2]) / 2]
        axes[i] = shapely.LineString(ends)
    return axes


def _to_wgs84(parts: pd.DataFrame, metric_crs: str) -> gpd.GeoDataFrame:
    lines = gpd.GeoSeries(parts["line"].to_numpy(), crs=metric_crs).to_crs("EPSG:4326")
    polygons = gpd.GeoSeries(parts["geometry"].to_numpy(), crs=metric_crs).to_crs("EPSG:4326")
    west = shapely.get_x(shapely.point_on_surface(polygons.to_numpy()))
    table = parts.drop(columns="shape").assign(
        line=shapely.set_precision(lines.to_numpy(), 1e-7),
        geometry=shapely.set_precision(polygons.to_numpy(), 1e-7),
        west=west,
    )
    table["segment"] = _ids(table)
    ordered = table.sort_values(["street", "west", "segment"], kind="stable", ignore_index=True)
    frame = gpd.GeoDataFrame(ordered[SEGMENT_COLUMNS], geometry="geometry", crs="EPSG:4326")
    return frame.set_geometry(gpd.GeoSeries(frame["geometry"], crs="EPSG:4326")).assign(
        line=gpd.GeoSeries(frame["line"], crs="EPSG:4326")
    )


def _ids(table: pd.DataFrame) -> list[str]:
    """Ten hexadecimal digits of name and place: the same street file gives the same ids."""
    seen: dict[str, int] = {}
    ids = []
    for name, line in zip(table["street"], table["line"], strict=True):
        place = np.round(shapely.get_coordinates(line), 5).tobytes()
        digest = hashlib.blake2b(name.encode() + place, digest_size=5).hexdigest()
        seen[digest] = seen.get(digest, 0) + 1
        ids.append(digest if seen[digest] == 1 else f"{digest}-{seen[digest]}")
    return ids
