"""The filters beside the map, with how many cases each choice would leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from dashboard import access, actions, components, state
from dashboard.access import Reading
from dashboard.calendar_marks import calendar_marks
from dashboard.filters import View
from dashboard.text import Speaker
from geodata.city import City
from geodata.domain.case import PLACE_KINDS, STATUSES, UNASSIGNED
from geodata.domain.category import UNMAPPED
from geodata.domain.selection import Selection

_ANYTHING: Mapping[str, dict[str, Any]] = {
    "category": {"families": None, "categories": None},
    "office": {"offices": None},
    "channel": {"channels": None},
    "status": {"statuses": None},
    "area": {"areas": None},
    "class": {"street_classes": None},
}
"""Facet → the part of a selection that is let go when its choices are counted."""


def show(reading: Reading, view: View, screen: state.Screen) -> None:
    """Draw the filter panel; its patches change the view."""
    payload = {
        "actions": actions.action_facets(reading.city, view.selection, screen.say),
        "facets": _facets(reading, view.selection, screen.say),
        "chosen": _chosen(reading, view.selection),
        "calendar": calendar_marks(reading, screen.say),
    }
    components.mount("filter_panel", screen, payload, key="filters", on_patch=_change)


def _change(patch: Mapping[str, Any]) -> None:
    """Change the view; a special action is spelled out as the filters it stands for."""
    state.change(actions.as_filters(access.reading().city, state.current().selection, patch))


def _facets(reading: Reading, selection: Selection, say: Speaker) -> dict[str, Any]:
    city = reading.city
    category = _counts(reading, selection, "category")
    of_family = {family.code: 0 for family in city.families}
    for code, family in city.family_of.items():
        of_family[family] += category[code]
    families = [
        {
            "code": family.code,
            "name": say.name(family),
            "n": of_family[family.code],
            "categories": [
                {"code": one.code, "name": say.name(one), "n": category[one.code]}
                for one in city.categories
                if one.family == family.code
            ],
        }
        for family in city.families
    ]
    families += _value_row("unmapped", UNMAPPED, category.get(UNMAPPED, 0), say)
    return {
        "families": families,
        "offices": _offices(reading, selection, say),
        "channels": _named(city.channels, _counts(reading, selection, "channel"), say),
        "statuses": [
            {"code": code, "name": say(f"status.{code}"), "n": n}
            for code, n in _counts(reading, selection, "status").items()
        ],
        "areas": _areas(reading, selection, say),
        "street_classes": _classes(reading, selection, say),
        "places": _places(reading, say),
    }


def _counts(reading: Reading, selection: Selection, column: str) -> dict[str, int]:
    """Cases by code under every other filter."""
    return access.codes(reading, replace(selection, **_ANYTHING[column]), column)


def _value_row(word: str, code: str, n: int, say: Speaker) -> list[dict[str, Any]]:
    """A choice for cases no table maps, when there are any."""
    if not n:
        return []
    one = {"code": code, "name": say(f"value.{word}"), "n": n}
    return [{**one, "categories": [one]}]


def _named(rows: Any, counts: dict[str, int], say: Speaker) -> list[dict[str, Any]]:
    named = [
        {"code": row.code, "name": say.name(row), "n": counts.get(row.code, 0)} for row in rows
    ]
    if counts.get(UNMAPPED):
        named.append({"code": UNMAPPED, "name": say("value.unmapped"), "n": counts[UNMAPPED]})
    return named


def _offices(reading: Reading, selection: Selection, say: Speaker) -> list[dict[str, Any]]:
    own = _counts(reading, selection, "office")
    tree = reading.city.offices
    rows = [
        {
            "code": office.code,
            "name": say.name(office),
            "parent": office.parent,
            "level": office.level,
            "n": sum(own[code] for code in tree.under([office.code])),
        }
        for office in tree
    ]
    none = {"code": UNASSIGNED, "name": say("value.unassigned"), "parent": None, "level": ""}
    return [*rows, {**none, "n": own[UNASSIGNED]}]


def _areas(reading: Reading, selection: Selection, say: Speaker) -> list[dict[str, Any]]:
    own = _counts(reading, selection, "area")
    tree = reading.facts.areas
    return [
        {
            "code": area.code,
            "name": say.name(area),
            "parent": area.parent,
            "n": sum(own[code] for code in tree.under([area.code])),
        }
        for area in tree
    ]


def _classes(reading: Reading, selection: Selection, say: Speaker) -> list[dict[str, Any]]:
    others = replace(selection, **_ANYTHING["class"])
    on_segment = access.segments(reading, others)[:-1]
    position, classes = reading.facts.class_of_segment
    cases = np.bincount(position, weights=on_segment, minlength=len(classes))
    counts = dict(zip(classes, cases.astype(int).tolist(), strict=True))
    return [
        {"code": one.code, "name": say.name(one), "n": counts[one.code]}
        for one in reading.city.street_classes.values()
        if one.code in counts
    ]


def _places(reading: Reading, say: Speaker) -> list[dict[str, Any]]:
    known = access.place_counts(reading)
    return [
        {"kind": kind, "name": say(f"place.{kind}"), "n_places": known[kind]}
        for kind in PLACE_KINDS
        if kind in known
    ]


def _chosen(reading: Reading, selection: Selection) -> dict[str, Any]:
    """What is chosen, each list in the order of the panel's rows."""
    city, near = reading.city, selection.near
    categories = _in_order([*city.family_of, UNMAPPED], selection.categories)
    return {
        "families": _families(city, selection),
        "categories": categories,
        "offices": _in_order([*city.offices.codes(), UNASSIGNED], selection.offices),
        "role": selection.role,
        "from": selection.from_on.isoformat() if selection.from_on else None,
        "until": selection.until_on.isoformat() if selection.until_on else None,
        "statuses": _in_order(STATUSES, selection.statuses),
        "channels": _in_order([*(one.code for one in city.channels), UNMAPPED], selection.channels),
        "street_classes": _in_order(city.street_classes, selection.street_classes),
        "areas": _in_order(reading.facts.areas.codes(), selection.areas),
        "near": {"kind": near.kind, "metres": near.metres} if near else None,
        "hours": selection.hours,
    }


def _families(city: City, selection: Selection) -> list[str] | None:
    """Families ticked at least in part: chosen as such, or by one of their categories."""
    if selection.families is None and selection.categories is None:
        return None
    family_of = {**city.family_of, UNMAPPED: UNMAPPED}
    of_categories = {family_of.get(code) for code in selection.categories or ()}
    wanted = of_categories | (selection.families or frozenset())
    return [code for code in [*(one.code for one in city.families), UNMAPPED] if code in wanted]


def _in_order(known: Iterable[str], chosen: frozenset[str] | None) -> list[str] | None:
    return None if chosen is None else [code for code in known if code in chosen]
