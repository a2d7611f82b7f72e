"""``counts``: the table the map draws, under any filter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from geodata.commands.common import CITY, command, write_whole
from geodata.commands.filters import filters, selection_of

UNITS = ("cell", "segment", "street", "area", "unit_grid", "office", "category", "channel",
         "status", "phase", "place")  # fmt: skip


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
@filters
def counts(
    city_dir: Path,
    *,
    unit: str,
    resolution: int,
    metres: int,
    form: str,
    out: Path | None,
    version: int | None,
    **chosen: Any,
) -> None:
    """The table the map draws: cases by cell, street, office… under any filter."""
    from geodata.city import load_city  # noqa: PLC0415
    from geodata.store.facts import load_facts  # noqa: PLC0415
    from geodata.tables import count_table, written  # noqa: PLC0415

    city = load_city(city_dir)
    facts = load_facts(city, version)
    selection = selection_of(city, facts, chosen)
    table = count_table(city, selection, unit, resolution=resolution, metres=metres, facts=facts)
    text = written(city, table, unit, form)
    if out is None:
        click.echo(text, nl=False)
    else:
        write_whole(out, text.encode())
