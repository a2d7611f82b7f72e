"""The days of each phase, and how many average days they are worth: one answer for every page.

Weekdays, holidays and market days are told apart on all phases together, each with a level of its
own, from the cases of a selection (its own period left aside).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from geodata.analysis.baseline import Baseline, day_effects
from geodata.analysis.counts import count_by_day
from geodata.analysis.facts import Keep
from geodata.analysis.phases import phase_windows
from geodata.domain.selection import Selection
from geodata.findings.periods import timeless
from geodata.findings.source import Source

CAMPAIGN: Final = "campaign"
"""All phases of the plan together, as one side of a comparison."""

Windows = Mapping[str, list[date]]


def windows_of(source: Source, base: Selection) -> dict[str, list[date]]:
    """Days of each phase the data cover; those before, between and after only if there are any."""
    campaign, facts = source.city.campaign, source.facts
    if campaign is None or not len(facts):
        return {}
    found = phase_windows(
        campaign, first=facts.first_day, last=facts.last_day, office=only_office(base)
    )
    planned = {phase.code for phase in campaign.phases}
    return {phase: days for phase, days in found.items() if days or phase in planned}


def only_office(selection: Selection) -> str | None:
    """The one office whose own dates count; with several, the campaign's do."""
    offices = selection.offices or frozenset()
    return next(iter(offices)) if len(offices) == 1 else None


def days_of(source: Source, base: Selection, phase: str) -> list[date]:
    """Recorded days of a phase, or of `CAMPAIGN`; none of one that lies ahead or is unknown."""
    windows, campaign = windows_of(source, base), source.city.campaign
    if phase != CAMPAIGN or campaign is None:
        return windows.get(phase, [])
    return sorted(day for one in campaign.phases for day in windows.get(one.code, []))


def daily_of(source: Source, keep: Keep) -> pl.DataFrame:
    """Cases of every day of the record: ``day`` and ``cases``."""
    return count_by_day(source.facts, keep, source.facts.first_day, source.facts.last_day)


def effects_of(source: Source, selection: Selection) -> Baseline:
    """How busy each kind of day is over the phases, from all cases of a selection together."""
    base = timeless(selection)
    return source.remember(
        ("day effects", base),
        lambda: effects_in(source, daily_of(source, source.keep(base)), windows_of(source, base)),
    )


def effects_in(source: Source, daily: pl.DataFrame, windows: Windows) -> Baseline:
    """How busy each kind of day is, from daily counts."""
    filled = {phase: days for phase, days in windows.items() if days}
    return day_effects(daily, filled, source.city.calendar)


def usual_days(source: Source, selection: Selection, phase: str) -> float:
    """Length of a phase in days of average busyness: what to divide its cases by; 0 without a day.

    Plain days where kinds of day cannot be told apart.
    """
    days = days_of(source, selection, phase)
    if not days:
        return 0.0
    effects = effects_of(source, selection)
    return effects.usual_days(np.isin(effects.days, np.array(days, dtype="datetime64[D]")))
