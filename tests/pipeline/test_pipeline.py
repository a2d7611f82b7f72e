"""A file through every step on the small city, and what may be wrong with one."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from geodata.errors import (
    DiskFull,
    FileUnreadable,
    MissingColumns,
    OutsideCity,
    StoreError,
)
from geodata.pipeline import ingest
from geodata.status import city_status
from geodata.store.lake import Lake
from tests import small_city

NOW = datetime(2026, 9, 30, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def city(tmp_path):
    return small_city.make(tmp_path / "city")


def rows(n: int, seed: int = 1) -> pl.DataFrame:
    """An export as the 数字城管 platform would write it, on the streets of the small city."""
    at = small_city.scattered(n, seed=seed).with_row_index("i")
    street = (pl.col("i") % 5) * small_city.STEP
    lon = pl.when(pl.col("i") % 2 == 0).then(pl.col("lon")).otherwise(small_city.WEST + street)
    lat = pl.when(pl.col("i") % 2 == 0).then(small_city.SOUTH + street).otherwise(pl.col("lat"))
    return at.select(
        pl.format("案{}", "i").alias("案卷编号"),
        pl.lit("流动摊贩").alias("问题小类"),
        pl.lit("一区").alias("责任部门"),
        pl.format("2026-09-{} 08:30:00", (pl.col("i") % 20 + 1).cast(pl.String).str.zfill(2))
        .alias("上报时间"),
        pl.lit("").alias("结案时间"),
        lon.clip(small_city.WEST, small_city.EAST).round(7).alias("经度"),
        lat.clip(small_city.SOUTH, small_city.NORTH).round(7).alias("纬度"),
    )  # fmt: skip


def written(table: pl.DataFrame, path):
    table.write_csv(path)
    return path


def test_a_file_goes_all_the_way(city, tmp_path):
    done = ingest(city, written(rows(200), tmp_path / "周报.csv"), now=NOW)
    assert (done.read, done.inserted, done.set_aside, done.version) == (200, 200, 0, 0)
    kept = Lake(city.lake).scan().sort("source_row").collect()
    assert kept["category"].unique().to_list() == ["stall"]
    assert kept["office"].unique().to_list() == ["d1"]
    assert kept["segment"].null_count() < 20
    assert kept["source_file"].unique().to_list() == ["周报.csv"]
    assert kept["reported_at"][0] == datetime(2026, 9, 1, 8, 30, tzinfo=SHANGHAI)
    assert city_status(city)["history"][0]["source"] == "周报.csv"


def test_a_later_file_brings_the_status_up_to_date(city, tmp_path):
    ingest(city, written(rows(60).head(50), tmp_path / "a.csv"), now=NOW)
    later = rows(60).with_columns(
        结案时间=pl.when(pl.int_range(pl.len()) < 10)
        .then(pl.lit("2026-09-25 10:00:00"))
        .otherwise(pl.lit(""))
    )
    done = ingest(city, written(later, tmp_path / "b.csv"), now=NOW)
    assert (done.inserted, done.updated, done.unchanged, done.version) == (10, 10, 40, 1)
    statuses = city_status(city)["status"]
    assert statuses["closed_on_time"] == 10
    assert Lake(city.lake).scan(0).select(pl.col("closed_at").count()).collect().item() == 0


def test_rows_set_aside_can_be_corrected_and_fed_again(city, tmp_path):
    broken = rows(30).with_columns(
        上报时间=pl.when(pl.int_range(pl.len()) < 3).then(pl.lit("昨天")).otherwise("上报时间")
    )
    first = ingest(city, written(broken, tmp_path / "周报.csv"), now=NOW)
    assert (first.read, first.inserted, first.set_aside) == (30, 27, 3)
    assert city_status(city)["set_aside"] == [{"file": "周报.set_aside.csv", "rows": 3}]

    waiting = city.set_aside / "周报.set_aside.csv"
    table = pl.read_csv(waiting, infer_schema=False)
    half = table.with_columns(
        上报时间=pl.when(pl.int_range(pl.len()) < 2)
        .then(pl.lit("2026-09-03 10:00:00"))
        .otherwise("上报时间")
    )
    half.write_csv(waiting)
    second = ingest(city, waiting, now=NOW)
    assert (second.read, second.inserted, second.set_aside) == (3, 2, 1)
    assert city_status(city)["set_aside"] == [{"file": "周报.set_aside.csv", "rows": 1}]

    pl.read_csv(waiting, infer_schema=False).with_columns(
        上报时间=pl.lit("2026-09-04 10:00:00")
    ).write_csv(waiting)
    third = ingest(city, waiting, now=NOW)
    assert (third.inserted, third.set_aside) == (1, 0)
    assert city_status(city)["set_aside"] == []
    assert city_status(city)["cases"] == 30
    assert [path.name for path in city.set_aside.iterdir()] == ["周报.corrected.csv"]


def test_two_files_of_similar_names_keep_their_own_rows_aside(city, tmp_path):
    for week in (1, 2):
        broken = rows(20, seed=week).with_columns(
            案卷编号=pl.format("{}-{}", pl.lit(week), "案卷编号"),
            上报时间=pl.when(pl.int_range(pl.len()) < week).then(pl.lit("x")).otherwise("上报时间"),
        )
        ingest(city, written(broken, tmp_path / f"week.{week}.csv"), now=NOW)
    told = city_status(city)["set_aside"]
    assert told == [
        {"file": "week.1.set_aside.csv", "rows": 1},
        {"file": "week.2.set_aside.csv", "rows": 2},
    ]


def test_a_trial_run_writes_nothing(city, tmp_path):
    first = pl.int_range(pl.len()) < 2
    broken = rows(30).with_columns(
        经度=pl.when(first).then(0.0).otherwise("经度"),
        纬度=pl.when(first).then(0.0).otherwise("纬度"),
    )
    done = ingest(city, written(broken, tmp_path / "a.csv"), now=NOW, dry_run=True)
    assert (done.inserted, done.set_aside, done.set_aside_file, done.version) == (28, 2, None, None)
    assert sorted(path.name for path in city.folder.iterdir()) == ["city.toml", "layers"]


def test_a_file_where_every_row_fails_adds_no_version(city, tmp_path):
    few = rows(3).with_columns(上报时间=pl.lit("昨天"))
    done = ingest(city, written(few, tmp_path / "a.csv"), now=NOW)
    assert (done.inserted, done.set_aside, done.version) == (0, 3, None)
    assert city_status(city)["cases"] == 0


# --- files that are not what they should be -----------------------------------------------------


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        (lambda t: t.with_columns(经度=pl.col("经度") + 5), OutsideCity, "经度|longitude|lies|lie"),
        (lambda t: t.rename({"经度": "纬度", "纬度": "经度"}), OutsideCity, "swap|经纬|颠倒|对调"),
        (lambda t: t.drop("上报时间", "经度"), MissingColumns, "reported_at"),
        (lambda t: t.clear(), FileUnreadable, "headings but no rows"),
    ],
)
def test_a_wrong_file_is_one_message_and_nothing_is_written(city, tmp_path, change, error, told):
    path = written(change(rows(60)), tmp_path / "a.csv")
    with pytest.raises(error, match=told):
        ingest(city, path, now=NOW)
    assert sorted(one.name for one in city.folder.iterdir()) == ["city.toml", "layers"]


def test_the_set_aside_file_appears_only_with_its_version(city, tmp_path, monkeypatch):
    """When the lake cannot be written, neither is the file of rows set aside."""
    broken = rows(30).with_columns(
        上报时间=pl.when(pl.int_range(pl.len()) < 3).then(pl.lit("昨天")).otherwise("上报时间")
    )
    path = written(broken, tmp_path / "a.csv")
    city.lake.write_text("in the way")
    with pytest.raises(StoreError):
        ingest(city, path, now=NOW)
    assert list(city.set_aside.iterdir()) == []
    city.lake.unlink()
    city.set_aside.rmdir()
    city.set_aside.write_text("in the way")
    with pytest.raises((StoreError, DiskFull)):
        ingest(city, path, now=NOW)
    assert Lake(city.lake).version() is None
