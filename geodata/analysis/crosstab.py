"""Counts by code without a pass over all cases: one small table of every combination there is.

Ten million cases fall into some hundred thousand combinations of phase, office, category,
channel, status and area. A selection that restricts nothing else is answered from those.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from geodata.analysis.facts import Facts, conditions
from geodata.domain.selection import Selection

DIMENSIONS: Final = (
    "phase", "office", "assisting", "category", "channel", "status", "area", "pile",
)  # fmt: skip

_ANSWERED: Final = frozenset(
    {
        "phases", "offices", "role", "families", "categories", "statuses", "channels", "areas",
        "piles",
    }
)  # fmt: skip
"""Restrictions that speak of these dimensions alone."""


def crosstab(facts: Facts) -> pl.DataFrame:
    """Count every combination of the dimensions: ``DIMENSIONS`` and ``cases``."""
    return facts.frame.lazy().group_by(DIMENSIONS).len("cases").collect()


def count_codes(
    facts: Facts, table: pl.DataFrame, selection: Selection, column: str
) -> pl.DataFrame | None:
    """Count the cases a selection means by a coded column, from the `crosstab` of the facts.

    Returns
    -------
    polars.DataFrame or None
        What `geodata.analysis.counts.count_by` gives; None where the selection restricts more
        than the table knows, so that the cases themselves must be counted.
    """
    if column not in DIMENSIONS or not selection.restrictions().keys() <= _ANSWERED:
        return None
    meant = table.lazy().filter(*conditions(facts, selection))
    found = meant.group_by(code=pl.col(column)).agg(pl.col("cases").sum()).collect()
    codes = facts.frame.schema[column].categories  # type: ignore[attr-defined]
    every = pl.DataFrame({"code": pl.Series(codes, dtype=pl.String)})
    found = found.with_columns(pl.col("code").cast(pl.String))
    counted = every.join(found, on="code", how="left", maintain_order="left")
    return counted.with_columns(pl.col("cases").fill_null(0).cast(pl.UInt32))
