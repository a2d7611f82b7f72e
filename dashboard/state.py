"""What one session is looking at: language, theme and view; kept in step with the URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.filters import View, from_query, patched, to_query
from dashboard.text import LANGUAGES, Speaker

_VIEW, _SEEN, _LANG = "view", "seen", "lang"


@dataclass(frozen=True, slots=True)
class Screen:
    """What every component needs to know of the page around it."""

    say: Speaker
    boot: dict[str, str]


def language() -> str:
    """Chosen language; first that of the link, then that of the browser, Chinese first."""
    asked = st.query_params.get(_LANG)
    if asked in LANGUAGES:
        st.session_state[_LANG] = asked
    if _LANG not in st.session_state:
        locale = (st.context.locale or "zh").lower()
        st.session_state[_LANG] = "zh" if locale.startswith("zh") else "en"
    return str(st.session_state[_LANG])


def speak(code: str) -> None:
    """Change the language."""
    if code in LANGUAGES:
        st.session_state[_LANG] = code
        st.query_params[_LANG] = code


def theme() -> str:
    """``light`` or ``dark``, as Streamlit shows it."""
    return "dark" if st.context.theme.type == "dark" else "light"


def view() -> View:
    """Return the current view; a link, a reload or the Back button wins over the session."""
    query = _query()
    if query != st.session_state.get(_SEEN):
        st.session_state[_VIEW] = from_query(query)
        st.session_state[_SEEN] = query
    return st.session_state[_VIEW]  # type: ignore[no-any-return]


def change(patch: Mapping[str, Any]) -> None:
    """Apply a patch of a component; called before the page runs again."""
    if patch.get("lang"):
        speak(str(patch["lang"]))
    st.session_state[_VIEW] = patched(st.session_state.get(_VIEW, View()), patch)


def write_link() -> None:
    """Put the view into the address bar, so that copying it reopens the page as it is."""
    wanted = to_query(st.session_state[_VIEW])
    if wanted != _query():
        kept = {_LANG: st.query_params[_LANG]} if _LANG in st.query_params else {}
        st.query_params.from_dict(wanted | kept)
    st.session_state[_SEEN] = wanted


def _query() -> dict[str, str]:
    return {key: value for key, value in st.query_params.items() if key != _LANG}
