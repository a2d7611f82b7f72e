"""Streets × days of reports with effects that are known because they are put there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.comparison import Trial
from geodata.analysis.panels import Panel

Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Town:
    """How many streets, how busy, and for how long.

    Attributes
    ----------
    per_day
        Mean reports per street and day; streets differ by ``spread`` (sd of the log).
    days
        Before and after the campaign begins.
    around
        Streets next to the treated ones.
    lumps
        Variance ÷ mean of a street's weekly reports minus 1 (0: Poisson): reports come in spells.
    wander
        Sd of how much each street drifts by itself from before to after (log scale).
    """

    streets: int = 40
    per_day: float = 1.0
    spread: float = 0.4
    days: tuple[int, int] = (84, 84)
    treated: int = 3
    around: int = 6
    lumps: float = 0.0
    wander: float = 0.0
    begins_on: date = date(2026, 3, 2)


@dataclass(frozen=True, kw_only=True)
class Effects:
    """What is put into the reports.

    Attributes
    ----------
    drop
        Share of the treated streets' reports that disappear after the campaign begins.
    moved
        Share of these that turn up on the streets around instead.
    patrols
        Factor on all reports of the town after: more patrols, more reports.
    weekday
        Factor of each weekday, Monday first.
    tuesday_after
        Further factor on Tuesdays after, e.g. a weekly action day.
    holiday
        Factor on seven days in a row in the middle of the second period.
    market
        Factor on the days of the month that end in 2, 5 or 8 逢二五八.
    """

    drop: float = 0.0
    moved: float = 0.0
    patrols: float = 1.0
    weekday: tuple[float, ...] = (1.0,) * 7
    tuesday_after: float = 1.0
    holiday: float = 1.0
    market: float = 1.0


@dataclass(frozen=True, kw_only=True)
class World:
    """One simulated campaign, and what is true in it."""

    trial: Trial
    around: Flags
    holiday: Flags
    expected: Reals

    @property
    def panel(self) -> Panel:
        """Streets by day."""
        return self.trial.panel

    def by_day(self) -> npt.NDArray[np.int64]:
        """Reports of the whole town on each day."""
        return self.panel.counts.sum(axis=0)


def simulate(town: Town, effects: Effects, random: np.random.Generator) -> World:
    """Draw one campaign; the same generator state gives the same campaign."""
    begin = np.datetime64(town.begins_on)
    days = np.arange(begin, begin + sum(town.days)).astype("datetime64[D]")
    after = np.arange(len(days)) >= town.days[0]
    treated = np.arange(town.streets) < town.treated
    around = ~treated & (np.arange(town.streets) < town.treated + town.around)
    holiday = np.zeros(len(days), dtype=bool)
    middle = town.days[0] + town.days[1] // 2
    holiday[middle : middle + 7] = True
    expected = _expected(town, effects, random, days, (treated, around, after, holiday))
    counts = random.poisson(_lumpy(expected, town.lumps, random))
    units = pl.DataFrame({"unit": [f"street {nth}" for nth in range(town.streets)]})
    panel = Panel(units=units, counts=counts, days=days)
    trial = Trial(panel=panel, treated=treated, before=~after, after=after)
    return World(trial=trial, around=around, holiday=holiday, expected=expected)


def _expected(
    town: Town,
    effects: Effects,
    random: np.random.Generator,
    days: npt.NDArray[np.datetime64],
    groups: tuple[Flags, Flags, Flags, Flags],
) -> Reals:
    """Mean reports of every street and day."""
    treated, around, after, holiday = groups
    level = town.per_day * np.exp(random.normal(0, town.spread, town.streets) - town.spread**2 / 2)
    drift = np.exp(random.normal(0, town.wander, town.streets)) if town.wander else 1.0
    weekday = (days.astype(np.int64) + 3) % 7
    calendar = np.array(effects.weekday)[weekday] * np.where(holiday, effects.holiday, 1.0)
    calendar = calendar * np.where(after & (weekday == 1), effects.tuesday_after, 1.0)
    calendar = calendar * np.where(after, effects.patrols, 1.0)
    of_month = [day.day % 10 for day in days.astype(object)]
    calendar = calendar * np.where(np.isin(of_month, (2, 5, 8)), effects.market, 1.0)
    expected = level[:, None] * calendar[None, :]
    expected[:, after] *= np.broadcast_to(drift, (town.streets,))[:, None]
    return _with_campaign(expected, effects, treated, around, after)


def _with_campaign(
    expected: Reals, effects: Effects, treated: Flags, around: Flags, after: Flags
) -> Reals:
    gone = effects.drop * expected[np.ix_(treated, after)]
    expected[np.ix_(treated, after)] -= gone
    if around.any():
        share = expected[np.ix_(around, after)]
        share = share / share.sum(axis=0)
        expected[np.ix_(around, after)] += effects.moved * gone.sum(axis=0) * share
    return expected


def _lumpy(expected: Reals, lumps: float, random: np.random.Generator) -> Reals:
    """Multiply each street's weeks by a gamma factor: weekly variance ÷ mean is 1 + lumps."""
    if lumps <= 0:
        return expected
    week = np.arange(expected.shape[1]) // 7
    weekly = np.stack([expected[:, week == nth].sum(axis=1) for nth in range(week[-1] + 1)], axis=1)
    shape = weekly / lumps
    return expected * (random.gamma(shape) / shape)[:, week]
