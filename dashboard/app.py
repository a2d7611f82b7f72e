"""The dashboard's entry: what every page shares, then the page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from typing import Final

import streamlit as st

from dashboard import access, components, identity, server, state, theme, turns
from dashboard.text import Speaker
from dashboard.views import LANDING, PAGES
from geodata.domain.viewer import OFFICE
from geodata.errors import GeodataError
from geodata.wording.refusals import said

_log = logging.getLogger("guatu")

BARE: Final = frozenset({"wall"})
"""Pages that fill the screen by themselves, without the masthead."""

OF_ALL_CASES: Final = frozenset({"health", "briefings"})
"""Pages that speak of everything there is: not for one who may see an office's cases only."""


def main() -> None:
    """Set the page up and draw it; whatever fails is said in one sentence, the rest is logged."""
    st.set_page_config(page_title="挂图 Guatu", layout="wide", page_icon=theme.ICON)
    say = Speaker(state.language())
    st.html(theme.PAGE_STYLE)
    try:
        _page(say)
    except GeodataError as error:
        _log.warning("%s", error)
        denied = isinstance(error, identity.AccessDenied)
        title = say("app.no_access") if denied else say("app.cannot_show")
        components.notice(title, said(error, say.language))
    except Exception:  # noqa: BLE001 - the last resort: nobody is shown a traceback
        _log.exception("a page could not be drawn")
        components.notice(say("app.cannot_show"), say("app.unexpected"))


def _page(say: Speaker) -> None:
    """Read once, and hand over to the page chosen."""
    reading = access.reading()
    screen = state.Screen(say, _boot(say, reading))
    pages = [
        st.Page(partial(_draw, path, reading, screen), title=say(f"page.{path}"), url_path=path,
                default=path == LANDING)
        for path in PAGES
        if reading.viewer.role != OFFICE or path not in OF_ALL_CASES
    ]  # fmt: skip
    chosen = st.navigation(pages, position="top")
    if chosen.url_path not in BARE:
        _masthead(reading, screen)
    if chosen.url_path == "map":
        chosen.run()
    else:
        with turns.of_analysis.taken():
            chosen.run()
    access.settle(reading)


def _draw(path: str, reading: access.Reading, screen: state.Screen) -> None:
    import_module(f"dashboard.views.{path}").render(reading, screen)


def _boot(say: Speaker, reading: access.Reading) -> dict[str, str]:
    return {
        "url": server.boot_url(),
        "basemap": server.basemap_url(reading.city.folder),
        "map": "/" if LANDING == "map" else "/map",
        "credit": say.credit(reading.city.map),
        **access.tiles(reading),
        "lang": say.language,
        "theme": state.theme(),
    }


def _masthead(reading: access.Reading, screen: state.Screen) -> None:
    say, facts = screen.say, reading.facts
    payload = {
        "brand": say("app.name"),
        "city": " · ".join(_whose(reading, say)),
        "made_up": say("app.made_up") if reading.city.made_up else None,
        "version": say("app.version", version=max(facts.version, 0)),
        "as_of": say("app.as_of", day=say.day(facts.last_day, year=True)),
        "dark": say("app.theme_dark"),
        "light": say("app.theme_light"),
        "language": say("app.language"),
        "filters": say("app.filters"),
        "notice": _notice(reading, say),
        "paths": ["/", *(f"/{path}" for path in PAGES if path != LANDING)],
    }
    components.mount("masthead", screen, payload, key="masthead", on_patch=state.change)


def _whose(reading: access.Reading, say: Speaker) -> Iterator[str]:
    """City and campaign; of an office's own cases, whose they are: they are not the city's."""
    yield say.name(reading.city)
    if reading.viewer.role == OFFICE:
        own = [say.name(one) for one in reading.city.offices if one.code in reading.viewer.offices]
        yield say("app.own_only", offices=say.listed(own, most=2))
    elif reading.city.campaign is not None:
        yield say.name(reading.city.campaign)


def _notice(reading: access.Reading, say: Speaker) -> str | None:
    """What is to be said above everything: an older state is shown, or there is no case yet."""
    if reading.trouble:
        at = reading.read_at.astimezone(reading.city.zone)
        version = max(reading.facts.version, 0)
        shown = say("app.last_good", version=version, at=f"{at:%H:%M}", day=say.day(at.date()))
        return f"{shown}\n{said(reading.trouble, say.language)}"
    if not len(reading.facts) and reading.viewer.role == OFFICE:
        return say("app.none_own")
    if not len(reading.facts):
        return say("app.empty", folder=reading.city.folder.name)
    return None


main()
