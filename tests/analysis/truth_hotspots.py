"""How often the hot-spot tests are wrong where nothing is going on, and what they find.

    python -m tests.analysis.truth_hotspots 500

prints the table; `test_truth_hotspots.py` holds it to the limits.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import sparse

from geodata.analysis.emerging import EmergingRule, emerging
from geodata.analysis.hotspots import HotSpotRule, hot_spots
from geodata.analysis.local_moran import MoranRule, local_moran
from geodata.analysis.neighbours import ring_neighbours
from tests.analysis.hexagons import disk

Draw = Callable[[np.random.Generator], np.ndarray]
Test = Callable[[np.ndarray], np.ndarray]

CELLS = disk(16)
NEAR = ring_neighbours(CELLS, 1)
KM = np.random.default_rng(7).gamma(1.2, 0.12, len(CELLS)) * (
    np.random.default_rng(8).random(len(CELLS)) < 0.9
)
"""Very unequal kilometres of street, none in a tenth of the cells."""


class Row(NamedTuple):
    """One line of the table."""

    test: str
    world: str
    runs: int
    false_share: float
    found: float | None

    def text(self) -> str:
        """As printed."""
        found = "" if self.found is None else f"{self.found:7.3f}"
        return f"{self.test:34} {self.world:38} {self.runs:5d} {self.false_share:8.3f} {found}"


def poisson(mean: float) -> Draw:
    return lambda rng: rng.poisson(mean, len(CELLS)).astype(float)


def bundled(mean: float, shape: float) -> Draw:
    def draw(rng: np.random.Generator) -> np.ndarray:
        return rng.poisson(mean * rng.gamma(shape, 1 / shape, len(CELLS))).astype(float)

    return draw


def along_streets(per_km: float, bundle: int = 1) -> Draw:
    return lambda rng: bundle * rng.poisson(per_km / bundle * KM).astype(float)


def cube(mean: float, steps: int) -> Draw:
    return lambda rng: rng.poisson(mean, (len(CELLS), steps)).astype(float)


def spots(rule: HotSpotRule, *, per_km: bool = False) -> Test:
    exposure = KM if per_km else None

    def test(counts: np.ndarray) -> np.ndarray:
        found = hot_spots(counts, NEAR, exposure=exposure, rule=rule)
        return found.cells["spot"].to_numpy() != 0

    return test


def bins(rule: EmergingRule) -> Test:
    return lambda values: emerging(values, NEAR, rule=rule).spots.ravel() != 0


def clusters(rule: MoranRule) -> Test:
    def test(values: np.ndarray) -> np.ndarray:
        return (local_moran(values, NEAR, rule=rule).cells["cluster"] != "none").to_numpy()

    return test


def no_effect(runs: int, name: str, world: str, draw: Draw, test: Test) -> Row:
    """Share of runs with any finding: where nothing is true, that is the false discovery rate."""
    rng = np.random.default_rng(20260501)
    alarms = [bool(test(draw(rng)).any()) for _ in range(runs)]
    return Row(name, world, runs, float(np.mean(alarms)), None)


def planted(  # noqa: PLR0917 - a line of the table
    runs: int, name: str, world: str, draw: Draw, test: Test, factor: float
) -> Row:
    """Plant one hot spot of seven cells; the false share counts cells that do not touch it."""
    rng = np.random.default_rng(20260502)
    inner = np.flatnonzero(np.diff(NEAR.indptr) == 7)
    shares, found = [], []
    for _ in range(runs):
        middle = rng.choice(inner)
        hot = NEAR[[middle]].indices
        counts = draw(rng)
        counts[hot] += draw_more(rng, draw, factor)[hot]
        finding = test(counts)
        touching = sparse.csr_array(NEAR)[:, hot].sum(axis=1) > 0
        shares.append((finding & ~touching).sum() / max(finding.sum(), 1))
        found.append(finding[middle])
    return Row(name, world, runs, float(np.mean(shares)), float(np.mean(found)))


def draw_more(rng: np.random.Generator, draw: Draw, factor: float) -> np.ndarray:
    """Add (factor − 1) times as many reports again, drawn by the same law."""
    whole = int(factor - 1)
    return sum((draw(rng) for _ in range(whole)), np.zeros(len(CELLS)))


def false_trends(runs: int, trend_of: str, steps: int) -> Row:
    """Share of cells called rising or falling where nothing changes."""
    rng = np.random.default_rng(20260503)
    rule = EmergingRule(trend_of=trend_of)  # type: ignore[arg-type]
    shares = [
        float((emerging(cube(2.0, steps)(rng), NEAR, rule=rule).cells["trend"] != 0).mean())
        for _ in range(runs)
    ]
    return Row(
        f"trend of {trend_of}", f"{steps} steps, Poisson 2", runs, float(np.mean(shares)), None
    )


def held_rows(runs: int) -> list[Row]:
    """Rows that must stay at or below 6 %: everything that is on by default."""
    exact, per_km = HotSpotRule(), HotSpotRule()
    worlds = {
        "Poisson 0.05 a cell": poisson(0.05),
        "Poisson 0.3 a cell": poisson(0.3),
        "Poisson 2 a cell": poisson(2),
        "Poisson 20 a cell": poisson(20),
        "bundled 0.3 (gamma shape 0.3)": bundled(0.3, 0.3),
        "bundled 2 (gamma shape 0.5)": bundled(2, 0.5),
    }
    streets = {
        "1 per km of street": along_streets(1),
        "10 per km of street": along_streets(10),
        "10 per km, in bundles of 3": along_streets(10, 3),
    }
    rows = [no_effect(runs, "Gi* exact", w, d, spots(exact)) for w, d in worlds.items()]
    rows += [
        no_effect(runs, "Gi* per km, dispersed", w, d, spots(per_km, per_km=True))
        for w, d in streets.items()
    ]
    rows += [
        no_effect(runs, "space–time Gi* exact, 8 steps", f"Poisson {m} a bin", cube(m, 8),
                  bins(EmergingRule()))
        for m in (0.05, 0.5, 5.0)
    ]  # fmt: skip
    rows += [
        no_effect(runs, "local Moran exact", w, worlds[w], clusters(MoranRule()))
        for w in ("Poisson 0.3 a cell", "Poisson 2 a cell", "bundled 2 (gamma shape 0.5)")
    ]
    return rows


def power_rows(runs: int) -> list[Row]:
    """Hot spots of seven cells, two to eight times as busy as the rest, that must be found."""
    rule = HotSpotRule()
    return [
        planted(runs, "Gi* exact", "0.5 a cell, 7 cells × 6", poisson(0.5), spots(rule), 6),
        planted(runs, "Gi* exact", "2 a cell, 7 cells × 3", poisson(2), spots(rule), 3),
        planted(runs, "Gi* exact", "20 a cell, 7 cells × 2", poisson(20), spots(rule), 2),
        planted(runs, "Gi* exact", "bundled 2, 7 cells × 8", bundled(2, 0.5), spots(rule), 8),
        planted(runs, "Gi* per km, dispersed", "20 per km, 7 cells × 4",
                along_streets(20), spots(rule, per_km=True), 4),
    ]  # fmt: skip


def textbook_rows(runs: int) -> list[Row]:
    """For comparison: what the normal curve would have claimed, and the overlap of z."""
    rule = HotSpotRule(null="normal")
    return [
        no_effect(runs, "Gi* normal (textbook)", "Poisson 0.3 a cell", poisson(0.3), spots(rule)),
        no_effect(runs, "Gi* normal (textbook)", "Poisson 2 a cell", poisson(2), spots(rule)),
        no_effect(runs, "Gi* normal (textbook)", "bundled 2 (gamma shape 0.5)",
                  bundled(2, 0.5), spots(rule)),
        no_effect(runs, "local Moran normal (textbook)", "Poisson 0.3 a cell",
                  poisson(0.3), clusters(MoranRule(null="normal"))),
        *(false_trends(max(runs // 20, 5), of, steps) for of in ("z", "step") for steps in (8, 14)),
    ]  # fmt: skip


def main(runs: int) -> None:
    head = f"{'test':34} {'world':38} {'runs':>5} {'false':>8} {'found':>7}"
    print(f"{len(CELLS)} cells, false discovery rate set to 0.05", head, sep="\n")
    for rows in (held_rows, power_rows, textbook_rows):
        print("-" * len(head))
        for row in rows(runs):
            print(row.text(), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
