"""The week and the day on the page 行动: fixed weekdays 除癣日, staggered shifts 错时上班 (S15)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from dashboard import proof
from dashboard.components import sheet
from dashboard.filters import View
from dashboard.text import Speaker
from geodata.analysis.answers import Scope
from geodata.domain.campaign import SpecialAction
from geodata.domain.period import Period
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.effects.campaign_words import other_kinds, routine_sentences
from geodata.findings.effects.effect import EffectFinding
from geodata.findings.effects.routine import Routine, routine
from geodata.findings.effects.stretches import first_phases
from geodata.wording import numbers
from geodata.wording.reasons import say_reason

_DAYS = 7
_WIDEST = 4.0


def blocks(
    source: Source,
    view: View,
    action: SpecialAction | None,
    finding: EffectFinding | None,
    say: Speaker,
    *,
    wide: bool,
) -> list[sheet.Block]:
    """Weekdays and hours of the action's cases; without an action, of the filtered ones.

    ``wide``: the sentences at the end have a row of their own.
    """
    name = say.name(action) if action else say("campaign_page.all_cases")
    found = routine(source, _counted(view, action), **_stretches(source, finding))
    return [
        _week(source, found, name, say),
        _hours(source, found, name, say),
        _words(source, found, say, span=12 if wide else 6),
    ]


def _counted(view: View, action: SpecialAction | None) -> Selection:
    """Cases meant; in and out of working hours together, so that they can be told apart."""
    if action is None:
        return replace(view.selection, hours="all")
    return Selection(
        categories=frozenset(action.categories) or None,
        streets=frozenset(action.streets) or None,
        channels=view.selection.channels,
    )


def _stretches(source: Source, finding: EffectFinding | None) -> dict[str, Period | None]:
    if finding is not None:
        return {"before": finding.asked.before, "after": finding.asked.after}
    before, after = first_phases(source) or (None, None)
    return {"before": before, "after": after}


def _week(source: Source, found: Routine, name: str, say: Speaker) -> sheet.Block:
    """How busy each weekday is against an ordinary day, with the shares before and after."""
    title = say("campaign_page.week", name=name)
    if found.habit.undecided is not None:
        reason = say_reason(found.habit.undecided, say)
        return sheet.forest([], unit="", domain=(0.0, 1.0), title=title, empty=reason, span=6)
    factors, others = found.habit.factors.head(_DAYS).to_dicts(), other_kinds(found.habit)
    highest = max(min(row["high"] or row["factor"], _WIDEST) for row in (*factors, *others))
    rows = [
        _weekday_row(source, row, change, highest, say)
        for row, change in zip(factors, found.weekdays.to_dicts(), strict=True)
    ]
    rows += [_kind_row(source, row, highest, say) for row in others]
    return sheet.forest(
        rows,
        unit=numbers.unit_of(say, "ratio"),
        domain=(0.0, max(highest, 2.0)),
        reference={"value": 1.0, "label": say("campaign_page.ordinary")},
        title=title,
        note=say("campaign_page.week_note"),
        span=6,
        id="week",
    )


def _weekday_row(
    source: Source,
    row: dict[str, Any],
    change: dict[str, Any],
    highest: float,
    say: Speaker,
) -> sheet.Part:
    name = say(f"weekday.{change['weekday']}")
    shares = {side: numbers.rate(say, change[f"share_{side}"]) for side in ("before", "after")}
    share = say("campaign_page.week_share", **shares)
    note = say("campaign_page.week_shares", **shares)
    return _factor_row(source, row, name, highest, say, n=share, note=note)


def _kind_row(source: Source, row: dict[str, Any], highest: float, say: Speaker) -> sheet.Part:
    """Holidays or market days, with how many there are."""
    days = say("campaign_page.kind_days", days=row["days"])
    code = row["code"]
    return _factor_row(source, row, say(f"campaign_page.{code}"), highest, say, n=days)


def _factor_row(
    source: Source,
    row: dict[str, Any],
    name: str,
    highest: float,
    say: Speaker,
    *,
    n: str,
    note: str = "",
) -> sheet.Part:
    if row["undecided"] is not None:
        return sheet.forest_row(name, say_reason(row["undecided"], say), muted=True, n=n)
    return sheet.forest_row(
        name,
        numbers.decimal(say, row["factor"], 2),
        point=row["factor"],
        lower=row["low"],
        upper=min(row["high"], highest),
        n=n,
        proof=proof.of(
            say,
            formula="baseline_factor",
            value=numbers.ratio(say, row["factor"]),
            n=row["days"],
            interval=numbers.interval(say, row["low"], row["high"], "ratio"),
            scope=source.scope(Selection()),
            note=note,
        ),
    )


def _hours(source: Source, found: Routine, name: str, say: Speaker) -> sheet.Block:
    """Share of each hour before and after; working hours are marked."""
    title = say("campaign_page.hours", name=name)
    hours = found.hours
    axis = sheet.axis("number", hours["hour"].to_list(), say("campaign_page.hour"))
    if not hours["before"].sum() and not hours["after"].sum():
        empty = say("campaign_page.hours_none")
        return sheet.lines(axis, [], unit="", summary=empty, title=title, empty=empty, span=6)
    sides: tuple[tuple[str, Period | None, Literal["calm", "problem"]], ...] = (
        ("before", found.before, "calm"),
        ("after", found.after, "problem"),
    )
    return sheet.lines(
        axis,
        [
            sheet.line(
                _span(period, say),
                hours[side].to_list(),
                tone=tone,
                proof=proof.shared(
                    say, formula="share_of_cases", scope=_scope(source, period, say)
                ),
            )
            for side, period, tone in sides
            if period is not None and hours[side].sum()
        ],
        unit="share",
        summary=_hours_summary(found, say),
        spans=_working(found, say),
        title=title,
        span=6,
        id="hours",
    )


def _scope(source: Source, period: Period, say: Speaker) -> Scope:
    return source.scope(Selection(from_on=period.from_on, until_on=period.until_on), say)


def _span(period: Period, say: Speaker) -> str:
    """Days of a line, as the legend names it."""
    first, last = say.day(period.from_on), say.day(period.until_on)
    return say("proof.span", first=first, last=last)


def _hours_summary(found: Routine, say: Speaker) -> str:
    change = found.out_of_hours
    if change.undecided is not None:
        return say("routine.hours_none", reason=say_reason(change.undecided, say))
    first, second = numbers.rate(say, change.before), numbers.rate(say, change.after)
    return say("campaign_page.hours_summary", first=first, second=second)


def _working(found: Routine, say: Speaker) -> list[sheet.Part]:
    """Runs of working hours as stretches of the axis."""
    hours = [row["hour"] for row in found.hours.iter_rows(named=True) if row["working"]]
    runs: list[list[int]] = []
    for hour in hours:
        if runs and runs[-1][1] == hour:
            runs[-1][1] = hour + 1
        else:
            runs.append([hour, hour + 1])
    label = say("campaign_page.working")
    return [{"from": begin, "until": end, "label": label} for begin, end in runs]


def _behind(source: Source, found: Routine, say: Speaker) -> list[proof.Proof]:
    """What is behind each sentence: the busiest weekday, the one that changed, the hours."""
    _, factor, low, high = found.busiest or (0, None, None, None)
    day = found.weekdays.sort("p", nulls_last=True).row(0, named=True)
    hours = found.out_of_hours
    told: dict[str, tuple[str, str]] = {
        "baseline_factor": (
            numbers.ratio(say, factor), numbers.interval(say, low, high, "ratio")
            if numbers.known(factor) else "",
        ),
        "weekday_effect": (
            numbers.rate(say, day["ratio"]), numbers.interval(say, day["low"], day["high"])
            if numbers.known(day["ratio"]) else "",
        ),
        "share_change": (
            numbers.points(say, hours.change), numbers.interval(say, hours.low, hours.high)
            if numbers.known(hours.low) else "",
        ),
    }  # fmt: skip
    scope = source.scope(Selection(), say)
    return [
        proof.of(say, formula=code, value=value, interval=span, scope=scope)
        for code, (value, span) in told.items()
    ]


def _words(source: Source, found: Routine, say: Speaker, *, span: int) -> sheet.Block:
    told = zip(routine_sentences(found, say), _behind(source, found, say), strict=True)
    return sheet.sentences(
        [sheet.sentence(one.text, tone=one.tone, proof=told) for one, told in told],
        span=span,
        id="routine",
    )
