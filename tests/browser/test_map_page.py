"""The map page in a real browser: nothing is fetched, remounted or redrawn that need not be."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from tests.browser.conftest import CARD, MAP

pytestmark = pytest.mark.browser

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PHASES = [f".gt-phases button:nth-child({n})" for n in (1, 2, 3)]
MIDDLE = (760, 520)


def centre(visit):
    box = visit.page.locator(MAP).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize(
    ("locale", "lang"), [("zh-CN", "zh-CN"), ("zh-TW", "zh-CN"), ("en-US", "en")]
)
def test_both_pages_ask_no_other_host_and_speak_the_readers_language(served, visit, locale, lang):
    one = visit(locale).open(served)
    assert one.page.evaluate("document.documentElement.lang") == lang
    one.page.click('[data-testid="stTopNavLink"] >> nth=-1')
    one.page.wait_for_selector(".gt-page h1")
    assert bool(CHINESE.search(one.page.inner_text(".gt-page h1"))) == (lang == "zh-CN")
    assert len(one.asked) > 10


def test_english_pages_hold_no_chinese_but_names(served, visit):
    one = visit("en-US").open(served)
    for part in (
        ".gt-masthead",
        ".gt-filter",
        ".gt-ruler",
        ".gt-legend",
        ".gt-totals",
        ".gt-reading",
    ):
        text = one.page.inner_text(part).replace("中", "", 1 if part == ".gt-masthead" else 0)
        assert not CHINESE.search(text), part
    one.page.mouse.click(*centre(one))
    one.until("cell=")
    headings = one.page.locator(".gt-card h3, .gt-card dt, .gt-kicker").all_inner_texts()
    assert headings
    assert not CHINESE.search("".join(headings))


def test_twenty_pans_and_zooms_reach_no_server(served, visit):
    one = visit().open(served)
    revision, start = one.revision(), one.hash()
    one.forget()
    x, y = centre(one)
    for step in range(10):
        one.page.mouse.move(x, y)
        one.page.mouse.down()
        one.page.mouse.move(x + (40 if step % 2 else -60), y + 20, steps=3)
        one.page.mouse.up()
        one.page.wait_for_timeout(100)
        one.page.mouse.wheel(0, -120 if step % 2 else 100)
        one.page.wait_for_timeout(400)
    one.page.wait_for_timeout(500)
    assert one.sent == []
    assert one.revision() == revision
    assert one.hash() != start


def test_twenty_filter_changes_keep_the_map_and_its_viewport_within_70_kb_each(served, visit):
    one = visit().open(f"{served}#map=15.5/29.59/105.06")
    one.page.evaluate(f"document.querySelector('{MAP} canvas').dataset.same = 'yes'")
    sizes = []
    for step in range(20):
        before = int(one.revision())
        one.forget()
        one.filter(PHASES[step % 3])
        sizes.append(sum(one.received))
        assert int(one.revision()) == before + 1
        assert one.hash() == "map=15.5/29.59000/105.06000"
    assert one.page.evaluate(f"document.querySelector('{MAP} canvas').dataset.same") == "yes"
    assert max(sizes) <= 70_000


def test_a_click_shows_the_card_without_sending_the_map_again(served, visit):
    one = visit().open(served)
    revision = one.revision()
    one.forget()
    one.page.mouse.click(*centre(one))
    one.until("cell=")
    assert one.revision() == revision
    assert sum(one.received) < 40_000
    assert one.page.locator(f"{CARD} .gt-numbers > div").count() == 3
    one.click(".gt-close").until("-cell=")
    assert one.revision() == revision


def test_back_and_forward_walk_through_the_views(served, visit):
    one = visit().open(served)
    one.filter(PHASES[0])
    first = one.query()
    one.filter(PHASES[1])
    one.page.mouse.click(*centre(one))
    picked = one.until("cell=").query()
    one.page.go_back()
    one.until("-cell=")
    assert one.page.locator(".gt-close").is_hidden()
    one.page.go_back()
    assert one.until("phase=mobilise").query() == first
    assert one.page.get_attribute(PHASES[0], "aria-pressed") == "true"
    one.page.go_forward()
    one.until("phase=tackle")
    one.page.go_forward()
    assert one.until("cell=").query() == picked
    assert one.page.locator(".gt-close").is_visible()


def at_rest(one):
    """Wait until the map has come to a stop, however slow the machine."""
    last = None
    while (now := one.hash()) != last:
        last = now
        one.page.wait_for_timeout(600)


def test_a_link_reopens_exactly_what_was_shown(served, visit):
    one = visit().open(served)
    one.filter(PHASES[1])
    one.page.mouse.click(*centre(one))
    one.until("cell=")
    one.page.mouse.move(*centre(one))
    one.page.mouse.wheel(0, -200)
    at_rest(one)
    shown = one.page.inner_text(".gt-legend"), one.page.inner_text(f"{CARD} .gt-card-head")
    context = one.page.context
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    one.page.click(".gt-filter-foot button >> nth=1")
    link = one.page.evaluate("navigator.clipboard.readText()")
    other = visit("en-US").open(link)
    assert other.hash() == one.hash()
    assert other.page.evaluate("document.documentElement.lang") == "zh-CN"
    reopened = other.page.inner_text(".gt-legend"), other.page.inner_text(f"{CARD} .gt-card-head")
    assert reopened == shown


def test_language_and_theme_keep_the_view(served, visit):
    one = visit().open(f"{served}?phase=tackle&layer=streets#map=15.5/29.59/105.06")
    one.click("button:text-is('EN')")
    one.page.wait_for_selector(f"{MAP}[lang=en][data-rev]")
    one.settle()
    assert one.page.evaluate("document.documentElement.lang") == "en"
    query = one.query()
    one.page.click("button:text-is('Dark')")
    one.page.wait_for_selector("html[data-gt-theme=dark]", state="attached")
    one.page.wait_for_selector(f"{MAP}[data-rev]")
    one.settle()
    assert one.query() == query
    assert {"phase=tackle", "layer=streets", "lang=en"} <= set(query.split("&"))
    assert one.hash() == "map=15.5/29.59000/105.06000"
    assert (
        one.page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(242, 244, 245)"
    )


def test_the_view_survives_a_look_at_the_other_page(served, visit):
    one = visit().open(served)
    one.filter(PHASES[1])
    query = one.query()
    one.page.click('[data-testid="stTopNavLink"] >> nth=-1')
    one.page.wait_for_selector(".gt-page h1")
    one.page.click('[data-testid="stTopNavLink"][href$="/map"]')
    one.page.wait_for_selector(f"{MAP}[data-rev]", state="attached")
    assert one.settle().query() == query


@pytest.mark.parametrize("tool", [3, 4], ids=["box", "lasso"])
def test_an_outline_gives_its_cases(served, visit, tool):
    one = visit().open(served)
    one.page.click(f".gt-tools button >> nth={tool}")
    x, y = centre(one)
    one.page.mouse.move(x - 90, y - 60)
    one.page.mouse.down()
    for dx, dy in ((90, -50), (80, 70), (-70, 60)):
        one.page.mouse.move(x + dx, y + dy, steps=6)
    one.page.mouse.up()
    one.until("outline=")
    assert int(re.sub(r"\D", "", one.page.inner_text(f"{CARD} .gt-numbers b >> nth=0"))) > 0


def test_downloads_hold_what_is_on_screen(served, visit):
    one = visit().open(served)
    resolution = re.search(r"分辨率 (\d+)", one.page.inner_text(".gt-legend"))[1]
    with one.page.expect_download() as got:
        one.page.click(".gt-downloads a >> nth=0")
    assert got.value.suggested_filename == f"guatu-made-up-cells-r{resolution}-v0.csv"
    one.page.mouse.click(*centre(one))
    one.until("cell=")
    n = int(re.sub(r"\D", "", one.page.inner_text(f"{CARD} .gt-numbers b >> nth=0")))
    with one.page.expect_download() as got:
        one.page.click(".gt-downloads a >> nth=0")
    rows = got.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) - 1 == n
    assert got.value.suggested_filename == "guatu-made-up-cases-v0.csv"
    for link in one.page.locator(".gt-downloads a").all():
        with urlopen(link.evaluate("link => link.href"), timeout=20) as answer:  # noqa: S310
            assert answer.status == 200
            assert "attachment" in answer.headers["Content-Disposition"]


def tab_to(visit, found, key="Tab", most=60):
    """Press a key until the focus is where the script says, as somebody without a mouse does."""
    for _ in range(most):
        visit.page.keyboard.press(key)
        if visit.page.evaluate(f"(one => {found})(document.activeElement)"):
            return
    pytest.fail(f"{key} never came to {found}")


def test_the_table_is_opened_and_used_by_keyboard_alone(served, visit):
    one = visit().open(served)
    tab_to(one, "one.textContent === '表格' || one.textContent === '蜂窝'")
    if one.page.evaluate("document.activeElement.textContent") != "表格":
        tab_to(one, "one.textContent === '表格'", most=3)
    one.page.keyboard.press("Enter")
    one.page.wait_for_selector(".gt-map tbody tr", state="visible")
    one.settle()
    assert one.page.locator(".gt-map tbody tr").count() > 10
    tab_to(one, "one.closest('tbody')", key="Shift+Tab")
    one.page.keyboard.press("Enter")
    one.until("cell=", "layer=table")


def test_a_comparison_is_a_change_a_week(served, visit):
    one = visit().open(served)
    one.page.click(".gt-sides button >> nth=1")
    one.page.click("[role=radio]:has-text('集中攻坚')")
    one.until("compare=")
    assert parse_qs(one.query())["compare"] == ["before~tackle"]
    legend = one.page.inner_text(".gt-legend")
    assert "每周件数之差" in legend
    assert "件 / 单元 · 周" in legend
    assert "集中攻坚 比 行动前" in legend
    assert re.search(r"检验 \d+ 个单元，q ≤ 0\.05", legend)
    one.page.select_option(".gt-tools select", "11")
    one.until("res=11")
    one.page.wait_for_function(
        "document.querySelector('.gt-legend').innerText.includes('不作检验')"
    )


def test_a_special_action_is_a_saved_filter(served, visit):
    one = visit().open(served)
    one.page.select_option("select.gt-actions", "night_market")
    one.until("street=")
    assert parse_qs(one.query())["street"] == ["江家街,眺洲路"]
    assert "「夜市整治」路段" in one.page.inner_text(".gt-legend")
    one.page.select_option("select.gt-actions", "")
    assert one.until("-street=").query() == ""


def test_an_empty_map_says_so_and_is_relaxed_by_one_button(served, visit):
    one = visit().open(f"{served}?street=%E6%97%A0%E6%AD%A4%E8%A1%97&phase=tackle")
    one.page.wait_for_selector(".gt-empty", state="visible")
    assert one.page.inner_text(".gt-empty button") == "放宽街路"
    one.filter(".gt-empty button")
    assert one.query() == "phase=tackle"
    assert one.page.locator(".gt-empty").is_hidden()


def test_a_phone_has_every_filter_and_a_map_to_read(served, visit):
    one = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).open(served)
    box = one.page.locator(MAP).bounding_box()
    assert box["width"] == 390
    assert box["height"] >= 400
    assert one.page.locator(".gt-filter").is_hidden()
    one.page.tap(".gt-mast-filters")
    one.page.wait_for_selector(".gt-filter", state="visible")
    one.page.wait_for_timeout(400)
    one.page.tap(".gt-filter [role=treeitem] >> nth=0")
    one.until("family=")
    one.page.tap(".gt-mast-filters")
    one.page.wait_for_selector(".gt-filter", state="hidden")
    buttons = one.page.locator(".gt-masthead button:visible").all()
    edges = sorted((b.bounding_box()["x"], b.bounding_box()["width"]) for b in buttons)
    assert all(x + w <= after + 1 for (x, w), (after, _) in pairwise(edges))
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_at_200_percent_every_control_is_reached(served, visit):
    half = {"width": 720, "height": 450}
    one = visit(viewport=half, device_scale_factor=2).open(served)
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 720
    one.page.click(".gt-mast-filters")
    one.page.wait_for_selector(".gt-filter", state="visible")
    reset = one.page.locator(".gt-filter-foot button").first
    reset.scroll_into_view_if_needed()
    assert reset.is_visible()


def test_a_wall_has_larger_letters(served, visit):
    wall = visit(viewport={"width": 3840, "height": 2160}).open(served)
    desk = visit().open(served)
    size = "s => parseFloat(getComputedStyle(document.querySelector(s)).fontSize)"
    for part in (".gt-totals", ".gt-brand strong", ".gt-filter", ".gt-card"):
        assert wall.page.evaluate(size, part) >= 1.4 * desk.page.evaluate(size, part), part
    foot = wall.page.locator(".gt-totals").bounding_box()
    assert foot["y"] + foot["height"] <= 2161


def test_an_old_address_and_a_missing_file_are_refused_in_words(served):
    base = urlsplit(served)
    for path in ("guatu/export?format=exe", "guatu/x/panels/../../secret.toml"):
        with pytest.raises(OSError, match=r"40[04]"):
            urlopen(f"{base.scheme}://{base.netloc}/{path}", timeout=10)  # noqa: S310
