"""Facts kept on disk are those that would be made again, or they are not used."""

from __future__ import annotations

import shutil

import pytest

from geodata.city import load_city
from geodata.first_run import make_demo
from geodata.store import facts_cache
from geodata.store.facts import load_facts


@pytest.fixture
def city(tmp_path, small_city, monkeypatch):
    """A copy of the made-up city whose facts are worth keeping."""
    monkeypatch.setattr(facts_cache, "LEAST", 1)
    folder = tmp_path / "城"
    shutil.copytree(small_city.folder, folder)
    return load_city(folder)


def kept(city):
    return sorted((city.folder / "cache").glob("facts-*"))


def test_kept_facts_equal_those_made(city):
    made, again = load_facts(city), load_facts(city)
    assert len(kept(city)) == 1
    assert again.frame.equals(made.frame)
    assert again.frame.schema == made.frame.schema
    assert again.as_of == made.as_of
    assert again.areas.codes() == made.areas.codes()
    assert all(again.frame[name].n_chunks() == 1 for name in again.frame.columns)


def test_the_second_time_nothing_is_made(city, monkeypatch):
    load_facts(city)
    monkeypatch.setattr("geodata.store.facts._made", None)
    assert len(load_facts(city)) == len(load_facts(city))


def test_another_configuration_has_facts_of_its_own(city):
    load_facts(city)
    toml = city.folder / "city.toml"
    toml.write_text(toml.read_text("utf-8").replace('name = "', 'name = "新', 1), "utf-8")
    load_facts(load_city(city.folder))
    assert len(kept(city)) == 2


def test_a_lake_made_anew_is_not_mistaken_for_the_old_one(city, tmp_path):
    before = load_facts(city)
    make_demo(tmp_path / "other", cases=700, seed=5)
    shutil.rmtree(city.lake)
    shutil.copytree(tmp_path / "other" / "lake", city.lake)
    after = load_facts(city)
    assert after.version == before.version
    assert len(after) == 700


def test_a_broken_file_is_made_again(city):
    frame = load_facts(city).frame
    (path,) = kept(city)
    path.write_bytes(path.read_bytes()[:400])
    assert load_facts(city).frame.equals(frame)


def test_a_folder_that_cannot_be_written_is_no_error(city):
    (city.folder / "cache").write_text("in the way")
    assert len(load_facts(city)) > 0


def test_only_the_newest_are_kept(city):
    toml = city.folder / "city.toml"
    text = toml.read_text("utf-8")
    for turn in range(facts_cache.MOST_KEPT + 2):
        toml.write_text(f"{text}\n# {turn}\n", "utf-8")
        load_facts(load_city(city.folder))
    assert len(kept(city)) == facts_cache.MOST_KEPT


def test_small_cities_keep_nothing(small_city):
    load_facts(small_city)
    assert not (small_city.folder / "cache").exists()
