"""Does it come back, or is the place simply busy? Rebounds against the place's own level.

If reports came at random at each place's usual rate, a close-out watched for d clear days would
be followed by rate × d reports. Observed ÷ expected above 1 means: sooner after close-out than
the place's level explains. The usual rate contains the rebounds themselves, so the ratio is on
the cautious side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from scipy import stats

from geodata.analysis.false_discovery import adjusted
from geodata.analysis.reasons import Reason
from geodata.analysis.rebound import FollowUps

FEWEST_CLOSED: Final = 10
"""Groups with fewer close-outs are listed without a test."""


@dataclass(frozen=True, kw_only=True)
class Excess:
    """Rebounds against chance, per group.

    Attributes
    ----------
    table
        ``code``, ``closed``, ``rebounds``, ``expected``, ``ratio`` with ``low`` and ``high``
        (exact Poisson; null where nothing is expected), ``p`` (one-sided: more than chance,
        mid-p) and ``q`` (Benjamini–Hochberg over the groups; both null below
        `FEWEST_CLOSED`); the clearest first.
    """

    table: pl.DataFrame
    within_days: int
    confidence: float
    undecided: Reason | None


def rebound_excess(followed: FollowUps, by: str, *, confidence: float = 0.95) -> Excess:
    """Which groups' close-outs are followed by more reports than their places' level explains.

    Counted over the clear days within the window; close-outs without full follow-up count for
    the days they were watched.
    """
    window = float(followed.rule.within_days)
    days = pl.min_horizontal("watched_days", pl.lit(window))
    back = (pl.col("ended_by") == "rebound") & (pl.col("watched_days") <= window)
    counted = (
        followed.table.group_by(code=pl.col(by).cast(pl.String), maintain_order=True)
        .agg(
            closed=pl.len(),
            rebounds=back.sum(),
            expected=(pl.col("usual_per_day") * days).sum(),
        )
        .sort("code", nulls_last=True)
    )
    return Excess(
        table=_tested(counted, confidence).sort(
            ["p", "ratio", "code"], descending=[False, True, False], nulls_last=True
        ),
        within_days=followed.rule.within_days,
        confidence=confidence,
        undecided=followed.undecided,
    )


def _tested(counted: pl.DataFrame, confidence: float) -> pl.DataFrame:
    seen = counted["rebounds"].to_numpy().astype(float)
    expected = np.maximum(counted["expected"].to_numpy(), 0.0)
    some = expected > 0
    safe = np.where(some, expected, 1.0)
    tail = (1 - confidence) / 2
    low = np.where(seen > 0, stats.chi2.ppf(tail, 2 * np.maximum(seen, 1)) / 2, 0.0) / safe
    high = stats.chi2.ppf(1 - tail, 2 * (seen + 1)) / 2 / safe
    p = stats.poisson.sf(seen, safe) + stats.poisson.pmf(seen, safe) / 2
    tested = some & (counted["closed"].to_numpy() >= FEWEST_CLOSED)
    q = np.ones(len(seen))
    q[tested] = adjusted(p[tested])
    table = counted.with_columns(
        ratio=seen / safe, low=low, high=high, p=p, q=q, _some=some, _tested=tested
    )
    return table.with_columns(
        pl.when(pl.col("_some")).then(pl.col("ratio", "low", "high")),
        pl.when(pl.col("_tested")).then(pl.col("p", "q")),
    ).drop("_some", "_tested")
