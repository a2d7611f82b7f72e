import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.analysis.mann_kendall import mann_kendall, smallest_p
from tests.analysis import oracles

series = st.lists(st.integers(-3, 3), min_size=2, max_size=30)


@given(series)
def test_one_series_agrees_with_the_definition(values):
    found = mann_kendall(np.array([values]))
    score, variance, z, p = oracles.trend_test(values)
    assert found.score[0] == score
    assert found.variance[0] == pytest.approx(float(variance), abs=1e-12)
    assert found.z[0] == pytest.approx(z, abs=1e-12)
    assert found.p[0] == pytest.approx(p, abs=1e-12)


@pytest.mark.parametrize("levels", [2, 5, 10_000])
def test_ten_thousand_series_agree_with_the_definition(levels):
    rng = np.random.default_rng(levels)
    for steps in (4, 7, 14):
        rows = rng.integers(0, levels, (3_400, steps))
        found = mann_kendall(rows)
        expected = [oracles.trend_test(row) for row in rows.tolist()]
        assert found.score.tolist() == [row[0] for row in expected]
        np.testing.assert_allclose(found.z, [row[2] for row in expected], atol=1e-12)
        np.testing.assert_allclose(found.p, [row[3] for row in expected], atol=1e-12)


def test_equal_to_pymannkendall():
    theirs = pytest.importorskip("pymannkendall", reason="compares with another library")
    rng = np.random.default_rng(3)
    rows = np.concatenate([rng.integers(0, 4, (60, 12)), rng.normal(size=(60, 12)) * 10])
    found = mann_kendall(rows)
    for i, row in enumerate(rows):
        expected = theirs.original_test(row)
        assert found.score[i] == expected.s
        assert found.variance[i] == pytest.approx(expected.var_s)
        assert found.z[i] == pytest.approx(expected.z, abs=1e-12)
        assert found.p[i] == pytest.approx(expected.p, abs=1e-9)


@given(st.lists(series.filter(lambda s: len(s) >= 5).map(lambda s: s[:5]), min_size=1, max_size=5))
def test_turning_time_around_turns_the_trend_around(rows):
    values = np.array(rows)
    forward, backward = mann_kendall(values), mann_kendall(values[:, ::-1])
    assert (forward.score == -backward.score).all()
    np.testing.assert_array_equal(forward.p, backward.p)
    assert (forward.direction(0.1) == -backward.direction(0.1)).all()


def test_a_constant_series_has_no_trend_and_no_nan():
    found = mann_kendall(np.ones((2, 6)))
    assert found.p.tolist() == [1.0, 1.0]
    assert found.z.tolist() == [0.0, 0.0]


def test_blocks_do_not_change_the_answer():
    rows = np.random.default_rng(0).integers(0, 9, (16_384 + 10, 5))
    whole, tail = mann_kendall(rows), mann_kendall(rows[-20:])
    assert (whole.score[-20:] == tail.score).all()


def test_few_steps_cannot_show_a_trend():
    assert smallest_p(4) > 0.05 > smallest_p(5)
    assert smallest_p(1) == 1.0


def test_nothing_in_nothing_out():
    assert len(mann_kendall(np.zeros((0, 8))).p) == 0
