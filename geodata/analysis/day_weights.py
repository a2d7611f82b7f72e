"""Weekdays and holidays: how much is reported on such a day whatever the campaign does.

Counts are taken as (level of the phase) × (effect of the kind of day); both are estimated
together, so that a phase with more Sundays is not taken for a quiet one. The fit is the Poisson
maximum likelihood of the two-way multiplicative model, found by scaling each side in turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.answers import Withheld
from geodata.analysis.reasons import Reason
from geodata.domain.calendar import WorkCalendar, holiday_names

WEEKDAYS: Final[tuple[str, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAY: Final[str] = "holiday"
_ROUNDS: Final = 500
_CLOSE: Final = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRule:
    """How many days it takes to tell kinds of day apart.

    A kind of its own needs ``least_days`` days; a weekday or weekend with fewer makes the whole
    estimate too short, fewer holidays count as Sundays. A weekend worked instead 调休 counts
    as a Friday.
    """

    least_days: int = 4
    least_holidays: int = 3
    source: str = "assumed: four weeks to see a weekday, three days to see a holiday"


@dataclass(frozen=True, kw_only=True)
class DayWeights:
    """How much of an ordinary day each day is.

    Attributes
    ----------
    days
        ``day``, ``kind``, ``weight`` (1 = an average day of the span), in order of time.
    kinds
        ``kind``, ``days``, ``cases``, ``effect`` (the weight of such a day), in order of the
        week, holidays last.
    """

    days: pl.DataFrame
    kinds: pl.DataFrame
    rule: DayRule


def day_kinds(days: Sequence[date], calendar: WorkCalendar, rule: DayRule) -> list[str]:
    """Kind of each day: a weekday or weekend day, or a holiday."""
    if not days:
        return []
    named = holiday_names(calendar, min(days), max(days), "en")
    worked = calendar.is_workday_many(np.array(days, dtype="datetime64[D]"))
    kinds = [
        _kind(day, worked=bool(works), holiday=day in named)
        for day, works in zip(days, worked, strict=True)
    ]
    if kinds.count(HOLIDAY) < rule.least_holidays:
        return ["sun" if kind == HOLIDAY else kind for kind in kinds]
    return kinds


def _kind(day: date, *, worked: bool, holiday: bool) -> str:
    weekend = day.weekday() > WEEKDAYS.index("fri")
    if not worked and (holiday or not weekend):
        return HOLIDAY
    return "fri" if worked and weekend else WEEKDAYS[day.weekday()]


def day_weights(
    daily: pl.DataFrame,
    windows: Mapping[str, Sequence[date]],
    calendar: WorkCalendar,
    rule: DayRule | None = None,
) -> DayWeights | Withheld:
    """Estimate the weight of every day of the windows.

    Parameters
    ----------
    daily
        ``day`` and ``cases``, zeros included.
    windows
        The days of each phase; each may have a level of its own.
    """
    rule = rule or DayRule()
    phase_of = {day: phase for phase, days in windows.items() for day in days}
    held = daily.filter(pl.col("day").is_in(list(phase_of))).sort("day")
    days = held["day"].to_list()
    kinds = day_kinds(days, calendar, rule)
    listed = [kind for kind in (*WEEKDAYS, HOLIDAY) if kind in kinds]
    kind_row = np.array([listed.index(kind) for kind in kinds], dtype=np.int64)
    phase_row = np.unique([phase_of[day] for day in days], return_inverse=True)[1]
    fewest = min(kinds.count(kind) for kind in WEEKDAYS)
    if fewest < rule.least_days or not _connected(kind_row, phase_row):
        known = {"days": len(days), "fewest_of_a_weekday": fewest, "needed": rule.least_days}
        return Withheld(formula="cases_per_day", reason=Reason.TOO_SHORT, known=known)
    counts = held["cases"].to_numpy().astype(np.float64)
    if not counts.any():
        return Withheld(formula="cases_per_day", reason=Reason.NO_CASES, known={"days": len(days)})
    effects = _effects(counts, kind_row, phase_row)
    effects /= effects[kind_row].mean()
    return DayWeights(
        days=held.select("day", kind=pl.Series(kinds), weight=pl.Series(effects[kind_row])),
        kinds=pl.DataFrame(
            {
                "kind": listed,
                "days": np.bincount(kind_row),
                "cases": np.bincount(kind_row, weights=counts).astype(np.int64),
                "effect": effects,
            }
        ),
        rule=rule,
    )


def _effects(
    counts: npt.NDArray[np.float64],
    kind_row: npt.NDArray[np.int64],
    phase_row: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    """Effect of each kind of day, by scaling kinds and phases in turn until nothing moves."""
    kinds, phases = int(kind_row.max()) + 1, int(phase_row.max()) + 1
    by_kind = np.bincount(kind_row, weights=counts, minlength=kinds)
    by_phase = np.bincount(phase_row, weights=counts, minlength=phases)
    effect = np.ones(kinds)
    for _ in range(_ROUNDS):
        before = effect
        level = by_phase / _positive(np.bincount(phase_row, weights=effect[kind_row]))
        effect = by_kind / _positive(np.bincount(kind_row, weights=level[phase_row]))
        effect = effect / effect.mean()
        if np.abs(effect - before).max() < _CLOSE:
            break
    return effect


def _positive(sums: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Sums to divide by; where one is zero so is what it divides."""
    return np.where(sums > 0, sums, 1.0)


def _connected(kind_row: npt.NDArray[np.int64], phase_row: npt.NDArray[np.int64]) -> bool:
    """Whether kinds and phases can be told apart: each is linked to all others by shared days."""
    met = np.zeros((int(kind_row.max()) + 1, int(phase_row.max()) + 1), dtype=bool)
    met[kind_row, phase_row] = True
    reached = {0}
    for _ in range(sum(met.shape)):
        kinds = met[:, sorted(reached)].any(axis=1)
        reached = set(np.flatnonzero(met[kinds].any(axis=0)).tolist())
    return len(reached) == met.shape[1]
