from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from deltalake import DeltaTable, write_deltalake
from polars.testing import assert_frame_equal

from geodata.domain.case import PLACED_SCHEMA
from geodata.errors import LakeNewer, StoreError
from geodata.store.lake import Lake
from tests import small_city

COLUMNS = PLACED_SCHEMA.names()


@pytest.fixture
def lake(tmp_path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.fixture
def cases(placed):
    months = [datetime(2026, 8 + i % 3, 1 + i % 28, i % 24, tzinfo=UTC) for i in range(90)]
    lists = [["d1", "c1"][: i % 3] for i in range(90)]
    return placed(small_city.scattered(90, reported_at=months, assisting=lists))


def kept(lake: Lake, version: int | None = None) -> pl.DataFrame:
    return lake.scan(version).select(COLUMNS).collect().sort("case_id")


def test_before_the_first_case(lake):
    assert lake.version() is None
    assert lake.history() == []
    assert kept(lake).is_empty()
    assert kept(lake).schema == PLACED_SCHEMA


def test_what_goes_in_comes_out(lake, cases):
    commit = lake.upsert(cases, source="week.csv")
    assert (commit.version, commit.inserted, commit.updated, commit.unchanged) == (0, 90, 0, 0)
    assert_frame_equal(kept(lake), cases.sort("case_id"))


def test_the_same_again_changes_nothing(lake, cases):
    lake.upsert(cases, source="week.csv")
    moved = cases.with_columns(source_file=pl.lit("other.csv"), source_row=pl.lit(7, pl.Int64))
    commit = lake.upsert(moved.sample(fraction=1, shuffle=True, seed=1), source="again.csv")
    assert (commit.version, commit.inserted, commit.updated, commit.unchanged) == (0, 0, 0, 90)
    assert lake.version() == 0
    assert len(lake.history()) == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status_name", pl.lit("结案")),
        ("closed_at", pl.lit(datetime(2026, 12, 1, tzinfo=UTC)).cast(pl.Datetime("us", "UTC"))),
        ("assisting", pl.lit(["d2"])),
        ("returns", pl.lit(3, pl.Int16)),
        ("lon", pl.col("lon") + 1e-9),
        ("description", pl.lit("")),
    ],
)
def test_one_field_of_one_case_is_an_update(lake, cases, column, value):
    lake.upsert(cases, source="week.csv")
    chosen = pl.col("case_id") == "case 5"
    changed = cases.with_columns(pl.when(chosen).then(value).otherwise(column).alias(column))
    commit = lake.upsert(changed, source="later.csv")
    assert (commit.version, commit.inserted, commit.updated, commit.unchanged) == (1, 0, 1, 89)
    assert_frame_equal(kept(lake), changed.sort("case_id"))
    assert_frame_equal(kept(lake, 0), cases.sort("case_id"))


def test_a_field_emptied_is_an_update_too(lake, cases):
    full = cases.with_columns(office=pl.lit("d1"))
    lake.upsert(full, source="a")
    assert lake.upsert(cases, source="b").updated == 90
    assert kept(lake)["office"].null_count() == 90


def test_a_case_that_moves_to_another_month_is_kept_once(lake, cases):
    lake.upsert(cases, source="week.csv")
    late = cases.filter(pl.col("month") == "2026-08").head(3)
    moved = late.with_columns(pl.col("reported_at") + timedelta(days=92), month=pl.lit("2026-11"))
    commit = lake.upsert(moved, source="moved.csv")
    assert (commit.updated, commit.inserted) == (3, 0)
    now = kept(lake)
    assert now["case_id"].is_unique().all()
    assert len(now) == 90
    assert now.filter(pl.col("month") == "2026-11")["case_id"].to_list() == sorted(late["case_id"])


def test_only_the_months_concerned_are_rewritten(lake, cases):
    lake.upsert(cases, source="week.csv")
    before = set(DeltaTable(lake.folder).file_uris())
    one = cases.filter(pl.col("month") == "2026-09").head(1)
    lake.upsert(one.with_columns(status_name=pl.lit("结案")), source="later.csv")
    stayed = before & set(DeltaTable(lake.folder).file_uris())
    assert {uri.split("month=")[1].split("/")[0] for uri in before - stayed} == {"2026-09"}


def test_new_and_changed_cases_together(lake, cases):
    lake.upsert(cases.head(50), source="first.csv")
    changed = cases.with_columns(
        description=pl.when(pl.col("case_id") == "case 2").then(pl.lit("新"))
    )
    commit = lake.upsert(changed, source="second.csv")
    assert (commit.inserted, commit.updated, commit.unchanged) == (40, 1, 49)
    assert_frame_equal(kept(lake), changed.sort("case_id"))


def test_every_version_can_be_read_and_is_told(lake, cases):
    for number in range(4):
        lake.upsert(cases.slice(number * 20, 20), source=f"part {number}.csv")
    assert [kept(lake, version).height for version in range(4)] == [20, 40, 60, 80]
    history = lake.history()
    assert [entry.version for entry in history] == [3, 2, 1, 0]
    assert [entry.source for entry in history] == [f"part {n}.csv" for n in (3, 2, 1, 0)]
    assert [entry.inserted for entry in history] == [20] * 4
    assert all(entry.at.tzinfo is not None for entry in history)


def test_a_version_that_is_not_there_is_said_plainly(lake, cases):
    lake.upsert(cases, source="a")
    with pytest.raises(StoreError, match=r"version 7 .*status"):
        lake.scan(7)


def test_foreseeing_writes_nothing(lake, cases):
    assert lake.foresee(cases).inserted == 90
    assert not lake.folder.exists()
    lake.upsert(cases.head(10), source="a")
    foreseen = lake.foresee(cases)
    assert (foreseen.version, foreseen.inserted, foreseen.unchanged) == (0, 80, 10)
    assert lake.version() == 0


def test_no_case_makes_no_version(lake, cases):
    assert lake.upsert(cases.clear(), source="nothing.csv").version == -1
    assert lake.version() is None
    lake.upsert(cases, source="a")
    assert lake.upsert(cases.clear(), source="nothing.csv").version == 0


def test_a_lake_of_a_newer_version_is_refused_and_left_alone(lake, cases):
    write_deltalake(lake.folder, cases.to_arrow(), name="guatu cases, format 2")
    before = sorted(path.name for path in lake.folder.rglob("*"))
    for use in (lake.version, lake.scan, lambda: lake.upsert(cases, source="a")):
        with pytest.raises(LakeNewer, match=r"format 2.*Update the software"):
            use()
    assert sorted(path.name for path in lake.folder.rglob("*")) == before


def test_a_delta_table_of_something_else_is_refused(lake, cases):
    write_deltalake(lake.folder, cases.select("lon").to_arrow(), name="sales")
    with pytest.raises(StoreError, match="sales"):
        lake.version()


def test_within_a_month_rows_are_in_order_of_cell(lake, cases):
    lake.upsert(cases, source="a")
    for uri in DeltaTable(lake.folder).file_uris():
        cells = pl.read_parquet(uri)["cell"]
        assert cells.is_sorted()


@pytest.mark.parametrize("name", ["小城 二期", "100% 完成", "a#b", "q?x", "{city}", "it's"])
def test_a_city_may_have_any_ordinary_name(tmp_path, cases, name):
    lake = Lake(tmp_path / name / "lake")
    lake.upsert(cases, source="a")
    changed = cases.with_columns(description=pl.lit("新"))
    assert lake.upsert(changed, source="b").updated == 90
    assert_frame_equal(kept(lake), changed.sort("case_id"))
    assert_frame_equal(kept(lake, 0), cases.sort("case_id"))


@pytest.mark.parametrize("name", ["[old]", "a%20b"])
def test_a_name_the_store_cannot_have_is_said_plainly(tmp_path, cases, name):
    with pytest.raises(StoreError, match="Rename that folder"):
        Lake(tmp_path / name / "lake").upsert(cases, source="a")
