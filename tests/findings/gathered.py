"""A small city whose reports gather at one corner, counted here by hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import h3
import numpy as np

from geodata.ingest.place import place
from geodata.pipeline import load_ground
from geodata.store.lake import Lake
from tests import small_city

START = datetime(2026, 9, 1, 3, tzinfo=UTC)
CORNER = (small_city.WEST + small_city.STEP, small_city.SOUTH + small_city.STEP)
ELSEWHERE = (small_city.EAST - small_city.STEP, small_city.NORTH - small_city.STEP)

TWO_PHASES = (
    small_city.TOML.partition("\n[campaign]")[0]
    + """
[campaign]
name = "行动"
phases = [
  { code = "one", name = "一", from_on = 2026-09-01, until_on = 2026-10-12 },
  { code = "two", name = "二", from_on = 2026-10-13, until_on = 2026-11-23 },
  { code = "later", name = "三", from_on = 2026-12-24, until_on = 2026-12-30 },
]
"""
)


def report(lon, lat, day, **more):
    """One report; ``more`` replaces any column."""
    plain = {"lon": lon, "lat": lat, "category": "stall", "office": "c1", "channel": "12345"}
    return {**plain, "reported_at": START + timedelta(days=int(day)), **more}


def background(random, n, days):
    """Reports along the streets of the whole town."""
    rows = []
    for _ in range(n):
        along = random.uniform(0, small_city.SIDE * small_city.STEP)
        line = random.integers(0, small_city.SIDE + 1) * small_city.STEP
        x, y = (along, line) if random.random() < 0.5 else (line, along)
        day = random.integers(0, days)
        rows.append(report(small_city.WEST + x, small_city.SOUTH + y, day, category="dumping"))
    return rows


def at(random, where, n, days, spread=7e-4, **more):
    """Reports along the streets around a crossing, `spread` degrees each way."""
    along = random.normal(0, spread, (2, n)) * np.eye(2)[random.integers(0, 2, n)].T
    lon, lat = along + np.array(where)[:, None]
    return [
        report(x, y, day, **more)
        for x, y, day in zip(lon, lat, random.integers(*days, n), strict=True)
    ]


def rise_and_fall():
    """Six weeks each; one crossing rises from 40 to 200, another falls from 200 to 40."""
    random = np.random.default_rng(4)
    rows = background(random, 1_200, 84)
    for where, first, second in ((CORNER, 40, 200), (ELSEWHERE, 200, 40)):
        rows += at(random, where, first, (0, 42))
        rows += at(random, where, second, (42, 84))
    return rows


def made(folder, rows, toml=small_city.TOML, **layers):
    """A city folder that holds these reports."""
    city = small_city.make(folder / "city", toml, **layers)
    if rows:
        Lake(city.lake).upsert(place(small_city.cases(rows), load_ground(city)), source="made.csv")
    return city.folder


def by_hand(points, resolution):
    """Cases of each cell (hexadecimal), by the h3 package alone."""
    return Counter(
        h3.cell_to_parent(h3.latlng_to_cell(lat, lon, 12), resolution) for lon, lat in points
    )


def near_by_hand(counted, cell, study):
    """Cases and cells within one step of a cell, of those in the study area."""
    around = [one for one in h3.grid_disk(cell, 1) if one in study]
    return sum(counted[one] for one in around), len(around)


def gi_star_by_hand(counted, cell, study):
    """Getis and Ord's z, cell by cell."""
    values = np.array([counted[one] for one in study], dtype=float)
    n, mean, spread = len(values), values.mean(), values.std()
    total, size = near_by_hand(counted, cell, set(study))
    return (total - size * mean) / (spread * np.sqrt(size * (n - size) / (n - 1)))
