"""What ``rebound`` answers, as words and as one JSON object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from geodata.analysis.answers import Answer, Value
from geodata.analysis.rebound import ReboundRule
from geodata.commands.columns import aligned
from geodata.commands.filters import CodeUnknown
from geodata.domain.selection import Selection
from geodata.findings.rebounds.close_outs import place_of
from geodata.findings.rebounds.look_back import LookBack, Register, chronic_register, look_back
from geodata.findings.rebounds.near_repeats import NearRepeats, near_repeats
from geodata.findings.rebounds.rebound import (
    By,
    ReboundFinding,
    rebounds,
    rebounds_by,
)
from geodata.findings.rebounds.rebound_curves import PhaseCurve, curves_by_phase
from geodata.findings.rebounds.rebound_units import unit_names_by
from geodata.findings.rebounds.rebound_words import (
    change_words,
    near_words,
    next_words,
    rate_words,
    register_words,
    reopened_words,
    rule_words,
    street_words,
    usual_words,
)
from geodata.findings.source import Source
from geodata.wording import Words
from geodata.wording.numbers import count, interval, rate, ratio
from geodata.wording.reasons import say_reason

_CURVE_DAYS = (7, 14, 30, 60, 90)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Everything one call of the command answers."""

    overall: ReboundFinding
    by: str
    parts: pl.DataFrame
    streets: pl.DataFrame
    curves: tuple[PhaseCurve, ...]
    ahead: LookBack
    register: Register
    near: NearRepeats | None


def asked(
    source: Source,
    selection: Selection,
    rule: ReboundRule,
    *,
    by: By,
    near: str | None,
    say: Words,
) -> Asked:
    """Ask the findings everything.

    Raises
    ------
    CodeUnknown
        ``near`` is no category of the city.
    """
    codes = list(source.city.family_of)
    if near is not None and near not in codes:
        raise CodeUnknown(
            "--near-repeats: the city has no {near!r}. Choose from: {codes}.",
            near=near,
            codes=list(codes),
        )
    return Asked(
        overall=rebounds(source, selection, rule=rule, say=say),
        by=by,
        parts=rebounds_by(source, by, selection, rule=rule),
        streets=rebounds_by(source, "street", selection, rule=rule),
        curves=curves_by_phase(source, selection, rule=rule),
        ahead=look_back(source, selection, rule=rule),
        register=chronic_register(source, selection, rule=rule),
        near=None if near is None else near_repeats(source, near, selection, say=say),
    )


def in_words(source: Source, found: Asked, most: int, say: Words) -> str:
    """Sentences, the table asked for, and the head of the re-inspection list."""
    sentences = [
        rule_words(found.overall.rule, say),
        rate_words(found.overall, source, say),
        usual_words(found.overall, say),
        street_words(found.streets, say),
        change_words(source, found.curves, say),
        reopened_words(found.overall, say),
        register_words(found.register, say),
        next_words(found.ahead, say),
        near_words(found.near, source, say) if found.near else "",
    ]
    parts = ["\n".join(filter(None, sentences))]
    if len(found.parts):
        parts.append(_parts(source, found, most, say))
    if found.ahead.places:
        parts.append(_ahead(source, found.ahead, most, say))
    return "\n\n".join(parts)


def _parts(source: Source, found: Asked, most: int, say: Words) -> str:
    names = unit_names_by(source, found.by, say)
    heading = [
        "",
        say("rebound.list.closed_heading"),
        say("rebound.column.rebounds"),
        say("rebound.list.rate_heading"),
        say("rebound.list.span_heading"),
        say("rebound.column.ratio"),
        "",
    ]
    rows = [
        [
            names.get(row["unit"], row["unit"]),
            count(say, row["closed"]),
            count(say, row["rebounds"]),
            rate(say, row["raw"]),
            interval(say, row["lower"], row["upper"]) if row["lower"] is not None else "—",
            ratio(say, row["ratio"]),
            say(f"rebound.verdict.{row['verdict']}")
            if row["verdict"]
            else say_reason(row["undecided"], say),
        ]
        for row in found.parts.head(most).iter_rows(named=True)
    ]
    return aligned(heading, rows)


def _ahead(source: Source, ahead: LookBack, most: int, say: Words) -> str:
    names = {by: unit_names_by(source, by, say) for by in ("street", "area", "category", "office")}
    columns = ("rank", "street", "area", "category", "office", "closed", "expected")
    heading = [say(f"rebound.column.{name}") for name in columns]
    return aligned(
        heading, [_line(row, columns, names) for row in ahead.table.head(most).to_dicts()]
    )


def _line(
    row: dict[str, Any], columns: Sequence[str], names: dict[str, dict[str, str]]
) -> list[str]:
    told = []
    for name in columns:
        value = row[name]
        if name == "expected":
            told.append(f"{value:.2f}")
        elif value is None:
            told.append("—")
        else:
            told.append(names[name].get(value, value) if name in names else str(value))
    return told


def as_record(source: Source, found: Asked, most: int, say: Words) -> dict[str, Any]:
    """Everything as plain values; dates as ISO text, what is not known as null."""
    overall, rule = found.overall, found.overall.rule
    return {
        "rule": {
            "days": rule.within_days, "place": place_of(rule), "kind": rule.kind,
            "source": rule.source,
        },
        "version": source.version,
        "as_of": source.facts.as_of.isoformat(),
        "from": overall.scope.from_at.date().isoformat(),
        "until": (overall.scope.until_at - timedelta(days=1)).date().isoformat(),
        "filters": overall.scope.filters,
        "closed": overall.closed,
        "followed": overall.followed,
        "superseded": overall.superseded,
        "unplaced": overall.unplaced,
        "median_days": overall.median_days,
        "rate": _answer(overall.rate),
        "excess": _answer(overall.excess),
        "reopened": _answer(overall.reopened),
        "survival": _survival(overall.survival),
        "by": found.by,
        "units": _rows(found.parts),
        "phases": [_phase(one) for one in found.curves],
        "register": {
            "rule": asdict(found.register.rule),
            "listed": len(found.register.listed),
            "beyond_usual": found.register.beyond,
            "sites": _rows(found.register.listed.drop("row").head(most)),
        },
        "look_back": {
            "from": found.ahead.from_on.isoformat(), "until": found.ahead.until_on.isoformat(),
            "places": found.ahead.places, "expected": found.ahead.expected,
            "unknown": found.ahead.unknown, "undecided": found.ahead.undecided,
            "list": _rows(found.ahead.table.drop("row").head(most)),
        },
        "near_repeats": _near(found.near),
        "sentences": [
            text
            for text in (rate_words(overall, source, say), usual_words(overall, say))
            if text
        ],
    }  # fmt: skip


def _answer(one: Answer) -> dict[str, Any]:
    if not isinstance(one, Value):
        return {"formula": one.formula, "value": None, "undecided": one.reason.value}
    return {
        "formula": one.formula, "value": one.value, "numerator": one.numerator,
        "denominator": one.denominator, "n": one.n, "lower": one.lower, "upper": one.upper,
        "undecided": None,
    }  # fmt: skip


def _survival(curve: Any) -> dict[str, Any]:
    reach = [day for day in _CURVE_DAYS if day <= curve.watched_days]
    back = {str(day): dict(zip(("share", "lower", "upper"), curve.within(day), strict=True))
            for day in reach}  # fmt: skip
    return {"n": curve.n, "events": curve.events, "censored": curve.n - curve.events,
            "median_days": curve.median_days, "back_within": back}  # fmt: skip


def _phase(one: PhaseCurve) -> dict[str, Any]:
    change = None if one.change is None else asdict(one.change)
    return {
        "phase": one.code, "closed": one.closed, "followed": one.followed, "rate": one.rate,
        "survival": _survival(one.survival), "against": one.before, "change": change,
    }  # fmt: skip


def _near(found: NearRepeats | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "category": found.category, "n": found.knox.n, "ratio": found.knox.ratio,
        "p": found.knox.p, "undecided": found.knox.undecided, "table": _rows(found.knox.table),
        "roles": dict(found.roles.cast({"role": pl.String}).iter_rows()),
    }  # fmt: skip


def _rows(table: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}
        for row in table.iter_rows(named=True)
    ]
