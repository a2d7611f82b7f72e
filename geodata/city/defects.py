"""What in a ``city.toml`` contradicts itself: rows that name what no other row defines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from geodata.city.model import Channel, City
from geodata.domain.category import Category
from geodata.domain.tree import Node
from geodata.errors import Sentence


def contradictions(city: City) -> list[Sentence]:
    """List every contradiction, in words; empty when sound."""
    return [
        *_codes_twice(city),
        *_names_of_two(city),
        *_families(city),
        *_deadlines(city),
        *_widths(city),
        *(_in("offices", one) for one in city.offices.defects()),
        *_campaign(city),
        *_actions(city),
        *_access(city),
    ]


def _in(table: str, defect: Sentence) -> Sentence:
    return Sentence("[{table}] {defect}", table=table, defect=defect)


def _access(city: City) -> Iterable[Sentence]:
    if city.access is not None:
        offices = set(city.offices.codes())
        yield from (_in("access", one) for one in city.access.defects(offices))


def _codes_twice(city: City) -> Iterable[Sentence]:
    for what, codes in {
        "categories": [row.code for row in city.categories],
        "families": [row.code for row in city.families],
        "channels": [row.code for row in city.channels],
    }.items():
        counted = Counter(codes)
        for code in (code for code, n in counted.items() if n > 1):
            yield _in(what, Sentence("code {code!r} is used twice", code=code))


def _names_of_two(city: City) -> Iterable[Sentence]:
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
                clash = Sentence(
                    "name {word!r} belongs to {codes:and}; keep one", word=word, codes=sorted(codes)
                )
                yield _in(what, clash)


def _families(city: City) -> Iterable[Sentence]:
    families = {family.code for family in city.families}
    for category in city.categories:
        if category.family not in families:
            lost = Sentence(
                "{code!r} names family {family!r}, which is not listed",
                code=category.code,
                family=category.family,
            )
            yield _in("categories", lost)


def _deadlines(city: City) -> Iterable[Sentence]:
    for category in city.categories:
        limit = category.deadline
        if limit is not None and (limit.hours is None) == (limit.days is None):
            either = Sentence("{code!r}: a deadline is either hours or days", code=category.code)
            yield _in("categories", either)


def _widths(city: City) -> Iterable[Sentence]:
    for one in city.street_classes.values():
        if one.width_m <= 0:
            narrow = Sentence(
                "{code!r}: width_m is {width}, it must be above 0", code=one.code, width=one.width_m
            )
            yield _in("streets.classes", narrow)


def _campaign(city: City) -> Iterable[Sentence]:
    if city.campaign is None:
        return
    yield from (_in("campaign", one) for one in city.campaign.defects())
    known = set(city.offices.codes())
    for office in city.campaign.office_phases:
        if office not in known:
            lost = Sentence("office_phases names unknown office {office!r}", office=office)
            yield _in("campaign", lost)


def _actions(city: City) -> Iterable[Sentence]:
    offices, categories = set(city.offices.codes()), set(city.family_of)
    for action in city.actions:
        named = {*action.assisting, *filter(None, [action.lead])} - offices
        unknown = named | set(action.categories) - categories
        for name in sorted(unknown):
            lost = Sentence("{code!r} names unknown {name!r}", code=action.code, name=name)
            yield _in("actions", lost)
