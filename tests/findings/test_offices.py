"""Rankings: nobody is ranked on few cases, nobody is named by chance, everybody is counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from geodata.analysis.answers import Withheld
from geodata.analysis.ranking import Ranking, RankRule
from geodata.analysis.reasons import Reason
from geodata.domain.period import parse_period
from geodata.domain.selection import Selection
from geodata.errors import CityBroken
from geodata.findings import Source
from geodata.findings.judging.indicators import indicator_set, lifecycles
from geodata.findings.judging.lateness import BANDS, LATE, LateRule, late_bands, longest_overdue
from geodata.findings.judging.offices import standings, total_score, whole_periods
from geodata.findings.judging.unit_counts import PER_KM
from tests import small_city
from tests.dashboard.conftest import take_in
from tests.pages.conftest import OFFICES

MONDAY = datetime(2026, 9, 7, 1, tzinfo=UTC)
WEEKS = 5
LAST = {"reported_at": MONDAY + timedelta(weeks=WEEKS, days=-1)}
"""The last report: until its day's end the data reach."""
SHARES = {"c1": 0.95, "c2": 0.9, "d1": 0.92, "d2": 0.9, "city": 0.2, "e1": 0.9, "e2": 0.93}
PLANTED = small_city.TOML.replace(
    "offices = [\n",
    'offices = [\n  { code = "e1", name = "甲" },\n  { code = "e2", name = "乙" },\n',
    1,
)


def rows_of(office, week, on_time, late):
    """Cases of one office in one week, closed on time or a day late."""
    start = MONDAY + timedelta(weeks=week)
    due = start + timedelta(days=2)
    ends = [due - timedelta(hours=1)] * on_time + [due + timedelta(days=1)] * late
    return [
        {"office": office, "category": "stall", "reported_at": start, "filed_at": start,
         "due_at": due, "closed_at": end}
        for end in ends
    ]  # fmt: skip


def numbered(rows):
    return small_city.cases([{"case_id": f"n{i}"} | row for i, row in enumerate(rows)])


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """One office far below the others, five whole weeks long; one with a single case."""
    city = small_city.make(tmp_path_factory.mktemp("ranked") / "city", PLANTED)
    rows = []
    for week in range(WEEKS):
        for office, share in SHARES.items():
            on_time = round(40 * share)
            rows += rows_of(office, week, on_time, 40 - on_time)
    rows += rows_of(None, 0, 2, 60)
    take_in(city, numbered([*rows, LAST]))
    return Source.of(city.folder)


@pytest.fixture(scope="module")
def source(small_city):
    return Source.of(small_city.folder)


def test_the_office_that_is_always_last_is_named_and_nobody_else(planted):
    found = standings(planted)
    streaks = found.streaks.filter(pl.col("named"))
    assert streaks.to_dicts() == [{"unit": "city", "streak": WEEKS, "named": True}]
    assert [one.code for one in found.periods] == [f"2026-W{week}" for week in range(37, 42)]


def test_by_month_too_few_periods_name_nobody(planted):
    found = standings(planted, every="month")
    assert [one.code for one in found.periods] == []
    assert not found.streaks["named"].any()


def test_cases_of_nobody_are_counted_and_not_ranked(planted):
    table = standings(planted).ranking.table
    (nobody,) = table.filter(unit="unassigned").to_dicts()
    assert (nobody["rank"], nobody["undecided"]) == (None, "not_a_unit")
    assert nobody["denominator"] == 62


def test_an_office_with_one_case_has_no_rank(planted):
    rule = RankRule(least_n=30)
    week = parse_period("2026-W37")
    cases = numbered([*rows_of("c1", 0, 40, 2), *rows_of("c2", 0, 30, 9), *rows_of("d2", 0, 1, 0)])
    source = with_cases(planted, cases)
    table = standings(source, period=week, rule=rule).ranking.table
    one = {row["unit"]: row for row in table.to_dicts()}
    assert one["d2"]["rank"] is None
    assert one["d2"]["undecided"] == "too_few_cases"
    assert {one["c1"]["rank"], one["c2"]["rank"]} == {1, 2}
    assert one["c1"]["of"] == 2


def with_cases(source, cases):
    """The same city holding other lifecycles: only what rankings read."""
    prepared = cases.with_columns(
        family=pl.lit("occupancy"), top_area=pl.lit("w"), repeated=pl.lit(value=False)
    )
    answers = {"lifecycles": prepared}

    def remember(key, compute):
        return answers[key] if key in answers else compute()

    return Source(city=source.city, facts=source.facts, remember=remember)


def test_one_office_alone_cannot_be_ranked(planted):
    source = with_cases(planted, numbered(rows_of("c1", 0, 40, 2)))
    found = standings(source, period=parse_period("2026-W37"))
    assert isinstance(found.ranking, Withheld)
    assert found.ranking.reason is Reason.TOO_FEW_GROUPS
    assert found.counts["numerator"].to_list() == [40]


def test_a_chosen_office_is_compared_with_all_the_others(source):
    chosen = Selection(offices=frozenset({"sanitation"}))
    whole, one = standings(source), standings(source, chosen)
    assert one.ranking.table.equals(whole.ranking.table)
    street = Selection(streets=frozenset({"江家街"}), offices=frozenset({"sanitation"}))
    by_street = standings(source, street, by="street").counts["numerator"].sum()
    assert by_street < standings(source, by="street").counts["numerator"].sum()


@pytest.mark.parametrize("by", ["office", "area", "top_area", "street"])
def test_parts_are_those_of_the_indicators(source, by):
    found = standings(source, by=by)
    whole = indicator_set(source, by=by)
    assert found.counts["denominator"].sum() == whole.answer("due").value
    for unit in found.counts["unit"][:5]:
        (row,) = found.counts.filter(unit=unit).to_dicts()
        answer = whole.of(unit, "on_time_rate")
        assert (answer.numerator, answer.denominator) == (row["numerator"], row["denominator"])


def test_ranks_lie_within_the_possible_ones_and_intervals_hold_the_estimate(source):
    table = standings(source).ranking.table.drop_nulls("rank")
    assert (table["rank_best"] <= table["rank"]).all()
    assert (table["rank"] <= table["rank_worst"]).all()
    assert (table["lower"] <= table["shrunk"]).all()
    assert (table["shrunk"] <= table["upper"]).all()
    assert table["rank"].sort().to_list() == list(range(1, len(table) + 1))


def test_reports_per_km_put_the_densest_street_first_without_a_verdict(source):
    found = standings(source, by="street", measure=PER_KM)
    table = found.ranking.table.drop_nulls("rank")
    assert not found.verdicts
    assert len(found.history) == 0
    assert (np.diff(table["shrunk"].to_numpy()) <= 0).all()
    on_streets = lifecycles(source)["street"].count()
    assert found.counts["numerator"].sum() == on_streets
    with pytest.raises(ValueError, match="streets only"):
        standings(source, measure=PER_KM)
    with pytest.raises(ValueError, match="cannot be ranked"):
        standings(source, by="moon")


@pytest.mark.parametrize(
    ("period", "reason"),
    [("2031-W02", Reason.NOT_YET), ("2020-01", Reason.NO_CASES)],
)
def test_a_period_without_cases_has_no_ranking(source, period, reason):
    found = standings(source, period=parse_period(period))
    assert found.ranking.reason is reason


def test_a_rate_nobody_records_is_refused_and_not_zero(tmp_path):
    city = small_city.make(tmp_path / "city")
    take_in(city, small_city.scattered(40, office=["c1", "c2"] * 20))
    found = standings(Source.of(city.folder))
    assert found.ranking.reason is Reason.NOT_RECORDED


def test_forty_offices_with_long_names_are_all_ranked(tmp_path):
    toml = small_city.TOML.replace("offices = [\n", f"offices = [\n{OFFICES}", 1)
    city = small_city.make(tmp_path / "city", toml)
    rows = [row for i in range(40) for row in rows_of(f"o{i}", 0, 30 + i % 7, 5)] + [LAST]
    take_in(city, numbered(rows))
    table = standings(Source.of(city.folder)).ranking.table
    assert table["rank"].null_count() == 0
    assert table["of"].unique().to_list() == [40]


def test_whole_periods_are_those_the_record_covers_from_end_to_end(source):
    tackle = parse_period("phase:tackle", source.city.campaign)
    weeks = whole_periods(source, tackle, "week", 3)
    assert [one.code for one in weeks] == ["2026-W44", "2026-W45", "2026-W46"]
    assert weeks[-1].until_on == date(2026, 11, 15)
    months = whole_periods(source, tackle, "month", 20)
    assert months[-1].code == "2026-10"
    assert months[0].from_on >= source.facts.first_day
    assert whole_periods(source, parse_period("2026-05-01"), "week", 3) == ()


EVALUATION = '\n[evaluation]\nsource = "考核办法"\nweights = {{ {} }}\n'


def weighted(tmp_path, weights):
    toml = PLANTED + EVALUATION.format(weights)
    city = small_city.make(tmp_path / "city", toml)
    rows = [row for office in SHARES for row in rows_of(office, 0, round(40 * SHARES[office]), 8)]
    handled = [row | {"handled_at": row["closed_at"], "returns": i % 4 == 0}
               for i, row in enumerate(rows)]  # fmt: skip
    take_in(city, numbered([*handled, LAST]))
    return Source.of(city.folder)


def test_weights_that_do_not_sum_are_refused_in_words(tmp_path):
    found = total_score(weighted(tmp_path, "on_time_rate = 0.7, return_rate = 0.7"))
    assert found.reason is Reason.WEIGHTS_DO_NOT_SUM
    assert found.known["sum"] == pytest.approx(1.4)


def test_weights_of_city_toml_make_the_score_with_their_source(tmp_path):
    source = weighted(tmp_path, "on_time_rate = 0.8, return_rate = 0.2")
    found = total_score(source)
    shrunk = {
        measure: dict(
            standings(source, measure=measure).ranking.table.select("unit", "shrunk").rows()
        )
        for measure in ("on_time_rate", "return_rate")
    }
    scored = found.table.drop_nulls("score")
    assert set(found.table["unit"]) - set(scored["unit"]) == {"city"}  # 16 cases: no rank, no score
    for unit, score in scored.select("unit", "score").rows():
        expected = 80 * shrunk["on_time_rate"][unit] + 20 * (1 - shrunk["return_rate"][unit])
        assert score == pytest.approx(expected)
    assert found.weights.source == "考核办法"


def test_a_weight_of_an_unknown_rate_and_no_weights_at_all(tmp_path, source):
    assert total_score(weighted(tmp_path, "kindness = 1.0")).reason is Reason.PART_MISSING
    assert total_score(source) is None


def test_a_weight_that_is_no_number_is_a_defect_of_the_city(tmp_path):
    with pytest.raises(CityBroken, match="must be numbers"):
        weighted(tmp_path, 'on_time_rate = "much"')


def test_bands_of_lateness_hold_every_open_case_once(source):
    cases, as_of = lifecycles(source), source.facts.as_of
    table = late_bands(cases, as_of=as_of, by="office", soon=source.city.due_soon)
    assert (table.select(pl.sum_horizontal(*BANDS)).to_series() == table["open"]).all()
    assert (table.select(pl.sum_horizontal(*LATE)).to_series() == table["overdue"]).all()
    statuses = source.facts.frame["status"].cast(pl.String)
    assert table["open"].sum() == statuses.is_in(["open", "due_soon", "overdue"]).sum()
    assert table["overdue"].sum() == (statuses == "overdue").sum()
    assert table["due_soon"].sum() == (statuses == "due_soon").sum()


def test_a_deadline_on_an_edge_lies_in_one_band():
    as_of = datetime(2026, 9, 20, tzinfo=UTC)
    days = [-1.5, -0.5, 0, 2.9, 3, 6, 10, 40]
    due = [as_of - timedelta(days=day) for day in days]
    frame = pl.DataFrame(
        {"case_id": [str(i) for i in range(9)], "reported_at": [as_of - timedelta(days=60)] * 9,
         "closed_at": [None] * 9, "due_at": [*due, None]},
        schema_overrides={name: pl.Datetime("us", "UTC") for name in ("closed_at", "due_at")},
    )  # fmt: skip
    (row,) = late_bands(frame, as_of=as_of, rule=LateRule()).to_dicts()
    assert [row[band] for band in BANDS] == [1, 1, 2, 2, 1, 1, 1]
    assert longest_overdue(frame, as_of=as_of, most=1)["late_days"].to_list() == [40.0]


def test_no_case_gives_no_bands_and_no_ranking(tmp_path):
    source = Source.of(small_city.make(tmp_path / "city").folder)
    assert late_bands(lifecycles(source), as_of=source.facts.as_of, by="office").is_empty()
    assert not isinstance(standings(source).ranking, Ranking)
