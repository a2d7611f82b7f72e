"""How it stands, in thirty seconds: five numbers, the places, what changed, and sentences.

The landing page, the wall and the briefing all show this one answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from geodata.analysis.actions import ActionProgress
from geodata.analysis.answers import Scope, Withheld
from geodata.analysis.channels import PatrolShift, patrol_shift
from geodata.analysis.ranking import Ranking
from geodata.analysis.reasons import Reason
from geodata.analysis.rebound import DEFAULT_RULE, ReboundRule
from geodata.domain.campaign import SpecialAction
from geodata.domain.period import Period, parse_period
from geodata.domain.selection import Selection
from geodata.findings.effects.actions import first_day_of, progress
from geodata.findings.judging.offices import Standings, standings
from geodata.findings.source import Source
from geodata.findings.summing_up.compared import Compared, compared
from geodata.findings.summing_up.headlines import (
    Headline,
    followed,
    hot_headline,
    rebound_headline,
    standard_headlines,
)
from geodata.findings.summing_up.late import Late, late, ranked_period
from geodata.findings.summing_up.places import Places, places, spread_out
from geodata.maps.state import silent_areas
from geodata.wording import Words

TOP: Final = 20
"""Places on the largest map; smaller ones show the first of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything a leader is shown of a period.

    Attributes
    ----------
    compared
        The period and the one before, with their scopes.
    headlines
        受理, 按期结案率, 积存超期, 反弹率, 热点单元; each an `Answer` with the one before.
    places
        Streets, cells and hot spots.
    callouts
        The fullest cells of which no two touch: ``cell``, ``cases``, ``before``, ``hot``,
        ``new`` (hot now and not before), ``street`` (null: on none).
    spots
        Streets whose hot spots came or went: ``street``, ``fate`` (``new``, ``gone``), ``cells``.
    came_back
        Streets by what came back within ``rule.within_days`` days of close-out, in this period
        and the one before: ``street``, ``cases``, ``before``.
    late
        Overdue and about to be.
    standings
        Offices by on-time rate as the page on offices ranks them (without history), on the
        days of `late.ranked_period`.
    actions
        Progress of every special action that has begun.
    patrol
        Whether patrol effort changed (S11).
    silent
        Rows of the areas that reported nothing at all.
    piled
        Reports of the period on default geocodes: counted, but no place.
    """

    compared: Compared
    headlines: tuple[Headline, ...]
    places: Places
    callouts: pl.DataFrame
    spots: pl.DataFrame
    came_back: pl.DataFrame
    late: Late
    standings: Standings
    actions: tuple[ActionProgress, ...]
    not_begun: tuple[SpecialAction, ...]
    patrol: PatrolShift | Withheld
    silent: tuple[int, ...]
    piled: int
    rule: ReboundRule

    @property
    def offices(self) -> Ranking | Withheld:
        """Ranking of the offices, or why there is none."""
        return self.standings.ranking

    @property
    def offices_scope(self) -> Scope:
        """Days the ranking rests on."""
        return self.standings.scope

    def headline(self, code: str) -> Headline:
        """One of the five by its code."""
        return next(one for one in self.headlines if one.code == code)

    def more(self, most: int) -> pl.DataFrame:
        """Streets that rose most; see `Places.streets`."""
        streets = self.places.streets.filter(pl.col("difference") > 0)
        return streets.sort(["difference", "street"], descending=[True, False]).head(most)

    def fewer(self, most: int) -> pl.DataFrame:
        """Streets that fell most."""
        streets = self.places.streets.filter(pl.col("difference") < 0)
        return streets.sort("difference", "street").head(most)


def overview(
    source: Source,
    period: Period | str,
    selection: Selection | None = None,
    say: Words | None = None,
    *,
    rule: ReboundRule = DEFAULT_RULE,
) -> Overview:
    """Answer everything the landing page and the briefing show of a period.

    Parameters
    ----------
    period
        A `Period`, or one as people write it (``2026-W47``).
    selection
        What else is restricted; its own dates and phases give way to the period's.
    say
        Writes the filters into every scope, for the popovers.

    Raises
    ------
    PeriodUnknown
        The period is written in no known way.
    """
    if isinstance(period, str):
        period = parse_period(period, source.city.campaign)
    both = compared(source, period, selection, say)
    return source.remember(
        ("overview", period, both.selection, both.scope.filters, rule),
        lambda: _answer(both, rule, say),
    )


def _answer(both: Compared, rule: ReboundRule, say: Words | None) -> Overview:
    source = both.source
    where = places(both)
    begun, not_begun = _actions(both)
    return Overview(
        compared=both,
        headlines=(
            *standard_headlines(both),
            rebound_headline(both, rule),
            hot_headline(both, where.spots, where.spots_before),
        ),
        places=where,
        callouts=_callouts(where),
        spots=_spots(where),
        came_back=_came_back(both, rule),
        late=late(both),
        standings=_standings(both, say),
        actions=begun,
        not_begun=not_begun,
        patrol=_patrol(both),
        silent=tuple(silent_areas(source.facts, both.now)) if len(source.facts) else (),
        piled=int((both.flags(both.now) & source.facts.frame["pile"]).sum()),
        rule=rule,
    )


def _standings(both: Compared, say: Words | None) -> Standings:
    """Rank the offices among all of them, whichever the selection names."""
    return standings(both.source, both.selection, period=ranked_period(both), last=0, say=say)


def _callouts(where: Places) -> pl.DataFrame:
    """The places to show: default geocodes are none, whatever they hold."""
    true_places = where.cells.filter(pl.col("piled") < pl.col("cases")).with_columns(
        cases=pl.col("cases") - pl.col("piled")
    )
    hot, before = list(where.hot), list(where.hot_before)
    return spread_out(true_places, TOP).select(
        "cell",
        "cases",
        "before",
        hot=pl.col("cell").is_in(hot),
        new=pl.col("cell").is_in(hot) & ~pl.col("cell").is_in(before),
        street=pl.col("cell").replace_strict(where.street_of, default=None, return_dtype=pl.String),
    )


def _spots(where: Places) -> pl.DataFrame:
    """Hot cells that came or went since the period before, by street, most first."""
    if where.spots_before is None:
        return pl.DataFrame(schema={"street": pl.String, "fate": pl.String, "cells": pl.Int64})
    fates = {"new": where.hot - where.hot_before, "gone": where.hot_before - where.hot}
    rows = [
        {"street": where.street_of.get(cell), "fate": fate}
        for fate, cells in fates.items()
        for cell in sorted(cells)
    ]
    held = pl.DataFrame(rows, schema={"street": pl.String, "fate": pl.String})
    counted = (
        held.drop_nulls("street").group_by("street", "fate").agg(cells=pl.len().cast(pl.Int64))
    )
    return counted.sort(["fate", "cells", "street"], descending=[True, True, False])


def _came_back(both: Compared, rule: ReboundRule) -> pl.DataFrame:
    """Rebounds by the day of the new report, by street."""
    back = followed(both, rule).table.filter("rebound", pl.col("street") != "")
    on = pl.col("closed") + pl.duration(days=pl.col("rebound_days").cast(pl.Int64))
    sums = {"cases": _within(on, both.now)}
    sums["before"] = pl.lit(value=False) if both.before is None else _within(on, both.before)
    counted = back.group_by("street").agg(
        **{name: one.sum().cast(pl.Int64) for name, one in sums.items()}
    )
    return counted.filter(pl.col("cases") > 0).sort(
        ["cases", "before", "street"], descending=[True, False, False]
    )


def _within(day: pl.Expr, selection: Selection) -> pl.Expr:
    return day.is_between(pl.lit(selection.from_on), pl.lit(selection.until_on))


def _actions(both: Compared) -> tuple[tuple[ActionProgress, ...], tuple[SpecialAction, ...]]:
    """Progress as of the end of the period, and the actions that begin after it."""
    source, actions = both.source, both.source.city.actions
    if not len(source.facts):
        return (), actions
    waiting = tuple(one for one in actions if first_day_of(source, one) > both.last_on)
    begun = (one for one in actions if one not in waiting)
    return tuple(progress(source, one, as_of=both.scope.end_at) for one in begun), waiting


def _patrol(both: Compared) -> PatrolShift | Withheld:
    """Patrol share now against before; withheld where no channel is the city's own."""
    patrol = [one.code for one in both.source.city.channels if one.patrol]
    if not patrol or both.before is None:
        reason = Reason.NOT_RECORDED if not patrol else Reason.NO_DAYS
        return Withheld(formula="patrol_share", reason=reason, scope=both.scope)
    cases = both.cases()
    return patrol_shift(cases, both.scope_before, both.scope, patrol=patrol)


__all__ = ["TOP", "Overview", "overview"]
