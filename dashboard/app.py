"""The dashboard's entry: what every page shares, then the page."""

from __future__ import annotations

import streamlit as st

from dashboard import access, components, server, state, theme
from dashboard.text import Speaker
from dashboard.views import health, map as map_page
from geodata.errors import GeodataError


def main() -> None:
    """Set the page up, read once, and hand over to the page chosen."""
    st.set_page_config(page_title="挂图 Guatu", layout="wide", page_icon=theme.ICON)
    say = Speaker(state.language())
    st.html(theme.PAGE_STYLE)
    try:
        reading = access.reading()
    except GeodataError as error:
        st.error(str(error))
        st.stop()
    screen = state.Screen(say, _boot(say, reading))
    pages = [
        st.Page(
            lambda: map_page.render(reading, screen),
            title=say("page.map"),
            url_path="map",
            default=True,
        ),
        st.Page(
            lambda: health.render(reading, screen), title=say("page.health"), url_path="health"
        ),
    ]
    chosen = st.navigation(pages, position="top")
    _masthead(reading, screen)
    chosen.run()


def _boot(say: Speaker, reading: access.Reading) -> dict[str, str]:
    return {
        "url": server.boot_url(),
        "basemap": server.basemap_url(reading.city.folder),
        "lang": say.language,
        "theme": state.theme(),
    }


def _masthead(reading: access.Reading, screen: state.Screen) -> None:
    say, facts = screen.say, reading.facts
    last_day, campaign = facts.last_day, reading.city.campaign
    payload = {
        "brand": say("app.name"),
        "city": " · ".join(filter(None, [say.name(reading.city), campaign and say.name(campaign)])),
        "made_up": say("app.made_up") if reading.city.made_up else None,
        "version": say("app.version", version=max(facts.version, 0)),
        "as_of": say("app.as_of", day=say.day(last_day, year=True)),
        "dark": say("app.theme_dark"),
        "light": say("app.theme_light"),
        "language": say("app.language"),
        "paths": ["/", "/health"],
    }
    components.mount("masthead", screen, payload, key="masthead", on_patch=state.change)


main()
