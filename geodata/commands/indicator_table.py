"""The answer of ``indicators``: a table for the terminal, or a record for a program."""

from __future__ import annotations

from typing import Any

import polars as pl

from geodata.analysis.answers import PARTS, Answer, Value
from geodata.commands.columns import aligned
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.changes import Change, change_of
from geodata.findings.judging.indicator_sentences import caveats, change_words, period_words, versus
from geodata.findings.judging.indicators import IndicatorSet, lifecycles
from geodata.wording import Words, numbers
from geodata.wording.formulas import name_of
from geodata.wording.reasons import say_reason
from geodata.wording.units import unit_names

KEY_RATES = ("reported", "due", "closed_on_time", "overdue_open", "on_time_rate", "closure_rate",
             "return_rate")  # fmt: skip
"""What the table by office, area … shows of each; the record holds all."""


def as_record(source: Source, selection: Selection, found: IndicatorSet) -> dict[str, Any]:
    """Everything, with what the numbers speak of."""
    cases = lifecycles(source, selection)
    before = found.before_period
    return {
        "about": {
            "city": source.city.name,
            "made_up": source.city.made_up,
            "version": found.scope.version,
            "as_of": source.facts.as_of.isoformat(),
            "period": found.period.code,
            "from_on": found.period.from_on.isoformat(),
            "until_on": found.period.until_on.isoformat(),
            "days_covered": found.days,
            "before": None if before is None else before.code,
            "filters": found.scope.filters,
            "without_channels": list(found.scope.without_channels),
        },
        "indicators": [
            row | {"change": _change_record(change_of(found, row["formula"], cases))}
            for row in found.whole.select(*PARTS).to_dicts()
        ],
        "by": found.by,
        "groups": [] if found.groups is None else _groups(found),
    }


def _groups(found: IndicatorSet) -> list[dict[str, Any]]:
    if found.groups is None or found.by is None:
        return []
    return found.groups.select(pl.col(found.by).alias("code"), *PARTS).to_dicts()


def _change_record(change: object) -> dict[str, Any] | None:
    if not isinstance(change, Change):
        return None
    names = ("kind", "size", "lower", "upper", "certain", "direction", "verdict")
    return {"before": change.before.value} | {name: getattr(change, name) for name in names}


def in_words(source: Source, selection: Selection, found: IndicatorSet, say: Words) -> str:
    """Tables with headings; what there is no number for is said under them."""
    period = found.period
    lines = [
        say("indicator.title", city=say.name(source.city)),
        period_words(found.scope, period.from_on, period.until_on, say),
        versus(found, say),
        *caveats(source, selection, say, without_patrol=bool(found.scope.without_channels)),
        "",
        _whole(source, selection, found, say),
    ]
    if found.groups is not None and found.by is not None:
        lines += ["", _by_group(source, found, found.by, say)]
    return "\n".join(lines)


def _whole(source: Source, selection: Selection, found: IndicatorSet, say: Words) -> str:
    cases = lifecycles(source, selection)
    heading = [
        say(f"indicator.{name}") for name in ("name", "value", "parts", "interval", "change")
    ]
    rows: list[list[str]] = []
    refused: dict[str, list[str]] = {}
    for code in found.whole["formula"]:
        answer = found.answer(code)
        if not isinstance(answer, Value):
            refused.setdefault(answer.reason, []).append(name_of(code, say))
            continue
        changed = change_words(change_of(found, code, cases), say)
        rows.append([name_of(code, say), *_numbers(answer, say), changed])
    told = [
        f"{say('filter.between_names').join(names)}: {say_reason(reason, say)}"
        for reason, names in refused.items()
    ]
    table = [aligned(heading, rows)] if rows else []
    return "\n".join([*table, *([""] if told and table else []), *told])


def _numbers(answer: Value, say: Words) -> list[str]:
    parts = span = ""
    if answer.denominator is not None and answer.unit == "share":
        parts = numbers.fraction(say, answer.numerator, answer.denominator)
        span = numbers.interval(say, answer.lower, answer.upper)
    return [numbers.amount(say, answer.value, answer.unit), parts, span]


def _by_group(source: Source, found: IndicatorSet, by: str, say: Words) -> str:
    names = unit_names(source.city, source.facts, by, say)
    reported = found.groups.filter(formula="reported") if found.groups is not None else None
    codes: pl.Series | list[str] = (
        [] if reported is None else reported.sort("value", descending=True, nulls_last=True)[by]
    )
    rows = [
        [names.get(code, code), *(_short(found.of(code, one), say) for one in KEY_RATES)]
        for code in codes
    ]
    return aligned([say(f"standing.by_{by}"), *(name_of(one, say) for one in KEY_RATES)], rows)


def _short(answer: Answer, say: Words) -> str:
    if not isinstance(answer, Value):
        return say("indicator.none")
    return numbers.amount(say, answer.value, answer.unit)
