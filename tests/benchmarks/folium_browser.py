"""Driving the streamlit-folium page with the same clock as ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import Browser, Page, Route

import geodata.maps
from tests.benchmarks import folium_cells
from tests.benchmarks.browser import new_page
from tests.benchmarks.cities import PHASES
from tests.benchmarks.served import Served, streamlit_page

NAME = "st_folium, GeoJSON of the same cells"
VENDOR = Path(geodata.maps.__file__).parent / "web" / "vendor"
_ELSEWHERE = re.compile(r"^https://")

_PAINTED = """([phase, radio]) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error("no repaint")), 120000);
  const started = performance.now();
  const painted = () => [...document.querySelectorAll("iframe")].some(
    (frame) => frame.contentDocument?.querySelector(`path.phase-${phase}`));
  const look = () => painted()
    ? requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - started)))
    : requestAnimationFrame(look);
  document.querySelector(radio)?.click();
  look();
})"""


def available() -> bool:
    """Whether the optional package is installed."""
    return find_spec("streamlit_folium") is not None


@contextmanager
def folium_server(city: Path) -> Iterator[Served]:
    """Serve the comparison page for a city."""
    with streamlit_page(folium_cells.SCRIPT, str(folium_cells.cases_file(city))) as served:
        yield served


def open_folium(browser: Browser, served: Served, query: str = "") -> Page:
    """Open the page and wait until its first phase has been painted."""
    page = new_page(browser)
    first_paint(page, served, query)
    return page


def _from_here(route: Route) -> None:
    """Answer for the servers folium asks: Leaflet from our own files, the rest empty."""
    name = route.request.url.rpartition("/")[2]
    path = VENDOR / name
    if path.is_file():
        route.fulfill(path=path)
    else:
        route.fulfill(body="", content_type="text/css" if name.endswith("css") else "text/plain")


def first_paint(page: Page, served: Served, query: str = "") -> None:
    """Go to the page and wait until its first phase has been painted."""
    page.route(_ELSEWHERE, _from_here)
    page.goto(served.url + query, wait_until="commit")
    page.wait_for_selector("iframe", state="attached")
    page.evaluate(_PAINTED, [PHASES[0], "#nothing"])


def folium_repaint_ms(page: Page, number: int) -> float:
    """Choose a phase, from 1, and wait until its hexagons and two frames have been drawn."""
    radio = f"[role=radiogroup] > div:nth-of-type({number}) input"
    took = float(page.evaluate(_PAINTED, [PHASES[number - 1], radio]))
    page.wait_for_timeout(400)
    return took
