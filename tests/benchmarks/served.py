"""A web server in a process of its own, for as long as it is measured."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil  # type: ignore[import-untyped]

from geodata.commands.serving import FRUGAL
from tests.benchmarks.cities import ROOT

PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    started: float
    """Clock of ``time.perf_counter`` when the process was asked for."""

    @property
    def url(self) -> str:
        """Address of its first page."""
        return f"http://127.0.0.1:{self.port}/"

    def memory_mb(self) -> tuple[float, float]:
        """Resident memory now and at its highest, in MB; the second is nan outside Linux."""
        status = Path(f"/proc/{self.process.pid}/status")
        peak = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
        now = psutil.Process(self.process.pid).memory_info().rss / 2**20
        return now, int(peak[1]) / 1024 if peak else float("nan")


@contextmanager
def dashboard(city: Path) -> Iterator[Served]:
    """Serve a city folder as ``python -m geodata serve`` does."""
    with _running(lambda port: ["-m", "dashboard", str(city), "--port", str(port)]) as served:
        yield served


@contextmanager
def streamlit_page(script: Path, *arguments: str) -> Iterator[Served]:
    """Serve one Streamlit script."""
    options = ["--server.headless=true", "--server.fileWatcherType=none"]
    options += ["--browser.gatherUsageStats=false", "--server.address=127.0.0.1"]

    def command(port: int) -> list[str]:
        head = ["-m", "streamlit", "run", str(script), f"--server.port={port}"]
        return [*head, *options, "--", *arguments]

    with _running(command) as served:
        yield served


@contextmanager
def _running(command: Callable[[int], list[str]]) -> Iterator[Served]:
    """Start ``python`` with the command for a free port; stop it in the end."""
    port = _free_port()
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command(port)],
        cwd=ROOT,
        env={**FRUGAL, **os.environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        served = Served(process, port, started)
        _wait_for(served)
        yield served
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(served: Served) -> None:
    until = served.started + PATIENCE_S
    while time.perf_counter() < until and served.process.poll() is None:
        try:
            urlopen(f"{served.url}_stcore/health", timeout=1).close()  # noqa: S310 - this machine
        except (URLError, OSError):
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"the server did not answer on port {served.port}")
