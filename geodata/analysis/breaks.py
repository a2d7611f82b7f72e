"""Where one colour ends and the next begins: fixed once per city, so that red keeps its meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from geodata.analysis.counts import count_by_cell, count_by_segment
from geodata.analysis.facts import Facts

CLASSES: Final = 7
MEASURES: Final = ("count", "per_km", "area_m2")
PERIODS: Final = (1, 7, 14, 30, 60, 90, 180, 365, 730, 1460, 2920)
"""Days; a period is shown on the scale of the nearest of these."""

_NICE: Final = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_SHARES: Final = (0.0, 0.25, 0.45, 0.65, 0.80, 0.91, 0.97)
"""Shares of the non-empty cells that lie below each colour: light is common, dark is rare."""

SEGMENT: Final = "street"
"""Key of the scale for street segments."""

Breaks = dict[str, list[float]]
"""Resolution, or ``street``, → lower bounds of the seven colours, rising."""


def locked_breaks(
    facts: Facts,
    measure: str,
    resolutions: tuple[int, ...],
    *,
    days: int,
    km: Mapping[int, Mapping[int, float]] | None = None,
) -> Breaks:
    """Lower bounds for a measure at each resolution, from all cases whatever the filter.

    The whole record is scaled to ``days`` days, so that a colour stands for the same pace of
    reports in a week, in a phase and over the whole campaign; the top colour is the top 3 %
    of cells at the average pace.

    Parameters
    ----------
    days
        A step of the period ladder, see `period_step`.
    km
        For ``per_km``: resolution → cell → kilometres of street in it.
    """
    scale = days / _recorded_days(facts)
    whole = measure == "count"
    keep = ~facts.frame["pile"].to_numpy()
    bounds: Breaks = {}
    for resolution in resolutions:
        counts = count_by_cell(facts, keep, resolution=resolution)
        values = counts["area_m2" if measure == "area_m2" else "cases"].to_numpy() * scale
        if measure == "per_km":
            held = (km or {}).get(resolution, {})
            length = np.array([held.get(cell, 0.0) for cell in counts["cell"]])
            values = values[length > 0] / length[length > 0]
        bounds[str(resolution)] = bounds_of(values, whole=whole)
    segments = count_by_segment(facts, keep).head(-1)
    column = "per_km" if measure == "per_km" else "cases"
    bounds[SEGMENT] = bounds_of(segments[column].to_numpy() * scale, whole=whole)
    return bounds


def period_step(days: int) -> int:
    """Return the step of the period ladder nearest in ratio: a scale is kept for each step."""
    return min(PERIODS, key=lambda step: abs(np.log(step / max(days, 1))))


def _recorded_days(facts: Facts) -> float:
    return float((facts.last_day - facts.first_day).days + 1)


def bounds_of(values: npt.NDArray[np.float64], *, whole: bool) -> list[float]:
    """Seven rising bounds in round numbers, at fixed shares of the cells that have any.

    With ``whole`` the values are counts: the bounds are whole numbers from 1 on.
    """
    some = values[values > 0]
    ideal = np.quantile(some, _SHARES) if len(some) else np.arange(1.0, CLASSES + 1)
    if whole:
        ideal[0] = 1.0
    bounds: list[float] = []
    for value in ideal:
        nice = float(round(value)) if whole and value < 10 else _nice(float(value))  # noqa: PLR2004
        least = (bounds[-1] + 1 if whole else bounds[-1] * 1.25) if bounds else 0.0
        bounds.append(max(nice, least))
    return bounds


def _nice(value: float) -> float:
    """Round number nearest in ratio."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(min(_NICE, key=lambda step: abs(np.log(step * power / value))) * power)
