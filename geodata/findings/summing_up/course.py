"""How each of the five numbers went over the last periods of the same kind, oldest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import fsum, sqrt
from typing import Final

from geodata.analysis.answers import Answer, Value
from geodata.domain.period import previous
from geodata.findings.gathering.hotspots import spots_of
from geodata.findings.gathering.study import ground_of, place_cases
from geodata.findings.summing_up.compared import (
    FEWEST_STEPS,
    Compared,
    scope_of,
    total_dispersion,
)
from geodata.findings.summing_up.headlines import (
    HOT,
    ON_TIME,
    OVERDUE,
    REBOUND,
    REPORTED,
    followed,
    hot_answer,
    rebound_answer,
    standard_answers,
    watched_in,
)
from geodata.findings.summing_up.overview import Overview

STEPS: Final = 9
"""Periods drawn: this one and the eight before, as many as tell its normal fluctuation."""

_NORMAL: Final = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One period of a course; ``value`` is None where there is no number."""

    from_on: date
    until_on: date
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One headline over the last periods.

    Attributes
    ----------
    points
        Oldest first, this period last; empty where fewer than `FEWEST_STEPS` have a number. Days
        are those compared: of a period under way, as many as the data cover of it.
    usual
        Range in which counts as even as the earlier periods' would lie in 19 cases of 20; None
        where fluctuation is not known, and for numbers that are no counts over days.
    per_day
        Values are daily means: the periods differ in length.
    """

    code: str
    points: tuple[Point, ...] = ()
    usual: tuple[float, float] | None = None
    per_day: bool = False


def courses(found: Overview) -> dict[str, Course]:
    """Follow each headline of an overview back over the periods before, by code."""
    both = found.compared
    return both.source.remember(
        ("courses", both.period, both.selection, both.scope.filters, found.rule),
        lambda: {one.code: one for one in _courses(found)},
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """Days of one period that are drawn."""

    from_on: date
    until_on: date

    @property
    def days(self) -> int:
        return (self.until_on - self.from_on).days + 1


def _courses(found: Overview) -> Iterator[Course]:
    both = found.compared
    steps = list(_steps(both))[::-1]
    answers = [_answers(step, found) for step in steps]
    lengths = [step.days for step in steps]
    uneven = max(lengths) - min(lengths) > max(lengths) / 10
    for code in (REPORTED, ON_TIME, OVERDUE, REBOUND, HOT):
        per_day = uneven and code == REPORTED
        values = [
            _value(one[code], step.days if per_day else 1)
            for one, step in zip(answers, steps, strict=True)
        ]
        if sum(value is not None for value in values) < FEWEST_STEPS:
            yield Course(code=code)
            continue
        points = tuple(
            Point(from_on=step.from_on, until_on=step.until_on, value=value)
            for step, value in zip(steps, values, strict=True)
        )
        usual = _usual(both, values[:-1]) if code == REPORTED and not per_day else None
        yield Course(code=code, points=points, usual=usual, per_day=per_day)


def _value(answer: Answer, days: int) -> float | None:
    return answer.value / days if isinstance(answer, Value) else None


def _steps(both: Compared) -> Iterator[_Step]:
    """Yield this period and those before it within the record, latest first.

    Of a period under way, and of each before it, only as many days as the data cover of it.
    """
    facts, period = both.source.facts, both.period
    part = both.days < period.days
    for _ in range(STEPS):
        last = period.from_on + timedelta(days=max(both.days, 1) - 1)
        yield _Step(period.from_on, min(period.until_on, last) if part else period.until_on)
        period = previous(period, both.source.city.campaign)
        if period.from_on < facts.first_day:
            return


def _answers(step: _Step, found: Overview) -> dict[str, Answer]:
    both = found.compared
    source = both.source
    scope = scope_of(source, (step.from_on, step.until_on), both.scope.filters)
    meant = replace(both.selection, from_on=step.from_on, until_on=step.until_on)
    standard = standard_answers(both, scope)
    closed = followed(both, found.rule).only(watched_in(meant, found.rule))
    ground = ground_of(source, meant, found.places.resolution)
    spots = spots_of(place_cases(source, meant, ground), ground)
    return {
        **{code: standard[code] for code in (REPORTED, ON_TIME, OVERDUE)},
        REBOUND: rebound_answer(closed, scope),
        HOT: hot_answer(spots, scope),
    }


def _usual(both: Compared, earlier: Sequence[float | None]) -> tuple[float, float] | None:
    """95 % prediction limits of one more count, from the mean and scatter of those before.

    ``m ± 1.96 √(φ m (1 + 1/k))`` for k counts with mean m that vary φ times as much as by chance:
    the quasi-Poisson prediction interval (Krishnamoorthy & Peng 2011, with φ as in McCullagh &
    Nelder 1989). The same φ decides whether the change is beyond normal fluctuation.
    """
    known = [value for value in earlier if value is not None]
    dispersion = total_dispersion(both)
    if len(known) < FEWEST_STEPS or dispersion is None:
        return None
    mean = fsum(known) / len(known)
    reach = _NORMAL * sqrt(dispersion * mean * (1 + 1 / len(known)))
    return max(mean - reach, 0.0), mean + reach
