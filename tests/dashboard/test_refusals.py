"""What the server refuses is said in the language of the link, else of the browser."""

from __future__ import annotations

import re

import pytest
from starlette.requests import Request

from dashboard import exports, server
from tests.asked import answered

LATIN_WORDS = re.compile(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}")


def download(query, browser="zh-CN"):
    headers = [(b"accept-language", browser.encode())]
    scope = {"type": "http", "headers": headers, "query_string": query, "path": "/guatu/export"}
    return answered(server._export(Request(scope)))  # noqa: SLF001 - the route's own function


@pytest.mark.parametrize(
    ("query", "browser", "chinese"),
    [
        (b"format=exe&lang=zh", "en-GB", True),
        (b"format=exe&lang=en", "zh-CN", False),
        (b"format=exe", "zh-CN,zh;q=0.9", True),
        (b"format=exe", "en-GB", False),
        (b"format=exe&lang=xx", "zh-CN", True),
    ],
)
def test_a_refused_download_is_said_in_the_readers_language(query, browser, chinese):
    answer = download(query, browser)
    text = answer.body.decode()
    assert answer.status_code == 400
    assert text.startswith("没有这种下载（what=-，format=exe）") == chinese
    assert bool(LATIN_WORDS.search(text)) != chinese


def test_a_fault_of_the_software_is_said_without_its_details(monkeypatch):
    def broken(_query):
        raise KeyError("secret")

    monkeypatch.setattr(exports, "build", broken)
    answer = download(b"format=csv")
    assert answer.status_code == 500
    assert answer.body.decode().startswith("程序出错")
    assert b"secret" not in answer.body
