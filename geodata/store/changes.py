"""What an ingest does to the cases kept: which are new or changed, in which order they go in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from geodata.domain.case import PLACED_SCHEMA

PART_ROWS: Final = 65_536
"""Rows handed to the writer at once, and rows of a row group: what a reader can skip."""


def fates(cases: pl.DataFrame, kept: pl.LazyFrame) -> pl.DataFrame:
    """Tell what each case is to the lake; one month of it is in memory at a time.

    Returns
    -------
    polars.DataFrame
        In the order of ``cases``: ``row``, ``fate`` (new, changed or same) and ``kept_in``, the
        month it is kept in so far (null when new).
    """
    rows = cases.lazy().select("case_id").with_row_index("row")
    found = rows.join(kept.select("case_id", kept_in="month"), on="case_id").collect()
    compared = [pl.DataFrame(schema={"row": pl.UInt32, "fate": pl.String})]
    for (month,), where in found.group_by("kept_in"):
        ids = where.lazy().select("case_id")
        known = kept.filter(pl.col("month") == month).join(ids, on="case_id", how="semi")
        fate = _fate_of(cases[where["row"]], known.collect())
        compared.append(pl.DataFrame({"row": where["row"], "fate": fate["fate"]}))
    return (
        rows.select("row")
        .join(pl.concat(compared).lazy(), on="row", how="left", maintain_order="left")
        .join(found.lazy().select("row", "kept_in"), on="row", how="left", maintain_order="left")
        .with_columns(pl.col("fate").fill_null("new"))
        .collect()
    )


def _fate_of(cases: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
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


def in_parts(cases: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Return the cases sorted by month and cell, some rows at a time, so that few are copied."""
    order = cases.select(pl.arg_sort_by("month", "cell", "case_id")).to_series()
    for begin in range(0, len(order), PART_ROWS):
        yield cases[order[begin : begin + PART_ROWS]]
