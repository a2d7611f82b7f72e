"""What one session is looking at: language, theme and view; kept in step with the URL.

A patch changes the view and the address at once, before the page is drawn. A run whose address is
not the one written last is a link, a reload or the Back button, and then the address wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st

from dashboard import access
from dashboard.filters import View, from_query, patched, to_query
from dashboard.relax import relaxed
from dashboard.text import LANGUAGES, Speaker

_VIEW: Final = "view"
_WRITTEN: Final = "written"
_LANG: Final = "lang"
_HEARD: Final = "heard"
_PAGE: Final = "page"


@dataclass(frozen=True, slots=True)
class Screen:
    """What every component needs to know of the page around it."""

    say: Speaker
    boot: dict[str, str]


def language() -> str:
    """Language of the link, else of this session, else the browser's: Chinese or English."""
    asked = st.query_params.get(_LANG)
    if asked in LANGUAGES:
        st.session_state[_LANG] = asked
    if _LANG not in st.session_state:
        locale = (st.context.locale or "zh").lower()
        st.session_state[_LANG] = "zh" if locale.startswith("zh") else "en"
    return str(st.session_state[_LANG])


def theme() -> str:
    """``light`` or ``dark``, as Streamlit shows it."""
    return "dark" if st.context.theme.type == "dark" else "light"


def view() -> View:
    """Return the current view; a link, a reload or the Back button wins over the session.

    The pages share the view: one opened from the navigation, whose address says nothing, shows
    what the page before it showed.
    """
    query = _query()
    turned = st.session_state.get(_PAGE) != _page()
    st.session_state[_PAGE] = _page()
    if turned and not query and _VIEW in st.session_state:
        _write_link(st.session_state[_VIEW])
    elif query != st.session_state.get(_WRITTEN):
        st.session_state[_VIEW] = from_query(query)
        st.session_state[_WRITTEN] = query
    return current()


def _page() -> str:
    """Path of the page shown, as the browser says it."""
    return urlsplit(st.context.url or "").path


def current() -> View:
    """Return the view as it was last set."""
    found: View = st.session_state.get(_VIEW, View())
    return found


def change(patch: Mapping[str, Any]) -> None:
    """Apply a patch of a component, and write the address; called before the page runs again."""
    if patch.get("lang") in LANGUAGES:
        st.session_state[_LANG] = patch["lang"]
        st.query_params[_LANG] = patch["lang"]
    if isinstance(patch.get("serial"), int):
        st.session_state[_HEARD] = patch["serial"]
    before = current()
    after = patched(before, patch)
    if patch.get("relax"):
        after = replace(after, selection=relaxed(access.reading(), after.selection))
    st.session_state[_VIEW] = after
    if after != before:
        _write_link(after)


def heard() -> int | None:
    """Serial number of the last patch heard, so that the browser knows what an answer answers."""
    found: int | None = st.session_state.get(_HEARD)
    return found


def _write_link(view: View) -> None:
    """Put the view into the address bar, so that copying it reopens the page as it is."""
    wanted = to_query(view)
    if wanted != _query():
        kept = {_LANG: st.query_params[_LANG]} if _LANG in st.query_params else {}
        st.query_params.from_dict(wanted | kept)
    st.session_state[_WRITTEN] = wanted


def _query() -> dict[str, str]:
    return {key: value for key, value in st.query_params.items() if key != _LANG}
