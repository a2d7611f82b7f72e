"""What every command shares: how it is registered, how it fails, how it answers."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from geodata.errors import GeodataError
from geodata.wording.refusals import said, terminal_language

CITY = click.argument("city_dir", type=click.Path(path_type=Path))
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
DATUMS = ("wgs84", "gcj02", "bd09")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Guatu 挂图: case files of a street-order campaign in, maps and numbers out."""


def command(function: Callable[..., None]) -> click.Command:
    """Register a command; deliberate errors become one message and exit 1."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except BrokenPipeError:
            raise
        except (GeodataError, OSError) as error:
            click.echo(said(error, terminal_language()), err=True)
            sys.exit(1)

    registered: click.Command = main.command(run)
    return registered


def say(text: str, about: object, *, as_json: bool) -> None:
    """Answer in words, or as one JSON object."""
    click.echo(json.dumps(about, ensure_ascii=False, default=str) if as_json else text)


def write_whole(path: Path, body: bytes, *, mode: int = 0o666) -> None:
    """Write a file all at once or not at all; ``mode`` is that of a new file, less the umask."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.touch(mode=mode)
        unfinished.write_bytes(body)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


class Bar:
    """Progress on the terminal; silent when nobody is watching."""

    def __call__(self, step: str, rows: int) -> None:
        """Show the step and how far it is."""
        if sys.stderr.isatty():
            done = f" {rows:,} rows" if rows else ""
            click.echo(f"\r\033[K{step} …{done}", nl=False, err=True)

    def done(self) -> None:
        """Take the line off the terminal."""
        if sys.stderr.isatty():
            click.echo("\r\033[K", nl=False, err=True)
