"""Special actions 专项行动: what is struck off 销号, open or late, and when all will be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import polars as pl

from geodata.analysis.actions import ActionProgress, action_ledger, action_progress
from geodata.analysis.ageing import daily_flow
from geodata.analysis.answers import Answer, Scope, Value, Withheld
from geodata.analysis.building_area import BuildingArea, building_area
from geodata.analysis.intervals import LEVEL, share_limits
from geodata.analysis.reasons import Reason
from geodata.domain.campaign import SpecialAction
from geodata.domain.selection import Selection
from geodata.findings.effects.stretches import action_days
from geodata.findings.source import Source

BUILDING: Final = "illegal_building"
"""Family of illegal building 违法建设; a city that names it otherwise has cases with m² in it."""


@dataclass(frozen=True, kw_only=True)
class ActionDetail:
    """One action's ledger, day by day and by who and where.

    Attributes
    ----------
    days
        ``day``, ``ledger`` and ``struck_off`` (cases so far), ``open``, from the action's first
        day to the data's last.
    offices, streets
        ``office`` or ``street`` (null: on none), ``ledger``, ``struck_off``, ``open``,
        ``overdue``; most open first. Every street of the action has a row.
    """

    action: SpecialAction
    days: pl.DataFrame
    offices: pl.DataFrame
    streets: pl.DataFrame


def actions_of(source: Source, selection: Selection = Selection()) -> tuple[SpecialAction, ...]:  # noqa: B008
    """Actions in which one of the chosen offices, or of those below them, takes part; else all."""
    listed = source.city.actions
    if selection.offices is None:
        return listed
    chosen = source.facts.offices.under(selection.offices)
    return tuple(one for one in listed if chosen & {one.lead, *one.assisting})


def progress(
    source: Source, action: SpecialAction, *, as_of: datetime | None = None
) -> ActionProgress:
    """Where an action stands. Its ledger is its own: no filter cuts it.

    Parameters
    ----------
    as_of
        The moment; the end of the data by default.
    """
    told = _ledger_of(source, action)
    told["as_of"] = as_of or told["as_of"]
    return source.remember(
        ("progress", action.code, told["as_of"]),
        lambda: action_progress(source.cases(), action, **told, version=source.version),
    )


def first_day_of(source: Source, action: SpecialAction) -> date:
    """Return the first day of an action; the record's where no day is planned for it."""
    days = action_days(source, action)
    return days[0] if days else source.facts.first_day


def progress_of_all(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
) -> tuple[ActionProgress, ...]:
    """`progress` of every action of `actions_of`, in the order of the city's file."""
    return tuple(progress(source, one) for one in actions_of(source, selection))


def strike_off(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
) -> Answer:
    """Struck-off rate over the ledgers of `actions_of`; a case in two of them counts once."""
    listed = actions_of(source, selection)
    key = ("strike off", tuple(one.code for one in listed))
    return source.remember(key, lambda: _strike_off(source, listed))


def _strike_off(source: Source, listed: tuple[SpecialAction, ...]) -> Answer:
    scope = Scope(
        from_at=source.midnight(source.facts.first_day),
        until_at=source.facts.as_of,
        as_of=source.facts.as_of,
        version=source.version,
    )
    ledgers = [
        action_ledger(source.cases(), one, **_ledger_of(source, one)).select("key", "struck_off")
        for one in listed
    ]
    cases = pl.concat(ledgers).unique("key") if ledgers else pl.DataFrame()
    if cases.is_empty():
        return Withheld(formula="strike_off_rate", reason=Reason.NO_CASES, scope=scope)
    struck, n = int(cases["struck_off"].sum()), len(cases)
    limits = share_limits(struck, n)
    return Value(
        formula="strike_off_rate", value=struck / n, unit="share", numerator=struck,
        denominator=n, n=n, scope=scope, lower=float(limits.lower), upper=float(limits.upper),
        level=LEVEL,
    )  # fmt: skip


def detail(source: Source, action: SpecialAction) -> ActionDetail:
    """Where an action's cases are open, with whom, and how the ledger grew and was closed."""
    return source.remember(("action detail", action.code), lambda: _detail(source, action))


def _ledger_of(source: Source, action: SpecialAction) -> dict[str, Any]:
    """What both functions of `analysis.actions` are told of an action."""
    first, last = action_days(source, action) or (source.facts.first_day, source.facts.last_day)
    return {
        "from_on": first,
        "until_on": last,
        "as_of": source.facts.as_of,
        "timezone": source.city.timezone,
        "street_of": source.remember("street of segment", lambda: _street_of(source)),
    }


def _street_of(source: Source) -> dict[str, str]:
    return dict(source.facts.segments.select("segment", "street").iter_rows())


def _detail(source: Source, action: SpecialAction) -> ActionDetail:
    told = _ledger_of(source, action)
    ledger = action_ledger(source.cases(), action, **told)
    first, last = told["from_on"], source.facts.last_day
    return ActionDetail(
        action=action,
        days=_by_day(ledger, first, last, source.city.timezone),
        offices=_grouped(ledger, "office", ()),
        streets=_grouped(ledger, "street", action.streets),
    )


def _by_day(ledger: pl.DataFrame, first: date, last: date, timezone: str) -> pl.DataFrame:
    """Opening cases count as in the ledger from the first day on."""
    if last < first:
        kinds = dict.fromkeys(("ledger", "struck_off", "open"), pl.Int64)
        return pl.DataFrame(schema={"day": pl.Date, **kinds})
    flow = daily_flow(ledger, first, last, timezone=timezone)
    eve = flow["backlog"][0] - flow["inflow"][0] + flow["outflow"][0]
    return flow.select(
        "day",
        ledger=eve + pl.col("inflow").cum_sum(),
        struck_off=pl.col("outflow").cum_sum(),
        open=pl.col("backlog"),
    )


def _grouped(ledger: pl.DataFrame, by: str, listed: tuple[str, ...]) -> pl.DataFrame:
    counted = ledger.group_by(pl.col(by).cast(pl.String)).agg(
        ledger=pl.len().cast(pl.Int64),
        struck_off=pl.col("struck_off").sum().cast(pl.Int64),
        overdue=pl.col("late").sum().cast(pl.Int64),
    )
    missing = [name for name in listed if name not in set(counted[by].to_list())]
    zeros = pl.DataFrame({by: missing}, schema={by: pl.String}).with_columns(
        ledger=pl.lit(0, pl.Int64), struck_off=pl.lit(0, pl.Int64), overdue=pl.lit(0, pl.Int64)
    )
    return (
        pl.concat([counted, zeros])
        .with_columns(open=pl.col("ledger") - pl.col("struck_off"))
        .select(by, "ledger", "struck_off", "open", "overdue")
        .sort("open", "ledger", by, descending=[True, True, False])
    )


@dataclass(frozen=True, kw_only=True)
class ZeroGrowth:
    """Illegal building (S16): the campaign so far, and phase by phase.

    Attributes
    ----------
    so_far
        Balance of the campaign's days the data cover; of the whole record without a campaign.
    phases
        Balance of each phase, by code, in order of time.
    """

    so_far: BuildingArea | Withheld
    phases: Mapping[str, BuildingArea | Withheld]


def zero_growth(source: Source, selection: Selection = Selection()) -> ZeroGrowth:  # noqa: B008
    """Square metres of illegal building found and demolished, and whether anything new stands.

    Of the selection only offices, areas, streets and classes are taken over.
    """
    kept = Selection(
        categories=_building_categories(source), offices=selection.offices, role=selection.role,
        areas=selection.areas, streets=selection.streets, street_classes=selection.street_classes,
    )  # fmt: skip
    return source.remember(("zero growth", kept), lambda: _zero_growth(source, kept))


def _building_categories(source: Source) -> frozenset[str]:
    named = {code for code, family in source.city.family_of.items() if family == BUILDING}
    if named:
        return frozenset(named)
    measured = source.facts.frame.filter(pl.col("area_m2") > 0)["category"].cast(pl.String)
    return frozenset(measured.unique())


def _zero_growth(source: Source, kept: Selection) -> ZeroGrowth:
    cases = source.cases(kept)
    campaign, facts = source.city.campaign, source.facts
    spans = {one.code: (one.from_on, one.until_on) for one in campaign.phases} if campaign else {}
    whole = (campaign.from_on, campaign.until_on) if campaign else (facts.first_day, facts.last_day)
    return ZeroGrowth(
        so_far=_balance(source, cases, *whole),
        phases={code: _balance(source, cases, *span) for code, span in spans.items()},
    )


def _balance(
    source: Source, cases: pl.DataFrame, first: date, last: date
) -> BuildingArea | Withheld:
    """Balance of some days; withheld where no case of the whole record has an area."""
    scope = Scope(
        from_at=source.midnight(first),
        until_at=source.midnight(last + timedelta(days=1)),
        as_of=source.facts.as_of,
        version=source.version,
    )
    if cases.is_empty() or cases["area_m2"].null_count() == len(cases):
        reason = Reason.NO_CASES if cases.is_empty() else Reason.NOT_RECORDED
        return Withheld(formula="new_standing_m2", reason=reason, scope=scope)
    return building_area(cases, scope)
