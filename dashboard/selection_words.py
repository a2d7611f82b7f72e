"""A selection in words, as the legend and the downloads say it."""

from __future__ import annotations

from datetime import date

from dashboard.access import Reading
from dashboard.text import Speaker
from geodata.domain.campaign import AFTER, BEFORE, BETWEEN
from geodata.domain.selection import Selection
from geodata.maps import selection_words as words


def describe_period(reading: Reading, selection: Selection, say: Speaker) -> str:
    """Dates covered, then the phases, e.g. ``2026-09-21 至 11-15 · 集中攻坚``."""
    return words.describe_period(reading.city, reading.facts, selection, words.Words(say.language))


def period_of(reading: Reading, selection: Selection) -> tuple[date, date]:
    """First and last report day a selection can hold, within the record."""
    return words.period_of(reading.city, reading.facts, selection)


def describe(reading: Reading, selection: Selection, say: Speaker) -> str:
    """Everything but the period, in a line; "all" when nothing is restricted."""
    return words.describe(reading.city, reading.facts, selection, words.Words(say.language))


def phase_name(reading: Reading, code: str, say: Speaker) -> str:
    """Name of a phase value: ``before``, ``after`` and ``campaign`` (all phases) included."""
    if code in (BEFORE, BETWEEN, AFTER, "campaign"):
        return say(f"value.{code}")
    phases = reading.city.campaign.phases if reading.city.campaign else ()
    return next((say.name(phase) for phase in phases if phase.code == code), code)
