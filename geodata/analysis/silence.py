"""Which areas reported nothing at all: that is no data, not zero."""

from __future__ import annotations

from collections.abc import Mapping

from geodata.analysis.facts import Facts
from geodata.domain.selection import Selection
from geodata.domain.tree import Tree


def period_alone(selection: Selection) -> Selection:
    """Reduce a selection to its period, whatever else it restricts."""
    return Selection(
        phases=selection.phases, from_on=selection.from_on, until_on=selection.until_on
    )


def silent_rows(facts: Facts, cases: Mapping[str, int]) -> list[int]:
    """Rows of the areas that reported nothing, as `silent_among`.

    Whose own cases alone are here cannot tell: no case of an office is no silence of an area.
    """
    return silent_among(facts.areas, cases) if facts.mine is None else []


def silent_among(areas: Tree, cases: Mapping[str, int]) -> list[int]:
    """Rows of the lowest areas without a case in a period; empty where no area has any.

    Parameters
    ----------
    cases
        Area code → cases of the period, under no other restriction.
    """
    leaves = [(row, area.code) for row, area in enumerate(areas) if not areas.children(area.code)]
    silent = [row for row, code in leaves if not cases.get(code)]
    return [] if len(silent) == len(leaves) else silent
