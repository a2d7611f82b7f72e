"""What a ranking divides: numerator and denominator of every office, area or street."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from geodata.analysis.answers import Scope, instant
from geodata.analysis.groups import with_label
from geodata.analysis.ranking import Better
from geodata.analysis.rebound import DEFAULT_RULE, FollowUps
from geodata.analysis.rebound_excess import rebound_excess
from geodata.analysis.rebound_rates import rebound_rates
from geodata.domain.period import Period
from geodata.domain.selection import Selection
from geodata.findings.judging.indicators import lifecycles, table_of, top_areas
from geodata.findings.periods import covered_days
from geodata.findings.rebounds.close_outs import close_outs_of
from geodata.findings.source import Source

REBOUND: Final = "rebound_rate"

MEASURES: Final[dict[str, tuple[Better, str]]] = {
    "on_time_rate": ("high", "due_at"),
    "closure_rate": ("high", "due_at"),
    "return_rate": ("low", "handled_at"),
    "repeat_rate": ("low", "filed_at"),
    REBOUND: ("low", "closed_at"),
}
"""Rates that can be ranked: which end is good, and the instant that puts a case in a period.

A close-out counts in the period in which its window of N days ends: only then is it known whether
it came back."""

PER_KM: Final = "cases_per_km"
"""Reports per km of street and day, for streets: an order of density, not of merit."""

EXCESS: Final = ("expected", "excess", "excess_low", "excess_high")
"""Reports the places' usual level would bring in the days watched; rebounds ÷ these, interval."""


def unit_counts(
    source: Source,
    selection: Selection,
    scope: Scope,
    period: Period,
    *,
    by: str,
    measure: str,
) -> pl.DataFrame:
    """Count the parts of a measure for every unit.

    Returns
    -------
    polars.DataFrame
        One row per unit, in order: ``unit``, ``numerator``, ``denominator``, ``n``,
        ``undecided``; for rebounds also ``effective`` (as many independent cases) and `EXCESS`.
    """
    if measure == PER_KM:
        return _per_km(source, selection, scope, period)
    if measure == REBOUND:
        return _rebounds(source, selection, scope, period, by)
    cases = _of_period(source, selection, scope, measure)
    mine = table_of(source, cases, scope, period, by).filter(formula=measure)
    return mine.select(pl.col(by).alias("unit"), "numerator", "denominator", "n", "undecided")


def _of_period(source: Source, selection: Selection, scope: Scope, measure: str) -> pl.DataFrame:
    """Only the cases that the measure counts in the period, unless nobody recorded it."""
    cases = lifecycles(source, selection)
    at = pl.col(MEASURES[measure][1])
    inside = cases.filter(at >= instant(scope.from_at), at < instant(scope.end_at))
    return inside if len(inside) else cases


def _per_km(source: Source, selection: Selection, scope: Scope, period: Period) -> pl.DataFrame:
    at = pl.col("reported_at")
    cases = scope.leaves(lifecycles(source, selection))
    reported = cases.filter(
        at >= instant(scope.from_at), at < instant(scope.end_at), pl.col("street").is_not_null()
    )
    numerator = reported.group_by(unit="street").agg(numerator=pl.len().cast(pl.Float64))
    km = (
        source.facts.segments.filter(pl.col("street").is_not_null())
        .group_by(unit="street")
        .agg(km=pl.col("length_m").sum() / 1000)
    )
    return (
        km.join(numerator, on="unit", how="left")
        .select(
            "unit",
            pl.col("numerator").fill_null(0.0),
            denominator=pl.col("km") * covered_days(source, period),
            n=pl.col("numerator").fill_null(0).cast(pl.Int64),
            undecided=pl.lit(None, pl.String),
        )
        .sort("unit")
    )


def _rebounds(
    source: Source, selection: Selection, scope: Scope, period: Period, by: str
) -> pl.DataFrame:
    """Close-outs whose window ended in the period, how many came back, and how many anyway."""
    followed = _watched(source, selection, scope, period, by)
    rates = rebound_rates(followed, "unit").table
    chance = rebound_excess(followed, "unit").table.select(
        "code", "expected", excess="ratio", excess_low="low", excess_high="high"
    )
    return (
        rates.join(chance, on="code", how="left")
        .select(
            unit="code",
            numerator=pl.col("rebounds").cast(pl.Float64),
            denominator=pl.col("followed").cast(pl.Float64),
            n=pl.col("followed").cast(pl.Int64),
            undecided=pl.lit(None, pl.String),
            effective="effective",
            **{name: pl.col(name) for name in EXCESS},
        )
        .drop_nulls("unit")
        .sort("unit")
    )


def _watched(
    source: Source, selection: Selection, scope: Scope, period: Period, by: str
) -> FollowUps:
    rule = DEFAULT_RULE
    followed = close_outs_of(source, selection, rule).followed
    ended = pl.col("closed") + pl.duration(days=rule.within_days)
    last = min(period.until_on, source.facts.last_day)
    left_out = pl.col("channel").cast(pl.String).is_in(list(scope.without_channels))
    mine = followed.only(ended.is_between(period.from_on, last) & ~left_out.fill_null(value=False))
    table = mine.table.with_columns(pl.col("area").cast(pl.String))
    named = with_label(table, "top_area", "area", top_areas(source))
    unit = pl.col(by).cast(pl.String).replace("", None)
    return replace(mine, table=named.with_columns(unit=unit))
