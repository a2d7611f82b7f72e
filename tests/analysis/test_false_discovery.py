import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geodata.analysis.false_discovery import adjusted, confidence_bins, cut_off
from tests.analysis import oracles

chances = st.lists(
    st.sampled_from([0.0, 1e-6, 0.001, 0.01, 0.02, 0.04, 0.05, 0.3, 1.0]), max_size=40
)


@given(chances, st.sampled_from([0.01, 0.05, 0.1]))
def test_findings_are_those_of_the_step_up_rule(p, alpha):
    values = np.array(p, dtype=float)
    expected = oracles.findings(dict(enumerate(p)), alpha)
    largest = cut_off(values, alpha)
    assert set(np.flatnonzero(values <= largest).tolist()) == expected


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_adjusted_values_are_scipys(p):
    np.testing.assert_allclose(adjusted(np.array(p)), stats.false_discovery_control(p), atol=1e-14)


def test_adjusted_and_cut_off_agree_on_many():
    rng = np.random.default_rng(0)
    p = np.concatenate([rng.random(5_000), rng.random(200) * 1e-3])
    assert ((adjusted(p) <= 0.05) == (p <= cut_off(p, 0.05))).all()


def test_equal_to_esda():
    esda = pytest.importorskip("esda", reason="compares with another library")
    p = np.concatenate([np.random.default_rng(2).random(500), np.linspace(1e-9, 1e-3, 40)])
    assert ((p <= esda.fdr(p, 0.05)) == (p <= cut_off(p, 0.05))).all()


def test_bins():
    sign = np.array([3.0, 3.0, -3.0, -3.0, 3.0])
    q = np.array([0.01, 0.05, 0.10, 0.011, 0.11])
    assert confidence_bins(sign, q).tolist() == [3, 2, -1, -2, 0]


def test_nothing_in_nothing_out():
    assert len(adjusted(np.zeros(0))) == 0
    assert cut_off(np.zeros(0), 0.05) == -1.0
