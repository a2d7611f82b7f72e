"""A city folder that changes while it is served: new cases appear, a slip takes nothing away."""

from __future__ import annotations

import polars as pl
import pytest

from tests import small_city
from tests.browser.serving import served_folder
from tests.dashboard.conftest import TOML, many, take_in

pytestmark = pytest.mark.browser


@pytest.fixture
def changing(tmp_path):
    """A small city with 60 cases, and its address."""
    city = small_city.make(tmp_path / "city", TOML)
    take_in(city, many(60))
    with served_folder(city.folder) as url:
        yield city, url


def test_an_ingest_shows_at_the_next_click_and_a_slip_leaves_the_last_good_version(changing, visit):
    city, url = changing
    one = visit().open(url)
    assert "60 件" in one.page.inner_text(".gt-legend")
    more = many(40, seed=3)
    take_in(city, more.with_columns(case_id=pl.Series([f"new {row}" for row in range(40)])))
    assert "60 件" in one.page.inner_text(".gt-legend")
    one.filter(".gt-side >> nth=0")
    assert "100 件" in one.page.inner_text(".gt-legend")

    path = city.folder / "city.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[broken", encoding="utf-8")
    other = visit("en-US").open(url)
    notice = other.page.inner_text(".gt-notice")
    assert "This is still data version v1" in notice
    assert "city.toml" in notice
    assert str(city.folder) not in notice
    assert "100 cases" in other.page.inner_text(".gt-legend")
