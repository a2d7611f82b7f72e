"""``serve``: the dashboard of a city folder, in a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import click

from geodata.commands.common import CITY, command
from geodata.errors import PortInUse

EVERYWHERE = "0.0.0.0"  # noqa: S104 - only when the user asks for it
STOP_SECONDS = 10
FRUGAL = {"_RJEM_MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0", "MALLOC_ARENA_MAX": "2"}
"""Both allocators give memory back at once: 0.8 GB instead of 3 at 10 million cases."""


@command
@CITY
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65_535))
@click.option("--address", default="127.0.0.1", show_default=True,
              help="0.0.0.0 serves the whole network.")  # fmt: skip
@click.option("--open/--no-open", "open_browser", default=True,
              help="Open a browser when there is one.")  # fmt: skip
def serve(city_dir: Path, port: int, address: str, *, open_browser: bool) -> None:
    """Serve the dashboard of a city folder."""
    from geodata.city import load_city  # noqa: PLC0415 - commands import what they use

    load_city(city_dir)
    refuse_port_in_use(address, port)
    link = f"http://{'127.0.0.1' if address == EVERYWHERE else address}:{port}"
    click.echo(f"Guatu 挂图: {link}   (Ctrl+C stops it)")
    where = [str(city_dir), "--port", str(port), "--address", address]
    server = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "dashboard", *where],
        stdout=subprocess.DEVNULL,
        env={**FRUGAL, **os.environ},
    )
    if open_browser and (os.environ.get("DISPLAY") or sys.platform == "darwin"):
        click.launch(link)
    _wait(server)


def _wait(server: subprocess.Popen[bytes]) -> None:
    """Stay until the server ends; whatever ends this process ends the server too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        sys.exit(server.wait())
    except KeyboardInterrupt:
        sys.exit(0)
    finally:
        server.terminate()
        server.wait(STOP_SECONDS)


def refuse_port_in_use(address: str, port: int) -> None:
    """Check that a server could listen there.

    Raises
    ------
    PortInUse
        Another program does, or the address is not of this machine.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise PortInUse(
                "Port {port} on {address} cannot be used ({error}). Stop what listens there, or "
                "choose another: --port {other}",
                port=port,
                address=address,
                error=error,
                other=port + 1,
            ) from error
