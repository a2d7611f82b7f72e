"""Which hot spots are new, lasting, fading or coming back, week by week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.answers import Scope
from geodata.analysis.emerging import DEFAULT_RULE, Emerging, EmergingRule, emerging
from geodata.analysis.emerging_classes import CLASS_NAMES
from geodata.analysis.facts import phase_days
from geodata.analysis.false_discovery import Reals
from geodata.analysis.zero_fill import cube_on_study_area
from geodata.domain.selection import Selection
from geodata.findings.gathering.cases_here import rows_in, streets_of
from geodata.findings.gathering.study import (
    Chosen,
    Ground,
    ResolutionRule,
    choose_resolution,
    ground_of,
    place_cases,
    spread_out,
)
from geodata.findings.source import Source
from geodata.spatial.cells import parent_of
from geodata.wording.selection import period_of

WEEK: Final = 7
MOST_WEEKS: Final = 12
"""A quarter: long enough for a trend, short enough that the last weeks count."""

WEEKLY_RESOLUTION: Final = ResolutionRule(
    least_mean=0.5,
    source="assumed: a neighbourhood of 7 cells and 2 weeks then expects 7 cases",
)


@dataclass(frozen=True, kw_only=True)
class EmergingFinding:
    """The class of every study cell over the last weeks of a selection.

    Attributes
    ----------
    classes
        One row per study cell in the order of ``ground.cells``; see `Emerging`.
    weeks
        First day of each week; the last one ends with the period's last recorded day.
    cube
        Study cells × weeks: cases, default geocodes left out.
    piled_cases
        Cases of these weeks on default geocodes, left out.
    outside_cases
        Cases of these weeks outside the ground.
    selection
        With the weeks as its period.
    """

    selection: Selection
    chosen: Chosen
    ground: Ground
    classes: Emerging
    weeks: tuple[date, ...]
    cube: Reals
    piled_cases: int
    outside_cases: int
    scope: Scope

    @property
    def last_day(self) -> date | None:
        """Last day of the last week; None without weeks."""
        return self.weeks[-1] + timedelta(days=WEEK - 1) if self.weeks else None

    def by_class(self) -> pl.DataFrame:
        """Count the cells of each of the seventeen classes: ``class``, ``cells``; all, in order."""
        names = pl.DataFrame({"class": pl.Series(CLASS_NAMES, dtype=pl.Enum(CLASS_NAMES))})
        counted = self.classes.cells.group_by("class").agg(cells=pl.len())
        joined = names.join(counted, on="class", how="left", maintain_order="left")
        return joined.with_columns(pl.col("cells").fill_null(0))

    def around(self, at: int) -> Reals:
        """Cases of a cell's neighbourhood in each week."""
        found: Reals = self.cube[self.ground.near(at)].sum(axis=0)
        return found

    def usual(self, at: int) -> float:
        """Cases a neighbourhood of that size has in an average week."""
        return float(self.cube.mean()) * len(self.ground.near(at)) if self.cube.size else 0.0

    def hot_run(self, at: int) -> int:
        """How many weeks up to the last the cell has been hot without a break."""
        series = self.classes.spots[at] > 0
        quiet = np.flatnonzero(~series)
        return len(series) - 1 - int(quiet[-1]) if len(quiet) else len(series)


def find_emerging(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    resolution: int | None = None,
    weeks: int = MOST_WEEKS,
    rule: EmergingRule = DEFAULT_RULE,
) -> EmergingFinding:
    """Class every study cell by its last weeks; default geocodes are left out before counting.

    Parameters
    ----------
    resolution
        H3 resolution of the cells; chosen by `WEEKLY_RESOLUTION` when None.
    weeks
        At most so many whole weeks, counted back from the last recorded day of the selection's
        period. Fewer than four are too few: ``classes.undecided`` says so.
    """
    key = ("emerging", selection, resolution, weeks, rule)
    return source.remember(key, lambda: _find(source, selection, resolution, weeks, rule))


def _find(
    source: Source, selection: Selection, resolution: int | None, weeks: int, rule: EmergingRule
) -> EmergingFinding:
    begins = weeks_of(source, selection, weeks)
    within = _within(selection, begins)
    chosen = choose_resolution(
        source, within, resolution, steps=max(len(begins), 1), rule=WEEKLY_RESOLUTION
    )
    ground = ground_of(source, within, chosen.resolution)
    placed = place_cases(source, within, ground)
    cube = week_cube(source, within, ground, begins)
    return EmergingFinding(
        selection=within,
        chosen=chosen,
        ground=ground,
        classes=emerging(cube, ground.neighbours, ids=ground.cells, rule=rule),
        weeks=begins,
        cube=cube,
        piled_cases=placed.piled_cases,
        outside_cases=placed.outside,
        scope=source.scope(within),
    )


def _within(selection: Selection, begins: Sequence[date]) -> Selection:
    if not begins:
        return selection
    last = begins[-1] + timedelta(days=WEEK - 1)
    return replace(selection, from_on=begins[0], until_on=last)


def weeks_of(source: Source, selection: Selection, most: int = MOST_WEEKS) -> tuple[date, ...]:
    """First days of the last whole weeks of a selection's period, in order of time.

    Counted back from its last recorded day; where chosen phases leave a gap, only the days since
    the last gap count. Empty where no week is whole, or no case is recorded.
    """
    if not len(source.facts):
        return ()
    first, last = _unbroken(source, selection)
    whole = min(((last - first).days + 1) // WEEK, most)
    return tuple(last - timedelta(days=WEEK * back - 1) for back in range(whole, 0, -1))


def _unbroken(source: Source, selection: Selection) -> tuple[date, date]:
    """First and last day of the last run of days that belong to the chosen phases."""
    first, last = period_of(source.city, source.facts, selection)
    campaign = source.facts.campaign
    if campaign is None or selection.phases is None:
        return first, last
    values = phase_days(campaign, None, first, last)
    meant = [at for at, value in enumerate(values) if value in selection.phases]
    if not meant:
        return first, first - timedelta(days=1)
    end = begin = meant[-1]
    while begin - 1 in meant:
        begin -= 1
    return first + timedelta(days=begin), first + timedelta(days=end)


def week_cube(
    source: Source, selection: Selection, ground: Ground, begins: Sequence[date]
) -> Reals:
    """Count a selection's cases by study cell and week, default geocodes left out.

    Returns
    -------
    numpy.ndarray
        Study cells × weeks, zeros filled in.
    """
    keep = source.keep(replace(selection, piles="leave_out"))
    frame = source.facts.frame
    days = frame["reported_on"].to_physical().to_numpy()[keep].astype(np.int64)
    here = parent_of(frame["cell"].to_numpy()[keep], ground.resolution)
    ones: npt.NDArray[np.int64] = np.ones(len(here), dtype=np.int64)
    step = _step_of(days, begins)
    cube, _ = cube_on_study_area(ground.cells, here, step, ones, steps=len(begins))
    return cube


def _step_of(days: npt.NDArray[np.int64], begins: Sequence[date]) -> npt.NDArray[np.int64]:
    """Week of each day (counted from 1970); −1 where it lies in none of these weeks."""
    if not begins:
        return np.full(len(days), -1, dtype=np.int64)
    numbers = np.array([(day - date(1970, 1, 1)).days for day in begins])
    step = np.searchsorted(numbers, days, side="right") - 1
    inside = (step >= 0) & (days < numbers[np.maximum(step, 0)] + WEEK)
    found: npt.NDArray[np.int64] = np.where(inside, step, -1)
    return found


def changed_places(source: Source, finding: EmergingFinding) -> pl.DataFrame:
    """List the hot cells that have a class, clearest last week first, each place once.

    Returns
    -------
    polars.DataFrame
        ``at`` (row of ``ground.cells``), the columns of ``classes.cells`` with ``class`` as text,
        and ``streets``: the named streets most cases around it lie on.
    """
    table = finding.classes.cells.with_row_index("at").with_columns(pl.col("class").cast(str))
    hot = table.filter(pl.col("class").str.ends_with("_hot"))
    ordered = hot.sort(["last_z", "cell"], descending=[True, False])
    rows = hot.clear() if hot.is_empty() else table[spread_out(finding.ground, ordered["at"])]
    names = [streets_around(source, finding, at) for at in rows["at"].to_list()]
    return rows.with_columns(streets=pl.Series(names, dtype=pl.List(pl.String)))


def streets_around(source: Source, finding: EmergingFinding, at: int) -> list[str]:
    """Name the streets most cases around a cell lie on over all weeks, at most two."""
    ground = finding.ground
    rows = rows_in(source, finding.selection, ground.cells[ground.near(at)], ground.resolution)
    return [name for name, _ in streets_of(source, rows)]
