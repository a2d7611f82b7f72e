"""Did it work or did it move: what was planted is found by name, and refusals are told in words."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from geodata.analysis.reasons import Reason
from geodata.domain.period import parse_period
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.effects.campaign_words import routine_sentences
from geodata.findings.effects.effect import (
    CANNOT_TELL,
    effect_of_action,
    effect_of_streets,
    effects,
)
from geodata.findings.effects.effect_words import effect_sentences, outcome_name, verdict
from geodata.findings.effects.nearby import NearbyRule, nearby_streets
from geodata.findings.effects.routine import routine
from geodata.findings.effects.stretches import action_period, days_before
from geodata.first_run import make_demo
from geodata.wording import LANGUAGES, Words

WORKED = {"worked", "worked_and_spread", "worked_here"}
MOVED = {"moved", "partly_moved"}
NO_NUMBER = re.compile(r"\bnan\b|\binf\b|\bNone\b(?! of)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Build the whole made-up city: what is planted is planted at its size."""
    made = tmp_path_factory.mktemp("effect") / "city"
    make_demo(made)
    return made


@pytest.fixture(scope="module")
def source(folder):
    return Source.of(folder)


@pytest.fixture(scope="module")
def truth(folder):
    return json.loads((folder / "truth.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def found(source):
    return {one.asked.code: one for one in effects(source)}


def action(source, code):
    return next(one for one in source.city.actions if one.code == code)


def test_the_planted_displacement_is_found_by_name(source, found, truth):
    plan = truth["displacement"]
    (moved,) = [one for one in found.values() if one.asked.streets == (plan["street"],)]
    assert moved.outcome in MOVED
    assert moved.rose["unit"].to_list() == [plan["receiving_street"]]
    assert moved.moved.treated.low < 1 - plan["drop"] < moved.moved.treated.high
    text = verdict(moved, Words("zh"))
    assert plan["street"] in text
    assert f"邻近的{plan['receiving_street']}同期上升，不排除挪位" in text


def test_what_moved_is_what_was_avoided_as_planted(found, truth):
    moved = next(one for one in found.values() if one.outcome in MOVED)
    share = moved.rose["excess"].sum() / moved.avoided
    assert share == pytest.approx(truth["displacement"]["moved"], abs=0.35)


def test_the_planted_drop_is_found_and_its_interval_holds_the_truth(found, truth):
    plan = truth["treated"]
    (worked,) = [one for one in found.values() if one.asked.streets == (plan["street"],)]
    assert worked.outcome in WORKED
    assert worked.moved.treated.low < 1 - plan["drop"] < worked.moved.treated.high


def test_nothing_else_is_said_to_have_worked_or_moved(found, truth):
    """Precision and recall over the ten actions are 1 for both plants."""
    streets = {kind: {one.asked.streets for one in found.values() if one.outcome in outcomes}
               for kind, outcomes in (("worked", WORKED), ("moved", MOVED))}  # fmt: skip
    assert streets["worked"] == {(truth["treated"]["street"],)}
    assert streets["moved"] == {(truth["displacement"]["street"],)}


def test_the_numbers_are_those_of_a_count_by_hand(source, found):
    """Difference-in-differences of the cases counted one by one from the facts."""
    one = found["jianan_road"]
    street = source.facts.segments["street"].to_list()
    counted: Counter[tuple[str, str]] = Counter()
    columns = ("segment", "category", "reported_on")
    for segment, category, day in source.facts.frame.select(columns).iter_rows():
        if segment < 0 or category not in one.asked.cases.categories:
            continue
        for side, stretch in (("before", one.asked.before), ("after", one.asked.after)):
            if stretch.from_on <= day <= stretch.until_on:
                counted[street[segment], side] += 1

    def summed(names, side):
        return sum(counted[name, side] for name in names)

    treated = [summed(one.asked.streets, side) for side in ("before", "after")]
    other = [summed(one.moved.treated.compared_with, side) for side in ("before", "after")]
    expected = treated[0] * other[1] / other[0]
    assert one.moved.treated.counts["before"].to_list() == [treated[0], other[0]]
    assert one.moved.treated.ratio == pytest.approx(treated[1] / expected)
    assert one.avoided == pytest.approx(expected - treated[1])
    row = one.rose.row(0, named=True)
    assert (row["before"], row["after"]) == tuple(
        counted[row["unit"], s] for s in ("before", "after")
    )


def test_weeks_add_up_to_the_stretch_they_cover(found):
    one = found["jianan_road"]
    after = one.weekly.filter(
        pl.col("from_on").is_between(one.asked.after.from_on, one.asked.after.until_on)
    )
    assert len(after) * 7 == one.asked.after.days
    assert after["treated"].sum() == one.moved.treated.counts["after"][0]
    assert after["expected"].sum() == pytest.approx(one.moved.treated.expected_after)
    assert (after["rose"] <= after["around"]).all()
    assert (one.weekly["from_on"].diff().drop_nulls() == timedelta(days=7)).all()


def test_q_is_benjamini_and_hochberg_over_the_actions_told(found):
    told = sorted(
        (one for one in found.values() if one.q is not None), key=lambda o: o.moved.treated.p
    )
    many = len(told)
    for rank, one in enumerate(told, start=1):
        later = [o.moved.treated.p * many / at for at, o in enumerate(told[rank - 1 :], start=rank)]
        assert one.q == pytest.approx(min(1.0, *later))
        assert one.together == many


def test_streets_of_other_actions_are_neither_around_nor_compared(source, found):
    for one in found.values():
        others = {
            name for a in source.city.actions if a.code != one.asked.code for name in a.streets
        } - set(one.asked.streets)
        assert not others & set(one.around)
        assert not others & set(one.moved.treated.compared_with)
        assert not set(one.around) & set(one.moved.treated.compared_with)


def test_without_patrols_no_patrol_case_is_counted(source, found):
    one = found["jianan_road"]
    patrols = [channel.code for channel in source.city.channels if channel.patrol]
    kept = Selection(
        categories=one.asked.cases.categories,
        streets=frozenset(one.asked.streets),
        from_on=one.asked.after.from_on,
        until_on=one.asked.after.until_on,
    )
    rows = source.facts.frame.filter(pl.Series(source.keep(kept)))
    others = rows.filter(~pl.col("channel").cast(pl.String).is_in(patrols))
    assert one.without_patrols.counts["after"][0] == len(others) < len(rows)
    assert one.patrols.second.numerator == len(rows) - len(others)


def test_streets_of_ones_own_choice_answer_as_the_action_does(source, found):
    one = found["jianan_road"]
    chosen = Selection(streets=frozenset(one.asked.streets), families=frozenset(["occupancy"]))
    same = effect_of_streets(source, chosen, before=one.asked.before, after=one.asked.after)
    assert same.outcome == one.outcome
    assert same.moved.treated.ratio == one.moved.treated.ratio


def test_an_action_is_compared_with_the_days_before_it(source):
    jianan = action(source, "jianan_road")
    own = action_period(source, jianan)
    before = days_before(source, own)
    assert (own.from_on, own.until_on) == (date(2026, 9, 21), date(2026, 11, 15))
    assert before.until_on == own.from_on - timedelta(days=1)
    assert before.days == 2 * own.days
    strict = days_before(source, action_period(source, action(source, "strict_streets")))
    assert strict.from_on == source.facts.first_day


def test_streets_around_are_near_by_an_oracle_in_metres(source):
    from geodata.store.layers import STREETS, read_layer  # noqa: PLC0415 - slow to import

    layer = read_layer(source.city.layers, STREETS).to_crs(source.city.metric_crs)
    own = layer[layer["street"] == "嘉南路"].union_all()
    near = layer[layer.distance(own) <= 60.0]["street"]
    assert nearby_streets(source, ["嘉南路"]) == set(near) - {"嘉南路", ""}
    assert nearby_streets(source, ["嘉南路"], NearbyRule(within_m=0.0)) < set(near)
    assert nearby_streets(source, ["无此街"]) == frozenset()


REFUSALS = {
    Reason.NO_TREATED_STREETS: {"streets": ["无此街"]},
    Reason.NO_DAYS: {"before": None},
    Reason.PERIODS_OVERLAP: {"before": "2026-09-01..2026-10-01"},
    Reason.NOTHING_BEFORE: {"before": "2026-09-20"},
    Reason.TOO_FEW_COMPARISON_STREETS: {
        "streets": ["中兴路", "平安路", "兴盛路"],
        "categories": ["road_market", "market_overflow"],
        "before": "2026-06-01..2026-09-20",
    },
}


@pytest.mark.parametrize("reason", REFUSALS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_told_is_told_in_words(source, reason, language):
    asked = {
        "streets": ["嘉南路"], "categories": None,
        "before": "2026-07-01..2026-08-31", "after": "2026-10",
    } | REFUSALS[reason]  # fmt: skip
    days = {side: asked[side] and parse_period(asked[side]) for side in ("before", "after")}
    chosen = Selection(
        streets=frozenset(asked["streets"]),
        categories=frozenset(asked["categories"]) if asked["categories"] else None,
    )
    one = effect_of_streets(source, chosen, **days)
    assert (one.outcome, one.undecided) == (CANNOT_TELL, reason)
    (said,) = effect_sentences(one, Words(language))
    assert asked["streets"][-1] in said.text
    assert len(said.text) > 12
    assert not NO_NUMBER.search(said.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_can_be_said_without_a_number_that_is_none(found, language):
    say = Words(language)
    for one in found.values():
        texts = [said.text for said in effect_sentences(one, say)]
        assert texts[0] == verdict(one, say)
        assert outcome_name(one.outcome, say)
        assert not [text for text in texts if NO_NUMBER.search(text) or "{" in text]


def test_a_change_that_many_tests_explain_is_only_a_lead(found):
    one = replace(found["zifu_road"], q=0.2, together=10)
    assert "10 项行动一并检验，此项变化不再显著，只作线索。" in [
        said.text for said in effect_sentences(one, Words("zh")) if said.tone == "doubt"
    ]


def test_more_reports_are_never_called_worse_without_the_doubt(found):
    for one in found.values():
        if one.outcome == "worse":
            said = effect_sentences(one, Words("zh"))
            assert "上报增多不等于变差，也可能是发现得更多。" in [text.text for text in said]


def test_measured_at_other_days_an_action_keeps_its_streets_and_categories(source):
    posters = action(source, "posters")
    phases = [
        parse_period(f"phase:{code}", source.city.campaign) for code in ("mobilise", "tackle")
    ]
    one = effect_of_action(source, posters, before=phases[0], after=phases[1])
    assert one.asked.streets == posters.streets
    assert one.asked.cases.categories == frozenset(posters.categories)
    assert one.undecided is Reason.NOTHING_BEFORE


def test_the_planted_tuesday_is_the_busiest(source, truth):
    plan = truth["weekday"]
    asked = Selection(categories=frozenset([plan["category"]]))
    own = action_period(source, action(source, "posters"))
    told = routine(source, asked, before=days_before(source, own), after=own)
    assert told.busiest[0] == 2
    assert told.busiest[2] > 1.5
    assert "星期二最集中" in routine_sentences(told, Words("zh"))[0].text
    weekend = routine(source, Selection(categories=frozenset([plan["weekend_category"]])),
                      before=None, after=None)  # fmt: skip
    assert weekend.busiest[0] in (6, 7)
