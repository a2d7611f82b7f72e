"""Offices and streets ranked by what comes back: counts by hand, and chance beside them."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from geodata.analysis.answers import Withheld
from geodata.analysis.ranking import RankRule, rank_shares
from geodata.domain.period import parse_period
from geodata.findings import Source
from geodata.findings.judging import offices
from geodata.findings.judging.indicator_sentences import excess_words, rule_words
from geodata.findings.judging.offices import standings
from geodata.findings.judging.unit_counts import REBOUND
from geodata.findings.rebounds.rebound import rebounds_by
from geodata.wording import LANGUAGES, Words
from tests import small_city
from tests.dashboard.conftest import take_in

NOVEMBER = parse_period("2026-11-01..2026-11-22")


@pytest.fixture(scope="module")
def source(small_city):
    return Source.of(small_city.folder)


@pytest.mark.parametrize("by", ["office", "street", "area"])
def test_over_the_whole_record_the_counts_are_those_of_the_rebound_page(source, by):
    counts = standings(source, by=by, measure=REBOUND, last=0).counts
    table = rebounds_by(source, by)
    followed = dict(table.select("unit", "followed").iter_rows())
    back = dict(table.select("unit", "rebounds").iter_rows())
    ranked = {unit: n for unit, n in counts.select("unit", "denominator").iter_rows() if n}
    assert ranked == {unit: n for unit, n in followed.items() if n and unit in ranked}
    assert sum(ranked.values()) > 100
    for unit, n in counts.select("unit", "numerator").iter_rows():
        assert n == back[unit]


def test_a_close_out_counts_when_its_window_ends(source):
    """By hand: closed 30 days before a day of the period, at a place and of a known kind."""
    counts = standings(source, by="office", measure=REBOUND, period=NOVEMBER, last=0).counts
    frame = source.facts.frame.filter(
        source.facts.frame["closed_on"].is_between(date(2026, 10, 2), date(2026, 10, 23))
    )
    held = Counter(
        row["office"]
        for row in frame.iter_rows(named=True)
        if row["segment"] >= 0
        and row["category"] != "unmapped"
        and not row["pile"]
        and row["closed_on"] >= row["reported_on"]
    )
    assert dict(counts.select("unit", "denominator").iter_rows()) == held


KINDS = ("stall", "out_of_shop", "dumping")


def planted(folder):
    """Two cases at each place and of each kind: c1's a week apart, the others' a hundred days."""
    begin = datetime(2026, 6, 1, 3, tzinfo=UTC)
    rows = []
    for line, office in enumerate(("c1", "c2", "d1", "d2")):
        for block, kind in itertools.product(range(small_city.SIDE), KINDS):
            where = {
                "lon": small_city.WEST + (block + 0.5) * small_city.STEP,
                "lat": small_city.SOUTH + line * small_city.STEP,
                "office": office,
                "category": kind,
            }
            later = begin + timedelta(days=7 if office == "c1" else 100)
            rows += [
                where | {"reported_at": at, "closed_at": at + timedelta(days=2)}
                for at in (begin, later)
            ]
    city = small_city.make(folder / "city")
    last = {"reported_at": begin + timedelta(days=200)}
    take_in(
        city, small_city.cases([{"case_id": f"n{i}"} | row for i, row in enumerate([*rows, last])])
    )
    return Source.of(city.folder)


def test_the_office_whose_cases_come_back_is_last_and_beyond_chance(tmp_path):
    rule = RankRule(least_n=20)
    found = standings(planted(tmp_path), by="office", measure=REBOUND, last=0, rule=rule)
    table = found.ranking.table
    assert table.drop_nulls("rank")["unit"].to_list()[-1] == "c1"
    worse = table.filter("worse_than_whole")["unit"].to_list()
    assert worse == ["c1"]
    one = found.excess.filter(unit="c1").row(0, named=True)
    assert one["excess_low"] > 1
    for language in LANGUAGES:
        say = Words(language)
        assert excess_words(found, "c1", say)
        assert any("30" in text for text in rule_words(found, say))


def test_a_high_rate_that_is_only_business_is_not_called_worse(source):
    found = standings(source, by="street", measure=REBOUND, last=0)
    table = found.ranking.table.join(found.excess, on="unit")
    red = table.filter("worse_than_whole")
    assert (red["excess_low"] > 1).all()


def test_clustered_cases_are_worth_less():
    rows = {"unit": ["a", "b"], "numerator": [60, 30], "denominator": [100, 100]}
    plain = rank_shares(pl.DataFrame(rows), unit="unit", formula=REBOUND, better="low")
    fewer = rank_shares(
        pl.DataFrame(rows | {"effective": [25.0, 25.0]}), unit="unit", formula=REBOUND, better="low"
    )
    assert fewer.whole == plain.whole == pytest.approx(0.45)
    widths = [(one.table["upper"] - one.table["lower"]).to_list() for one in (plain, fewer)]
    assert all(wide > 1.4 * narrow for narrow, wide in zip(*widths, strict=True))
    assert "effective" not in fewer.table.columns


def test_a_period_in_which_no_window_ends_is_a_reason(source):
    first = source.facts.first_day
    early = parse_period(f"{first}..{first + timedelta(days=6)}")
    found = standings(source, by="office", measure=REBOUND, period=early, last=0)
    assert isinstance(found.ranking, Withheld)


def test_many_units_keep_their_history(source, monkeypatch):
    monkeypatch.setattr(offices, "MANY", 1)
    found = standings(source, by="office", measure="on_time_rate", every="month")
    assert found.periods
    assert found.history["number"].n_unique() == len(found.periods)
    assert found.ranking.draws.size == 0
