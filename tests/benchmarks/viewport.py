"""Panning and zooming stay in the browser, and a filter change leaves the view where it is."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Page

from tests.benchmarks import browser, cities, folium_browser
from tests.benchmarks.browser import MAP, Wire
from tests.benchmarks.row import Row, Scale
from tests.benchmarks.served import dashboard

MOVES = 20
CHANGES = 20
_MARK = f"() => {{ document.querySelector('{MAP} canvas').dataset.bench = 'same'; }}"
_MARKED = f"() => document.querySelectorAll('{MAP} canvas[data-bench=same]').length"


def measure(scale: Scale) -> list[Row]:
    """Count reruns and remounts; compare the view before and after the filter changes."""
    city = cities.made_up(scale.browser_cases)
    with browser.chromium() as window:
        theirs = _folium_reruns(window, city) if folium_browser.available() else None
        return _ours(window, city, theirs)


def _ours(window: Browser, city: Path, theirs: int | None) -> list[Row]:
    with dashboard(city) as served:
        page = browser.new_page(window)
        wire = Wire().watch(page)
        browser.open_map(page, served.url)
        browser.settle(page)
        page.evaluate(_MARK)
        wire.clear()
        box = page.locator(MAP).bounding_box()
        assert box is not None
        _move(page, box)
        reruns, frames = wire.sent, wire.received
        kept, reruns_each = _change_filters(page, wire)
        remounts = 0 if page.evaluate(_MARKED) == 1 else 1
        page.context.close()
    against = f"st_folium as it comes: {theirs} frames sent" if theirs is not None else ""
    return [
        _row(f"reruns in {MOVES} pans and {MOVES} zooms", "0", reruns, against,
             f"frames the page sent; {frames} received"),
        _row(f"remounts in these and {CHANGES} filter changes", "0", remounts, "",
             "the canvas is the same element"),
        _row("views moved by a filter change", "0", CHANGES - kept, "",
             f"viewport kept {kept} of {CHANGES} times; {reruns_each:g} runs of the script each"),
    ]  # fmt: skip


def _row(name: str, budget: str, figure: float, against: str, note: str) -> Row:
    return Row(
        name=name, budget=budget, figure=figure, unit="", median_of=1, against=against, note=note
    )


def _move(page: Page, box: FloatRect) -> None:
    """Drag and turn the wheel, back and forth, as a hand does."""
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for turn in range(MOVES):
        step = 60 if turn % 2 else -45
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + step, y + step / 2, steps=4)
        page.mouse.up()
        page.mouse.wheel(0, 120 if turn % 2 else -120)
        page.wait_for_timeout(350)


def _change_filters(page: Page, wire: Wire) -> tuple[int, float]:
    """How many changes left the view where it was, and messages sent for each."""
    kept = 0
    wire.clear()
    for turn in range(CHANGES):
        before = _view(page)
        browser.repaint_ms(page, browser.phase_tab(1 + turn % 3))
        kept += _view(page) == before
    return kept, wire.sent / CHANGES


def _view(page: Page) -> str:
    """Return the view in the address, once it has come to rest."""
    view = ""
    while (now := str(page.evaluate("() => window.location.hash"))) != view:
        view = now
        page.wait_for_timeout(400)
    assert "map=" in view, "the page does not write its view into the address"
    return view


def _folium_reruns(window: Browser, city: Path) -> int:
    with folium_browser.folium_server(city) as served:
        page = browser.new_page(window)
        wire = Wire().watch(page)
        folium_browser.first_paint(page, served, "?listen=yes")
        page.wait_for_timeout(3000)
        wire.clear()
        box = page.locator("iframe").bounding_box()
        assert box is not None
        _move(page, box)
        page.wait_for_timeout(3000)
        page.context.close()
    return wire.sent
