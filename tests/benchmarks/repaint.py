"""Filter change → repainted map, against the same cells through streamlit-folium."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import cycle
from statistics import median

from tests.benchmarks import browser, cities, folium_browser, folium_cells
from tests.benchmarks.row import Row, Scale, p95, ratio_of
from tests.benchmarks.served import dashboard

BUDGET = "≤ 300 ms, ≤ 1/10 of st_folium"


def measure(scale: Scale) -> list[Row]:
    """Click in the phase ruler of both pages, in turn."""
    city = cities.made_up(scale.browser_cases)
    with ExitStack() as stack:
        window = stack.enter_context(browser.chromium())
        ours = stack.enter_context(dashboard(city))
        page, rival = browser.new_page(window), None
        if folium_browser.available():
            served = stack.enter_context(folium_browser.folium_server(city))
            rival = folium_browser.open_folium(window, served)
        first, again, theirs = [], [], []
        numbers = cycle([2, 1])
        for query, _ in zip(cities.fresh_queries(city), range(scale.repeats), strict=False):
            browser.open_map(page, f"{ours.url}?{query}")
            browser.settle(page)
            first += [browser.repaint_ms(page, browser.phase_tab(one)) for one in (2, 1)]
            again.append(browser.repaint_ms(page, browser.phase_tab(2)))
            if rival is not None:
                theirs.append(folium_browser.folium_repaint_ms(rival, next(numbers)))
    cells = folium_cells.cells_in(city, "tackle")
    return _rows(f"{cells:,} cells, {scale.browser_cases:,} reports", first, again, theirs)


def _rows(what: str, first: list[float], again: list[float], theirs: list[float]) -> list[Row]:
    against = f"{folium_browser.NAME} ({median(theirs):,.0f} ms)" if theirs else ""
    named = {"never asked for before": first, "asked for before": again}
    return [
        Row(
            name=f"filter change → repainted map, {what}, {words}",
            budget=BUDGET,
            figure=median(figures),
            unit="ms",
            median_of=len(figures),
            ratio=ratio_of(figures, theirs),
            against=against,
            note=f"p95 {p95(figures):,.0f} ms",
        )
        for words, figures in named.items()
    ]
