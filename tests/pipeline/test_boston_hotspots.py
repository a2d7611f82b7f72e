"""The real city with a default geocode of 4,775 cases: no hot spot is made of it."""

from __future__ import annotations

from datetime import UTC, datetime

import h3
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access
from geodata.findings import Source
from geodata.findings.gathering.emerging import find_emerging
from geodata.findings.gathering.explain import explain
from geodata.findings.gathering.hotspots import find_hot_spots
from geodata.founding import LayerFiles, new_city
from geodata.pipeline import ingest
from geodata.spatial.cells import to_text

PILE = (42.3594, -71.0587)
PILED = 4_775


@pytest.fixture(scope="module")
def source(shared, tmp_path_factory):
    files = shared / "data" / "boston"
    folder = tmp_path_factory.mktemp("boston") / "city"
    streets = LayerFiles(streets=[files / "streets_boston.geojson"])
    city = new_city(folder, streets, profile="boston311").city
    ingest(city, files / "311_service_requests_2011.zip", now=datetime(2026, 11, 21, tzinfo=UTC))
    return Source.of(folder)


@pytest.mark.parametrize("resolution", [9, 10])
def test_the_pile_is_not_the_top_hot_spot(source, resolution):
    """It lies downtown, where there are other cases: the cell may be hot for those alone."""
    found = find_hot_spots(source, resolution=resolution)
    assert found.placed.piled_cases == PILED
    assert found.spots.cases + found.placed.outside + PILED == len(source.facts)
    pile = h3.latlng_to_cell(*PILE, resolution)
    own = found.spots.cells.row(found.ground.position(int(pile, 16)), named=True)
    assert own["cases"] < 500
    top = to_text(found.places["cell"])[0]
    assert h3.grid_distance(top, pile) > 1
    rows = explain(source, found, found.places["at"][0]).numbers
    assert rows["near_cases"] < PILED / 2


def test_the_weeks_leave_it_out_too(source):
    found = find_emerging(source)
    assert found.piled_cases > 1_000
    assert found.classes.undecided is None
    pile = found.ground.position(int(h3.latlng_to_cell(*PILE, found.ground.resolution), 16))
    assert found.cube[pile].sum() < 500


@pytest.mark.parametrize("query", [{}, {"o.hot_show": "weeks"}, {"o.hot_by": "km"}], ids=str)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_opens(source, root, monkeypatch, query, lang):
    monkeypatch.setenv(access.CITY_VARIABLE, str(source.city.folder))
    tested = AppTest.from_function(_page, args=(lang,), default_timeout=60)
    for key, value in query.items():
        tested.query_params[key] = value
    assert not tested.run().exception


def _page(language):
    from dashboard import access, state  # noqa: PLC0415 - runs as a script of its own
    from dashboard.text import Speaker  # noqa: PLC0415
    from dashboard.views import hotspots  # noqa: PLC0415

    boot = {"url": "", "lang": language}
    hotspots.render(access.reading(), state.Screen(Speaker(language), boot))
