"""Effect and displacement on the page 行动: words, the course week by week, the streets around."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from dashboard import proof
from dashboard.components import sheet
from dashboard.text import Speaker
from dashboard.views.campaign_proofs import (
    filters,
    sentence_proofs,
    street_proof,
    week_proofs,
)
from geodata.domain.campaign import SpecialAction
from geodata.findings import Source
from geodata.findings.effects.effect import EffectFinding
from geodata.findings.effects.effect_words import (
    compared_streets,
    effect_sentences,
    street_names,
)
from geodata.wording import numbers

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
        _course(source, finding, tools, say),
        _around(source, finding, say),
    ]


def _words(
    source: Source,
    finding: EffectFinding,
    name: str,
    say: Speaker,
) -> sheet.Block:
    proofs = sentence_proofs(source, finding, say)
    effect = finding.moved.treated
    return sheet.sentences(
        [
            sheet.sentence(
                one.text, tone=one.tone, proof=next(proofs.get(one.about, iter(())), None)
            )
            for one in effect_sentences(finding, say)
        ],
        title=say("campaign_page.effect", name=name),
        note=compared_streets(effect, say) if effect.compared_with else "",
        span=5,
        id="effect",
    )


def _course(
    source: Source, finding: EffectFinding, tools: list[sheet.Control], say: Speaker
) -> sheet.Block:
    """Treated streets, what was to be expected of them, and those around: seven days a point."""
    weekly, title = finding.weekly, say("campaign_page.course")
    if weekly.is_empty():
        empty = say("campaign_page.course_empty")
        axis = sheet.axis("day", [])
        return sheet.lines(
            axis, [], unit="", summary=empty, title=title, tools=tools, empty=empty, span=7
        )
    told = week_proofs(source, finding, say)
    series = [
        sheet.line(
            say("campaign_page.treated"), weekly["treated"].to_list(), tone="problem",
            proof=told["reported"],
        )
    ]  # fmt: skip
    if finding.undecided is None:
        should = weekly["expected"].to_list()
        name = say("campaign_page.should")
        series.append(sheet.line(name, should, tone="calm", proof=told["expected_cases"]))
    if len(finding.rose):
        names = street_names(tuple(finding.rose["unit"]), say)
        name = say("campaign_page.rose", streets=names)
        rose = weekly["rose"].to_list()
        series.append(sheet.line(name, rose, tone="a", proof=told["reported"]))
    elif finding.around and _comparable(weekly):
        name, around = say("campaign_page.around"), weekly["around"].to_list()
        series.append(sheet.line(name, around, tone="b", proof=told["reported"]))
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
    weekly = {
        side: proof.shared(
            say,
            formula="cases_per_week",
            scope=replace(scope, filters=filters(source, finding, say)),
        )
        for side, scope in (("before", finding.before), ("after", finding.after))
    }
    rows = [
        _street_row(source, finding, row, say) for row in finding.moved.where.iter_rows(named=True)
    ]
    return sheet.table(
        [
            sheet.column(say("campaign_page.street")),
            sheet.column(say("campaign_page.before_week"), "number", proof=weekly["before"]),
            sheet.column(say("campaign_page.after_week"), "number", proof=weekly["after"]),
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


def _street_row(
    source: Source, finding: EffectFinding, row: dict[str, Any], say: Speaker
) -> sheet.Part:
    asked, clear = finding.asked, row["q"] <= _CLEAR
    return sheet.row(
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
                proof=street_proof(source, finding, row, say),
            ),
            sheet.cell(
                say("campaign_page.clear" if clear else "campaign_page.not_clear"),
                value=row["q"],
                tone="strong" if clear else "muted",
            ),
        ]
    )


def _weekly(cases: int, days: int, say: Speaker) -> sheet.Part:
    per_week = cases / days * _WEEK if days else None
    return sheet.cell(numbers.decimal(say, per_week), value=per_week)
