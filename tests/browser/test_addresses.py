"""What the browser asks for first: the landing page by its name, and the files told early."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest


@pytest.fixture
def base(served):
    parts = urlsplit(served)
    return f"{parts.scheme}://{parts.netloc}"


def answer(address):
    return urlopen(address, timeout=10)  # noqa: S310 - this machine


def test_the_landing_page_answers_to_its_name(base):
    with answer(f"{base}/overview?lang=en&by=month") as found:
        assert found.url == f"{base}/?lang=en&by=month"
        assert found.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(("path", "with_map"), [("", True), ("map", True), ("ledger", False)])
def test_what_a_page_needs_is_told_with_it_and_is_there(base, path, with_map):
    with answer(f"{base}/{path}") as page:
        links = re.findall(r"<([^>]+)>; rel=(\w+)", page.headers["link"])
    assert len(links) == (5 if with_map else 2)
    for address, _ in links:
        with answer(f"{base}{address}") as file:
            assert len(file.read()) > 1000, address
            assert "immutable" in file.headers["cache-control"]


def test_what_was_told_early_is_what_is_fetched(served, visit):
    one = visit().open(served)
    asked = [urlsplit(address).path for address in one.asked]
    ours = [path for path in asked if path.startswith("/guatu/")]
    assert len(ours) == len(set(ours)), "nothing is fetched twice"
    assert sum(path.endswith(".js") for path in ours) == 3, "our script and two libraries"
    assert not one.troubles
