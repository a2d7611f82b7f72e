"""Special actions: what is on the ledger, what is struck off, and when it will be done."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given

from geodata.analysis.actions import (
    Projection,
    ProjectionRule,
    action_cases,
    action_progress,
)
from geodata.analysis.answers import Withheld
from geodata.analysis.reasons import Reason
from geodata.domain.campaign import SpecialAction
from tests.analysis.case_rows import END, START, at, case_tables, cases_of

ACTION = SpecialAction(
    code="strict", name="严管街整治", categories=("stall",), streets=("陈寿路",), lead="north",
    assisting=("south",),
)  # fmt: skip
ON_STREET = {"category": "stall", "street_name": "陈寿路", "office": "north"}


def progress(*rows, as_of=END, until_on=date(2026, 12, 8), rule=None, action=ACTION):
    return action_progress(
        cases_of(*rows), action, from_on=date(2026, 3, 1), until_on=until_on, as_of=as_of,
        timezone="UTC", rule=rule, version=3,
    )  # fmt: skip


def test_the_ledger_holds_what_was_open_at_first_and_what_came_since():
    found = progress(
        {**ON_STREET, "reported_at": at(-9), "closed_at": at(5)},
        {**ON_STREET, "reported_at": at(-9), "closed_at": at(-1)},
        {**ON_STREET, "reported_at": at(3), "closed_at": at(40), "due_at": at(9)},
        {**ON_STREET, "reported_at": at(4), "office": "elsewhere"},
        {**ON_STREET, "reported_at": at(4), "office": None, "closed_at": at(6)},
        {**ON_STREET, "reported_at": at(45)},
        {**ON_STREET, "reported_at": at(4), "street_name": "江家街"},
        {**ON_STREET, "reported_at": at(4), "category": "dumping"},
    )
    assert (found.ledger, found.struck_off, found.open) == (4, 2, 2)
    assert (found.overdue, found.carried_in, found.elsewhere) == (1, 1, 2)
    assert (found.rate.value, found.rate.numerator, found.rate.denominator) == (0.5, 2, 4)
    assert found.rate.scope.version == 3


def test_streets_are_those_of_the_segments_where_these_are_known():
    cases = cases_of(
        {**ON_STREET, "segment": "s1", "street_name": "江家街"},
        {**ON_STREET, "segment": "s2"},
        {**ON_STREET, "segment": None},
    )
    kept = action_cases(cases, ACTION, {"s1": "陈寿路", "s2": "江家街"})
    assert kept["case_id"].to_list() == ["c0"]


def test_an_action_of_offices_alone_is_their_cases():
    offices = SpecialAction(code="o", name="o", lead="north", assisting=("south",))
    cases = cases_of({"office": "north"}, {"office": "south"}, {"office": "east"}, {})
    assert action_cases(cases, offices)["case_id"].to_list() == ["c0", "c1"]


@given(case_tables())
def test_ledger_is_struck_off_plus_open(cases):
    everything = SpecialAction(code="all", name="all", categories=("stall", "dumping"))
    found = action_progress(
        cases, everything, from_on=date(2026, 3, 1), until_on=date(2026, 5, 1), as_of=END,
        timezone="Asia/Shanghai",
    )  # fmt: skip
    assert found.ledger == found.struck_off + found.open
    assert 0 <= found.overdue <= found.open
    assert 0 <= found.elsewhere <= found.ledger
    assert isinstance(found.rate, Withheld) == (found.ledger == 0)
    assert isinstance(found.finish, (Projection, Withheld))


def steady(*, stock: int, into: int, out: int):
    """A stock at first, then so many in and so many out each day of March."""
    rows = [{**ON_STREET, "reported_at": at(-1)} for _ in range(stock)]
    rows += [{**ON_STREET, "reported_at": at(day, 1)} for day in range(31) for _ in range(into)]
    for number, row in enumerate(rows[: 31 * out]):
        row["closed_at"] = max(at(number // out, 12), row["reported_at"] + timedelta(hours=1))
    return rows


def test_a_steady_pace_is_projected_to_the_day():
    found = progress(*steady(stock=200, into=2, out=5)).finish
    # 200 + 62 − 155 = 107 open; 3 fewer a day: 35.7 days after 31 March
    assert found.on == date(2026, 3, 31) + timedelta(days=36)
    assert (found.closed_per_day, found.reported_per_day, found.window_days) == (5, 2, 14)
    assert found.earliest < found.on
    assert found.latest is None or found.latest > found.on


def test_a_fast_pace_has_both_ends():
    found = progress(*steady(stock=1500, into=0, out=30)).finish
    assert found.on == date(2026, 3, 31) + timedelta(days=19)
    assert found.earliest <= found.on <= found.latest


def test_after_its_last_day_an_action_takes_no_new_cases():
    rows = steady(stock=200, into=2, out=5)  # two of the last fourteen days' reports still count
    later = progress(*rows, until_on=date(2026, 3, 20))
    assert later.ledger == 200 + 20 * 2
    assert (later.finish.closed_per_day, later.finish.reported_per_day) == (5, 0)


def test_a_slow_net_pace_has_no_latest_day():
    found = progress(*steady(stock=200, into=4, out=5)).finish
    assert found.on == date(2026, 3, 31) + timedelta(days=200 - 31)
    assert found.latest is None
    assert found.earliest < found.on


@pytest.mark.parametrize(
    ("rows", "as_of", "reason"),
    [
        ([], END, Reason.NO_CASES),
        (steady(stock=0, into=1, out=1), END, Reason.ALL_CLOSED),
        (steady(stock=50, into=3, out=3), END, Reason.NOT_SHRINKING),
        (steady(stock=50, into=4, out=1), END, Reason.NOT_SHRINKING),
        (steady(stock=50, into=0, out=1), at(5), Reason.TOO_SHORT),
    ],
)
def test_what_cannot_be_projected_is_answered_in_words(rows, as_of, reason):
    found = progress(*rows, as_of=as_of)
    assert isinstance(found.finish, Withheld)
    assert found.finish.reason is reason


def test_an_end_beyond_the_horizon_is_not_given():
    rows = steady(stock=400, into=0, out=1)
    found = progress(*rows, rule=ProjectionRule(horizon_days=60)).finish
    assert found.reason is Reason.TOO_FAR
    assert found.known["open"] == 400 - 31


def test_an_action_yet_to_begin_has_no_rate():
    found = action_progress(
        cases_of({**ON_STREET, "reported_at": START}), ACTION, from_on=date(2026, 9, 1),
        until_on=date(2026, 9, 30), as_of=END, timezone="UTC",
    )  # fmt: skip
    assert found.rate.reason is Reason.NOT_YET


def test_the_interval_holds_the_true_finish_of_a_steady_random_pace():
    random = np.random.default_rng(11)
    inside = 0
    for _ in range(60):
        rows = []
        for day in range(31):
            rows += [{**ON_STREET, "reported_at": at(-5), "closed_at": at(day, 10)}
                     for _ in range(random.poisson(12))]  # fmt: skip
        rows += [{**ON_STREET, "reported_at": at(-5)}] * 120
        found = progress(*rows).finish
        inside += found.earliest <= date(2026, 3, 31) + timedelta(days=10) <= found.latest
    assert inside / 60 >= 0.88  # 95 %, and two standard errors of 60 runs
