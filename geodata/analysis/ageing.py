"""How old the open cases are, how many come and go each day, and how long closing takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import polars as pl

from geodata.analysis.answers import PARTS, Answer, Scope, Value, Withheld, instant
from geodata.analysis.groups import grouped, whole_or_groups
from geodata.analysis.reasons import Reason
from geodata.analysis.survival import Survival, kaplan_meier

QUANTILES: Final = (0.5, 0.75, 0.9)
_DAY_US: Final = 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeingRule:
    """Where one band of ages ends and the next begins, in days since the report."""

    edges_days: tuple[float, ...] = (1, 3, 7, 15, 30)
    source: str = "assumed; to be confirmed by the command centre"


def open_at(cases: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Cases reported before ``as_of`` and not closed before it, with ``age_days``."""
    now = instant(as_of)
    waiting = cases.filter(
        pl.col("reported_at") < now, pl.col("closed_at").is_null() | (pl.col("closed_at") >= now)
    )
    age = (now - pl.col("reported_at")).dt.total_microseconds() / _DAY_US
    return waiting.with_columns(age_days=age)


def ageing_bands(
    cases: pl.DataFrame, *, as_of: datetime, rule: AgeingRule, by: tuple[str, ...] = ()
) -> pl.DataFrame:
    """How many open cases are how old, and how many of them are overdue.

    Returns
    -------
    polars.DataFrame
        One row per group and band, zeros included: the group's columns, ``from_days``,
        ``until_days`` (null: no end; a case exactly that old is in the next band), ``open``,
        ``overdue``. The bands of a group sum to its open cases. Without open cases: the bands
        of the whole with zeros, and no group.
    """
    waiting = open_at(grouped(cases, by), as_of)
    edges = [0.0, *rule.edges_days]
    band = pl.sum_horizontal(
        *(pl.col("age_days") >= edge for edge in rule.edges_days), pl.lit(0)
    ).cast(pl.Int64)
    counted = waiting.group_by(*by, band=band).agg(
        open=pl.len().cast(pl.Int64),
        overdue=(pl.col("due_at") < instant(as_of)).sum().cast(pl.Int64),
    )
    bands = pl.DataFrame(
        {"from_days": edges, "until_days": [*rule.edges_days, None]},
        schema={"from_days": pl.Float64, "until_days": pl.Float64},
    ).with_columns(band=pl.int_range(pl.len(), dtype=pl.Int64))
    frame = waiting.select(by).unique().join(bands, how="cross") if by else bands
    filled = frame.join(counted, on=[*by, "band"], how="left").with_columns(
        pl.col("open", "overdue").fill_null(0)
    )
    return filled.sort(*by, "band").drop("band")


def daily_flow(
    cases: pl.DataFrame, first: date, last: date, *, timezone: str, by: tuple[str, ...] = ()
) -> pl.DataFrame:
    """How many cases come in and go out each day, and how many are open at its end.

    Parameters
    ----------
    first, last
        Days in ``timezone``, both included. Cases of earlier days make the opening backlog.

    Returns
    -------
    polars.DataFrame
        Every day of every group, in order: the group's columns, ``day``, ``inflow``,
        ``outflow``, ``backlog``. Cases closed before they were reported count as closed when
        reported, so that no backlog is negative.
    """
    held = grouped(cases, by)
    closed_at = pl.max_horizontal("closed_at", "reported_at")
    ends = pl.when(pl.col("closed_at").is_not_null()).then(closed_at)
    days = held.select(*by, came=_day(pl.col("reported_at"), timezone), went=_day(ends, timezone))
    calendar = pl.DataFrame({"day": pl.date_range(first, last, eager=True)})
    frame = days.select(by).unique().join(calendar, how="cross") if by else calendar
    for name, column in (("inflow", "came"), ("outflow", "went")):
        counted = days.group_by(*by, day=column).agg(pl.len().cast(pl.Int64).alias(name))
        frame = frame.join(counted, on=[*by, "day"], how="left")
    frame = frame.with_columns(pl.col("inflow", "outflow").fill_null(0)).sort(*by, "day")
    opening = _opening(days, first, by)
    frame = frame.join(opening, on=list(by), how="left") if by else frame.join(opening, how="cross")
    change = (pl.col("inflow") - pl.col("outflow")).cum_sum()
    running = change.over(by) if by else change
    return frame.with_columns(backlog=pl.col("opening") + running).drop("opening")


def _day(at: pl.Expr, timezone: str) -> pl.Expr:
    return at.dt.convert_time_zone(timezone).dt.date()


def _opening(days: pl.DataFrame, first: date, by: tuple[str, ...]) -> pl.DataFrame:
    """Cases open when the first day begins."""
    before = pl.col("came") < first
    still = pl.col("went").is_null() | (pl.col("went") >= first)
    count = (before & still).sum().cast(pl.Int64).alias("opening")
    return days.group_by(by).agg(count) if by else days.select(count)


@dataclass(frozen=True, kw_only=True)
class TimeToClose:
    """How long closing takes, with the open cases counted as "not yet".

    Attributes
    ----------
    survival
        Share of cases still open after so many days.
    quantiles
        For each of `QUANTILES`, the days within which that share is closed, with its interval;
        withheld where the curve has not come down that far.
    left_out
        Cases closed before they were reported: times that cannot be right.
    """

    survival: Survival
    quantiles: dict[float, Answer]
    left_out: int


def time_to_close(
    cases: pl.DataFrame, scope: Scope, *, quantiles: Sequence[float] = QUANTILES
) -> TimeToClose | Withheld:
    """How many days pass from report to close-out for the cases reported in a period.

    Open cases are watched until ``scope.as_of`` and then censored: leaving them out, as a mean
    over closed cases does, makes slow offices look fast.
    """
    formula = "time_to_close"
    if scope.undecided is not None:
        return Withheld(formula=formula, reason=scope.undecided, scope=scope)
    now, at = instant(scope.as_of), pl.col("reported_at")
    mine = scope.leaves(cases).filter(at >= instant(scope.from_at), at < instant(scope.end_at))
    ended = (pl.col("closed_at") < now).fill_null(value=False)
    until = pl.when(ended).then(pl.col("closed_at")).otherwise(now)
    watched = mine.select(days=(until - at).dt.total_microseconds() / _DAY_US, ended=ended)
    right = watched.filter(pl.col("days") >= 0)
    known = {"n": len(right), "closed": int(right["ended"].sum())}
    if right.is_empty() or not right["ended"].any():
        reason = Reason.NO_CASES if right.is_empty() else Reason.NONE_CLOSED
        return Withheld(formula=formula, reason=reason, scope=scope, known=known)
    survival = kaplan_meier(right["days"].to_numpy(), right["ended"].to_numpy())
    found = {q: _quantile(survival, q, scope) for q in quantiles}
    return TimeToClose(survival=survival, quantiles=found, left_out=len(watched) - len(right))


def _quantile(survival: Survival, share: float, scope: Scope) -> Answer:
    """First day by which ``share`` is closed; interval by inverting the curve's own."""
    days, lower, upper = (
        _first_below(survival.curve, name, 1 - share) for name in ("surviving", "low", "high")
    )
    if days is None:
        known: dict[str, float | int | str | None] = {"n": survival.n, "more_than_days": lower}
        return Withheld(
            formula="time_to_close", reason=Reason.NOT_REACHED, scope=scope, known=known
        )
    return Value(
        formula="time_to_close",
        value=days,
        unit="days",
        numerator=survival.events,
        denominator=survival.n,
        n=survival.n,
        lower=lower,
        upper=upper,
        level=survival.confidence,
        scope=scope,
    )


def _first_below(curve: pl.DataFrame, column: str, level: float) -> float | None:
    tolerance = 1e-12
    below = curve.filter(pl.col(column) <= level + tolerance)
    return float(below["days"][0]) if len(below) else None


def closing_quantiles(cases: pl.DataFrame, scope: Scope, by: tuple[str, ...]) -> pl.DataFrame:
    """Tabulate `time_to_close` for each group: one row per group and quantile.

    Returns
    -------
    polars.DataFrame
        The group's columns, ``quantile``, those of `answers.PARTS`, and the scope's. A
        quantile not reached keeps the lower end of its interval where there is one.
    """
    held = grouped(cases, by)
    rows: list[dict[str, Any]] = []
    for group in whole_or_groups(held, by):
        mine = held.filter(**group) if group else held
        found = time_to_close(mine, scope)
        answers = (
            dict.fromkeys(QUANTILES, found) if isinstance(found, Withheld) else found.quantiles
        )
        rows += [{**group, "quantile": q, **_parts(one)} for q, one in answers.items()]
    schema = pl.Schema(
        {**{column: pl.String() for column in by}, "quantile": pl.Float64(), **PARTS}
    )
    return pl.DataFrame(rows, schema=schema).with_columns(**scope.columns())


def _parts(answer: Answer) -> dict[str, Any]:
    parts: dict[str, Any] = dict.fromkeys(PARTS)
    if isinstance(answer, Value):
        return parts | {name: getattr(answer, name) for name in PARTS if name != "undecided"}
    known = answer.known
    return parts | {
        "formula": answer.formula, "unit": "days", "undecided": answer.reason.value,
        "n": known.get("n"), "lower": known.get("more_than_days"),
    }  # fmt: skip
