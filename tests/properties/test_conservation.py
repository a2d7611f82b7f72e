"""For any cases and any selection: one meaning, and one total however the cases are counted."""

from __future__ import annotations

import itertools
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import h3
import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.analysis.counts import (
    coarser,
    count_by,
    count_by_cell,
    count_by_day,
    count_by_segment,
    count_by_street,
    count_days,
    rows_in_cell,
)
from geodata.analysis.crosstab import count_codes, crosstab
from geodata.analysis.facts import kept
from geodata.domain.case import PLACE_KINDS, STATUSES
from geodata.domain.selection import Near, Selection
from geodata.ingest.place import place
from geodata.pipeline import load_ground
from geodata.store.facts import load_facts
from geodata.store.lake import Lake
from geodata.store.layers import segment_table
from tests import small_city
from tests.properties.oracle import Oracle

ROOM = tempfile.TemporaryDirectory(prefix="guatu-conservation-")
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def ground():
    city = small_city.make(Path(ROOM.name) / "city")
    return city, load_ground(city)


instants = st.datetimes(datetime(2026, 8, 28), datetime(2026, 9, 25)).map(  # noqa: DTZ001 - zoned next
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
maybe = st.none() | instants
codes = {
    "category": ["stall", "out_of_shop", "dumping", "forgotten", None],
    "office": ["city", "d1", "c1", "c2", "d2", "forgotten", None],
    "channel": ["12345", "patrol", "forgotten", None],
    "street_name": ["0横街", "2纵街", "无此街", "甲", "乙", None],
}
spots = st.tuples(
    st.floats(small_city.WEST - 0.003, small_city.EAST + 0.003),
    st.floats(small_city.SOUTH - 0.003, small_city.NORTH + 0.003),
) | st.sampled_from(
    [  # a pile, a crossing, the edge two districts share, a vertex of everything
        (104.0612, 30.6512),
        (small_city.WEST + small_city.STEP, small_city.SOUTH + small_city.STEP),
        (small_city.WEST + 2 * small_city.STEP, small_city.SOUTH + 0.0007),
        (small_city.WEST + 2 * small_city.STEP, small_city.SOUTH + small_city.STEP),
    ]
)
rows = st.fixed_dictionaries(
    {
        "spot": spots,
        "reported_at": instants,
        "closed_at": maybe,
        "due_at": maybe,
        "assisting": st.lists(st.sampled_from(["d1", "c1", "c2", "unknown office"]), max_size=3),
        "area_m2": st.none() | st.sampled_from([0.0, 12.5, 300.0]),
        **{name: st.sampled_from(values) for name, values in codes.items()},
    }
)
tables = st.lists(rows, min_size=1, max_size=40)


def some(*values: str):
    return st.none() | st.frozensets(st.sampled_from([*values, "nowhere"]), max_size=3)


days = st.none() | st.dates(date(2026, 8, 28), date(2026, 9, 25))
selections = st.builds(
    Selection,
    phases=some("before", "one", "between", "two", "after"),
    offices=some("city", "d1", "c1", "c2", "d2", "unassigned"),
    role=st.sampled_from(["lead", "any"]),
    families=some("occupancy", "littering", "unmapped"),
    categories=some("stall", "dumping", "unmapped"),
    from_on=days,
    until_on=days,
    statuses=some(*STATUSES),
    channels=some("12345", "patrol", "unmapped"),
    street_classes=some("strict", "back", "unclassified"),
    areas=some("w", "w-s", "e", "none"),
    streets=some("0横街", "2横街", "2纵街"),
    near=st.none()
    | st.builds(Near, kind=st.sampled_from(PLACE_KINDS), metres=st.sampled_from([0, 150, 600])),
    hours=st.sampled_from(["all", "in", "out"]),
    piles=st.sampled_from(["keep", "leave_out"]),
)


def facts_of(table, ground):
    """Place the rows, keep them in a lake of their own, and read them as facts."""
    city, layers = ground
    given_rows = [
        {**{k: v for k, v in row.items() if k != "spot"}, "lon": row["spot"][0],
         "lat": row["spot"][1]}
        for row in table
    ]  # fmt: skip
    placed = place(small_city.cases(given_rows), layers)
    own = replace(city, folder=Path(ROOM.name) / f"city {next(NUMBERS)}")
    Lake(own.lake).upsert(placed, source="made")
    (own.folder / "layers").symlink_to(city.layers)
    return load_facts(own), placed, own


def by_key(facts, flags) -> dict[int, bool]:
    return dict(zip(facts.frame["key"], flags, strict=True))


relaxed = settings(
    max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@relaxed
@given(tables, st.lists(selections, min_size=1, max_size=12))
def test_kept_equals_the_oracle_and_every_total_agrees(ground, table, wanted):
    facts, placed, city = facts_of(table, ground)
    segments = {row["segment"]: row for row in segment_table(city.layers).iter_rows(named=True)}
    oracle = Oracle(placed.to_dicts(), city, segments)
    keys = placed.select(pl.col("case_id").hash(seed=0))["case_id"].to_list()
    parents = {node.code: node.parent for node in facts.areas}
    assert len(facts) == len(table)
    for selection in [Selection(), *wanted]:
        keep = kept(facts, selection)
        flags = by_key(facts, keep)
        expected = [oracle.means(row, selection, parents) for row in oracle.rows]
        assert [flags[key] for key in keys] == expected, selection
        agree(facts, keep)
        answered_from_combinations(facts, selection, keep)


def answered_from_combinations(facts, selection, keep) -> None:
    """The small table of combinations says what the cases say, or that it cannot."""
    table = crosstab(facts)
    assert table.cases.sum() == len(facts)
    places = {"from_on", "until_on", "street_classes", "streets", "near", "hours"}
    for column in ("office", "category", "channel", "status", "phase", "area"):
        counted = count_codes(facts, table, selection, column)
        if counted is None:
            assert selection.restrictions().keys() & places
        else:
            assert counted.equals(count_by(facts, keep, column))
    days = facts.first_day, facts.last_day
    assert count_days(facts, selection, *days).equals(count_by_day(facts, keep, *days))


def agree(facts, keep) -> None:
    """Every way of counting gives the number of cases kept."""
    n = int(keep.sum())
    for resolution in range(13):
        cells = count_by_cell(facts, keep, resolution=resolution)
        assert cells["cases"].sum() == n
        assert (cells["cases"] > 0).all()
        assert cells["cell"].is_sorted()
        assert cells["cell"].n_unique() == len(cells)
    assert count_by_segment(facts, keep)["cases"].sum() == n
    assert count_by_street(facts, keep)["cases"].sum() == n
    for column in ("office", "category", "channel", "status", "phase", "area"):
        assert count_by(facts, keep, column)["cases"].sum() == n
    assert count_by_day(facts, keep, facts.first_day, facts.last_day)["cases"].sum() == n


@relaxed
@given(tables, selections, st.integers(0, 12))
def test_a_cell_holds_the_cases_whose_parent_it_is(ground, table, selection, resolution):
    facts, placed, _ = facts_of(table, ground)
    keep = kept(facts, selection)
    flags = by_key(facts, keep)
    slow: dict[int, list[float]] = {}
    for row in placed.with_columns(key=pl.col("case_id").hash(seed=0)).iter_rows(named=True):
        if flags[row["key"]]:
            name = h3.cell_to_parent(h3.latlng_to_cell(row["lat"], row["lon"], 12), resolution)
            slow.setdefault(int(name, 16), []).append(row["area_m2"] or 0.0)
    found = count_by_cell(facts, keep, resolution=resolution)
    assert found["cell"].to_list() == sorted(slow)
    assert found["cases"].to_list() == [len(slow[cell]) for cell in sorted(slow)]
    assert found["area_m2"].to_list() == pytest.approx([sum(slow[cell]) for cell in sorted(slow)])
    for cell in sorted(slow):
        rows_found = rows_in_cell(facts, keep, cell, resolution)
        assert len(rows_found) == len(slow[cell])
        assert keep[rows_found].all()
    assert len(rows_in_cell(facts, keep, 1, resolution)) == 0
    for coarse in range(resolution + 1):
        summed = coarser(found, coarse).sort("cell")
        direct = count_by_cell(facts, keep, resolution=coarse)
        assert summed["cell"].to_list() == direct["cell"].to_list()
        assert summed["cases"].to_list() == direct["cases"].to_list()
        assert summed["area_m2"].to_list() == pytest.approx(direct["area_m2"].to_list())


@relaxed
@given(tables)
def test_days_phases_and_statuses_are_those_of_the_oracle(ground, table):
    facts, placed, city = facts_of(table, ground)
    oracle = Oracle(placed.to_dicts(), city, {})
    everything = kept(facts, Selection())
    for column, ask in {
        "phase": oracle.phase, "status": oracle.status, "office": oracle.office,
        "category": oracle.category, "channel": oracle.channel,
        "area": lambda row: row["area"] or "none",
    }.items():  # fmt: skip
        slow: dict[str, int] = {}
        for row in oracle.rows:
            slow[ask(row)] = slow.get(ask(row), 0) + 1
        found = dict(count_by(facts, everything, column).iter_rows())
        assert {code: n for code, n in found.items() if n} == slow, column
    first, last = date(2026, 8, 26), date(2026, 9, 27)
    by_day = count_by_day(facts, everything, first, last)
    assert by_day["day"].to_list() == [first + timedelta(n) for n in range((last - first).days + 1)]
    slow_days = [oracle.day(row) for row in oracle.rows]
    assert by_day["cases"].to_list() == [slow_days.count(day) for day in by_day["day"]]
    assert facts.last_day == max(slow_days)
    assert facts.first_day == min(slow_days)
    in_hours = by_key(facts, facts.frame["in_hours"])
    keys = placed.select(pl.col("case_id").hash(seed=0))["case_id"]
    assert [in_hours[key] for key in keys] == [oracle.in_hours(row) for row in oracle.rows]


def test_an_empty_lake_counts_nothing(ground):
    city, _ = ground
    facts = load_facts(city)
    keep = kept(facts, Selection(offices=frozenset({"d1"})))
    assert (facts.version, len(facts), keep.sum()) == (-1, 0, 0)
    agree(facts, keep)
    assert count_by_cell(facts, keep, resolution=9).is_empty()


def test_a_resolution_that_is_not_kept_is_refused(ground):
    facts = load_facts(ground[0])
    with pytest.raises(ValueError, match="resolution is 13"):
        count_by_cell(facts, np.array([], dtype=bool), resolution=13)
