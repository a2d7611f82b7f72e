"""Whether it worked or moved round the corner.

The treated streets and the streets around them, each against streets like them. The balance is
the weighted displacement difference: Wheeler, A. P. and Ratcliffe, J. H. (2018), "A simple weighted
displacement difference test to evaluate place based crime interventions", Crime Science 7:11.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely
from scipy import stats

from geodata.analysis.comparison import DEFAULT_RULE, EffectRule, Trial, choose_comparison
from geodata.analysis.effect import Effect, measure_effect
from geodata.analysis.false_discovery import adjusted
from geodata.analysis.panels import Flags
from geodata.analysis.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Cases of one area before and after; ``weight`` makes areas and periods comparable."""

    before: float
    after: float
    before_weight: float = 1.0
    after_weight: float = 1.0

    @property
    def difference(self) -> float:
        """Weighted cases after − before."""
        return self.after * self.after_weight - self.before * self.before_weight

    @property
    def variance(self) -> float:
        """Of the difference, if counts are Poisson."""
        return self.after * self.after_weight**2 + self.before * self.before_weight**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Weighted displacement difference: cases gained (+) or avoided (−) over both areas."""

    cases: float
    low: float
    high: float
    error: float
    p: float


def weighted_displacement_difference(
    treated: Change,
    comparison: Change,
    around: Change | None = None,
    around_comparison: Change | None = None,
    *,
    dispersion: float = 1.0,
    confidence: float = 0.95,
) -> Balance:
    """Balance the change on treated streets and around them against the comparison.

    With weights of 1: (T₁ − T₀) − (C₁ − C₀) + (D₁ − D₀) − (CD₁ − CD₀), standard error the square
    root of the sum of the eight counts, as published; otherwise counts enter the error with their
    weight squared. ``dispersion`` multiplies the variance.
    """
    none = Change(before=0, after=0)
    parts = (treated, comparison, around or none, around_comparison or none)
    cases = sum(s * part.difference for s, part in zip((1, -1, 1, -1), parts, strict=True))
    error = float(np.sqrt(dispersion * sum(part.variance for part in parts)))
    width = error * float(stats.norm.ppf(0.5 + confidence / 2))
    return Balance(
        cases=float(cases),
        low=float(cases) - width,
        high=float(cases) + width,
        error=error,
        p=float(2 * stats.norm.sf(abs(cases) / error)) if error > 0 else 1.0,
    )


class Verdict(StrEnum):
    """What the figures allow to be said."""

    WORKED = "worked"
    """Fewer on the treated streets; no rise around them shown, on all or on any one."""
    WORKED_AND_SPREAD = "worked_and_spread"
    """Fewer on the treated streets, and fewer around them too."""
    PARTLY_MOVED = "partly_moved"
    """Fewer on the treated streets, more around them or on some street there, fewer in all."""
    MOVED = "moved"
    """Fewer on the treated streets, more around them or on some, no gain in all shown."""
    WORKED_HERE = "worked_here"
    """Fewer on the treated streets; nothing around them could be looked at."""
    NO_CHANGE_SHOWN = "no_change_shown"
    """No change on the treated streets that chance would not explain."""
    WORSE = "worse"
    """More on the treated streets."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Whether it worked or moved, with what the answer rests on.

    Attributes
    ----------
    treated, around
        Effect on the treated streets, and on those around them.
    balance
        Cases gained or avoided over both, against comparison streets scaled to their level;
        overdispersion included. None where either effect is undecided.
    where
        One row per street around with enough cases: ``unit``, ``before``, ``after``, ``ratio``
        (against the comparison), ``low``, ``high``, ``p``, ``q`` (Benjamini–Hochberg); the
        clearest rise first.
    """

    treated: Effect
    around: Effect
    balance: Balance | None
    where: pl.DataFrame
    verdict: Verdict | None
    undecided: Reason | None


def work_or_move(
    trial: Trial, around: Flags, *, aside: Flags | None = None, rule: EffectRule = DEFAULT_RULE
) -> Moved:
    """Tell whether reports went away or to the streets around.

    Parameters
    ----------
    around
        Flags per unit: the streets (or cells) near the treated ones, such as from
        `streets_around` or `panels.cells_around`.
    aside
        Flags per unit: further streets that are no comparison, such as those treated by
        another action.
    """
    around = around & ~trial.treated
    touched = trial.treated | around if aside is None else trial.treated | around | aside
    here = measure_effect(trial, aside=touched, rule=rule)
    ring = _ring_effect(trial.with_treated(around), touched, here, rule)
    balance = _balance(here, ring)
    where = _where(trial, around, touched, rule)
    return Moved(
        treated=here,
        around=ring,
        balance=balance,
        where=where,
        verdict=None if here.undecided else _verdict(here, ring, balance, _rose(where, rule)),
        undecided=here.undecided,
    )


def _ring_effect(ring: Trial, touched: Flags, here: Effect, rule: EffectRule) -> Effect:
    """Effect around, compared with streets the first comparison did not use."""
    names = ring.panel.units["unit"].cast(pl.String)
    used = names.is_in(list(here.compared_with)).to_numpy()
    chosen = choose_comparison(ring, aside=touched | used, rule=rule)
    effect = measure_effect(
        ring, compared_with=chosen if chosen.sum() >= rule.fewest_streets else used, rule=rule
    )
    if effect.undecided is Reason.NO_TREATED_STREETS:
        return replace(effect, undecided=Reason.NO_RING)
    return effect


def _balance(here: Effect, ring: Effect) -> Balance | None:
    if here.undecided or ring.undecided:
        return None
    changes = [_scaled(effect) for effect in (here, ring)]
    worst = max(here.dispersion or 1.0, ring.dispersion or 1.0)
    return weighted_displacement_difference(
        *changes[0], *changes[1], dispersion=worst, confidence=here.rule.confidence
    )


def _scaled(effect: Effect) -> tuple[Change, Change]:
    """Treated and comparison counts, brought to the same level and length of period.

    The comparison is scaled to the treated streets' level before, and both periods before to
    what the comparison streets did: then the error is that of after − before × common trend.
    """
    (treated, other) = effect.counts.select("before", "after").rows()
    scale, trend = treated[0] / other[0], other[1] / other[0]
    return (
        Change(before=treated[0], after=treated[1], before_weight=trend),
        Change(before=other[0], after=other[1], before_weight=scale * trend, after_weight=scale),
    )


def _rose(where: pl.DataFrame, rule: EffectRule) -> bool:
    """Whether some street around rose, the number of streets looked at taken into account."""
    return bool(((where["ratio"] > 1) & (where["q"] <= 1 - rule.confidence)).any())


def _verdict(here: Effect, ring: Effect, balance: Balance | None, rose: bool) -> Verdict:  # noqa: FBT001
    if here.direction >= 0:
        return Verdict.WORSE if here.direction else Verdict.NO_CHANGE_SHOWN
    if balance is None:
        return Verdict.WORKED_HERE
    if not rose and ring.direction <= 0:
        return Verdict.WORKED_AND_SPREAD if ring.direction else Verdict.WORKED
    return Verdict.PARTLY_MOVED if balance.high < 0 else Verdict.MOVED


_WHERE: Final = {
    "unit": pl.String, "before": pl.Int64, "after": pl.Int64, "ratio": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "p": pl.Float64, "q": pl.Float64,
}  # fmt: skip


def _where(trial: Trial, around: Flags, touched: Flags, rule: EffectRule) -> pl.DataFrame:
    """Each street around on its own, against streets like it outside the area."""
    rows = []
    for row in np.flatnonzero(around):
        one = np.zeros_like(around)
        one[row] = True
        effect = measure_effect(trial.with_treated(one), aside=touched, rule=rule)
        if effect.undecided is None:
            name = str(trial.panel.units["unit"][int(row)])
            counts = effect.counts.select("before", "after").row(0)
            rows.append((name, *counts, effect.ratio, effect.low, effect.high, effect.p, 1.0))
    table = pl.DataFrame(rows, schema=_WHERE, orient="row")
    q = adjusted(table["p"].to_numpy()) if len(table) else np.zeros(0)
    rising = pl.when(pl.col("ratio") > 1).then(pl.col("p")).otherwise(2 - pl.col("p"))
    return table.with_columns(q=pl.Series(q)).sort(rising, "unit")


def streets_around(
    streets: npt.NDArray[np.object_],
    names: pl.Series,
    treated: set[str],
    within_m: float,
) -> set[str]:
    """Names of the streets within ``within_m`` of a treated one.

    Parameters
    ----------
    streets
        Geometries of street segments in a metric CRS, one per name.
    names
        Street of each segment; nameless ones ("") are never returned.
    """
    own = names.is_in(sorted(treated)).to_numpy()
    if not own.any():
        return set()
    tree = shapely.STRtree(streets)
    near = tree.query(streets[own], predicate="dwithin", distance=within_m)[1]
    return set(names.gather(pl.Series(np.unique(near)))) - treated - {""}
