"""Process start → painted map, and what the imports take of it."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

from tests.benchmarks import browser, cities, folium_browser
from tests.benchmarks.row import Row, Scale, in_turn, ratio_of
from tests.benchmarks.served import dashboard

BUDGET_S = "≤ 5 s"
SMALL = 60_000
PIECES = "import dashboard.server, geodata.pipeline"
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+([\w.]+)")


def measure(scale: Scale) -> list[Row]:
    """Start the small and the large city, and the streamlit-folium page, in turn."""
    small, large = cities.made_up(SMALL), cities.made_up(scale.browser_cases)
    with browser.chromium() as window:
        ways = {
            "small": lambda: _ours_s(window, small),
            "large": lambda: _ours_s(window, large),
        }
        if folium_browser.available():
            ways["folium"] = lambda: _folium_s(window, large)
        found = in_turn(ways, max(scale.repeats // 2, 1))
    theirs = found.get("folium", [])
    return [
        _row(SMALL, found["small"], theirs),
        _row(scale.browser_cases, found["large"], theirs),
        _imports(),
    ]


def _row(cases: int, ours: list[float], theirs: list[float]) -> Row:
    return Row(
        name=f"cold start → painted map, {cases:,} reports",
        budget=BUDGET_S,
        figure=median(ours),
        unit="s",
        median_of=len(ours),
        ratio=ratio_of(ours, theirs),
        against=f"st_folium page of the large city ({median(theirs):.1f} s)" if theirs else "",
        note=f"{min(ours):.1f}–{max(ours):.1f} s; new process, new browser session, "
        "facts kept by an earlier start, files in the system's cache",
    )


def _ours_s(window: Browser, city: Path) -> float:
    page = browser.new_page(window)
    with dashboard(city) as served:
        browser.open_map(page, served.url)
        took = time.perf_counter() - served.started
        page.context.close()
    return took


def _folium_s(window: Browser, city: Path) -> float:
    page = browser.new_page(window)
    with folium_browser.folium_server(city) as served:
        folium_browser.first_paint(page, served)
        took = time.perf_counter() - served.started
        page.context.close()
    return took


def _imports() -> Row:
    """Sum the import times of everything the server needs, by package."""
    began = time.perf_counter()
    command = [sys.executable, "-X", "importtime", "-c", PIECES]
    done = subprocess.run(command, cwd=cities.ROOT, check=True, capture_output=True, text=True)
    took = time.perf_counter() - began
    spent: dict[str, float] = defaultdict(float)
    for microseconds, module in _IMPORT.findall(done.stderr):
        spent[module.partition(".")[0]] += int(microseconds) / 1e6
    slowest = sorted(spent.items(), key=lambda pair: -pair[1])[:6]
    return Row(
        name="imports of the server and the pipeline",
        budget="",
        figure=took,
        unit="s",
        median_of=1,
        note="own time: " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in slowest),
    )
