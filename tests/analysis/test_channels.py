"""More patrols are not worse streets."""

from __future__ import annotations

import pytest

from geodata.analysis.answers import Scope, Withheld
from geodata.analysis.channels import PatrolRule, patrol_shift
from geodata.analysis.reasons import Reason
from tests.analysis.case_rows import END, MARCH, at, cases_of

APRIL = Scope(from_at=END, until_at=at(61), as_of=at(61))


def found(*counts: tuple[float, str | None, int]):
    """Cases as (first day, channel, how many), spread evenly over four weeks."""
    rows = [
        {"reported_at": at(day + number % 28), "channel": channel}
        for day, channel, times in counts
        for number in range(times)
    ]
    return cases_of(*rows)


def shift(*counts, **keywords):
    return patrol_shift(found(*counts), MARCH, APRIL, patrol={"patrol", "video"}, **keywords)


def test_doubled_patrols_are_told_from_worse_streets():
    result = shift((1, "patrol", 60), (1, "12345", 62), (32, "video", 120), (32, "12345", 60))
    assert result.changed
    assert (result.first.numerator, result.first.denominator) == (60, 122)
    assert (result.second.value, result.second.n) == (120 / 180, 180)
    assert result.by_patrols.ratio == pytest.approx((120 / 30) / (60 / 31))
    assert result.by_others.ratio == pytest.approx(1.0)
    assert result.by_others.lower < 1 < result.by_others.upper


def test_streets_twice_as_bad_with_equal_patrols_is_no_shift():
    result = shift((1, "patrol", 50), (1, "12345", 50), (32, "patrol", 100), (32, "12345", 100))
    assert not result.changed
    assert result.difference == 0


def test_a_trifle_is_no_shift_however_many_cases():
    counts = (1, "patrol", 4000), (1, "12345", 4000), (32, "patrol", 4250), (32, "12345", 3750)
    assert not shift(*counts).changed
    assert shift(*counts, rule=PatrolRule(least_difference=0.0)).changed


def test_an_unknown_channel_counts_with_the_others_and_is_said():
    result = shift((1, "patrol", 5), (1, None, 5), (32, "patrol", 5), (32, "12345", 5))
    assert result.unknown_channel == 5
    assert result.first.value == 0.5


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([], Reason.NO_CASES),
        ([(1, "patrol", 3)], Reason.NO_CASES),
        ([(1, None, 3), (32, "patrol", 3)], Reason.NOT_RECORDED),
    ],
)
def test_what_cannot_be_compared_is_answered_in_words(counts, reason):
    result = shift(*counts)
    assert isinstance(result, Withheld)
    assert result.reason is reason


def test_no_patrol_case_at_first_has_no_ratio():
    result = shift((1, "12345", 40), (32, "12345", 40), (32, "patrol", 28))
    assert (result.by_patrols.ratio, result.by_patrols.upper) == (None, None)
    assert result.by_patrols.lower > 1


def test_patrols_that_come_in_bursts_widen_every_interval():
    steady = shift((1, "patrol", 56), (1, "12345", 56), (32, "patrol", 84), (32, "12345", 56))
    burst = patrol_shift(
        cases_of(
            *({"reported_at": at(day), "channel": "12345"} for day in range(1, 29)),
            *({"reported_at": at(day), "channel": "12345"} for day in range(1, 29)),
            *({"reported_at": at(3), "channel": "patrol"} for _ in range(56)),
            *({"reported_at": at(32 + day), "channel": "12345"} for day in range(28)),
            *({"reported_at": at(32 + day), "channel": "12345"} for day in range(28)),
            *({"reported_at": at(40), "channel": "patrol"} for _ in range(84)),
        ),
        MARCH, APRIL, patrol={"patrol"},
    )  # fmt: skip
    assert burst.difference == steady.difference
    assert steady.dispersion == 1
    assert burst.dispersion > 4
    assert burst.lower < steady.lower < steady.upper < burst.upper
    assert burst.by_patrols.lower < steady.by_patrols.lower
    assert not burst.changed
