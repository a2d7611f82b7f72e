"""Numbers as people write them: rates with one decimal, changes of rates in points, large in 万.

Every function takes what may be missing (None, NaN, infinite) and then says ``—``: a page never
shows a number that is none.
"""

from __future__ import annotations

import math
from typing import Final, TypeGuard

from geodata.wording.words import Words

Number = float | int | None

WAN: Final = 10_000
_SMALL: Final = 10
_LIKELY: Final = 0.1
_RARE: Final = 0.001


def known(value: Number) -> TypeGuard[float]:
    """Whether there is a number at all: neither missing nor infinite nor not a number."""
    return value is not None and math.isfinite(value)


def count(say: Words, value: Number) -> str:
    """Whole number with thousands commas, ``12,700``; as tables show it."""
    return f"{value:,.0f}" if known(value) else say("number.none")


def decimal(say: Words, value: Number, places: int = 1) -> str:
    """Number with a fixed count of decimals, ``0.6``; minus as the sign −."""
    if not known(value):
        return say("number.none")
    text = f"{value:,.{places}f}"
    return text.lstrip("-") if not float(text.replace(",", "")) else text.replace("-", "−")


def rate(say: Words, share: Number) -> str:
    """Share of 0 to 1 as ``75.8%``."""
    return say("number.rate", n=decimal(say, 100 * share)) if known(share) else say("number.none")


def points(say: Words, change: Number) -> str:
    """Change of a share, −0.008 as ``下降 0.8 个百分点``; never as a percentage of itself."""
    if not known(change):
        return say("number.none")
    size = round(abs(100 * change), 1)
    if not size:
        return say("number.same")
    direction = "up" if change > 0 else "down"
    return say(f"number.points_{direction}", n=decimal(say, size))


def wan(say: Words, value: Number) -> str:
    """Large count in a sentence: 12,700 as ``1.27 万``, in English 12,700; small ones exact."""
    if not known(value) or abs(value) < WAN:
        return count(say, value)
    short = f"{value / WAN:.2f}".rstrip("0").rstrip(".")
    return say("number.large", n=short if say.language == "zh" else count(say, value))


def days(say: Words, value: Number) -> str:
    """Duration in days: ``0.6 天``, whole from ten days on."""
    return amount(say, value, "days")


def ratio(say: Words, value: Number) -> str:
    """How many times as much: ``9.2 倍``."""
    return amount(say, value, "ratio")


def chance(say: Words, p: Number) -> str:
    """Probability as a percentage; below one in a thousand only says so."""
    if not known(p):
        return say("number.none")
    if p < _RARE:
        return say("number.below", n="0.1%")
    return say("number.rate", n=decimal(say, 100 * p, 1 if p < _LIKELY else 0))


def amount(say: Words, value: Number, unit: str) -> str:
    """Number with its unit: ``451 件``, ``75.8%``, ``0.6 天``; units as in ``formulas.toml``."""
    if not known(value):
        return say("number.none")
    if unit == "share":
        return rate(say, value)
    if unit == "chance":
        return chance(say, value)
    number = bare(say, value, unit)
    named = _ONE.get(unit, unit) if number == "1" else unit
    return say(f"amount.{named}", n=number)


def bare(say: Words, value: Number, unit: str) -> str:
    """Write the number alone, for a card that shows its unit beside it; a share in hundredths."""
    if not known(value):
        return say("number.none")
    if unit == "share":
        return decimal(say, 100 * value)
    if unit in _FINE:
        return decimal(say, value, _FINE[unit])
    whole = float(value).is_integer() or (abs(value) >= _SMALL and unit in _ROUGH)
    return count(say, value) if whole else decimal(say, value)


_ONE: Final = {
    "cases": "case",
    "days": "day",
    "weeks": "week",
    "cells": "cell",
    "streets": "street",
    "places": "place",
}
"""Units that have another name when there is one of them."""
_FINE: Final = {"ratio": 1, "z": 1, "points": 1, "cases_per_day": 1, "cases_per_km": 1}
"""Decimals of units that always have some."""
_ROUGH: Final = frozenset({"days", "hours", "work_hours", "m2"})
"""Units whose decimals say nothing from ten on."""


def unit_of(say: Words, unit: str) -> str:
    """Name of a unit, as it stands beside a number on a card: ``件``, ``%``."""
    return say(f"unit.{unit}")


def change(say: Words, difference: Number, unit: str) -> str:
    """Change of a number with its direction: ``增加 70 件``; of a share in points."""
    if unit == "share" or not known(difference):
        return points(say, difference)
    size = amount(say, abs(difference), unit)
    if bare(say, abs(difference), unit) == bare(say, 0, unit):
        return say("number.same")
    return say("number.up" if difference > 0 else "number.down", amount=size)


def interval(say: Words, lower: Number, upper: Number, unit: str = "share") -> str:
    """Both ends with their unit: ``71.2%–78.0%``; one end where the other is not known."""
    low, high = (amount(say, end, unit) for end in (lower, upper))
    if known(lower) and known(upper):
        return say("number.span", lower=_end(say, lower, unit), upper=high)
    if known(lower):
        return say("number.at_least", lower=low)
    return say("number.at_most", upper=high) if known(upper) else say("number.not_known")


def rank(say: Words, place: int | None, of: int) -> str:
    """Position among how many: ``第 1 位/455``."""
    return say("number.rank_none") if place is None else say("number.rank", n=place, of=of)


def ranks(say: Words, best: int | None, worst: int | None) -> str:
    """Write possible ranks ``1–4``, one rank alone where no other is possible."""
    if best is None or worst is None:
        return say("number.none")
    return str(best) if best == worst else say("number.span", lower=best, upper=worst)


def fraction(say: Words, part: Number, whole: Number) -> str:
    """Part and whole beside a rate: ``314/414``."""
    return say("number.fraction", part=count(say, part), whole=count(say, whole))


def _end(say: Words, value: Number, unit: str) -> str:
    """Lower end: the unit is said once, after the upper end, unless it is a percent sign."""
    return amount(say, value, unit) if unit in ("share", "chance") else bare(say, value, unit)
