"""The difference map and the comparison of phases, where the truth is known."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from geodata.analysis.baseline import day_effects
from geodata.analysis.difference_map import DifferenceMap, cell_dispersion, difference_map
from geodata.analysis.phases import phase_ratios
from geodata.domain.calendar import WorkCalendar
from geodata.domain.market import MarketDays
from tests.simulator import Effects, Town, simulate
from tests.truth.row import Row


def rows(runs: int) -> list[Row]:
    return [*map_rows(runs), *phase_rows(runs)]


def map_rows(runs: int) -> list[Row]:
    """500 cells, two phases of unequal length; the planted fall is −60 % in 50 of them."""
    random = np.random.default_rng(31)
    alarms, found = [], []
    for _ in range(runs):
        level = random.gamma(1.0, 4.0, 500)
        steps = random.poisson(level[:, None] * np.array([2.0, 2.0, 1.0, 1.0]))
        alarms.append(bool((_findings(steps) != 0).any()))
        level[:50] = 40.0
        after = np.where(np.arange(500) < 50, 0.4, 1.0)
        steps = random.poisson(level[:, None] * np.array([2.0, 2.0, 1.0, 1.0]))
        steps[:, 2:] = random.poisson(level[:, None] * after[:, None], (500, 2))
        found.append(float((_findings(steps)[:50] < 0).mean()))
    return [
        Row(method="difference map", world="500 cells, no change", question="false alarms",
            runs=runs, measured=float(np.mean(alarms))),
        Row(method="difference map", world="−60 % in 50 of 500 cells, 160 cases before",
            question="power", runs=runs, measured=float(np.mean(found))),
    ]  # fmt: skip


def _findings(steps: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    counts = pl.DataFrame(
        {
            "cell": np.arange(len(steps)),
            "first": steps[:, :2].sum(axis=1),
            "second": steps[:, 2:].sum(axis=1),
        }
    )
    spread = cell_dispersion(steps.astype(float), np.array([28.0, 28.0, 14.0, 14.0]))
    found = difference_map(counts, first_days=56, second_days=28, dispersion=spread)
    if not isinstance(found, DifferenceMap):
        return np.zeros(len(steps))
    return found.cells["finding"].to_numpy()


def phase_rows(runs: int) -> list[Row]:
    """The whole town's daily reports; lumps make days vary more than Poisson."""
    town = Town(per_day=0.5, lumps=1.0)
    called = {}
    for seed, (name, patrols) in enumerate((("none", 1.0), ("more", 1.25))):
        random = np.random.default_rng(32 + seed)
        called[name] = [
            _ratio(simulate(town, Effects(patrols=patrols), random)) for _ in range(runs)
        ]
    return [
        Row(method="phase ratio", world="no change, days in spells", question="false alarms",
            runs=runs, measured=float(np.mean([one["p"] < 0.05 for one in called["none"]]))),
        Row(method="phase ratio", world="×1.25", question="power",
            runs=runs, measured=float(np.mean([one["p"] < 0.05 for one in called["more"]]))),
        Row(method="phase ratio", world="×1.25", question="coverage", runs=runs,
            measured=float(np.mean([o["lower"] <= 1.25 <= o["upper"] for o in called["more"]]))),
        *_market_rows(runs),
    ]  # fmt: skip


MARKET = WorkCalendar(country="", market=MarketDays(digits=(2, 5, 8)))


def _market_rows(runs: int) -> list[Row]:
    """Market ×1.8 on days 2, 5, 8; the second phase has three of them in seven days."""
    town = Town(per_day=2.0, lumps=0.2, days=(81, 7))
    found = {}
    for name, patrols in (("none", 1.0), ("more", 1.25)):
        random = np.random.default_rng(37)
        effects = Effects(market=1.8, patrols=patrols)
        found[name] = [_market_ratio(simulate(town, effects, random)) for _ in range(runs)]

    def row(question, measured):  # type: ignore[no-untyped-def]
        world = "market ×1.8, more market days in the second phase"
        return Row(method="phase ratio", world=world, question=question, runs=runs,
                   measured=float(np.mean(measured)))  # fmt: skip

    return [
        row("false alarms", [one["p"] < 0.05 for one in found["none"]]),
        row("coverage", [one["lower"] <= 1.25 <= one["upper"] for one in found["more"]]),
        row("power", [one["p"] < 0.05 for one in found["more"]]),
    ]


def _market_ratio(world, *, taken_out: bool = True) -> dict:  # type: ignore[no-untyped-def, type-arg]
    days = world.panel.days.astype(object).tolist()
    daily = pl.DataFrame({"day": days, "cases": world.by_day()})
    windows = {"a": days[:81], "b": days[81:]}
    effects = day_effects(daily, windows, MARKET) if taken_out else None
    return phase_ratios(daily, windows, [("a", "b")], effects=effects).row(0, named=True)


def _ratio(world) -> dict:  # type: ignore[no-untyped-def, type-arg]
    days = [date(2026, 3, 2) + timedelta(days=nth) for nth in range(len(world.panel.days))]
    daily = pl.DataFrame({"day": days, "cases": world.by_day()})
    return phase_ratios(daily, {"a": days[:84], "b": days[84:]}, [("a", "b")]).row(0, named=True)
