"""A selection in words, as the legend of a map says it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from geodata.analysis.facts import UNASSIGNED, UNMAPPED, Facts
from geodata.city import City
from geodata.domain.campaign import AFTER, BEFORE, BETWEEN
from geodata.domain.selection import Selection


@cache
def _sentences(language: str) -> Mapping[str, Mapping[str, str]]:
    path = Path(__file__).parent / "text" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


class Words:
    """The sentences of ``text/`` in one language, and how names stand in a row."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._sentences = _sentences(language)

    def __call__(self, key: str, **values: object) -> str:
        """Return the sentence of a key such as ``period.span`` with its places filled."""
        section, _, name = key.partition(".")
        return self._sentences[section][name].format(**values)

    def name(self, thing: Any) -> str:
        """Name of a category, office, phase… in this language; the other where there is none."""
        return str((thing.name_en if self.language == "en" else "") or thing.name)

    def listed(self, names: list[str], most: int = 3) -> str:
        """Names in a row; the first and a count where there are more than ``most``."""
        if len(names) > most:
            return self("filter.some", first=names[0], n=len(names))
        return self("filter.between_names").join(names) or "—"


def describe_period(city: City, facts: Facts, selection: Selection, say: Words) -> str:
    """Report days covered, then the phases, e.g. ``2026-09-21 至 11-15 · 集中攻坚``."""
    first, last = period_of(city, facts, selection)
    near = last.isoformat()[5:] if last.year == first.year else last.isoformat()
    span = say("period.span", first=first.isoformat(), last=near)
    if selection.phases is None:
        return span
    names = {
        phase.code: say.name(phase) for phase in (city.campaign.phases if city.campaign else ())
    }
    names |= {code: say(f"value.{code}") for code in (BEFORE, BETWEEN, AFTER)}
    known = city.campaign.values if city.campaign else [BEFORE]
    chosen = [names[code] for code in known if code in selection.phases]
    return say("period.phase", span=span, phases=say.listed(chosen))


def period_of(city: City, facts: Facts, selection: Selection) -> tuple[date, date]:
    """First and last report day, both included, that a selection can hold within the record."""
    first, last = facts.first_day, facts.last_day
    if city.campaign is not None and selection.phases:
        spans = {phase.code: (phase.from_on, phase.until_on) for phase in city.campaign.phases}
        spans |= {BEFORE: (first, city.campaign.from_on), AFTER: (city.campaign.until_on, last)}
        chosen = [spans[code] for code in selection.phases if code in spans]
        if chosen:
            first = max(first, min(begin for begin, _ in chosen))
            last = min(last, max(end for _, end in chosen))
    first = max(first, selection.from_on or first)
    last = min(last, selection.until_on or last)
    return first, max(first, last)


def describe(city: City, facts: Facts, selection: Selection, say: Words) -> str:
    """Everything but the period, in one line; what "all" means when nothing is restricted."""
    parts = [*_what(city, selection, say), *_who(city, selection, say)]
    parts += [*_where(city, facts, selection, say), *_how(selection, say)]
    return " · ".join(parts) or say("filter.none")


def _what(city: City, selection: Selection, say: Words) -> Iterator[str]:
    if selection.families is not None or selection.categories is not None:
        chosen = (selection.families or frozenset()) | (selection.categories or frozenset())
        yield say.listed(_names([*city.families, *city.categories], chosen, say))


def _who(city: City, selection: Selection, say: Words) -> Iterator[str]:
    if selection.offices is not None:
        key = "filter.offices_any" if selection.role == "any" else "filter.offices"
        yield say(key, names=say.listed(_names(city.offices, selection.offices, say)))
    if selection.statuses is not None:
        yield say.listed([say(f"status.{code}") for code in sorted(selection.statuses)])
    if selection.channels is not None:
        names = _names(city.channels, selection.channels, say)
        yield say("filter.channels", names=say.listed(names))


def _where(city: City, facts: Facts, selection: Selection, say: Words) -> Iterator[str]:
    if selection.street_classes is not None:
        names = _names(city.street_classes.values(), selection.street_classes, say)
        yield say("filter.classes", names=say.listed(names))
    if selection.areas is not None:
        yield say.listed(_names(facts.areas, selection.areas, say))
    if selection.streets is not None:
        yield say.listed(sorted(selection.streets))
    if selection.near is not None:
        kind = say(f"place.{selection.near.kind}")
        yield say("filter.near", kind=kind, metres=selection.near.metres)


def _how(selection: Selection, say: Words) -> Iterator[str]:
    if selection.hours != "all":
        yield say(f"filter.hours_{selection.hours}")
    if selection.piles == "leave_out":
        yield say("filter.piles_out")


def _names(rows: Iterable[Any], codes: frozenset[str], say: Words) -> list[str]:
    named = {row.code: say.name(row) for row in rows}
    named |= {code: say(f"value.{code}") for code in (UNASSIGNED, UNMAPPED, "none")}
    return [name for code, name in named.items() if code in codes]
