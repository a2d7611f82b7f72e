from __future__ import annotations

import base64
import json
import re
from dataclasses import replace

import pytest

from geodata.brief.build import overview_of
from geodata.brief.compose import content_of
from geodata.brief.manifest import Request
from geodata.brief.page import MOST_BYTES, PageTooLarge, all_tables, page_of
from geodata.wording import Words
from tests.brief.conftest import PERIOD

HOSTILE = (
    "</script><script>alert(1)</script>",
    "{{ ''.__class__.__mro__ }}{% for x in range(9) %}",
    "<img src=x onerror=alert(1)>",
    "\u2028\u202e\x00=cmd|'/c calc'!A1",
)


@pytest.fixture(scope="module")
def found(source):
    return overview_of(source, Request(period=PERIOD), Words("zh"))


@pytest.fixture(scope="module")
def content(found):
    return content_of(found, Words("zh"))


def unpacked(page):
    coded = re.search(rb'id="guatu-pack">([^<]*)<', page)[1]
    return json.loads(base64.b64decode(coded))


def test_it_carries_every_number_sentence_and_table(content, found, source):
    page = page_of(content, source, found.compared.now)
    held = unpacked(page)
    assert held["sentences"] == list(content.sentences)
    assert [one["value"] for one in held["figures"]] == [one.value for one in content.figures]
    assert [one["title"] for one in held["tables"]] == [one.title for one in all_tables(content)]
    rows = [len(one.rows) for one in all_tables(content)]
    assert [len(one["rows"]) for one in held["tables"]] == rows


def test_it_asks_no_host_and_is_small(content, found, source):
    page = page_of(content, source, found.compared.now).decode("utf-8")
    assert len(page) < MOST_BYTES
    assert "default-src 'none'" in page
    for tag in re.findall(r"<(?:script|link|img|iframe)[^>]*>", page):
        assert "http" not in tag, tag


def test_hostile_names_stay_data(content, found, source):
    sentences = (*HOSTILE, *content.sentences)
    page = page_of(replace(content, sentences=sentences), source, found.compared.now)
    for text in HOSTILE:
        assert text.encode() not in page
    assert unpacked(page)["sentences"][: len(HOSTILE)] == list(HOSTILE)


def test_a_page_no_mail_lets_through_is_refused(content, found, source):
    long = replace(content, sentences=tuple("长" * 10_000 for _ in range(200)))
    with pytest.raises(PageTooLarge, match="Leave the page out"):
        page_of(long, source, found.compared.now)


@pytest.mark.browser
def test_it_opens_with_the_network_off(content, found, source, chromium, tmp_path):
    path = tmp_path / "page.html"
    path.write_bytes(page_of(content, source, found.compared.now))
    page = chromium.new_context(offline=True).new_page()
    errors, asked = [], []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-pack=shown] .gt-holder[data-shown=yes]")
    assert page.locator("h1").inner_text().startswith(content.heading.title)
    assert page.locator(".pk-figure b").all_inner_texts() == [one.value for one in content.figures]
    assert page.locator(".pk-part table").count() >= 8
    page.locator(".pk-figure summary").nth(1).click()
    assert page.locator(".pk-figure dl").nth(1).is_visible()
    assert errors == []
    outside = [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]
    assert outside == []
    page.context.close()
