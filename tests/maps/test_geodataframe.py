"""Counts with their shapes, for work in geopandas."""

from __future__ import annotations

import h3
import pytest

from geodata.domain.selection import Selection
from geodata.errors import GeodataError
from geodata.store.layers import STREETS, read_layer
from geodata.tables import as_geodataframe, count_table


def test_cells_have_the_outline_h3_gives_them(small_city):
    table = count_table(small_city, Selection(), "cell", resolution=9)
    cells = as_geodataframe(small_city, table, "cell")
    assert cells.crs.to_epsg() == 4326
    assert cells["cell"].tolist() == table["cell"].to_list()
    assert cells["cases"].sum() == 1_500
    for name, shape in zip(cells["cell"], cells.geometry, strict=True):
        corners = {(round(lon, 9), round(lat, 9)) for lat, lon in h3.cell_to_boundary(name)}
        assert {(round(x, 9), round(y, 9)) for x, y in shape.exterior.coords} == corners


def test_segments_keep_their_order_and_the_unassigned_have_no_shape(small_city):
    table = count_table(small_city, Selection(), "segment")
    segments = as_geodataframe(small_city, table, "segment")
    assert segments["cases"].tolist() == table["cases"].to_list()
    assert segments.geometry.iloc[-1] is None
    layer = read_layer(small_city.layers, STREETS)
    assert segments["segment"].iloc[:-1].tolist() == layer["segment"].tolist()
    assert segments.geometry.iloc[:-1].geom_equals(layer.geometry).all()


def test_no_case_gives_no_row(small_city):
    nothing = Selection(phases=frozenset())
    table = count_table(small_city, nothing, "cell")
    assert as_geodataframe(small_city, table, "cell").empty


def test_counts_without_a_place_are_refused(small_city):
    table = count_table(small_city, Selection(), "office")
    with pytest.raises(GeodataError, match="no shape on the map"):
        as_geodataframe(small_city, table, "office")
