"""Layers as the software keeps them: areas, places and unit grids from a user's own columns."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.domain.case import PLACE_KINDS
from geodata.errors import LayerError


def areas_of(layer: gpd.GeoDataFrame | None) -> tuple[gpd.GeoDataFrame | None, int]:
    """Areas with ``code, name, name_en, level, parent``, larger ones first; how many were mended.

    Raises
    ------
    LayerError
        There is no column of names.
    """
    if layer is None:
        return None, 0
    name = _pick(layer, ("name", "Name", "NAME", "qh", "名称", "街道", "社区"))
    if name is None:
        raise LayerError(
            "The district file has no name column; found: {columns}. Rename the column that "
            "holds the names to `name`.",
            columns=list(layer.columns),
        )
    shapes = layer.geometry.to_numpy()
    broken = ~shapely.is_valid(shapes)
    shapes = np.where(broken, shapely.make_valid(shapes), shapes)
    table = pd.DataFrame(
        {
            "code": _codes(layer, name),
            "name": name.astype(str),
            "name_en": _texts(layer, "name_en"),
            "level": _texts(layer, "level"),
            "parent": _parents(layer),
        }
    )
    areas = gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")
    bigger_first = np.argsort(_depths(areas), kind="stable")
    return areas.iloc[bigger_first].reset_index(drop=True), int(broken.sum())


def _depths(areas: gpd.GeoDataFrame) -> list[int]:
    """How many areas lie above each; one that is above itself has as many as there are."""
    above = dict(zip(areas["code"], areas["parent"], strict=True))
    depths = []
    for code in areas["code"]:
        depth, parent = 0, above[code]
        while parent is not None and depth < len(above):
            depth, parent = depth + 1, above[parent]
        depths.append(depth)
    return depths


def _texts(layer: gpd.GeoDataFrame, column: str) -> pd.Series:
    """Return a column as texts; empty texts where there is none."""
    if column not in layer:
        return pd.Series("", index=layer.index)
    return pd.Series(layer[column].fillna("").astype(str), index=layer.index)


def _parents(layer: gpd.GeoDataFrame) -> pd.Series:
    """Code of the area above, where it is one of the file's own."""
    if "parent" not in layer or "code" not in layer:
        return pd.Series([None] * len(layer), index=layer.index, dtype=object)
    known = set(layer["code"].astype(str))
    codes = [str(one) if str(one) in known else None for one in layer["parent"]]
    return pd.Series(codes, index=layer.index, dtype=object)


def _codes(layer: gpd.GeoDataFrame, name: pd.Series) -> pd.Series:
    """Codes as given; names where there are none; a number behind a repeated name."""
    codes = _pick(layer, ("code", "adcode"))
    texts = (name if codes is None else codes).astype(str)
    again = texts.groupby(texts).cumcount()
    return texts.where(again == 0, texts + "-" + (again + 1).astype(str))


def _pick(layer: gpd.GeoDataFrame, candidates: Sequence[str]) -> pd.Series | None:
    return next((layer[column] for column in candidates if column in layer), None)


def places_of(layer: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Key places as points with ``kind`` and ``name``; rows of other kinds are left out.

    Raises
    ------
    LayerError
        No row has a kind that is known.
    """
    if layer is None:
        return None
    kind = _pick(layer, ("kind", "type", "amenity", "类型"))
    if kind is None or not kind.isin(PLACE_KINDS).any():
        raise LayerError(
            "The places file needs a column `kind` with {kinds}; found columns: {columns}.",
            kinds=PLACE_KINDS,
            columns=list(layer.columns),
        )
    name = _pick(layer, ("name", "名称"))
    table = pd.DataFrame({"kind": kind, "name": "" if name is None else name.fillna("")})
    centres = shapely.centroid(layer.geometry.to_numpy())
    places = gpd.GeoDataFrame(table, geometry=centres, crs="EPSG:4326")
    return places[kind.isin(PLACE_KINDS)].reset_index(drop=True)


def unit_grid_of(layer: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Legal unit grids 单元网格 with their ``code``, rings mended.

    Raises
    ------
    LayerError
        There is no column of codes.
    """
    if layer is None:
        return None
    code = _pick(layer, ("code", "grid_code", "网格编码", "网格编号"))
    if code is None:
        raise LayerError("The unit grid file needs a column `code` with the 15-digit grid code.")
    shapes = shapely.make_valid(layer.geometry.to_numpy())
    return gpd.GeoDataFrame({"code": code.astype(str)}, geometry=shapes, crs="EPSG:4326")
