"""Which streets to compare treated streets with: like with like, chosen before looking at after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.contrast import CONTINUITY
from geodata.analysis.panels import Flags, Panel

Reals = npt.NDArray[np.float64]

_MAD: Final = 1.4826


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRule:
    """Which streets are compared with. Change the rule here, never in a page.

    Streets of a treated street's class, neither treated nor around it, with at least
    ``fewest_before`` reports before; of these the ``most_streets`` nearest in reports before, at
    most ``times`` more or fewer. With fewer than ``fewest_streets`` of the class, all classes
    count. A comparison street that changed on its own, more than ``outlier`` robust standard
    deviations (median, MAD) off the others in either direction, is set aside and named.

    Attributes
    ----------
    fewest_treated
        Reports on the treated streets before, below which no change is measured.
    confidence
        Of every interval, and of what the verdict calls a change.
    """

    fewest_before: int = 10
    fewest_treated: int = 10
    fewest_streets: int = 4
    most_streets: int = 20
    times: float = 4.0
    outlier: float = 3.5
    confidence: float = 0.95
    source: str = "assumed; like with like, as in Wheeler and Ratcliffe 2018 (Crime Science 7)"


DEFAULT_RULE: Final = EffectRule()


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Which streets were treated, and which days are before and after.

    Attributes
    ----------
    panel
        Streets (or segments, or cells) by day.
    treated
        Flags per unit.
    before, after
        Flags per day; days in neither are left out.
    """

    panel: Panel
    treated: Flags
    before: Flags
    after: Flags

    def sums(self, units: Flags) -> tuple[Reals, Reals]:
        """Cases of each of some units before and after."""
        rows = self.panel.counts[units].astype(float)
        return rows[:, self.before].sum(axis=1), rows[:, self.after].sum(axis=1)

    def with_treated(self, treated: Flags) -> Trial:
        """Return the same periods with other units taken as treated."""
        return replace(self, treated=treated)

    def first_half(self) -> Trial:
        """Return the period before, cut into two: a trial of nothing."""
        days = np.flatnonzero(self.before)
        early, late = np.zeros_like(self.before), np.zeros_like(self.before)
        early[days[: len(days) // 2]], late[days[len(days) // 2 :]] = True, True
        return replace(self, before=early, after=late)


def choose_comparison(
    trial: Trial, *, aside: Flags | None = None, rule: EffectRule = DEFAULT_RULE
) -> Flags:
    """Choose the streets to compare with, by `EffectRule`; looks at the period before only."""
    level = trial.panel.counts[:, trial.before].sum(axis=1)
    free = ~trial.treated if aside is None else ~trial.treated & ~aside
    free &= level >= rule.fewest_before
    usual = float(np.mean(level[trial.treated])) if trial.treated.any() else 0.0
    apart = np.abs(np.log((level + 0.5) / (usual + 0.5)))
    free &= apart <= np.log(rule.times)
    alike = free & _same_class(trial)
    pool = np.flatnonzero(alike if alike.sum() >= rule.fewest_streets else free)
    chosen = np.zeros(len(free), dtype=bool)
    chosen[pool[np.argsort(apart[pool], kind="stable")[: rule.most_streets]]] = True
    return chosen


def _same_class(trial: Trial) -> Flags:
    units = trial.panel.units
    if "class" not in units.columns:
        return np.ones(len(units), dtype=bool)
    wanted = units["class"].filter(pl.Series(trial.treated)).unique()
    return units["class"].is_in(wanted.implode()).to_numpy()


def changed_alone(trial: Trial, chosen: Flags, rule: EffectRule = DEFAULT_RULE) -> Flags:
    """Which of the chosen streets changed far more, or less, than the rest of them."""
    first, second = (part + CONTINUITY for part in trial.sums(chosen))
    change, spread = np.log(second / first), np.sqrt(1 / first + 1 / second)
    off = (change - np.median(change)) / spread
    usual = max(float(np.median(np.abs(off))) * _MAD, 1.0)
    alone = np.zeros_like(chosen)
    alone[np.flatnonzero(chosen)[np.abs(off) > rule.outlier * usual]] = True
    return alone
