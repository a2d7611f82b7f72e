"""What the page made with streamlit-folium reads: one row per case, ready to be counted."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl

from geodata.city import load_city
from geodata.spatial.cells import STUDY, parent_expr
from geodata.store.facts import load_facts

SCRIPT = Path(__file__).with_name("folium_page.py")


@cache
def cases_file(city: Path) -> Path:
    """Write ``phase`` and ``cell`` (of the map's finest resolution) of every case."""
    frame = load_facts(load_city(city)).frame
    cell = parent_expr(pl.col("cell"), STUDY).alias("cell")
    target = city / "phase_cells.parquet"
    frame.select(pl.col("phase").cast(pl.Categorical), cell).write_parquet(target)
    return target


def cells_in(city: Path, phase: str) -> int:
    """How many cells hold a case of the phase."""
    cases = pl.read_parquet(cases_file(city))
    return cases.filter(pl.col("phase") == phase)["cell"].n_unique()
