"""The small line beside each of the five numbers: the last periods of the same kind."""

from __future__ import annotations

from statistics import fmean
from typing import Final

from dashboard.components import sheet
from geodata.brief.figures import UNITS
from geodata.brief.phrases import Phrases
from geodata.findings.summing_up.course import Course, Point
from geodata.wording import Words, numbers

_LEAST_SHARE: Final = 0.1
_LEAST_OF_MEAN: Final = 0.25
"""Least height of a line: ten percentage points, or a quarter of a count's mean."""


def line(course: Course, words: Phrases) -> sheet.Part | None:
    """Return the line of a number; None where too few periods are known."""
    if not course.points:
        return None
    said = [_value(point.value, course, words.say) for point in course.points]
    texts = [
        words.say("landing.point", span=_span(point, words.say), value=value)
        for point, value in zip(course.points, said, strict=True)
    ]
    return sheet.course(
        [point.value for point in course.points],
        _label(course, said, words.say),
        texts=texts,
        domain=domain_of(course),
        usual=course.usual,
    )


def domain_of(course: Course) -> tuple[float, float]:
    """Lowest and highest value drawn, far enough apart that a trifle does not look like a fall."""
    values = [point.value for point in course.points if point.value is not None]
    ends = [*values, *(course.usual or ())]
    low, high = min(ends), max(ends)
    least = _LEAST_SHARE if UNITS[course.code] == "share" else _LEAST_OF_MEAN * fmean(values)
    spare = max(least - (high - low), 0.0) / 2
    return low - spare, high + spare


def _label(course: Course, said: list[str], say: Words) -> str:
    """The course in words, for those who do not see it, with the usual range."""
    values = say("filter.between_names").join(said)
    told = say("landing.course", n=len(said), values=values)
    if course.usual is None:
        return told
    low, high = (numbers.count(say, round(end)) for end in course.usual)
    return told + say("landing.usual", low=low, high=high)


def _value(value: float | None, course: Course, say: Words) -> str:
    if value is None:
        return say("landing.no_number")
    if course.per_day:
        return say("landing.daily", change=numbers.decimal(say, value))
    return numbers.amount(say, value, UNITS[course.code])


def _span(point: Point, say: Words) -> str:
    first = say.day(point.from_on)
    if point.from_on == point.until_on:
        return first
    return say("landing.span", first=first, last=say.day(point.until_on))
