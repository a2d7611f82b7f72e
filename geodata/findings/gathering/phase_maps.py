"""Two phases on one scale, cell by cell, and which cells surely changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.answers import Withheld
from geodata.analysis.baseline import Baseline
from geodata.analysis.breaks import locked_breaks
from geodata.analysis.difference_map import DifferenceMap, cell_dispersion, difference_map
from geodata.analysis.false_discovery import Reals
from geodata.analysis.reasons import Reason
from geodata.domain.selection import Selection
from geodata.errors import GeodataError, Sentence
from geodata.findings.gathering.emerging import week_cube
from geodata.findings.gathering.study import (
    Chosen,
    Ground,
    choose_resolution,
    ground_of,
    place_cases,
)
from geodata.findings.source import Source
from geodata.findings.usual_days import CAMPAIGN, days_of, effects_of, usual_days
from geodata.spatial.cells import Cells

WEEK: Final = 7


class PhaseNotKnown(GeodataError):
    """A phase to compare is none of the campaign's."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two phases.

    Attributes
    ----------
    code
        Phase value, or `CAMPAIGN`.
    days
        Its recorded days, in order; a phase that lies ahead has none.
    exposure
        Sum of the weights of its days (days where weekdays and holidays cannot be told apart).
    cases
        Cases of each study cell, default geocodes left out.
    """

    code: str
    selection: Selection
    days: tuple[date, ...]
    exposure: float
    cases: Reals

    @property
    def per_week(self) -> Reals:
        """Cases of each study cell in an average week; zeros without a day."""
        return self.cases * WEEK / self.exposure if self.exposure else np.zeros(len(self.cases))


@dataclass(frozen=True, kw_only=True)
class PhaseMaps:
    """Both phases, their shared scale, and the difference.

    Attributes
    ----------
    scale
        Lower bounds of the seven colours, cases a week: the city's locked scale, for both maps.
    difference
        Which cells surely changed (`DifferenceMap.cells` in the order of ``ground.cells``), or
        why that cannot be said.
    effects
        How busy each kind of day is; where its ``undecided`` says why not, days count alike.
    """

    chosen: Chosen
    ground: Ground
    first: Side
    second: Side
    scale: tuple[float, ...]
    difference: DifferenceMap | Withheld
    effects: Baseline

    @property
    def weighted(self) -> bool:
        """Whether days are weighted: weekdays, holidays and market days."""
        return self.effects.undecided is None

    @property
    def cells(self) -> pl.DataFrame:
        """``cell``, cases and cases a week of both, ``change`` a week, ``finding``, ``ratio``,
        ``lower``, ``upper``, ``q``; in the order of ``ground.cells``.
        """  # noqa: D205 - one list
        table = pl.DataFrame(
            {
                "cell": self.ground.cells,
                "first": self.first.cases,
                "second": self.second.cases,
                "first_per_week": self.first.per_week,
                "second_per_week": self.second.per_week,
                "change": self.second.per_week - self.first.per_week,
            }
        )
        if isinstance(self.difference, Withheld):
            nothing = [pl.lit(None, pl.Float64).alias(name) for name in _TESTED]
            return table.with_columns(pl.lit(0, pl.Int8).alias("finding"), *nothing)
        found = self.difference.cells
        return table.with_columns(found["finding"], *(found[name] for name in _TESTED))

    def changed(self, sign: int) -> Cells:
        """Cells with surely more (1) or fewer (-1) cases a day; none where nothing was tested."""
        found: Cells = self.ground.cells[(self.cells["finding"] == sign).to_numpy()]
        return found

    @property
    def too_few(self) -> int:
        """Cells with cases, but with too few for any test."""
        if isinstance(self.difference, Withheld):
            return 0
        table = self.difference.cells
        return int((((table["first"] + table["second"]) > 0) & ~table["tested"]).sum())


_TESTED: Final = ("ratio", "lower", "upper", "q")


def compare_phases(
    source: Source,
    selection: Selection,
    first: str,
    second: str,
    *,
    resolution: int | None = None,
) -> PhaseMaps:
    """Compare two phases cell by cell under the same other filters.

    Parameters
    ----------
    first, second
        Phase values (``before`` and ``after`` among them), or ``campaign``.
    resolution
        Chosen by `study.choose_resolution` on both phases together when None.

    Raises
    ------
    PhaseNotKnown
        There is no campaign, or it has no such phase.
    """
    base = replace(selection, phases=None, from_on=None, until_on=None)
    key = ("phase maps", base, first, second, resolution)
    return source.remember(key, lambda: _compare(source, base, first, second, resolution))


def _compare(
    source: Source, base: Selection, first: str, second: str, resolution: int | None
) -> PhaseMaps:
    codes = [_codes(source, code) for code in (first, second)]
    both = replace(base, phases=codes[0] | codes[1])
    chosen = choose_resolution(source, both, resolution)
    ground = ground_of(source, both, chosen.resolution)
    selections = [replace(base, phases=one) for one in codes]
    sides = [
        Side(
            code=code,
            selection=one,
            days=tuple(days_of(source, base, code)),
            exposure=usual_days(source, base, code),
            cases=place_cases(source, one, ground).kept,
        )
        for code, one in zip((first, second), selections, strict=True)
    ]
    return PhaseMaps(
        chosen=chosen,
        ground=ground,
        first=sides[0],
        second=sides[1],
        scale=_scale(source, chosen.resolution),
        difference=_difference(source, ground, sides),
        effects=effects_of(source, base),
    )


def _codes(source: Source, code: str) -> frozenset[str]:
    campaign = source.facts.campaign
    if campaign is not None and code == CAMPAIGN:
        return frozenset(phase.code for phase in campaign.phases)
    if campaign is None or code not in campaign.values:
        none = Sentence("the city has no campaign")
        raise PhaseNotKnown(
            "{code!r} is no phase to compare; choose from: {known}.",
            code=code,
            known=none if campaign is None else list(campaign.values),
        )
    return frozenset([code])


def _scale(source: Source, resolution: int) -> tuple[float, ...]:
    key = ("weekly scale", resolution)
    found = source.remember(
        key, lambda: locked_breaks(source.facts, "count", (resolution,), days=WEEK)
    )
    return tuple(found[str(resolution)])


def _difference(source: Source, ground: Ground, sides: list[Side]) -> DifferenceMap | Withheld:
    if set(sides[0].days) & set(sides[1].days):
        return Withheld(formula="rate_ratio", reason=Reason.PERIODS_OVERLAP)
    counts = pl.DataFrame({"cell": ground.cells, "first": sides[0].cases, "second": sides[1].cases})
    return difference_map(
        counts,
        first_days=sides[0].exposure,
        second_days=sides[1].exposure,
        dispersion=max(_dispersion(source, ground, one) for one in sides),
    )


def _dispersion(source: Source, ground: Ground, side: Side) -> float:
    """Scatter of the cells from week to week within a phase, where nothing should change."""
    begins = _whole_weeks(side.days)
    cube = week_cube(source, side.selection, ground, begins)
    exposure: npt.NDArray[np.float64] = np.full(len(begins), float(WEEK))
    return cell_dispersion(cube, exposure)


def _whole_weeks(days: tuple[date, ...]) -> tuple[date, ...]:
    """First days of the weeks that lie whole among these days, counted from the first."""
    held, begins = set(days), []
    day = days[0] if days else None
    while day is not None and day <= days[-1]:
        week = [day + timedelta(days=nth) for nth in range(WEEK)]
        whole = all(one in held for one in week)
        begins += [day] if whole else []
        day += timedelta(days=WEEK if whole else 1)
    return tuple(begins)
