"""Indicators of a selection: a published bulletin to the digit, totals equal to the facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from geodata.analysis.answers import Value, Withheld
from geodata.analysis.reasons import Reason
from geodata.domain.period import parse_period
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.changes import change_of
from geodata.findings.judging.indicators import GROUPS, backlog, indicator_set, lifecycles
from geodata.findings.periods import in_parts, period_chosen
from geodata.wording.selection import period_of
from tests import small_city
from tests.analysis.test_tianmen import december, kind_of_case
from tests.dashboard.conftest import many, take_in

TIANMEN = small_city.TOML.replace(
    '{ code = "stall", family = "occupancy", name = "流动摊贩", aliases = ["游商"] }',
    '{ code = "event", family = "occupancy", name = "事件" }',
).replace(
    '{ code = "dumping", family = "littering", name = "乱倒垃圾" }',
    '{ code = "component", family = "littering", name = "部件", kind = "component" }',
)
SELECTIONS = {
    "all": Selection(),
    "phase": Selection(phases=frozenset({"tackle"})),
    "before": Selection(phases=frozenset({"before"})),
    "days": Selection(from_on=date(2026, 9, 1), until_on=date(2026, 9, 30)),
    "family": Selection(families=frozenset({"littering"})),
    "office": Selection(offices=frozenset({"district"}), phases=frozenset({"mobilise"})),
    "channel": Selection(channels=frozenset({"12345"})),
    "street class": Selection(street_classes=frozenset({"strict"})),
}


@pytest.fixture(scope="module")
def tianmen(tmp_path_factory):
    """A city that holds the rows of the bulletin, and one report of January."""
    city = small_city.make(tmp_path_factory.mktemp("tianmen") / "city", TIANMEN)
    rows = [
        *kind_of_case("event", on_time=730, late=172, overdue=54, not_due=15),
        *kind_of_case("component", on_time=7, late=2, overdue=7, not_due=9),
        *[{"category": "event", "reported_at": december(5)}] * 58,
        {"category": "event", "reported_at": december(35)},
    ]
    take_in(city, small_city.cases([_in_utc(row) for row in rows]))
    return Source.of(city.folder)


def _in_utc(row):
    return {
        name: value.astimezone(UTC) if isinstance(value, datetime) else value
        for name, value in row.items()
    }


@pytest.fixture(scope="module")
def source(small_city):
    return Source.of(small_city.folder)


def test_the_tianmen_bulletin_reconciles_through_the_finding(tianmen):
    found = indicator_set(tianmen, period=parse_period("2016-12"), by="category")
    counts = {"reported": 1054, "filed": 996, "due": 972, "closed": 911, "closed_on_time": 737}
    assert {code: found.answer(code).value for code in counts} == counts
    assert f"{found.answer('closure_rate').value:.2%}" == "93.72%"
    assert f"{found.answer('on_time_rate').value:.2%}" == "75.82%"
    assert f"{found.of('event', 'closure_rate').value:.2%}" == "94.35%"
    assert f"{found.of('component', 'closure_rate').value:.2%}" == "56.25%"
    assert [found.of("component", code).value for code in ("filed", "due", "closed")] == [25, 16, 9]


def test_a_number_carries_what_it_is_made_of(tianmen):
    rate = indicator_set(tianmen, period=parse_period("2016-12")).answer("on_time_rate")
    assert (rate.numerator, rate.denominator, rate.n) == (737, 972, 972)
    assert rate.lower < rate.value < rate.upper
    assert rate.scope.version == tianmen.version
    assert rate.scope.from_at.isoformat() == "2016-12-01T00:00:00+08:00"


@pytest.mark.parametrize("selection", SELECTIONS.values(), ids=SELECTIONS)
def test_reports_received_are_the_cases_the_filters_keep(source, selection):
    kept = int(source.keep(selection).sum())
    found = indicator_set(source, selection)
    assert kept > 0
    assert found.answer("reported").value == kept


@pytest.mark.parametrize("by", GROUPS)
def test_every_grouping_adds_up_to_the_whole(source, by):
    found = indicator_set(source, Selection(phases=frozenset({"tackle"})), by=by)
    for code in ("reported", "due", "closed_on_time", "overdue_stock"):
        assert found.groups.filter(formula=code)["value"].sum() == found.answer(code).value


def test_statuses_choose_rows_of_lists_and_not_cases_of_rates(source):
    late = Selection(statuses=frozenset({"overdue"}))
    rates = [indicator_set(source, one).answer("on_time_rate") for one in (Selection(), late)]
    assert rates[0].value == rates[1].value


def test_without_patrols_the_rest_is_what_patrols_did_not_find(source):
    codes = [channel.code for channel in source.city.channels]
    patrols = {channel.code for channel in source.city.channels if channel.patrol}
    every = indicator_set(source, by="channel")
    other = indicator_set(source, without_patrol=True, by="channel")
    assert patrols
    by_channel = {code: every.of(code, "due") for code in codes}
    rest = sum(one.value for code, one in by_channel.items() if code not in patrols)
    assert other.answer("due").value == rest
    assert set(other.scope.without_channels) == patrols
    assert isinstance(other.of("patrol", "due"), Withheld)


def test_a_phase_is_compared_with_the_phase_before_it(source):
    found = indicator_set(source, Selection(phases=frozenset({"tackle"})))
    assert found.before_period.code == "phase:mobilise"
    change = change_of(found, "on_time_rate", lifecycles(source))
    now, before = found.answer("on_time_rate"), found.answer_before("on_time_rate")
    assert change.size == pytest.approx(now.value - before.value)
    assert change.lower < change.size < change.upper
    assert change.certain == (change.lower > 0 or change.upper < 0)
    per_day = change_of(found, "reported", lifecycles(source))
    assert per_day.size == pytest.approx((now_of(found) / 56) / (before_of(found) / 21))
    assert per_day.verdict == "none"


def now_of(found):
    return found.answer("reported").value


def before_of(found):
    return found.answer_before("reported").value


def test_nothing_is_compared_where_the_record_does_not_reach_back(source):
    found = indicator_set(source)
    assert found.before_period is None
    assert isinstance(change_of(found, "on_time_rate", lifecycles(source)), Withheld)


@pytest.mark.parametrize(
    ("selection", "period", "reason"),
    [
        (Selection(phases=frozenset()), None, Reason.EMPTY_PERIOD),
        (Selection(from_on=date(2026, 10, 2), until_on=date(2026, 10, 1)), None,
         Reason.EMPTY_PERIOD),
        (Selection(), parse_period("2031-W02"), Reason.NOT_YET),
        (Selection(), parse_period("2020-01"), Reason.NO_CASES),
        (Selection(until_on=date(2020, 1, 1)), None, Reason.EMPTY_PERIOD),
        (Selection(categories=frozenset()), None, Reason.NO_CASES),
        (Selection(from_on=date(2026, 11, 23)), None, Reason.NOT_YET),
    ],
    ids=str,
)  # fmt: skip
def test_a_period_without_an_answer_says_why(source, selection, period, reason):
    found = indicator_set(source, selection, period=period, by="office")
    held = backlog(source, selection, period=period, by="office")
    answers = [found.answer(code) for code in ("reported", "on_time_rate", "mean_handling_hours")]
    assert {one.reason for one in answers} == {reason}
    assert isinstance(held.closing, Withheld)
    assert not found.groups["value"].is_nan().any()


def test_what_is_open_is_counted_the_same_three_ways(source):
    selection = Selection(phases=frozenset({"tackle"}))
    held = backlog(source, selection)
    by_office = backlog(source, selection, by="office")
    assert len(held.waiting) == held.bands["open"].sum() == by_office.bands["open"].sum()
    assert held.flow["backlog"][-1] == len(held.waiting)
    assert held.closed_later == held.waiting["closed_at"].count() > 0


def test_no_closed_case_and_no_deadline_are_said(tmp_path):
    city = small_city.make(tmp_path / "city")
    take_in(city, many(40))
    found, held = indicator_set(Source.of(city.folder)), backlog(Source.of(city.folder))
    assert found.answer("on_time_rate").reason is Reason.NOT_RECORDED
    assert found.answer("reported").value == 40
    assert held.closing.reason is Reason.NONE_CLOSED


def test_a_city_without_cases_has_no_numbers(tmp_path):
    source = Source.of(small_city.make(tmp_path / "city").folder)
    found = indicator_set(source, by="office")
    assert found.answer("reported").reason is Reason.NO_CASES
    assert len(backlog(source).waiting) == 0


def test_days_outside_the_phases_end_where_the_phases_begin(source):
    campaign = source.city.campaign
    days = {
        code: period_of(source.city, source.facts, Selection(phases=frozenset({code})))
        for code in ("before", "mobilise", "tackle")
    }
    assert days["before"][1] == campaign.from_on - timedelta(days=1)
    assert days["mobilise"][0] == campaign.from_on
    assert days["tackle"] == (date(2026, 9, 21), date(2026, 11, 15))


def test_days_between_and_after_the_phases(tmp_path):
    city = small_city.make(tmp_path / "city")
    reported = [datetime(2026, 8, 1, 4, tzinfo=UTC), datetime(2026, 10, 1, 4, tzinfo=UTC)]
    take_in(city, small_city.cases([{"reported_at": at} for at in reported]))
    source = Source.of(city.folder)
    spans = {
        code: period_of(city, source.facts, Selection(phases=frozenset({code})))
        for code in ("between", "after")
    }
    assert spans["between"] == (date(2026, 9, 8), date(2026, 9, 9))
    assert spans["after"] == (date(2026, 9, 21), date(2026, 10, 1))


def test_phases_that_do_not_adjoin_are_noticed(source):
    apart = Selection(phases=frozenset({"mobilise", "consolidate"}))
    assert in_parts(source, apart)
    assert not in_parts(source, replace(apart, phases=frozenset({"mobilise", "tackle"})))
    assert period_chosen(source, apart).from_on == date(2026, 8, 31)


def test_repeats_are_looked_for_in_the_whole_city(source):
    """A filter must not hide the case that another one repeats."""
    whole = lifecycles(source)
    one = lifecycles(source, Selection(channels=frozenset({"12345"})))
    both = one.join(whole.select("case_id", all="repeated"), on="case_id")
    assert both["repeated"].sum() > 0
    assert (both["repeated"] == both["all"]).all()
    assert isinstance(indicator_set(source).answer("repeat_rate"), Value)
    assert whole.filter(pl.col("category") == "unmapped")["repeated"].null_count() > 0
