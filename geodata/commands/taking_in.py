"""``ingest`` and ``status``: case files in, and what the city holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geodata.commands.common import CITY, DATUMS, JSON, Bar, command, say

if TYPE_CHECKING:
    from geodata.pipeline import Ingested


@command
@CITY
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--profile", default="", help="Instead of the city's own profile.")
@click.option("--sheet", default=None, help="Sheet of a workbook; the first that fits by default.")
@click.option("--datum", default=None, type=click.Choice(DATUMS),
              help="Datum of the file's coordinates, instead of the city's.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@JSON
def ingest(city_dir: Path, files: tuple[Path, ...], *, as_json: bool, **options: Any) -> None:
    """Take case files in; rows that break a rule are set aside with the reason."""
    from geodata.city import load_city  # noqa: PLC0415 - commands import what they use
    from geodata.pipeline import ingest as take_in  # noqa: PLC0415

    city = load_city(city_dir)
    results: list[dict[str, object]] = []
    for path in files:
        bar = Bar()
        try:
            one = take_in(city, path, now=datetime.now(UTC), progress=bar, **options)
        finally:
            bar.done()
        results.append({"file": str(path), **one.as_dict()})
        if not as_json:
            click.echo(_line(path, one, dry_run=options["dry_run"]))
    if as_json:
        click.echo(json.dumps(results[0] if len(results) == 1 else results, ensure_ascii=False))


def _line(path: Path, one: Ingested, *, dry_run: bool) -> str:
    where = f" in {one.set_aside_file}" if one.set_aside_file else ""
    end = " (dry run: nothing written)" if dry_run else f"; version {one.version}"
    return (
        f"{path.name}: {one.read:,} rows read = {one.inserted:,} new + {one.updated:,} updated "
        f"+ {one.unchanged:,} unchanged + {one.set_aside:,} set aside{where}{end}"
    )


@command
@CITY
@JSON
def status(city_dir: Path, *, as_json: bool) -> None:
    """What the city holds: counts, streets, unmapped names, piles, versions."""
    from geodata.city import load_city  # noqa: PLC0415
    from geodata.status import as_lines, city_status  # noqa: PLC0415

    found = city_status(load_city(city_dir))
    say("\n".join(as_lines(found)), found, as_json=as_json)
