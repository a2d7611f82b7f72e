"""Which areas reported nothing at all: that is no data, not zero."""

from __future__ import annotations

from collections.abc import Mapping

from geodata.domain.selection import Selection
from geodata.domain.tree import Tree


def period_alone(selection: Selection) -> Selection:
    """Reduce a selection to its period, whatever else it restricts."""
    return Selection(
        phases=selection.phases, from_on=selection.from_on, until_on=selection.until_on
    )


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
