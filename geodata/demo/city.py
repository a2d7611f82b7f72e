"""The whole made-up city from one seed; nothing is written to disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import polars as pl

from geodata.demo.areas import build_areas, key_places, water_and_green
from geodata.demo.cases import iter_cases
from geodata.demo.config import DemoConfig, load_config
from geodata.demo.draw import Scene, set_scene
from geodata.demo.network import build_network
from geodata.demo.plan import load_plan
from geodata.demo.spots import lay_spots
from geodata.demo.truth import planted_truth
from geodata.demo.unit_grid import build_unit_grid

SEED = 2026
CASES = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLayers:
    """The city without its cases: layers in WGS-84 degrees (EPSG:4326), and the scene.

    Attributes
    ----------
    streets
        ``name``, ``class``, ``width_m``; lines split at junctions.
    areas
        ``code``, ``name``, ``name_en``, ``level`` (街道 or 社区), ``parent``.
    water_green
        ``kind`` (water or green), ``name``.
    places
        ``kind``, ``name``; points.
    grid
        ``code``; legal unit grids.
    scene
        What cases are drawn from.
    """

    streets: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    water_green: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    grid: gpd.GeoDataFrame
    scene: Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCity:
    """The made-up city: layers as in `DemoLayers`, cases, tables, and what was planted."""

    streets: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    water_green: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    grid: gpd.GeoDataFrame
    cases: pl.DataFrame
    config: DemoConfig
    truth: dict[str, Any]


def make_layers(seed: int = SEED) -> DemoLayers:
    """Build streets, areas, grids and rates; the same seed gives the same bytes."""
    town, rates = (
        np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 0, use])))
        for use in range(2)
    )
    plan = load_plan()
    network = build_network(plan, town)
    areas = build_areas(plan, network)
    spots = lay_spots(plan, network, areas)
    return DemoLayers(
        streets=network.frame(),
        areas=areas.frame(),
        water_green=water_and_green(plan),
        places=key_places(plan, network),
        grid=build_unit_grid(plan, network, areas),
        scene=set_scene(plan, spots, areas, rates),
    )


def make_city(seed: int = SEED, cases: int = CASES) -> DemoCity:
    """Build the whole city in memory.

    Parameters
    ----------
    seed
        The same seed gives the same city, to the byte.
    cases
        How many rows the case register has. For millions use `make_layers` and
        `geodata.demo.cases.iter_cases`, which need memory for one part only.
    """
    layers = make_layers(seed)
    return DemoCity(
        streets=layers.streets,
        areas=layers.areas,
        water_green=layers.water_green,
        places=layers.places,
        grid=layers.grid,
        cases=pl.concat(iter_cases(layers.scene, cases, seed)),
        config=load_config(),
        truth=planted_truth(layers.scene, cases, seed),
    )


def make_cases(layers: DemoLayers, cases: int, seed: int = SEED) -> Iterator[pl.DataFrame]:
    """Make only the register, part by part, for layers made from the same seed."""
    return iter_cases(layers.scene, cases, seed)
