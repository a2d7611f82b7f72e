"""The course of the five numbers: the very numbers those periods show themselves."""

from datetime import date, timedelta

import numpy as np
import pytest

from geodata.analysis.answers import Value
from geodata.domain.period import parse_period, previous
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.summing_up.compared import total_dispersion
from geodata.findings.summing_up.course import STEPS, courses
from geodata.findings.summing_up.overview import overview


@pytest.fixture(scope="module")
def source(small_city):
    return Source.of(small_city.folder)


def shown(source, period, code, selection=None):
    answer = overview(source, period, selection).headline(code).now
    return float(answer.value) if isinstance(answer, Value) else None


@pytest.mark.parametrize("selection", [None, Selection(families=frozenset(["occupancy"]))])
@pytest.mark.parametrize("period", ["2026-W46", "2026-10", "2026-11-12"])
def test_each_point_is_the_number_that_period_shows(source, period, selection):
    found = overview(source, period, selection)
    course = courses(found)
    assert set(course) == {one.code for one in found.headlines}
    for code, one in course.items():
        step = parse_period(period)
        for point in reversed(one.points):
            assert (point.from_on, point.until_on) == (step.from_on, step.until_on)
            assert point.value == shown(source, step, code, selection)
            step = previous(step)
    assert len(course["reported"].points) == (6 if period == "2026-10" else STEPS)


def test_of_a_period_under_way_all_are_cut_to_the_days_there_are(source):
    found = overview(source, "2026-11")
    assert source.facts.last_day == date(2026, 11, 22)
    points = courses(found)["reported"].points
    assert [point.from_on.day for point in points] == [1] * len(points)
    assert {point.until_on.day for point in points} == {22}
    days = source.facts.frame["reported_on"]
    assert [point.value for point in points] == [
        days.is_between(point.from_on, point.until_on).sum() for point in points
    ]
    headline = found.headline("reported")
    assert (points[-1].value, points[-2].value) == (headline.now.value, headline.before.value)


def test_too_few_periods_give_no_course(source):
    assert all(one.points == () for one in courses(overview(source, "2026-Q4")).values())
    first = source.facts.first_day + timedelta(days=8)
    found = courses(overview(source, first.isoformat()))
    assert len(found["reported"].points) in (0, 9)


def test_the_usual_range_holds_counts_that_only_go_up_and_down_by_themselves(source):
    found = overview(source, "2026-W46")
    low, high = courses(found)["reported"].usual
    before = [point.value for point in courses(found)["reported"].points[:-1]]
    mean, scatter = np.mean(before), total_dispersion(found.compared)
    assert (low + high) / 2 == pytest.approx(mean)
    assert ((high - low) / 2 / 1.96) ** 2 == pytest.approx(scatter * mean * 9 / 8)
    assert all(courses(found)[code].usual is None for code in ("on_time_rate", "hot_cells"))


def test_a_future_week_and_one_before_the_record_have_no_course(source):
    for period in ("2031-W01", "2019-W10"):
        found = courses(overview(source, period))
        assert all(one.points == () for one in found.values())
