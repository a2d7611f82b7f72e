"""Why is this place a hot spot: what sets its cases apart.

A clue is a code with numbers; `hotspot_words` turns it into a sentence. Everything is said of
the place as it was tested: the cell and its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from geodata.analysis.day_kinds import WEEKDAYS
from geodata.domain.case import PLACE_KINDS, UNASSIGNED
from geodata.domain.category import UNMAPPED
from geodata.findings.gathering.cases_here import CasesHere, streets_of
from geodata.findings.gathering.emerging import EmergingFinding
from geodata.findings.gathering.hotspots import HotSpotFinding


@dataclass(frozen=True, slots=True, kw_only=True)
class ClueRule:
    """What is worth saying of a place.

    Attributes
    ----------
    few
        Below so many cases around a cell the numbers are called few.
    hours
        Length of the main stretch of the day.
    stands_out
        A share here must be so many times the share everywhere to be called special of it.
    near_m
        How near a place counts as nearest.
    patrol_points
        The patrols' share here must exceed that elsewhere by so much (and surely) to be doubted.
    edge
        Fewer study cells than this around a cell lie at the edge.
    """

    few: int = 10
    hours: int = 3
    stands_out: float = 1.25
    near_m: int = 150
    patrol_points: float = 0.10
    edge: int = 5
    source: str = "assumed; to be confirmed by the analysts"


DEFAULT_CLUES: Final = ClueRule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One thing to know of a place: a code and its numbers; codes of the city among them."""

    code: str
    values: Mapping[str, Any]


def of_test(finding: HotSpotFinding, numbers: Mapping[str, Any]) -> list[Clue]:
    """What the test says of a cell: how much more, how sure, what share of the whole."""
    return [_gathering(finding, numbers), _chance(finding, numbers), _share(finding, numbers)]


def _gathering(finding: HotSpotFinding, numbers: Mapping[str, Any]) -> Clue:
    """Cases around the cell against what its share of the ground would bring."""
    expected = float(numbers["expected"])
    code = "more" if numbers["z"] >= 0 else "fewer"
    values = {
        "cases": int(numbers["near_cases"]),
        "expected": expected,
        "ratio": float(numbers["near_cases"]) / expected if expected > 0 else None,
        "cells": int(numbers["near_cells"]),
        "km": numbers["near_exposure"],
    }
    return Clue(code=f"{code}_per_km" if finding.per_km else code, values=values)


def _chance(finding: HotSpotFinding, numbers: Mapping[str, Any]) -> Clue:
    return Clue(
        code="chance" if numbers["spot"] else "not_sure",
        values={"z": float(numbers["z"]), "q": float(numbers["q"]), "tests": finding.spots.n},
    )


def _share(finding: HotSpotFinding, numbers: Mapping[str, Any]) -> Clue:
    return Clue(
        code="share",
        values={
            "cases": float(numbers["near_cases"]) / max(finding.spots.cases, 1.0),
            "cells": float(numbers["near_cells"]) / max(len(finding.ground.cells), 1),
            "own": int(numbers["cases"]),
        },
    )


def of_step(weekly: EmergingFinding, at: int) -> Clue:
    """What the last week's test says of a cell: its neighbours then and in the week before."""
    steps = min(len(weekly.weeks), 2)
    cases, usual = float(weekly.around(at)[-steps:].sum()), weekly.usual(at) * steps
    hot = bool(weekly.classes.spots[at, -1]) if steps else False
    values = {
        "weeks": steps,
        "cells": len(weekly.ground.near(at)),
        "cases": int(cases),
        "expected": usual,
        "ratio": cases / usual if usual > 0 else None,
        "z": float(weekly.classes.cells["last_z"][at]),
        "tests": weekly.classes.n * weekly.classes.steps,
    }
    return Clue(code="step" if hot else "step_calm", values=values)


def of_weeks(weekly: EmergingFinding, position: int | None) -> Iterator[Clue]:
    """How long it has been hot; nothing where no week can be judged."""
    if position is None:
        return
    if weekly.classes.undecided is not None:
        yield Clue(code="weeks_unknown", values={"weeks": len(weekly.weeks)})
        return
    hot = int(weekly.classes.cells["hot_steps"][position])
    run = weekly.hot_run(position)
    code = "weeks_run" if run else "weeks_past" if hot else "weeks_never"
    if not hot and not weekly.chosen.enough:
        code = "weeks_few"
    yield Clue(code=code, values={"run": run, "hot": hot, "weeks": len(weekly.weeks)})


def of_cases(here: CasesHere, rule: ClueRule = DEFAULT_CLUES) -> Iterator[Clue]:
    """What, when, found by whom, near what, on which streets, whose job; none without cases."""
    if not len(here.rows):
        return
    yield from _main_code(here, "kind", "category", skip=UNMAPPED)
    yield from _when(here, rule)
    yield _channel(here)
    yield from _near_places(here, rule)
    yield from _on_streets(here)
    yield from _main_code(here, "office", "office", skip=UNASSIGNED)


def _main_code(here: CasesHere, clue: str, column: str, skip: str) -> Iterator[Clue]:
    code = here.main(column, skip)
    if code is None:
        return
    codes, own, every = here.counts(column)
    at = codes.index(code)
    values = {
        "code": code,
        "cases": int(own[at]),
        "share": float(own[at] / own.sum()),
        "everywhere": float(every[at] / max(every.sum(), 1)),
    }
    yield Clue(code=clue, values=values)


def _when(here: CasesHere, rule: ClueRule) -> Iterator[Clue]:
    """The main stretch of the day, or failing that the main weekday, where it is special."""
    if len(here.rows) < rule.few:
        return
    own, every = here.hours()
    length = rule.hours
    runs = [np.roll(own, -start)[:length].sum() for start in range(24)]
    start = int(np.argmax(runs))
    share = float(runs[start] / own.sum())
    usual = float(np.roll(every, -start)[:length].sum() / every.sum())
    if share >= rule.stands_out * usual:
        values = {"begin": start, "end": (start + length) % 24 or 24}
        yield Clue(code="hours", values={**values, "share": share, "everywhere": usual})
        return
    own, every = here.weekdays()
    at = int(np.argmax(own))
    share, usual = float(own[at] / own.sum()), float(every[at] / every.sum())
    if share >= rule.stands_out * usual:
        day = {"day": WEEKDAYS[at], "share": share, "everywhere": usual}
        yield Clue(code="weekday", values=day)


def _channel(here: CasesHere) -> Clue:
    """The main channel, and the patrols' share here and everywhere."""
    codes, own, every = here.counts("channel")
    patrol = here.patrol(codes)
    at = int(np.argmax(own))
    return Clue(
        code="channel",
        values={
            "code": codes[at],
            "share": float(own[at] / own.sum()),
            "patrol": float(own[patrol].sum() / own.sum()),
            "everywhere": float(every[patrol].sum() / max(every.sum(), 1)),
        },
    )


def _near_places(here: CasesHere, rule: ClueRule) -> Iterator[Clue]:
    """The kind of place that more cases than elsewhere lie near."""
    shares = {kind: here.share_near(kind, rule.near_m) for kind in PLACE_KINDS}
    special = [
        (own, kind)
        for kind, (own, everywhere) in shares.items()
        if own >= 0.5 and own >= rule.stands_out * everywhere  # noqa: PLR2004 - most cases
    ]
    if special:
        own, kind = max(special)
        values = {"kind": kind, "metres": rule.near_m, "share": own}
        yield Clue(code="near", values={**values, "everywhere": shares[kind][1]})


def _on_streets(here: CasesHere) -> Iterator[Clue]:
    named = streets_of(here.source, here.rows)
    if named:
        share = sum(n for _, n in named) / len(here.rows)
        yield Clue(
            code="streets", values={"names": tuple(name for name, _ in named), "share": share}
        )
