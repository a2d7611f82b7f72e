"""Cases as the rebound functions take them, from the facts or from the placed case table."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from geodata.analysis.facts import Facts, Keep
from geodata.analysis.rebound import DEFAULT_RULE, ReboundRule
from geodata.domain.category import UNMAPPED
from geodata.spatial.cells import parent_expr

NO_PLACE = -1


def cases_of_facts(facts: Facts, keep: Keep, rule: ReboundRule = DEFAULT_RULE) -> pl.DataFrame:
    """Cases by day, city time; use with ``end=facts.last_day``.

    Default-geocode piles and unmapped categories have no place or kind: they cannot come back.

    Returns
    -------
    polars.DataFrame
        ``case`` (the facts' key), ``kind``, ``place``, ``reported``, ``closed`` (Date),
        ``office``, ``category``, ``street``, ``channel``; and ``returns`` where facts hold it.
    """
    rows = facts.frame.filter(pl.Series(keep))
    street = facts.segments["street"].gather(_or_null(rows["segment"]))
    returns = [pl.col("returns")] if "returns" in rows.columns else []
    return rows.select(
        pl.col("key").alias("case"),
        _kind(facts.family_of, rule).alias("kind"),
        _place(rule, pl.col("segment").cast(pl.Int64)).alias("place"),
        pl.col("reported_on").alias("reported"),
        pl.col("closed_on").alias("closed"),
        "office",
        "category",
        street.alias("street"),
        "channel",
        *returns,
    )


def cases_of_lake(
    placed: pl.DataFrame, family_of: Mapping[str, str], rule: ReboundRule = DEFAULT_RULE
) -> pl.DataFrame:
    """Cases to the second, from the placed case table (`PLACED_SCHEMA`, UTC).

    Returns
    -------
    polars.DataFrame
        As `cases_of_facts`, with instants; ``case`` is the case id, ``street`` the segment,
        and ``place`` numbers the segments in order of name.
    """
    number = (pl.col("segment").rank("dense") - 1).cast(pl.Int64).fill_null(NO_PLACE)
    return placed.with_columns(pile=pl.lit(value=False)).select(
        pl.col("case_id").alias("case"),
        _kind(family_of, rule).alias("kind"),
        _place(rule, number).alias("place"),
        pl.col("reported_at").alias("reported"),
        pl.col("closed_at").alias("closed"),
        "office",
        "category",
        pl.col("segment").alias("street"),
        "channel",
        "returns",
    )


def _or_null(rows: pl.Series) -> pl.Series:
    return rows.set(rows < 0, None)


def _kind(family_of: Mapping[str, str], rule: ReboundRule) -> pl.Expr:
    """The category or its family; null where no table maps the reported name."""
    category = pl.col("category").cast(pl.String)
    kind = category.replace(dict(family_of)) if rule.kind == "family" else category
    return pl.when(category != UNMAPPED).then(kind)


def _place(rule: ReboundRule, segment: pl.Expr) -> pl.Expr:
    if rule.place == "segment":
        return segment
    cell = parent_expr(pl.col("cell"), rule.resolution)
    return pl.when(~pl.col("pile")).then(cell).otherwise(NO_PLACE)
