"""Downloads hold exactly what is shown, say what they are, and run nothing."""

from __future__ import annotations

import csv
import io
import json

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import pytest

from dashboard import access, exports
from dashboard.filters import Picked, View, patched, to_query
from geodata.analysis.counts import count_by_cell
from geodata.domain.selection import Selection
from geodata.spatial.cells import to_text
from tests.dashboard.conftest import TOML, many


def rows_of(file):
    return list(csv.DictReader(io.StringIO(file.body.decode("utf-8-sig"))))


def query(view, **extra):
    return {**to_query(view), **extra}


@pytest.mark.parametrize("resolution", [8, 9, 10, 11])
def test_cells_are_those_on_the_map_at_the_resolution_on_screen(reading, resolution):
    view = View(selection=Selection(channels=frozenset(["patrol"])))
    rows = rows_of(exports.build(query(view, res=str(resolution))))
    keep = access.keep(reading, view.selection)
    shown = count_by_cell(reading.facts, keep, resolution=resolution)
    assert {row["cell"]: int(row["cases"]) for row in rows} == dict(
        zip(to_text(shown["cell"]), shown["cases"].to_list(), strict=True)
    )


def test_streets_on_screen_give_streets(reading):
    rows = rows_of(exports.build(query(View(layer="streets"))))
    assert sum(int(row["cases"]) for row in rows) == len(reading.facts)
    assert rows[-1]["segment"] == ""


@pytest.mark.parametrize("layer", ["cells", "streets"])
def test_a_comparison_gives_the_change(reading, layer):
    rows = rows_of(exports.build(query(View(layer=layer, compare=("one", "two")))))
    assert all("change_per_week" in row for row in rows)
    assert any(float(row["change_per_week"]) for row in rows)


def test_what_is_picked_gives_its_cases(reading):
    view = View(picked=Picked(street="2横街"))
    rows = rows_of(exports.build(query(view)))
    on_it = (reading.facts.segments["street"] == "2横街").to_numpy()
    segment = reading.facts.frame["segment"].to_numpy()
    assert len(rows) == int(np.append(on_it, values=False)[segment].sum())
    assert len({row["case_id"] for row in rows}) == len(rows)


def test_no_field_is_a_formula(reading):
    box = [[104.0, 30.6], [104.2, 30.6], [104.2, 30.8], [104.0, 30.8]]
    file = exports.build(query(patched(View(), {"select": {"polygon": box}})))
    rows = rows_of(file)
    texts = {row["description"] for row in rows}
    assert len(rows) == len(reading.facts)
    assert {"'=1+1", "'@SUM(1)", "<b>粗</b>"} <= texts
    assert not any(text[:1] in {"=", "+", "-", "@"} for text in texts)


def test_geojson_and_geoparquet_hold_the_same_rows_and_say_what_they_are(reading):
    view = View(resolution=10)
    table = rows_of(exports.build(query(view)))
    geojson = json.loads(exports.build(query(view, format="geojson")).body)
    parquet = exports.build(query(view, format="parquet")).body
    layer = gpd.read_parquet(io.BytesIO(parquet))
    assert len(geojson["features"]) == len(layer) == len(table)
    assert geojson["about"]["version"] == reading.facts.version
    assert layer.crs == 4326
    about = json.loads(pq.read_metadata(io.BytesIO(parquet)).metadata[b"guatu"])
    assert about == geojson["about"]


@pytest.mark.parametrize("form", ["csv", "geojson", "parquet"])
def test_made_up_cases_say_so_in_name_and_rows(make_served, form):
    make_served(TOML.replace("city.datum", "city.made_up = true\ncity.datum"), many(30))
    file = exports.build({"format": form})
    assert file.name.startswith("guatu-made-up-")
    if form == "csv":
        assert {row["made_up"] for row in rows_of(file)} == {"true"}
    elif form == "geojson":
        assert json.loads(file.body)["about"]["made_up"] is True
    else:
        assert gpd.read_parquet(io.BytesIO(file.body))["made_up"].all()


def test_real_cases_do_not_say_made_up(reading):
    file = exports.build({})
    assert "made-up" not in file.name
    assert "made_up" not in rows_of(file)[0]


@pytest.mark.parametrize("form", ["exe", "", "CSV"])
def test_a_format_there_is_not_is_refused_in_words(reading, form):
    with pytest.raises(ValueError, match="there are csv, geojson, parquet"):
        exports.build({"format": form})


@pytest.mark.parametrize("form", ["csv", "geojson", "parquet"])
def test_an_empty_view_gives_an_empty_file(reading, form):
    view = View(selection=Selection(streets=frozenset(["无此街"])))
    assert exports.build(query(view, format=form)).body
