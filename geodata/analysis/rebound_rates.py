"""How often it comes back, whose, and where: rebounds ÷ closed cases with full follow-up.

Cases at one place come back together, so an interval that takes each case as a fresh draw is too
narrow. Here the number of cases is divided by the design effect of the places (Kish 1965), then
Wilson's score interval (1927) is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import stats

from geodata.analysis.reasons import Reason
from geodata.analysis.rebound import FollowUps

Reals = npt.NDArray[np.float64]

FEWEST_PLACES: Final = 5
"""Below this many places the spread between them says little."""


@dataclass(frozen=True, kw_only=True)
class ReboundRates:
    """Rates with everything they rest on.

    Attributes
    ----------
    table
        One row per code, most rebounds first: ``code``, ``closed``, ``followed``,
        ``rebounds`` (of the followed), ``rate``, ``low``, ``high`` (null where nothing was
        followed), ``effective`` (followed ÷ design effect: as many independent cases),
        ``places``, ``rebounds_seen`` (also of cases not yet followed in full), ``superseded``,
        ``median_days`` (of the rebounds, null without one) and ``reopened`` (closed cases with
        at least one return 返工; null where no return is recorded) of ``reopened_of`` (those
        whose returns are recorded).
    undecided
        Why there is no rate, or None.
    """

    table: pl.DataFrame
    within_days: int
    source: str
    confidence: float
    undecided: Reason | None


def rebound_rates(
    followed: FollowUps, by: str | None = None, *, confidence: float = 0.95
) -> ReboundRates:
    """Rate of all close-outs together, or of each office, street or category.

    Parameters
    ----------
    by
        A column of ``followed.table``; null codes are a row of their own. None: one row, ``all``.

    Returns
    -------
    ReboundRates
        Empty in, empty out, with the reason.
    """
    code = pl.lit("all") if by is None else pl.col(by).cast(pl.String)
    rows = followed.table.with_columns(code=code)
    table = _with_rates(_counted(rows), _design_effects(rows), confidence)
    return ReboundRates(
        table=table.sort(["rebounds", "code"], descending=[True, False], nulls_last=True),
        within_days=followed.rule.within_days,
        source=followed.rule.source,
        confidence=confidence,
        undecided=_reason(followed),
    )


def _reason(followed: FollowUps) -> Reason | None:
    if followed.undecided:
        return followed.undecided
    if not followed.table["followed"].any():
        return Reason.FOLLOW_UP_TOO_SHORT
    return None


def _counted(rows: pl.DataFrame) -> pl.DataFrame:
    returns = pl.col("returns") if "returns" in rows.columns else pl.lit(None, pl.UInt8)
    known = returns.is_not_null().sum() if "returns" in rows.columns else pl.lit(0, pl.UInt32)
    reopened = pl.when(known > 0).then((returns > 0).sum())
    back = pl.col("followed") & pl.col("rebound")
    return rows.group_by("code", maintain_order=True).agg(
        closed=pl.len(),
        followed=pl.col("followed").sum(),
        rebounds=back.sum(),
        places=pl.col("place").filter(pl.col("followed")).n_unique(),
        rebounds_seen=pl.col("rebound").sum(),
        superseded=(pl.col("ended_by") == "superseded").sum(),
        median_days=pl.col("rebound_days").filter(back).median(),
        reopened=reopened.cast(pl.UInt32),
        reopened_of=known.cast(pl.UInt32),
    )


def _design_effects(rows: pl.DataFrame) -> pl.DataFrame:
    """Variance of the rate between places ÷ variance of independent draws, at least 1."""
    share = pl.col("rebounds").sum() / pl.col("followed").sum()
    residual = pl.col("rebounds") - pl.col("followed") * share
    places = pl.len()
    between = residual.pow(2).sum() * places / (places - 1)
    return (
        rows.filter(pl.col("followed"))
        .group_by("code", "place", maintain_order=True)
        .agg(followed=pl.len(), rebounds=pl.col("rebound").sum())
        .group_by("code", maintain_order=True)
        .agg(effect=between / (pl.col("followed").sum() * share * (1 - share)), enough=places)
        .select(
            "code",
            effect=pl.when((pl.col("enough") >= FEWEST_PLACES) & pl.col("effect").is_finite())
            .then(pl.col("effect"))
            .otherwise(1.0)
            .clip(1.0),
        )
    )


def _with_rates(counted: pl.DataFrame, effects: pl.DataFrame, confidence: float) -> pl.DataFrame:
    joined = counted.join(effects, on="code", how="left", nulls_equal=True, maintain_order="left")
    some = pl.col("followed") > 0
    rated = joined.with_columns(
        rate=pl.when(some).then(pl.col("rebounds") / pl.col("followed")),
        effective=pl.col("followed") / pl.col("effect").fill_null(1.0),
    )
    low, high = wilson(
        rated["rate"].fill_null(0.5).to_numpy(), rated["effective"].to_numpy(), confidence
    )
    bounds = rated.with_columns(low=pl.Series(low), high=pl.Series(high)).drop("effect")
    return bounds.with_columns(pl.when(some).then(pl.col("low", "high")))


def wilson(share: Reals, n: Reals, confidence: float) -> tuple[Reals, Reals]:
    """Wilson score interval of shares of ``n`` draws; ``n`` may be fractional; (0, 1) at 0."""
    z = float(stats.norm.ppf(0.5 + confidence / 2))
    n = np.asarray(n, float)
    safe = np.where(n > 0, n, 1.0)
    centre = (share + z**2 / (2 * safe)) / (1 + z**2 / safe)
    half = z * np.sqrt(share * (1 - share) / safe + z**2 / (4 * safe**2)) / (1 + z**2 / safe)
    low, high = np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)
    return np.where(n > 0, low, 0.0), np.where(n > 0, high, 1.0)


@dataclass(frozen=True, kw_only=True)
class RateChange:
    """Difference of two rebound rates (second − first), as shares.

    Attributes
    ----------
    change, low, high, p
        Difference, its interval and two-sided p; None where ``undecided`` says why.
    places
        Places that carry the comparison; the interval comes from the spread between them.
    """

    first: float | None
    second: float | None
    change: float | None
    low: float | None
    high: float | None
    p: float | None
    places: int
    confidence: float
    undecided: Reason | None


def compare_rates(first: FollowUps, second: FollowUps, *, confidence: float = 0.95) -> RateChange:
    """Tell whether the second set of close-outs comes back more, or less, often than the first.

    The interval comes from leaving out one place at a time (cluster jackknife, CR3), with as
    many degrees of freedom as there are places of equal weight: robust to rebounds clustering
    at places, also where a place has cases in both sets.
    """
    parts = [one.table.filter(pl.col("followed")) for one in (first, second)]
    if any(part.is_empty() for part in parts):
        reason = _reason(first) or _reason(second) or Reason.FOLLOW_UP_TOO_SHORT
        return _no_change(reason, 0, confidence)
    rates = [float(part["rebound"].mean()) for part in parts]  # type: ignore[arg-type]
    without, weight = _without_each_place(parts)
    if len(without) < FEWEST_PLACES:
        return _no_change(Reason.TOO_FEW_CASES, len(without), confidence)
    change = rates[1] - rates[0]
    error = float(np.sqrt(((without - change) ** 2).sum() * (len(without) - 1) / len(without)))
    if error == 0:
        return _no_change(Reason.NO_REBOUNDS, len(without), confidence)
    df = max(float(weight.sum() ** 2 / (weight**2).sum()) - 1, 1.0)
    width = error * float(stats.t.ppf(0.5 + confidence / 2, df))
    return RateChange(
        first=rates[0],
        second=rates[1],
        change=change,
        low=max(change - width, -1.0),
        high=min(change + width, 1.0),
        p=float(2 * stats.t.sf(abs(change) / error, df)),
        places=len(without),
        confidence=confidence,
        undecided=None,
    )


def _without_each_place(parts: list[pl.DataFrame]) -> tuple[Reals, Reals]:
    """Difference of the rates with each place left out (jackknife), and the cases there.

    A place without which a set would be empty is kept in.
    """
    totals = [(int(part["rebound"].sum()), len(part)) for part in parts]
    first, second = (
        part.group_by("place", maintain_order=True).agg(back=pl.col("rebound").sum(), n=pl.len())
        for part in parts
    )
    joined = first.join(second, on="place", how="full", coalesce=True).fill_null(0).sort("place")
    left = [
        (back - joined[f"back{end}"].to_numpy(), n - joined[f"n{end}"].to_numpy())
        for (back, n), end in zip(totals, ("", "_right"), strict=True)
    ]
    some = (left[0][1] > 0) & (left[1][1] > 0)
    rates = [back[some] / n[some] for back, n in left]
    weight = (joined["n"] / totals[0][1] + joined["n_right"] / totals[1][1]).to_numpy()
    return np.asarray(rates[1] - rates[0]), weight


def _no_change(reason: Reason, places: int, confidence: float) -> RateChange:
    return RateChange(
        first=None, second=None, change=None, low=None, high=None, p=None,
        places=places, confidence=confidence, undecided=reason,
    )  # fmt: skip
