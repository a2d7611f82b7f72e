"""One call per command. Exit 0: done; 1: something the user can mend, said plainly; 2: usage."""

from __future__ import annotations

import functools
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from geodata.errors import DiskFull, GeodataError, PortInUse

CITY = click.argument("city_dir", type=click.Path(path_type=Path))
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Guatu 挂图: case files of a street-order campaign in, maps and numbers out."""


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Register a command; deliberate errors become one message and exit 1."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except GeodataError as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        except OSError as error:
            click.echo(str(_disk_error(error)), err=True)
            sys.exit(1)

    return main.command(run)


def _disk_error(error: OSError) -> GeodataError:
    where = f" {error.filename}" if error.filename else ""
    return DiskFull(f"The file system said: {error.strerror}{where}. Mend that and run again.")


class _Bar:
    """Progress on the terminal; silent when nobody is watching."""

    def __call__(self, step: str, rows: int) -> None:
        if sys.stderr.isatty():
            done = f" {rows:,} rows" if rows else ""
            click.echo(f"\r\033[K{step} …{done}", nl=False, err=True)

    def done(self) -> None:
        if sys.stderr.isatty():
            click.echo("\r\033[K", nl=False, err=True)


@command
@CITY
@click.option("--cases", default=60_000, show_default=True, help="How many cases to make up.")
@click.option("--seed", default=2026, show_default=True, help="The same seed, the same city.")
@JSON
def demo(city_dir: Path, cases: int, seed: int, *, as_json: bool) -> None:
    """Build the made-up Chinese city: streets, offices, a campaign, and cases."""
    from geodata.first_run import make_demo  # noqa: PLC0415 - commands import what they use

    bar = _Bar()
    done = make_demo(city_dir, seed=seed, cases=cases, progress=bar)
    bar.done()
    read = sum(one.read for one in done)
    text = f"{city_dir}: made-up city with {read:,} cases. Next: python -m geodata serve {city_dir}"
    _say(text, {"cases": read, "version": done[-1].version if done else None}, as_json=as_json)


@command
@CITY
@click.option(
    "--streets",
    required=True,
    multiple=True,
    type=click.Path(path_type=Path),
    help="File of street lines or polygons; may be given several times.",
)
@click.option("--districts", type=click.Path(path_type=Path), help="File of sub-district polygons.")
@click.option(
    "--places",
    type=click.Path(path_type=Path),
    help="File of points with a column kind: school, station, market, square, hospital.",
)
@click.option(
    "--grid", type=click.Path(path_type=Path), help="File of legal unit grids with a column code."
)
@click.option(
    "--profile",
    default="chinese",
    show_default=True,
    help="Shipped profile (chinese, boston311, open311) or a TOML file: headings, and the tables to start with.",
)
@click.option("--name", default="", help="Name shown on screen; the folder's by default.")
@click.option("--timezone", default="", help="IANA name, e.g. Asia/Shanghai.")
@click.option(
    "--crs", default="", help="Projected CRS in metres, e.g. EPSG:32648; the UTM zone by default."
)
@click.option(
    "--datum",
    "datums",
    multiple=True,
    metavar="LAYER=DATUM",
    help="State a layer's datum, e.g. districts=gcj02 (wgs84, gcj02, bd09).",
)
@JSON
def new(city_dir: Path, *, as_json: bool, datums: tuple[str, ...], **options: Any) -> None:
    """Make a city folder from your own street and district files."""
    from geodata.founding import LayerFiles, new_city  # noqa: PLC0415

    sources = LayerFiles(
        **{key: options.pop(key) for key in ("streets", "districts", "places", "grid")}
    )
    founded = new_city(city_dir, sources, datums=_stated(datums), **options)
    streets = founded.streets
    lines = [
        f"{city_dir}: {streets.segments:,} street segments, {streets.length_km:,.1f} km, from "
        f"{streets.read:,} features ({streets.twice:,} given twice, {streets.mended:,} mended, "
        f"{streets.skipped:,} skipped, {streets.unnamed:,} without a name)",
        f"{founded.areas} areas ({founded.mended_rings} invalid rings mended), "
        f"{founded.places} places, {founded.unit_grids} unit grids",
        *(f"datum of {layer}: {why}" for layer, why in founded.datums.items()),
        f"Next: look through {city_dir / 'city.toml'}, then python -m geodata ingest {city_dir} FILE",
    ]
    about = {
        "segments": streets.segments,
        "length_km": streets.length_km,
        "areas": founded.areas,
        "places": founded.places,
        "unit_grids": founded.unit_grids,
        "twice": streets.twice,
        "mended": streets.mended + founded.mended_rings,
        "datums": dict(founded.datums),
    }
    _say("\n".join(lines), about, as_json=as_json)


def _stated(pairs: tuple[str, ...]) -> dict[str, str]:
    stated = dict(pair.partition("=")[::2] for pair in pairs)
    wrong = [
        pair
        for pair in pairs
        if stated.get(pair.partition("=")[0]) not in ("wgs84", "gcj02", "bd09")
    ]
    if wrong:
        raise click.UsageError(f"--datum {wrong[0]}: write LAYER=wgs84, gcj02 or bd09")
    return stated


@command
@CITY
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--profile", default="", help="Instead of the city's own profile.")
@click.option("--sheet", default=None, help="Sheet of a workbook; the first that fits by default.")
@click.option(
    "--datum",
    default="",
    type=click.Choice(["", "wgs84", "gcj02", "bd09"]),
    help="Datum of the file's coordinates, instead of the city's.",
)
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@JSON
def ingest(city_dir: Path, files: tuple[Path, ...], *, as_json: bool, **options: Any) -> None:
    """Take case files in; rows that break a rule are set aside with the reason."""
    from geodata.city import load_city  # noqa: PLC0415
    from geodata.pipeline import ingest as take_in  # noqa: PLC0415

    city = load_city(city_dir)
    results = []
    for path in files:
        bar = _Bar()
        one = take_in(city, path, now=datetime.now(UTC), progress=bar, **options)
        bar.done()
        results.append({"file": str(path), **one.as_dict()})
        if not as_json:
            click.echo(
                f"{path.name}: {one.read:,} rows read = {one.inserted:,} new + {one.updated:,} updated "
                f"+ {one.unchanged:,} unchanged + {one.set_aside:,} set aside"
                + (f" in {one.set_aside_file}" if one.set_aside_file else "")
                + (
                    " (dry run: nothing written)"
                    if options["dry_run"]
                    else f"; version {one.version}"
                )
            )
    if as_json:
        click.echo(json.dumps(results[0] if len(results) == 1 else results, ensure_ascii=False))


@command
@CITY
@JSON
def status(city_dir: Path, *, as_json: bool) -> None:
    """What the city holds: counts, streets, unmapped names, piles, versions."""
    from geodata.city import load_city  # noqa: PLC0415
    from geodata.status import as_lines, city_status  # noqa: PLC0415

    found = city_status(load_city(city_dir))
    _say("\n".join(as_lines(found)), found, as_json=as_json)


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


def _filters(function: Callable[..., None]) -> Callable[..., None]:
    """Options that restrict which cases are counted; the same as on the map."""
    named = {
        "phases": "phase", "offices": "office", "families": "family", "categories": "category",
        "statuses": "status", "channels": "channel", "street_classes": "class",
        "areas": "area", "streets": "street",
    }  # fmt: skip
    for field, name in reversed(named.items()):
        help_text = f"Keep these {name} codes, comma-separated."
        function = click.option(f"--{name}", field, callback=_codes, help=help_text)(function)
    function = click.option(
        "--from", "from_on", callback=_day, metavar="DATE", help="First report day."
    )(function)
    function = click.option(
        "--until", "until_on", callback=_day, metavar="DATE", help="Last report day."
    )(function)
    function = click.option(
        "--role",
        default="lead",
        type=click.Choice(["lead", "any"]),
        help="Offices lead, or lead or assist.",
    )(function)
    function = click.option(
        "--near",
        "near",
        default=None,
        metavar="KIND:METRES",
        help="Within so many metres of a school, station, market, square or hospital.",
    )(function)
    return click.option(
        "--hours",
        default="all",
        type=click.Choice(["all", "in", "out"]),
        help="In or out of working hours.",
    )(function)


@command
@CITY
@click.option(
    "--by",
    "unit",
    default="cell",
    show_default=True,
    type=click.Choice(
        [
            "cell",
            "segment",
            "street",
            "area",
            "unit_grid",
            "office",
            "category",
            "channel",
            "status",
            "phase",
            "place",
        ]
    ),
    help="What to count by.",
)
@click.option(
    "--resolution",
    default=10,
    show_default=True,
    type=click.IntRange(0, 12),
    help="H3 resolution of cells.",
)
@click.option(
    "--metres", default=200, show_default=True, help="Radius around places, for --by place."
)
@click.option(
    "--format",
    "form",
    default="csv",
    show_default=True,
    type=click.Choice(["csv", "geojson", "json"]),
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="File to write; standard output by default."
)
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
    near: str | None,
    **filters: Any,
) -> None:
    """The table the map draws: cases by cell, street, office… under any filter."""
    from geodata.city import load_city  # noqa: PLC0415
    from geodata.domain.selection import Selection  # noqa: PLC0415
    from geodata.tables import count_table, written  # noqa: PLC0415

    selection = Selection(near=_near(near), **filters)
    city = load_city(city_dir)
    table = count_table(
        city, selection, unit, resolution=resolution, metres=metres, version=version
    )
    text = written(city, table, unit, form)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


def _near(text: str | None) -> Any:
    from geodata.domain.case import PLACE_KINDS  # noqa: PLC0415
    from geodata.domain.selection import Near  # noqa: PLC0415

    if text is None:
        return None
    kind, _, metres = text.partition(":")
    if kind not in PLACE_KINDS or not metres.isdigit():
        raise click.BadParameter(
            f"{text}: write e.g. school:200; kinds are {', '.join(PLACE_KINDS)}"
        )
    return Near(kind=kind, metres=int(metres))


@command
@CITY
@click.option("--port", default=8501, show_default=True)
@click.option(
    "--address", default="127.0.0.1", show_default=True, help="0.0.0.0 serves the whole network."
)
@click.option(
    "--open/--no-open", "open_browser", default=True, help="Open a browser when there is one."
)
def serve(city_dir: Path, port: int, address: str, *, open_browser: bool) -> None:
    """Serve the dashboard of a city folder."""
    from geodata.city import load_city  # noqa: PLC0415

    load_city(city_dir)
    _refuse_port_in_use(address, port)
    link = f"http://{'127.0.0.1' if address == '0.0.0.0' else address}:{port}"  # noqa: S104
    click.echo(f"Guatu 挂图: {link}   (Ctrl+C stops it)")
    server = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [
            sys.executable,
            "-m",
            "dashboard",
            str(city_dir),
            "--port",
            str(port),
            "--address",
            address,
        ],
        stdout=subprocess.DEVNULL,
    )
    if open_browser and (os.environ.get("DISPLAY") or sys.platform == "darwin"):
        click.launch(link)
    try:
        sys.exit(server.wait())
    except KeyboardInterrupt:
        server.terminate()


def _refuse_port_in_use(address: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise PortInUse(
                f"Port {port} on {address} cannot be used ({error.strerror}). "
                f"Stop what listens there, or choose another: --port {port + 1}"
            ) from error


def _say(text: str, about: Any, *, as_json: bool) -> None:
    click.echo(json.dumps(about, ensure_ascii=False, default=str) if as_json else text)
