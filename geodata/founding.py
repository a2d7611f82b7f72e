"""Making a city folder from a user's own street, district, place and grid files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.city import FORMAT, City, load_city
from geodata.domain.case import PLACE_KINDS
from geodata.errors import CityExists, DatumUnknown, LayerError
from geodata.maps.basemap import build_basemap
from geodata.spatial.coordinates import to_wgs84
from geodata.spatial.datum import guess_datum, outline_points
from geodata.spatial.study import study_area
from geodata.spatial.streets import BuildNote, build_segments
from geodata.store import layers

BASEMAP = "basemap.json"

_CITY_HEAD = """\
# A city of Guatu 挂图. Every table below may be edited; `python -m geodata status` names what
# a file mentions and no table maps. Text after # is a remark.

format = {format}

city.name = {name}
city.name_en = {name_en}
city.timezone = {timezone}
city.metric_crs = {metric_crs}   # a projected CRS in metres that fits the city
city.datum = {datum}             # of the case files: wgs84 (also CGCS2000), gcj02 or bd09
city.profile = {profile}         # headings of the case files; a name, or the path of a TOML file
city.made_up = {made_up}

"""


@dataclass(frozen=True, kw_only=True)
class Founded:
    """What a new city folder was made of; told to the user, never silent."""

    city: City
    streets: BuildNote
    areas: int = 0
    places: int = 0
    unit_grids: int = 0
    mended_rings: int = 0
    datums: Mapping[str, str] = field(default_factory=dict)
    """Layer → how its datum was told."""


@dataclass(frozen=True, kw_only=True)
class LayerFiles:
    """The files a city is made of; only streets are needed."""

    streets: Sequence[Path]
    districts: Path | None = None
    places: Path | None = None
    grid: Path | None = None


def new_city(
    folder: Path,
    sources: LayerFiles,
    *,
    profile: str = "chinese",
    timezone: str = "",
    crs: str = "",
    name: str = "",
    datums: Mapping[str, str] | None = None,
) -> Founded:
    """Make a city folder; whole or not at all.

    Parameters
    ----------
    datums
        Layer (``streets``, ``districts``, ``places``, ``grid``) → ``wgs84``, ``gcj02`` or
        ``bd09`` where it is known; otherwise it is told from the data or refused.

    Raises
    ------
    CityExists
        There is one already.
    LayerError, DatumUnknown
        A file cannot be used; the message says which and why.
    """
    _refuse_existing(folder)
    stated = datums or {}
    told: dict[str, str] = {}
    streets = pd.concat([read_features(path) for path in sources.streets], ignore_index=True)
    streets = _as_wgs84(streets, "streets", stated, told, reference=None)
    reference = streets.geometry.to_numpy()
    preset = preset_text(profile)
    metric_crs = crs or str(streets.estimate_utm_crs())
    head = city_head(
        name=name or folder.name, timezone=timezone or _zone_of(preset), metric_crs=metric_crs,
        profile=profile,
    )  # fmt: skip
    extra = {
        what: _as_wgs84(read_features(path), what, stated, told, reference)
        for what, path in [
            ("districts", sources.districts),
            ("places", sources.places),
            ("grid", sources.grid),
        ]
        if path is not None
    }
    return found(folder, head + preset, streets, extra, told)


def found(
    folder: Path,
    config: str,
    streets: gpd.GeoDataFrame,
    extra: Mapping[str, gpd.GeoDataFrame],
    told: Mapping[str, str] | None = None,
) -> Founded:
    """Write ``city.toml`` and all layers (WGS 84) into a folder that is not there yet."""
    _refuse_existing(folder)
    unfinished = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        (unfinished / "city.toml").write_text(config, encoding="utf-8")
        city = load_city(unfinished)
        note = _write_layers(city, streets, extra)
        if folder.exists():
            folder.rmdir()
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return Founded(city=load_city(folder), datums=dict(told or {}), **note)


def _write_layers(
    city: City, streets: gpd.GeoDataFrame, extra: Mapping[str, gpd.GeoDataFrame]
) -> dict[str, object]:
    segments, built = build_segments(streets, city.street_classes, city.metric_crs)
    if segments.empty:
        raise LayerError("The street files hold no line or polygon. Give a file of streets.")
    layers.save_layer(segments, city.layers, layers.STREETS)
    areas, mended = _areas(extra.get("districts"))
    places = _places(extra.get("places"))
    grid = _unit_grid(extra.get("grid"))
    ground = extra.get("ground")
    for layer, file in [
        (areas, layers.AREAS),
        (places, layers.PLACES),
        (grid, layers.UNIT_GRID),
        (ground, layers.GROUND),
    ]:
        if layer is not None:
            layers.save_layer(layer, city.layers, file)
    layers.save_study(study_area(segments, areas, city.metric_crs), city.layers)
    write_basemap(city)
    return {
        "streets": built,
        "areas": 0 if areas is None else len(areas),
        "places": 0 if places is None else len(places),
        "unit_grids": 0 if grid is None else len(grid),
        "mended_rings": mended,
    }


def write_basemap(city: City) -> None:
    """Draw up the base map of the layers again, after a layer or a name has changed."""
    text = build_basemap(
        name=city.name,
        made_up=city.made_up,
        credit=city.map.credit,
        study=layers.study_table(city.layers),
        segments=layers.read_layer(city.layers, layers.STREETS),
        areas=layers.read_layer(city.layers, layers.AREAS),
        ground=layers.read_layer(city.layers, layers.GROUND),
        places=layers.read_layer(city.layers, layers.PLACES),
    )
    (city.layers / BASEMAP).write_text(text, encoding="utf-8")


def read_features(path: Path) -> gpd.GeoDataFrame:
    """Read a file of features, any format GDAL or GeoParquet knows, as WGS 84.

    Raises
    ------
    LayerError
        It is missing, not a file of features, or empty.
    """
    if not path.exists():
        raise LayerError(f"{path} does not exist. Check the name and the folder.")
    try:
        parquet = path.suffix.lower() in {".parquet", ".geoparquet"}
        features = gpd.read_parquet(path) if parquet else gpd.read_file(path)
    except Exception as error:
        raise LayerError(
            f"{path.name} cannot be read as a file of features: {error}. "
            "GeoJSON, GeoPackage, Shapefile and GeoParquet are understood."
        ) from error
    if not isinstance(features, gpd.GeoDataFrame) or features.empty:
        raise LayerError(f"{path.name} holds no feature with a geometry.")
    if features.crs is None:
        raise LayerError(f"{path.name} states no CRS. Set one, e.g. with `ogr2ogr -a_srs`.")
    return features.to_crs("EPSG:4326")


def _as_wgs84(
    layer: gpd.GeoDataFrame,
    what: str,
    stated: Mapping[str, str],
    told: dict[str, str],
    reference: np.ndarray | None,  # type: ignore[type-arg]
) -> gpd.GeoDataFrame:
    """Convert a layer from the datum stated or told; refuse to lay it over unconverted."""
    if what in stated:
        datum, why = stated[what], f"{stated[what]}: as stated"
    elif reference is None:
        datum, why = (
            "wgs84",
            "wgs84: assumed for the streets, everything else is compared with them",
        )
    else:
        points = _points_of(layer)
        guess = guess_datum(*points, reference, headings=layer.columns)
        if not guess.confident:
            raise DatumUnknown(
                f"{what}: the datum cannot be told ({guess.explanation}). Chinese files are often "
                f"shifted by 20 to 700 m without saying so. State it with `--datum {what}=wgs84` "
                "(also CGCS2000), `gcj02` (Amap, Tencent, DataV) or `bd09` (Baidu)."
            )
        datum, why = guess.datum, f"{guess.datum}: {guess.explanation}"
    told[what] = why
    if datum == "wgs84":
        return layer

    def convert(xy: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        there = to_wgs84(xy[:, 0], xy[:, 1], datum)  # type: ignore[arg-type]
        return np.column_stack([there.lon, there.lat])

    shapes = shapely.transform(shapely.force_2d(layer.geometry.to_numpy()), convert)
    return layer.set_geometry(gpd.GeoSeries(shapes, index=layer.index, crs="EPSG:4326"))


def _points_of(layer: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    shapes = layer.geometry.to_numpy()
    if (shapely.get_dimensions(shapes) == 2).any():
        return outline_points(shapes)
    xy = shapely.get_coordinates(shapes)
    return xy[:, 0], xy[:, 1]


def _areas(layer: gpd.GeoDataFrame | None) -> tuple[gpd.GeoDataFrame | None, int]:
    """Areas with code, name, level and parent, rings mended, larger ones first."""
    if layer is None:
        return None, 0
    name = _pick(layer, ("name", "Name", "NAME", "qh", "名称", "街道", "社区"))
    if name is None:
        raise LayerError(
            f"The district file has no name column; found: {', '.join(map(str, layer.columns))}. "
            "Rename the column that holds the names to `name`."
        )
    shapes = layer.geometry.to_numpy()
    broken = ~shapely.is_valid(shapes)
    shapes = np.where(broken, shapely.make_valid(shapes), shapes)
    table = pd.DataFrame(
        {
            "code": _codes(layer, name),
            "name": name.astype(str),
            "name_en": layer["name_en"] if "name_en" in layer else "",
            "level": layer["level"].astype(str) if "level" in layer else "",
            "parent": _parents(layer),
        }
    )
    areas = gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")
    bigger_first = areas["parent"].isna().sort_values(ascending=False, kind="stable").index
    return areas.loc[bigger_first].reset_index(drop=True), int(broken.sum())


def _parents(layer: gpd.GeoDataFrame) -> pd.Series:
    """Code of the area above, where it is one of the file's own."""
    if "parent" not in layer or "code" not in layer:
        return pd.Series(None, index=layer.index, dtype=object)
    known = set(layer["code"].astype(str))
    return layer["parent"].map(lambda one: str(one) if str(one) in known else None)


def _codes(layer: gpd.GeoDataFrame, name: pd.Series) -> pd.Series:
    """Codes as given; names where there are none; a number behind a repeated name."""
    codes = _pick(layer, ("code", "adcode"))
    texts = (name if codes is None else codes).astype(str)
    again = texts.groupby(texts).cumcount()
    return texts.where(again == 0, texts + "-" + (again + 1).astype(str))


def _pick(layer: gpd.GeoDataFrame, candidates: Sequence[str]) -> pd.Series | None:
    return next((layer[column] for column in candidates if column in layer), None)


def _places(layer: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    if layer is None:
        return None
    kind = _pick(layer, ("kind", "type", "amenity", "类型"))
    if kind is None or not kind.isin(PLACE_KINDS).any():
        raise LayerError(
            "The places file needs a column `kind` with "
            f"{', '.join(PLACE_KINDS)}; found columns: {', '.join(map(str, layer.columns))}."
        )
    name = _pick(layer, ("name", "名称"))
    table = pd.DataFrame({"kind": kind, "name": "" if name is None else name})
    centres = shapely.centroid(layer.geometry.to_numpy())
    places = gpd.GeoDataFrame(table, geometry=centres, crs="EPSG:4326")
    return places[kind.isin(PLACE_KINDS)].reset_index(drop=True)


def _unit_grid(layer: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    if layer is None:
        return None
    code = _pick(layer, ("code", "grid_code", "网格编码", "网格编号"))
    if code is None:
        raise LayerError("The unit grid file needs a column `code` with the 15-digit grid code.")
    shapes = shapely.make_valid(layer.geometry.to_numpy())
    return gpd.GeoDataFrame({"code": code.astype(str)}, geometry=shapes, crs="EPSG:4326")


def preset_text(profile: str) -> str:
    """Tables a new city starts with: the preset of the profile, or the general Chinese one."""
    preset = files("geodata") / "presets" / f"{profile}.toml"
    if not preset.is_file():
        preset = files("geodata") / "presets" / "chinese.toml"
    return preset.read_text(encoding="utf-8")


def city_head(
    *,
    name: str,
    timezone: str,
    metric_crs: str,
    profile: str,
    name_en: str = "",
    datum: str = "wgs84",
    made_up: bool = False,
) -> str:
    """Return the first part of a ``city.toml``; the tables of a preset follow it."""
    quoted = {
        key: json.dumps(value, ensure_ascii=False)
        for key, value in {
            "name": name, "name_en": name_en, "timezone": timezone, "metric_crs": metric_crs,
            "datum": datum, "profile": profile, "made_up": made_up,
        }.items()
    }  # fmt: skip
    return _CITY_HEAD.format(format=FORMAT, **quoted)


def _zone_of(preset: str) -> str:
    """Time zone a preset names in its first remark, e.g. ``# timezone: Asia/Shanghai``."""
    first = preset.splitlines()[0]
    return first.partition("timezone:")[2].strip() or "Asia/Shanghai"


def _refuse_existing(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise CityExists(
            f"{folder} is there already and not empty. Name another folder, or remove this one."
        )
