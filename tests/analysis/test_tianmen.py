"""A city's published bulletin, reproduced to the digit from case rows: 天门, December 2016."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from scipy import stats

from geodata.analysis.answers import Scope, Value
from geodata.analysis.groups import with_label
from geodata.analysis.indicators import indicator, indicators
from tests.analysis.case_rows import cases_of

ZONE = ZoneInfo("Asia/Shanghai")
DECEMBER = Scope(
    from_at=datetime(2016, 12, 1, tzinfo=ZONE),
    until_at=datetime(2017, 1, 1, tzinfo=ZONE),
    as_of=datetime(2017, 1, 5, tzinfo=ZONE),
    version=1,
)


def december(day: float) -> datetime:
    return DECEMBER.from_at + timedelta(days=day)


def kind_of_case(category: str, *, on_time: int, late: int, overdue: int, not_due: int):
    """Rows of one category, filed in December 2016, in the states counted."""
    filed = {"category": category, "reported_at": december(2), "filed_at": december(2.1)}
    due = {**filed, "due_at": december(10)}
    return [
        *[{**due, "closed_at": december(9)}] * on_time,
        *[{**due, "closed_at": december(20)}] * late,
        *[due] * (overdue // 2),
        *[{**due, "closed_at": december(31.5)}] * (overdue - overdue // 2),  # in January
        *[{**filed, "due_at": december(33)}] * not_due,
    ]


@pytest.fixture(scope="module")
def tianmen():
    """Rows with the counts of 天门's bulletin for December 2016.

    The on-time closures of the two kinds are not published; 730 + 7 is one way to 737.
    """
    occurrences = kind_of_case("event", on_time=730, late=172, overdue=54, not_due=15)
    components = kind_of_case("component", on_time=7, late=2, overdue=7, not_due=9)
    only_received = [{"category": "event", "reported_at": december(5)}] * (1054 - 996)
    older = [{"category": "event", "reported_at": december(-9), "filed_at": december(-9),
              "due_at": december(-1), "closed_at": december(3)}] * 5  # fmt: skip
    filed = [*occurrences, *components]
    sourced = [
        {**row, "channel": "platform" if number < 953 else "12345"}
        for number, row in enumerate(filed)
    ]
    table = cases_of(*sourced, *only_received, *older)
    return with_label(table, "kind", "category", {"event": "事件", "component": "部件"})


def numbers(table: pl.DataFrame) -> dict[str, float | None]:
    return dict(table.select("formula", "value").iter_rows())


def test_the_tianmen_bulletin_to_the_digit(tianmen):
    found = numbers(indicators(tianmen, DECEMBER))
    expected = {"reported": 1054, "filed": 996, "due": 972, "closed": 911, "closed_on_time": 737}
    assert {code: found[code] for code in expected} == expected
    assert f"{found['closure_rate']:.2%}" == "93.72%"
    assert f"{found['on_time_rate']:.2%}" == "75.82%"


def test_the_tianmen_bulletin_by_occurrence_and_component(tianmen):
    table = indicators(tianmen, DECEMBER, by=("kind",))
    by_kind = {kind: numbers(table.filter(kind=kind)) for kind in ("事件", "部件")}
    for code, parts in {
        "filed": (971, 25), "due": (956, 16), "closed": (902, 9),
    }.items():  # fmt: skip
        assert tuple(by_kind[kind][code] for kind in ("事件", "部件")) == parts
    assert f"{by_kind['事件']['closure_rate']:.2%}" == "94.35%"
    assert f"{by_kind['部件']['closure_rate']:.2%}" == "56.25%"


def test_the_tianmen_bulletin_by_source(tianmen):
    table = indicators(tianmen, DECEMBER, by=("channel",)).filter(formula="filed")
    assert dict(table.select("channel", "value").iter_rows()) == {
        "platform": 953.0, "12345": 43.0, "unmapped": 0.0,
    }  # fmt: skip


def test_a_number_carries_its_parts(tianmen):
    answer = indicator(tianmen, DECEMBER, "on_time_rate")
    assert isinstance(answer, Value)
    assert (answer.numerator, answer.denominator, answer.n) == (737, 972, 972)
    assert (answer.scope.version, answer.scope.until_at) == (1, DECEMBER.until_at)
    exact = stats.binomtest(737, 972).proportion_ci(0.95, method="exact")
    assert (answer.lower, answer.upper) == pytest.approx((exact.low, exact.high), abs=1e-12)
