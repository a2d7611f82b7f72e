"""Where one colour ends and the next begins: fixed once per city, so that red keeps its meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from geodata.analysis.counts import count_by_cell
from geodata.analysis.facts import Facts

CLASSES: Final = 7
MEASURES: Final = ("count", "per_km", "area_m2")
_NICE: Final = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_SHARES: Final = (0.0, 0.25, 0.45, 0.65, 0.80, 0.91, 0.97)
"""Shares of the non-empty cells that lie below each colour: light is common, dark is rare."""

Breaks = dict[int, list[float]]
"""Resolution → lower bounds of the seven colours, rising."""


def locked_breaks(
    facts: Facts,
    measure: str,
    resolutions: tuple[int, ...],
    km: Mapping[int, Mapping[int, float]] | None = None,
) -> Breaks:
    """Lower bounds for a measure at each resolution, from all cases whatever the filter.

    The whole record is scaled to the length of the longest phase (or kept as it is without a
    campaign), so that a phase uses the full range; the top colour is the top 3 % of cells.

    Parameters
    ----------
    km
        For ``per_km``: resolution → cell → kilometres of street in it.
    """
    scale = _phase_days(facts) / _recorded_days(facts)
    keep = ~facts.frame["pile"].to_numpy()
    bounds: Breaks = {}
    for resolution in resolutions:
        counts = count_by_cell(facts, keep, resolution=resolution)
        values = counts["area_m2" if measure == "area_m2" else "cases"].to_numpy() * scale
        if measure == "per_km":
            held = (km or {}).get(resolution, {})
            length = np.array([held.get(cell, 0.0) for cell in counts["cell"]])
            values = values[length > 0] / length[length > 0]
        bounds[resolution] = _spread(values, whole=measure == "count")
    return bounds


def _phase_days(facts: Facts) -> float:
    phases = facts.campaign.phases if facts.campaign else ()
    return float(max((phase.days for phase in phases), default=_recorded_days(facts)))


def _recorded_days(facts: Facts) -> float:
    days = facts.frame["reported_on"].to_physical()
    return float(max(days.max() - days.min() + 1, 1)) if len(days) else 1.0  # type: ignore[operator]


def _spread(values: npt.NDArray[np.float64], *, whole: bool) -> list[float]:
    """Seven rising bounds in round numbers, at fixed shares of the cells that have any."""
    some = values[values > 0]
    ideal = np.quantile(some, _SHARES) if len(some) else np.arange(1.0, CLASSES + 1)
    if whole:
        ideal[0] = 1.0
    bounds: list[float] = []
    for value in ideal:
        nice = float(round(value)) if whole and value < 10 else _nice(float(value))  # noqa: PLR2004
        least = (bounds[-1] + 1 if whole else bounds[-1] * 1.25) if bounds else 0.0
        bounds.append(nice if nice >= least else least)
    return bounds


def _nice(value: float) -> float:
    """Round number nearest in ratio."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(min(_NICE, key=lambda step: abs(np.log(step * power / value))) * power)
