"""Rebounds by the words of the definition, case by case: slow and plain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Case = dict[str, Any]
Near = Callable[[int, int], bool]


def same_place(one: int, other: int) -> bool:
    return one == other


def usable(case: Case) -> bool:
    return case["place"] is not None and case["place"] >= 0


def closed_cases(cases: list[Case], end: Any) -> list[Case]:
    return [
        case
        for case in cases
        if usable(case) and case["closed"] is not None and case["reported"] <= case["closed"] <= end
    ]


def order_of(case: Case, place: int) -> tuple[Any, ...]:
    """Later close-outs win; at the same moment the very place, then the later report."""
    return case["closed"], case["place"] == place, case["reported"], case["case"]


def rebounds(
    cases: list[Case], end: Any, within: Any, near: Near = same_place
) -> dict[int, tuple[int, Any]]:
    """Closed case → (case that came back, how long after)."""
    first: dict[int, Case] = {}
    closed = closed_cases(cases, end)
    for report in sorted(cases, key=lambda case: (case["reported"], case["case"])):
        if not usable(report) or report["reported"] > end:
            continue
        before = [
            case
            for case in closed
            if case["kind"] == report["kind"]
            and near(case["place"], report["place"])
            and case["closed"] < report["reported"]
        ]
        if before:
            last = max(before, key=lambda case: order_of(case, report["place"]))
            first.setdefault(last["case"], report)
    by_id = {case["case"]: case for case in closed}
    gaps = {one: report["reported"] - by_id[one]["closed"] for one, report in first.items()}
    return {one: (first[one]["case"], gap) for one, gap in gaps.items() if gap <= within}
