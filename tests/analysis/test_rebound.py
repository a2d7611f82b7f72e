"""Pairs of close-outs and reports against the definition taken case by case."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import h3
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.analysis.reasons import Reason
from geodata.analysis.rebound import ReboundRule, find_rebounds, follow_ups
from geodata.spatial.cells import cells_at, parent_of
from tests.analysis import rebound_oracle as oracle

FIRST = date(2026, 1, 1)
END = FIRST + timedelta(days=40)

case = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["stall", "dumping"]),
        "place": st.one_of(st.none(), st.integers(-1, 3)),
        "reported": st.integers(0, 45),
        "open_days": st.one_of(st.none(), st.integers(-1, 20)),
    }
)


def table(rows, place=None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "case": list(range(len(rows))),
            "kind": [row["kind"] for row in rows],
            "place": [place(row["place"]) if place else row["place"] for row in rows],
            "reported": [FIRST + timedelta(row["reported"]) for row in rows],
            "closed": [
                None if row["open_days"] is None
                else FIRST + timedelta(row["reported"] + row["open_days"])
                for row in rows
            ],
        },
        schema={"case": pl.Int64, "kind": pl.String, "place": pl.Int64,
                "reported": pl.Date, "closed": pl.Date},
    )  # fmt: skip


def pairs(found: pl.DataFrame) -> dict:
    return {
        one: (other, timedelta(days))
        for one, other, days in found.select("case", "rebound_case", "days").rows()
    }


@settings(max_examples=300)
@given(st.lists(case, max_size=40), st.integers(1, 30))
def test_pairs_are_those_of_the_definition(rows, within):
    cases = table(rows)
    found = find_rebounds(cases, END, ReboundRule(within_days=within))
    assert pairs(found) == oracle.rebounds(cases.to_dicts(), END, timedelta(within))


CELLS = [int(cell, 16) for cell in sorted(h3.grid_disk(h3.latlng_to_cell(29.58, 105.05, 10), 2))]


@settings(max_examples=150)
@given(st.lists(case, max_size=40), st.randoms(use_true_random=False))
def test_cells_within_one_ring_count_as_one_place(rows, random):
    cases = table(rows, place=lambda _: random.choice(CELLS))
    # Distinct instants, so that no tie between neighbouring cells is left to taste.
    seconds = random.sample(range(100_000), 2 * len(rows))
    cases = cases.with_columns(
        pl.Series("reported", cases["reported"].cast(pl.Datetime("us", "UTC")))
        + pl.Series([timedelta(seconds=at) for at in seconds[::2]], dtype=pl.Duration("us")),
        pl.Series("closed", cases["closed"].cast(pl.Datetime("us", "UTC")))
        + pl.Series([timedelta(seconds=at) for at in seconds[1::2]], dtype=pl.Duration("us")),
    )
    end = datetime(2026, 2, 10, tzinfo=UTC)

    def near(one: int, other: int) -> bool:
        return f"{other:x}" in h3.grid_disk(f"{one:x}", 1)

    found = find_rebounds(cases, end, ReboundRule(place="cells"))
    wanted = oracle.rebounds(cases.to_dicts(), end, timedelta(30), near)
    assert set(pairs(found)) == set(wanted)
    assert {one: pair[0] for one, pair in pairs(found).items()} == {
        one: pair[0] for one, pair in wanted.items()
    }


@given(st.lists(case, max_size=60))
def test_nothing_is_counted_twice_and_nothing_is_lost(rows):
    cases = table(rows)
    answer = follow_ups(cases, END)
    paired = answer.table["rebound_case"].drop_nulls()
    assert paired.n_unique() == len(paired)
    closed = cases.filter(pl.col("closed") <= END)
    assert len(answer.table) + answer.unplaced + answer.disordered == len(closed)
    assert (answer.table["watched_days"] >= 0).all()
    assert not (answer.table["case"] == answer.table["rebound_case"]).any()


@given(st.lists(case, max_size=40), st.integers(0, 39))
def test_what_happens_later_does_not_change_what_came_back_before(rows, cut):
    """Data of a later day may add rebounds, never take one away or pair it otherwise."""
    cases = table(rows)
    early = pairs(find_rebounds(cases, FIRST + timedelta(cut)))
    assert early.items() <= pairs(find_rebounds(cases, END)).items()


def test_a_report_comes_back_on_the_nearest_close_out_only():
    cases = table(
        [
            {"kind": "stall", "place": 1, "reported": 0, "open_days": 1},
            {"kind": "stall", "place": 1, "reported": 0, "open_days": 3},
            {"kind": "stall", "place": 1, "reported": 10, "open_days": None},
            {"kind": "stall", "place": 1, "reported": 11, "open_days": None},
        ]
    )
    answer = follow_ups(cases, END).table
    assert answer["rebound_case"].to_list() == [None, 2]
    assert answer["ended_by"].to_list() == ["superseded", "rebound"]
    assert answer["watched_days"].to_list() == [2.0, 7.0]


def test_on_dates_a_report_of_the_closing_day_cannot_be_told_from_one_before():
    cases = table(
        [
            {"kind": "stall", "place": 1, "reported": 0, "open_days": 5},
            {"kind": "stall", "place": 1, "reported": 5, "open_days": None},
        ]
    )
    assert find_rebounds(cases, END).is_empty()


def test_full_follow_up_is_the_whole_window_seen():
    rows = [{"kind": "stall", "place": 1, "reported": 9 + i, "open_days": 0} for i in (0, 1, 2)]
    answer = follow_ups(table(rows), END, ReboundRule(within_days=30))
    assert answer.table["followed"].to_list() == [True, True, False]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], Reason.NO_CLOSED_CASES),
        ([{"kind": "stall", "place": 1, "reported": 0, "open_days": None}], "no_closed_cases"),
        ([{"kind": "stall", "place": None, "reported": 0, "open_days": 1}], "no_closed_cases"),
        ([{"kind": "stall", "place": 1, "reported": 0, "open_days": 1}], None),
    ],
)
def test_no_closed_case_is_said(rows, reason):
    answer = follow_ups(table(rows), END)
    assert answer.undecided == reason
    assert answer.table.is_empty() == (reason is not None)


def test_missing_columns_and_mixed_times_are_refused():
    with pytest.raises(ValueError, match="rebound_cases"):
        follow_ups(table([]).drop("kind"), END)
    with pytest.raises(ValueError, match="instants with an instant"):
        follow_ups(table([]), datetime(2026, 1, 1, tzinfo=UTC))


def test_half_a_million_cases_take_seconds():
    """Sorted searches, no pairwise comparison: with n² work this would never end."""
    random = np.random.default_rng(1)
    n = 500_000
    reported = random.integers(0, 300, n)
    places = parent_of(
        cells_at(105 + random.random(4_000) / 5, 29.5 + random.random(4_000) / 5), 10
    )
    cases = pl.DataFrame(
        {
            "case": np.arange(n),
            "kind": random.choice(["a", "b", "c"], n),
            "place": places[random.integers(0, 4_000, n)],
            "reported": np.datetime64("2026-01-01") + reported.astype("m8[D]"),
            "closed": np.datetime64("2026-01-02") + reported.astype("m8[D]"),
        }
    ).with_columns(pl.col("reported", "closed").cast(pl.Date))
    found = find_rebounds(cases, date(2026, 12, 1), ReboundRule(place="cells"))
    assert found["rebound_case"].n_unique() == len(found) > n / 10
