"""Many sessions changing a filter at the same moment: time to repaint, and memory of the server."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from statistics import median

from playwright.sync_api import Page

from tests.benchmarks import browser, cities
from tests.benchmarks.clients import Sessions
from tests.benchmarks.row import Row, Scale, p95, ratio_of, spread
from tests.benchmarks.served import Served, dashboard


def measure(scale: Scale) -> list[Row]:
    """One Chromium and otherwise plain web-socket sessions: the clients' own work stays small."""
    city = cities.made_up(scale.cases)
    queries = cities.fresh_queries(city)
    with ThreadPoolExecutor(1) as aside, browser.chromium() as window, dashboard(city) as served:
        page = browser.new_page(window)
        browser.open_map(page, served.url)
        browser.settle(page)
        alone = _alone(page, served, queries, scale.rounds)
        sessions = Sessions(served.port, scale.clients - 1)
        aside.submit(sessions.open).result()
        painted, answered = _together(
            page, served, sessions, aside=aside, queries=queries, rounds=scale.rounds
        )
        memory = served.memory_mb()
        aside.submit(sessions.close).result()
    return [*_rows(scale, painted, answered, alone), _memory(scale, *memory)]


def _alone(page: Page, served: Served, queries: Iterator[str], rounds: int) -> list[float]:
    """Repaints while nobody else asks."""
    found = []
    for query in islice(queries, rounds):
        browser.open_map(page, f"{served.url}?{query}")
        browser.settle(page)
        found.append(browser.repaint_ms(page, browser.phase_tab(2)))
    return found


def _together(
    page: Page,
    served: Served,
    sessions: Sessions,
    *,
    aside: ThreadPoolExecutor,
    queries: Iterator[str],
    rounds: int,
) -> tuple[list[float], list[float]]:
    """Everybody asks for something of his own that nobody asked for before, at once."""
    painted, answered = [], []
    for _ in range(rounds):
        browser.open_map(page, f"{served.url}?{next(queries)}")
        browser.settle(page)
        asked = [f"{query}&phase=tackle" for query in islice(queries, sessions.count)]
        others = aside.submit(sessions.ask, asked)
        painted.append(browser.repaint_ms(page, browser.phase_tab(2)))
        answered += others.result()
    return painted, answered


def _rows(
    scale: Scale, painted: list[float], answered: list[float], alone: list[float]
) -> list[Row]:
    against = f"the same with one session ({median(alone):,.0f} ms)"
    how = f"{scale.clients} sessions at once, {scale.cases:,} reports"
    return [
        Row(
            name=f"repaint in Chromium, {how}",
            budget="median ≤ 1 s",
            figure=median(painted),
            unit="ms",
            median_of=len(painted),
            ratio=ratio_of(painted, alone),
            against=against,
            note=f"{spread(painted)} ms; every session asks for a filter nobody asked for before",
        ),
        Row(
            name=f"page complete on the wire, {how}",
            budget="median ≤ 1 s",
            figure=median(answered),
            unit="ms",
            median_of=len(answered),
            note=f"p95 {p95(answered):,.0f} ms; the other {scale.clients - 1} sessions, "
            "without a browser",
        ),
    ]


def _memory(scale: Scale, now: float, peak: float) -> Row:
    return Row(
        name=f"memory of the server after that, {scale.cases:,} reports",
        budget="≤ 1.5 GB",
        figure=now,
        unit="MB",
        median_of=1,
        note=f"at its highest, while the facts were loaded: {peak:,.0f} MB",
    )
