"""Hot spots, their classes over time and local Moran, in the words of this table."""

from __future__ import annotations

from tests.analysis import truth_hotspots
from tests.truth.row import Row


def rows(runs: int) -> list[Row]:
    """False alarms where nothing is planted; found, and falsely found, where something is."""
    held = [_row(one, "false alarms", one.false_share) for one in truth_hotspots.held_rows(runs)]
    planted = truth_hotspots.power_rows(runs)
    return [
        *held,
        *(_row(one, "power", one.found or 0.0) for one in planted),
        *(_row(one, "false alarms", one.false_share, "; of the findings") for one in planted),
    ]


def _row(one: truth_hotspots.Row, question: str, measured: float, more: str = "") -> Row:
    return Row(method=one.test, world=one.world + more, question=question, runs=one.runs,
               measured=measured)  # type: ignore[arg-type]  # fmt: skip
