"""Repeat reports 重复案件: the same problem reported again while it is still open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from geodata.spatial.cells import parent_of

_NEVER: Final = 2**62
"""Later than every instant, in microseconds."""


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
    in_order = cases.select(
        kind=pl.col("category").cast(pl.Categorical).to_physical(),
        spot=pl.Series(parent_of(cells, rule.resolution)),
        began=pl.col("reported_at").to_physical(),
        ends=pl.col("closed_at").to_physical().fill_null(_NEVER),
        place=pl.col("case_id").rank("ordinal"),
    ).with_row_index("row")
    in_order = in_order.sort("kind", "spot", "began", "place").with_columns(
        earlier_end=pl.col("ends").cum_max().shift(1).over("kind", "spot")
    )
    again = (pl.col("earlier_end") > pl.col("began")).fill_null(value=False)
    marked = in_order.select("row", repeated=again).sort("row")
    return cases.with_columns(repeated=pl.when(known).then(marked["repeated"]))
