"""What arrives while a panel is still being put up: the last of it is shown, nothing before it."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import MAP, on_map

pytestmark = pytest.mark.browser

PHASE = ".gt-phases button:nth-child(2)"
TOTALS = ".gt-host-totals"


def numbers(text):
    return {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)}


def test_a_phase_chosen_before_the_base_map_has_come_is_the_one_the_map_shows(served, visit):
    one = visit()
    held = []
    one.page.route("**/guatu/basemap/*.json", lambda route: held.insert(0, route))
    one.page.goto(on_map(served), wait_until="commit")
    one.page.wait_for_selector(PHASE)
    before = one.page.inner_text(TOTALS)
    one.page.click(PHASE)
    one.page.wait_for_function(f"document.querySelector('{TOTALS}').innerText !== {before!r}")
    one.until("phase=")
    for request in held:
        request.continue_()
    one.page.wait_for_selector(f"{MAP}[data-rev]", state="attached")
    one.settle()
    cases = max(numbers(one.page.inner_text(TOTALS)))
    assert cases < 8_000
    assert f"{cases:,}" in one.page.inner_text(MAP)
    assert "8,000" not in one.page.inner_text(MAP)
