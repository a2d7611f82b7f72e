"""What a briefing is asked for: period, language, edition, masthead; read from the view."""

from __future__ import annotations

from typing import Final

from dashboard.components import sheet
from dashboard.filters import View
from dashboard.text import LANGUAGES, Speaker
from dashboard.views import overview_period
from geodata.brief.manifest import Request
from geodata.domain.period import Period
from geodata.findings import Source

LANGUAGE, EDITION, HEAD = "pack_language", "edition", "head"
EDITIONS: Final = ("whole", "public")
HEADS: Final = ("plain", "red")
MAKE: Final = "make"
REMAKE, REPLACE = "remake", "replace"


def asked(source: Source, view: View, say: Speaker) -> Request:
    """Read the choices of a view; the language of the page where none was chosen."""
    languages = (say.language, *(one for one in LANGUAGES if one != say.language))
    return Request(
        period=overview_period.chosen(source, view).code,
        language=view.option(LANGUAGE, languages),
        public=view.option(EDITION, EDITIONS) == "public",
        red_head=view.option(HEAD, HEADS) == "red",
    )


def tools(source: Source, period: Period, wanted: Request, say: Speaker) -> list[sheet.Control]:
    """Controls of the choices, and the button that builds."""
    return [
        *overview_period.tools(source, period, say),
        _choice(LANGUAGE, wanted.language, LANGUAGES, say),
        _choice(EDITION, "public" if wanted.public else "whole", EDITIONS, say),
        _choice(HEAD, "red" if wanted.red_head else "plain", HEADS, say),
        sheet.button(
            say("briefings.make"), {MAKE: True}, hint=say("briefings.make_hint"), leading=True
        ),
    ]


def _choice(key: str, value: str, codes: tuple[str, ...], say: Speaker) -> sheet.Control:
    options = [sheet.option(code, say(f"briefings.{key}_{code}")) for code in codes]
    return sheet.choice(key, say(f"briefings.{key}"), value, options)
