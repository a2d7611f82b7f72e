"""Which cases are meant: the one filter that every page, command and number shares."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Final, Literal

Codes = frozenset[str] | None
"""A set of codes to keep, or None for "no restriction"; an empty set keeps nothing."""


CODE_NAMES: Final = {
    "phases": "phase",
    "offices": "office",
    "families": "family",
    "categories": "category",
    "statuses": "status",
    "channels": "channel",
    "street_classes": "class",
    "areas": "area",
    "streets": "street",
}
"""Field of `Selection` that holds codes → its name in links and on the command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Within ``metres`` of a place of this kind."""

    kind: str
    metres: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A filter over cases; the default keeps everything but default-geocode piles' cells.

    Attributes
    ----------
    phases, offices, families, categories, statuses, channels, street_classes, areas, streets
        Codes to keep (``streets`` holds street names), or None.
        Offices and areas include all below them.
    role
        ``lead``: the responsible office is one of ``offices``; ``any``: or it assists.
    from_on, until_on
        Report dates in the city's time zone, both ends included.
    hours
        ``in``: reported in working hours; ``out``: outside them 错时.
    """

    phases: Codes = None
    offices: Codes = None
    role: Literal["lead", "any"] = "lead"
    families: Codes = None
    categories: Codes = None
    from_on: date | None = None
    until_on: date | None = None
    statuses: Codes = None
    channels: Codes = None
    street_classes: Codes = None
    areas: Codes = None
    streets: Codes = None
    near: Near | None = None
    hours: Literal["all", "in", "out"] = "all"
    piles: Literal["keep", "leave_out"] = "keep"

    def restrictions(self) -> dict[str, object]:
        """Return the fields that differ from "everything", by name, in a fixed order."""
        everything = Selection()
        return {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if getattr(self, one.name) != getattr(everything, one.name)
        }
