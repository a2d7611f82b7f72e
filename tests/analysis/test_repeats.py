"""Repeat reports: the same problem while it is still open."""

from __future__ import annotations

from hypothesis import given

from geodata.analysis.indicators import indicator
from geodata.analysis.repeats import RepeatRule, with_repeats
from geodata.spatial.cells import parent_of
from tests.analysis.case_rows import CELL, MARCH, at, case_tables, cases_of

STALL = {"category": "stall", "cell": CELL}


def repeated(*rows, rule=None):
    return with_repeats(cases_of(*rows), rule or RepeatRule())["repeated"].to_list()


def test_a_report_of_an_open_problem_is_a_repeat_and_one_after_close_out_is_not():
    first = {**STALL, "reported_at": at(1), "closed_at": at(3)}
    assert repeated(first, {**STALL, "reported_at": at(2)}) == [False, True]
    assert repeated(first, {**STALL, "reported_at": at(3)}) == [False, False]
    assert repeated(first, {**STALL, "reported_at": at(4)}) == [False, False]


def test_an_older_case_still_open_counts_though_a_later_one_is_closed():
    open_still = {**STALL, "reported_at": at(0)}
    closed = {**STALL, "reported_at": at(1), "closed_at": at(2)}
    assert repeated(open_still, closed, {**STALL, "reported_at": at(9)}) == [False, True, True]


def test_another_category_or_a_far_cell_is_no_repeat():
    first = {**STALL, "reported_at": at(1)}
    other = {**STALL, "category": "dumping", "reported_at": at(2)}
    away = {**STALL, "cell": CELL + 512 * 4096, "reported_at": at(2)}
    assert repeated(first, other, away) == [False, False, False]


def test_the_neighbouring_fine_cell_is_the_same_spot():
    sibling = CELL - (1 << 9)  # another child of the same parent at resolution 11
    assert repeated(
        {**STALL, "reported_at": at(1)}, {**STALL, "cell": sibling, "reported_at": at(2)}
    ) == [False, True]
    assert repeated(
        {**STALL, "reported_at": at(1)},
        {**STALL, "cell": sibling, "reported_at": at(2)},
        rule=RepeatRule(resolution=12),
    ) == [False, False]


def test_without_category_or_cell_nobody_knows():
    assert repeated({"category": "stall", "reported_at": at(1)}, {"cell": CELL}) == [None, None]


def test_the_rate_is_of_the_cases_filed():
    rows = [{**STALL, "reported_at": at(day), "filed_at": at(day)} for day in (1, 2, 3, 40)]
    answer = indicator(cases_of(*rows), MARCH, "repeat_rate")
    assert (answer.numerator, answer.denominator) == (2, 3)


@given(case_tables(most=25))
def test_agrees_with_looking_at_every_pair(cases):
    rows = cases.with_columns(spot=parent_of(cases["cell"].to_numpy(), 11)).to_dicts()
    expected = [
        None
        if row["category"] is None
        else any(
            other["category"] == row["category"]
            and other["spot"] == row["spot"]
            and (other["reported_at"], other["case_id"]) < (row["reported_at"], row["case_id"])
            and (other["closed_at"] is None or other["closed_at"] > row["reported_at"])
            for other in rows
        )
        for row in rows
    ]
    assert with_repeats(cases, RepeatRule())["repeated"].to_list() == expected
