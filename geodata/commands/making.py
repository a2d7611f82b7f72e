"""``demo`` and ``new``: a city folder where there was none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geodata.commands.common import CITY, DATUMS, JSON, Bar, command, say

if TYPE_CHECKING:
    from geodata.founding import Founded

LAYERS = ("streets", "districts", "places", "grid")


@command
@CITY
@click.option("--cases", default=60_000, show_default=True, type=click.IntRange(min=1),
              help="How many cases to make up.")  # fmt: skip
@click.option("--seed", default=2026, show_default=True, type=click.IntRange(min=0),
              help="The same seed, the same city.")  # fmt: skip
@JSON
def demo(city_dir: Path, cases: int, seed: int, *, as_json: bool) -> None:
    """Build the made-up Chinese city: streets, offices, a campaign, and cases."""
    from geodata.first_run import make_demo  # noqa: PLC0415 - commands import what they use

    bar = Bar()
    done = make_demo(city_dir, seed=seed, cases=cases, progress=bar)
    bar.done()
    read = sum(one.read for one in done)
    text = f"{city_dir}: made-up city with {read:,} cases. Next: python -m geodata serve {city_dir}"
    say(text, {"cases": read, "version": done[-1].version if done else None}, as_json=as_json)


def _stated(
    _context: click.Context, _option: click.Parameter, pairs: tuple[str, ...]
) -> dict[str, str]:
    """``("districts=gcj02",)`` as a table; anything else is a usage error."""
    stated = {}
    for pair in pairs:
        layer, _, datum = pair.partition("=")
        if layer not in LAYERS or datum not in DATUMS:
            raise click.BadParameter(
                f"{pair}: write LAYER=DATUM; layers are {', '.join(LAYERS)}, "
                f"datums {', '.join(DATUMS)}"
            )
        stated[layer] = datum
    return stated


@command
@CITY
@click.option("--streets", required=True, multiple=True, type=click.Path(path_type=Path),
              help="File of street lines or polygons; may be given several times.")  # fmt: skip
@click.option("--districts", type=click.Path(path_type=Path),
              help="File of sub-district polygons.")  # fmt: skip
@click.option("--places", type=click.Path(path_type=Path),
              help="Points with a column kind: school, station, market and so on.")  # fmt: skip
@click.option("--grid", type=click.Path(path_type=Path),
              help="File of legal unit grids with a column code.")  # fmt: skip
@click.option("--profile", default="chinese", show_default=True,
              help="Shipped profile (chinese, boston311, open311) or a TOML file: headings, and "
                   "the tables to start with.")  # fmt: skip
@click.option("--name", default="", help="Name shown on screen; the folder's by default.")
@click.option("--timezone", default="", help="IANA name, e.g. Asia/Shanghai.")
@click.option("--crs", default="",
              help="Projected CRS in metres, e.g. EPSG:32648; by default UTM.")  # fmt: skip
@click.option("--datum", "datums", multiple=True, metavar="LAYER=DATUM", callback=_stated,
              help="State a layer's datum, e.g. districts=gcj02 (wgs84, gcj02, bd09).")  # fmt: skip
@JSON
def new(city_dir: Path, *, as_json: bool, **options: Any) -> None:
    """Make a city folder from your own street and district files."""
    from geodata.founding import LayerFiles, new_city  # noqa: PLC0415

    sources = LayerFiles(**{layer: options.pop(layer) for layer in LAYERS})
    bar = Bar()
    founded = new_city(city_dir, sources, progress=bar, **options)
    bar.done()
    say("\n".join(_told(city_dir, founded)), _about(founded), as_json=as_json)


def _told(folder: Path, founded: Founded) -> list[str]:
    streets = founded.streets
    return [
        (
            f"{folder}: {streets.segments:,} street segments, {streets.length_km:,.1f} km, from "
            f"{streets.read:,} features ({streets.twice:,} given twice, {streets.mended:,} mended, "
            f"{streets.skipped:,} skipped, {streets.unnamed:,} without a name)"
        ),
        (
            f"{founded.areas} areas ({founded.mended_rings} invalid rings mended), "
            f"{founded.places} places, {founded.unit_grids} unit grids"
        ),
        *(f"datum of {layer}: {why}" for layer, why in founded.datums.items()),
        f"Next: look through {folder / 'city.toml'}, then python -m geodata ingest {folder} FILE",
    ]


def _about(founded: Founded) -> dict[str, Any]:
    streets = founded.streets
    return {
        "segments": streets.segments,
        "length_km": streets.length_km,
        "areas": founded.areas,
        "places": founded.places,
        "unit_grids": founded.unit_grids,
        "twice": streets.twice,
        "mended": streets.mended + founded.mended_rings,
        "datums": dict(founded.datums),
    }
