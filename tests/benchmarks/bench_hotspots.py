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

RADIUS, WEEKS = 218, 14
"""143,227 cells × 14 weeks = 2.0 million bins."""


class Line(TypedDict):
    """One measurement; ``ratio`` is ours ÷ ``against``, None where nothing else does it."""

    name: str
    seconds: float
    budget_s: float | None
    ratio: float | None
    against: str | None


def city(radius: int = RADIUS) -> tuple[np.ndarray, np.ndarray]:
    """Cells of a disk and a cube of reports on it: quiet, with a busier strip."""
    middle = h3.latlng_to_cell(29.58, 105.05, 10)
    cells = np.array(sorted(int(cell, 16) for cell in h3.grid_disk(middle, radius)), dtype=np.int64)
    rng = np.random.default_rng(0)
    mean = np.where(np.arange(len(cells)) % 70 == 0, 2.0, 0.3)
    return cells, rng.poisson(mean[:, None], (len(cells), WEEKS)).astype(float)


def median_s(work: Callable[[], Any], repeats: int = 3) -> float:
    """Median of some runs after one to warm up."""
    work()
    taken = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return float(np.median(taken))


def line(name: str, seconds: float, budget_s: float | None = None) -> Line:
    return Line(name=name, seconds=seconds, budget_s=budget_s, ratio=None, against=None)


def run() -> list[Line]:
    """Measure everything once; about half a minute, most of it esda's."""
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
        line(f"hot spots, {len(cells):,} cells", median_s(lambda: hot_spots(cube[:, 0], near)), 0.5),
        line(f"local Moran, {len(cells):,} cells",
             median_s(lambda: local_moran(cube[:, 0], near)), 2.0),
    ]  # fmt: skip
    return lines + _against_esda()


def _against_esda() -> list[Line]:
    """Gi* of a smaller city, z only: esda keeps a Python object per cell."""
    if importlib.util.find_spec("esda") is None:
        return []
    import esda  # noqa: PLC0415 - slow to import
    import libpysal  # noqa: PLC0415

    cells, cube = city(radius=60)
    near = ring_neighbours(cells, 1)
    weights = libpysal.weights.WSP(sparse.csr_matrix(near)).to_W(silence_warnings=True)
    weights.transform = "B"

    def theirs() -> np.ndarray:
        lines = [
            esda.G_Local(cube[:, week], weights, star=True, transform="B", permutations=0).Zs
            for week in range(WEEKS)
        ]
        return np.stack(lines, axis=1)

    def ours() -> np.ndarray:
        return np.stack([gi_star(cube[:, week], near).z for week in range(WEEKS)], axis=1)

    np.testing.assert_allclose(ours(), theirs(), atol=1e-9)
    taken, other = median_s(ours), median_s(theirs)
    name = f"Gi* z, {len(cells):,} cells × {WEEKS} weeks, weights ready"
    return [Line(name=name, seconds=taken, budget_s=None, ratio=taken / other,
                 against=f"esda.G_Local {other:.3f} s")]  # fmt: skip


def main() -> None:
    for row in run():
        budget = f" budget {row['budget_s']:.1f} s" if row["budget_s"] else ""
        ratio = f" {row['ratio']:.2f} × {row['against']}" if row["ratio"] else ""
        print(f"{row['name']:48} {row['seconds']:8.3f} s{budget}{ratio}")


if __name__ == "__main__":
    main()
