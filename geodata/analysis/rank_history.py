"""Ranks over time: who moved for certain, and who is last again and again."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from geodata.analysis.answers import Withheld
from geodata.analysis.ranking import HISTORY, Ranking, RankRule
from geodata.analysis.reasons import Reason


def rank_history(rankings: Sequence[tuple[str, Ranking | Withheld]]) -> pl.DataFrame:
    """Put rankings of consecutive periods under each other.

    Parameters
    ----------
    rankings
        Name of each period and its ranking, in order of time; a period without a ranking has
        a row for every unit known from the others, with the reason.

    Returns
    -------
    polars.DataFrame
        ``number`` (of the period, from 0) and the columns of `ranking.HISTORY`; then
        ``moved`` (places gained since the period before; null where either has no rank) and
        ``moved_for_certain`` (the possible ranks of both periods do not overlap). Empty in,
        empty out.
    """
    schema = pl.Schema({"number": pl.Int64, **HISTORY})
    units = sorted({unit for _, one in rankings if isinstance(one, Ranking) for unit in one.units})
    parts = [
        _period(number, name, one, units).select(list(schema))
        for number, (name, one) in enumerate(rankings)
    ]
    history = pl.concat([schema.to_frame(), *parts]).sort("unit", "number")
    before = [pl.col(name).shift(1).over("unit") for name in ("rank", "rank_best", "rank_worst")]
    moved = before[0] - pl.col("rank")
    apart = (pl.col("rank_worst") < before[1]) | (pl.col("rank_best") > before[2])
    return history.with_columns(moved=moved, moved_for_certain=apart).sort(
        "number", "rank", "unit", nulls_last=True
    )


def _period(
    number: int, name: str, ranking: Ranking | Withheld, units: Sequence[str]
) -> pl.DataFrame:
    if isinstance(ranking, Ranking):
        named = ranking.table.with_columns(
            number=pl.lit(number, pl.Int64), period=pl.lit(name, pl.String)
        )
        absent = _unranked(number, name, set(units) - set(ranking.units), Reason.NO_CASES)
        return pl.concat([named.select(absent.columns), absent])
    return _unranked(number, name, set(units), ranking.reason)


def _unranked(number: int, name: str, units: set[str], reason: Reason) -> pl.DataFrame:
    rows = [
        {"number": number, "period": name, "unit": unit, "worse_than_whole": False,
         "undecided": reason.value}
        for unit in sorted(units)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=pl.Schema({"number": pl.Int64, **HISTORY}))


def bottom_streaks(history: pl.DataFrame, rule: RankRule) -> pl.DataFrame:
    """Count how often in a row, up to the last period, each unit held a low rank.

    A rank is low when it is one of the last ``rule.bottom`` places among at least twice as
    many, the unit had cases enough, and its whole interval is worse than the whole's rate:
    somebody is always last, and being last by chance is no fault. A period without a rank
    ends the streak.

    Returns
    -------
    polars.DataFrame
        One row per unit, in order: ``unit``, ``streak`` (periods), ``named``
        (``streak ≥ rule.consecutive``). Empty in, empty out.
    """
    low = (
        (pl.col("rank") > pl.col("of") - rule.bottom)
        & (pl.col("of") >= 2 * rule.bottom)
        & pl.col("worse_than_whole")
    ).fill_null(value=False)
    latest_first = history.sort("unit", "number", descending=[False, True])
    unbroken = latest_first.with_columns(low=low.cast(pl.Int64).cum_prod().over("unit"))
    return (
        unbroken.group_by("unit")
        .agg(streak=pl.col("low").sum())
        .with_columns(named=pl.col("streak") >= rule.consecutive)
        .sort("unit")
    )
