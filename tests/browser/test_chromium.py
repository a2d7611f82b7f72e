"""The browser the tests drive: it starts, draws Chinese and reaches nobody."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

WIDTHS = """() => {
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = '40px sans-serif';
  return ['挂', '图', '街'].map((word) => {
    pen.clearRect(0, 0, 80, 80);
    pen.fillText(word, 10, 50);
    return pen.getImageData(0, 0, 80, 80).data.filter((byte) => byte > 0).length;
  });
}"""


def test_chinese_characters_are_drawn_as_themselves(chromium):
    page = chromium.new_page()
    page.set_content("<html lang='zh'><body></body></html>")
    inked = page.evaluate(WIDTHS)
    page.close()
    # a missing typeface draws the same box for every character
    assert min(inked) > 0
    assert len(set(inked)) > 1
