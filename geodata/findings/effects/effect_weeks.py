"""Treated streets, those around and those compared with, week by week: the picture of an effect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from geodata.analysis.comparison import Trial
from geodata.analysis.effect import Effect
from geodata.analysis.panels import Flags, Panel

_WEEK: Final = 7


def weekly_course(
    trial: Trial, around: Flags, effect: Effect, rose: Sequence[str] = ()
) -> pl.DataFrame:
    """Count whole weeks from the first day of the period after, both ways.

    Returns
    -------
    polars.DataFrame
        One row per seven days, in order: ``from_on``, ``treated``, ``around``, ``rose`` (of
        those around, the streets that rose), ``expected`` (comparison streets, brought to the
        treated streets' level before; null where the effect is undecided). Empty where the
        record holds no whole week.
    """
    days = trial.panel.days
    start = int(np.flatnonzero(trial.after)[0]) if trial.after.any() else 0
    begins = range(start % _WEEK, len(days) - _WEEK + 1, _WEEK)
    rows = trial.panel.rows(effect.compared_with)
    sums = {
        name: _sums(trial.panel, flags, begins)
        for name, flags in (
            ("treated", trial.treated),
            ("around", around),
            ("rose", trial.panel.rows(rose)),
            ("other", rows),
        )
    }
    counted = pl.DataFrame(
        {"from_on": [days[at].astype(date) for at in begins], **sums},
        schema={"from_on": pl.Date, **dict.fromkeys(sums, pl.Int64)},
    )
    scale = _scale(effect)
    expected = pl.lit(None, pl.Float64) if scale is None else pl.col("other") * scale
    return counted.with_columns(expected=expected).drop("other")


def _sums(panel: Panel, rows: Flags, begins: Iterable[int]) -> list[int]:
    daily = panel.counts[rows].sum(axis=0)
    return [int(daily[at : at + _WEEK].sum()) for at in begins]


def _scale(effect: Effect) -> float | None:
    """How many times the comparison streets' reports before the treated streets' are."""
    if effect.undecided is not None:
        return None
    (treated, other) = effect.counts["before"].to_list()
    return float(treated / other) if other else None
