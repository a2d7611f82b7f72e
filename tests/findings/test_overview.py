"""The overview against slow, readable counts of the same cases."""

from __future__ import annotations

import itertools
import json
import re
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from geodata.analysis.answers import Value, Withheld
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.summing_up.compared import (
    compared,
    steps_before,
    total_dispersion,
    verdict_of,
)
from geodata.findings.summing_up.late import RANKED_DAYS
from geodata.findings.summing_up.overview import TOP, overview
from geodata.findings.summing_up.overview_sentences import SUMMARY, sentences
from geodata.wording import LANGUAGES, Words
from tests import small_city
from tests.findings import gathered

PERIOD = "2026-W46"
FIRST, LAST = date(2026, 11, 9), date(2026, 11, 15)


@pytest.fixture(scope="module")
def source(small_city):
    return Source.of(small_city.folder)


@pytest.fixture(scope="module")
def found(source):
    return overview(source, PERIOD)


@pytest.fixture(scope="module")
def rows(source):
    """Every case as a dict, in city time."""
    zone = source.city.timezone
    cases = source.cases().with_columns(
        pl.col("reported_at", "closed_at", "due_at").dt.convert_time_zone(zone)
    )
    return cases.to_dicts()


def reported(rows, first, last):
    return [row for row in rows if first <= row["reported_at"].date() <= last]


def test_reported_is_what_was_reported(found, rows):
    line = found.headline("reported")
    assert line.now.value == len(reported(rows, FIRST, LAST))
    week = timedelta(days=7)
    assert line.before.value == len(reported(rows, FIRST - week, LAST - week))
    assert line.shift.difference == line.now.value - line.before.value
    assert line.shift.verdict == "none"


def test_on_time_rate_has_the_overdue_and_open_in_its_denominator(found, rows, source):
    end = source.midnight(LAST + timedelta(days=1))
    due = [row for row in rows if row["due_at"] and source.midnight(FIRST) <= row["due_at"] < end]
    on_time = [
        row
        for row in due
        if row["closed_at"] and row["closed_at"] <= row["due_at"] and row["closed_at"] < end
    ]
    answer = found.headline("on_time_rate").now
    assert (answer.numerator, answer.denominator) == (len(on_time), len(due))
    assert answer.lower < answer.value < answer.upper


def test_overdue_is_as_it_stood_when_the_period_ended(found, rows, source):
    end = source.midnight(LAST + timedelta(days=1))
    late = [
        row
        for row in rows
        if row["due_at"]
        and row["due_at"] < end
        and row["reported_at"] < end
        and (row["closed_at"] is None or row["closed_at"] >= end)
    ]
    assert found.headline("overdue_stock").now.value == len(late)
    oldest = sorted(late, key=lambda row: (row["due_at"], row["case_id"]))
    assert found.late.overdue["case_id"].to_list() == [row["case_id"] for row in oldest]
    exact = (end - oldest[0]["due_at"]) / timedelta(days=1)
    assert found.late.overdue["late_days"][0] == pytest.approx(exact)


def test_rebound_counts_windows_that_ended_in_the_period(found, rows):
    days = found.rule.within_days
    by_place = {}
    for row in rows:
        if row["segment"] is not None and row["category"] != "unmapped" and not row["pile"]:
            by_place.setdefault((row["segment"], row["category"]), []).append(row)
    watched = [
        row
        for cases in by_place.values()
        for row in cases
        if row["closed_at"]
        and row["closed_at"].date() >= row["reported_at"].date()
        and FIRST <= row["closed_at"].date() + timedelta(days=days) <= LAST
    ]
    answer = found.headline("rebound_rate").now
    assert answer.denominator == len(watched)
    assert 0 <= answer.numerator <= len(watched)


def test_streets_add_up_to_the_reports_on_named_streets(found, rows):
    week = reported(rows, FIRST, LAST)
    named = [row["street"] for row in week if row["street"]]
    streets = found.places.streets
    assert streets["cases"].sum() == len(named)
    for row in streets.head(5).iter_rows(named=True):
        assert row["cases"] == named.count(row["street"])
    assert found.places.cells["cases"].sum() == len(week)


def test_more_and_fewer_are_sorted_by_the_change(found):
    up, down = found.more(5)["difference"].to_list(), found.fewer(5)["difference"].to_list()
    assert up == sorted(up, reverse=True)
    assert down == sorted(down)
    assert min(up) > 0 > max(down)


def test_callouts_are_at_most_the_largest_map_shows(found):
    assert 0 < len(found.callouts) <= TOP
    assert found.callouts["cell"].is_unique().all()


def test_the_period_in_progress_is_compared_with_as_many_days(source):
    found = overview(source, "2026-11")
    assert found.compared.days == 22
    assert found.compared.before.until_on == date(2026, 10, 22)


def test_periods_of_different_length_are_compared_by_day(source):
    found = overview(source, "phase:tackle")
    shift = found.headline("reported").shift
    assert shift.per_day
    now, before = found.headline("reported").now.value, found.headline("reported").before.value
    assert shift.difference == pytest.approx(now / 56 - before / 21)


def test_offices_are_ranked_on_four_weeks_at_least(found):
    assert (found.offices_scope.end_at - found.offices_scope.from_at).days == RANKED_DAYS


def test_a_filter_restricts_everything(source, rows):
    found = overview(source, PERIOD, Selection(offices=frozenset({"sanitation"})))
    mine = [row for row in reported(rows, FIRST, LAST) if row["office"] == "sanitation"]
    assert found.headline("reported").now.value == len(mine)
    assert set(found.late.overdue["office"]) <= {"sanitation"}
    assert found.places.cells["cases"].sum() == len(mine)


@pytest.mark.parametrize("period", ["2031-01", "2019-W05"])
def test_outside_the_data_nothing_is_a_number(source, period):
    found = overview(source, period)
    for line in found.headlines:
        assert isinstance(line.now, Withheld), line
        assert line.shift.difference is None
    for language in LANGUAGES:
        (sentence,) = sentences(found, Words(language))
        assert sentence.tone == "doubt"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("period", [PERIOD, "2026-11-21", "phase:mobilise", "2026-Q3"])
def test_every_number_of_the_first_sentence_is_the_headlines(source, period, language):
    found, say = overview(source, period), Words(language)
    said = sentences(found, say)
    assert len(said) >= SUMMARY
    assert f"{found.headline('reported').now.value:,.0f}" in said[0].text
    rate = found.headline("on_time_rate").now
    if isinstance(rate, Value):
        assert f"{100 * rate.value:.1f}%" in said[0].text
    for one in said:
        assert not one.text.startswith(("；", ";", " "))
        assert not re.search(r"\b(None|nan|inf)\b", one.text)


def test_earlier_steps_do_not_overlap_and_stay_in_the_record(source):
    both = compared(source, overview(source, PERIOD).compared.period)
    spans = steps_before(both)
    assert len(spans) == 8
    for (begin, end), (_, before) in itertools.pairwise(spans):
        assert (end - begin).days == 6
        assert before == begin - timedelta(days=1)
    assert spans[-1][0] >= source.facts.first_day


@pytest.mark.parametrize(
    ("difference", "beyond", "good", "verdict"),
    [
        (0.1, True, "up", "better"),
        (-0.1, True, "up", "worse"),
        (0.1, False, "up", "same"),
        (0.1, None, "up", "none"),
        (5.0, True, None, "none"),
        (0.0, True, "down", "same"),
        (None, None, "down", "none"),
    ],
)
def test_a_verdict_needs_a_direction_and_a_test(difference, beyond, good, verdict):
    assert verdict_of(difference, beyond=beyond, good=good) == verdict


def test_planted_hot_streets_are_among_the_places(source, small_city):
    truth = json.loads((small_city.folder / "truth.json").read_text(encoding="utf-8"))
    found = overview(source, "2026-Q4")
    planted = {street for one in truth["hotspots"] for street in one.get("streets", [])}
    top = set(found.places.streets.head(15)["street"])
    assert len(planted & top) >= 3


def market_town(folder, toml):
    """Four times as much on days 2, 5, 8, and 40 % less in the week of 2 to 8 November."""
    rows = []
    for nth in range(69):
        day = (gathered.START + timedelta(days=nth)).date()
        n = (40 if day.day % 10 in (2, 5, 8) else 10) * (0.6 if day >= date(2026, 11, 2) else 1)
        spread = np.linspace(0, 0.9, int(n)) * small_city.SIDE * small_city.STEP
        rows += [gathered.report(small_city.WEST + x, small_city.SOUTH, nth) for x in spread]
    return Source.of(gathered.made(folder, rows, toml))


def test_a_fall_behind_more_market_days_is_seen_once_they_are_taken_out(tmp_path):
    """One market day in the week of 26 October, three in the next: 100 reports, then 96."""
    market = small_city.TOML.replace("[calendar]", "[calendar]\nmarket_days = [2, 5, 8]")
    told, untold = (
        overview(market_town(tmp_path / name, toml), "2026-W45")
        for name, toml in (("told", market), ("untold", small_city.TOML))
    )
    for found in (told, untold):
        head = found.headline("reported")
        assert (head.before.value, head.now.value, head.shift.difference) == (100, 96, -4)
    assert told.compared.effects.factor("market") == pytest.approx(4, rel=0.1)
    then, now = told.compared.lengths
    assert now / then == pytest.approx(1.6, rel=0.05)
    assert total_dispersion(told.compared) < total_dispersion(untold.compared)
    assert told.headline("reported").shift.beyond
    assert not untold.headline("reported").shift.beyond
