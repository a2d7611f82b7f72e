"""Nothing a user wrote passes through folium, and nothing is asked of another host."""

from __future__ import annotations

import html
import os
import re
from html.parser import HTMLParser

import folium
import pytest
from folium.plugins import MarkerCluster

from geodata.domain.selection import Selection
from geodata.errors import DiskFull, LayerError
from geodata.maps.layer import H3Layer, MapMisuse, Verbatim, figure_of
from geodata.maps.page import case_map, save_html
from geodata.maps.state import packed
from tests.maps.hostile import CRAFTED, naughty_strings

PACKED = packed({"nothing": "much"})


@pytest.fixture(scope="module")
def page(small_city):
    return figure_of(case_map(small_city)).render()


@pytest.fixture(scope="module")
def hostile_page(hostile_city):
    chosen = Selection(streets=frozenset(CRAFTED))
    return figure_of(case_map(hostile_city, chosen, language="en")).render()


@pytest.mark.parametrize("text", ["", "{{7*7}}", "YQ==\n", '";alert(1);"', "a b", "Zm9v{", "=YQ"])
def test_only_packed_text_is_taken(text):
    with pytest.raises(MapMisuse, match="packed text"):
        H3Layer(text)
    if text:
        with pytest.raises(MapMisuse, match="packed text"):
            H3Layer(PACKED, too_old=text)


def test_verbatim_text_is_never_a_template():
    figure = folium.Figure()
    figure.header.add_child(Verbatim("<i>{{7*7}}{% if %}{#</i>"))
    assert "<i>{{7*7}}{% if %}{#</i>" in figure.render()


@pytest.mark.parametrize("crafted", CRAFTED)
def test_no_crafted_name_is_in_the_page(hostile_page, crafted):
    scripts_aside = re.sub(r"<script>.*?</script>", "", hostile_page, flags=re.DOTALL)
    assert crafted not in scripts_aside
    assert html.escape(crafted) not in scripts_aside
    assert "window.__hit" not in hostile_page


def test_no_template_in_a_name_was_evaluated(hostile_page):
    assert "GUATU_HIT" not in os.environ
    assert "GUATU_HIT" not in hostile_page


def test_no_hostile_text_of_any_length_worth_the_name_is_in_the_page(hostile_page, shared):
    long = [text for text in naughty_strings(shared) if len(text) > 24]
    assert len(long) > 5_000
    assert not [text for text in long if text in hostile_page]


class Tags(HTMLParser):
    """What a page's tags refer to; the text of scripts and styles is no tag."""

    def __init__(self, page):
        super().__init__()
        self.addresses, self.policy = [], ""
        self.feed(page)

    def handle_starttag(self, _tag, attrs):
        named = dict(attrs)
        self.addresses += [named[key] for key in ("src", "href", "data", "action") if key in named]
        if named.get("http-equiv") == "Content-Security-Policy":
            self.policy = named["content"]


def test_the_page_links_to_nothing_and_forbids_it(page):
    tags = Tags(page)
    assert tags.addresses == []
    assert "default-src 'none'" in tags.policy
    assert "eval" not in tags.policy


def test_a_map_of_ones_own_loses_its_links_too():
    drawn = folium.Map(location=(30, 104), tiles=None)
    H3Layer(PACKED).add_to(drawn)
    for _ in range(2):  # rendering again must not bring them back
        page = figure_of(drawn).render()
        assert "<link" not in page
        assert not re.search(r"<script src", page)
        assert page.count("var Guatu = ") == 1


def test_the_layer_takes_the_place_of_its_map():
    drawn = folium.Map(location=(30, 104), tiles=None, width="50%", height=300, left="5%")
    layer = H3Layer(PACKED).add_to(drawn)
    assert layer.place() == {
        "position": "relative", "left": "5%", "top": "0%", "width": "50%", "height": "300px",
    }  # fmt: skip


def test_a_layer_outside_a_map_says_where_it_belongs():
    group = folium.FeatureGroup().add_to(folium.Map(tiles=None))
    H3Layer(PACKED).add_to(group)
    with pytest.raises(MapMisuse, match=r"layer\.add_to\(map\)"):
        group.get_root().render()


def test_two_pages_of_the_same_are_the_same(small_city, page):
    assert figure_of(case_map(small_city)).render() == page
    assert figure_of(case_map(small_city, theme="dark")).render() != page


def test_a_notebook_shows_the_page_in_a_frame(small_city, page):
    frame = case_map(small_city)._repr_html_()
    shown = html.unescape(re.search(r'<iframe srcdoc="([^"]*)"', frame)[1])
    assert shown == page


def test_a_saved_map_is_the_page_whole_or_not_at_all(small_city, page, tmp_path):
    path = save_html(case_map(small_city), tmp_path / "map.html")
    assert path.read_text(encoding="utf-8") == page
    assert path.stat().st_size <= 3_000_000
    with pytest.raises(DiskFull, match="could not be written"):
        save_html(case_map(small_city), tmp_path / "absent" / "map.html")
    assert [one.name for one in tmp_path.iterdir()] == ["map.html"]


@pytest.mark.parametrize(
    ("addition", "named"),
    [
        (lambda: folium.TileLayer("https://tiles.example/{z}/{x}/{y}.png", attr="x"), "tiles.exa"),
        (MarkerCluster, "markercluster"),
    ],
)
def test_a_map_that_would_ask_other_hosts_is_not_saved(small_city, tmp_path, addition, named):
    drawn = case_map(small_city)
    addition().add_to(drawn)
    with pytest.raises(MapMisuse, match=re.escape(named)):
        save_html(drawn, tmp_path / "map.html")
    assert not list(tmp_path.iterdir())


def test_a_city_without_a_base_map_is_told_how_to_get_one(small_city, tmp_path):
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "city.toml").write_bytes((small_city.folder / "city.toml").read_bytes())
    with pytest.raises(LayerError, match="write_basemap"):
        case_map(bare)
