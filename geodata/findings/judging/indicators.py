"""The standard indicators of a selection: now, before, by office, area, category or channel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from geodata.analysis.ageing import (
    AgeingRule,
    TimeToClose,
    ageing_bands,
    closing_quantiles,
    daily_flow,
    open_at,
    time_to_close,
)
from geodata.analysis.answers import Answer, Scope, Withheld, answers_of
from geodata.analysis.groups import with_label
from geodata.analysis.indicators import indicators
from geodata.analysis.reasons import Reason
from geodata.analysis.repeats import RepeatRule, with_repeats
from geodata.domain.period import Period
from geodata.domain.selection import Selection
from geodata.findings.periods import covered_days, earlier, period_chosen, scope_of, timeless
from geodata.findings.source import Source
from geodata.wording import Words

GROUPS: Final = ("office", "area", "top_area", "street", "category", "family", "channel")
"""What indicators can be told apart by; ``top_area`` is the area's highest level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorSet:
    """The standard set for one period and the one before it.

    Attributes
    ----------
    period, before_period
        Days spoken of; ``before_period`` is None where the record does not reach back.
    whole, before
        Tables of `analysis.indicators.indicators` without groups.
    groups, before_groups
        The same by ``by``; None without it.
    days, before_days
        Days of each period that the record covers, for counts per day.
    """

    scope: Scope
    period: Period
    whole: pl.DataFrame
    days: int
    by: str | None = None
    groups: pl.DataFrame | None = None
    before_scope: Scope | None = None
    before_period: Period | None = None
    before: pl.DataFrame | None = None
    before_groups: pl.DataFrame | None = None
    before_days: int = 0

    def answer(self, formula: str) -> Answer:
        """Return one number of the whole selection.

        Raises
        ------
        KeyError
            It is no standard indicator.
        """
        return _one(self.whole, formula, self.scope)

    def answer_before(self, formula: str) -> Answer:
        """Return the same number in the period before."""
        if self.before is None or self.before_scope is None:
            return Withheld(formula=formula, reason=Reason.NO_CASES, scope=self.scope)
        return _one(self.before, formula, self.before_scope)

    def of(self, unit: str, formula: str) -> Answer:
        """Return one number of one group; no case where the group does not occur."""
        return self._of(self.groups, self.scope, unit, formula)

    def of_before(self, unit: str, formula: str) -> Answer:
        """Return one number of one group in the period before."""
        return self._of(self.before_groups, self.before_scope or self.scope, unit, formula)

    def _of(self, table: pl.DataFrame | None, scope: Scope, unit: str, formula: str) -> Answer:
        if table is not None and self.by is not None:
            rows = table.filter(pl.col(self.by) == unit, pl.col("formula") == formula)
            if len(rows):
                return answers_of(rows, scope)[0]
        return Withheld(formula=formula, reason=Reason.NO_CASES, scope=scope)


def _one(table: pl.DataFrame, formula: str, scope: Scope) -> Answer:
    rows = table.filter(formula=formula)
    if rows.is_empty():
        raise KeyError(formula)
    return answers_of(rows, scope)[0]


def indicator_set(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    period: Period | None = None,
    by: str | None = None,
    without_patrol: bool = False,
    say: Words | None = None,
) -> IndicatorSet:
    """Compute the standard indicators of a selection.

    Parameters
    ----------
    period
        The days; those of the selection by default. Statuses of the selection are not used.
    by
        One of `GROUPS`.
    without_patrol
        Leave out what the city's own people found (S11).
    """
    period = period or period_chosen(source, selection)
    language = "" if say is None else say.language
    key = ("indicators", timeless(selection), period, by, without_patrol, language)
    return source.remember(
        key, lambda: _set(source, selection, period, by, without_patrol=without_patrol, say=say)
    )


def _set(
    source: Source,
    selection: Selection,
    period: Period,
    by: str | None,
    *,
    without_patrol: bool,
    say: Words | None,
) -> IndicatorSet:
    cases = lifecycles(source, selection)
    scope = scope_of(source, selection, period, say, without_patrol=without_patrol)
    before = earlier(source, period)
    found = IndicatorSet(
        scope=scope,
        period=period,
        whole=table_of(source, cases, scope, period),
        days=covered_days(source, period),
        by=by,
        groups=None if by is None else table_of(source, cases, scope, period, by),
    )
    if before is None:
        return found
    past = scope_of(source, selection, before, say, without_patrol=without_patrol)
    return replace(
        found,
        before_scope=past,
        before_period=before,
        before=table_of(source, cases, past, before),
        before_groups=None if by is None else table_of(source, cases, past, before, by),
        before_days=covered_days(source, before),
    )


def table_of(
    source: Source, cases: pl.DataFrame, scope: Scope, period: Period, by: str | None = None
) -> pl.DataFrame:
    """Indicators of `lifecycles`; a period that ends before the record begins holds no case."""
    held = cases if period.until_on >= source.facts.first_day else cases.clear()
    return indicators(
        held,
        scope,
        by=() if by is None else (by,),
        calendar=source.city.calendar,
        timezone=source.city.timezone,
    )


def lifecycles(source: Source, selection: Selection = Selection()) -> pl.DataFrame:  # noqa: B008
    """Every case of a selection at any time, with ``repeated``, ``family`` and ``top_area``.

    Repeat reports are looked for among all cases of the city, whatever is selected.
    """
    chosen = timeless(selection)
    everything = source.remember("lifecycles", lambda: _lifecycles(source))
    if chosen == Selection():
        return everything
    keys = source.facts.frame.select("key").filter(pl.Series(source.keep(chosen)))
    return everything.join(keys, on="key", how="semi")


def _lifecycles(source: Source) -> pl.DataFrame:
    cases = source.cases()
    known = pl.when(pl.col("category") != "unmapped").then("category")
    marked = with_repeats(cases.with_columns(category=known), RepeatRule())
    whole = cases.with_columns(marked["repeated"])
    whole = with_label(whole, "family", "category", source.city.family_of)
    return with_label(whole, "top_area", "area", top_areas(source))


def top_areas(source: Source) -> dict[str, str]:
    """Highest level of every area."""
    areas = source.facts.areas
    return {code: top.code for top in areas.children(None) for code in areas.under([top.code])}


def units_with_levels(source: Source) -> bool:
    """Whether areas contain areas, so that ``top_area`` differs from ``area``."""
    return any(node.parent is not None for node in source.facts.areas)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What is open, how old it is, and how long closing takes.

    "Open" is open at ``scope.end_at``, the end of the part of the period that the data cover.

    Attributes
    ----------
    waiting
        Cases open then, with ``age_days``.
    closed_later
        How many of them were closed since: the record knows, the period could not.
    bands
        `ageing_bands`: by ``by``, or of the whole.
    flow
        `daily_flow` of the whole, day by day of the period; empty where it holds no day.
    closing
        Days from report to close-out of the cases reported in the period, open ones included.
    quantiles
        `closing_quantiles` by ``by``; None without it.
    """

    scope: Scope
    period: Period
    waiting: pl.DataFrame
    closed_later: int
    bands: pl.DataFrame
    flow: pl.DataFrame
    closing: TimeToClose | Withheld
    rule: AgeingRule
    quantiles: pl.DataFrame | None = None


def backlog(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    period: Period | None = None,
    by: str | None = None,
    rule: AgeingRule | None = None,
    without_patrol: bool = False,
    say: Words | None = None,
) -> Backlog:
    """How old the open cases are, what came and went each day, and how long closing takes.

    Parameters as for `indicator_set`.
    """
    period = period or period_chosen(source, selection)
    rule = rule or AgeingRule()
    language = "" if say is None else say.language
    key = ("backlog", timeless(selection), period, by, rule, without_patrol, language)

    def compute() -> Backlog:
        scope = scope_of(source, selection, period, say, without_patrol=without_patrol)
        cases = scope.leaves(lifecycles(source, selection))
        return _backlog(source, cases, scope, period, by=by, rule=rule)

    return source.remember(key, compute)


def _backlog(
    source: Source,
    cases: pl.DataFrame,
    scope: Scope,
    period: Period,
    *,
    by: str | None,
    rule: AgeingRule,
) -> Backlog:
    groups = () if by is None else (by,)
    first = max(period.from_on, source.facts.first_day)
    last = min(period.until_on, source.facts.last_day)
    flow = daily_flow(cases, first, max(first, last), timezone=source.city.timezone)
    waiting = open_at(cases, scope.end_at)
    return Backlog(
        scope=scope,
        period=period,
        waiting=waiting,
        closed_later=waiting["closed_at"].count(),
        bands=ageing_bands(cases, as_of=scope.end_at, rule=rule, by=groups),
        flow=flow if first <= last else flow.clear(),
        closing=time_to_close(cases, scope),
        rule=rule,
        quantiles=None if by is None else closing_quantiles(cases, scope, groups),
    )
