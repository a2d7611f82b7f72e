"""A small made-up city for tests: a grid of streets, two districts, a handful of tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import polars as pl
import shapely

from geodata.city import City
from geodata.domain.case import CASE_SCHEMA
from geodata.founding import found

WEST, SOUTH = 104.060, 30.650
STEP = 0.002
"""About 190 m east and 220 m north: the side of a block."""

SIDE = 4
NORTH, EAST = SOUTH + SIDE * STEP, WEST + SIDE * STEP

TOML = """\
format = 1

city.name = "小城"
city.timezone = "Asia/Shanghai"
city.metric_crs = "EPSG:32648"
city.datum = "wgs84"
city.profile = "chinese"

families = [
  { code = "occupancy", name = "占道经营" },
  { code = "littering", name = "乱倒垃圾" },
]
categories = [
  { code = "stall", family = "occupancy", name = "流动摊贩", aliases = ["游商"] },
  { code = "out_of_shop", family = "occupancy", name = "店外经营" },
  { code = "dumping", family = "littering", name = "乱倒垃圾" },
]
offices = [
  { code = "city", name = "市城管局" },
  { code = "d1", name = "一区", parent = "city" },
  { code = "c1", name = "一社区", parent = "d1" },
  { code = "c2", name = "二社区", parent = "d1" },
  { code = "d2", name = "二区", parent = "city" },
]
channels = [
  { code = "12345", name = "12345热线" },
  { code = "patrol", name = "巡查", patrol = true },
]

[streets]
classes = [
  { code = "strict", name = "严管街", width_m = 30 },
  { code = "back", name = "背街小巷", width_m = 10, tags = ["residential"] },
  { code = "unclassified", name = "未分类", width_m = 8 },
]

[calendar]
country = ""
working_hours = [["09:00", "12:00"], ["14:00", "18:00"]]
holidays = [2026-09-09]

[rules]
piles = { min_cases = 5, min_share = 0.0, min_streets = 3, share_alone = 0.5 }

[campaign]
name = "行动"
phases = [
  { code = "one", name = "一", from_on = 2026-09-01, until_on = 2026-09-07 },
  { code = "two", name = "二", from_on = 2026-09-10, until_on = 2026-09-20 },
]
[campaign.office_phases]
c2 = [{ code = "one", name = "一", from_on = 2026-09-03, until_on = 2026-09-12 }]
"""


def streets() -> gpd.GeoDataFrame:
    """Five streets each way; the middle ones are strict-control and wider."""
    rows = []
    for i in range(SIDE + 1):
        x, y = WEST + i * STEP, SOUTH + i * STEP
        kind = "strict" if i == SIDE // 2 else "residential"
        across = [(WEST + j * STEP, y) for j in range(SIDE + 1)]
        up = [(x, SOUTH + j * STEP) for j in range(SIDE + 1)]
        rows.append((f"{i}横街", kind, shapely.LineString(across)))
        rows.append((f"{i}纵街", kind, shapely.LineString(up)))
    names, classes, lines = zip(*rows, strict=True)
    table = {"name": names, "class": classes}
    return gpd.GeoDataFrame(table, geometry=list(lines), crs="EPSG:4326")


def areas() -> gpd.GeoDataFrame:
    """Two districts sharing an edge; the western one holds one community in its south."""
    middle = WEST + SIDE * STEP / 2
    west = shapely.box(WEST - STEP, SOUTH - STEP, middle, NORTH + STEP)
    south_west = shapely.box(WEST - STEP, SOUTH - STEP, middle, SOUTH + STEP)
    east = shapely.box(middle, SOUTH - STEP, EAST, NORTH)
    return gpd.GeoDataFrame(
        {
            "code": ["w-s", "w", "e"],
            "name": ["西南社区", "西街道", "东街道"],
            "level": ["社区", "街道", "街道"],
            "parent": ["w", None, None],
        },
        geometry=[south_west, west, east],
        crs="EPSG:4326",
    )


def places() -> gpd.GeoDataFrame:
    points = [shapely.Point(WEST + STEP / 2, SOUTH + STEP / 2), shapely.Point(EAST, NORTH)]
    table = {"kind": ["school", "market"], "name": ["小学", "菜场"]}
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")


def make(folder: Path, toml: str = TOML, **layers: gpd.GeoDataFrame) -> City:
    """Found the small city in a folder; layers given replace its own."""
    extra = {"districts": areas(), "places": places()} | layers
    return found(folder, toml, extra.pop("streets", streets()), extra).city


def cases(rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Canonical cases of partial rows: what is not given is null, or a plain default."""
    full = [
        dict.fromkeys(CASE_SCHEMA)
        | {
            "case_id": f"case {number}",
            "reported_at": datetime(2026, 9, 2, 3, tzinfo=UTC),
            "lon": WEST + STEP / 3,
            "lat": SOUTH,
            "assisting": [],
            "source_file": "made.csv",
            "source_row": number,
        }
        | row
        for number, row in enumerate(rows, start=1)
    ]
    return pl.DataFrame(full, schema=CASE_SCHEMA)


def scattered(n: int, seed: int = 0, **columns: Sequence[Any]) -> pl.DataFrame:
    """Return cases all over the small city and a little around it."""
    random = np.random.default_rng(seed)
    lon = random.uniform(WEST - STEP, EAST + STEP, n)
    lat = random.uniform(SOUTH - STEP, NORTH + STEP, n)
    return cases(
        [
            {"lon": lon[i], "lat": lat[i]} | {name: values[i] for name, values in columns.items()}
            for i in range(n)
        ]
    )
