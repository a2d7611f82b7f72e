"""The phase ruler 阶段尺: the campaign as one line, one click per phase."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from dashboard import access, components, state
from dashboard.access import Reading
from dashboard.calendar_marks import calendar_marks, span_of
from dashboard.filters import View
from dashboard.text import Speaker
from geodata.analysis.counts import count_days
from geodata.domain.campaign import AFTER, BEFORE, Campaign
from geodata.domain.selection import Selection


def show(reading: Reading, view: View, screen: state.Screen) -> None:
    """Draw the ruler; without a campaign there is none."""
    campaign = reading.city.campaign
    if campaign is None:
        return
    payload = _payload(reading, view, campaign, screen.say)
    components.mount("phase_ruler", screen, payload, key="ruler", on_patch=state.change)


def _payload(reading: Reading, view: View, campaign: Campaign, say: Speaker) -> dict[str, Any]:
    facts = reading.facts
    any_time = replace(view.selection, phases=None, from_on=None, until_on=None)
    n = access.codes(reading, any_time, "phase")
    first, last = span_of(reading)
    daily = _daily(reading, any_time, campaign)
    day = (facts.last_day - campaign.from_on).days + 1
    selection = view.selection
    return {
        "campaign": {
            "name": say.name(campaign),
            "from": campaign.from_on.isoformat(),
            "until": campaign.until_on.isoformat(),
            "day": day,
            "days": (campaign.until_on - campaign.from_on).days + 1,
        },
        "phases": [
            {
                "code": phase.code,
                "name": say.name(phase),
                "from": phase.from_on.isoformat(),
                "until": phase.until_on.isoformat(),
                "n": n.get(phase.code, 0),
            }
            for phase in campaign.phases
        ],
        "daily": {"from": campaign.from_on.isoformat(), "n": daily},
        "before": _side(n, BEFORE, first, campaign.from_on - timedelta(days=1)),
        "after": _side(n, AFTER, campaign.until_on + timedelta(days=1), last),
        "chosen": {
            "phases": None if selection.phases is None else sorted(selection.phases),
            "from": selection.from_on.isoformat() if selection.from_on else None,
            "until": selection.until_on.isoformat() if selection.until_on else None,
        },
        "compare": dict(zip("ab", view.compare, strict=True)) if view.compare else None,
        "as_of": facts.last_day.isoformat(),
        "holidays": _holidays(calendar_marks(reading, say)["holidays"]),
    }


def _daily(reading: Reading, selection: Selection, campaign: Campaign) -> list[int]:
    """Cases on each day of the campaign so far."""
    facts = reading.facts
    last = min(campaign.until_on, max(facts.last_day, campaign.from_on))

    def compute() -> list[int]:
        return count_days(facts, selection, campaign.from_on, last)["cases"].to_list()

    return reading.answers.get(("by day", selection), compute)


def _side(n: dict[str, int], code: str, first: date, last: date) -> dict[str, Any] | None:
    if not n.get(code):
        return None
    return {"n": n[code], "from": first.isoformat(), "until": last.isoformat()}


def _holidays(by_day: dict[str, str]) -> list[dict[str, str]]:
    """Days of one holiday in a row as one band."""
    bands: list[dict[str, str]] = []
    for day, name in sorted(by_day.items()):
        before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
        if bands and bands[-1]["name"] == name and bands[-1]["until"] == before:
            bands[-1]["until"] = day
        else:
            bands.append({"name": name, "from": day, "until": day})
    return bands
