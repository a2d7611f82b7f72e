"""Ranks that do not blame anybody for chance."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.analysis.answers import Withheld
from geodata.analysis.composite import Composite, Weights, composite
from geodata.analysis.indicators import indicators
from geodata.analysis.rank_history import bottom_streaks, rank_history
from geodata.analysis.ranking import RankRule, rank_rates, rank_shares
from geodata.analysis.reasons import Reason
from tests.analysis.case_rows import MARCH, at, cases_of

FAST = RankRule(draws=500)


def shares(**units):
    return pl.DataFrame(
        {
            "office": list(units),
            "numerator": [float(part) for part, _ in units.values()],
            "denominator": [float(whole) for _, whole in units.values()],
        },
        schema={"office": pl.String, "numerator": pl.Float64, "denominator": pl.Float64},
    )


def ranked(rule=FAST, better="high", **units):
    return rank_shares(
        shares(**units), unit="office", formula="on_time_rate", better=better, rule=rule
    )


def by_unit(ranking, column):
    return dict(ranking.table.select("unit", column).iter_rows())


def test_an_office_with_one_case_gets_no_rank_but_is_shown():
    found = ranked(a=(90, 100), b=(60, 100), lucky=(1, 1), idle=(0, 0))
    assert by_unit(found, "rank") == {"a": 1, "b": 2, "lucky": None, "idle": None}
    assert by_unit(found, "undecided") == {
        "a": None, "b": None, "lucky": "too_few_cases", "idle": "no_exposure",
    }  # fmt: skip
    assert by_unit(found, "shrunk")["idle"] is None
    assert by_unit(found, "of") == {"a": 2, "b": 2, "lucky": None, "idle": None}


def test_cases_of_nobody_count_but_nobody_is_ranked_for_them():
    found = ranked(a=(90, 100), b=(60, 100), unassigned=(1, 100))
    assert by_unit(found, "rank") == {"a": 1, "b": 2, "unassigned": None}
    assert by_unit(found, "undecided")["unassigned"] == "not_a_unit"
    assert found.whole == 151 / 300


def test_two_lucky_cases_do_not_lead_the_table():
    rule = RankRule(least_n=1, draws=500)
    found = ranked(rule=rule, lucky=(2, 2), steady=(950, 1000), a=(700, 1000), b=(650, 1000))
    assert by_unit(found, "rank")["steady"] == 1


def test_possible_ranks_are_narrow_when_sure_and_wide_when_not():
    sure = ranked(a=(990, 1000), b=(800, 1000), c=(500, 1000))
    for column in ("rank", "rank_best", "rank_worst"):
        assert by_unit(sure, column) == {"a": 1, "b": 2, "c": 3}
    unsure = ranked(a=(31, 40), b=(30, 40), c=(29, 40))
    assert by_unit(unsure, "rank_best") == {"a": 1, "b": 1, "c": 1}
    assert by_unit(unsure, "rank_worst") == {"a": 3, "b": 3, "c": 3}


def test_the_good_end_may_be_the_low_one():
    found = ranked(better="low", a=(10, 100), b=(60, 100))
    assert by_unit(found, "rank") == {"a": 1, "b": 2}
    assert by_unit(found, "worse_than_whole") == {"a": False, "b": True}


def test_the_order_of_rows_does_not_matter():
    units = {"a": (31, 40), "b": (300, 400), "c": (29, 40), "d": (5, 9)}
    one = ranked(**units).table
    assert one.equals(ranked(**dict(reversed(units.items()))).table)


@given(
    st.lists(
        st.integers(0, 120).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        max_size=8,
    )
)
def test_what_must_always_hold(pairs):
    units = {f"o{number}": pair for number, pair in enumerate(pairs)}
    found = ranked(rule=RankRule(draws=100), **units)
    if isinstance(found, Withheld):
        assert sum(whole >= 30 for _, whole in pairs) < 2
        return
    table = found.table
    assert (table["rank"].is_null() == table["undecided"].is_not_null()).all()
    assert (table["rank"].is_null() == (table["n"] < 30)).all()
    known = table.filter(table["n"] > 0)
    assert ((known["lower"] <= known["shrunk"]) & (known["shrunk"] <= known["upper"])).all()
    assert table["shrunk"].null_count() == (table["n"] == 0).sum()
    given_rank = table.filter(pl.col("rank").is_not_null())
    assert (given_rank["rank_best"] <= given_rank["rank"]).all()
    assert (given_rank["rank"] <= given_rank["rank_worst"]).all()
    assert (given_rank["rank_worst"] <= given_rank["of"]).all()
    assert given_rank["shrunk"].is_sorted(descending=True)


@pytest.mark.parametrize(
    ("units", "reason"),
    [
        ({}, Reason.NO_CASES),
        ({"a": (0, 0), "b": (0, 0)}, Reason.NO_CASES),
        ({"a": (50, 90)}, Reason.TOO_FEW_GROUPS),
        ({"a": (50, 90), "b": (1, 1)}, Reason.TOO_FEW_GROUPS),
    ],
)
def test_nothing_to_rank_is_answered_in_words(units, reason):
    found = ranked(**units)
    assert isinstance(found, Withheld)
    assert found.reason is reason


def test_tables_that_cannot_be_ranked_are_refused():
    table = shares(a=(5, 40), b=(9, 50))
    twice = pl.concat([table, table])
    with pytest.raises(ValueError, match="'a' has two rows"):
        rank_shares(twice, unit="office", formula="x", better="high")
    with pytest.raises(ValueError, match="larger than its whole"):
        rank_shares(shares(a=(5, 4), b=(9, 50)), unit="office", formula="x", better="high")


def test_rates_rank_by_cases_per_km_and_ask_for_expected_cases_not_found_ones():
    table = shares(clean=(0, 40.0), usual=(80, 40.0), dirty=(400, 60.0), stub=(30, 0.1))
    found = rank_rates(table, unit="office", formula="cases_per_km", rule=FAST)
    assert by_unit(found, "rank") == {"clean": 1, "usual": 2, "dirty": 3, "stub": None}
    assert by_unit(found, "worse_than_whole")["dirty"]


def test_streets_without_length_keep_their_row():
    table = shares(a=(50, 40.0), b=(80, 40.0), nowhere=(7, 0.0))
    found = rank_rates(table, unit="office", formula="cases_per_km", rule=FAST)
    assert by_unit(found, "undecided")["nowhere"] == "no_exposure"
    assert found.whole == 130 / 80
    empty = rank_rates(shares(a=(5, 0.0)), unit="office", formula="x")
    assert empty.reason is Reason.NO_CASES


def test_rows_of_the_indicators_can_be_ranked():
    rows = [
        {"office": office, "reported_at": at(1), "due_at": at(5),
         "closed_at": at(3 if number < done else 9)}
        for office, done in (("a", 38), ("b", 20))
        for number in range(40)
    ]  # fmt: skip
    table = indicators(cases_of(*rows), MARCH, by=("office",)).filter(formula="on_time_rate")
    found = rank_shares(table, unit="office", formula="on_time_rate", better="high", scope=MARCH)
    assert by_unit(found, "rank") == {"a": 1, "b": 2}
    assert found.whole == 58 / 80


# --- over time --------------------------------------------------------------------------------

BAD = {"a": (95, 100), "b": (94, 100), "c": (93, 100), "d": (92, 100), "e": (90, 100),
       "last": (40, 100)}  # fmt: skip
LEVEL = {**BAD, "last": (89, 100)}
RULE = RankRule(bottom=2, consecutive=3, draws=500)


def history(*months):
    return rank_history(
        [(f"m{number}", ranked(rule=RULE, **units)) for number, units in enumerate(months)]
    )


def named(table):
    return table.filter("named")["unit"].to_list()


def test_the_last_again_and_again_is_named():
    streaks = bottom_streaks(history(BAD, BAD, BAD), RULE)
    assert named(streaks) == ["last"]
    assert dict(streaks.select("unit", "streak").iter_rows())["e"] == 0


def test_being_last_by_chance_is_no_fault():
    assert named(bottom_streaks(history(LEVEL, LEVEL, LEVEL), RULE)) == []


def test_a_streak_is_broken_by_a_good_month_and_by_one_without_rank():
    assert named(bottom_streaks(history(BAD, LEVEL, BAD), RULE)) == []
    few = {**BAD, "last": (3, 9)}
    assert named(bottom_streaks(history(BAD, few, BAD), RULE)) == []
    assert named(bottom_streaks(history(BAD, BAD, few), RULE)) == []
    assert named(bottom_streaks(history(LEVEL, BAD, BAD, BAD), RULE)) == ["last"]


def test_low_ranks_need_twice_as_many_units():
    three = {name: BAD[name] for name in ("a", "b", "last")}
    assert named(bottom_streaks(history(three, three, three), RULE)) == []


def test_moves_and_which_of_them_are_certain():
    table = history(BAD, {**BAD, "last": (99, 100), "a": (91, 100)})
    second = table.filter(number=1)
    moves = dict(second.select("unit", "moved").iter_rows())
    assert (moves["last"], moves["a"]) == (5, -4)
    certain = dict(second.select("unit", "moved_for_certain").iter_rows())
    assert certain["last"]
    assert not certain["c"]
    assert table.filter(number=0)["moved"].null_count() == 6


def test_a_period_without_ranking_keeps_its_rows_with_the_reason():
    table = history(BAD, {"a": (1, 1)}, BAD)
    gap = table.filter(period="m1")
    assert len(gap) == 6
    assert set(gap["undecided"]) == {"too_few_groups"}
    assert rank_history([]).is_empty()
    assert bottom_streaks(rank_history([]), RULE).is_empty()


# --- composites -------------------------------------------------------------------------------


def parts():
    return {
        "on_time": ranked(a=(90, 100), b=(60, 100), c=(75, 100)),
        "rework": ranked(better="low", a=(10, 100), b=(2, 100), c=(40, 100)),
    }


def test_scores_are_the_weighted_shrunk_rates():
    rankings = parts()
    weights = Weights(parts={"on_time": 0.6, "rework": 0.4}, source="考核办法第 3 条")
    found = composite(rankings, weights, FAST)
    assert isinstance(found, Composite)
    on_time, rework = (by_unit(rankings[name], "shrunk") for name in ("on_time", "rework"))
    for row in found.table.iter_rows(named=True):
        unit = row["unit"]
        expected = 60 * on_time[unit] + 40 * (1 - rework[unit])
        assert row["score"] == pytest.approx(expected)
        assert row["on_time"] + row["rework"] == pytest.approx(expected)
        assert row["lower"] < row["score"] < row["upper"]
    assert by_unit(found, "rank")["a"] == 1
    assert found.weights.source == "考核办法第 3 条"


@pytest.mark.parametrize(
    "weights", [{"on_time": 0.6, "rework": 0.3}, {"on_time": 1.5, "rework": -0.5}]
)
def test_weights_that_do_not_sum_are_answered_in_words(weights):
    found = composite(parts(), Weights(parts=weights, source="?"), FAST)
    assert isinstance(found, Withheld)
    assert found.reason is Reason.WEIGHTS_DO_NOT_SUM
    assert found.known["sum"] == pytest.approx(sum(weights.values()))


def test_a_missing_part_is_answered_in_words():
    weights = Weights(parts={"on_time": 0.6, "happiness": 0.4}, source="?")
    found = composite(parts(), weights, FAST)
    assert (found.reason, dict(found.known)) == (Reason.PART_MISSING, {"happiness": "missing"})
    rates = rank_rates(shares(a=(300, 40), b=(800, 40)), unit="office", formula="x", rule=FAST)
    weights = Weights(parts={"per_km": 1.0}, source="?")
    assert composite({"per_km": rates}, weights, FAST).reason is Reason.PART_MISSING


def test_a_unit_that_lacks_a_part_has_no_score():
    rankings = parts() | {"rework": ranked(better="low", a=(10, 100), b=(2, 100), c=(4, 10))}
    weights = Weights(parts={"on_time": 0.5, "rework": 0.5}, source="?")
    found = composite(rankings, weights, FAST)
    assert by_unit(found, "score")["c"] is None
    assert by_unit(found, "undecided")["c"] == "part_missing"
    only_a = parts() | {"rework": ranked(better="low", a=(10, 100), d=(2, 100))}
    assert composite(only_a, weights, FAST).reason is Reason.TOO_FEW_GROUPS


def test_parts_ranked_with_the_same_seed_are_not_tied_together():
    same = ranked(a=(50, 100), b=(50, 100))
    weights = Weights(parts={"x": 0.5, "y": 0.5}, source="?")
    both = composite({"x": same, "y": same}, weights, FAST).table.row(0, named=True)
    one = composite({"x": same}, Weights(parts={"x": 1.0}, source="?"), FAST).table.row(
        0, named=True
    )
    width = (both["upper"] - both["lower"]) / (one["upper"] - one["lower"])
    assert width == pytest.approx(1 / np.sqrt(2), abs=0.12)
