"""What the popover of a number says: formula, parts, interval, period, filters and version.

Everything is a finished sentence; the browser only writes it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from geodata.analysis.answers import Scope, Value, Withheld
from geodata.wording import Words, numbers
from geodata.wording.formulas import formula as entry
from geodata.wording.formulas import means, name_of, source_of
from geodata.wording.numbers import Number
from geodata.wording.reasons import say_reason

Proof = dict[str, Any]
Part = tuple[str, Number]
"""Code of a formula, and its number."""


def proof(
    answer: Value | Withheld,
    say: Words,
    *,
    value: str | None = None,
    scope: Scope | None = None,
    note: str = "",
) -> Proof:
    """Everything behind an answer; of a refusal, why there is no number and what is known.

    Parameters
    ----------
    value
        The number as the page writes it; by default with the formula's unit.
    scope
        Period and version where the answer carries no (worded) scope of its own.
    """
    if isinstance(answer, Withheld):
        return _refused(answer, say, scope or answer.scope, note)
    numerator, denominator = _parts(answer.formula, answer.numerator, answer.denominator)
    return of(
        say,
        formula=answer.formula,
        value=value or numbers.amount(say, answer.value, answer.unit),
        n=answer.n,
        scope=scope or answer.scope,
        interval=_interval(answer, say),
        numerator=numerator,
        denominator=denominator,
        note=note,
    )


def of(
    say: Words,
    *,
    formula: str,
    value: str,
    n: Number = None,
    scope: Scope | None = None,
    interval: str = "",
    numerator: Part | None = None,
    denominator: Part | None = None,
    note: str = "",
) -> Proof:
    """Everything behind a number that is no `Value`, such as a z or a ratio.

    Raises
    ------
    KeyError
        A code is not in ``formulas.toml``.
    """
    told = {
        "title": name_of(formula, say),
        "formula": means(formula, say),
        "source": source_of(formula, say),
        "numerator": _part(numerator, say),
        "denominator": _part(denominator, say),
        "value": value,
        "interval": interval,
        "n": numbers.count(say, n) if numbers.known(n) else "",
        **_scope(scope, say),
        "note": note,
    }
    return {name: text for name, text in told.items() if text}


def shared(say: Words, *, formula: str, scope: Scope | None = None, note: str = "") -> Proof:
    """Everything behind each number of a column, a line or a list; the number itself is added.

    Raises
    ------
    KeyError
        The code is not in ``formulas.toml``.
    """
    return of(say, formula=formula, value="", scope=scope, note=note)


def _refused(answer: Withheld, say: Words, scope: Scope | None, note: str) -> Proof:
    known = {key: part for key, part in answer.known.items() if isinstance(part, int | float)}
    numerator, denominator = _parts(
        answer.formula, known.get("numerator"), known.get("denominator")
    )
    reason = say("proof.withheld", reason=say_reason(answer.reason, say))
    return of(
        say,
        formula=answer.formula,
        value=say("number.none"),
        n=known.get("n"),
        scope=scope,
        numerator=numerator,
        denominator=denominator,
        note="\n".join(filter(None, (reason, note))),
    )


def _parts(code: str, numerator: Number, denominator: Number) -> tuple[Part | None, Part | None]:
    """Parts of a rate with their names; a count or sum has none."""
    one = entry(code)
    if not one.numerator:
        return None, None
    return (one.numerator, numerator), (one.denominator, denominator)


def _part(part: Part | None, say: Words) -> dict[str, str] | None:
    if part is None or not numbers.known(part[1]):
        return None
    code, number = part
    return {"name": name_of(code, say), "value": numbers.amount(say, number, entry(code).unit)}


def _interval(answer: Value, say: Words) -> str:
    if not numbers.known(answer.lower) and not numbers.known(answer.upper):
        return ""
    span = numbers.interval(say, answer.lower, answer.upper, answer.unit)
    if answer.level is None:
        return span
    return say("proof.level", span=span, level=f"{100 * answer.level:g}")


def _scope(scope: Scope | None, say: Words) -> dict[str, str]:
    if scope is None:
        return {}
    filters = scope.filters or say("filter.none")
    if scope.without_channels:
        channels = say.listed(list(scope.without_channels))
        filters = say("proof.without", filters=filters, channels=channels)
    return {"period": period(scope, say), "filters": filters, "version": _version(scope, say)}


def _version(scope: Scope, say: Words) -> str:
    if scope.version is None:
        return ""
    return (
        say("proof.version", version=scope.version)
        if scope.version >= 0
        else say("proof.no_version")
    )


def period(scope: Scope, say: Words) -> str:
    """Days a scope covers, both ends included; how far the data reach where that is less."""
    first, last = _day(scope.from_at), _last_day(scope.until_at)
    span = say("proof.span", first=first, last=max(first, last))
    if scope.as_of >= scope.until_at:
        return span
    as_of = scope.as_of.astimezone(scope.from_at.tzinfo)
    return say("proof.cut", span=span, as_of=_last_day(as_of))


def _day(at: datetime) -> str:
    return at.date().isoformat()


def _last_day(until: datetime) -> str:
    """Day of the last moment before the end, which itself does not count."""
    return _day(until - timedelta(microseconds=1))
