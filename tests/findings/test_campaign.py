"""Phases, special actions, illegal building and the week: totals by hand, bad input in words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from geodata.analysis.answers import Value, Withheld
from geodata.analysis.reasons import Reason
from geodata.domain.campaign import Campaign, Phase
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.effects.actions import (
    actions_of,
    detail,
    progress_of_all,
    strike_off,
    zero_growth,
)
from geodata.findings.effects.campaign import phase_pairs, phases, today
from geodata.findings.effects.campaign_words import (
    building_sentence,
    day_words,
    phase_sentences,
    progress_sentences,
    routine_sentences,
)
from geodata.findings.effects.effect import effects
from geodata.findings.effects.phase_groups import UNITS, phases_by
from geodata.findings.effects.routine import routine
from geodata.findings.effects.stretches import channel_days, first_phases, phase_period
from geodata.wording import LANGUAGES, Words
from tests import small_city as grid
from tests.dashboard.conftest import TOML, many, take_in

NO_NUMBER = re.compile(r"\bnan\b|\binf\b|\bNone\b(?! of)")


@pytest.fixture(scope="module")
def source(small_city):
    return Source.of(small_city.folder)


@pytest.fixture
def made(tmp_path):
    """Make a small city of a grid, with so many cases."""

    def make(toml=TOML, n=200, **layers):
        city = grid.make(tmp_path / "city", toml, **layers)
        if n:
            take_in(city, many(n))
        return Source.of(city.folder)

    return make


def without_campaign(toml=TOML):
    return re.sub(r"(?s)\n\[campaign\].*", "\n", toml)


def test_the_day_is_counted_from_the_first_of_the_campaign(source):
    found = today(source)
    begin = source.city.campaign.from_on
    assert found.day == (source.facts.last_day - begin).days + 1 == 84
    assert day_words(source, Words("zh"))[0] == "市容环境百日攻坚第 84 天，共 100 天"


def test_phases_hold_the_cases_the_facts_put_into_them(source):
    table = phases(source).table
    of_facts = Counter(source.facts.frame["phase"].cast(pl.String).to_list())
    assert dict(table.select("phase", "cases").iter_rows()) == dict(of_facts)
    assert table["days"].sum() == (source.facts.last_day - source.facts.first_day).days + 1
    km = source.facts.segments["length_m"].sum() / 1000
    assert (table["per_km_day"] * km).to_list() == pytest.approx(table["per_day"].to_list())


def test_the_period_of_a_selection_is_left_aside(source):
    chosen = Selection(phases=frozenset(["tackle"]), statuses=frozenset(["overdue"]))
    assert phases(source, chosen).table.equals(phases(source).table)
    stalls = Selection(categories=frozenset(["stall"]))
    assert phases(source, stalls).table["cases"].sum() < phases(source).table["cases"].sum()


@pytest.mark.parametrize("unit", UNITS)
def test_groups_add_up_to_the_phases(source, unit):
    first, second = phase_pairs(source)[-1]
    table = phases_by(source, unit, first, second).table
    whole = dict(phases(source).table.select("phase", "cases").iter_rows())
    on_streets = source.facts.frame.filter(pl.col("segment") >= 0)["phase"].cast(pl.String)
    of_unit = dict(Counter(on_streets.to_list())) if unit == "class" else whole
    assert table["cases_first"].sum() == of_unit[first]
    assert table["cases_second"].sum() == of_unit[second]
    assert table["group"].n_unique() == len(table)
    told = table.filter(pl.col("undecided").is_null())
    assert (told["q"] >= told["p"] - 1e-12).all()
    assert table.filter(pl.col("undecided").is_not_null())["q"].is_null().all()


def test_groups_of_unknown_phases_are_refused(source):
    with pytest.raises(ValueError, match="no phase is called"):
        phases_by(source, "family", "tackle", "nowhere")


def test_patrol_shares_are_those_counted_by_hand(source):
    finding = phases(source)
    patrols = {one.code for one in source.city.channels if one.patrol}
    rows = source.facts.frame.select("phase", "channel").cast(pl.String).rows()
    first, second = finding.ratios.select("first", "second").row(0)
    for share, phase in ((finding.patrols[0].first, first), (finding.patrols[0].second, second)):
        mine = [channel in patrols for of, channel in rows if of == phase]
        assert (share.numerator, share.denominator) == (sum(mine), len(mine))
        assert finding.patrol_shares[phase].value == share.value
    others = sum(channel not in patrols for of, channel in rows if of == first)
    assert finding.without_patrols["cases_first"][0] == others


def test_a_report_day_stays_the_day_it_is_in_the_city(source):
    at = channel_days(source, Selection())["reported_at"]
    days = at.dt.convert_time_zone(source.city.timezone).dt.date()
    assert sorted(days) == sorted(source.facts.frame["reported_on"])


def test_a_ledger_is_what_is_struck_off_and_what_is_open(source):
    found = progress_of_all(source)
    assert len(found) == len(source.city.actions)
    for one in found:
        told = detail(source, one.action)
        assert one.ledger == one.struck_off + one.open
        for table in (told.offices, told.streets):
            sums = table.select(pl.col("ledger", "struck_off", "open", "overdue").sum()).row(0)
            assert sums == (one.ledger, one.struck_off, one.open, one.overdue)
        assert told.days.select("ledger", "struck_off", "open").row(-1) == (
            one.ledger, one.struck_off, one.open,
        )  # fmt: skip
        assert set(one.action.streets) == set(told.streets["street"].drop_nulls())


def test_a_ledger_holds_the_actions_cases_counted_one_by_one(source):
    one = progress_of_all(source)[0]
    begin, end = source.midnight(one.action.from_on), source.facts.as_of
    cases = [
        row
        for row in source.cases().iter_rows(named=True)
        if row["street"] in one.action.streets and row["category"] in one.action.categories
        and row["reported_at"] < end
        and (row["reported_at"] >= begin or row["closed_at"] is None or row["closed_at"] >= begin)
    ]  # fmt: skip
    assert one.ledger == len(cases)
    assert one.struck_off == sum(row["closed_at"] is not None for row in cases)


def test_a_case_in_two_actions_is_struck_off_once(source):
    whole = strike_off(source)
    assert isinstance(whole, Value)
    assert whole.denominator <= sum(one.ledger for one in progress_of_all(source))
    assert whole.lower <= whole.value <= whole.upper


def test_offices_choose_the_actions_they_take_part_in(source):
    chosen = Selection(offices=frozenset(["sanitation"]))
    assert {one.code for one in actions_of(source, chosen)} == {"rubbish"}
    nobody = Selection(offices=frozenset())
    assert actions_of(source, nobody) == ()
    assert isinstance(strike_off(source, nobody), Withheld)


def test_illegal_building_is_added_up_by_phase(source):
    found = zero_growth(source)
    codes = {one.code for one in source.city.categories if one.family == "illegal_building"}
    areas = dict.fromkeys(found.phases, 0.0)
    for phase, category, m2 in source.facts.frame.select(
        "phase", "category", "area_m2"
    ).iter_rows():
        if category in codes and phase in areas:
            areas[phase] += m2 or 0.0
    assert {code: one.found.value for code, one in found.phases.items()} == pytest.approx(areas)
    assert found.so_far.found.value == pytest.approx(sum(areas.values()))


def test_a_city_that_records_no_areas_is_told_so(made):
    found = zero_growth(made())
    assert isinstance(found.so_far, Withheld)
    assert building_sentence(found, Words("zh")).startswith("违法建设面积：")


def test_the_week_and_the_day_are_whole(source):
    before, after = first_phases(source)
    found = routine(source, before=before, after=after)
    assert found.weekdays["share_before"].sum() == pytest.approx(1)
    assert found.weekdays["cases_after"].sum() == source.facts.frame["reported_on"].is_between(
        after.from_on, after.until_on
    ).sum()  # fmt: skip
    for side in ("before", "after"):
        assert found.hours[side].sum() == pytest.approx(1)
    assert found.hours.filter("working")["hour"].to_list() == [9, 10, 11, 14, 15, 16, 17]
    inside = source.facts.frame.filter(
        pl.col("reported_on").is_between(before.from_on, before.until_on)
    )
    assert found.out_of_hours.before == pytest.approx(1 - inside["in_hours"].mean())


def every_word(source, language):
    """Say everything the campaign page says; whatever the city lacks."""
    say, stretches = Words(language), first_phases(source) or (None, None)
    told = list(day_words(source, say))
    told += [one.text for one in phase_sentences(source, phases(source), say)]
    told += [
        one.text for found in progress_of_all(source) for one in progress_sentences(found, say)
    ]
    told.append(building_sentence(zero_growth(source), say))
    found = routine(source, before=stretches[0], after=stretches[1])
    return told + [one.text for one in routine_sentences(found, say)]


BAD = {
    "no campaign": (without_campaign(), 60),
    "no cases": (TOML, 0),
    "one case": (TOML, 1),
    "one day of cases": (TOML, 50),
    "no actions": (grid.TOML, 60),
    "no patrol channel": (TOML.replace(", patrol = true", ""), 60),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_answered_in_words(made, what, language):
    toml, n = BAD[what]
    source = made(toml, n)
    told = every_word(source, language)
    assert told
    assert not [text for text in told if NO_NUMBER.search(text) or not text.strip()]
    for one in effects(source):
        assert one.undecided is not None


def test_a_phase_without_days_gives_a_reason(made):
    source = made()
    plan = (
        *source.city.campaign.phases,
        Phase(code="late", name="晚", from_on=date(2027, 1, 1), until_on=date(2027, 1, 9)),
    )
    late = replace(source.city, campaign=Campaign(name="行动", phases=plan))
    later = Source(city=late, facts=replace(source.facts, campaign=late.campaign))
    row = phases(later).table.filter(pl.col("phase") == "late").row(0, named=True)
    assert (row["days"], row["planned_days"]) == (0, 9)
    assert row["undecided"] == Reason.EMPTY_PERIOD
    assert phase_period(later, "late") is None
    assert all("late" not in pair for pair in phase_pairs(later))


def test_without_a_campaign_there_is_no_phase_to_compare(made):
    source = made(without_campaign())
    assert phases(source) is Reason.NO_DAYS
    assert phase_pairs(source) == []
    assert first_phases(source) is None
    assert today(source) is None
    said = phase_sentences(source, phases(source), Words("zh"))
    assert "city.toml" in said[0].text


def test_an_action_that_has_not_begun_is_told_so(source):
    begins = date(2027, 1, 1)
    planned = replace(source.city.actions[0], from_on=begins, until_on=date(2027, 2, 1))
    later = Source(city=replace(source.city, actions=(planned,)), facts=source.facts)
    (found,) = progress_of_all(later)
    (said,) = progress_sentences(found, Words("zh"))[:1]
    assert "尚无数据" in said.text
    assert detail(later, planned).days.is_empty()
    (effect,) = effects(later)
    assert effect.undecided is Reason.NO_DAYS


def test_too_few_days_do_not_tell_weekdays_apart(made):
    source = made()
    assert phases(source).effects.undecided is Reason.TOO_SHORT
