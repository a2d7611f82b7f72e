"""What came back, by a slow reading of the definition; what filters and few cases do."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from geodata.analysis.answers import Value, Withheld
from geodata.analysis.chronic import ChronicRule
from geodata.analysis.reasons import Reason
from geodata.domain.category import UNMAPPED
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.rebounds.close_outs import (
    KINDS,
    PLACES,
    close_outs_of,
    last_followed,
    place_of,
    rule_of,
)
from geodata.findings.rebounds.look_back import chronic_register, look_back, with_case_ids
from geodata.findings.rebounds.look_back_sheets import (
    LIST_COLUMNS,
    REGISTER_COLUMNS,
    list_sheet,
    register_sheet,
)
from geodata.findings.rebounds.near_repeats import categories_reported, near_repeats
from geodata.findings.rebounds.rebound import NO_STREET, rebounds, rebounds_by
from geodata.findings.rebounds.rebound_cells import rebound_scale, rebounds_by_cell
from geodata.findings.rebounds.rebound_curves import curves_by_phase
from geodata.first_run import make_demo
from geodata.store.details import cases_of
from geodata.store.lake import Lake
from geodata.wording import Words
from tests.analysis.rebound_oracle import rebounds as by_the_definition
from tests.dashboard.conftest import TOML, many, take_in
from tests.small_city import make

OFFICE = "sanitation"
FROM, UNTIL = date(2026, 7, 1), date(2026, 10, 31)
CHOSEN = Selection(offices=frozenset([OFFICE]), from_on=FROM, until_on=UNTIL)


@pytest.fixture(scope="module")
def source(small_city):
    return Source.of(small_city.folder)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Make the whole made-up city, with what was planted in it."""
    folder = tmp_path_factory.mktemp("rebound") / "city"
    make_demo(folder)
    return Source.of(folder), json.loads((folder / "truth.json").read_text("utf-8"))["rebound"]


@pytest.fixture
def made(tmp_path):
    """Found a small grid city of its own with the cases given."""

    def build(cases=None, toml=TOML):
        city = make(tmp_path / "city", toml)
        if cases is not None and len(cases):
            take_in(city, cases)
        return Source.of(city.folder)

    return build


def rows_of(facts):
    """Every case as the oracle reads them: segment for place, category for kind."""
    frame = facts.frame.with_row_index("case")
    return [
        {
            "case": row["case"],
            "place": row["segment"],
            "kind": row["category"],
            "reported": row["reported_on"],
            "closed": row["closed_on"],
            "office": row["office"],
        }
        for row in frame.to_dicts()
        if row["category"] != UNMAPPED
    ]


@pytest.fixture(scope="module")
def read_slowly(source):
    """Closed cases of the office in the days chosen, and which came back among all cases."""
    last = source.facts.last_day
    cases = rows_of(source.facts)
    back = by_the_definition(cases, last, timedelta(days=30))
    meant = [
        case
        for case in cases
        if case["office"] == OFFICE
        and case["place"] >= 0
        and case["closed"] is not None
        and FROM <= case["closed"] <= UNTIL
    ]
    full = [case for case in meant if (last - case["closed"]).days >= 30]
    return meant, full, [case for case in full if case["case"] in back]


def test_the_rate_is_that_of_the_definition(source, read_slowly):
    meant, full, back = read_slowly
    found = rebounds(source, CHOSEN)
    assert len(back) >= 5
    assert (found.closed, found.followed) == (len(meant), len(full))
    assert isinstance(found.rate, Value)
    assert (found.rate.numerator, found.rate.denominator) == (len(back), len(full))
    assert found.rate.value == len(back) / len(full)
    assert found.rate.lower < found.rate.value < found.rate.upper


def test_what_came_back_is_looked_for_among_all_cases(source, read_slowly):
    """A rebound that another office was given counts against the office that closed."""
    _, full, back = read_slowly
    mine_alone = [case for case in rows_of(source.facts) if case["office"] == OFFICE]
    alone = by_the_definition(mine_alone, source.facts.last_day, timedelta(days=30))
    assert sum(case["case"] in alone for case in full) < len(back)


@pytest.mark.parametrize("by", ["street", "office", "category", "family", "area", "phase"])
def test_parts_add_up_to_the_whole(source, by):
    found, parts = rebounds(source), rebounds_by(source, by)
    assert isinstance(found.rate, Value)
    assert parts["closed"].sum() == found.closed
    assert parts["followed"].sum() == found.followed
    assert parts["rebounds"].sum() == found.rate.numerator
    assert parts["seen"].sum() == found.excess.numerator
    assert parts["expected"].sum() == pytest.approx(found.excess.denominator)


def test_a_phase_is_that_of_closing(source):
    facts, campaign = source.facts, source.city.campaign
    code = campaign.phases[1].code
    table = close_outs_of(source, Selection(phases=frozenset([code])), rule_of()).followed.table
    assert len(table) > 20
    offices = table["office"].cast(pl.String)
    assert all(
        campaign.phase_on(day, office) == code
        for day, office in zip(table["closed"], offices, strict=True)
    )
    closed = facts.frame.filter(pl.col("closed_on").is_not_null() & (pl.col("segment") >= 0))
    expected = sum(
        campaign.phase_on(row["closed_on"], row["office"]) == code
        for row in closed.filter(pl.col("category") != UNMAPPED).to_dicts()
    )
    assert len(table) == expected


def test_few_close_outs_are_counted_but_not_judged(source):
    parts = rebounds_by(source, "street")
    least = source.city.ranks.least_n
    few = parts.filter(pl.col("followed") < least)
    assert len(few)
    assert few["undecided"].null_count() == 0
    assert few.select("shrunk", "lower", "upper", "verdict").null_count().row(0) == (len(few),) * 4
    judged = parts.filter(pl.col("undecided").is_null())
    assert (judged["followed"] >= least).all()
    assert ((judged["lower"] <= judged["shrunk"]) & (judged["shrunk"] <= judged["upper"])).all()


def test_nobody_is_blamed_for_unassigned_cases(source):
    row = rebounds_by(source, "office").filter(pl.col("unit") == "unassigned").to_dicts()[0]
    assert row["closed"] > 0
    assert row["undecided"] == Reason.NOT_A_UNIT.value


def test_a_busy_street_is_not_called_worse_than_its_own_level(whole):
    source, _ = whole
    parts = rebounds_by(source, "street")
    busy = parts.filter(pl.col("verdict") == "busy")
    rate = rebounds(source).rate.value
    assert len(busy) >= 5
    assert (busy["lower"] > rate).all()
    assert not ((busy["q"] <= 0.05) & (busy["ratio"] > 1)).any()


def test_planted_rebounds_are_on_top_where_they_were_planted(whole):
    """Of the six clearest streets at least five are planted; all that are called clear are."""
    source, truth = whole
    chosen = Selection(categories=frozenset(truth["categories"]))
    parts = rebounds_by(source, "street", chosen, rule=rule_of(place="spot"))
    planted = set(truth["streets"])
    assert len(planted & set(parts["unit"].head(len(planted)))) >= 5
    clear = set(parts.filter(pl.col("verdict").is_in(["worse", "beyond"]))["unit"])
    assert clear
    assert clear <= planted


def test_rules_by_name():
    for place in PLACES:
        assert place_of(rule_of(place=place)) == place
    for kind in KINDS:
        assert rule_of(kind=kind).kind == kind
    assert rule_of(days=7).within_days == 7
    with pytest.raises(ValueError, match="choose a place"):
        rule_of(place="street")
    with pytest.raises(ValueError, match="at least 1 day"):
        rule_of(days=0)


def test_statuses_do_not_change_the_answer(source):
    filtered = rebounds(source, Selection(statuses=frozenset(["closed_late"])))
    assert filtered.rate == rebounds(source).rate


def test_reopened_cases_are_apart(source):
    found = rebounds(source)
    frame = source.facts.frame
    closed = frame.filter(
        pl.col("closed_on").is_not_null()
        & (pl.col("segment") >= 0)
        & (pl.col("category") != UNMAPPED)
    )
    assert found.reopened.numerator == (closed["returns"] > 0).sum()
    assert found.reopened.denominator == len(closed) - closed["returns"].null_count()


def test_the_curve_falls_by_what_came_back(source):
    found = rebounds(source)
    share, low, high = found.survival.within(30)
    assert low < share < high
    assert found.survival.events <= found.survival.n <= found.closed
    phases = curves_by_phase(source)
    assert [one.before for one in phases] == [None, *(one.code for one in phases[:-1])]
    assert sum(one.closed for one in phases) == found.closed


def test_the_look_back_list_holds_each_clear_place_once(source):
    found = look_back(source)
    table = found.table
    assert found.from_on == source.facts.last_day + timedelta(days=1)
    assert (found.until_on - found.from_on).days == 6
    assert table["expected"].is_sorted(descending=True)
    assert table.select("place", "kind").is_duplicated().any() is not True
    last = {}
    reported = {}
    for case in rows_of(source.facts):
        key = case["place"], case["kind"]
        if case["closed"]:
            last[key] = max(last.get(key, date.min), case["closed"])
        reported[key] = max(reported.get(key, date.min), case["reported"])
    for row in table.head(200).to_dicts():
        key = row["place"], row["kind"]
        assert row["closed"] == last[key]
        assert reported[key] <= row["closed"]
    assert found.share_of_first(len(table)) == pytest.approx(1.0)


def test_the_list_follows_the_filters_but_not_the_period(source):
    everything = look_back(source).table
    mine = look_back(source, CHOSEN).table
    assert mine["office"].unique().to_list() == [OFFICE]
    same = everything.filter(pl.col("office") == OFFICE)
    assert mine["expected"].to_list() == same["expected"].to_list()


def test_case_ids_are_those_of_the_rows(source):
    listed = with_case_ids(source, look_back(source).table.head(5))
    for row in listed.to_dicts():
        case = cases_of(Lake(source.city.lake), source.facts, np.array([row["row"]]))
        assert case["case_id"].to_list() == [row["case_id"]]


def test_the_register_lists_what_its_rule_says(whole):
    source, _ = whole
    found = chronic_register(source, chronic=ChronicRule(rebounds=5))
    listed = found.listed
    assert 0 < len(listed) < len(found.table)
    assert (listed["rebounds"] >= 5).all()
    assert (source.facts.last_day - listed["last_rebound"].max()).days < 60
    assert found.beyond == listed["beyond"].sum()
    assert listed["beyond"].is_sorted(descending=True)


def test_near_repeats_are_of_one_category_and_its_scope(source):
    code = categories_reported(source, Selection())[0]
    found = near_repeats(source, code)
    frame = source.facts.frame
    n = frame.filter((pl.col("category") == code) & ~pl.col("pile")).height
    assert found.knox.n == n
    assert found.roles["cases"].sum() == n
    assert found.knox.table["pairs"].sum() > 0


def test_cells_hold_every_rebound_seen(source):
    cells = rebounds_by_cell(source)
    assert cells["cell"].is_sorted()
    assert cells["rebounds"].sum() == rebounds(source).excess.numerator
    scale = rebound_scale(source, rule_of(), 30)
    assert len(scale) == 7
    assert scale == sorted(scale)


def test_sheets_hold_real_days_and_leave_room_for_findings(source):
    say = Words("zh")
    found, scope = look_back(source, CHOSEN), rebounds(source, CHOSEN, say=say).scope
    listed = list_sheet(source, found, scope, say)
    assert [len(row) for row in listed.rows] == [len(LIST_COLUMNS)] * min(found.places, 500)
    first = dict(zip(LIST_COLUMNS, listed.rows[0], strict=True))
    assert isinstance(first["closed"], date)
    assert first["inspected"] is first["outcome"] is first["inspector"] is None
    kept = register_sheet(source, chronic_register(source), scope, say)
    assert all(len(row) == len(REGISTER_COLUMNS) for row in kept.rows)


# --- too little to say ------------------------------------------------------------------------


def everything(source, selection=None):
    """Ask all there is to ask; nothing may fail, and no number may be made up."""
    chosen = selection or Selection()
    found = rebounds(source, chosen)
    tables = [rebounds_by(source, by, chosen) for by in ("street", "office", "area", "phase")]
    for table in tables:
        for column in table.select(pl.col(pl.Float64)).iter_columns():
            assert not column.is_nan().any()
            assert not column.is_infinite().any()
    curves_by_phase(source, chosen)
    look_back(source, chosen)
    chronic_register(source, chosen)
    rebounds_by_cell(source, chosen)
    return found


def test_a_city_without_cases(made):
    empty = made()
    found = everything(empty)
    assert isinstance(found.rate, Withheld)
    assert found.rate.reason is Reason.NO_CLOSED_CASES
    assert isinstance(found.reopened, Withheld)
    assert near_repeats(empty, "stall").undecided is Reason.NO_CASES


def test_a_city_where_nothing_was_closed(made):
    source = made(many(80))
    found = everything(source)
    assert found.undecided is Reason.NO_CLOSED_CASES
    assert look_back(source).undecided is not None


def test_a_selection_that_holds_nothing(source):
    nothing = Selection(offices=frozenset(["buildings"]), streets=frozenset(["无此街"]))
    assert everything(source, nothing).undecided is Reason.NO_CLOSED_CASES
    assert look_back(source, nothing).undecided is Reason.NO_CLOSED_CASES


def test_a_period_too_late_to_be_judged(source):
    late = Selection(from_on=last_followed(source, rule_of()) + timedelta(days=1))
    found = everything(source, late)
    assert found.closed > 0
    assert found.undecided is Reason.FOLLOW_UP_TOO_SHORT
    parts = rebounds_by(source, "office", late)
    assert set(parts["undecided"]) <= {
        Reason.FOLLOW_UP_TOO_SHORT.value, Reason.NOT_A_UNIT.value,
    }  # fmt: skip


def test_returns_never_recorded_are_not_taken_for_none(source):
    frame = source.facts.frame.with_columns(returns=pl.lit(None, pl.UInt8))
    silent = Source(city=source.city, facts=replace(source.facts, frame=frame))
    found = rebounds(silent)
    assert isinstance(found.reopened, Withheld)
    assert found.reopened.reason is Reason.NOT_RECORDED


def test_cases_on_no_street_are_a_row_of_their_own(source):
    parts = rebounds_by(source, "street", rule=rule_of(place="spot"))
    row = parts.filter(pl.col("unit") == NO_STREET).to_dicts()
    assert row
    assert row[0]["undecided"] == Reason.NOT_A_UNIT.value


def test_asked_twice_it_says_the_same_to_the_last_bit(whole):
    source, _ = whole
    again = Source(city=source.city, facts=source.facts)
    for by in ("street", "office"):
        assert rebounds_by(source, by).equals(rebounds_by(again, by))
    assert look_back(source).table.equals(look_back(again).table)
    assert str(curves_by_phase(source)[-2].change) == str(curves_by_phase(again)[-2].change)
