"""Illegal building in m²: found, demolished, and whether anything new still stands (S16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from geodata.analysis.answers import Scope, Value, Withheld, instant
from geodata.analysis.reasons import Reason

_MILLI: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingArea:
    """The period's balance of illegal building.

    Attributes
    ----------
    found, demolished, new_standing
        Square metres. The sums hold only what was measured: see ``unmeasured``.
    unmeasured
        Cases reported in the period without an area.
    undated
        Cases with a demolished area but no time of handling; in no period.
    zero_growth
        零增长: nothing reported in the period still stands. Withheld when all that was measured
        is down but some cases were not measured.
    """

    found: Value
    demolished: Value
    new_standing: Value
    unmeasured: int
    undated: int
    zero_growth: bool | Withheld


def building_area(cases: pl.DataFrame, scope: Scope) -> BuildingArea | Withheld:
    """Add up illegal building found and demolished in a period.

    Parameters
    ----------
    cases
        The illegal-building cases: ``reported_at``, ``handled_at``, ``verified_at``,
        ``closed_at``, ``area_m2``, ``demolished_m2``. A demolition counts when the case was
        handled (or else verified, or closed).
    """
    if scope.undecided is not None:
        return Withheld(formula="new_standing_m2", reason=scope.undecided, scope=scope)
    cases = scope.leaves(cases)
    down_at = pl.coalesce("handled_at", "verified_at", "closed_at")
    new = cases.filter(_within(pl.col("reported_at"), scope))
    razed = cases.filter(_within(down_at, scope), pl.col("demolished_m2").is_not_null())
    gone = pl.when(down_at < instant(scope.end_at)).then(pl.col("demolished_m2")).fill_null(0)
    left = pl.max_horizontal(pl.col("area_m2") - gone, pl.lit(0.0))
    standing = new.select(left.filter(pl.col("area_m2").is_not_null())).to_series()
    new_standing = _value("new_standing_m2", standing, scope)
    unmeasured = new["area_m2"].null_count()
    undated = cases.filter(down_at.is_null(), pl.col("demolished_m2") > 0)
    return BuildingArea(
        found=_value("found_m2", new["area_m2"], scope),
        demolished=_value("demolished_m2", razed["demolished_m2"], scope),
        new_standing=new_standing,
        unmeasured=unmeasured,
        undated=len(undated),
        zero_growth=_zero_growth(new_standing, unmeasured),
    )


def _within(at: pl.Expr, scope: Scope) -> pl.Expr:
    inside = (at >= instant(scope.from_at)) & (at < instant(scope.end_at))
    return inside.fill_null(value=False)


def _value(formula: str, areas: pl.Series, scope: Scope) -> Value:
    known = areas.drop_nulls().cast(pl.Float64).round(_MILLI)  # kept as Float32: 18.3 is 18.29999
    total = float(known.sum())
    return Value(
        formula=formula, value=total, unit="m2", numerator=total, n=len(known), scope=scope
    )


def _zero_growth(standing: Value, unmeasured: int) -> bool | Withheld:
    if standing.value > 0 or not unmeasured:
        return standing.value <= 0
    known = {"unmeasured": unmeasured, "measured": standing.n}
    return Withheld(
        formula="new_standing_m2", reason=Reason.UNMEASURED, scope=standing.scope, known=known
    )
