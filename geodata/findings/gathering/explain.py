"""One place of a hot spot test: where it is, why it stands out, and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from geodata.analysis.facts import NO_AREA
from geodata.domain.selection import Selection
from geodata.findings.gathering.cases_here import CasesHere, Rows, rows_in, streets_of
from geodata.findings.gathering.clues import (
    DEFAULT_CLUES,
    Clue,
    ClueRule,
    of_cases,
    of_step,
    of_test,
    of_weeks,
)
from geodata.findings.gathering.doubts import doubt_of
from geodata.findings.gathering.emerging import EmergingFinding, find_emerging, streets_around
from geodata.findings.gathering.hotspots import HotSpotFinding, find_hot_spots
from geodata.findings.source import Source


@dataclass(frozen=True, kw_only=True)
class Place:
    """A cell with its neighbours: where it is, why it stands out, and one doubt.

    Attributes
    ----------
    at
        Row in the finding's ``ground.cells``.
    streets
        The named streets most of its cases lie on, at most two, most first.
    areas
        Code of the area most of its cases lie in, or None.
    numbers
        Its row of ``HotSpotFinding.cells``.
    clues, doubt
        What speaks for it, in order; and the first thing that speaks against it, or that
        nothing was found to (``none``).
    emerging_class
        Class of the cell over the last weeks; None where there are too few weeks.
    """

    at: int
    cell: int
    streets: tuple[str, ...]
    area: str | None
    numbers: Mapping[str, Any]
    clues: tuple[Clue, ...]
    doubt: Clue
    emerging_class: str | None


def explain(
    source: Source,
    finding: HotSpotFinding,
    at: int,
    *,
    weekly: EmergingFinding | None = None,
    rule: ClueRule = DEFAULT_CLUES,
) -> Place:
    """Gather the clues of one study cell; kept for the next who asks.

    Parameters
    ----------
    weekly
        The weeks to speak of; those of the finding's own period when None.
    """
    if weekly is None:
        weekly = find_emerging(source, finding.selection, resolution=finding.ground.resolution)
    key = ("explain", finding.selection, finding.ground.resolution, finding.per_km,
           finding.spots.rule, at, weekly.selection, rule)  # fmt: skip
    return source.remember(key, lambda: _explain(source, finding, at, weekly, rule))


def explain_weeks(
    source: Source, weekly: EmergingFinding, at: int, *, rule: ClueRule = DEFAULT_CLUES
) -> Place:
    """Gather the clues of one study cell over the weeks: what the last step was tested with.

    Its cases are those of the last two weeks, which a step's neighbourhood spans.
    """
    last = recent(weekly)
    finding = find_hot_spots(source, last, resolution=weekly.ground.resolution)
    key = ("explain weeks", weekly.selection, weekly.ground.resolution, at, rule)
    position = finding.ground.position(int(weekly.ground.cells[at]))
    place = explain(source, finding, position or 0, weekly=weekly, rule=rule)
    return source.remember(
        key,
        lambda: replace(
            place,
            streets=tuple(streets_around(source, weekly, at)),
            clues=(of_step(weekly, at), *place.clues[_OF_TEST:]),
        ),
    )


def recent(weekly: EmergingFinding) -> Selection:
    """Return the selection of the last two weeks; all there are where there are fewer."""
    begins = weekly.weeks[-2:]
    return replace(weekly.selection, from_on=begins[0]) if begins else weekly.selection


_OF_TEST: Final = 3
"""Clues that `of_test` gives, first in a place's list."""


def _explain(
    source: Source, finding: HotSpotFinding, at: int, weekly: EmergingFinding, rule: ClueRule
) -> Place:
    numbers = finding.cells.row(at, named=True)
    around = finding.ground.cells[finding.ground.near(at)]
    rows = rows_in(source, finding.selection, around, finding.ground.resolution)
    here = CasesHere(source=source, rows=rows, all_rows=_all_rows(source, finding))
    position = weekly.ground.position(int(numbers["cell"]))
    weeks = of_weeks(weekly, position)
    clues = (*of_test(finding, numbers), *weeks, *of_cases(here, rule))
    code = None
    if weekly.classes.undecided is None and position is not None:
        code = str(weekly.classes.cells["class"][position])
    return Place(
        at=at,
        cell=int(numbers["cell"]),
        streets=tuple(name for name, _ in streets_of(source, rows)),
        area=here.main("area", skip=NO_AREA),
        numbers=numbers,
        clues=clues,
        doubt=doubt_of(here, finding, numbers, around=around, rule=rule),
        emerging_class=code,
    )


def _all_rows(source: Source, finding: HotSpotFinding) -> Rows:
    """Rows of all cases tested: what a place is compared with."""
    selection = replace(finding.selection, piles="leave_out")
    key = ("tested rows", selection)
    return source.remember(key, lambda: np.flatnonzero(source.keep(selection)))
