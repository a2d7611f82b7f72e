"""Speed of the hot-spot statistics, next to esda on the part both do.

    python -m tests.benchmarks.bench_hotspots

Budget: emerging hot spots of 2 million cell-weeks in 1 s, neighbours kept from before.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from typing import Any, TypedDict

import h3
import numpy as np
from scipy import sparse

from geodata.analysis.emerging import EmergingRule, emerging
from geodata.analysis.gi_star import gi_star
from geodata.analysis.hotspots import hot_spots
from geodata.analysis.local_moran import local_moran
from geodata.analysis.mann_kendall import mann_kendall
from geodata.analysis.neighbours import ring_neighbours
from tests.benchmarks.row import Row, Scale, in_turn

REPEATS = 3
RADIUS, WEEKS = 218, 14
"""143,227 cells × 14 weeks = 2.0 million bins."""


class Line(TypedDict):
    """One measurement; ``ratio`` is ours ÷ ``against``, None where nothing else does it."""

    name: str
    seconds: float
    budget_s: float | None
    ratio: float | None
    against: str | None


def city() -> tuple[np.ndarray, np.ndarray]:
    """Cells of a disk and a cube of reports on it: quiet, with a busier strip."""
    middle = h3.latlng_to_cell(29.58, 105.05, 10)
    cells = np.array(sorted(int(cell, 16) for cell in h3.grid_disk(middle, RADIUS)), dtype=np.int64)
    rng = np.random.default_rng(0)
    mean = np.where(np.arange(len(cells)) % 70 == 0, 2.0, 0.3)
    return cells, rng.poisson(mean[:, None], (len(cells), WEEKS)).astype(float)


def timed(work: Callable[[], Any]) -> float:
    """Seconds of one run."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def median_s(work: Callable[[], Any]) -> float:
    """Median of some runs after one to warm up."""
    work()
    return float(np.median([timed(work) for _ in range(REPEATS)]))


def line(name: str, seconds: float, budget_s: float | None = None) -> Line:
    return Line(name=name, seconds=seconds, budget_s=budget_s, ratio=None, against=None)


def run() -> list[Line]:
    """Measure everything once; about ten seconds."""
    cells, cube = city()
    near = ring_neighbours(cells, 1)
    textbook = EmergingRule(null="normal")
    bins = f"{cube.size / 1e6:.1f}M bins"
    lines = [
        line(f"neighbours, {len(cells):,} cells, 1 ring",
             median_s(lambda: ring_neighbours(cells, 1)), 4.0),
        line(f"neighbours, {len(cells):,} cells, 2 rings",
             median_s(lambda: ring_neighbours(cells, 2)), 8.0),
        line(f"emerging, {bins}", median_s(lambda: emerging(cube, near)), 1.0),
        line(f"emerging, {bins}, normal curve",
             median_s(lambda: emerging(cube, near, rule=textbook)), 1.0),
        line(f"Mann–Kendall, {bins}", median_s(lambda: mann_kendall(cube)), 0.5),
        line(f"hot spots, {len(cells):,} cells",
             median_s(lambda: hot_spots(cube[:, 0], near)), 0.5),
        line(f"local Moran, {len(cells):,} cells",
             median_s(lambda: local_moran(cube[:, 0], near)), 2.0),
    ]  # fmt: skip
    return lines + _against_esda()


def _against_esda() -> list[Line]:
    """Gi* of every week on esda's fastest kind of weights, made beforehand; in turn with ours."""
    if importlib.util.find_spec("esda") is None:
        return []
    import esda  # noqa: PLC0415 - slow to import
    import libpysal  # noqa: PLC0415

    cells, cube = city()
    near = ring_neighbours(cells, 1)
    graph = libpysal.graph.Graph.from_sparse(sparse.csr_array(near)).transform("B")

    def theirs() -> list[np.ndarray]:
        return [
            esda.G_Local(week, graph, star=True, transform="B", permutations=0).Zs
            for week in cube.T
        ]

    def ours() -> list[np.ndarray]:
        return [gi_star(week, near).z for week in cube.T]

    np.testing.assert_allclose(ours(), theirs(), atol=1e-9)
    taken = in_turn({"ours": lambda: timed(ours), "esda": lambda: timed(theirs)}, REPEATS)
    own, other = float(np.median(taken["ours"])), float(np.median(taken["esda"]))
    name = f"Gi* z, {len(cells):,} cells × {WEEKS} weeks, weights ready"
    return [Line(name=name, seconds=own, budget_s=None, ratio=own / other,
                 against=f"esda.G_Local {other:.3f} s")]  # fmt: skip


def measure(_scale: Scale) -> list[Row]:
    """Give the same figures as rows of `tests.benchmarks`."""
    return [
        Row(
            name=row["name"],
            budget=f"≤ {row['budget_s']:g} s" if row["budget_s"] else "",
            figure=row["seconds"],
            unit="s",
            median_of=REPEATS,
            ratio=row["ratio"],
            against=row["against"] or "",
        )
        for row in run()
    ]


def main() -> None:
    for row in run():
        budget = f" budget {row['budget_s']:.1f} s" if row["budget_s"] else ""
        ratio = f" {row['ratio']:.3f} × {row['against']}" if row["ratio"] else ""
        print(f"{row['name']:48} {row['seconds']:8.3f} s{budget}{ratio}")


if __name__ == "__main__":
    main()
