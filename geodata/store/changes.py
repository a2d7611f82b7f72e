"""What an ingest would do to the cases already kept: new, changed, or the same."""

from __future__ import annotations

import polars as pl

from geodata.domain.case import PLACED_SCHEMA


def fate_of(cases: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return, in the order of ``cases``, ``fate`` (new, changed or same) and ``kept_in`` month.

    Rows are compared value by value; where a row was read from does not count.
    """
    compared = [name for name in PLACED_SCHEMA if name not in ("source_file", "source_row")]
    both = cases.join(
        known.with_columns(kept_in="month"),
        on="case_id",
        how="left",
        suffix="_kept",
        maintain_order="left",
    )
    differs = pl.any_horizontal(
        _comparable(name).ne_missing(_comparable(f"{name}_kept", name))
        for name in compared
        if name != "case_id"
    )
    return both.select(
        "kept_in",
        fate=pl.when(pl.col("kept_in").is_null())
        .then(pl.lit("new"))
        .when(differs)
        .then(pl.lit("changed"))
        .otherwise(pl.lit("same")),
    )


def _comparable(column: str, like: str | None = None) -> pl.Expr:
    """Return a column in a form that can be compared: lists as joined text."""
    is_list = isinstance(PLACED_SCHEMA[like or column], pl.List)
    return pl.col(column).list.join("\x1f") if is_list else pl.col(column)
