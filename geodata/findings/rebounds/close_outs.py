"""Which close-outs a selection means, and what followed each: the base of every rebound number.

The filters choose whose closed cases are meant; a period (days, phases) is that of closing. What
followed is looked for among all cases of the city, whatever the filters say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from geodata.analysis.answers import Scope
from geodata.analysis.facts import phase_days
from geodata.analysis.reasons import Reason
from geodata.analysis.rebound import FollowUps, ReboundRule, follow_ups
from geodata.analysis.rebound_cases import cases_of_facts
from geodata.domain.campaign import BEFORE
from geodata.domain.selection import Selection
from geodata.errors import ChoiceUnknown
from geodata.findings.periods import timeless
from geodata.findings.source import Source
from geodata.wording import Words

PLACES: Final = ("segment", "spot", "cells")
"""What counts as the same place: the street segment; the same spot of some 20 m (an H3 cell at
resolution 12); the same cell of some 130 m (resolution 10) or one around it."""

KINDS: Final = ("category", "family")


def rule_of(*, days: int = 30, place: str = "segment", kind: str = "category") -> ReboundRule:
    """Return the rule of a choice people make.

    Raises
    ------
    ChoiceUnknown
        ``place`` is none of `PLACES`, ``kind`` none of `KINDS`, or ``days`` below 1.
    """
    if place not in PLACES or kind not in KINDS or days < 1:
        raise ChoiceUnknown(
            "place {place!r}, kind {kind!r}, {days} days: choose a place of {places}, a kind of "
            "{kinds} and at least 1 day",
            place=place,
            kind=kind,
            days=days,
            places=list(PLACES),
            kinds=list(KINDS),
        )
    rule = ReboundRule(within_days=days, kind=kind)  # type: ignore[arg-type]
    if place == "segment":
        return rule
    resolution, rings = (12, 0) if place == "spot" else (10, 1)
    return replace(rule, place="cells", resolution=resolution, rings=rings)


def place_of(rule: ReboundRule) -> str:
    """Which of `PLACES` a rule means; the reverse of `rule_of`."""
    if rule.place == "segment":
        return "segment"
    return "cells" if rule.rings else "spot"


@dataclass(frozen=True, kw_only=True)
class Reports:
    """Every report of the city that has a place and a kind, and what followed each close-out.

    Attributes
    ----------
    cases
        As `rebound_cases.cases_of_facts`, without what the facts hold anyway, and ``row`` (row of
        the facts).
    followed
        Of all close-outs.
    """

    cases: pl.DataFrame
    followed: FollowUps


def reports_of(source: Source, rule: ReboundRule) -> Reports:
    """Pair every close-out of the city with what followed it; kept for the next who asks."""
    return source.remember(("reports", rule), lambda: _reports(source, rule))


def _reports(source: Source, rule: ReboundRule) -> Reports:
    everything = np.ones(len(source.facts), dtype=bool)
    cases = cases_of_facts(source.facts, everything, rule).select(
        "case",
        pl.col("kind").cast(pl.Categorical),
        "place",
        "reported",
        "closed",
        row=pl.int_range(pl.len(), dtype=pl.UInt32),
    )
    return Reports(cases=cases, followed=follow_ups(cases, source.facts.last_day, rule))


@dataclass(frozen=True, kw_only=True)
class CloseOutsMeant:
    """Close-outs of a selection with what followed.

    Attributes
    ----------
    followed
        Its table carries, beside `rebound.follow_ups`' own columns, ``row`` (of the facts),
        ``office``, ``category``, ``family``, ``area``, ``channel``, ``cell``, ``unit_grid``,
        ``returns``, ``street`` (null off every street) and ``phase`` (that of closing, by the
        office's own dates).
    """

    selection: Selection
    followed: FollowUps

    def scope(self, source: Source, say: Words | None = None) -> Scope:
        """Period of closing, filters and version."""
        return source.scope(self.selection, say)


def close_outs_of(source: Source, selection: Selection, rule: ReboundRule) -> CloseOutsMeant:
    """Close-outs the selection means; kept for the next who asks. Statuses are not looked at."""
    chosen = replace(selection, statuses=None)
    key = ("close-outs", chosen, rule)
    return source.remember(key, lambda: _meant(source, chosen, rule))


def _meant(source: Source, selection: Selection, rule: ReboundRule) -> CloseOutsMeant:
    everything = reports_of(source, rule).followed
    table = everything.table
    keep = source.keep(timeless(selection))
    flags = pl.Series(keep[table["row"].to_numpy()], dtype=pl.Boolean)
    mine = _with_facts(source, table.filter(flags))
    mine = mine.filter(list(_in_period(selection)) or pl.lit(value=True))
    empty = Reason.NO_CLOSED_CASES if mine.is_empty() else None
    return CloseOutsMeant(selection=selection, followed=replace(everything, table=mine,
                          undecided=empty))  # fmt: skip


def _with_facts(source: Source, table: pl.DataFrame) -> pl.DataFrame:
    """What the facts hold of each close-out, beside it."""
    facts, rows = source.facts, table["row"]
    known = ("office", "category", "area", "channel", "cell", "unit_grid", "returns")
    segment = facts.frame["segment"].gather(rows)
    family = pl.col("category").cast(pl.String).replace(facts.family_of)
    return table.with_columns(
        *(facts.frame[name].gather(rows) for name in known),
        street=facts.segments["street"].gather(segment.set(segment < 0, None)),
    ).with_columns(family=family, phase=_phase(source, table["closed"], rows))


def _phase(source: Source, closed: pl.Series, rows: pl.Series) -> pl.Series:
    """Phase in which each case was closed, by its office's own dates where it has them."""
    campaign = source.facts.campaign
    if campaign is None or closed.is_empty():
        return pl.Series("phase", [BEFORE] * len(closed), dtype=pl.Enum([BEFORE]))
    first, last = source.facts.first_day, source.facts.last_day
    days = closed.dt.epoch("d").to_numpy() - (first - date(1970, 1, 1)).days
    kinds = pl.Enum(campaign.values)

    def by_day(office: str | None) -> pl.Series:
        return pl.Series(phase_days(campaign, office, first, last), dtype=kinds)

    phases = by_day(None).gather(days)
    office = source.facts.frame["office"].gather(rows)
    for code in campaign.office_phases:
        phases = phases.zip_with(office != code, by_day(code).gather(days))
    return phases.alias("phase")


def _in_period(selection: Selection) -> list[pl.Expr]:
    found: list[pl.Expr] = []
    if selection.phases is not None:
        found.append(pl.col("phase").cast(pl.String).is_in(sorted(selection.phases)))
    if selection.from_on is not None:
        found.append(pl.col("closed") >= selection.from_on)
    if selection.until_on is not None:
        found.append(pl.col("closed") <= selection.until_on)
    return found


def last_followed(source: Source, rule: ReboundRule) -> date:
    """Last closing day whose cases have been watched for the whole window."""
    return source.facts.last_day - timedelta(days=rule.within_days)
