from __future__ import annotations

import polars as pl
import pytest

from geodata.city import City
from geodata.ingest.place import place
from geodata.pipeline import load_ground
from tests import small_city


@pytest.fixture(scope="session")
def city(tmp_path_factory) -> City:
    return small_city.make(tmp_path_factory.mktemp("small") / "city")


@pytest.fixture(scope="session")
def placed(city):
    """Place canonical cases on the small city."""
    ground = load_ground(city)

    def on_ground(cases: pl.DataFrame) -> pl.DataFrame:
        return place(cases, ground)

    return on_ground
