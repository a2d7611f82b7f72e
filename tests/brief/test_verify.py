from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest
from deltalake import DeltaTable

from geodata.brief.build import build_pack
from geodata.brief.inputs import InputsGone
from geodata.brief.manifest import PackBroken
from geodata.brief.snapshots import find_pack
from geodata.brief.verify import verify
from geodata.city import load_city
from geodata.findings import Source
from geodata.store.lake import Lake
from tests.brief.conftest import PERIOD, QUICK


@pytest.fixture
def pack(city):
    return build_pack(Source.of(city.folder), PERIOD, without=QUICK)


def test_a_fresh_pack_is_the_same(city, pack):
    done = verify(city, pack)
    assert done.same
    assert done.files == 3
    assert done.changed_since == ()


def test_a_changed_file_is_named(city, pack):
    page = pack.folder / "page.html"
    page.write_bytes(page.read_bytes().replace(b"<body>", b"<body >", 1))
    (found,) = verify(city, pack).differences
    assert found.file == "page.html"
    assert "changed after" in found.why


def test_a_missing_file_is_named(city, pack):
    (pack.folder / "tables.xlsx").unlink()
    (found,) = verify(city, pack).differences
    assert (found.file, found.why) == ("tables.xlsx", "it is missing from the pack")


def test_later_changes_of_configuration_and_layers_do_not_matter_and_are_said(city, pack):
    config = city.folder / "city.toml"
    text = config.read_text(encoding="utf-8").replace("演示区", "改名区")
    config.write_text(text, encoding="utf-8")
    (city.folder / "layers" / "ground.parquet").unlink()
    done = verify(load_city(city.folder), pack)
    assert done.same
    assert done.changed_since == ("city.toml has changed", "layers/ground.parquet is gone")


def test_it_recomputes_from_its_own_version_after_later_reports(city, pack):
    lake = Lake(city.lake)
    held = lake.scan().collect()
    later = held.head(200).with_columns(closed_at=datetime(2026, 11, 21, 3, tzinfo=UTC))
    assert lake.upsert(later, source="later.csv").version == 1
    assert verify(city, pack).same
    assert build_pack(Source.of(city.folder), PERIOD, without=QUICK).name != pack.name


def test_another_lake_is_said_to_be_the_cause(city, pack):
    lake = Lake(city.lake)
    cases = lake.scan().collect()
    shutil.rmtree(city.lake)
    lake.upsert(cases.head(1_000), source="less.csv")
    done = verify(city, pack)
    assert {one.file for one in done.differences} == {"page.html", "tables.xlsx"}
    assert all("not the one the pack was made from" in one.why for one in done.differences)


def test_lost_inputs_are_named(city, pack):
    shutil.rmtree(city.folder / "snapshots" / "inputs")
    (city.folder / "layers" / "streets.parquet").unlink()
    with pytest.raises(InputsGone, match=r"layers/streets\.parquet"):
        verify(city, pack)


def test_what_is_no_pack_is_refused(city, tmp_path):
    with pytest.raises(PackBroken, match="is no pack"):
        find_pack(city, tmp_path)
    with pytest.raises(PackBroken, match="is no pack"):
        find_pack(city, "2026-W01-v0-nothing")


def test_the_lake_keeps_every_version_for_a_hundred_years(city):
    lake = Lake(city.lake)
    for hour in range(3):
        closed = datetime(2026, 11, 21, hour, tzinfo=UTC)
        lake.upsert(lake.scan().collect().head(50).with_columns(closed_at=closed), source="x")
    counts = {version: len(lake.scan(version).collect()) for version in range(4)}
    assert set(counts.values()) == {1_500}
    table = DeltaTable(city.lake)
    kept = table.metadata().configuration
    assert kept["delta.deletedFileRetentionDuration"] == "interval 36500 days"
    assert kept["delta.logRetentionDuration"] == "interval 36500 days"
    assert table.vacuum(retention_hours=None, dry_run=True) == []


def test_nothing_in_the_software_removes_a_version(root):
    words = ("vacuum(", "cleanup_metadata", "create_checkpoint")
    for folder in ("geodata", "dashboard"):
        for path in (root / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert not any(word in text for word in words), path
