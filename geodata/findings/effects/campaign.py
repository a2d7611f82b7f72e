"""How the campaign goes: which day it is, and one phase against another, per day and per km.

A selection's own period is left aside here: every phase is counted over all its days. Where the
days are enough, weekdays, holidays and market days are taken out (`analysis.baseline`), so that a
phase with a week of holidays is not taken for a success; else the reason is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import polars as pl

from geodata.analysis.answers import Scope, Value, Withheld
from geodata.analysis.baseline import Baseline
from geodata.analysis.channels import PatrolShift, patrol_shift
from geodata.analysis.phases import (
    CampaignDay,
    campaign_day,
    phase_ratios,
    phase_table,
)
from geodata.analysis.reasons import Reason
from geodata.domain.campaign import AFTER, BEFORE
from geodata.domain.selection import Selection
from geodata.findings.effects.stretches import channel_days, without_patrols
from geodata.findings.periods import patrol_channels, timeless
from geodata.findings.source import Source
from geodata.findings.usual_days import (
    Windows,
    daily_of,
    effects_in,
    effects_of,
    only_office,
    windows_of,
)


@dataclass(frozen=True, kw_only=True)
class PhaseFinding:
    """The phases side by side.

    Attributes
    ----------
    table
        One row per phase with days, planned ones included: see `analysis.phases.phase_table`.
    ratios
        Each phase against the one before it: see `analysis.phases.phase_ratios`.
    effects
        How busy each kind of day is; where its ``undecided`` says why not, every day counts
        alike.
    km
        Length of the streets counted on; None where the selection names areas or places.
    patrols
        For each row of ``ratios``: whether patrols found another share than before (S11); None
        where the city names no such channel.
    without_patrols
        ``ratios`` without the cases the city's own people found; None likewise.
    scopes
        Period, filters and version of each phase.
    """

    selection: Selection
    windows: Windows
    table: pl.DataFrame
    ratios: pl.DataFrame
    effects: Baseline
    km: float | None
    patrols: tuple[PatrolShift | Withheld, ...] | None
    without_patrols: pl.DataFrame | None
    scopes: Mapping[str, Scope]

    @property
    def patrol_shares(self) -> dict[str, Value]:
        """Share of each phase's cases that patrols found; phases without a case are missing."""
        pairs = self.ratios.select("first", "second").iter_rows()
        shares: dict[str, Value] = {}
        for (first, second), shift in zip(pairs, self.patrols or (), strict=False):
            if isinstance(shift, PatrolShift):
                shares |= {first: shift.first, second: shift.second}
        return shares


def today(source: Source, selection: Selection = Selection()) -> CampaignDay | None:  # noqa: B008
    """Day N of the campaign on the data's last day, by the one office chosen if there is one."""
    campaign = source.city.campaign
    if campaign is None:
        return None
    return campaign_day(campaign, source.facts.last_day, only_office(selection))


def phases(source: Source, selection: Selection = Selection()) -> PhaseFinding | Reason:  # noqa: B008
    """Compare the phases of the campaign under a selection, or say why that cannot be done."""
    base = timeless(selection)
    if source.city.campaign is None or not len(source.facts):
        return Reason.NO_CASES if not len(source.facts) else Reason.NO_DAYS
    return source.remember(("phases", base), lambda: _phases(source, base))


def _phases(source: Source, base: Selection) -> PhaseFinding:
    windows = windows_of(source, base)
    daily, effects = daily_of(source, source.keep(base)), effects_of(source, base)
    pairs = list(pairwise(_in_time(source, windows)))
    ratios = phase_ratios(daily, windows, pairs, effects=effects)
    scopes = {phase: _scope(source, base, days) for phase, days in windows.items()}
    km = street_km(source, base)
    return PhaseFinding(
        selection=base,
        windows=windows,
        table=phase_table(daily, windows, planned_days=_planned(source), km=km, effects=effects),
        ratios=ratios,
        effects=effects,
        km=km,
        patrols=_patrol_shifts(source, base, scopes, pairs),
        without_patrols=_ratios_without_patrols(source, base, windows, pairs),
        scopes=scopes,
    )


def _planned(source: Source) -> dict[str, int]:
    campaign = source.city.campaign
    return {one.code: one.days for one in campaign.phases} if campaign else {}


def _scope(source: Source, base: Selection, days: list[date]) -> Scope:
    if not days:
        start = source.midnight(source.facts.first_day)
        return replace(source.scope(base), from_at=start, until_at=start)
    return source.scope(replace(base, from_on=days[0], until_on=days[-1]))


def street_km(source: Source, base: Selection) -> float | None:
    """Length of the streets a selection counts on, in km; None where it is cut by areas."""
    if base.areas is not None or base.near is not None:
        return None
    segments = source.facts.segments
    if base.streets is not None:
        segments = segments.filter(pl.col("street").is_in(sorted(base.streets)))
    if base.street_classes is not None:
        segments = segments.filter(pl.col("class").is_in(sorted(base.street_classes)))
    length = float(segments["length_m"].sum()) / 1000
    return length if length > 0 else None


def _patrol_shifts(
    source: Source, base: Selection, scopes: Mapping[str, Scope], pairs: list[tuple[str, str]]
) -> tuple[PatrolShift | Withheld, ...] | None:
    patrols = patrol_channels(source)
    if not patrols:
        return None
    cases = channel_days(source, base)
    return tuple(
        patrol_shift(cases, scopes[first], scopes[second], patrol=patrols)
        for first, second in pairs
    )


def _ratios_without_patrols(
    source: Source, base: Selection, windows: Windows, pairs: list[tuple[str, str]]
) -> pl.DataFrame | None:
    if not patrol_channels(source):
        return None
    daily = daily_of(source, source.keep(without_patrols(source, base)))
    effects = effects_in(source, daily, windows)
    return phase_ratios(daily, windows, pairs, effects=effects)


def phase_pairs(source: Source) -> list[tuple[str, str]]:
    """Phases to set against each other, each with the one before it; only those with days."""
    windows = windows_of(source, Selection())
    return list(pairwise([one for one in _in_time(source, windows) if windows[one]]))


def _in_time(source: Source, windows: Windows) -> list[str]:
    """Phases in order of time; days between phases are of no one stretch and left out."""
    planned = list(_planned(source))
    return [one for one in (BEFORE, *planned, AFTER) if one in windows]
