from __future__ import annotations

import pytest

from dashboard import access
from geodata.ingest.place import place
from geodata.pipeline import load_ground
from geodata.store.lake import Lake
from tests import small_city

ACTION = """
[[actions]]
code = "night"
name = "夜市"
name_en = "Night markets"
categories = ["stall"]
streets = ["2横街"]

[[actions]]
code = "all_over"
name = "清洁"
categories = ["dumping"]
"""
TOML = small_city.TOML.replace("\n[streets]", f"{ACTION}\n[streets]", 1)
CYCLES = {
    "category": ["stall", "out_of_shop", "dumping", None],
    "office": ["c1", "c2", "d2", None],
    "channel": ["12345", "patrol"],
    "description": ["=1+1", "@SUM(1)", "<b>粗</b>", "平常"],
}


def take_in(city, cases, source="made.csv"):
    """Place canonical cases and commit them to the lake of a city."""
    placed = place(cases, load_ground(city))
    return Lake(city.lake).upsert(placed, source=source)


def many(n=400, seed=0):
    """Cases all over the small city, every code in turn."""
    return small_city.scattered(
        n,
        seed,
        **{name: [codes[i % len(codes)] for i in range(n)] for name, codes in CYCLES.items()},
    )


@pytest.fixture
def make_served(tmp_path, monkeypatch):
    """Serve a small city of its own to one test."""

    def make(toml=TOML, cases=None, **layers):
        city = small_city.make(tmp_path / "city", toml, **layers)
        if cases is not None and len(cases):
            take_in(city, cases)
        monkeypatch.setenv(access.CITY_VARIABLE, str(city.folder))
        return city

    return make


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A small city with 400 cases, shared by the tests of a module, which only read it."""
    made = small_city.make(tmp_path_factory.mktemp("read") / "city", TOML)
    take_in(made, many())
    return made


@pytest.fixture
def reading(city, monkeypatch):
    """The shared small city as the pages read it."""
    monkeypatch.setenv(access.CITY_VARIABLE, str(city.folder))
    return access.reading()
