"""Dashboards served for the browser, and a page that counts what passes over the wire."""

from __future__ import annotations

from base64 import b64decode
from urllib.parse import urlsplit

import pytest

from geodata.first_run import make_demo
from tests.browser.serving import served_folder

MAP = ".gt-host-case-map"
CARD = ".gt-card"
WINDOW = {"width": 1440, "height": 900}
ITS_OWN_PROBES = ("/_stcore/health", "/_stcore/host-config")
"""What Streamlit looks for under the address of a page, before it finds it at the root."""


class Visit:
    """One tab with a session of its own, and what it asked, sent and received."""

    def __init__(self, page) -> None:
        self.page = page
        self.asked, self.troubles, self.sent, self.received = [], [], [], []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", self._hear)
        page.on("dialog", self._dismiss)
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.webSocketFrameSent", lambda frame: self.sent.append(size_of(frame)))
        wire.on(
            "Network.webSocketFrameReceived", lambda frame: self.received.append(size_of(frame))
        )

    def _hear(self, message) -> None:
        where = urlsplit(message.location.get("url", "")).path
        if message.type == "error" and not where.endswith(ITS_OWN_PROBES):
            self.troubles.append(message.text)

    def _dismiss(self, dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, address: str) -> Visit:
        """Go to the map page of an address, and wait until the map has been painted."""
        self.page.goto(on_map(address), wait_until="commit")
        self.page.wait_for_selector(f"{MAP}[data-rev]", state="attached")
        return self.settle()

    def settle(self, quiet_ms: int = 250) -> Visit:
        """Wait until the page has been worked out and nothing came over the wire for a while."""
        last = None
        while (now := (len(self.received), self.revision())) != last or self.running():
            last = now
            self.page.wait_for_timeout(quiet_ms)
        return self

    def running(self) -> bool:
        """Whether Streamlit says that the page is being worked out."""
        app = "document.querySelector('[data-testid=stApp]')"
        return bool(self.page.evaluate(f"{app}?.dataset.testScriptState === 'running'"))

    def forget(self) -> None:
        """Count what passes over the wire from here on."""
        self.sent.clear()
        self.received.clear()

    def revision(self) -> str | None:
        """Which data the map shows; rises by one with each it is handed."""
        return self.page.evaluate(f"document.querySelector('{MAP}')?.dataset.rev ?? null")

    def click(self, selector: str) -> Visit:
        self.page.click(selector)
        return self.settle()

    def filter(self, selector: str) -> Visit:
        """Click what changes the numbers, and wait until the map shows them."""
        before = self.revision()
        self.page.click(selector)
        shown = f"document.querySelector('{MAP}')?.dataset.rev"
        self.page.wait_for_function(f"{shown} !== '{before}'")
        return self.settle()

    def until(self, *parts: str) -> Visit:
        """Wait until the address holds each part, or none of those that begin with "-"."""
        for part in parts:
            wanted = "false" if part.startswith("-") else "true"
            address = f"decodeURIComponent(location.search).includes('{part.lstrip('-')}')"
            self.page.wait_for_function(f"{address} === {wanted}")
        return self.settle()

    def query(self) -> str:
        return urlsplit(self.page.url).query

    def hash(self) -> str:
        return urlsplit(self.page.url).fragment

    def outside(self) -> list[str]:
        """Addresses asked on any host but this machine."""
        here = ("127.0.0.1", None)
        return [url for url in self.asked if urlsplit(url).hostname not in here]


def on_map(address: str) -> str:
    """Address of the map page where one of the whole dashboard is given."""
    parts = urlsplit(address)
    return parts._replace(path="/map").geturl() if parts.path in {"", "/"} else address


def size_of(frame) -> int:
    text = frame["response"]["payloadData"]
    binary = 2
    return len(b64decode(text)) if frame["response"]["opcode"] == binary else len(text.encode())


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """Address of the made-up city with 8,000 cases."""
    folder = tmp_path_factory.mktemp("browser") / "city"
    make_demo(folder, cases=8_000)
    with served_folder(folder) as url:
        yield url


@pytest.fixture
def visit(chromium):
    """Open a tab; every tab is closed after the test and must have stayed without trouble."""
    contexts, visits = [], []

    def new(locale="zh-CN", viewport=WINDOW, **options) -> Visit:
        context = chromium.new_context(locale=locale, viewport=viewport, **options)
        contexts.append(context)
        visits.append(Visit(context.new_page()))
        visits[-1].page.set_default_timeout(20_000)
        return visits[-1]

    yield new
    for context in contexts:
        context.close()
    assert [trouble for one in visits for trouble in one.troubles] == []
    assert [url for one in visits for url in one.outside()] == []
