"""The five headline numbers as a pack shows them, each with what stands behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from geodata.analysis.answers import Answer, Value, Withheld
from geodata.brief.phrases import Phrases
from geodata.findings.summing_up.headlines import Headline
from geodata.findings.summing_up.overview_names import beyond
from geodata.press.content import Change, Figure
from geodata.wording.formulas import means, source_of
from geodata.wording.numbers import amount, bare, count, interval, unit_of
from geodata.wording.reasons import say_reason

UNITS: Final = {
    "reported": "cases",
    "on_time_rate": "share",
    "overdue_stock": "cases",
    "rebound_rate": "share",
    "hot_cells": "cells",
}
"""Headline → unit, also where there is no number."""


def figures(words: Phrases) -> tuple[Figure, ...]:
    """The five numbers, in the order leaders ask for them."""
    return tuple(_figure(line, words) for line in words.found.headlines)


def _figure(line: Headline, words: Phrases) -> Figure:
    say, unit = words.say, UNITS[line.code]
    answer = line.now
    if isinstance(answer, Withheld):
        value, note = words.none, say_reason(answer.reason, say)
    else:
        value, note = bare(say, answer.value, unit), _note(line.code, answer, words)
    return Figure(
        code=line.code,
        label=say(f"overview.number.{line.code}"),
        value=value,
        unit=unit_of(say, unit) if isinstance(answer, Value) else "",
        note=note,
        change=_change(line, words),
        proof=tuple(_proof(line, words)),
    )


def _change(line: Headline, words: Phrases) -> Change | None:
    return words.change(line.shift, UNITS[line.code])


def _note(code: str, answer: Value, words: Phrases) -> str:
    """What the number is made of, in a few words."""
    say = words.say
    if code == "reported":
        return say("brief.note.reported", now=words.now)
    if code == "overdue_stock":
        waiting = int(words.found.late.by_office["open"].sum())
        return say("brief.note.overdue", n=count(say, waiting))
    part, whole = count(say, answer.numerator), count(say, answer.denominator)
    if code == "rebound_rate":
        within = words.found.rule.within_days
        return say("brief.note.rebound", days=within, part=part, whole=whole)
    if code == "hot_cells":
        return say("brief.note.tested", resolution=words.found.places.resolution, n=whole)
    return say("brief.of", part=part, whole=whole)


def _proof(line: Headline, words: Phrases) -> Iterator[tuple[str, str]]:
    say, answer = words.say, line.now
    code = answer.formula
    yield say("brief.column.meaning"), means(code, say)
    yield say("brief.column.source"), source_of(code, say)
    yield from _parts(answer, words)
    if line.before is not None:
        yield say("brief.column.previous"), _told(line.before, line.code, words)
    if line.shift.difference is not None and line.code != "hot_cells":
        yield say("brief.column.change"), beyond(line.shift.beyond, say)
    yield say("brief.lineage.period"), words.period
    yield say("brief.lineage.version"), words.version


def _parts(answer: Answer, words: Phrases) -> Iterator[tuple[str, str]]:
    if isinstance(answer, Withheld):
        return
    say = words.say
    if answer.denominator is not None:
        part, whole = count(say, answer.numerator), count(say, answer.denominator)
        yield say("brief.column.value"), say("brief.of", part=part, whole=whole)
    if answer.lower is not None and answer.upper is not None:
        yield say("brief.column.interval"), interval(say, answer.lower, answer.upper, answer.unit)


def _told(answer: Answer, code: str, words: Phrases) -> str:
    if isinstance(answer, Withheld):
        return say_reason(answer.reason, words.say)
    return amount(words.say, answer.value, UNITS[code])
