"""One headless Chromium: the page with the map, its repaints, and what its web socket carries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, ViewportSize, WebSocket, sync_playwright

from tests import chromium as on_this_machine

MAP = ".gt-host-case-map"
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
WINDOW: ViewportSize = {"width": 1440, "height": 900}
PATIENCE_MS = 120_000

_REPAINT = """([map, target]) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error("no repaint")), 120000);
  const started = performance.now();
  const watch = new MutationObserver(() => {
    watch.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - started)));
  });
  watch.observe(document.querySelector(map), { attributes: true, attributeFilter: ["data-rev"] });
  document.querySelector(target).click();
})"""

_PAINTED = """() => new Promise((resolve) =>
  requestAnimationFrame(() => requestAnimationFrame(resolve)))"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium; it finds no other host than this machine."""
    program = on_this_machine.find()
    if program is None:
        raise RuntimeError("No Chromium: run `python -m tests.chromium`, or set GUATU_CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=[*on_this_machine.QUIET, ALONE]
        )
        yield browser
        browser.close()


def new_page(browser: Browser) -> Page:
    """Open an empty tab with a session of its own."""
    page = browser.new_context(viewport=WINDOW, locale="zh-CN").new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def on_map(url: str) -> str:
    """Address of the map page of a dashboard."""
    parts = urlsplit(url)
    return parts._replace(path="/map").geturl() if parts.path in {"", "/"} else url


def open_map(page: Page, url: str) -> None:
    """Open the map page and wait until the map has been painted."""
    page.goto(on_map(url), wait_until="commit")
    page.wait_for_selector(f"{MAP}[data-rev]", state="attached")
    page.evaluate(_PAINTED)


def settle(page: Page, quiet_ms: int = 400) -> None:
    """Wait until the map has not changed for a while."""
    last = None
    while (now := page.get_attribute(MAP, "data-rev")) != last:
        last = now
        page.wait_for_timeout(quiet_ms)


def phase_tab(number: int) -> str:
    """CSS selector of a phase in the ruler, from 1."""
    return f".gt-phases button:nth-child({number})"


def repaint_ms(page: Page, target: str) -> float:
    """Click, wait for the map's next revision and two animation frames; the page's own clock."""
    took = float(page.evaluate(_REPAINT, [MAP, target]))
    settle(page)
    return took


@dataclass  # no slots: Playwright marks the object that listens
class Wire:
    """Frames of a page's web sockets, counted by Chromium (payload, before compression)."""

    received: int = 0
    received_bytes: int = 0
    sent: int = 0

    def watch(self, page: Page) -> Wire:
        """Start counting; call before the page opens its address."""
        page.on("websocket", self._listen)
        return self

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._take)
        socket.on("framesent", self._give)

    def _take(self, payload: bytes | str) -> None:
        self.received += 1
        self.received_bytes += len(payload)

    def _give(self, _payload: bytes | str) -> None:
        self.sent += 1

    def clear(self) -> None:
        """Begin again at nothing."""
        self.received = self.received_bytes = self.sent = 0
