"""A measured figure beside its budget, and the table of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure; ``ratio`` is ours ÷ ``against``, below 1 where ours is the better one."""

    name: str
    budget: str
    figure: float
    unit: str
    median_of: int
    ratio: float | None = None
    against: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is measured."""

    cases: int = 10_000_000
    browser_cases: int = 1_000_000
    repeats: int = 9
    clients: int = 20
    rounds: int = 8
    ingest_rows: int = 1_000_000
    naive_rows: int = 50_000
    ingest_repeats: int = 3


QUICK = Scale(
    cases=1_000_000, repeats=3, rounds=2, ingest_rows=200_000, naive_rows=20_000, ingest_repeats=1
)


def in_turn(ways: dict[str, Callable[[], float]], repeats: int) -> dict[str, list[float]]:
    """Ask each way for a figure, one after the other, so that all meet the same machine."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, measure in ways.items():
            found[name].append(measure())
    return found


def p95(figures: list[float]) -> float:
    """Return the 95th percentile; the only figure of one."""
    return quantiles(figures, n=20, method="inclusive")[-1] if len(figures) > 1 else figures[0]


def spread(figures: list[float]) -> str:
    """Say the range in words, for the note."""
    return f"{min(figures):,.0f}–{max(figures):,.0f}"


def ratio_of(ours: list[float], theirs: list[float]) -> float | None:
    """Return the ratio of medians; None when the alternative was not measured."""
    return median(ours) / median(theirs) if theirs else None


def markdown(rows: Iterable[Row]) -> str:
    """Write rows as one Markdown table."""
    lines = [
        "| what | budget | measured | median of | ratio | against, same run | note |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.name} | {row.budget} | {_number(row.figure)} {row.unit} | {row.median_of} "
        f"| {'' if row.ratio is None else f'{row.ratio:.2f}'} | {row.against} | {row.note} |"
        for row in rows
    ]
    return "\n".join(lines)


def _number(figure: float) -> str:
    whole = 100
    return f"{figure:,.0f}" if figure >= whole or figure == int(figure) else f"{figure:.3g}"
