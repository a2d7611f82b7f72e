"""Options that restrict which cases a command speaks of; the same as on the map."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from geodata.domain.case import PLACE_KINDS
from geodata.domain.selection import CODE_NAMES
from geodata.errors import GeodataError, Sentence

if TYPE_CHECKING:
    from geodata.analysis.facts import Facts
    from geodata.city import City
    from geodata.domain.selection import Near, Selection


class CodeUnknown(GeodataError):
    """A filter names a code that the city does not have."""


def _codes(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> frozenset[str] | None:
    return None if value is None else frozenset(part.strip() for part in value.split(","))


def _day(_context: click.Context, _option: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value} is no date; write e.g. 2026-09-21") from None


def _near(_context: click.Context, _option: click.Parameter, value: str | None) -> Near | None:
    from geodata.domain.selection import Near  # noqa: PLC0415 - commands import what they use

    if value is None:
        return None
    kind, _, metres = value.partition(":")
    if kind not in PLACE_KINDS or not metres.isdigit():
        raise click.BadParameter(
            f"{value}: write e.g. school:200; kinds are {', '.join(PLACE_KINDS)}"
        )
    return Near(kind=kind, metres=int(metres))


def filters(function: Callable[..., None]) -> Callable[..., None]:
    """Options that restrict which cases are counted; the same as on the map."""
    options = [
        click.option(f"--{name}", field, callback=_codes,
                     help=f"Keep these {name} codes, comma-separated.")
        for field, name in CODE_NAMES.items()
    ]  # fmt: skip
    options += [
        click.option("--from", "from_on", callback=_day, metavar="DATE", help="First report day."),
        click.option("--until", "until_on", callback=_day, metavar="DATE", help="Last report day."),
        click.option("--role", default="lead", type=click.Choice(["lead", "any"]),
                     help="Offices lead, or lead or assist."),
        click.option("--near", "near", default=None, metavar="KIND:METRES", callback=_near,
                     help="Within so many metres of a school, station, market, square or "
                          "hospital."),
        click.option("--hours", default="all", type=click.Choice(["all", "in", "out"]),
                     help="In or out of working hours."),
        click.option("--piles", default="keep", type=click.Choice(["keep", "leave_out"]),
                     help="Keep cases on default geocodes, or leave them out."),
    ]  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def selection_of(city: City, facts: Facts, chosen: Mapping[str, Any]) -> Selection:
    """Return the selection the options mean.

    Raises
    ------
    CodeUnknown
        A code is none of the city's; those it has are listed.
    """
    from geodata.domain.selection import Selection  # noqa: PLC0415 - commands import what they use

    known = _known_codes(city, facts)
    for field, codes in chosen.items():
        if field in known and codes is not None:
            strange = sorted(set(codes) - set(known[field]))
            if strange:
                raise CodeUnknown(
                    "--{option}: the city has no {strange:quoted}. Choose from: {known}.",
                    option=CODE_NAMES[field],
                    strange=strange,
                    known=_listed(known[field]),
                )
    return Selection(**chosen)


def _known_codes(city: City, facts: Facts) -> dict[str, list[str]]:
    columns = {
        "phases": "phase", "offices": "office", "categories": "category",
        "statuses": "status", "channels": "channel",
    }  # fmt: skip
    known = {field: facts.codes(column) for field, column in columns.items()}
    return known | {
        "families": [one.code for one in city.families],
        "street_classes": list(city.street_classes),
        "areas": [*facts.areas.codes(), "none"],
        "streets": facts.segments["street"].drop_nulls().unique().sort().to_list(),
    }


def _listed(codes: Iterable[str], most: int = 40) -> Sentence:
    named = list(codes)
    more = Sentence(" … ({n} in all)", n=len(named))
    return Sentence("{codes}{more}", codes=named[:most], more=more if len(named) > most else "")
