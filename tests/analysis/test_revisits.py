"""The look-back list and the chronic register."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from geodata.analysis.chronic import ChronicRule, chronic_sites
from geodata.analysis.reasons import Reason
from geodata.analysis.rebound import ReboundRule, follow_ups
from geodata.analysis.revisits import RevisitRule, revisits
from tests.simulator import ComingBack, simulate_cases
from tests.simulator.comings_back import BEGIN

LAW = ComingBack(places=400, chance=0.35, alike=6.0, per_day=0.006, spread=0.7)
NOW = BEGIN + timedelta(days=LAW.days)


@pytest.fixture(scope="module")
def followed():
    return follow_ups(simulate_cases(LAW, np.random.default_rng(1)), NOW)


def test_the_list_holds_every_clear_place_once(followed):
    table = revisits(followed).table
    clear = followed.table.filter(pl.col("ended_by") == "data_end", pl.col("watched_days") > 0)
    assert sorted(table["case"]) == sorted(clear["case"])
    assert table.select("place", "kind").is_unique().all()
    assert (table["expected"].diff().drop_nulls() <= 0).all()
    assert table.select(pl.all().null_count()).select("expected", "chance").row(0) == (0, 0)


def test_a_place_open_again_is_not_on_the_list(followed):
    last = followed.table.sort("closed").group_by("place").last()
    back = last.filter(pl.col("ended_by") == "rebound")["place"]
    assert not set(revisits(followed).table["place"]) & set(back)


def test_places_that_came_back_before_rank_above_those_that_did_not(followed):
    table = revisits(followed).table.filter(~pl.col("beyond_data"))
    often = table.filter(pl.col("past_rebounds") >= 3)["times_usual"].mean()
    never = table.filter(pl.col("past_rebounds") == 0)["times_usual"].mean()
    assert often > 1.5 * never


def test_the_top_of_the_list_comes_back_more_often():
    """Ranked in one town, counted in the week after, over twenty towns."""
    random = np.random.default_rng(5)
    top = bottom = 0
    for _ in range(20):
        cases = simulate_cases(LAW, random)
        now = NOW - timedelta(days=7)
        known = cases.filter(pl.col("reported") <= now)
        table = revisits(follow_ups(known, now)).table
        soon = set(cases.filter(pl.col("reported") > now)["place"])
        half = len(table) // 2
        top += sum(place in soon for place in table["place"][:half])
        bottom += sum(place in soon for place in table["place"][half:])
    assert top > 1.8 * bottom


def test_nothing_came_back_is_said():
    cases = simulate_cases(ComingBack(places=50, per_day=0.005), np.random.default_rng(2))
    quiet = follow_ups(cases.unique("place", keep="first"), NOW)
    answer = revisits(quiet)
    assert answer.undecided is Reason.NO_REBOUNDS
    assert answer.table.is_empty()
    assert {"expected", "chance", "clear_days", "times_usual"} <= set(answer.table.columns)
    assert revisits(follow_ups(cases.head(0), NOW)).undecided is Reason.NO_CLOSED_CASES


def test_rare_kinds_use_the_curve_of_all(followed):
    rare = followed.table["case"] % 50 == 0
    kinds = followed.table.with_columns(
        kind=pl.when(rare).then(pl.lit("rare")).otherwise(pl.lit("usual"))
    )
    mixed = type(followed)(**{
        name: getattr(followed, name) for name in followed.__dataclass_fields__
    } | {"table": kinds})  # fmt: skip
    table = revisits(mixed, RevisitRule(fewest_events=10_000)).table
    assert (table["expected"] >= 0).all()
    assert set(table["kind"]) == {"rare", "usual"}


FIRST = date(2026, 1, 1)


def site(days: list[int], place: int = 1) -> pl.DataFrame:
    """Cases reported on these days and closed on the same."""
    on = [FIRST + timedelta(day) for day in days]
    return pl.DataFrame(
        {"case": [place * 1_000 + nth for nth in range(len(days))], "kind": ["stall"] * len(days),
         "place": [place] * len(days), "reported": on, "closed": on},
        schema_overrides={"case": pl.Int64, "place": pl.Int64},
    )  # fmt: skip


def register(*sites: pl.DataFrame, end: int, rule: ChronicRule | None = None) -> pl.DataFrame:
    cases = pl.concat(sites)
    followed = follow_ups(cases, FIRST + timedelta(end), ReboundRule(within_days=30))
    return chronic_sites(followed, cases, rule or ChronicRule()).table


def test_a_site_enters_with_its_third_rebound_and_leaves_after_sixty_clear_days():
    table = register(site([0, 10, 20, 30, 40]), end=200)
    assert table.rows(named=True) == [
        {
            "place": 1, "kind": "stall",
            "entered": FIRST + timedelta(30), "last_rebound": FIRST + timedelta(40),
            "left": FIRST + timedelta(100), "rebounds": 4, "days_listed": 70,
        }
    ]  # fmt: skip


def test_a_site_still_listed_has_not_left():
    table = register(site([0, 10, 20, 30]), end=80)
    assert table.select("left", "rebounds", "days_listed").row(0) == (None, 3, 50)


def test_two_rebounds_or_three_too_far_apart_are_not_chronic():
    assert register(site([0, 10, 20]), end=200).is_empty()
    assert register(
        site([0, 30, 60, 90, 120]), end=300, rule=ChronicRule(within_days=50)
    ).is_empty()


def test_after_leaving_a_site_must_qualify_anew():
    busy = [0, 10, 20, 30]
    table = register(site([*busy, 130, 140, 150]), end=400)
    assert table["rebounds"].to_list() == [3]
    again = register(site([*busy, *(130 + day for day in busy)]), end=400)
    assert again.sort("entered")["entered"].to_list() == [
        FIRST + timedelta(30),
        FIRST + timedelta(160),
    ]


def test_a_report_that_is_no_rebound_keeps_a_site_listed():
    """45 days after the last: outside the rebound window, inside the sixty clear days."""
    table = register(site([0, 10, 20, 30, 75]), end=300)
    assert table.select("left", "rebounds").row(0) == (FIRST + timedelta(135), 3)


def test_present_sites_come_first():
    table = register(site([0, 5, 10, 15, 20, 25], 1), site([100, 110, 120, 130], 2), end=150)
    assert table["place"].to_list() == [2, 1]
    assert table["left"].is_null().to_list() == [True, False]


def test_no_rebound_no_register():
    assert register(site([0]), end=100).is_empty()
