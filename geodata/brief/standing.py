"""Offices with their intervals, and the special actions against their targets."""

from __future__ import annotations

from typing import Any

from geodata.analysis.actions import ActionProgress, Projection
from geodata.analysis.answers import Value, Withheld
from geodata.analysis.ranking import RankRule
from geodata.analysis.reasons import Reason
from geodata.brief.phrases import Phrases
from geodata.brief.tables import heading, number, text
from geodata.domain.campaign import SpecialAction
from geodata.press.content import Cell, OfficeRow, Offices, Table
from geodata.wording.numbers import count, ranks, rate
from geodata.wording.reasons import say_reason


def offices(words: Phrases) -> Offices:
    """Offices by on-time rate, ranked among all; below the minimum they are listed without a rank.

    Where the pack is of single offices only their rows are told: the rest is not its subject.
    """
    say, ranking = words.say, words.found.offices
    title = say("brief.table.offices", span=_ranked_span(words))
    names = ("rank", "office", "on_time", "interval", "shrunk", "possible", "overdue")
    headings = tuple(column.name for column in heading(words, *names))
    if isinstance(ranking, Withheld):
        return Offices(
            title=title, headings=headings, rows=(), note="", empty=say_reason(ranking.reason, say)
        )
    meant = _meant(words)
    overdue = dict(words.found.late.by_office.select("office", "overdue").iter_rows())
    rows = tuple(
        _office(words, row, overdue.get(row["unit"], 0))
        for row in ranking.table.iter_rows(named=True)
        if meant is None or row["unit"] in meant
    )
    drawn = [row for row in rows if row.lower is not None]
    return Offices(
        title=title,
        headings=headings,
        rows=rows,
        note=say(
            "brief.table.offices_note", whole=rate(say, ranking.whole), least=ranking.rule.least_n
        ),
        whole=ranking.whole,
        domain=_domain([row.lower or 0.0 for row in drawn], [row.upper or 1.0 for row in drawn]),
        empty=say_reason(Reason.NONE_DUE, say),
    )


def _meant(words: Phrases) -> frozenset[str] | None:
    """Offices of the selection with all below them; None for all."""
    chosen = words.both.selection.offices
    return None if chosen is None else frozenset(words.source.city.offices.under(chosen))


def _domain(lower: list[float], upper: list[float]) -> tuple[float, float]:
    """Tenths that hold every interval."""
    if not lower:
        return 0.0, 1.0
    return max(0.0, int(min(lower) * 10) / 10), min(1.0, (int(max(upper) * 10 - 1e-9) + 1) / 10)


def _ranked_span(words: Phrases) -> str:
    scope, both = words.found.offices_scope, words.both
    if scope.from_at == both.scope.from_at:
        return words.say("brief.table.whole_period", now=words.now)
    period = words.found.standings.period
    first, last = words.day(period.from_on), words.day(period.until_on)
    return words.say("brief.table.last_days", n=period.days, first=first, last=last)


def _office(words: Phrases, row: dict[str, Any], overdue: int) -> OfficeRow:
    say, ranked = words.say, row["rank"] is not None
    drawn = row["n"] > 0
    return OfficeRow(
        name=words.office(row["unit"]),
        rank=str(row["rank"]) if ranked else words.none,
        possible=ranks(say, row["rank_best"], row["rank_worst"]) if ranked else words.none,
        parts=say(
            "brief.of", part=count(say, row["numerator"]), whole=count(say, row["denominator"])
        ),
        text=rate(say, row["shrunk"]) if ranked else say("brief.action.not_ranked"),
        overdue=overdue,
        muted=not ranked,
        below=bool(ranked and row["worse_than_whole"]),
        shrunk=row["shrunk"] if drawn else None,
        lower=row["lower"] if drawn else None,
        upper=row["upper"] if drawn else None,
        raw=row["raw"] if drawn else None,
    )


def rank_rule(words: Phrases) -> RankRule:
    """Rule the offices were ranked by."""
    return words.found.standings.rule


def targets(words: Phrases) -> Table:
    """Progress of every special action, in the order the city lists them."""
    say = words.say
    begun = [_action(words, one) for one in words.found.actions]
    waiting = [_not_begun(words, one) for one in words.found.not_begun]
    return Table(
        code="targets",
        title=say("brief.table.targets"),
        columns=tuple(
            heading(words, "action", "office", "ledger:number", "struck_off:number", "rate:number",
                    "open:number", "overdue:number", "finish")
        ),
        rows=tuple(begun + waiting),
        empty=say("brief.table.no_actions"),
    )  # fmt: skip


def _action(words: Phrases, one: ActionProgress) -> tuple[Cell, ...]:
    say, done = words.say, one.rate
    value = done.value if isinstance(done, Value) else None
    return (
        text(say.name(one.action)),
        text(words.office(one.action.lead)),
        number(words, one.ledger),
        number(words, one.struck_off),
        Cell(text=rate(say, value), value=value),
        number(words, one.open),
        number(words, one.overdue, "worse" if one.overdue else "none"),
        text(_finish(words, one.finish)),
    )


def _finish(words: Phrases, finish: Projection | Withheld) -> str:
    if isinstance(finish, Projection):
        year = finish.on.year != words.both.last_on.year
        return words.say("brief.action.by", day=words.say.day(finish.on, year=year))
    if finish.reason is Reason.ALL_CLOSED:
        return words.say("brief.action.done")
    return say_reason(finish.reason, words.say)


def _not_begun(words: Phrases, action: SpecialAction) -> tuple[Cell, ...]:
    blank = text(words.none)
    return (
        text(words.say.name(action)),
        text(words.office(action.lead)),
        *([blank] * 5),
        text(words.say("brief.action.not_begun")),
    )
