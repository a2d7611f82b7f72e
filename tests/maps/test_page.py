"""The saved file in a real browser, with the network watched."""

from __future__ import annotations

import re

import folium
import polars as pl
import pytest

from geodata.analysis.counts import count_by_cell, count_by_street
from geodata.analysis.facts import kept
from geodata.domain.selection import Selection
from geodata.maps.page import case_map, save_html
from geodata.store.facts import load_facts
from geodata.store.layers import bounds
from tests.maps.hostile import CRAFTED

pytestmark = pytest.mark.browser

WATCH = """
window.__hits = []; window.__inked = "";
for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
  window[name] = () => window.__hits.push(name);
}
document.addEventListener("securitypolicyviolation", ({ violatedDirective }) => {
  window.__hits.push(violatedDirective);
});
const ink = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
  window.__inked += text;
  return ink.call(this, text, ...rest);
};
"""
COLOURS = """() => {
  const canvas = document.querySelector(".gt-canvas");
  const [wide, high] = [canvas.width / 2, canvas.height / 2];
  const middle = canvas.getContext("2d").getImageData(wide / 2, high / 2, wide, high);
  return new Set(new Uint32Array(middle.data.buffer)).size;
}"""
HARM = "img, iframe, object, embed, form, video, audio, math, base, link, .gt-holder script"


class Opened:
    """A page with everything it asked for and complained of."""

    def __init__(self, chromium, address, content=None):
        self.page = chromium.new_page(viewport={"width": 1280, "height": 800})
        self.asked, self.complaints, self.dialogs = [], [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on(
            "dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss())
        )
        self.page.add_init_script(WATCH)
        if content is None:
            self.page.goto(address)
        else:
            self.page.set_content(content)
        self.frame = self.page.frames[-1]
        self.frame.wait_for_selector(".gt-holder[data-shown]")
        self.frame.wait_for_function("document.querySelector('.gt-facts')?.textContent")
        self.settle()

    def settle(self):
        two_frames = "new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))"
        self.frame.evaluate(two_frames)

    def press(self, name):
        self.frame.get_by_role("button", name=name, exact=True).click()
        self.settle()

    def text(self, selector):
        return self.frame.locator(selector).inner_text()

    def painted(self):
        """How many different colours the middle of the map has."""
        return self.frame.evaluate(COLOURS)


@pytest.fixture
def opened(chromium):
    pages = []

    def open_page(*args, **kwargs):
        pages.append(Opened(chromium, *args, **kwargs))
        return pages[-1]

    yield open_page
    for one in pages:
        one.page.close()


@pytest.fixture(scope="module")
def saved(small_city, tmp_path_factory):
    return save_html(case_map(small_city), tmp_path_factory.mktemp("saved") / "map.html")


def test_the_file_opens_with_no_request_but_itself(opened, saved):
    shown = opened(saved.as_uri())
    assert shown.asked == [saved.as_uri()]
    assert shown.complaints == []
    assert shown.painted() > 20
    assert shown.page.title() == "演示区 · 挂图"
    assert shown.page.evaluate("document.documentElement.lang") == "zh-CN"
    assert "1,500 件" in shown.text(".gt-facts")


def test_a_notebook_frame_asks_for_nothing(opened, small_city):
    outer = f"<!doctype html><body>{case_map(small_city, language='en')._repr_html_()}</body>"
    shown = opened(None, content=outer)
    assert shown.asked == []
    assert shown.complaints == []
    assert shown.painted() > 20
    assert "1,500 cases" in shown.text(".gt-facts")
    assert "·" in shown.text(".gt-facts")


def test_measure_and_layer_change_without_a_server(opened, saved, small_city):
    shown = opened(saved.as_uri())
    facts = load_facts(small_city)
    keep = kept(facts, Selection())
    area_m2 = count_by_cell(facts, keep, resolution=11)["area_m2"].sum()
    shown.press("面积 m²")
    assert shown.text(".gt-legend h3") == "涉及面积"
    shown.press("表格")
    numbers = shown.frame.locator(".gt-table tbody tr").all_inner_texts()
    digits = [float(re.findall(r"[\d,]+\.\d", row)[0].replace(",", "")) for row in numbers]
    assert sum(digits) == pytest.approx(area_m2, rel=1e-3)
    shown.press("件数")
    shown.press("路段")
    shown.press("表格")
    rows = shown.frame.locator(".gt-table tbody tr").all_inner_texts()
    names, cases = count_by_street(facts, keep).filter(pl.col("street") != "")["street", "cases"]
    assert any(names[0] in row and f"\t{cases[0]}" in row for row in rows[:3]), rows[:3]
    assert shown.asked == [saved.as_uri()]
    assert shown.complaints == []


def test_controls_nobody_would_answer_are_not_there(opened, saved, small_city, tmp_path):
    labels = "[...document.querySelectorAll('.gt-tools button')].map((b) => b.ariaLabel)"
    assert opened(saved.as_uri()).page.evaluate(labels) == ["放大", "缩小", "全图"]
    nothing = case_map(small_city, Selection(phases=frozenset()))
    empty = opened(save_html(nothing, tmp_path / "empty.html").as_uri())
    assert empty.frame.locator(".gt-empty").is_visible()
    assert empty.frame.locator(".gt-empty button").count() == 0
    assert empty.complaints == []


def test_a_browser_that_cannot_unpack_says_so_in_words(chromium, opened, saved):
    context = chromium.new_context()
    context.add_init_script("delete window.DecompressionStream")
    shown = Opened.__new__(Opened)
    shown.page = context.new_page()
    shown.page.goto(saved.as_uri())
    words = shown.page.locator(".gt-refusal").inner_text()
    context.close()
    assert words.startswith("此浏览器版本过旧")


def test_shapes_of_ones_own_lie_above_and_the_layer_can_be_hidden(opened, small_city, tmp_path):
    drawn = case_map(small_city)
    west, south, east, north = bounds(small_city.layers)
    middle = ((south + north) / 2, (west + east) / 2)
    folium.CircleMarker(middle, radius=9).add_to(drawn)
    shown = opened(save_html(drawn, tmp_path / "map.html").as_uri())
    assert shown.frame.locator(".leaflet-overlay-pane path").is_visible()
    layer = drawn.get_name().replace("map_", "h3_layer_")
    visible = (
        "[...document.querySelectorAll('.gt-canvas, .gt-legend')].map((e) => e.offsetWidth > 0)"
    )
    assert shown.page.evaluate(visible) == [True, True]
    shown.page.evaluate(f"{drawn.get_name()}.removeLayer({layer})")
    assert shown.page.evaluate(visible) == [False, False]
    shown.page.evaluate(f"{drawn.get_name()}.addLayer({layer})")
    assert shown.page.evaluate(visible) == [True, True]
    assert shown.complaints == []


@pytest.mark.parametrize("view", ["cells", "streets", "table"])
def test_hostile_names_are_shown_and_never_run(opened, hostile_city, tmp_path, view):
    drawn = case_map(hostile_city, Selection(streets=frozenset(CRAFTED[:3])), language="en")
    everything = case_map(hostile_city, language="en")
    for name, one in (("chosen", drawn), ("all", everything)):
        shown = opened(save_html(one, tmp_path / f"{name}.html").as_uri())
        if view != "cells":
            shown.press("Streets")
        if view == "table":
            shown.press("Table")
        assert shown.frame.evaluate("window.__hits") == []
        assert shown.frame.evaluate("typeof window.__hit") == "undefined"
        assert shown.frame.locator(HARM).count() == 0
        assert (shown.dialogs, shown.complaints) == ([], [])
        assert shown.asked == [(tmp_path / f"{name}.html").as_uri()]


def test_hostile_names_stand_literally_in_legend_table_and_title(opened, hostile_city, tmp_path):
    chosen = Selection(streets=frozenset(CRAFTED[:3]))
    path = save_html(case_map(hostile_city, chosen, language="en"), tmp_path / "map.html")
    shown = opened(path.as_uri())
    legend = shown.text(".gt-facts")
    assert all(name in legend for name in CRAFTED[:3])
    assert shown.page.title() == f"{CRAFTED[3]} · Guatu wall map"
    everything = opened(save_html(case_map(hostile_city, language="en"), path).as_uri())
    everything.press("Streets")
    assert CRAFTED[0].replace(" ", "") in everything.frame.evaluate("window.__inked").replace(
        " ", ""
    )
    everything.press("Table")
    listed = everything.frame.locator(".gt-table tbody").text_content()
    assert all(name in listed for name in CRAFTED)


def test_pointing_at_a_hostile_street_shows_its_name(opened, hostile_city, tmp_path):
    path = save_html(case_map(hostile_city, language="en"), tmp_path / "map.html")
    shown = opened(path.as_uri())
    shown.press("Streets")
    seen = set()
    box = shown.frame.locator(".gt-frame").bounding_box()
    for step in range(60):
        across, down = box["width"] * 0.5, box["height"] * (0.3 + 0.011 * step)
        shown.page.mouse.move(box["x"] + across, box["y"] + down)
        shown.settle()
        tip = shown.frame.locator(".gt-tip")
        if tip.is_visible():
            seen.add(tip.locator("b").inner_text())
    assert seen
    assert shown.frame.evaluate("window.__hits") == []
    assert shown.frame.locator(HARM).count() == 0
