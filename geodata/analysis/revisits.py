"""Where to look back next week 回头看: clear places ranked by how likely it is to come back.

For a place clear for e days, the expected rebounds in the next d days are
θ × (H(e + d) − H(e)), H the cumulative hazard of its kind (Nelson–Aalen) and θ how much more
often this place comes back than its kind's curve says: (events + a) ÷ (expected + a), the
posterior mean under a gamma prior of mean 1 whose strength a is estimated from all places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.reasons import Reason
from geodata.analysis.rebound import FollowUps
from geodata.analysis.survival import Survival, kaplan_meier

Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisitRule:
    """Which places a look-back list holds. Change the rule here, never in a page.

    Attributes
    ----------
    within_days
        How far ahead.
    fewest_events
        A kind with fewer rebounds than this uses the curve of all kinds together.
    prior_range
        Limits of the strength a of the prior, in expected rebounds.
    """

    within_days: float = 7.0
    fewest_events: int = 20
    prior_range: tuple[float, float] = (0.5, 50.0)
    source: str = "assumed; one week is the rhythm of 一周一调度"


DEFAULT_RULE: Final = RevisitRule()


@dataclass(frozen=True, kw_only=True)
class Revisits:
    """The look-back list.

    Attributes
    ----------
    table
        One row per clear place and kind, the likeliest first: ``place``, ``kind``, ``case``
        (the last close-out) with the columns carried along, ``closed``, ``clear_days``,
        ``expected`` (rebounds in the next days), ``chance`` (of at least one),
        ``times_usual`` (θ), ``past_rebounds`` and ``beyond_data`` (clear for longer than any
        case was watched: the hazard there is unknown and 0 is expected).
    prior
        Strength a of the gamma prior: large when places hardly differ.
    """

    table: pl.DataFrame
    rule: RevisitRule
    prior: float | None
    undecided: Reason | None


def revisits(followed: FollowUps, rule: RevisitRule = DEFAULT_RULE) -> Revisits:
    """Rank the places that are clear now by expected rebounds in the coming days.

    A place and kind is clear when its last close-out was not followed by a report. Empty in,
    empty out, with the reason.
    """
    rows = followed.table.filter(pl.col("watched_days") > 0)
    if rows.is_empty() or not (rows["ended_by"] == "rebound").any():
        reason = followed.undecided or Reason.NO_REBOUNDS
        return Revisits(
            table=_ranked(rows.head(0), _no_numbers()), rule=rule, prior=None, undecided=reason
        )
    curves = _curves(rows, rule)
    levels, prior = _levels(rows, curves, rule)
    clear = rows.filter(pl.col("ended_by") == "data_end")
    numbers = _ahead(clear, curves, rule)
    return Revisits(
        table=_ranked(clear.join(levels, on=["kind", "place"], how="left"), numbers),
        rule=rule,
        prior=prior,
        undecided=None,
    )


def _curves(rows: pl.DataFrame, rule: RevisitRule) -> dict[str, Survival]:
    """One curve per kind; kinds with few rebounds share that of all."""
    everything = _curve(rows)
    curves = {kind[0]: _curve(part) for kind, part in rows.group_by("kind")}
    return {
        kind: curve if curve.events >= rule.fewest_events else everything
        for kind, curve in curves.items()
    }


def _curve(rows: pl.DataFrame) -> Survival:
    return kaplan_meier(rows["watched_days"].to_numpy(), (rows["ended_by"] == "rebound").to_numpy())


def _levels(
    rows: pl.DataFrame, curves: dict[str, Survival], rule: RevisitRule
) -> tuple[pl.DataFrame, float]:
    """θ of every place and kind, and the strength of the prior."""
    expected = _hazards(rows, curves, rows["watched_days"].to_numpy())
    sums = (
        rows.with_columns(_expected=pl.Series(expected))
        .group_by("kind", "place", maintain_order=True)  # sums in one order: the same bits
        .agg(
            past_rebounds=(pl.col("ended_by") == "rebound").sum(),
            _expected=pl.col("_expected").sum(),
        )
    )
    events, expected = sums["past_rebounds"].to_numpy().astype(float), sums["_expected"].to_numpy()
    prior = _prior(events, expected, rule)
    levels = sums.with_columns(times_usual=pl.Series((events + prior) / (expected + prior)))
    return levels.drop("_expected"), prior


def _prior(events: Reals, expected: Reals, rule: RevisitRule) -> float:
    """Moment estimate: Σ(O − E)² = ΣE + ΣE² ÷ a when θ has mean 1 and variance 1 ÷ a."""
    spread = float(((events - expected) ** 2).sum() - expected.sum())
    low, high = rule.prior_range
    return float(np.clip((expected**2).sum() / spread, low, high)) if spread > 0 else high


def _hazards(rows: pl.DataFrame, curves: dict[str, Survival], days: Reals) -> Reals:
    found = np.zeros(len(rows))
    kinds = rows["kind"].cast(pl.String).to_numpy()
    for kind, curve in curves.items():
        own = kinds == kind
        found[own] = curve.hazard(days[own])
    return found


def _ahead(clear: pl.DataFrame, curves: dict[str, Survival], rule: RevisitRule) -> pl.DataFrame:
    """Increase of the cumulative hazard over the coming days, and where it is unknown."""
    days = clear["watched_days"].to_numpy()
    ahead = _hazards(clear, curves, days + rule.within_days) - _hazards(clear, curves, days)
    kinds = clear["kind"].cast(pl.String).to_list()
    known = np.array([curves[kind].watched_days for kind in kinds])
    return pl.DataFrame({"ahead": ahead, "beyond_data": days >= known})


def _no_numbers() -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "ahead": pl.Float64,
            "beyond_data": pl.Boolean,
            "past_rebounds": pl.UInt32,
            "times_usual": pl.Float64,
        }
    )


def _ranked(clear: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    dropped = [
        "rebound", "rebound_case", "rebound_days", "followed", "ended_by", "usual_per_day",
    ]  # fmt: skip
    return (
        pl.concat([clear.drop(dropped), numbers], how="horizontal")
        .with_columns(expected=pl.col("ahead") * pl.col("times_usual"))
        .with_columns(chance=1 - (-pl.col("expected")).exp())
        .drop("ahead")
        .rename({"watched_days": "clear_days"})
        .sort(["expected", "clear_days", "place"], descending=[True, False, False])
    )
