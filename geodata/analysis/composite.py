"""One score from several rates 综合考核: only with weights that add up, and their source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from geodata.analysis.answers import Withheld
from geodata.analysis.ranking import Ranking, RankRule, rank_columns
from geodata.analysis.reasons import Reason

POINTS: Final = 100.0
_SUM_TOLERANCE: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each rate counts; the parts add up to 1."""

    parts: Mapping[str, float]
    source: str


@dataclass(frozen=True, kw_only=True)
class Composite:
    """Scores of 0 to 100 points, higher is better.

    Attributes
    ----------
    table
        ``unit``, ``score``, ``lower``, ``upper``, ``rank``, ``rank_best``, ``rank_worst``,
        ``of``, ``undecided`` and one column per part with the points it gives. In order of
        rank; a unit that lacks a rank in any part has neither score nor rank.
    """

    table: pl.DataFrame
    weights: Weights
    rule: RankRule


def composite(
    rankings: Mapping[str, Ranking | Withheld], weights: Weights, rule: RankRule | None = None
) -> Composite | Withheld:
    """Weigh the shrunk rates of several rankings into one score.

    A rate whose low end is the good one counts as its complement. Intervals and possible ranks
    come from the same draws as those of the parts, the parts taken as independent.

    Parameters
    ----------
    rankings
        Rankings of shares (0 to 1), by the names used in the weights.
    """
    rule = rule or RankRule()
    total = float(sum(weights.parts.values()))
    negative = any(weight < 0 for weight in weights.parts.values())
    if negative or abs(total - 1) > _SUM_TOLERANCE:
        known: dict[str, float | int | str | None] = {"sum": total, **weights.parts}
        return Withheld(formula="composite", reason=Reason.WEIGHTS_DO_NOT_SUM, known=known)
    parts = {name: rankings.get(name) for name in weights.parts}
    absent = [name for name, one in parts.items() if not isinstance(one, Ranking)]
    if absent:
        return Withheld(
            formula="composite", reason=Reason.PART_MISSING, known=dict.fromkeys(absent, "missing")
        )
    found = {name: one for name, one in parts.items() if isinstance(one, Ranking)}
    if any(one.draws.min() < 0 or one.draws.max() > 1 for one in found.values()):
        return Withheld(formula="composite", reason=Reason.PART_MISSING)
    return _composite(found, weights, rule)


def _composite(
    parts: Mapping[str, Ranking], weights: Weights, rule: RankRule
) -> Composite | Withheld:
    units = sorted(set().union(*(one.units for one in parts.values())))
    ranked = [set(one.table.filter(pl.col("rank").is_not_null())["unit"]) for one in parts.values()]
    complete = np.array([all(unit in some for some in ranked) for unit in units], dtype=bool)
    if complete.sum() < 2:  # noqa: PLR2004 - rank among two
        known: dict[str, float | int | str | None] = {"units": int(complete.sum())}
        return Withheld(formula="composite", reason=Reason.TOO_FEW_GROUPS, known=known)
    held = [unit for unit, whole in zip(units, complete, strict=True) if whole]
    points = {name: _points(one, held, weights.parts[name]) for name, one in parts.items()}
    draws = sum(_draws(one, held, weights.parts[name], i, rule)
                for i, (name, one) in enumerate(parts.items()))  # fmt: skip
    score = np.sum([points[name] for name in parts], axis=0)
    tails = [(1 - rule.level) / 2, (1 + rule.level) / 2]
    lower, upper = np.quantile(draws, tails, axis=0)
    everyone = np.ones(len(held), dtype=bool)
    table = pl.DataFrame({"unit": held, "score": score, "lower": lower, "upper": upper})
    table = table.with_columns(
        **rank_columns(score, np.asarray(draws), everyone, better="high", level=rule.level),
        undecided=pl.lit(None, pl.String),
        **{name: pl.Series(value) for name, value in points.items()},
    )
    left = [unit for unit, whole in zip(units, complete, strict=True) if not whole]
    without = pl.DataFrame({"unit": left}, schema={"unit": pl.String})
    without = without.with_columns(undecided=pl.lit(Reason.PART_MISSING.value))
    together = pl.concat([table, without], how="diagonal")
    return Composite(
        table=together.sort("rank", "unit", nulls_last=True), weights=weights, rule=rule
    )


def _points(
    ranking: Ranking, units: list[str], weight: float
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    shrunk = dict(ranking.table.select("unit", "shrunk").iter_rows())
    share = np.array([shrunk[unit] for unit in units])
    return POINTS * weight * (share if ranking.better == "high" else 1 - share)


def _draws(
    ranking: Ranking, units: list[str], weight: float, part: int, rule: RankRule
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Points of each draw; rows reordered per part, or equal seeds would tie the parts together."""
    column = {unit: i for i, unit in enumerate(ranking.units)}
    order = np.random.default_rng([rule.seed, part]).permutation(len(ranking.draws))
    share = ranking.draws[order][:, [column[unit] for unit in units]]
    return POINTS * weight * (share if ranking.better == "high" else 1 - share)
