"""Did it work? Treated streets before and after, against streets like them.

Poisson difference-in-differences (see `contrast`). How much streets and weeks vary by themselves
is measured twice, between the comparison streets and between weeks, and the wider of the two
intervals is given. What changes for all streets alike (season, holidays, weather, reporting
habits) cancels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from geodata.analysis.comparison import (
    DEFAULT_RULE,
    EffectRule,
    Trial,
    changed_alone,
    choose_comparison,
)
from geodata.analysis.contrast import Contrast, contrast
from geodata.analysis.panels import Flags
from geodata.analysis.reasons import Reason

_WEEK: Final = 7
_FEWEST_WEEKS_DF: Final = 3


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What happened on the treated streets beyond what happened on the others.

    Attributes
    ----------
    counts
        One row per group, ``treated`` and ``comparison``: ``streets``, ``before``, ``after``
        (cases), ``before_days``, ``after_days``.
    ratio, low, high, p
        Factor on the treated streets' reports (1 = no effect), interval and two-sided p;
        None where ``undecided`` says why.
    expected_after
        Cases the treated streets would have had, had they moved like the others.
    compared_with
        The comparison streets, nearest in level first.
    set_aside
        Streets chosen for comparison that changed on their own, and were left out.
    varies_by
        Whether ``streets`` or ``weeks`` set the width of the interval.
    drift
        The same comparison between the first and the second half of the period before: a ratio
        that differs from 1 warns that the streets were drifting apart already. None where too
        few cases.
    """

    counts: pl.DataFrame
    ratio: float | None
    low: float | None
    high: float | None
    p: float | None
    expected_after: float | None
    compared_with: tuple[str, ...]
    set_aside: tuple[str, ...]
    dispersion: float | None
    varies_by: str | None
    drift: Contrast | None
    rule: EffectRule
    undecided: Reason | None

    @property
    def direction(self) -> int:
        """−1 fell, +1 rose, 0 no change shown at the rule's confidence."""
        if self.low is None or self.high is None:
            return 0
        return int(self.low > 1) - int(self.high < 1)


def measure_effect(
    trial: Trial,
    *,
    aside: Flags | None = None,
    compared_with: Flags | None = None,
    rule: EffectRule = DEFAULT_RULE,
) -> Effect:
    """Measure what changed on the treated streets from before to after.

    Parameters
    ----------
    aside
        Flags per unit: those that may be touched by the effect and are no comparison (streets
        around the treated ones).
    compared_with
        Flags per unit: the comparison to use; chosen by the rule when None.
    """
    chosen = np.zeros_like(trial.treated)
    reason = _cannot_measure(trial, rule)
    if reason is not None:
        return _unmeasured(trial, chosen, rule, reason)
    if compared_with is None:
        chosen = choose_comparison(trial, aside=aside, rule=rule)
    else:
        chosen = compared_with & ~trial.treated
    reason = _cannot_compare(trial, chosen, rule)
    if reason is not None:
        return _unmeasured(trial, chosen, rule, reason)
    steady = chosen & ~changed_alone(trial, chosen, rule)
    kept = steady if steady.sum() >= rule.fewest_streets else chosen
    return _measured(trial, kept, chosen & ~kept, rule)


def _cannot_measure(trial: Trial, rule: EffectRule) -> Reason | None:
    if not trial.treated.any():
        return Reason.NO_TREATED_STREETS
    if not trial.before.any() or not trial.after.any():
        return Reason.NO_DAYS
    if (trial.before & trial.after).any():
        return Reason.PERIODS_OVERLAP
    seen = trial.sums(trial.treated)[0].sum()
    return Reason.NOTHING_BEFORE if seen < rule.fewest_treated else None


def _cannot_compare(trial: Trial, chosen: Flags, rule: EffectRule) -> Reason | None:
    if not chosen.any():
        return Reason.NO_COMPARISON_STREETS
    if chosen.sum() < rule.fewest_streets:
        return Reason.TOO_FEW_COMPARISON_STREETS
    least = min(part.sum() for part in trial.sums(chosen))
    return Reason.NOTHING_TO_COMPARE if least < rule.fewest_treated else None


def _measured(trial: Trial, chosen: Flags, left_out: Flags, rule: EffectRule) -> Effect:
    by_street = _by_street(trial, chosen, rule.confidence)
    by_week = _by_week(trial, chosen, rule.confidence)
    wider = by_week if by_week and by_week.width > by_street.width else by_street
    counts = _counts(trial, chosen)
    return Effect(
        counts=counts,
        ratio=wider.ratio,
        low=wider.low,
        high=wider.high,
        p=wider.p,
        expected_after=_expected(counts),
        compared_with=_names(trial, chosen),
        set_aside=_names(trial, left_out),
        dispersion=wider.dispersion,
        varies_by="weeks" if wider is by_week else "streets",
        drift=_drift(trial, chosen, rule),
        rule=rule,
        undecided=None,
    )


def _by_street(trial: Trial, chosen: Flags, confidence: float) -> Contrast:
    used = trial.treated | chosen
    return contrast(*trial.sums(used), trial.treated[used], confidence=confidence)


def _by_week(trial: Trial, chosen: Flags, confidence: float) -> Contrast | None:
    """The same ratio from weekly sums: comparison against treated, weeks before against after."""
    week = np.arange(len(trial.panel.days)) // _WEEK
    other, own = (
        np.concatenate(
            [
                np.bincount(
                    week[period],
                    weights=trial.panel.counts[group][:, period].sum(axis=0),
                    minlength=week[-1] + 1,
                )
                for period in (trial.before, trial.after)
            ]
        )
        for group in (chosen, trial.treated)
    )
    of_after = np.arange(len(own)) > week[-1]
    seen = other + own > 0
    if seen.sum() < _FEWEST_WEEKS_DF + 2 or not 0 < of_after[seen].sum() < seen.sum():
        return None
    return contrast(other[seen], own[seen], of_after[seen], confidence=confidence)


def _drift(trial: Trial, chosen: Flags, rule: EffectRule) -> Contrast | None:
    halves = trial.first_half()
    least = min(part.sum() for part in halves.sums(trial.treated))
    if least < rule.fewest_treated // 2:
        return None
    return _by_street(halves, chosen, rule.confidence)


def _names(trial: Trial, chosen: Flags) -> tuple[str, ...]:
    """Names of the comparison streets, nearest in level first."""
    level = trial.panel.counts[:, trial.before].sum(axis=1)
    order = np.argsort(np.abs(level - level[trial.treated].mean()), kind="stable")
    names = trial.panel.units["unit"].cast(pl.String)
    return tuple(names[int(row)] for row in order if chosen[row])


def _counts(trial: Trial, chosen: Flags) -> pl.DataFrame:
    rows = [
        {
            "group": name,
            "streets": int(group.sum()),
            "before": int(trial.sums(group)[0].sum()),
            "after": int(trial.sums(group)[1].sum()),
            "before_days": int(trial.before.sum()),
            "after_days": int(trial.after.sum()),
        }
        for name, group in (("treated", trial.treated), ("comparison", chosen))
    ]
    return pl.DataFrame(rows)


def _expected(counts: pl.DataFrame) -> float:
    (treated, other) = counts.select("before", "after").rows()
    return float(treated[0] * other[1] / max(other[0], 1))


def _unmeasured(trial: Trial, chosen: Flags, rule: EffectRule, reason: Reason) -> Effect:
    return Effect(
        counts=_counts(trial, chosen),
        ratio=None, low=None, high=None, p=None, expected_after=None,
        compared_with=(), set_aside=(), dispersion=None, varies_by=None, drift=None,
        rule=rule, undecided=reason,
    )  # fmt: skip
