"""What in a ``city.toml`` contradicts itself: rows that name what no other row defines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from geodata.city.model import Channel, City
from geodata.domain.category import Category
from geodata.domain.tree import Node


def contradictions(city: City) -> list[str]:
    """List every contradiction, in words; empty when sound."""
    return [
        *_codes_twice(city),
        *_names_of_two(city),
        *_families(city),
        *_deadlines(city),
        *_widths(city),
        *(f"[offices] {defect}" for defect in city.offices.defects()),
        *_campaign(city),
        *_actions(city),
        *_access(city),
    ]


def _access(city: City) -> Iterable[str]:
    if city.access is not None:
        offices = set(city.offices.codes())
        yield from (f"[access] {defect}" for defect in city.access.defects(offices))


def _codes_twice(city: City) -> Iterable[str]:
    for what, codes in {
        "categories": [row.code for row in city.categories],
        "families": [row.code for row in city.families],
        "channels": [row.code for row in city.channels],
    }.items():
        counted = Counter(codes)
        yield from (f"[{what}] code {code!r} is used twice" for code, n in counted.items() if n > 1)


def _names_of_two(city: City) -> Iterable[str]:
    """A reported name must lead to one category, office or channel."""
    tables: dict[str, Iterable[Category | Node | Channel]] = {
        "categories": city.categories,
        "offices": city.offices,
        "channels": city.channels,
    }
    for what, rows in tables.items():
        owners: dict[str, set[str]] = {}
        for row in rows:
            for word in (row.name, *row.aliases):
                owners.setdefault(word, set()).add(row.code)
        for word, codes in owners.items():
            if len(codes) > 1:
                yield f"[{what}] name {word!r} belongs to {' and '.join(sorted(codes))}; keep one"


def _families(city: City) -> Iterable[str]:
    families = {family.code for family in city.families}
    for category in city.categories:
        if category.family not in families:
            yield (
                f"[categories] {category.code!r} names family {category.family!r}, "
                "which is not listed"
            )


def _deadlines(city: City) -> Iterable[str]:
    for category in city.categories:
        limit = category.deadline
        if limit is not None and (limit.hours is None) == (limit.days is None):
            yield f"[categories] {category.code!r}: a deadline is either hours or days"


def _widths(city: City) -> Iterable[str]:
    for one in city.street_classes.values():
        if one.width_m <= 0:
            yield f"[streets.classes] {one.code!r}: width_m is {one.width_m}, it must be above 0"


def _campaign(city: City) -> Iterable[str]:
    if city.campaign is None:
        return
    yield from (f"[campaign] {defect}" for defect in city.campaign.defects())
    known = set(city.offices.codes())
    for office in city.campaign.office_phases:
        if office not in known:
            yield f"[campaign] office_phases names unknown office {office!r}"


def _actions(city: City) -> Iterable[str]:
    offices, categories = set(city.offices.codes()), set(city.family_of)
    for action in city.actions:
        named = {*action.assisting, *filter(None, [action.lead])} - offices
        unknown = named | set(action.categories) - categories
        yield from (f"[actions] {action.code!r} names unknown {name!r}" for name in sorted(unknown))
