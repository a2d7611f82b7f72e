"""Registers and surveys against their targets."""

from __future__ import annotations

import polars as pl
import pytest
from scipy import stats

from geodata.analysis.targets import FRONTAGE, SURVEY, against_targets
from tests.analysis.case_rows import MARCH

REGISTER = pl.DataFrame(
    {
        "street": ["陈寿路", "陈寿路", "江家街", "平安路", "无店路"],
        "shops": [60, 40, 50, 10, 0],
        "signed": [58, 37, 47, 12, 0],
        "carried_out": [50, 36, 47, 9, 0],
        "model": [True, False, False, False, False],
    }
)


def row(table, key, formula):
    return table.filter(pl.col(table.columns[0]) == key, formula=formula).row(0, named=True)


def test_frontage_contracts_by_street():
    table = against_targets(REGISTER, FRONTAGE, MARCH, by="street")
    signed = row(table, "陈寿路", "signed_rate")
    assert (signed["numerator"], signed["denominator"], signed["value"]) == (95, 100, 0.95)
    assert (signed["met"], signed["certain"], signed["model"]) == (True, True, True)
    done = row(table, "陈寿路", "carried_out_rate")
    assert (done["value"], done["met"]) == (pytest.approx(86 / 95), True)
    assert row(table, "江家街", "signed_rate")["met"] is False
    assert signed["lower"] is None  # a register leaves nobody out


def test_impossible_rows_and_streets_without_shops_are_answered_in_words():
    table = against_targets(REGISTER, FRONTAGE, MARCH, by="street")
    more_than_all = row(table, "平安路", "signed_rate")
    assert (more_than_all["value"], more_than_all["undecided"]) == (None, "impossible_row")
    nobody = row(table, "无店路", "signed_rate")
    assert (nobody["undecided"], nobody["met"], nobody["certain"]) == ("no_cases", None, None)
    holed = REGISTER.with_columns(signed=pl.lit(None, pl.Int64))
    assert set(against_targets(holed, FRONTAGE[:1], MARCH, by="street")["undecided"]) == {
        "impossible_row"
    }


def test_a_survey_says_when_the_sample_is_too_small_to_tell():
    survey = pl.DataFrame(
        {"area": ["a", "b"], "asked": [50, 5000], "aware": [48, 4900], "satisfied": [44, 4000]}
    )
    table = against_targets(survey, SURVEY, MARCH, by="area")
    small, large = (row(table, area, "awareness_rate") for area in "ab")
    assert (small["met"], small["certain"]) == (True, False)
    assert (large["met"], large["certain"]) == (True, True)
    exact = stats.binomtest(48, 50).proportion_ci(0.95, method="exact")
    assert (small["lower"], small["upper"]) == pytest.approx((exact.low, exact.high))
    unhappy, sure = (row(table, area, "satisfaction_rate") for area in "ab")
    assert (unhappy["met"], unhappy["certain"]) == (False, False)
    assert (sure["met"], sure["certain"]) == (False, True)


def test_an_empty_register_gives_an_empty_table():
    empty = against_targets(REGISTER.clear(), FRONTAGE, MARCH, by="street")
    assert empty.is_empty()
    assert {"target", "met", "version"} <= set(empty.columns)
