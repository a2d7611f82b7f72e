"""Bytes a repaint costs: everything the web socket receives for one filter change."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from tests.benchmarks import browser, cities, folium_browser, folium_cells
from tests.benchmarks.browser import Wire
from tests.benchmarks.row import Row, Scale, ratio_of, spread
from tests.benchmarks.served import dashboard


def measure(scale: Scale) -> list[Row]:
    """At the made-up city's cells, and at those of a city four times as large."""
    near, far = cities.made_up(scale.browser_cases), cities.scattered()
    with browser.chromium() as window:
        return [
            _measured(window, near, scale, "≤ 70 KB at 5k cells"),
            _measured(window, far, scale, "≤ 260 KB at 20k cells"),
        ]


def _measured(window: Browser, city: Path, scale: Scale, budget: str) -> Row:
    ours, cells = _ours(window, city, scale.repeats), folium_cells.cells_in(city, "tackle")
    theirs = _folium(window, city) if folium_browser.available() else []
    return Row(
        name=f"bytes per repaint at {cells:,} cells",
        budget=budget,
        figure=median(ours),
        unit="KB",
        median_of=len(ours),
        ratio=ratio_of(ours, theirs),
        against=f"{folium_browser.NAME} ({median(theirs):,.0f} KB)" if theirs else "",
        note=f"{spread(ours)} KB; frames as received, before the compression of the connection",
    )


def _ours(window: Browser, city: Path, repeats: int) -> list[float]:
    """Kilobytes for changing to the phase with most cells, each time in a new session.

    (What a session has seen before, the server only refers to.)
    """
    found = []
    with dashboard(city) as served:
        for _ in range(repeats):
            page, wire = _watched(window)
            browser.open_map(page, served.url)
            browser.settle(page)
            wire.clear()
            browser.repaint_ms(page, browser.phase_tab(2))
            found.append(wire.received_bytes / 1000)
            page.context.close()
    return found


def _folium(window: Browser, city: Path) -> list[float]:
    with ExitStack() as stack:
        served = stack.enter_context(folium_browser.folium_server(city))
        page, wire = _watched(window)
        folium_browser.first_paint(page, served)
        wire.clear()
        folium_browser.folium_repaint_ms(page, 2)
        page.context.close()
    return [wire.received_bytes / 1000]


def _watched(window: Browser) -> tuple[Page, Wire]:
    page = browser.new_page(window)
    return page, Wire().watch(page)
