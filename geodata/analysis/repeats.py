"""Repeat reports 重复案件: the same problem reported again while it is still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import polars as pl

from geodata.spatial.cells import parent_of

_NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatRule:
    """When two reports are one problem. Change the rule here, never in a page.

    Same category, same H3 cell at ``resolution`` (11: about 50 m across), and the earlier case
    not yet closed when the later one is reported. A report after close-out is no repeat: that
    is a rebound 反弹.
    """

    resolution: int = 11
    source: str = "assumed; to be confirmed by the command centre"


def with_repeats(cases: pl.DataFrame, rule: RepeatRule) -> pl.DataFrame:
    """Mark the cases that repeat an earlier one.

    Parameters
    ----------
    cases
        All cases, not only those of a period: ``case_id``, ``category``, ``cell`` (resolution
        12), ``reported_at``, ``closed_at``.

    Returns
    -------
    polars.DataFrame
        The same rows in the same order with ``repeated`` (Boolean; null without a category or
        a cell: nobody knows). Empty in, empty out.
    """
    known = cases["cell"].is_not_null() & cases["category"].is_not_null()
    cells = cases["cell"].fill_null(0).to_numpy()
    spot = pl.Series("spot", parent_of(cells, rule.resolution), pl.Int64)
    kinds = ["category", "spot"]
    in_order = cases.select(
        "category",
        "reported_at",
        "case_id",
        spot,
        ends=pl.col("closed_at").fill_null(pl.lit(_NEVER)).cast(pl.Datetime("us", "UTC")),
    ).with_row_index("row")
    in_order = in_order.sort(*kinds, "reported_at", "case_id").with_columns(
        earlier_end=pl.col("ends").cum_max().shift(1).over(kinds)
    )
    again = (pl.col("earlier_end") > pl.col("reported_at")).fill_null(value=False)
    marked = in_order.select("row", repeated=again).sort("row")
    return cases.with_columns(marked["repeated"]).with_columns(
        repeated=pl.when(known).then("repeated")
    )
