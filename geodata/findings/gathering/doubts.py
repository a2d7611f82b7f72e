"""What speaks against a hot spot: patrols, few cases, the grid, the edge of the study area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geodata.analysis.intervals import share_difference_limits
from geodata.findings.gathering.cases_here import CasesHere
from geodata.findings.gathering.clues import DEFAULT_CLUES, Clue, ClueRule
from geodata.findings.gathering.hotspots import HotSpotFinding
from geodata.findings.gathering.study import FULL
from geodata.findings.patrols import patrols_at
from geodata.spatial.cells import Cells


def doubt_of(
    here: CasesHere,
    finding: HotSpotFinding,
    numbers: Mapping[str, Any],
    *,
    around: Cells,
    rule: ClueRule = DEFAULT_CLUES,
) -> Clue:
    """Name the weightiest doubt: patrols, few cases, the grid, the edge; or that none was found."""
    for found in (
        _patrols(here, finding, around, rule),
        _few(here, rule),
        _grid(numbers),
        _edge(numbers, rule),
    ):
        if found is not None:
            return found
    return Clue(code="none", values={"variants": finding.variants})


def _patrols(
    here: CasesHere, finding: HotSpotFinding, around: Cells, rule: ClueRule
) -> Clue | None:
    """S11: more was found because more was looked for, now or here."""
    if not len(here.rows):
        return None
    shift = patrols_at(here.source, finding.selection, around, finding.ground.resolution)
    if shift is not None and shift.changed and shift.difference > 0:
        values = {"before": shift.first.value, "now": shift.second.value}
        return Clue(code="patrol_rose", values=values)
    codes, own, every = here.counts("channel")
    patrol = here.patrol(codes)
    mine, theirs = own[patrol].sum(), every[patrol].sum() - own[patrol].sum()
    whole, rest = own.sum(), every.sum() - own.sum()
    if not rest:
        return None
    lower, _ = share_difference_limits(float(theirs), float(rest), float(mine), float(whole))
    share, elsewhere = float(mine / whole), float(theirs / rest)
    if lower > 0 and share - elsewhere >= rule.patrol_points:
        return Clue(code="patrol_high", values={"share": share, "elsewhere": elsewhere})
    return None


def _few(here: CasesHere, rule: ClueRule) -> Clue | None:
    if len(here.rows) < rule.few:
        return Clue(code="few", values={"cases": len(here.rows), "least": rule.few})
    return None


def _grid(numbers: Mapping[str, Any]) -> Clue | None:
    if numbers["badge"] != "fragile":
        return None
    return Clue(code="grid", values={"share": float(numbers["found_again"])})


def _edge(numbers: Mapping[str, Any], rule: ClueRule) -> Clue | None:
    if numbers["near_cells"] >= rule.edge:
        return None
    return Clue(code="edge", values={"cells": int(numbers["near_cells"]), "full": FULL})
