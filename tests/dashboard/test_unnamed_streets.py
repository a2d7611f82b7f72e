"""A segment without a name is told by the named streets around it, never by a made-up name."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard import picked
from dashboard.access import Reading
from dashboard.components import case_card
from dashboard.filters import Picked, View
from dashboard.text import Speaker
from geodata.findings import Source
from geodata.findings.gathering.streets_around import streets_around
from tests import small_city
from tests.findings import gathered


def reading_with(folder, unnamed):
    """The small city, without the names of these streets; reports along all of them."""
    streets = small_city.streets()
    streets["name"] = streets["name"].where(~streets["name"].isin(unnamed), None)
    rows = gathered.background(np.random.default_rng(3), 400, 20)
    source = Source.of(gathered.made(folder, rows, small_city.TOML, streets=streets))
    return Reading(city=source.city, facts=source.facts, read_at=source.facts.as_of)


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    return reading_with(tmp_path_factory.mktemp("one"), ["1横街"])


def unnamed_rows(reading):
    return np.flatnonzero((reading.facts.segments["street"] == "").to_numpy()).tolist()


def test_a_block_without_a_name_lies_between_the_streets_at_its_ends(reading):
    rows = unnamed_rows(reading)
    met = [streets_around(reading.source, row).met for row in rows]
    assert len(rows) >= small_city.SIDE
    assert all(set(names) <= {f"{i}纵街" for i in range(small_city.SIDE + 1)} for names in met)
    pairs = {tuple(sorted(names)) for names in met if len(names) == 2}
    assert pairs <= {(f"{i}纵街", f"{i + 1}纵街") for i in range(small_city.SIDE)}
    assert pairs


def test_where_nothing_has_a_name_nothing_is_said(tmp_path):
    every = [f"{i}{way}街" for i in range(small_city.SIDE + 1) for way in "横纵"]
    bare = reading_with(tmp_path, every)
    around = streets_around(bare.source, 0)
    assert (around.met, around.near) == ((), "")
    place = picked.find(bare, View(picked=Picked(segment=0)))
    said = case_card.card(bare, View(), place, Speaker("zh"), most_cases=5)
    assert said["title"] == "无名道路"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_card_of_a_segment_holds_its_cases_alone(reading, language):
    say = Speaker(language)
    segment = reading.facts.frame["segment"].to_numpy()
    for row in unnamed_rows(reading):
        view = View(picked=Picked(segment=row))
        place = picked.find(reading, view)
        said = case_card.card(reading, view, place, say, most_cases=5)
        assert said["total"] == int((segment == row).sum())
        length = reading.facts.segments["length_m"][row]
        assert say("panel.length_m", n=say.number(round(length))) in {
            chip["text"] for chip in said["chips"]
        }
        for name in streets_around(reading.source, row).met:
            assert name in said["title"]
        assert said["title"].startswith(say("street.unnamed"))


def test_a_named_segment_or_none_is_no_place(reading):
    named = next(i for i, name in enumerate(reading.facts.segments["street"]) if name)
    for row in (named, len(reading.facts.segments), 999_999_999):
        assert picked.find(reading, View(picked=Picked(segment=row))) is None
