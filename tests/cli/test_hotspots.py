"""``hotspots`` and ``emerging``: in words by default, everything as JSON, refusals in words."""

from __future__ import annotations

import pytest

from geodata.analysis.emerging_classes import CLASS_NAMES
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.gathering.emerging import find_emerging
from geodata.findings.gathering.hotspots import find_hot_spots

FIELDS = {"cell", "z", "p", "q", "bin", "spot", "class", "cases", "near_cases", "expected",
          "badge", "cluster", "shrunk", "place", "reasons", "doubt"}  # fmt: skip


@pytest.fixture(scope="module")
def source(demo_city):
    return Source.of(demo_city)


def test_the_json_holds_every_cell_of_the_finding(guatu, demo_city, source):
    told = guatu(
        "hotspots", demo_city, "--family", "occupancy", "--resolution", 10, "--json"
    ).json()
    found = find_hot_spots(source, Selection(families=frozenset(["occupancy"])), resolution=10)
    assert [one["cell"] for one in told["cells"]] == [f"{c:x}" for c in found.cells["cell"]]
    assert [one["z"] for one in told["cells"]] == pytest.approx(found.cells["z"].to_list())
    assert [one["bin"] for one in told["cells"]] == found.cells["bin"].to_list()
    assert told["cells"][0].keys() >= FIELDS
    about = told["about"]
    assert (about["n"], about["resolution"], about["resolution_by"]) == (found.spots.n, 10, "user")
    assert about["version"] == source.version
    assert about["formula"]["code"] == "gi_star"
    assert about["parameters"]["alpha"] == 0.05
    assert about["period"]["from_at"].startswith(source.facts.first_day.isoformat())
    left_out = about["left_out"]
    assert about["cases"] + sum(left_out.values()) == sum(
        source.facts.frame["category"].cast(str).replace_strict(source.facts.family_of)
        == "occupancy"
    )


def test_hot_and_cold_cells_have_reasons_and_a_doubt_and_others_none(guatu, demo_city):
    told = guatu("hotspots", demo_city, "--json").json()
    assert told["hot"] > 0
    for one in told["cells"]:
        assert bool(one["reasons"]) == bool(one["spot"]) == bool(one["doubt"])
    hot = next(one for one in told["cells"] if one["spot"] > 0)
    assert {"more", "chance", "share"} <= {reason["code"] for reason in hot["reasons"]}
    assert all(reason["text"] for reason in hot["reasons"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_name_streets_and_at_most_ten_places(guatu, demo_city, source, language):
    said = guatu("hotspots", demo_city, "--language", language)
    assert said.code == 0
    found = find_hot_spots(source)
    numbered = [line for line in said.out.splitlines() if line[:1].isdigit() and ". " in line[:4]]
    assert len(numbered) == min(10, len(found.places))
    streets = set(source.facts.segments["street"])
    assert any(street and street in numbered[0] for street in streets)
    assert f"v{source.version}" in said.out.splitlines()[0]


def test_per_km_says_so(guatu, demo_city):
    assert "每公里" in guatu("hotspots", demo_city, "--per-km").out
    about = guatu("hotspots", demo_city, "--per-km", "--json").json()["about"]
    assert about["parameters"]["per_km"] is True
    assert about["parameters"]["rate_per_km"] > 0


def test_emerging_json_holds_all_seventeen_and_every_cell(guatu, demo_city, source):
    told = guatu("emerging", demo_city, "--json").json()
    found = find_emerging(source)
    assert list(told["classes"]) == list(CLASS_NAMES)
    assert sum(told["classes"].values()) == len(told["cells"]) == told["about"]["n"]
    assert told["about"]["weeks"] == [day.isoformat() for day in found.weeks]
    assert told["cells"][0]["weeks"] == found.cube[0].tolist()
    assert len(told["cells"][0]["z"]) == told["about"]["steps"]
    assert told["about"]["parameters"]["trend_of"] == "z"


def test_emerging_words_say_what_the_trend_cannot_tell(guatu, demo_city):
    said = guatu("emerging", demo_city, "--resolution", 9)
    assert said.code == 0
    assert "12%–14%" in said.out
    short = guatu("emerging", demo_city, "--phase", "mobilise", "--language", "zh")
    assert short.code == 0
    assert "3 个整周" in short.out


def test_what_is_asked_wrongly_is_refused_in_words(guatu, demo_city):
    assert (
        "the city has no 'nowhere'" in guatu("hotspots", demo_city, "--phase", "nowhere").refused()
    )
    assert guatu("hotspots", demo_city, "--resolution", 11).code == 2
    assert guatu("emerging", demo_city, "--weeks", 3).code == 2
    assert "city folder" in guatu("hotspots", demo_city / "nowhere").refused()
