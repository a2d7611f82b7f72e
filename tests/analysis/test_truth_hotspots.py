import pytest

from tests.analysis import truth_hotspots as truth


def test_few_false_alarms_where_nothing_is_going_on():
    """Pooled over all worlds, so that a short run is enough to see 6 % against 20 %."""
    rows = truth.held_rows(12)
    pooled = sum(row.false_share for row in rows) / len(rows)
    assert pooled <= 0.06, [row.text() for row in rows]


def test_the_textbook_curve_does_raise_them():
    world = truth.poisson(0.3)
    row = truth.no_effect(20, "", "", world, truth.spots(truth.HotSpotRule(null="normal")))
    assert row.false_share > 0.2


def test_planted_hot_spots_are_found():
    for row in truth.power_rows(15):
        assert row.found >= 0.7, row.text()
        assert row.false_share <= 0.1, row.text()


@pytest.mark.slow
def test_false_alarms_in_five_hundred_runs():
    for row in truth.held_rows(500):
        assert row.false_share <= 0.06, row.text()


@pytest.mark.slow
def test_power_in_five_hundred_runs():
    for row in truth.power_rows(500):
        assert row.found >= 0.8, row.text()
        assert row.false_share <= 0.06, row.text()
