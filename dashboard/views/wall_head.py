"""Around every screen of the wall: whose campaign, how far the data reach, the campaign's days."""

from __future__ import annotations

from typing import Any

from dashboard.access import Reading
from dashboard.components.sheet.parts import given
from dashboard.text import Speaker
from geodata.brief.heading import heading, ruler
from geodata.brief.phrases import Phrases
from geodata.domain.viewer import OFFICE
from geodata.press.content import Ruler, Stretch


def head(words: Phrases) -> dict[str, Any]:
    """Title, state of the data, and the ruler below; of the wall's first screen."""
    say, told = words.say, heading(words)
    campaign = words.source.city.campaign
    city = say.name(words.source.city)
    return given(
        title=city if campaign is None else say.name(campaign),
        place=None if campaign is None else city,
        stamp=told.stamp,
        as_of=told.as_of,
        version=told.version,
        credit=told.credit,
        ruler=_ruler(ruler(words)),
    )


def nothing(reading: Reading, say: Speaker) -> dict[str, Any]:
    """A city without a case: its name, and what to do."""
    none_own = reading.viewer.role == OFFICE
    folder = reading.city.folder.name
    return given(
        title=say.name(reading.city),
        stamp=say("app.made_up") if reading.city.made_up else "",
        credit=say.credit(reading.city.map),
        empty=say("app.none_own") if none_own else say("app.empty", folder=folder),
        screens=[],
    )


def trouble(reading: Reading, say: Speaker) -> str | None:
    """Why this is an older state, where the folder cannot be read any more."""
    if not reading.trouble:
        return None
    at = reading.read_at.astimezone(reading.city.zone)
    version = max(reading.facts.version, 0)
    return say("app.last_good", version=version, at=f"{at:%H:%M}", day=say.day(at.date()))


def _ruler(drawn: Ruler) -> dict[str, Any]:
    return {
        "first": drawn.first.isoformat(),
        "last": drawn.last.isoformat(),
        "phases": [_stretch(one) for one in drawn.phases],
        "cases": list(drawn.cases),
        "from": drawn.from_on.isoformat(),
        "until": drawn.until_on.isoformat(),
        "today": drawn.today,
    }


def _stretch(one: Stretch) -> dict[str, Any]:
    return {
        "name": one.name,
        "text": one.text,
        "from": one.from_on.isoformat(),
        "until": one.until_on.isoformat(),
        "now": one.now,
    }
