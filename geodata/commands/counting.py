"""``counts``: the table the map draws, under any filter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geodata.commands.common import CITY, command
from geodata.domain.case import PLACE_KINDS
from geodata.domain.selection import CODE_NAMES

if TYPE_CHECKING:
    from geodata.domain.selection import Near

UNITS = ("cell", "segment", "street", "area", "unit_grid", "office", "category", "channel",
         "status", "phase", "place")  # fmt: skip


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


def _filters(function: Callable[..., None]) -> Callable[..., None]:
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


@command
@CITY
@click.option("--by", "unit", default="cell", show_default=True, type=click.Choice(UNITS),
              help="What to count by.")  # fmt: skip
@click.option("--resolution", default=10, show_default=True, type=click.IntRange(0, 12),
              help="H3 resolution of cells.")  # fmt: skip
@click.option("--metres", default=200, show_default=True, type=click.IntRange(min=0),
              help="Radius around places, for --by place.")  # fmt: skip
@click.option("--format", "form", default="csv", show_default=True,
              type=click.Choice(["csv", "geojson", "json"]))  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path),
              help="File to write; standard output by default.")  # fmt: skip
@click.option("--version", type=int, default=None, help="Lake version; the newest by default.")
@_filters
def counts(
    city_dir: Path,
    *,
    unit: str,
    resolution: int,
    metres: int,
    form: str,
    out: Path | None,
    version: int | None,
    **filters: Any,
) -> None:
    """The table the map draws: cases by cell, street, office… under any filter."""
    from geodata.city import load_city  # noqa: PLC0415
    from geodata.domain.selection import Selection  # noqa: PLC0415
    from geodata.tables import count_table, written  # noqa: PLC0415

    city = load_city(city_dir)
    table = count_table(
        city, Selection(**filters), unit, resolution=resolution, metres=metres, version=version
    )
    text = written(city, table, unit, form)
    if out is None:
        click.echo(text, nl=False)
    else:
        _write_whole(out, text)


def _write_whole(path: Path, text: str) -> None:
    """Write a file all at once or not at all."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
