"""Who is looking, as the sign-in in front of the dashboard says in a request header."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final
from urllib.parse import unquote

import streamlit as st

from geodata.city import City
from geodata.domain.viewer import EVERYBODY, Viewer
from geodata.errors import GeodataError

asked_with: Final[ContextVar[Mapping[str, str] | None]] = ContextVar("asked_with", default=None)
"""Headers of a request that is none of Streamlit's; a download sets them."""


class AccessDenied(GeodataError):
    """The person signed in may not see this."""


def viewer(city: City) -> Viewer:
    """Return who is looking; everybody where the city names no people.

    Raises
    ------
    AccessDenied
        The city names people, and this is none of them.
    """
    rule = city.access
    if rule is None:
        return EVERYBODY
    given = asked_with.get()
    headers = st.context.headers if given is None else given
    name = headers.get(rule.header)
    found = rule.viewer(unquote(name) if name else None)
    if found is None:
        if not name:
            raise AccessDenied(
                "This page is for those listed in [access] of city.toml, and the sign-in gave no "
                "name. Sign in again, or ask the administrator."
            )
        raise AccessDenied(
            "{name!r} is not listed in [access] of city.toml and may not see this city. Ask the "
            "administrator.",
            name=unquote(name),
        )
    return found
