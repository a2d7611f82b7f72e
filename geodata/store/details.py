"""The full cases behind a few facts: read from the lake only when somebody looks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.facts import Facts
from geodata.store.lake import Lake


def cases_of(lake: Lake, facts: Facts, rows: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Read the whole cases behind rows of ``facts.frame``.

    Returns
    -------
    polars.DataFrame
        ``PLACED_SCHEMA`` with ``status`` and ``phase``; open cases first, oldest first.
    """
    wanted = facts.frame[rows].select("key", "cell", "reported_on", "status", "phase")
    scanned = lake.scan(facts.version if facts.version >= 0 else None)
    if wanted.is_empty():
        return (
            scanned.head(0)
            .collect()
            .with_columns(status=pl.lit(None, pl.String), phase=pl.lit(None, pl.String))
        )
    low, high = wanted["cell"].min(), wanted["cell"].max()
    months = _months(wanted["reported_on"])
    found = (
        scanned.filter(pl.col("month").is_in(months), pl.col("cell").is_between(low, high))
        .with_columns(key=pl.col("case_id").hash(seed=0))
        .join(wanted.lazy().select("key", "status", "phase"), on="key", how="inner")
        .drop("key")
        .collect()
    )
    closed = pl.col("status").cast(pl.String).str.starts_with("closed")
    return found.sort(closed, "reported_at", "case_id")


def _months(days: pl.Series) -> list[str]:
    return days.dt.strftime("%Y-%m").unique().sort().to_list()
