"""Facts and placed cases as the rebound and effect functions take them: nothing lost on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from geodata.analysis.facts import Facts
from geodata.analysis.panels import cell_panel, segment_panel, street_panel
from geodata.analysis.rebound import ReboundRule, follow_ups
from geodata.analysis.rebound_cases import cases_of_facts, cases_of_lake
from geodata.analysis.routines import hour_profile
from geodata.domain.case import PLACED_SCHEMA
from geodata.domain.tree import Tree
from geodata.spatial.cells import cells_at, parent_of

FIRST = date(2026, 3, 2)
N = 400
FAMILY_OF = {"stall": "occupancy", "road_market": "occupancy", "dumping": "littering"}


def day(nth: int) -> date:
    return FIRST + timedelta(days=int(nth))


@pytest.fixture(scope="module")
def facts() -> Facts:
    random = np.random.default_rng(1)
    reported = random.integers(0, 60, N)
    cell = cells_at(105 + random.random(N) / 500, 29.5 + random.random(N) / 500)
    category = pl.Series(random.choice([*FAMILY_OF, "unmapped"], N))
    frame = pl.DataFrame(
        {
            "cell": cell,
            "segment": pl.Series(random.integers(-1, 4, N), dtype=pl.Int32),
            "category": category.cast(pl.Enum([*FAMILY_OF, "unmapped"])),
            "office": ["team"] * N,
            "channel": ["patrol"] * N,
            "reported_on": [day(nth) for nth in reported],
            "closed_on": [day(nth + 1) if nth % 3 else None for nth in reported],
            "hour": pl.Series(random.integers(0, 24, N), dtype=pl.UInt8),
            "pile": random.random(N) < 0.1,
            "key": pl.Series(np.arange(N), dtype=pl.UInt64),
        }
    ).sort("cell")
    segments = pl.DataFrame(
        {
            "segment": ["a1", "a2", "b1", "x"],
            "street": ["A", "A", "B", ""],
            "class": ["back", "first", "back", "back"],
            "length_m": [50.0, 80.0, 60.0, 10.0],
            "office": [None] * 4,
        },
        schema_overrides={"office": pl.String},
    )
    return Facts(
        frame=frame,
        version=0,
        as_of=datetime(2026, 5, 1, tzinfo=UTC),
        segments=segments,
        offices=Tree(),
        areas=Tree(),
        family_of={**FAMILY_OF, "unmapped": "unmapped"},
    )


def kept(facts: Facts, share: float = 0.7) -> np.ndarray:
    return np.random.default_rng(2).random(len(facts)) < share


def test_street_panel_counts_every_kept_case_on_a_named_street_once(facts):
    keep = kept(facts)
    panel = street_panel(facts, keep, day(0), day(59))
    rows = facts.frame.filter(pl.Series(keep))
    assert panel.units["unit"].to_list() == ["A", "B"]
    assert panel.units["class"].to_list() == ["first", "back"]
    assert panel.units["length_m"].to_list() == [130.0, 60.0]
    assert panel.counts.sum(axis=1).tolist() == [
        rows["segment"].is_in([0, 1]).sum(),
        (rows["segment"] == 2).sum(),
    ]
    on = rows.filter(pl.col("segment") == 2)["reported_on"]
    assert panel.counts[1].tolist() == [(on == day(nth)).sum() for nth in range(60)]


def test_days_outside_are_left_out(facts):
    keep = kept(facts)
    whole = street_panel(facts, keep, day(0), day(59))
    part = street_panel(facts, keep, day(10), day(19))
    assert (part.counts == whole.counts[:, 10:20]).all()
    assert whole.between(day(10), day(19)).sum() == 10
    assert whole.rows(["B", "nowhere"]).tolist() == [False, True]


def test_segments_and_cells_count_the_same_cases(facts):
    keep = kept(facts)
    rows = facts.frame.filter(pl.Series(keep))
    segments = segment_panel(facts, keep, day(0), day(59))
    assert segments.counts.sum() == (rows["segment"] >= 0).sum()
    study = np.unique(parent_of(facts.frame["cell"].to_numpy(), 10))[::-1]
    cells = cell_panel(facts, keep, day(0), day(59), cells=study, resolution=10)
    assert cells.counts.sum() == len(rows)
    fewer = cell_panel(facts, keep, day(0), day(59), cells=study[1:], resolution=10)
    assert fewer.counts.sum() < len(rows)
    assert cell_panel(facts, keep, day(0), day(9), cells=study[:0], resolution=10).counts.size == 0


def test_cases_of_facts_have_no_place_on_a_pile_and_no_kind_unmapped(facts):
    keep = kept(facts)
    rows = facts.frame.filter(pl.Series(keep))
    cases = cases_of_facts(facts, keep, ReboundRule(kind="family", place="cells"))
    assert len(cases) == keep.sum()
    assert (cases["place"] < 0).sum() == rows["pile"].sum()
    assert cases["kind"].null_count() == (rows["category"] == "unmapped").sum()
    assert set(cases["kind"].drop_nulls()) == {"occupancy", "littering"}
    on_street = cases_of_facts(facts, keep)
    assert on_street["place"].to_list() == rows["segment"].to_list()
    assert on_street.filter(pl.col("place") == 1)["street"].unique().to_list() == ["A"]
    assert (
        on_street.filter(pl.col("place") < 0)["street"].null_count() == (rows["segment"] < 0).sum()
    )


def test_facts_and_lake_pair_the_same_cases_where_times_are_days(facts):
    """The same cases as instants at noon: an instant later on the closing day never occurs."""
    rows = facts.frame
    noon = timedelta(hours=12)
    names = pl.Series([None, *facts.segments["segment"]]).gather(rows["segment"] + 1)
    placed = pl.DataFrame(
        {
            **{name: [None] * N for name in PLACED_SCHEMA},
            "case_id": rows["key"].cast(pl.String),
            "category": rows["category"].cast(pl.String),
            "segment": names,
            "cell": rows["cell"],
            "reported_at": rows["reported_on"].cast(pl.Datetime("us", "UTC")) + noon,
            "closed_at": rows["closed_on"].cast(pl.Datetime("us", "UTC")) + noon,
        }
    )
    by_day = follow_ups(cases_of_facts(facts, np.ones(N, bool)), day(70)).table
    cases = cases_of_lake(placed, FAMILY_OF | {"unmapped": "unmapped"})
    by_second = follow_ups(cases, datetime(2026, 5, 11, 23, tzinfo=UTC)).table
    pairs = [
        set(
            table.filter(pl.col("rebound"))
            .select(pl.col("case", "rebound_case").cast(pl.Int64))
            .rows()
        )
        for table in (by_day, by_second)
    ]
    assert pairs[0] == pairs[1]
    assert len(pairs[0]) > 20


def test_hour_profile_counts_every_kept_case(facts):
    keep = kept(facts)
    profile = hour_profile(facts, keep)
    rows = facts.frame.filter(pl.Series(keep))
    assert profile["cases"].sum() == len(rows)
    assert profile["share"].sum() == pytest.approx(1)
    monday_8 = ((rows["reported_on"].dt.weekday() == 1) & (rows["hour"] == 8)).sum()
    assert profile.filter(weekday=1, hour=8)["cases"][0] == monday_8
    assert hour_profile(facts, np.zeros(N, bool))["share"].sum() == 0
