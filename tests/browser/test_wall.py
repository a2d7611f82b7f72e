"""The wall: nothing to operate, large enough, turns by itself, and follows new versions."""

from __future__ import annotations

import pytest

from tests import small_city
from tests.browser.serving import served_folder
from tests.dashboard.conftest import TOML, many, take_in
from tests.soak.wall import new_version, refresh

pytestmark = pytest.mark.browser

FULL_HD = {"width": 1920, "height": 1080}
ULTRA_HD = {"width": 3840, "height": 2160}
TAKEN = ".gt-wall[data-taken]"
SHOWN = "() => document.querySelector('.gt-wall').dataset.screen"
SMALLEST = """() => {
  const letters = [...document.querySelectorAll('.gt-wall *')].filter((node) =>
    node.getClientRects().length && !node.closest('.gt-wall-corner') &&
    [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()));
  const zoom = document.querySelector('.gt-wall .gt-map')?.getBoundingClientRect().width
    / document.querySelector('.gt-wall .gt-map')?.offsetWidth;
  return Math.min(...letters.map((node) =>
    parseFloat(getComputedStyle(node).fontSize) * (node.closest('.gt-map') ? zoom : 1)));
}"""
SIZE = "(name) => parseFloat(getComputedStyle(document.querySelector(name)).fontSize)"
COVERED = """() => [...document.querySelectorAll('a, button, input, select')].filter((node) => {
  const box = node.getBoundingClientRect();
  return box.width && !node.closest('[inert]') && getComputedStyle(node).visibility !== 'hidden'
    && node.checkVisibility();
}).map((node) => node.textContent)"""


@pytest.fixture(scope="module")
def walled(tmp_path_factory):
    """A small city with 400 cases, and the address of its wall."""
    city = small_city.make(tmp_path_factory.mktemp("wall") / "city", TOML)
    take_in(city, many(400))
    with served_folder(city.folder) as url:
        yield city, f"{url}wall"


def opened(visit, url, *, clock=False, **options):
    one = visit(**options)
    if clock:
        one.page.clock.install()
    one.page.goto(url)
    one.page.wait_for_selector(TAKEN, state="attached")
    return one.page


def test_it_shows_no_controls_until_the_mouse_moves(walled, visit):
    page = opened(visit, walled[1], viewport=FULL_HD)
    assert page.evaluate(COVERED) == []
    assert page.evaluate("() => getComputedStyle(document.querySelector('.gt-wall')).cursor") == (
        "none"
    )
    page.mouse.move(300, 300)
    page.mouse.move(310, 310)
    leave = page.locator(".gt-wall-corner button").last
    assert leave.is_visible()
    leave.wait_for(state="hidden")
    page.keyboard.press("Escape")
    assert leave.is_visible()
    leave.click()
    page.wait_for_url("**/?lang=zh")
    assert page.locator(".gt-wall").count() == 0


@pytest.mark.parametrize("viewport", [FULL_HD, ULTRA_HD])
def test_letters_are_large_enough_on_every_screen(walled, visit, viewport):
    page = opened(visit, walled[1], viewport=viewport)
    unit = viewport["width"] / 3840
    assert page.evaluate(SIZE, ".gt-wall-value b") == pytest.approx(168 * unit, rel=0.01)
    assert page.evaluate(SIZE, ".gt-wall-told p") >= 60 * unit - 0.01
    for _ in range(4):
        assert page.evaluate(SMALLEST) >= 36 * unit - 0.01
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(450)


def test_screens_turn_by_keys_and_by_themselves_with_one_map(walled, visit):
    page = opened(visit, walled[1], viewport=FULL_HD, clock=True)
    seen = [page.evaluate(SHOWN)]
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        seen.append(page.evaluate(SHOWN))
    assert seen == ["stage", "places", "rebound", "offices"]
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(SHOWN) == "rebound"
    page.clock.fast_forward(19_000)
    assert page.evaluate(SHOWN) == "rebound"
    page.clock.fast_forward(2_000)
    assert page.evaluate(SHOWN) == "offices"
    assert page.locator(".gt-wall .gt-map").count() == 1


def test_new_versions_come_in_and_nothing_piles_up(walled, visit):
    city, url = walled
    page = opened(visit, url, viewport=FULL_HD)
    first = page.inner_text(".gt-wall-version")
    for number in range(1, 21):
        new_version(city, number)
        refresh(page)
    page.wait_for_timeout(500)
    assert page.inner_text(".gt-wall-version") != first
    assert page.locator(".gt-wall").count() == 1
    assert page.locator(".gt-wall-page").count() == 1
    assert page.locator(".gt-wall canvas.gt-canvas").count() == 1


def test_a_server_that_went_away_leaves_the_last_picture_with_its_time(tmp_path, chromium):
    city = small_city.make(tmp_path / "city", TOML)
    take_in(city, many(60))
    context = chromium.new_context(locale="en-US", viewport=FULL_HD)
    page = context.new_page()
    with served_folder(city.folder) as url:
        page.goto(f"{url}wall")
        page.wait_for_selector(TAKEN, state="attached")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    line = page.locator(".gt-wall-line")
    line.wait_for(state="visible")
    assert "Connection lost; showing data of" in line.inner_text()
    assert page.locator(".gt-wall-page").count() >= 1
    context.close()
