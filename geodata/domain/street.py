"""Street classes, and how wide a street of each class is taken to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

UNCLASSIFIED = "unclassified"


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetClass:
    """A class of street, e.g. strict-control 严管街.

    Attributes
    ----------
    width_m
        Width of the street polygon built around a centre line that states no width.
    tags
        Words of the street file that mean this class, e.g. OpenStreetMap ``highway`` values.
    """

    code: str
    name: str
    width_m: float
    name_en: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapRule:
    """Which street a report belongs to. Change the rule here, never in a page.

    The street whose edge is nearest wins when it lies within ``within_m``; a street of
    the reported name within ``by_name_within_m`` is preferred to a nearer one.
    """

    within_m: float = 40.0
    by_name_within_m: float = 80.0
    source: str = "assumed; nearest-street distances on Boston 2011 are 17/29/64 m at q50/q90/q99"


def class_by_tag(classes: Mapping[str, StreetClass]) -> dict[str, str]:
    """Street-file word → class code, from every class's tags, code and name."""
    return {
        word: code
        for code, street_class in classes.items()
        for word in (*street_class.tags, code, street_class.name)
    }
