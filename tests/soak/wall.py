"""The wall of a small city, shown a new version of its lake again and again."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from tests import chromium, small_city
from tests.browser.serving import ROOT, wait_for
from tests.dashboard.conftest import TOML, many, take_in
from tests.soak.memory import Course, browser_mb, resident_mb

SAMPLES = 100
"""Measurements of a run, evenly spread."""

PATIENCE_MS = 60_000


def refreshed(
    folder: Path, refreshes: int, *, say: Callable[[int, tuple[Course, ...]], None]
) -> tuple[Course, Course]:
    """Show so many versions; give the course of the browser's heap and of the server's memory."""
    city = small_city.make(folder / "city", TOML)
    take_in(city, many(400))
    heap, memory = Course("browser heap"), Course("server memory")
    every = max(refreshes // SAMPLES, 1)
    with served(city.folder) as (url, pid), opened(f"{url}wall") as (page, wire):
        for done in range(1, refreshes + 1):
            new_version(city, done)
            refresh(page)
            if done % every == 0:
                wire.send("HeapProfiler.collectGarbage")
                heap.values.append(browser_mb(wire.send("Performance.getMetrics")["metrics"]))
                memory.values.append(resident_mb(pid))
            if done % (10 * every) == 0:
                say(done, (heap, memory))
    return heap, memory


def new_version(city, number: int) -> None:
    """Take in one case more or changed: the next version of the lake."""
    cases = many(1, seed=number % 50)
    take_in(city, cases.with_columns(
        case_id=pl.lit(f"soak {number % 50}"), description=pl.lit(f"version {number}")
    ))  # fmt: skip


def refresh(page) -> None:
    """Let the wall ask at once, wait for the new version, and turn the screen."""
    before = page.get_attribute(".gt-wall", "data-taken")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_function(
        f"document.querySelector('.gt-wall').dataset.taken !== '{before}'", timeout=PATIENCE_MS
    )
    page.keyboard.press("ArrowRight")


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, int]]:
    """Give address and process of a dashboard of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "dashboard", str(folder), "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(process, f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}/", process.pid
    finally:
        process.terminate()
        process.wait()


@contextmanager
def opened(url: str) -> Iterator[tuple[object, object]]:
    """Give the page of an address and its line to Chromium's own measurements."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow to import

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.QUIET)
        page = browser.new_page(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
        page.goto(url)
        page.wait_for_selector(".gt-wall[data-taken]", state="attached", timeout=PATIENCE_MS)
        wire = page.context.new_cdp_session(page)
        wire.send("Performance.enable")
        yield page, wire
        browser.close()
