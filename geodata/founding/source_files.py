"""A user's layer file as WGS 84: read in any format, its datum told, stated or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geodata.errors import DatumUnknown, LayerError, Sentence
from geodata.spatial.coordinates import Datum, in_rectangle, to_wgs84
from geodata.spatial.datum import SAME_EVERYWHERE, DatumGuess, guess_datum, outline_points

AREAL = 2
"""Dimension of a polygon, as shapely counts."""


def read_features(path: Path) -> gpd.GeoDataFrame:
    """Read a file of features, any format GDAL or GeoParquet knows, as WGS 84.

    Raises
    ------
    LayerError
        It is missing, not a file of features, states no CRS, or is empty.
    """
    if not path.exists():
        raise LayerError("{path} does not exist. Check the name and the folder.", path=path)
    try:
        parquet = path.suffix.lower() in {".parquet", ".geoparquet"}
        features = gpd.read_parquet(path) if parquet else gpd.read_file(path)
    except Exception as error:
        raise LayerError(
            "{file} cannot be read as a file of features: {error}. GeoJSON, GeoPackage, "
            "Shapefile and GeoParquet are understood.",
            file=path.name,
            error=error,
        ) from error
    if not isinstance(features, gpd.GeoDataFrame):
        raise LayerError("{file} holds no feature with a geometry.", file=path.name)
    features = features[features.geometry.notna() & ~features.geometry.is_empty]
    if features.empty:
        raise LayerError("{file} holds no feature with a geometry.", file=path.name)
    if features.crs is None:
        raise LayerError(
            "{file} states no CRS. Set one, e.g. with `ogr2ogr -a_srs`.", file=path.name
        )
    return features.to_crs("EPSG:4326").reset_index(drop=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatumBook:
    """Which layer is in which datum: what the user stated, and what was told from the rest."""

    stated: Mapping[str, Datum] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    """Layer → datum and why, in words; filled as layers are read."""

    def as_wgs84(
        self,
        layer: gpd.GeoDataFrame,
        what: str,
        reference: npt.NDArray[np.object_] | None = None,
    ) -> gpd.GeoDataFrame:
        """Convert a layer to WGS 84; one of unknown datum is refused, never laid over as it is.

        Parameters
        ----------
        what
            ``streets``, ``districts``, ``places`` or ``grid``.
        reference
            Streets in WGS 84 to compare with; None for the streets themselves.

        Raises
        ------
        DatumUnknown
            Nobody states the datum and it cannot be told.
        """
        datum, why = self._datum_of(layer, what, reference)
        self.told[what] = f"{datum}: {why}"
        return layer if datum == "wgs84" else _converted(layer, datum)

    def _datum_of(
        self, layer: gpd.GeoDataFrame, what: str, reference: npt.NDArray[np.object_] | None
    ) -> tuple[Datum, str]:
        if what in self.stated:
            return self.stated[what], "as stated"
        lon, lat = _points_of(layer)
        if reference is None:
            if in_rectangle(lon, lat).any():
                return "wgs84", "assumed for the streets; the other layers are compared with them"
            return "wgs84", str(SAME_EVERYWHERE)
        guess = guess_datum(lon, lat, reference, headings=layer.columns)
        if not guess.confident:
            raise DatumUnknown(_undecided(what, len(layer), guess))
        return guess.datum, str(guess.explanation)


def _undecided(what: str, features: int, guess: DatumGuess) -> Sentence:
    """Say why the datum cannot be told, and how to state it."""
    return Sentence(
        "{what}: the datum of its {features:,} features cannot be told ({why}); scattered points, "
        "or few, fit the streets by chance. Chinese files are often shifted by 20 to 700 m without "
        "saying so, so nothing was written. State it and run again: `--datum {what}=wgs84` (also "
        "CGCS2000), `--datum {what}=gcj02` (Amap, Tencent, DataV) or `--datum {what}=bd09` "
        "(Baidu).",
        what=what,
        features=features,
        why=guess.explanation,
    )


def _converted(layer: gpd.GeoDataFrame, datum: Datum) -> gpd.GeoDataFrame:
    def convert(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        there = to_wgs84(xy[:, 0], xy[:, 1], datum)
        return np.column_stack([there.lon, there.lat])

    shapes = shapely.transform(shapely.force_2d(layer.geometry.to_numpy()), convert)
    return layer.set_geometry(gpd.GeoSeries(shapes, index=layer.index, crs="EPSG:4326"))


def _points_of(
    layer: gpd.GeoDataFrame,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    shapes = layer.geometry.to_numpy()
    if (shapely.get_dimensions(shapes) == AREAL).any():
        return outline_points(shapes)
    xy = shapely.get_coordinates(shapes)
    return xy[:, 0], xy[:, 1]
