"""Rebound rates, curves, look-back lists and near repeats against cases that truly come back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl

from geodata.analysis.near_repeat import NearRepeatRule, knox_test
from geodata.analysis.rebound import follow_ups
from geodata.analysis.rebound_excess import rebound_excess
from geodata.analysis.rebound_rates import compare_rates, rebound_rates
from geodata.analysis.revisits import revisits
from tests.simulator import ComingBack, simulate_cases
from tests.simulator.comings_back import BEGIN
from tests.truth.row import Row

ALIKE = ComingBack(chance=0.3, per_day=0.004)
QUIET = ComingBack(places=2_000, chance=0.3, per_day=0.0004)
"""So few new cases that a report after a close-out is that case come back."""
UNLIKE = ComingBack(chance=0.3, alike=4.0, per_day=0.004, spread=0.7)
END = BEGIN + timedelta(days=ALIKE.days)


def towns(law: ComingBack, runs: int, seed: int) -> Iterator[pl.DataFrame]:
    random = np.random.default_rng(seed)
    for _ in range(runs):
        yield simulate_cases(law, random)


def row(method: str, world: str, question: str, flags: list[bool]) -> Row:
    return Row(method=method, world=world, question=question, runs=len(flags),
               measured=float(np.mean(flags)))  # type: ignore[arg-type]  # fmt: skip


def rows(runs: int) -> list[Row]:
    return [
        *rate_rows(runs),
        *comparison_rows(runs),
        *excess_rows(runs),
        calibration(max(runs // 5, 3)),
        *knox_rows(runs),
    ]


def rate_rows(runs: int) -> list[Row]:
    """Places where nothing else happens, so that only what comes back can be paired."""
    found: dict[str, list[bool]] = {"rate": [], "unlike": [], "curve": []}
    for cases in towns(QUIET, runs, 10):
        _, low, high = follow_ups(cases, END).survival().within(14.0)
        found["curve"].append(low <= _true_within(QUIET, 14.0) <= high)
    for name, law in (("rate", ALIKE), ("unlike", UNLIKE)):
        truth = _true_rate(law)
        for cases in towns(law, runs, 11):
            one = rebound_rates(follow_ups(cases, END)).table.row(0, named=True)
            found[name].append(one["low"] <= truth <= one["high"])
    return [
        row("rebound rate", "30 % come back, places alike", "coverage", found["rate"]),
        row("rebound rate", "30 % on average, places differ", "coverage", found["unlike"]),
        row("Kaplan–Meier", "share back within 14 days", "coverage", found["curve"]),
    ]


def _true_rate(law: ComingBack) -> float:
    """Long-run rate of the same law, from 400 towns: what the rate estimates."""
    back = closed = 0
    for cases in towns(law, 400, 99):
        table = follow_ups(cases, END).table.filter(pl.col("followed"))
        back, closed = back + int(table["rebound"].sum()), closed + len(table)
    return back / closed


def _true_within(law: ComingBack, days: float) -> float:
    """Share back within so many days: the planted delay, or a new case by chance."""
    low, high = law.delay
    planted = law.chance * np.clip((days - low) / (high - low), 0, 1)
    return float(1 - (1 - planted) * np.exp(-law.per_day * days))


def comparison_rows(runs: int) -> list[Row]:
    """Two sets of close-outs of different places, and the same places in two periods."""
    same, periods, apart = [], [], []
    better = replace(UNLIKE, chance=0.15, places=400)
    worse = replace(UNLIKE, places=400)
    pairs = zip(
        towns(UNLIKE, runs, 12),
        towns(UNLIKE, runs, 13),
        towns(better, runs, 14),
        towns(worse, runs, 19),
        strict=True,
    )
    for first, second, fewer, more in pairs:
        one, two = follow_ups(first, END), follow_ups(_moved(second), END)
        same.append((compare_rates(one, two).p or 1) < 0.05)
        middle = BEGIN + timedelta(days=85)
        halves = [one.only(pl.col("closed") < middle), one.only(pl.col("closed") >= middle)]
        periods.append((compare_rates(*halves).p or 1) < 0.05)
        three, four = follow_ups(fewer, END), follow_ups(_moved(more), END)
        apart.append((compare_rates(three, four).p or 1) < 0.05)
    return [
        row("rebound comparison", "two groups of places that do not differ", "false alarms", same),
        row("rebound comparison", "same places, two periods", "false alarms", periods),
        row(
            "rebound comparison",
            "30 % against 15 %, about 300 cases each, places differ",
            "power",
            apart,
        ),
    ]


def _moved(cases: pl.DataFrame) -> pl.DataFrame:
    return cases.with_columns(pl.col("place") + 10_000)


def excess_rows(runs: int) -> list[Row]:
    """Busy places where nothing comes back, against places where it does."""
    busy = ComingBack(places=40, per_day=0.03, spread=0.8, to_close=0.5)
    back = ComingBack(places=40, per_day=0.01, spread=0.8, chance=0.45)
    found = [
        [_called(cases) for cases in towns(law, runs, seed)]
        for law, seed in ((busy, 15), (back, 16))
    ]
    return [
        row("rebound excess", "busy places, nothing comes back", "false alarms", found[0]),
        row("rebound excess", "40 places, 45 % come back", "power", found[1]),
    ]


def _called(cases: pl.DataFrame) -> bool:
    followed = follow_ups(cases.with_columns(group=pl.lit("all")), END)
    return bool(rebound_excess(followed, "group").table["p"][0] < 0.05)


def calibration(runs: int) -> Row:
    """Expected against true rebounds in the week after the data end."""
    law = ComingBack(places=300, days=207, chance=0.35, alike=6.0, per_day=0.006, spread=0.7)
    expected = happened = 0.0
    for cases in towns(law, runs, 17):
        now = BEGIN + timedelta(days=200)
        listed = revisits(follow_ups(cases.filter(pl.col("reported") <= now), now)).table
        soon = cases.filter(pl.col("reported") > now).sort("reported").unique("place", keep="first")
        expected += float(listed["chance"].sum())
        happened += len(listed.join(soon, on="place", how="semi"))
    return Row(
        method="look-back list", world="places that came back in a week ÷ chance given",
        question="calibration", runs=runs, measured=happened / expected,
    )  # fmt: skip


def knox_rows(runs: int) -> list[Row]:
    rule = NearRepeatRule(permutations=199)
    alone, chained = [], []
    random = np.random.default_rng(18)
    for _ in range(runs):
        x, y, days = random.normal(0, 800, 200), random.normal(0, 800, 200), random.gamma(9, 9, 200)
        alone.append((knox_test(x, y, days, rule).p or 1) < 0.05)
        follows = random.random(200) < 0.15
        near = [
            np.concatenate([at, at[follows] + random.normal(0, 25, follows.sum())]) for at in (x, y)
        ]
        when = np.concatenate([days, days[follows] + random.uniform(0, 7, follows.sum())])
        chained.append((knox_test(*near, when, rule).p or 1) < 0.05)
    return [
        row(
            "Knox",
            "200 cases that gather in space and in time, not together",
            "false alarms",
            alone,
        ),
        row("Knox", "15 % of 200 cases followed by one near and soon", "power", chained),
    ]
