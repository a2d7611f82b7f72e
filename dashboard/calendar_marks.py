"""What the date picker and the phase ruler mark: phases, holidays, working Saturdays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from dashboard.access import Reading
from dashboard.text import Speaker
from geodata.domain.calendar import WorkCalendar, holiday_names


def calendar_marks(reading: Reading, say: Speaker) -> dict[str, Any]:
    """First and last day, phases, holidays by day, and weekend days that are worked."""
    first, last = span_of(reading)
    holidays, workdays = _marked(reading.city.calendar, first, last, say.language)
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "as_of": reading.facts.last_day.isoformat(),
        "phases": [
            {
                "code": phase.code,
                "name": say.name(phase),
                "from": phase.from_on.isoformat(),
                "until": phase.until_on.isoformat(),
            }
            for phase in (reading.city.campaign.phases if reading.city.campaign else ())
        ],
        "holidays": holidays,
        "workdays": workdays,
    }


def span_of(reading: Reading) -> tuple[date, date]:
    """First and last day worth showing: of the record and of the campaign."""
    first, last = reading.facts.first_day, reading.facts.last_day
    campaign = reading.city.campaign
    if campaign is None:
        return first, last
    return min(first, campaign.from_on), max(last, campaign.until_on)


@lru_cache(maxsize=16)
def _marked(
    calendar: WorkCalendar, first: date, last: date, language: str
) -> tuple[dict[str, str], list[str]]:
    saturday = 5
    names = holiday_names(calendar, first, last, language)
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    worked = [d.isoformat() for d in days if d.weekday() >= saturday and calendar.is_workday(d)]
    return {day.isoformat(): name for day, name in names.items()}, worked
