"""Texts that attack: in every field of a case and every name of a city, they are shown as text."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import geopandas as gpd
import polars as pl
import pytest
import shapely

from geodata.store.lake import Lake
from tests import small_city
from tests.browser.conftest import CARD, MAP
from tests.browser.serving import served_folder
from tests.dashboard.conftest import TOML, many, take_in
from tests.maps.hostile import CRAFTED, naughty_strings

pytestmark = pytest.mark.browser

TEXTS = ["case_id", "category_name", "office_name", "channel_name", "street_name", "address",
         "description", "person"]  # fmt: skip
SCRIPTS = [text for text in CRAFTED if "__hit" in text]


def renamed(toml):
    """Every name of the configuration becomes an attack."""
    attacks = iter(SCRIPTS * 40)
    return re.sub(r'name = "[^"]*"', lambda _: f"name = {json.dumps(next(attacks))}", toml)


def streets():
    """Each street is called by an attack."""
    named = small_city.streets()
    return named.assign(name=[SCRIPTS[i % len(SCRIPTS)] + str(i) for i in range(len(named))])


def areas():
    named = small_city.areas()
    return named.assign(name=[f"{SCRIPTS[i]}{i}" for i in range(len(named))])


def places():
    point = shapely.Point(small_city.WEST, small_city.SOUTH)
    return gpd.GeoDataFrame({"kind": ["school"], "name": [SCRIPTS[0]]}, geometry=[point], crs=4326)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory, shared):
    """Address of a city in which every text is an attack."""
    naughty = [text for text in naughty_strings(shared) if "\x00" not in text][:900]
    folder = tmp_path_factory.mktemp("attacked") / "city"
    layers = {"streets": streets(), "districts": areas(), "places": places()}
    # a code twice among names would be refused: names may be anything, but differ
    toml = distinct(renamed(TOML))
    city = small_city.make(folder, toml, **layers)
    cases = (
        many(len(naughty))
        .with_columns(
            pl.Series(
                name,
                [f"{text}{row if name == 'case_id' else ''}" for row, text in enumerate(naughty)],
            )
            for name in TEXTS
        )
        .with_columns(category=pl.lit(None, pl.String), office=pl.lit(None, pl.String))
    )
    take_in(city, cases, source=SCRIPTS[1])
    assert Lake(city.lake).version() is not None
    with served_folder(folder) as url:
        yield url


def distinct(toml):
    """Number the names, since one name must not lead to two codes."""
    numbers = iter(range(1000))
    return re.sub(r'(name = ".*?)"(?=[,\n ])', lambda m: f'{m[1]}{next(numbers)}"', toml)


def assert_nothing_ran(one):
    """No script left its mark, no element was made of a text; dialogs fail the visit."""
    assert one.page.evaluate("window.__hit") is None
    assert one.page.locator("img[src=x], svg[onload], [onerror], x, marquee").count() == 0


BOX = quote("104.0,30.6;104.2,30.6;104.2,30.8;104.0,30.8")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_texts_are_shown_as_text_everywhere(attacked, visit, lang):
    one = visit().open(f"{attacked}?lang={lang}&outline={BOX}")
    one.page.wait_for_selector(f"{CARD} .gt-numbers")
    shown = one.page.inner_text(CARD)
    assert "<" in shown
    one.page.click(f"{CARD} .gt-act-wide")
    one.settle()
    for row in one.page.locator(f"{CARD} .gt-case button, {CARD} summary").all()[:8]:
        row.click()
    assert_nothing_ran(one)
    for layer in ("streets", "table"):
        one.page.click(f".gt-left button >> nth={4 if layer == 'streets' else 5}")
        one.settle()
        x, y = 760, 520
        one.page.mouse.move(x, y)
        one.page.wait_for_timeout(200)
        assert_nothing_ran(one)
    for button in one.page.locator(".gt-filter .gt-select").all():
        button.click()
        one.page.wait_for_timeout(100)
        one.page.keyboard.press("Escape")
    one.page.click('[data-testid="stTopNavLink"] >> nth=-1')
    one.page.wait_for_selector(".gt-page h1")
    one.page.wait_for_timeout(300)
    assert any(text in one.page.inner_text(".gt-page") for text in SCRIPTS)
    assert_nothing_ran(one)


def test_hostile_names_are_only_text_where_one_lands(attacked, visit):
    one = visit()
    one.page.goto(f"{attacked}?lang=zh", wait_until="commit")
    one.page.wait_for_selector(".gt-list-row")
    one.page.wait_for_selector(f"{MAP}[data-rev]", state="attached")
    one.page.wait_for_timeout(300)
    assert "<" in one.page.inner_text(".gt-lists >> nth=0")
    assert_nothing_ran(one)


def test_a_hostile_link_is_only_text(attacked, visit):
    for script in SCRIPTS[:4]:
        text = quote(script)
        one = visit().open(f"{attacked}?at={text}0&street={text}&lang={text}")
        assert_nothing_ran(one)
