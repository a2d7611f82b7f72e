"""Who stands where, and how sure that is: offices, areas, streets, cities (S13, S21).

Ranks go by the shrunk rate, so that two lucky cases do not lead the table. Each comes with the
ranks that are possible: those the unit takes in the middle ``level`` of simulated draws of all
true rates together (fixed seed; units in order of name, so that the order given does not matter).
Below the minimum n no rank is given, but the unit's cases still say what is usual.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.answers import Scope, Withheld
from geodata.analysis.facts import NO_AREA
from geodata.analysis.false_discovery import Reals
from geodata.analysis.intervals import LEVEL
from geodata.analysis.partial_pooling import Pooled, pool_rates, pool_shares
from geodata.analysis.reasons import Reason
from geodata.domain.case import UNASSIGNED
from geodata.domain.category import UNMAPPED

Better = Literal["high", "low"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankRule:
    """When a rank is given and when a low one is named. Change the rule here, never in a page.

    Attributes
    ----------
    least_n
        Denominator below which a share gets no rank.
    least_expected
        For cases per km or day: cases the unit would have at the usual rate, below which it
        gets no rank.
    bottom
        How many last places are low ranks; at least twice as many units must be ranked.
    consecutive
        Low ranks in a row before a unit is named.
    nobody
        Values that are no unit: their cases count in the whole, but nobody is blamed.
    """

    least_n: int = 30
    least_expected: float = 10.0
    bottom: int = 3
    consecutive: int = 3
    level: float = LEVEL
    draws: int = 4000
    seed: int = 12319
    nobody: tuple[str, ...] = (UNASSIGNED, UNMAPPED, NO_AREA)
    source: str = "assumed; to be confirmed by the command centre"


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Units in order of rank, those without a rank last.

    Attributes
    ----------
    table
        ``unit``, ``numerator``, ``denominator``, ``n``, ``raw``, ``shrunk``, ``lower``,
        ``upper`` (null where the denominator is 0), ``rank`` (1 = best; null: none given),
        ``rank_best``, ``rank_worst`` (possible ranks), ``of`` (units ranked),
        ``worse_than_whole`` (the whole interval is), ``undecided``.
    whole
        Rate of all units together.
    draws
        Draws × units (in order of name) behind the intervals, for composites.
    units
        Names of the columns of ``draws``.
    """

    table: pl.DataFrame
    formula: str
    whole: float
    better: Better
    scope: Scope | None
    rule: RankRule
    draws: Reals
    units: tuple[str, ...]


def rank_shares(
    table: pl.DataFrame,
    *,
    unit: str,
    formula: str,
    better: Better,
    scope: Scope | None = None,
    rule: RankRule | None = None,
) -> Ranking | Withheld:
    """Rank units by a share such as the on-time rate.

    Parameters
    ----------
    table
        ``unit``, ``numerator``, ``denominator`` (whole numbers; null counts as nothing known),
        one row per unit: rows of `indicators.indicators` for one formula serve. ``effective``,
        if there, is as many independent cases as the denominator is worth.
    better
        Which end is the good one.

    Raises
    ------
    ValueError
        A unit has two rows, or a part larger than its whole.
    """
    rule = rule or RankRule()
    held = _held(table, unit)
    part, whole = held["numerator"].to_numpy(), held["denominator"].to_numpy()
    if (part > whole).any() or (part < 0).any():
        raise ValueError(f"{formula}: a part is negative or larger than its whole; check the table")
    enough = (whole >= rule.least_n) & _somebody(held, rule)
    reason = _cannot(enough, whole)
    if reason is not None:
        return _withheld(formula, reason, held, scope)
    size = held["effective"].to_numpy()
    share = part / np.where(whole > 0, whole, 1.0)
    pooled = pool_shares(share * size, size, draws=rule.draws, seed=rule.seed)
    pooled = replace(pooled, whole=float(part.sum() / whole.sum()))
    return _ranking(held, pooled, enough, formula=formula, better=better, scope=scope, rule=rule)


def rank_rates(
    table: pl.DataFrame,
    *,
    unit: str,
    formula: str,
    better: Better = "low",
    scope: Scope | None = None,
    rule: RankRule | None = None,
) -> Ranking | Withheld:
    """Rank units by cases per km, per day or per km and day; parameters as `rank_shares`.

    ``numerator`` holds cases, ``denominator`` what they are counted per; a unit where that is 0
    keeps its row and gets no rank.

    Raises
    ------
    ValueError
        A unit has two rows, or a negative number.
    """
    rule = rule or RankRule()
    held = _held(table, unit)
    cases, exposure = held["numerator"].to_numpy(), held["denominator"].to_numpy()
    if (cases < 0).any() or (exposure < 0).any():
        raise ValueError(f"{formula}: a count or exposure is negative; check the table")
    cases = np.where(exposure > 0, cases, 0.0)  # on no street at all: no rate of theirs
    usual = cases.sum() / exposure.sum() if exposure.any() else 0.0
    enough = (exposure * usual >= rule.least_expected) & _somebody(held, rule)
    reason = _cannot(enough, exposure)
    if reason is not None:
        return _withheld(formula, reason, held, scope)
    pooled = pool_rates(cases, exposure, draws=rule.draws, seed=rule.seed)
    return _ranking(held, pooled, enough, formula=formula, better=better, scope=scope, rule=rule)


def _held(table: pl.DataFrame, unit: str) -> pl.DataFrame:
    size = "effective" if "effective" in table.columns else "denominator"
    held = table.select(
        pl.col(unit).cast(pl.String).alias("unit"),
        pl.col("numerator", "denominator").cast(pl.Float64).fill_null(0.0),
        effective=pl.col(size).cast(pl.Float64).fill_null(0.0),
    ).sort("unit")
    if held["unit"].is_duplicated().any():
        twice = held.filter(pl.col("unit").is_duplicated())["unit"][0]
        raise ValueError(f"{unit} {twice!r} has two rows; rank one formula of one period at a time")
    return held


def _somebody(held: pl.DataFrame, rule: RankRule) -> npt.NDArray[np.bool_]:
    return (~held["unit"].is_in(rule.nobody)).to_numpy()


def _cannot(enough: npt.NDArray[np.bool_], size: Reals) -> Reason | None:
    if not len(size) or size.sum() <= 0:
        return Reason.NO_CASES
    return Reason.TOO_FEW_GROUPS if enough.sum() < 2 else None  # noqa: PLR2004 - rank among two


def _withheld(formula: str, reason: Reason, held: pl.DataFrame, scope: Scope | None) -> Withheld:
    known = {"units": len(held), "n": int(held["denominator"].sum())}
    return Withheld(formula=formula, reason=reason, scope=scope, known=known)


def _ranking(
    held: pl.DataFrame,
    pooled: Pooled,
    enough: npt.NDArray[np.bool_],
    *,
    formula: str,
    better: Better,
    scope: Scope | None,
    rule: RankRule,
) -> Ranking:
    lower, upper = pooled.limits(rule.level)
    worse = upper < pooled.whole if better == "high" else lower > pooled.whole
    table = held.with_columns(
        n=pl.col("denominator").cast(pl.Int64),
        raw=pl.when(pl.col("denominator") > 0).then(pl.col("numerator") / pl.col("denominator")),
        **{
            name: pl.when(pl.col("denominator") > 0).then(pl.Series(values))
            for name, values in (("shrunk", pooled.mean), ("lower", lower), ("upper", upper))
        },
        **rank_columns(pooled.mean, pooled.draws, enough, better=better, level=rule.level),
        worse_than_whole=pl.Series(worse & enough),
        undecided=_undecided(enough, rule),
    ).drop("effective")
    return Ranking(
        table=table.sort("rank", "unit", nulls_last=True),
        formula=formula,
        whole=pooled.whole,
        better=better,
        scope=scope,
        rule=rule,
        draws=pooled.draws,
        units=tuple(held["unit"]),
    )


def _undecided(enough: npt.NDArray[np.bool_], rule: RankRule) -> pl.Expr:
    return (
        pl.when(pl.Series(enough))
        .then(pl.lit(None, pl.String))
        .when(pl.col("unit").is_in(rule.nobody))
        .then(pl.lit(Reason.NOT_A_UNIT.value))
        .when(pl.col("denominator") > 0)
        .then(pl.lit(Reason.TOO_FEW_CASES.value))
        .otherwise(pl.lit(Reason.NO_EXPOSURE.value))
    )


def rank_columns(
    score: Reals,
    draws: Reals,
    enough: npt.NDArray[np.bool_],
    *,
    better: Better,
    level: float,
) -> Mapping[str, pl.Series]:
    """Rank, possible ranks and number of units ranked, null where a unit has too few cases.

    Equal scores share the better rank.
    """
    sign = -1.0 if better == "high" else 1.0
    size = len(score)
    rank: list[int | None] = [None] * size
    best, worst = rank.copy(), rank.copy()
    rows = np.flatnonzero(enough)
    ordered = np.sort(sign * score[rows])
    places = np.argsort(np.argsort(sign * draws[:, rows], axis=1), axis=1) + 1
    tails = [(1 - level) / 2, (1 + level) / 2]
    low = np.quantile(places, tails[0], axis=0, method="lower")
    high = np.quantile(places, tails[1], axis=0, method="higher")
    for place, row in enumerate(rows):
        own = int(np.searchsorted(ordered, sign * score[row])) + 1
        rank[row] = own
        best[row], worst[row] = min(int(low[place]), own), max(int(high[place]), own)
    of = [len(rows) if one else None for one in enough]
    return {
        name: pl.Series(name, values, dtype=pl.Int64)
        for name, values in (
            ("rank", rank), ("rank_best", best), ("rank_worst", worst), ("of", of)
        )
    }  # fmt: skip


HISTORY: Final[dict[str, Any]] = {
    "period": pl.String, "unit": pl.String, "rank": pl.Int64, "rank_best": pl.Int64,
    "rank_worst": pl.Int64, "of": pl.Int64, "shrunk": pl.Float64, "n": pl.Int64,
    "worse_than_whole": pl.Boolean, "undecided": pl.String,
}  # fmt: skip
"""Columns a ranking leaves in the rank history."""
