"""Letting go of what empties the map: the least that brings cases back."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Final

from dashboard import access
from dashboard.access import Reading
from geodata.domain.selection import Selection

_PARTS: Final[dict[str, tuple[str, ...]]] = {
    "dates": ("from_on", "until_on"),
    "hours": ("hours",),
    "near": ("near",),
    "statuses": ("statuses",),
    "channels": ("channels",),
    "classes": ("street_classes",),
    "streets": ("streets",),
    "areas": ("areas",),
    "categories": ("families", "categories"),
    "offices": ("offices", "role"),
    "piles": ("piles",),
    "phases": ("phases",),
}
"""Restrictions in the order they are given up, the passing ones before the lasting ones."""


def relaxed(reading: Reading, selection: Selection) -> Selection:
    """Return the selection without the one restriction that empties it.

    Where no single one does, they are given up one after the other until cases come back; only
    in a city without cases is everything given up in vain.
    """
    part = emptied_by(reading, selection)
    if part is not None:
        return _without(selection, part)
    for each in _PARTS:
        selection = _without(selection, each)
        if _has_cases(reading, selection):
            return selection
    return selection


def emptied_by(reading: Reading, selection: Selection) -> str | None:
    """Name the first restriction whose loss alone brings cases back; None where none does."""
    for part in _PARTS:
        wider = _without(selection, part)
        if wider != selection and _has_cases(reading, wider):
            return part
    return None


def _without(selection: Selection, part: str) -> Selection:
    defaults = {one.name: one.default for one in fields(Selection) if one.name in _PARTS[part]}
    return replace(selection, **defaults)  # type: ignore[arg-type]  # the fields' own defaults


def _has_cases(reading: Reading, selection: Selection) -> bool:
    return bool(access.keep(reading, selection).any())
