"""Special actions 专项行动: how much is struck off 销号, and when all will be (S3, S8).

A ledger holds the cases of the action's categories on its streets that were open when it began
or reported since. The offices named are responsible, they are no filter: a case of the ledger in
other hands, or in nobody's, still has to be closed and is counted apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from scipy.special import ndtri

from geodata.analysis.ageing import daily_flow
from geodata.analysis.answers import Answer, Scope, Value, Withheld, instant
from geodata.analysis.intervals import LEVEL, dispersion_of, share_limits
from geodata.analysis.reasons import Reason
from geodata.domain.campaign import SpecialAction

_WEEK: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionRule:
    """How far back the pace is measured, and how far ahead it is worth saying.

    ``window_days`` is a whole number of weeks, so that weekends count alike.
    """

    window_days: int = 14
    horizon_days: int = 365
    level: float = LEVEL
    source: str = "assumed; to be confirmed by the command centre"


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """When the last open case would be closed if the pace stays what it was.

    Attributes
    ----------
    on, earliest, latest
        Day of the finish and its interval; ``latest`` is None where, within the interval, the
        backlog may not shrink at all.
    closed_per_day, reported_per_day
        The pace of the last ``window_days`` days.
    """

    on: date
    earliest: date
    latest: date | None
    closed_per_day: float
    reported_per_day: float
    window_days: int
    rule: ProjectionRule


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionProgress:
    """Where a special action stands.

    Attributes
    ----------
    ledger, struck_off, open, overdue
        Cases: ``ledger = struck_off + open``; ``overdue`` of the open ones.
    carried_in
        Of the ledger, open when the action began.
    elsewhere
        Of the ledger, in the hands of an office the action does not name, or of none.
    rate
        销号率 struck off ÷ ledger.
    """

    action: SpecialAction
    ledger: int
    struck_off: int
    open: int
    overdue: int
    carried_in: int
    elsewhere: int
    rate: Answer
    finish: Projection | Withheld


def action_cases(
    cases: pl.DataFrame, action: SpecialAction, street_of: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """Cases of the action's categories on its streets, whenever reported.

    Parameters
    ----------
    cases
        ``category``, ``office`` and, for an action with streets, ``segment`` and
        ``street_name``.
    street_of
        Street name of each segment; without it the reported ``street_name`` decides.

    Returns
    -------
    polars.DataFrame
        Those rows, in order. A list the action leaves empty does not restrict; an action of
        offices alone is the cases of those offices.
    """
    kept = cases
    if action.categories:
        kept = kept.filter(pl.col("category").cast(pl.String).is_in(action.categories))
    if action.streets:
        street = pl.col("street_name")
        if street_of is not None:
            street = pl.col("segment").replace_strict(
                street_of, default=None, return_dtype=pl.String
            )
        kept = kept.filter(street.is_in(action.streets))
    if not action.categories and not action.streets:
        kept = kept.filter(_named(action))
    return kept


def action_progress(
    cases: pl.DataFrame,
    action: SpecialAction,
    *,
    from_on: date,
    until_on: date,
    as_of: datetime,
    timezone: str,
    street_of: Mapping[str, str] | None = None,
    rule: ProjectionRule | None = None,
    version: int | None = None,
) -> ActionProgress:
    """Count the ledger of an action as of a moment and project its end.

    Parameters
    ----------
    from_on, until_on
        Days of the action in ``timezone``, both included: its own, else the campaign's.
    """
    scope = _scope(action, (from_on, until_on), as_of, ZoneInfo(timezone), version)
    ledger = _ledger(action_cases(cases, action, street_of), scope)
    state = ledger.select(
        ledger=pl.len(),
        struck_off=_closed(as_of).sum(),
        overdue=(
            ~_closed(as_of) & (pl.col("due_at") < instant(as_of)).fill_null(value=False)
        ).sum(),
        carried_in=(pl.col("reported_at") < instant(scope.from_at)).sum(),
        elsewhere=(~_named(action)).sum(),
    ).row(0, named=True)
    return ActionProgress(
        action=action,
        open=state["ledger"] - state["struck_off"],
        rate=_rate(state, scope),
        finish=_finish(ledger, scope, timezone, rule or ProjectionRule()),
        **state,
    )


def action_ledger(
    cases: pl.DataFrame,
    action: SpecialAction,
    *,
    from_on: date,
    until_on: date,
    as_of: datetime,
    timezone: str,
    street_of: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """Return the cases `action_progress` counts, with what became of them as of then.

    Returns
    -------
    polars.DataFrame
        Rows of ``cases``, in order, with ``closed_at`` null where it lies after ``as_of``, and
        ``struck_off`` and ``late`` (open past its deadline), Booleans.
    """
    scope = _scope(action, (from_on, until_on), as_of, ZoneInfo(timezone))
    overdue = (pl.col("due_at") < instant(as_of)).fill_null(value=False)
    return _as_known(_ledger(action_cases(cases, action, street_of), scope), scope).with_columns(
        struck_off=_closed(as_of), late=~_closed(as_of) & overdue
    )


def _scope(
    action: SpecialAction,
    days: tuple[date, date],
    as_of: datetime,
    zone: ZoneInfo,
    version: int | None = None,
) -> Scope:
    return Scope(
        from_at=datetime.combine(days[0], time(), zone),
        until_at=datetime.combine(days[1] + timedelta(days=1), time(), zone),
        as_of=as_of,
        filters=f"action:{action.code}",
        version=version,
    )


def _named(action: SpecialAction) -> pl.Expr:
    offices = [one for one in (action.lead, *action.assisting) if one is not None]
    return pl.col("office").cast(pl.String).is_in(offices).fill_null(value=False)


def _closed(as_of: datetime) -> pl.Expr:
    return (pl.col("closed_at") < instant(as_of)).fill_null(value=False)


def _ledger(cases: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    at, begins = pl.col("reported_at"), instant(scope.from_at)
    carried = (at < begins) & (pl.col("closed_at").is_null() | (pl.col("closed_at") >= begins))
    return cases.filter(((at >= begins) | carried) & (at < instant(scope.end_at)))


def _rate(state: Mapping[str, int], scope: Scope) -> Answer:
    formula = "strike_off_rate"
    if scope.undecided is not None or state["ledger"] == 0:
        reason = scope.undecided or Reason.NO_CASES
        return Withheld(formula=formula, reason=reason, scope=scope)
    limits = share_limits(state["struck_off"], state["ledger"])
    return Value(
        formula=formula,
        value=state["struck_off"] / state["ledger"],
        unit="share",
        numerator=state["struck_off"],
        denominator=state["ledger"],
        n=state["ledger"],
        lower=float(limits.lower),
        upper=float(limits.upper),
        level=LEVEL,
        scope=scope,
    )


def _finish(
    ledger: pl.DataFrame, scope: Scope, timezone: str, rule: ProjectionRule
) -> Projection | Withheld:
    """Project the end from the pace of the last weeks, or say why that cannot be done."""
    waiting = len(ledger.filter(~_closed(scope.as_of)))
    last = (scope.as_of.astimezone(ZoneInfo(timezone)) - timedelta(microseconds=1)).date()
    begun = scope.from_at.astimezone(ZoneInfo(timezone)).date()
    days = min(rule.window_days, (last - begun).days + 1) // _WEEK * _WEEK
    known: dict[str, float | int | str | None] = {"open": waiting, "days": days}
    if waiting == 0 or days < _WEEK:
        none = Reason.NO_CASES if ledger.is_empty() else Reason.ALL_CLOSED
        reason = Reason.TOO_SHORT if waiting else none
        return Withheld(formula="strike_off", reason=reason, scope=scope, known=known)
    flow = daily_flow(
        _as_known(ledger, scope), last - timedelta(days=days - 1), last, timezone=timezone
    )
    out, came = int(flow["outflow"].sum()), int(flow["inflow"].sum())
    if scope.until_at <= scope.as_of:
        came = 0  # the ledger takes no new cases any more
    known |= {"closed": out, "reported": came}
    net = (out - came) / days
    if net <= 0:
        return Withheld(formula="strike_off", reason=Reason.NOT_SHRINKING, scope=scope, known=known)
    if waiting / net > rule.horizon_days:
        return Withheld(formula="strike_off", reason=Reason.TOO_FAR, scope=scope, known=known)
    spread = np.sqrt((out + came) * _flow_dispersion(flow)) / days
    z = float(ndtri(0.5 + rule.level / 2))
    slow, fast = net - z * spread, net + z * spread
    return Projection(
        on=_after(last, waiting / net),
        earliest=_after(last, waiting / fast),
        latest=_after(last, waiting / slow) if slow * rule.horizon_days > waiting else None,
        closed_per_day=out / days,
        reported_per_day=came / days,
        window_days=days,
        rule=rule,
    )


def _as_known(ledger: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Close-outs after ``as_of`` have not happened yet."""
    closed = pl.when(_closed(scope.as_of)).then(pl.col("closed_at"))
    return ledger.with_columns(closed_at=closed)


def _after(last: date, days: float) -> date:
    return last + timedelta(days=int(np.ceil(days)))


def _flow_dispersion(flow: pl.DataFrame) -> float:
    """Scatter of days about their weekday's mean, coming and going together."""
    found = []
    for name in ("inflow", "outflow"):
        table = flow[name].to_numpy().astype(np.float64).reshape(-1, _WEEK)
        found.append((table.ravel(), np.tile(table.mean(axis=0), len(table))))
    counts, expected = (np.concatenate(parts) for parts in zip(*found, strict=True))
    weekdays = int((expected > 0).sum()) * _WEEK // len(flow)
    return dispersion_of(counts, expected, parameters=weekdays)
