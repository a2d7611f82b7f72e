"""Names of offices, areas, streets, categories and channels by their codes, nobody's included."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from geodata.analysis.facts import NO_AREA, Facts
from geodata.city import City
from geodata.domain.case import UNASSIGNED
from geodata.domain.category import UNMAPPED
from geodata.wording.words import Words

KINDS: Final = ("office", "area", "top_area", "street", "category", "family", "channel")


def unit_names(city: City, facts: Facts, by: str, say: Words) -> dict[str, str]:
    """Name of every code of a kind; streets are their own names, so that only 未落街 is listed.

    Raises
    ------
    KeyError
        ``by`` is none of `KINDS`.
    """
    nobody = {
        "office": {UNASSIGNED: say("value.unassigned")},
        "area": {NO_AREA: say("value.none")},
        "top_area": {NO_AREA: say("value.none"), UNASSIGNED: say("value.none")},
        "street": {UNASSIGNED: say("standing.no_street")},
        "category": {UNMAPPED: say("value.unmapped")},
        "family": {UNMAPPED: say("value.unmapped")},
        "channel": {UNMAPPED: say("value.unmapped")},
    }
    listed: dict[str, Iterable[Any]] = {
        "office": city.offices,
        "area": facts.areas,
        "top_area": facts.areas,
        "street": (),
        "category": city.categories,
        "family": city.families,
        "channel": city.channels,
    }
    return nobody[by] | {one.code: say.name(one) for one in listed[by]}
