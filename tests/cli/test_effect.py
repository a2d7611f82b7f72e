"""``effect``: the same answer in words and as JSON, and plain refusals."""

from __future__ import annotations

import shutil

import pytest

ONE = ("--action", "zifu_road")


def test_every_action_is_answered_in_the_order_of_the_file(guatu, demo_city):
    answer = guatu("effect", demo_city, "--json")
    assert answer.code == 0
    told = answer.json()
    codes = [one["action"] for one in told["effects"]]
    assert codes[:3] == ["strict_streets", "night_market", "road_markets"]
    assert len(codes) == 10
    assert told["version"] == 0
    for one in told["effects"]:
        assert (one["treated"]["ratio"] is None) == (one["outcome"] == "cannot_tell")
        assert (one["undecided"] is None) == (one["outcome"] != "cannot_tell")
        assert one["sentences"][0]
        assert one["before"]["until"] < one["after"]["from"]


def test_words_and_json_say_the_same(guatu, demo_city):
    (told,) = guatu("effect", demo_city, *ONE, "--json").json()["effects"]
    words = guatu("effect", demo_city, *ONE)
    assert words.code == 0
    assert words.out.startswith("【")
    for sentence in told["sentences"]:
        assert sentence in words.out


def test_one_action_alone_has_no_correction_for_many(guatu, demo_city):
    (told,) = guatu("effect", demo_city, *ONE, "--json").json()["effects"]
    assert told["treated"]["q"] is None
    assert told["treated"]["together"] == 1


def test_days_and_streets_can_be_chosen(guatu, demo_city):
    answer = guatu(
        "effect", demo_city, "--street", "紫府路", "--category", "stall,out_of_shop",
        "--before", "2026-07", "--after", "phase:tackle", "--language", "en", "--json",
    )  # fmt: skip
    (told,) = answer.json()["effects"]
    assert told["action"] is None
    assert told["streets"] == ["紫府路"]
    assert told["categories"] == ["out_of_shop", "stall"]
    assert (told["before"]["from"], told["before"]["until"]) == ("2026-07-01", "2026-07-31")
    assert told["after"]["days"] == 56
    assert told["sentences"][0].startswith("紫府路:")


def test_streets_alone_are_compared_between_the_first_two_phases(guatu, demo_city):
    (told,) = guatu("effect", demo_city, "--street", "紫府路", "--json").json()["effects"]
    assert (told["before"]["from"], told["after"]["until"]) == ("2026-08-31", "2026-11-15")


def test_a_stretch_that_overlaps_is_answered_in_words(guatu, demo_city):
    answer = guatu(
        "effect", demo_city, *ONE, "--before", "2026-09", "--after", "2026-09-21..2026-10-31"
    )
    assert answer.code == 0
    assert answer.out.startswith("【无法判断】")
    assert "重叠" in answer.out


@pytest.mark.parametrize(
    ("options", "told"),
    [(["--action", "moon"], "zifu_road"), (["--street", "无此街"], "嘉南路"),
     (["--before", "soon"], "2026-W47"), (["--before", "phase:moon"], "phase:tackle"),
     (["--street", "紫府路", "--category", "moon"], "stall"),
     (["--street", "紫府路", "--before", "2026-07"], "--after")],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_a_remedy(guatu, demo_city, options, told):
    assert told in guatu("effect", demo_city, *options).refused()


@pytest.mark.parametrize(
    "options", [["--action", "zifu_road", "--street", "紫府路"], ["--category", "stall"]]
)
def test_options_that_contradict_end_with_2(guatu, demo_city, options):
    assert guatu("effect", demo_city, *options).code == 2


def test_a_city_without_actions_asks_for_streets(guatu, demo_city, tmp_path):
    folder = tmp_path / "city"
    shutil.copytree(demo_city, folder)
    path = folder / "city.toml"
    before, _, rest = path.read_text("utf-8").partition("\nactions = [")
    path.write_text(before + rest.partition("\n]\n")[2], encoding="utf-8")
    assert "--street" in guatu("effect", folder).refused()
    assert guatu("effect", folder, "--street", "紫府路").code == 0
