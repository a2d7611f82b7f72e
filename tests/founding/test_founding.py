from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import polars as pl
import pytest
import shapely

from geodata.city import load_city
from geodata.domain.case import PLACE_KINDS
from geodata.errors import (
    CityBroken,
    CityExists,
    DatumUnknown,
    LayerError,
    ProfileBroken,
)
from geodata.founding import LayerFiles, new_city
from geodata.spatial.coordinates import Wgs84, wgs84_to_gcj02
from geodata.store import layers
from geodata.store.layers import BASEMAP
from tests import small_city


@pytest.fixture
def streets(tmp_path):
    path = tmp_path / "streets.geojson"
    small_city.streets().to_file(path)
    return path


def saved(layer: gpd.GeoDataFrame, path):
    layer.to_file(path)
    return path


def everything_in(folder) -> list[str]:
    """Names in a folder, hidden ones too."""
    return sorted(one.name for one in folder.iterdir())


def test_streets_alone_make_a_city(tmp_path, streets):
    made = new_city(tmp_path / "小城 新", LayerFiles(streets=[streets]))
    city = load_city(tmp_path / "小城 新")
    assert city.name == "小城 新"
    assert city.metric_crs == "EPSG:32648"
    assert made.streets.length_km == pytest.approx(8.3, abs=0.3)
    assert len(layers.segment_table(city.layers)) == made.streets.segments
    assert json.loads((city.layers / BASEMAP).read_text(encoding="utf-8"))["name"] == "小城 新"
    assert made.datums["streets"].startswith("wgs84: assumed")


def test_layers_are_kept_with_their_codes(tmp_path, streets):
    grid = gpd.GeoDataFrame(
        {"网格编码": ["510100001000001"]}, geometry=[small_city.areas().geometry[1]], crs=4326
    )
    sources = LayerFiles(
        streets=[streets],
        districts=saved(small_city.areas(), tmp_path / "areas.gpkg"),
        places=saved(small_city.places(), tmp_path / "places.geojson"),
        grid=saved(grid, tmp_path / "grid.geojson"),
    )
    stated = dict.fromkeys(("districts", "places", "grid"), "wgs84")
    made = new_city(tmp_path / "city", sources, datums=stated)
    assert (made.areas, made.places, made.unit_grids) == (3, 2, 1)
    tree = layers.area_tree(made.city.layers)
    assert tree.codes() == ["w", "e", "w-s"]  # larger ones first
    assert tree.under(["w"]) == {"w", "w-s"}
    assert layers.place_kinds(made.city.layers) == {"school": 1, "market": 1}
    assert made.datums["grid"] == "wgs84: as stated"


def test_several_street_files_are_one_layer(tmp_path):
    whole = small_city.streets()
    parts = [saved(whole[:5], tmp_path / "a.geojson"), saved(whole[5:], tmp_path / "b.geojson")]
    made = new_city(tmp_path / "city", LayerFiles(streets=parts))
    one = new_city(tmp_path / "one", LayerFiles(streets=[saved(whole, tmp_path / "whole.geojson")]))
    assert layers.segment_table(made.city.layers).equals(layers.segment_table(one.city.layers))


def test_few_points_in_china_are_refused_until_their_datum_is_stated(tmp_path, streets):
    places = saved(small_city.places(), tmp_path / "places.geojson")
    sources = LayerFiles(streets=[streets], places=places)
    with pytest.raises(DatumUnknown) as error:
        new_city(tmp_path / "city", sources)
    assert "places: the datum of its 2 features cannot be told" in str(error.value)
    assert "--datum places=wgs84" in str(error.value)
    assert everything_in(tmp_path) == ["places.geojson", "streets.geojson"]
    assert new_city(tmp_path / "city", sources, datums={"places": "wgs84"}).places == 2


def test_a_stated_datum_is_converted(tmp_path, streets):
    right = small_city.places()
    there = wgs84_to_gcj02(Wgs84(right.geometry.x.to_numpy(), right.geometry.y.to_numpy()))
    moved = right.set_geometry(gpd.points_from_xy(there.lon, there.lat), crs=4326)
    sources = LayerFiles(streets=[streets], places=saved(moved, tmp_path / "places.gpkg"))
    made = new_city(tmp_path / "city", sources, datums={"places": "gcj02"})
    kept = layers.read_layer(made.city.layers, layers.PLACES)
    assert shapely.distance(kept.geometry.to_numpy(), right.geometry.to_numpy()).max() < 1e-7


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("missing.geojson", None, "does not exist"),
        ("empty.geojson", b"", "cannot be read as a file of features"),
        ("text.geojson", b"hello", "cannot be read as a file of features"),
        ("none.geojson", b'{"type":"FeatureCollection","features":[]}', "no feature"),
        ("table.csv", b"a,b\n1,2\n", "no feature with a geometry"),
    ],
)
def test_a_street_file_that_is_none_is_named(tmp_path, name, content, told):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    before = everything_in(tmp_path)
    with pytest.raises(LayerError, match=told):
        new_city(tmp_path / "city", LayerFiles(streets=[tmp_path / name]))
    assert everything_in(tmp_path) == before


def test_points_are_no_streets(tmp_path):
    points = saved(small_city.places(), tmp_path / "points.geojson")
    with pytest.raises(LayerError, match="no line or polygon"):
        new_city(tmp_path / "city", LayerFiles(streets=[points]))
    assert everything_in(tmp_path) == ["points.geojson"]


@pytest.mark.parametrize(
    ("options", "error", "told"),
    [
        ({"crs": "EPSG:4326"}, CityBroken, "does not count in metres"),
        ({"timezone": "Asia/Neijiang"}, CityBroken, "city/city.toml.*Nothing was written"),
        ({"profile": "unheard"}, ProfileBroken, "Shipped are"),
    ],
)
def test_options_that_do_not_fit_write_nothing(tmp_path, streets, options, error, told):
    with pytest.raises(error) as raised:
        new_city(tmp_path / "city", LayerFiles(streets=[streets]), **options)
    assert pl.Series([str(raised.value).replace("\n", " ")]).str.contains(told).item()
    assert everything_in(tmp_path) == ["streets.geojson"]


@pytest.mark.parametrize(
    ("layer", "columns", "told"),
    [("districts", {"area": ["甲"]}, "no name column; found: area"),
     ("places", {"kind": ["bar"]}, ", ".join(PLACE_KINDS)),
     ("grid", {"id": ["1"]}, "column `code`")],
)  # fmt: skip
def test_layers_without_their_columns_write_nothing(tmp_path, streets, layer, columns, told):
    frame = gpd.GeoDataFrame(columns, geometry=[small_city.areas().geometry[1]], crs=4326)
    path = saved(frame, tmp_path / "layer.geojson")
    with pytest.raises(LayerError, match=told):
        new_city(
            tmp_path / "city",
            LayerFiles(streets=[streets], **{layer: path}),
            datums={layer: "wgs84"},
        )
    assert everything_in(tmp_path) == ["layer.geojson", "streets.geojson"]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path, streets):
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "mine.txt").write_text("mine")
    with pytest.raises(CityExists, match="not empty"):
        new_city(tmp_path / "city", LayerFiles(streets=[streets]))
    assert everything_in(tmp_path / "city") == ["mine.txt"]


# --- real cities ------------------------------------------------------------------------------


def moved_m(districts, original) -> float:
    """Median metres between a district file as kept and as given."""
    kept = shapely.get_coordinates(shapely.centroid(districts.geometry.to_numpy()))
    given = shapely.get_coordinates(shapely.centroid(original.geometry.to_numpy()))
    return float(np.median(np.hypot(*((kept - given) * 111_320).T)))


def test_shenzhen_districts_of_a_web_map_are_told_and_converted(tmp_path, shared):
    china = shared / "data" / "china"
    streets = [china / "streets_shenzhen_futian.geojson"]
    given = china / "districts_440300.json"
    made = new_city(tmp_path / "sz", LayerFiles(streets=streets, districts=given))
    assert made.datums["districts"].startswith("gcj02: its headings")
    assert made.streets.twice > 1_000
    original = gpd.read_file(given).set_index("name").geometry
    kept = layers.read_layer(made.city.layers, layers.AREAS).set_index("name")
    assert 300 < moved_m(kept, original.loc[kept.index].to_frame()) < 900
    named = layers.segment_table(made.city.layers)["street"]
    assert not named.str.starts_with("[").any()


def test_shenzhen_districts_of_another_source_are_not_laid_over_by_guess(tmp_path, shared):
    china = shared / "data" / "china"
    sources = LayerFiles(
        streets=[china / "streets_shenzhen_futian.geojson"],
        districts=china / "shenzhen_districts.json",
    )
    with pytest.raises(DatumUnknown, match=r"--datum districts=wgs84"):
        new_city(tmp_path / "sz", sources)
    assert not (tmp_path / "sz").exists()
    made = new_city(tmp_path / "sz", sources, datums={"districts": "wgs84"})
    kept = layers.read_layer(made.city.layers, layers.AREAS).set_index("name")
    told = gpd.read_file(china / "districts_440300.json").set_index("name").geometry
    other = Wgs84(*shapely.get_coordinates(shapely.centroid(kept.geometry["福田"])).T)
    there = wgs84_to_gcj02(other)
    futian = shapely.centroid(told["福田区"])
    assert np.hypot(there.lon[0] - futian.x, there.lat[0] - futian.y) * 111_320 < 150


def test_chengdu_districts_are_told(tmp_path, shared):
    china = shared / "data" / "china"
    sources = LayerFiles(
        streets=[china / "streets_chengdu_wuhou.geojson"], districts=china / "districts_510100.json"
    )
    made = new_city(tmp_path / "cd", sources)
    assert made.datums["districts"].startswith("gcj02")
    assert made.mended_rings == 4
    assert made.areas == 20
    areas = layers.read_layer(made.city.layers, layers.AREAS)
    assert areas.geometry.is_valid.all()
