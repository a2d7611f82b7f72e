"""Hot spots in words: a place, its clues, its class, and how the test was made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from geodata.analysis.emerging_classes import NONE
from geodata.city import City
from geodata.domain.case import UNASSIGNED
from geodata.domain.category import UNMAPPED
from geodata.findings.gathering.clues import Clue
from geodata.findings.gathering.emerging import WEEKLY_RESOLUTION, EmergingFinding
from geodata.findings.gathering.hotspots import HotSpotFinding
from geodata.findings.gathering.study import DEFAULT_RESOLUTION, Chosen
from geodata.wording import Words, numbers
from geodata.wording.reasons import say_reason

BINS: Final = {1: "90", 2: "95", 3: "99"}
"""Confidence bin → per cent after correction."""


def clue_text(clue: Clue, city: City, say: Words) -> str:
    """One clue as a sentence without its full stop."""
    return say(f"hot.clue.{clue.code}", **_spoken(clue, city, say))


def doubt_text(clue: Clue, city: City, say: Words) -> str:
    """Say what speaks against a place, or that nothing was found to."""
    return say(f"hot.doubt.{clue.code}", **_spoken(clue, city, say))


def place_name(streets: Sequence[str], say: Words) -> str:
    """Name a place by the streets its cases lie on."""
    if not streets:
        return say("hot.place.nowhere")
    if len(streets) == 1:
        return say("hot.place.one", a=streets[0])
    return say("hot.place.two", a=streets[0], b=streets[1])


def bin_code(value: int) -> str:
    """Code of a confidence bin: ``hot_99`` … ``none`` … ``cold_99``."""
    return f"{'hot' if value > 0 else 'cold'}_{BINS[abs(value)]}" if value else NONE


def bin_name(value: int, say: Words) -> str:
    """Name of a confidence bin, −3 … 3: ``热点 · 99%``."""
    return say(f"hot.bin.{bin_code(value)}")


def class_words(code: str, say: Words) -> str:
    """Name of an emerging class: ``new_hot`` → ``新增热点``."""
    if code == NONE:
        return say("hot.kind.none")
    kind, _, side = code.rpartition("_")
    return say(f"hot.spot.{side}", kind=say(f"hot.kind.{kind}"))


def class_stamp(code: str, say: Words) -> str:
    """One character of an emerging class; empty where there is none."""
    return "" if code == NONE else say(f"hot.stamp.{code.rpartition('_')[0]}")


def badge_name(badge: str, say: Words) -> str:
    """Name of a stability badge: ``稳定``."""
    return say(f"hot.badge.{badge}")


def about_test(finding: HotSpotFinding, say: Words) -> list[str]:
    """How the test was made and what it leaves out; first why there is none, if so."""
    spots = finding.spots
    if spots.undecided is not None:
        return [say_reason(spots.undecided, say), *_left_out(finding, say)]
    counted = say(
        "hot.about.counts",
        tests=say.number(spots.n),
        cases=say.number(spots.cases),
        hot=say.number(finding.hot),
        cold=say.number(finding.cold),
    )
    per_km = [say("hot.about.per_km")] if finding.per_km else []
    none = [] if finding.hot else [say("hot.about.none")]
    method = say("hot.about.method", alpha=numbers.rate(say, spots.rule.alpha))
    power = _power(finding.chosen, "about", DEFAULT_RESOLUTION.least_mean, say)
    return [counted, *none, *per_km, *_left_out(finding, say), power, method]


def about_weeks(finding: EmergingFinding, say: Words) -> list[str]:
    """How the weeks were tested and what that can tell; first why it cannot, if so."""
    classes = finding.classes
    span = _span(finding, say)
    if classes.undecided is not None:
        return [say_reason(classes.undecided, say), *span]
    counted = say(
        "hot.weeks.counts",
        tests=say.number(classes.n),
        weeks=classes.steps,
        cases=say.number(float(finding.cube.sum())),
    )
    able = classes.smallest_trend_p <= classes.rule.trend_alpha
    trend = say("hot.weeks.trend") if able else say("hot.weeks.no_trend", weeks=classes.steps)
    power = _power(finding.chosen, "weeks", WEEKLY_RESOLUTION.least_mean, say)
    piles = _piles(finding.piled_cases, say)
    return [*span, counted, *piles, *_outside(finding.outside_cases, say), power, trend]


def week_words(row: Mapping[str, Any], finding: EmergingFinding, say: Words) -> str:
    """Say how often a cell was hot, and how clearly last; ``row`` of ``classes.cells``."""
    z = numbers.decimal(say, row["last_z"], 1)
    return say("hot.weeks.row", weeks=len(finding.weeks), hot=row["hot_steps"], z=z)


def _span(finding: EmergingFinding, say: Words) -> list[str]:
    if finding.last_day is None:
        return []
    first, last = finding.weeks[0].isoformat(), finding.last_day.isoformat()
    return [say("hot.weeks.span", first=first, last=last, weeks=len(finding.weeks))]


def _power(chosen: Chosen, what: str, least: float, say: Words) -> str:
    code = "rule" if chosen.enough else "rule_few"
    values = {
        "resolution": chosen.resolution,
        "mean": numbers.decimal(say, chosen.mean, 1 if chosen.mean >= 1 else 2),
        "least": numbers.decimal(say, least, 0 if least >= 1 else 1),
    }
    return say(f"hot.{what}.{code}", **values)


def _left_out(finding: HotSpotFinding, say: Words) -> list[str]:
    silent = finding.ground.silent
    quiet = [say("hot.about.silent", n=len(silent))] if silent else []
    placed = finding.placed
    return [*_piles(placed.piled_cases, say), *_outside(placed.outside, say), *quiet]


def _piles(cases: int, say: Words) -> list[str]:
    return [say("hot.about.piles", n=say.number(cases))] if cases else []


def _outside(cases: int, say: Words) -> list[str]:
    return [say("hot.about.outside", n=say.number(cases))] if cases else []


# --- the numbers of a clue as people write them ------------------------------------------------

_SHARES: Final = frozenset({"share", "everywhere", "patrol", "before", "now", "elsewhere"})


def _spoken(clue: Clue, city: City, say: Words) -> dict[str, str]:
    words = {name: _number(name, value, say) for name, value in clue.values.items()}
    if clue.code == "share":
        words |= {name: numbers.rate(say, clue.values[name]) for name in ("cases", "cells")}
    if "code" in clue.values:
        words["name"] = _name(clue, city, say)
    if clue.code == "near":
        words["kind"] = say(f"near.{clue.values['kind']}")
    if clue.code == "weekday":
        words["day"] = say(f"hot.day.{clue.values['day']}")
    if clue.code == "streets":
        words["names"] = say.listed(list(clue.values["names"]))
    if clue.code == "grid":
        words["share"] = numbers.rate(say, clue.values["share"])
    return words


def _number(name: str, value: Any, say: Words) -> str:
    if isinstance(value, str | tuple):
        return str(value)
    if name in _SHARES:
        return numbers.rate(say, value)
    if name == "ratio":
        return numbers.ratio(say, value)
    if name == "q":
        return numbers.chance(say, value)
    if name in ("expected", "z", "km"):
        return numbers.decimal(say, value, 1)
    return numbers.count(say, value)


def _name(clue: Clue, city: City, say: Words) -> str:
    """Name of a category, channel or office; its code where the city forgot it."""
    listed: Mapping[str, Iterable[Any]] = {
        "kind": city.categories,
        "channel": city.channels,
        "office": city.offices,
    }
    code = str(clue.values["code"])
    if code in (UNASSIGNED, UNMAPPED):
        return say(f"value.{code}")
    return next((say.name(one) for one in listed[clue.code] if one.code == code), code)
