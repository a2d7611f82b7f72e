"""Effect and displacement on the page 行动: words, the course week by week, the streets around."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard import proof
from dashboard.components import sheet
from dashboard.text import Speaker
from geodata.analysis.answers import Scope
from geodata.domain.campaign import SpecialAction
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.effects.effect import EffectFinding
from geodata.findings.effects.effect_words import (
    compared_streets,
    effect_sentences,
    share_of_expected,
    signed,
    street_names,
)
from geodata.wording import numbers
from geodata.wording.selection import describe

_WEEK = 7
_CLEAR = 0.05
_TIMES = 4
"""Streets around with more times the reports would press the treated ones flat."""


def blocks(
    source: Source,
    action: SpecialAction | None,
    finding: EffectFinding | None,
    tools: list[sheet.Control],
    say: Speaker,
) -> list[sheet.Block]:
    """Verdict with its doubts beside its picture, then the streets around."""
    if finding is None:
        return []
    name = say.name(action) if action else say("campaign_page.chosen_streets")
    return [
        _words(source, finding, name, say),
        _course(finding, tools, say),
        _around(source, finding, say),
    ]


def _words(
    source: Source,
    finding: EffectFinding,
    name: str,
    say: Speaker,
) -> sheet.Block:
    evidence = effect_proof(source, finding, say)
    proofs = {"effect": evidence, "balance": _balance_proof(source, finding, say)}
    effect = finding.moved.treated
    return sheet.sentences(
        [
            sheet.sentence(one.text, tone=one.tone, proof=proofs.get(one.about))
            for one in effect_sentences(finding, say)
        ],
        title=say("campaign_page.effect", name=name),
        note=compared_streets(effect, say) if effect.compared_with else "",
        span=5,
        id="effect",
    )


def effect_proof(
    source: Source, finding: EffectFinding, say: Speaker, *, note: str = ""
) -> proof.Proof:
    """Everything behind an effect: counts, interval, p, days, filters."""
    effect = finding.moved.treated
    factor, span = share_of_expected(effect, say)
    counted = effect.counts
    return proof.of(
        say,
        formula="difference_in_differences",
        value=factor,
        n=int(counted["before"].sum()) + int(counted["after"].sum()),
        scope=_scope(source, finding, say),
        interval=span if effect.ratio is not None else "",
        note="\n".join(filter(None, (note, _counts_note(finding, say)))),
    )


def _balance_proof(source: Source, finding: EffectFinding, say: Speaker) -> proof.Proof | None:
    balance = finding.moved.balance
    if balance is None:
        return None
    low, high = (signed(say, end) for end in (balance.low, balance.high))
    return proof.of(
        say,
        formula="displacement",
        value=signed(say, balance.cases),
        scope=_scope(source, finding, say),
        interval=say("proof.span", first=low, last=high),
    )


def _counts_note(finding: EffectFinding, say: Speaker) -> str:
    effect = finding.moved.treated
    treated, other = effect.counts.select("before", "after").rows()
    days = effect.counts.select("before_days", "after_days").row(0)
    parts = [
        say(
            "campaign_page.counts_note",
            treated_before=numbers.count(say, treated[0]),
            treated_after=numbers.count(say, treated[1]),
            other_before=numbers.count(say, other[0]),
            other_after=numbers.count(say, other[1]),
            before=days[0],
            after=days[1],
        )
    ]
    if effect.varies_by is not None:
        parts.append(say(f"campaign_page.varies_{effect.varies_by}"))
    if effect.p is not None:
        p = numbers.chance(say, effect.p)
        alone = say("campaign_page.effect_p_alone", p=p)
        q = numbers.chance(say, finding.q)
        parts.append(alone if finding.q is None else say("campaign_page.effect_p", p=p, q=q))
    return "\n".join(parts)


def _scope(source: Source, finding: EffectFinding, say: Speaker) -> Scope:
    """Both stretches as one period, and the cases counted in words."""
    asked = finding.asked
    counted = Selection(
        categories=asked.cases.categories, channels=asked.cases.channels, hours=asked.cases.hours
    )
    return Scope(
        from_at=finding.before.from_at,
        until_at=max(finding.after.until_at, finding.before.until_at),
        as_of=finding.after.as_of,
        filters=describe(source.city, source.facts, counted, say),
        version=finding.after.version,
    )


def _course(finding: EffectFinding, tools: list[sheet.Control], say: Speaker) -> sheet.Block:
    """Treated streets, what was to be expected of them, and those around: seven days a point."""
    weekly, title = finding.weekly, say("campaign_page.course")
    if weekly.is_empty():
        empty = say("campaign_page.course_empty")
        axis = sheet.axis("day", [])
        return sheet.lines(
            axis, [], unit="", summary=empty, title=title, tools=tools, empty=empty, span=7
        )
    series = [
        sheet.line(say("campaign_page.treated"), weekly["treated"].to_list(), tone="problem"),
    ]
    if finding.undecided is None:
        should = weekly["expected"].to_list()
        series.append(sheet.line(say("campaign_page.should"), should, tone="calm"))
    if len(finding.rose):
        names = street_names(tuple(finding.rose["unit"]), say)
        name = say("campaign_page.rose", streets=names)
        series.append(sheet.line(name, weekly["rose"].to_list(), tone="a"))
    elif finding.around and _comparable(weekly):
        around = weekly["around"].to_list()
        series.append(sheet.line(say("campaign_page.around"), around, tone="b"))
    return sheet.lines(
        sheet.axis("day", weekly["from_on"].to_list()),
        series,
        unit=numbers.unit_of(say, "cases"),
        summary=_course_words(finding, say),
        spans=_spans(finding, say),
        title=title,
        tools=tools,
        span=7,
        id="course",
    )


def _comparable(weekly: pl.DataFrame) -> bool:
    """Whether the streets around fit on the scale of the treated ones."""
    highest = weekly.select(pl.col("treated", "around").max()).row(0)
    return bool(highest[1] <= _TIMES * max(highest[0], 1))


def _course_words(finding: EffectFinding, say: Speaker) -> str:
    after, weekly = finding.asked.after, finding.weekly
    held = (
        weekly.filter(weekly["from_on"].is_between(after.from_on, after.until_on))
        if after
        else weekly
    )
    treated = numbers.decimal(say, held["treated"].mean())  # type: ignore[arg-type]
    should = held["expected"].mean()
    if should is None:
        return say("campaign_page.course_short", treated=treated)
    expected = numbers.decimal(say, should)  # type: ignore[arg-type]
    return say("campaign_page.course_summary", weeks=len(held), treated=treated, should=expected)


def _spans(finding: EffectFinding, say: Speaker) -> list[sheet.Part]:
    stretches = (("before", finding.asked.before), ("after", finding.asked.after))
    return [
        {
            "from": one.from_on.isoformat(),
            "until": one.until_on.isoformat(),
            "label": say(f"effect.{side}"),
        }
        for side, one in stretches
        if one is not None
    ]


def _around(source: Source, finding: EffectFinding, say: Speaker) -> sheet.Block:
    """Each street around against streets like it, the clearest rise first."""
    where, asked = finding.moved.where, finding.asked
    rows = [
        sheet.row(
            [
                row["unit"],
                _weekly(row["before"], asked.before.days if asked.before else 0, say),
                _weekly(row["after"], asked.after.days if asked.after else 0, say),
                sheet.interval(
                    numbers.rate(say, row["ratio"]),
                    lower=row["low"],
                    upper=row["high"],
                    point=row["ratio"],
                    reference=1.0,
                    proof=_street_proof(source, finding, row, say),
                ),
                sheet.cell(
                    say("campaign_page.clear")
                    if row["q"] <= _CLEAR
                    else say("campaign_page.not_clear"),
                    value=row["q"],
                    tone="strong" if row["q"] <= _CLEAR else "muted",
                ),
            ]
        )
        for row in where.iter_rows(named=True)
    ]
    return sheet.table(
        [
            sheet.column(say("campaign_page.street")),
            sheet.column(say("campaign_page.before_week"), "number"),
            sheet.column(say("campaign_page.after_week"), "number"),
            sheet.column(
                say("campaign_page.against"), "interval", domain=(0.0, 4.0), reference=1.0
            ),
            sheet.column(say("campaign_page.outcome")),
        ],
        rows,
        first=5,
        title=say("campaign_page.where"),
        note=say("campaign_page.where_note") if rows else "",
        empty="" if rows else say("campaign_page.where_none"),
        id="where",
    )


def _street_proof(
    source: Source, finding: EffectFinding, row: dict[str, Any], say: Speaker
) -> proof.Proof:
    counts = {side: numbers.count(say, row[side]) for side in ("before", "after")}
    p, q = (numbers.chance(say, row[name]) for name in ("p", "q"))
    told = (
        say("campaign_page.from_to", first=counts["before"], second=counts["after"]),
        say("campaign_page.effect_p", p=p, q=q),
    )
    return proof.of(
        say,
        formula="difference_in_differences",
        value=numbers.rate(say, row["ratio"]),
        n=row["before"] + row["after"],
        scope=_scope(source, finding, say),
        interval=numbers.interval(say, row["low"], row["high"]),
        note="\n".join(told),
    )


def _weekly(cases: int, days: int, say: Speaker) -> sheet.Part:
    per_week = cases / days * _WEEK if days else None
    return sheet.cell(numbers.decimal(say, per_week), value=per_week)
