"""Letting go of what empties the map: the least that brings cases back."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Final

from dashboard import access
from dashboard.access import Reading
from geodata.domain.selection import Selection

_PARTS: Final[tuple[tuple[str, ...], ...]] = (
    ("from_on", "until_on"),
    ("hours",),
    ("near",),
    ("statuses",),
    ("channels",),
    ("street_classes",),
    ("streets",),
    ("areas",),
    ("families", "categories"),
    ("offices", "role"),
    ("piles",),
    ("phases",),
)
"""Restrictions in the order they are given up, the passing ones before the lasting ones."""


def relaxed(reading: Reading, selection: Selection) -> Selection:
    """Return the selection without the first restriction whose loss brings cases back.

    Where no single one does, they are given up one after the other until cases come back; only
    in a city without cases is everything given up in vain.
    """
    single = (_without(selection, part) for part in _PARTS)
    for wider in single:
        if wider != selection and _has_cases(reading, wider):
            return wider
    for part in _PARTS:
        selection = _without(selection, part)
        if _has_cases(reading, selection):
            return selection
    return selection


def _without(selection: Selection, part: tuple[str, ...]) -> Selection:
    defaults = {one.name: one.default for one in fields(Selection) if one.name in part}
    return replace(selection, **defaults)  # type: ignore[arg-type]  # the fields' own defaults


def _has_cases(reading: Reading, selection: Selection) -> bool:
    return bool(access.keep(reading, selection).any())
