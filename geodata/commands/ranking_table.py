"""The answer of ``ranking``: a table for the terminal, or a record for a program."""

from __future__ import annotations

from typing import Any

from geodata.analysis.answers import Withheld
from geodata.commands.columns import aligned
from geodata.findings import Source
from geodata.findings.judging.indicator_sentences import (
    excess_words,
    named_words,
    period_words,
    rate_words,
    rule_words,
    undecided_words,
    whole_words,
)
from geodata.findings.judging.offices import Standings
from geodata.wording import Words, numbers
from geodata.wording.formulas import name_of
from geodata.wording.units import unit_names


def as_record(found: Standings) -> dict[str, Any]:
    """Everything, with the rule and what the numbers speak of."""
    ranking = found.ranking
    return {
        "about": {
            "by": found.by,
            "measure": found.measure,
            "version": found.scope.version,
            "from_on": found.period.from_on.isoformat(),
            "until_on": found.period.until_on.isoformat(),
            "filters": found.scope.filters,
            "without_channels": list(found.scope.without_channels),
            "rule": {
                "least_n": found.rule.least_n,
                "least_expected": found.rule.least_expected,
                "bottom": found.rule.bottom,
                "consecutive": found.rule.consecutive,
                "level": found.rule.level,
                "source": found.rule.source,
            },
        },
        "undecided": ranking.reason.value if isinstance(ranking, Withheld) else None,
        "whole": None if isinstance(ranking, Withheld) else ranking.whole,
        "better": None if isinstance(ranking, Withheld) else ranking.better,
        "units": (found.counts if isinstance(ranking, Withheld) else ranking.table).to_dicts(),
        "excess": None if found.excess is None else found.excess.to_dicts(),
        "history": found.history.to_dicts(),
        "bottom": found.streaks.filter(found.streaks["streak"] > 0).to_dicts(),
    }


def in_words(source: Source, found: Standings, say: Words) -> str:
    """Return the ranking as a table, then who is only counted, then how to read it."""
    names = unit_names(source.city, source.facts, found.by, say)
    title = say("standing.title", city=say.name(source.city), unit=say(f"standing.by_{found.by}"),
                measure=name_of(found.measure, say))  # fmt: skip
    period = found.period
    lines = [
        title,
        period_words(found.scope, period.from_on, period.until_on, say),
        whole_words(found, say),
        "",
        _table(found, names, say),
        "",
        *named_words(found, names, say),
        *rule_words(found, say),
    ]
    return "\n".join(lines)


def _table(found: Standings, names: dict[str, str], say: Words) -> str:
    if isinstance(found.ranking, Withheld):
        heading = [say(f"standing.{name}") for name in ("unit", "parts")]
        parts = [
            [names.get(unit, unit), numbers.fraction(say, part, whole)]
            for unit, part, whole in found.counts.select("unit", "numerator", "denominator").rows()
            if whole
        ]
        if not parts:
            return ""
        return aligned(heading, parts)
    level = f"{100 * found.rule.level:g}"
    heading = [say(f"standing.{name}") for name in ("place", "possible", "unit", "rate")]
    heading += [say("standing.span", level=level), say("standing.raw"), say("standing.parts"), ""]
    rows = [_row(found, one, names, say) for one in found.ranking.table.to_dicts()]
    return aligned(heading, rows)


def _row(found: Standings, one: dict[str, Any], names: dict[str, str], say: Words) -> list[str]:
    ranked = one["rank"] is not None
    low, high = (rate_words(found, one[end], say) for end in ("lower", "upper"))
    return [
        str(one["rank"]) if ranked else say("indicator.none"),
        numbers.ranks(say, one["rank_best"], one["rank_worst"]),
        names.get(one["unit"], one["unit"]),
        rate_words(found, one["shrunk"], say) if ranked else "",
        f"{low}–{high}" if ranked else "",
        rate_words(found, one["raw"], say),
        numbers.fraction(say, one["numerator"], one["denominator"]),
        undecided_words(found, one["undecided"], say) or excess_words(found, one["unit"], say),
    ]
