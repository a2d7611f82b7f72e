"""The five numbers leaders ask for, each with the period before and whether it really changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from geodata.analysis.answers import Answer, Scope, Value, Withheld, answers_of
from geodata.analysis.hotspots import HotSpots
from geodata.analysis.indicators import indicators
from geodata.analysis.intervals import rate_ratios, share_difference_limits
from geodata.analysis.reasons import Reason
from geodata.analysis.rebound import DEFAULT_RULE, FollowUps, ReboundRule, follow_ups
from geodata.analysis.rebound_cases import cases_of_facts
from geodata.analysis.rebound_rates import compare_rates, rebound_rates
from geodata.domain.selection import Selection
from geodata.findings.summing_up.compared import (
    Compared,
    Direction,
    Shift,
    direction_of,
    total_dispersion,
    verdict_of,
)

ALPHA: Final = 0.05
REPORTED, ON_TIME, OVERDUE = "reported", "on_time_rate", "overdue_stock"
REBOUND, HOT = "rebound_rate", "hot_cells"
HOT_FORMULA: Final = "hotspots"


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One number, the same number one period earlier, and the change between them."""

    code: str
    now: Answer
    before: Answer | None
    shift: Shift


def standard_headlines(compared: Compared) -> tuple[Headline, Headline, Headline]:
    """受理, 按期结案率 and 积存超期 of the period, as they stood when it ended."""
    now = standard_answers(compared, compared.scope)
    if compared.period.until_on < compared.source.facts.first_day:
        now = {code: _unknown(code, compared.scope) for code in now}
    before = standard_answers(compared, compared.scope_before) if compared.before else {}
    dispersion = total_dispersion(compared)
    return (
        _counted(REPORTED, now[REPORTED], before.get(REPORTED), compared, dispersion),
        _shared(ON_TIME, now[ON_TIME], before.get(ON_TIME), good="up"),
        _stocked(OVERDUE, now[OVERDUE], before.get(OVERDUE)),
    )


def standard_answers(compared: Compared, scope: Scope) -> dict[str, Answer]:
    """Answer every standard indicator of the selection within a scope, by formula."""

    def compute() -> dict[str, Answer]:
        cases = compared.cases()
        table = indicators(cases.with_columns(repeated=pl.lit(None, pl.Boolean)), scope)
        return {one.formula: one for one in answers_of(table, scope)}

    key = ("standard", compared.selection, scope.from_at, scope.until_at, scope.filters)
    return compared.source.remember(key, compute)


def _unknown(code: str, scope: Scope) -> Answer:
    """Before the first report nothing is known; that is no zero."""
    return Withheld(formula=code, reason=scope.undecided or Reason.NO_CASES, scope=scope)


def _counted(
    code: str,
    now: Answer,
    before: Answer | None,
    compared: Compared,
    dispersion: float | None,
) -> Headline:
    """A count over days, without a verdict: tested against how much totals vary anyway.

    Weekdays, holidays and market days are taken out of the test, not of the number.
    """
    if not isinstance(now, Value) or not isinstance(before, Value):
        return Headline(code=code, now=now, before=before, shift=Shift())
    days, earlier = compared.days, compared.days_before
    difference = now.value - before.value
    if compared.per_day:
        difference = now.value / days - before.value / earlier
    beyond = None
    if dispersion is not None:
        then, length = compared.lengths
        found = rate_ratios(before.value, then, now.value, length, dispersion=dispersion)
        beyond = bool(found.p < ALPHA)
    shift = Shift(
        difference=difference,
        direction=direction_of(difference),
        verdict="none",
        beyond=beyond,
        per_day=compared.per_day,
    )
    return Headline(code=code, now=now, before=before, shift=shift)


def _shared(code: str, now: Answer, before: Answer | None, *, good: Direction) -> Headline:
    """A share: tested by the interval of the difference of two shares (Newcombe)."""
    if not isinstance(now, Value) or not isinstance(before, Value):
        return Headline(code=code, now=now, before=before, shift=Shift())
    difference = now.value - before.value
    lower, upper = share_difference_limits(
        before.numerator, before.denominator or 0, now.numerator, now.denominator or 0
    )
    return _told(code, now, before, difference, beyond=lower > 0 or upper < 0, good=good)


def _stocked(code: str, now: Answer, before: Answer | None) -> Headline:
    """A stock at the end of a period: tested as two counts, 5 % two-sided."""
    if not isinstance(now, Value) or not isinstance(before, Value):
        return Headline(code=code, now=now, before=before, shift=Shift())
    beyond = bool(rate_ratios(before.value, 1.0, now.value, 1.0).p < ALPHA)
    return _told(code, now, before, now.value - before.value, beyond=beyond, good="down")


def _told(
    code: str,
    now: Answer,
    before: Answer,
    difference: float,
    *,
    beyond: bool | None,
    good: Direction,
) -> Headline:
    shift = Shift(
        difference=difference,
        direction=direction_of(difference),
        verdict=verdict_of(difference, beyond=beyond, good=good),
        beyond=beyond,
    )
    return Headline(code=code, now=now, before=before, shift=shift)


def followed(compared: Compared, rule: ReboundRule = DEFAULT_RULE) -> FollowUps:
    """Tell what came back on the close-outs of a selection, as known when the period ended.

    Reports of every case are looked at, whatever the selection: it says whose close-outs.
    """
    source, end = compared.source, compared.last_on

    def compute() -> FollowUps:
        every = np.ones(len(source.facts), dtype=bool)
        return follow_ups(cases_of_facts(source.facts, every, rule), end, rule)

    found = source.remember(("followed", end, rule), compute)
    if not compared.selection.restrictions():
        return found
    meant = source.facts.frame["key"].filter(compared.flags(compared.selection))
    return found.only(pl.col("case").is_in(meant.implode()))


def rebound_headline(compared: Compared, rule: ReboundRule = DEFAULT_RULE) -> Headline:
    """Share of the close-outs whose window of N days ended in the period that came back in it."""
    every = followed(compared, rule)
    now = every.only(watched_in(compared.now, rule))
    answer = rebound_answer(now, compared.scope)
    if compared.before is None:
        return Headline(code=REBOUND, now=answer, before=None, shift=Shift())
    earlier = every.only(watched_in(compared.before, rule))
    before = rebound_answer(earlier, compared.scope_before)
    if not isinstance(answer, Value) or not isinstance(before, Value):
        return Headline(code=REBOUND, now=answer, before=before, shift=Shift())
    change = compare_rates(earlier, now)
    beyond = None if change.p is None else change.p < ALPHA
    difference = answer.value - before.value
    return _told(REBOUND, answer, before, difference, beyond=beyond, good="down")


def watched_in(selection: Selection, rule: ReboundRule) -> pl.Expr:
    """Close-outs whose follow-up window ended on one of the selection's days."""
    ended = pl.col("closed") + pl.duration(days=rule.within_days)
    return ended.is_between(pl.lit(selection.from_on), pl.lit(selection.until_on))


def rebound_answer(found: FollowUps, scope: Scope) -> Answer:
    """Share of these close-outs that came back."""
    rates = rebound_rates(found)
    reason = scope.undecided or rates.undecided
    if reason is not None or rates.table.is_empty():
        known = {"closed": len(found.table)}
        none = reason or Reason.NO_CLOSED_CASES
        return Withheld(formula=REBOUND, reason=none, scope=scope, known=known)
    row = rates.table.row(0, named=True)
    return Value(
        formula=REBOUND,
        value=row["rate"],
        unit="share",
        numerator=row["rebounds"],
        denominator=row["followed"],
        n=row["followed"],
        lower=row["low"],
        upper=row["high"],
        level=rates.confidence,
        scope=scope,
    )


def hot_headline(compared: Compared, now: HotSpots, before: HotSpots | None) -> Headline:
    """How many cells are significant hot spots, of those tested."""
    answer = hot_answer(now, compared.scope)
    earlier = None if before is None else hot_answer(before, compared.scope_before)
    if not isinstance(answer, Value) or not isinstance(earlier, Value):
        return Headline(code=HOT, now=answer, before=earlier, shift=Shift())
    difference = answer.value - earlier.value
    shift = Shift(difference=difference, direction=direction_of(difference))
    return Headline(code=HOT, now=answer, before=earlier, shift=shift)


def hot_answer(spots: HotSpots, scope: Scope) -> Answer:
    """How many of the tested cells are significant hot spots."""
    reason = scope.undecided or spots.undecided
    if reason is not None:
        return Withheld(formula=HOT_FORMULA, reason=reason, scope=scope, known={"n": spots.n})
    hot = int((spots.cells["spot"] > 0).sum())
    return Value(
        formula=HOT_FORMULA, value=hot, unit="cells", numerator=hot, denominator=spots.n, n=spots.n,
        scope=scope,
    )  # fmt: skip
