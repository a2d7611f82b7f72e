"""A city folder written whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geodata.city import City, load_city
from geodata.domain.progress import Progress, silent
from geodata.errors import CityBroken, CityExists, LayerError
from geodata.founding.settings import city_head, preset_text, zone_of
from geodata.founding.source_files import DatumBook, read_features
from geodata.founding.source_layers import areas_of, places_of, unit_grid_of
from geodata.ingest.profile import load_profile
from geodata.maps.basemap import build_basemap
from geodata.spatial.coordinates import Datum
from geodata.spatial.streets import BuildNote, build_segments
from geodata.spatial.study import study_area
from geodata.store import layers


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
    datums: Mapping[str, Datum] | None = None,
    progress: Progress = silent,
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
    CityBroken, ProfileBroken
        The time zone, CRS or profile asked for is not known.
    LayerError, DatumUnknown
        A file cannot be used; the message says which and why.
    """
    refuse_existing(folder)
    load_profile(profile)
    book = DatumBook(stated=datums or {})
    progress("reading the layers", 0)
    read = pd.concat([read_features(path) for path in sources.streets], ignore_index=True)
    streets = book.as_wgs84(read, "streets")
    preset = preset_text(profile)
    head = city_head(
        name=name or folder.resolve().name,
        timezone=timezone or zone_of(preset),
        metric_crs=crs or str(streets.estimate_utm_crs()),
        profile=profile,
    )
    reference = streets.geometry.to_numpy()
    given = {"districts": sources.districts, "places": sources.places, "grid": sources.grid}
    extra = {
        what: book.as_wgs84(read_features(path), what, reference)
        for what, path in given.items()
        if path is not None
    }
    return found(folder, head + preset, streets, extra, book.told, progress=progress)


def found(
    folder: Path,
    config: str,
    streets: gpd.GeoDataFrame,
    extra: Mapping[str, gpd.GeoDataFrame],
    told: Mapping[str, str] | None = None,
    *,
    progress: Progress = silent,
) -> Founded:
    """Write ``city.toml`` and all layers (WGS 84) into a folder that is not there yet.

    Raises
    ------
    CityExists, CityBroken, LayerError
        Nothing was written.
    """
    refuse_existing(folder)
    unfinished = unfinished_name(folder, "part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        (unfinished / "city.toml").write_text(config, encoding="utf-8")
        made = _write_layers(_checked(unfinished, folder), streets, extra, progress)
        if folder.exists():
            folder.rmdir()
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return replace(made, city=load_city(folder), datums=dict(told or {}))


def _checked(unfinished: Path, folder: Path) -> City:
    """Load the city under its final name, for messages."""
    try:
        return load_city(unfinished)
    except CityBroken as error:
        told = error.sentence.instead(str(unfinished), str(folder))
        raise CityBroken("{told} Nothing was written.", told=told) from error


def unfinished_name(folder: Path, why: str) -> Path:
    """Name the hidden neighbour a folder is built in until it is whole."""
    folder = folder.resolve()
    return folder.with_name(f".{folder.name}.{why}")


def _write_layers(
    city: City,
    streets: gpd.GeoDataFrame,
    extra: Mapping[str, gpd.GeoDataFrame],
    progress: Progress,
) -> Founded:
    progress("cutting the streets", len(streets))
    segments, built = build_segments(streets, city.street_classes, city.metric_crs)
    if segments.empty:
        raise LayerError("The street files hold no line or polygon. Give a file of streets.")
    areas, mended = areas_of(extra.get("districts"))
    places = places_of(extra.get("places"))
    grid = unit_grid_of(extra.get("grid"))
    for layer, file in [
        (segments, layers.STREETS),
        (areas, layers.AREAS),
        (places, layers.PLACES),
        (grid, layers.UNIT_GRID),
        (extra.get("ground"), layers.GROUND),
    ]:
        if layer is not None:
            layers.save_layer(layer, city.layers, file)
    progress("finding the study cells", len(segments))
    layers.save_study(study_area(segments, areas, city.metric_crs), city.layers)
    progress("drawing the base map", len(segments))
    write_basemap(city)
    return Founded(
        city=city,
        streets=built,
        areas=0 if areas is None else len(areas),
        places=0 if places is None else len(places),
        unit_grids=0 if grid is None else len(grid),
        mended_rings=mended,
    )


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
    (city.layers / layers.BASEMAP).write_text(text, encoding="utf-8")


def refuse_existing(folder: Path) -> None:
    """Check that a folder may be filled.

    Raises
    ------
    CityExists
        It is there already and not empty, or it is a file.
    """
    if folder.is_file() or (folder.exists() and any(folder.iterdir())):
        raise CityExists(
            "{folder} is there already and not empty. Name another folder, or remove this one.",
            folder=folder,
        )
