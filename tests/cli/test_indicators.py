"""``indicators`` and ``ranking``: words and JSON of the same numbers, refusals in words."""

from __future__ import annotations

import pytest

from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.judging.indicators import indicator_set
from geodata.findings.judging.offices import standings


def test_the_record_holds_the_numbers_of_the_finding(guatu, demo_city):
    told = guatu("indicators", demo_city, "--phase", "tackle", "--by", "office", "--json").json()
    source = Source.of(demo_city)
    found = indicator_set(source, Selection(phases=frozenset({"tackle"})), by="office")
    by_code = {one["formula"]: one for one in told["indicators"]}
    assert told["about"]["before"] == "phase:mobilise"
    assert told["about"]["version"] == 0
    for code in ("reported", "due", "on_time_rate"):
        assert by_code[code]["value"] == found.answer(code).value
    assert by_code["dispatch_accuracy"]["undecided"] == "not_recorded"
    assert by_code["on_time_rate"]["change"]["kind"] == "points"
    rates = [one for one in told["groups"] if one["formula"] == "on_time_rate"]
    assert {one["code"] for one in rates} >= {"sanitation", "unassigned"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_say_values_and_why_there_is_none(guatu, demo_city, language):
    answer = guatu("indicators", demo_city, "--period", "2026-W46", "--language", language)
    assert answer.code == 0
    assert {"zh": "按期结案率", "en": "On-time rate"}[language] in answer.out
    assert {"zh": "案卷没有记录", "en": "do not record"}[language] in answer.out
    for word in ("nan", "None", "inf ", "{"):
        assert word not in answer.out


def test_without_patrols_is_said_and_counted(guatu, demo_city):
    every = guatu("indicators", demo_city, "--json").json()
    other = guatu("indicators", demo_city, "--without-patrol", "--json").json()
    assert other["indicators"][0]["value"] < every["indicators"][0]["value"]
    assert "patrol" in other["about"]["without_channels"]
    assert "已剔除巡查" in guatu("indicators", demo_city, "--without-patrol").out


def test_the_ranking_is_that_of_the_finding(guatu, demo_city):
    told = guatu("ranking", demo_city, "--json").json()
    table = standings(Source.of(demo_city)).ranking.table
    assert [one["unit"] for one in told["units"]] == table["unit"].to_list()
    assert told["about"]["rule"]["least_n"] == 30
    few = [one for one in told["units"] if one["undecided"] == "too_few_cases"]
    assert all(one["rank"] is None for one in few)


@pytest.mark.parametrize("by", ["office", "area", "top_area", "street"])
def test_every_unit_is_ranked_in_words(guatu, demo_city, by):
    answer = guatu("ranking", demo_city, "--by", by, "--language", "en")
    assert answer.code == 0
    assert "Possible" in answer.out
    assert "nan" not in answer.out


def test_no_ranking_is_a_sentence(guatu, demo_city):
    answer = guatu("ranking", demo_city, "--period", "2031-W02")
    assert answer.code == 0
    assert "尚无数据" in answer.out
    assert (
        guatu("ranking", demo_city, "--period", "2031-W02", "--json").json()["undecided"]
        == "not_yet"
    )


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (("--period", "2026-13"), "no period"),
        (("--period", "phase:none"), "phase:tackle"),
        (("--period", "2026-11", "--phase", "tackle"), "give one"),
        (("--office", "nobody"), "Choose from"),
    ],
)
def test_what_cannot_be_read_is_refused_plainly(guatu, demo_city, line, word):
    assert word in guatu("indicators", demo_city, *line).refused()
    assert word in guatu("ranking", demo_city, *line).refused()


def test_a_measure_of_streets_is_for_streets(guatu, demo_city):
    assert guatu("ranking", demo_city, "--measure", "cases_per_km").code == 2
    done = guatu("ranking", demo_city, "--measure", "cases_per_km", "--by", "street")
    assert done.code == 0
