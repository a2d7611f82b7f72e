"""What hangs on the wall: the phase, this week's places, what came back, and the offices.

Each screen states its own period: the phase so far, the latest week, and for what needs many cases
(rebounds, offices) the last `RECENT_DAYS` days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from geodata.analysis.breaks import bounds_of, period_step
from geodata.analysis.rebound import DEFAULT_RULE, ReboundRule
from geodata.domain.period import Period, parse_period
from geodata.domain.selection import Selection
from geodata.findings.rebounds.rebound import ReboundFinding, rebounds, rebounds_by
from geodata.findings.rebounds.rebound_cells import RESOLUTION, rebounds_by_cell
from geodata.findings.source import Source
from geodata.findings.summing_up.compared import Compared
from geodata.findings.summing_up.headlines import followed
from geodata.findings.summing_up.late import RANKED_DAYS
from geodata.findings.summing_up.overview import Overview, overview
from geodata.spatial.cells import parent_expr
from geodata.wording import Words

RECENT_DAYS: Final = RANKED_DAYS
"""Days of the screens on rebounds and offices: those offices are ranked on everywhere."""


@dataclass(frozen=True, kw_only=True)
class CameBack:
    """Rebounds reported in a period, and the close-outs whose window ended in it.

    Attributes
    ----------
    found
        Rate and excess over the places' usual level, of close-outs watched in full by each day
        of the period: the headline's rate, with its interval.
    streets
        The same by street; see `rebounds_by`.
    cells
        ``cell`` (at ``resolution``) of the closed case, ``cases`` that came back in the period;
        ascending.
    scale
        Seven locked lower bounds for a period that long.
    """

    found: ReboundFinding
    streets: pl.DataFrame
    cells: pl.DataFrame
    scale: tuple[float, ...]
    resolution: int


@dataclass(frozen=True, kw_only=True)
class Wall:
    """The findings behind the four screens of one version.

    Attributes
    ----------
    stage
        The phase of the last day with data; where it lies in none, the latest week.
    week
        The week of the last day.
    recent
        The last `RECENT_DAYS` days.
    """

    stage: Overview
    week: Overview
    recent: Overview
    back: CameBack


def wall(source: Source, say: Words | None = None, *, rule: ReboundRule = DEFAULT_RULE) -> Wall:
    """Answer everything the wall shows; of all cases, no filter.

    Parameters
    ----------
    say
        Writes the filters into every scope.
    """
    recent = overview(source, recent_of(source.facts.last_day), None, say, rule=rule)
    return Wall(
        stage=overview(source, stage_of(source), None, say, rule=rule),
        week=overview(source, week_of(source.facts.last_day), None, say, rule=rule),
        recent=recent,
        back=came_back(recent.compared, recent.places.resolution, rule),
    )


def week_of(day: date) -> Period:
    """Monday to Sunday around a day."""
    year, week, _ = day.isocalendar()
    return parse_period(f"{year}-W{week:02d}")


def recent_of(day: date) -> Period:
    """Return the last `RECENT_DAYS` days up to a day."""
    return parse_period(f"{day - timedelta(days=RECENT_DAYS - 1)}..{day}")


def stage_of(source: Source) -> Period:
    """Phase of the last day with data, else its week."""
    campaign, day = source.city.campaign, source.facts.last_day
    for phase in campaign.phases if campaign else ():
        if phase.from_on <= day <= phase.until_on:
            return parse_period(f"phase:{phase.code}", campaign)
    return week_of(day)


def came_back(both: Compared, resolution: int, rule: ReboundRule = DEFAULT_RULE) -> CameBack:
    """Tell what came back in a period, where, and whether that is more than usual there.

    Parameters
    ----------
    resolution
        Of the map, at most `rebound_cells.RESOLUTION`.
    """
    watched = watched_in(both, rule)
    at = min(resolution, RESOLUTION)
    return CameBack(
        found=rebounds(both.source, watched, rule=rule),
        streets=rebounds_by(both.source, "street", watched, rule=rule),
        cells=_cells(both, at, rule),
        scale=tuple(_scale(both, at, rule)),
        resolution=at,
    )


def watched_in(both: Compared, rule: ReboundRule) -> Selection:
    """Close-outs whose window of follow-up ended on a day of the period that the data cover."""
    back = timedelta(days=rule.within_days)
    return Selection(from_on=both.period.from_on - back, until_on=both.last_on - back)


def _cells(both: Compared, resolution: int, rule: ReboundRule) -> pl.DataFrame:
    on = pl.col("closed") + pl.duration(days=pl.col("rebound_days").cast(pl.Int64))
    back = followed(both, rule).table.filter(
        "rebound", on.is_between(pl.lit(both.now.from_on), pl.lit(both.now.until_on))
    )
    at = both.source.facts.frame.select("key", cell=parent_expr(pl.col("cell"), resolution))
    held = back.select(key="case").join(at, on="key", how="inner")
    return held.group_by("cell").agg(cases=pl.len().cast(pl.Int64)).sort("cell")


def _scale(both: Compared, resolution: int, rule: ReboundRule) -> list[float]:
    """Locked lower bounds: the whole record's, brought down to a period this long."""
    facts = both.source.facts
    every = rebounds_by_cell(both.source, rule=rule)
    held = every.group_by(parent_expr(pl.col("cell"), resolution)).agg(pl.col("rebounds").sum())
    recorded = (facts.last_day - facts.first_day).days + 1
    step = period_step(max(both.days, 1))
    return bounds_of(held["rebounds"].to_numpy() * (step / recorded), whole=True)
