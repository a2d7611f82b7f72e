"""A page of findings in the browser: what is behind a number, sorting, another language."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

SHEET = ".gt-findings"
CARD = ".gt-proof-card"


@pytest.fixture
def health(served, visit):
    one = visit()
    one.page.goto(f"{served}health?lang=zh", wait_until="commit")
    one.page.wait_for_selector(f"{SHEET} .gt-proof")
    one.page.wait_for_timeout(400)
    return one


def test_a_number_shows_what_is_behind_it_by_keyboard(health):
    page = health.page
    page.focus(f"{SHEET} .gt-page-card:nth-child(2) .gt-proof")
    page.keyboard.press("Enter")
    page.wait_for_selector(CARD, state="visible")
    told = page.inner_text(CARD)
    for part in ("落到路段的案卷÷受理数", "受理数", "数据版本 v", "时段"):
        assert part in told
    page.keyboard.press("Escape")
    page.wait_for_selector(CARD, state="hidden")
    assert page.evaluate("document.activeElement.className").startswith("gt-proof")


def test_a_click_elsewhere_closes_it(health):
    page = health.page
    page.click(f"{SHEET} .gt-proof >> nth=0")
    page.wait_for_selector(CARD, state="visible")
    page.click(f"{SHEET} h1")
    page.wait_for_selector(CARD, state="hidden")


def test_a_heading_sorts_and_says_so(health):
    page = health.page
    table = page.locator(f"{SHEET} .gt-table").filter(has_text="巡查").first
    heading = table.locator("thead th").nth(1)

    def numbers():
        cells = table.locator("tbody tr td").all_inner_texts()
        return [int(cell.replace(",", "")) for cell in cells]

    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    assert numbers() == sorted(numbers(), reverse=True)
    heading.locator("button").press("Enter")
    assert heading.get_attribute("aria-sort") == "ascending"
    assert numbers() == sorted(numbers())


UPDATE = """async () => {
  const style = [...document.styleSheets].map(({ href }) => href ?? "");
  const base = style.find((href) => href.endsWith("/page.css")).replace("/page.css", "/panels");
  const { mount } = await import(`${base}/sheet.js`);
  const root = document.body.appendChild(document.createElement("div"));
  const rows = (last) => [1, 2, last].map((n) => ({ cells: [`r${n}`, n] }));
  const table = (id, last) => ({
    kind: "table", id, columns: [{ name: "a" }, { name: "n", kind: "number" }], rows: rows(last),
  });
  const page = (last) => ({ title: "t", blocks: [table("same", 3), table("other", last)] });
  const panel = mount(root, { data: page(3), text: {}, emit: () => {}, boot: { lang: "zh" } });
  const [same, other] = root.querySelectorAll("section");
  const kept = same.querySelector("table");
  other.querySelectorAll("thead button")[1].click();
  other.querySelectorAll("thead button")[1].focus();
  panel.update({ data: page(9) });
  const found = {
    kept: root.contains(kept),
    order: [...other.querySelectorAll("tbody td")].map((cell) => cell.textContent),
    focused: document.activeElement === other.querySelectorAll("thead button")[1],
  };
  panel.destroy();
  return { ...found, left: root.childElementCount };
}"""


def test_an_update_keeps_what_is_the_same_and_the_order_and_focus_of_the_rest(health):
    found = health.page.evaluate(UPDATE)
    assert found == {"kept": True, "order": ["9", "2", "1"], "focused": True, "left": 0}


def test_another_language_leaves_no_word_of_the_first(health):
    page = health.page
    page.click(".gt-masthead button >> text=EN")
    page.wait_for_selector("text=Data health")
    assert "数据健康" not in page.inner_text(SHEET)


def covers(page, number):
    """Whether the card that is open lies over an element."""
    card, shown = (page.locator(one).bounding_box() for one in (f"{CARD}:popover-open", number))
    apart = (
        card["y"] >= shown["y"] + shown["height"] or card["y"] + card["height"] <= shown["y"]
        or card["x"] >= shown["x"] + shown["width"] or card["x"] + card["width"] <= shown["x"]
    )  # fmt: skip
    return not apart


@pytest.fixture
def offices(served, visit):
    def at(width, height):
        one = visit(viewport={"width": width, "height": height})
        one.page.goto(f"{served}offices?lang=zh", wait_until="commit")
        one.page.wait_for_selector(".gt-bars-part")
        one.page.wait_for_selector(".gt-lines-chart svg")
        one.page.wait_for_timeout(400)
        return one.page

    return at


POINT = "[data-focus='chart']"


@pytest.mark.parametrize("size", [(1440, 900), (390, 844), (3840, 2160)], ids=str)
def test_the_card_never_covers_its_number(offices, size):
    page = offices(*size)
    for shown in (".gt-card-number >> nth=0", ".gt-forest-text.gt-proof >> nth=3",
                  "button.gt-bars-part >> nth=2", "td .gt-proof >> nth=40"):  # fmt: skip
        page.locator(shown).scroll_into_view_if_needed()
        page.click(shown)
        page.wait_for_selector(f"{CARD}:popover-open")
        assert not covers(page, shown)
        page.keyboard.press("Escape")


def test_a_point_of_a_chart_opens_by_keyboard_and_moves_on(offices):
    page = offices(1440, 900)
    page.focus(POINT)
    last = page.get_attribute(POINT, "aria-label")
    page.keyboard.press("ArrowLeft")
    before = page.get_attribute(POINT, "aria-label")
    assert before != last
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{CARD}:popover-open")
    told = page.inner_text(f"{CARD}:popover-open")
    assert "受理数" in told
    assert before.partition(" · ")[0] in told
    assert not covers(page, POINT)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.focus") == "chart"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{CARD}:popover-open >> text=期内结案数")


def test_a_mouse_at_rest_on_a_chart_sees_it_and_loses_it(offices):
    page = offices(1440, 900)
    plot = page.locator(".gt-lines-plot").first
    plot.scroll_into_view_if_needed()
    plot.hover()
    page.wait_for_selector(f"{CARD}:popover-open")
    assert not covers(page, POINT)
    page.mouse.move(3, 3)
    page.wait_for_selector(CARD, state="hidden")
    page.locator(".gt-forest-plot").nth(2).hover()
    page.wait_for_selector(f"{CARD}:popover-open")


def test_a_table_is_one_stop_of_tab_and_arrows_go_through_it(health):
    page = health.page
    table = page.locator(f"{SHEET} tbody").filter(has=page.locator("tr >> nth=1")).first
    assert table.locator("[tabindex='0']").count() == 1
    table.locator("[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    assert table.locator("tr >> nth=1").locator(":focus").count() == 1
    assert table.locator("[tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{CARD}:popover-open")
