"""Illegal building in m² and the zero-growth gauge."""

from __future__ import annotations

import pytest

from geodata.analysis.answers import Scope, Withheld
from geodata.analysis.building_area import building_area
from geodata.analysis.reasons import Reason
from tests.analysis.case_rows import END, MARCH, START, at, cases_of


def test_found_demolished_and_still_standing():
    found = building_area(
        cases_of(
            {"reported_at": at(1), "area_m2": 100, "demolished_m2": 60, "handled_at": at(9)},
            {"reported_at": at(2), "area_m2": 50},
            {"reported_at": at(3), "area_m2": 30, "demolished_m2": 30, "handled_at": at(40)},
            {"reported_at": at(-9), "area_m2": 500, "demolished_m2": 400, "handled_at": at(5)},
            {"reported_at": at(-9), "area_m2": 70, "demolished_m2": 70},
        ),
        MARCH,
    )
    assert (found.found.value, found.found.n) == (180, 3)
    assert (found.demolished.value, found.demolished.n) == (460, 2)
    assert found.new_standing.value == 40 + 50 + 30  # torn down in April is still up in March
    assert (found.unmeasured, found.undated) == (0, 1)
    assert found.zero_growth is False


def test_zero_growth_is_reached_when_all_that_is_new_is_down():
    razed = {"reported_at": at(1), "area_m2": 80, "demolished_m2": 90, "closed_at": at(5)}
    found = building_area(cases_of(razed), MARCH)
    assert found.zero_growth is True
    assert found.new_standing.value == 0
    assert building_area(cases_of(), MARCH).zero_growth is True


def test_zero_growth_is_not_claimed_of_what_nobody_measured():
    razed = {"reported_at": at(1), "area_m2": 80, "demolished_m2": 80, "handled_at": at(5)}
    found = building_area(cases_of(razed, {"reported_at": at(2)}), MARCH)
    assert isinstance(found.zero_growth, Withheld)
    assert found.zero_growth.reason is Reason.UNMEASURED
    assert found.unmeasured == 1


@pytest.mark.parametrize(
    "scope",
    [Scope(from_at=END, until_at=START, as_of=END), Scope(from_at=END, until_at=at(99), as_of=END)],
)
def test_a_period_without_days_is_answered_in_words(scope):
    assert isinstance(building_area(cases_of(), scope), Withheld)


def test_areas_kept_as_float32_add_up_without_a_tail():
    rows = [{"reported_at": at(1), "area_m2": 18.3}] * 3
    assert building_area(cases_of(*rows), MARCH).found.value == pytest.approx(54.9, abs=1e-9)
