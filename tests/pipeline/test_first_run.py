"""The made-up city as a folder: the same steps as for a real one."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime

import polars as pl
import pytest

from geodata.city import load_city
from geodata.domain.case import PLACED_SCHEMA
from geodata.errors import CityExists, DatumUnknown
from geodata.first_run import make_demo
from geodata.pipeline import ingest
from geodata.spatial.coordinates import from_wgs84
from geodata.status import as_lines, city_status
from geodata.store.lake import Lake
from tests.pipeline.conftest import CASES

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def rows_of(folder) -> pl.DataFrame:
    return Lake(folder / "lake").scan().select(PLACED_SCHEMA.names()).collect().sort("case_id")


def files_of(folder, part: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / part).iterdir())}


def test_the_folder_is_whole_and_labelled_made_up(demo_city):
    names = sorted(path.name for path in demo_city.iterdir() if path.name[0] != ".")
    assert names == ["city.toml", "exports", "lake", "layers", "tables", "truth.json"]
    city = load_city(demo_city)
    assert city.made_up
    assert json.loads((city.layers / "basemap.json").read_text(encoding="utf-8"))["made_up"]
    status = city_status(city)
    assert status["cases"] == CASES
    assert status["made_up"]
    assert "(made up)" in next(iter(as_lines(status)))
    assert sum(status["unmapped_categories"].values()) == status["category"]["unmapped"]
    assert sum(status["category"].values()) == sum(status["office"].values()) == CASES
    truth = json.loads((demo_city / "truth.json").read_text(encoding="utf-8"))
    assert truth["hotspots"]
    assert truth["cases"] == CASES


def test_the_same_seed_gives_the_same_city_to_the_byte(demo_city, tmp_path):
    make_demo(tmp_path / "again", cases=CASES)
    assert rows_of(tmp_path / "again").equals(rows_of(demo_city))
    assert files_of(tmp_path / "again", "exports") == files_of(demo_city, "exports")
    again = (tmp_path / "again" / "truth.json").read_bytes()
    assert again == (demo_city / "truth.json").read_bytes()
    basemaps = [folder / "layers" / "basemap.json" for folder in (demo_city, tmp_path / "again")]
    assert basemaps[0].read_bytes() == basemaps[1].read_bytes()


def test_another_seed_gives_another_city(demo_city, tmp_path):
    make_demo(tmp_path / "other", seed=7, cases=200)
    assert not rows_of(tmp_path / "other").equals(rows_of(demo_city).head(200))


def test_a_city_that_is_there_stays_as_it_is(demo_city):
    before = (demo_city / "city.toml").read_bytes()
    with pytest.raises(CityExists):
        make_demo(demo_city, cases=10)
    assert (demo_city / "city.toml").read_bytes() == before
    assert [path.name for path in demo_city.parent.iterdir()] == [demo_city.name]


def test_a_build_that_fails_leaves_nothing(tmp_path):
    def stop(step: str, _rows: int) -> None:
        if step == "write":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_demo(tmp_path / "city", cases=200, progress=stop)
    assert list(tmp_path.iterdir()) == []


# --- the datum of a file, told by the streets ---------------------------------------------------


@pytest.fixture
def bare(demo_city, tmp_path):
    """Copy the made-up city without its cases."""
    folder = tmp_path / "城"
    shutil.copytree(demo_city, folder, ignore=shutil.ignore_patterns("lake", "exports"))
    return load_city(folder)


def export_in(demo_city, datum, path):
    """Write the city's own export with its coordinates in another datum."""
    (source,) = (demo_city / "exports").glob("*.csv")
    table = pl.read_csv(source, infer_schema=False)
    lon, lat = from_wgs84(table["经度"].cast(float), table["纬度"].cast(float), datum)
    table.with_columns(经度=pl.Series(lon), 纬度=pl.Series(lat)).write_csv(path)
    return path


@pytest.mark.parametrize("truly", ["gcj02", "bd09"])
def test_a_shifted_file_is_refused_and_the_remedy_works(bare, demo_city, tmp_path, truly):
    shifted = export_in(demo_city, truly, tmp_path / "偏移.csv")
    with pytest.raises(DatumUnknown) as error:
        ingest(bare, shifted, now=NOW)
    assert f"--datum {truly}" in str(error.value)
    assert "Nothing was taken in" in str(error.value)
    assert Lake(bare.lake).version() is None
    assert not bare.set_aside.exists()
    done = ingest(bare, shifted, now=NOW, datum=truly)
    assert done.inserted == CASES
    right, kept = rows_of(demo_city), rows_of(bare.folder)
    assert (right["lon"] - kept["lon"]).abs().max() < 1e-6
    assert (right["lat"] - kept["lat"]).abs().max() < 1e-6


@pytest.mark.parametrize("stated", ["gcj02", "bd09"])
def test_a_file_said_to_be_shifted_that_is_not_is_refused_too(bare, demo_city, stated):
    (plain,) = (demo_city / "exports").glob("*.csv")
    with pytest.raises(DatumUnknown, match="--datum wgs84"):
        ingest(bare, plain, now=NOW, datum=stated)
    assert Lake(bare.lake).version() is None
