"""The cells of each phase as a file, for the page made with streamlit-folium."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl

from geodata.analysis.counts import count_by_cell
from geodata.analysis.facts import kept
from geodata.city import load_city
from geodata.domain.selection import Selection
from geodata.spatial.cells import STUDY, to_text
from geodata.store.facts import load_facts
from tests.benchmarks.cities import PHASES

SCRIPT = Path(__file__).with_name("folium_page.py")


@cache
def cells_file(city: Path) -> Path:
    """Write ``phase``, ``cell`` (text), ``cases``: exactly what our map is sent for each phase."""
    facts = load_facts(load_city(city))
    tables = []
    for phase in PHASES:
        keep = kept(facts, Selection(phases=frozenset({phase})))
        counts = count_by_cell(facts, keep, resolution=STUDY)
        names = pl.Series("cell", to_text(counts["cell"]))
        tables.append(counts.select(names, "cases", phase=pl.lit(phase)))
    target = city / "phase_cells.parquet"
    pl.concat(tables).write_parquet(target)
    return target


def cells_in(city: Path, phase: str) -> int:
    """How many cells hold a case of the phase."""
    return len(pl.read_parquet(cells_file(city)).filter(pl.col("phase") == phase))
