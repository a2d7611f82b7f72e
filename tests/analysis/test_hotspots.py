import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from geodata.analysis.hotspots import HotSpotRule, hot_spots
from geodata.analysis.neighbours import ring_neighbours
from geodata.analysis.reasons import Reason
from geodata.analysis.zero_fill import cube_on_study_area, on_study_area
from tests.analysis.hexagons import disk

CELLS = disk(10)
NEAR = ring_neighbours(CELLS, 1)
MIDDLE = int(np.flatnonzero(np.diff(NEAR.indptr) == 7)[40])
NULLS = [HotSpotRule(null=null) for null in ("exact", "dispersed", "normal")]


def planted(strength=12, seed=0):
    counts = np.random.default_rng(seed).poisson(1.0, len(CELLS)).astype(float)
    counts[NEAR[[MIDDLE]].indices] += strength
    return counts


def numbers(cells):
    return np.concatenate([cells[name].to_numpy().astype(float) for name in ("z", "p", "q")])


@pytest.mark.parametrize("rule", NULLS, ids=lambda rule: rule.null)
def test_a_planted_hot_spot_is_found(rule):
    found = hot_spots(planted(), NEAR, ids=CELLS, rule=rule)
    row = found.cells.row(MIDDLE, named=True)
    assert row["spot"] == 1
    assert row["bin"] == 3
    assert row["cell"] == CELLS[MIDDLE]
    assert row["near_cells"] == 7
    assert row["near_cases"] == planted()[NEAR[[MIDDLE]].indices].sum()
    assert row["expected"] == pytest.approx(7 * planted().mean())
    assert found.n == len(CELLS)
    assert (found.rule, found.null) == (rule, rule.null)
    assert found.undecided is None


def test_spot_is_q_at_alpha():
    found = hot_spots(planted(), NEAR, rule=HotSpotRule(alpha=0.01)).cells
    assert ((found["q"] <= 0.01) == (found["spot"] != 0)).all()


def test_empty_cells_count():
    """The same reports are no hot spot when the quiet streets around them are left away."""
    counts = np.zeros(len(CELLS))
    some = NEAR[[MIDDLE]].indices
    counts[some] = [4, 5, 4, 5, 4, 5, 4]
    assert hot_spots(counts, NEAR).cells["spot"][MIDDLE] == 1
    only = hot_spots(counts[some], ring_neighbours(CELLS[some], 1))
    assert (only.cells["spot"] == 0).all()


def test_a_pile_of_default_geocodes_is_no_hot_spot_and_is_said():
    counts = np.random.default_rng(1).poisson(1.0, len(CELLS)).astype(float)
    piled = np.zeros(len(CELLS))
    piled[MIDDLE] = 900
    found = hot_spots(counts + piled, NEAR, piled=piled, rule=HotSpotRule(null="dispersed"))
    assert found.cells["spot"][MIDDLE] == 0
    assert (found.left_out_cases, found.left_out_cells) == (900, 1)
    assert found.cases == counts.sum()
    assert found.cells["z"].equals(hot_spots(counts, NEAR).cells["z"])


def test_per_km_the_expected_cases_follow_the_street():
    km = np.random.default_rng(0).gamma(1, 0.2, len(CELLS))
    counts = np.random.default_rng(1).poisson(8 * km).astype(float)
    found = hot_spots(counts, NEAR, exposure=km)
    assert found.null == "dispersed"
    assert found.rate == pytest.approx(counts.sum() / km.sum())
    assert found.cells["near_exposure"][MIDDLE] == pytest.approx(km[NEAR[[MIDDLE]].indices].sum())
    assert (found.cells["spot"] == 0).all()
    counts[NEAR[[MIDDLE]].indices] += 12
    assert hot_spots(counts, NEAR, exposure=km).cells["spot"][MIDDLE] == 1


@pytest.mark.parametrize(
    ("counts", "matrix", "exposure", "reason"),
    [
        (np.zeros(0), sparse.csr_array((0, 0)), None, Reason.NO_CELLS),
        (np.ones(1), sparse.eye_array(1), None, Reason.TOO_FEW_CELLS),
        (np.zeros(len(CELLS)), NEAR, None, Reason.ALL_ZERO),
        (np.full(len(CELLS), 3), NEAR, None, Reason.ALL_EQUAL),
        (np.arange(7), sparse.csr_array(np.ones((7, 7))), None, Reason.ALL_NEIGHBOURS),
        (np.ones(len(CELLS)), NEAR, np.zeros(len(CELLS)), Reason.NO_EXPOSURE),
    ],
)
def test_what_cannot_be_told_has_a_reason_and_no_nan(counts, matrix, exposure, reason):
    for null in NULLS:
        found = hot_spots(counts, matrix, exposure=exposure, rule=null)
        assert found.undecided is reason
        assert found.n == 0
        assert len(found.cells) == len(counts)
        assert (found.cells["spot"] == 0).all()
        assert np.isfinite(numbers(found.cells)).all()


@given(st.lists(st.integers(0, 30), min_size=37, max_size=37), st.sampled_from(NULLS))
def test_any_counts_give_numbers(counts, rule):
    found = hot_spots(np.array(counts), ring_neighbours(disk(3), 1), rule=rule).cells
    assert np.isfinite(numbers(found)).all()
    assert found["p"].is_between(0, 1).all()
    assert (found["q"] >= found["p"] - 1e-15).all()
    assert (found["spot"] * found["z"].sign() >= 0).all()
    assert found["near_cases"].sum() >= sum(counts)


def test_bad_input_is_refused_in_words():
    with pytest.raises(ValueError, match="piled between 0 and counts"):
        hot_spots(np.ones(len(CELLS)), NEAR, piled=np.full(len(CELLS), 2))
    with pytest.raises(ValueError, match="19 cells, 1 rings hold 7"):
        hot_spots(planted(), ring_neighbours(CELLS, 2))
    with pytest.raises(ValueError, match="align them"):
        hot_spots(np.ones(3), NEAR)
    with pytest.raises(ValueError, match="not finite"):
        hot_spots(np.full(len(CELLS), np.nan), NEAR)


def test_a_huge_neighbourhood_says_that_the_normal_curve_was_used():
    rng = np.random.default_rng(0)
    matrix = sparse.csr_array(np.abs(np.subtract.outer(np.arange(900), np.arange(900))) < 250)
    found = hot_spots(rng.poisson(1, 900), matrix, rule=HotSpotRule(rings=None))
    assert found.null == "normal"


@given(st.lists(st.tuples(st.integers(0, 110), st.integers(1, 5)), max_size=30))
def test_no_case_is_lost_on_the_way_to_the_study_area(pairs):
    wide = disk(5)  # 91 cells; the numbers above that lie outside
    outside = disk(8)[~np.isin(disk(8), wide)]
    places = np.concatenate([wide, outside])[[place for place, _ in pairs]].astype(np.int64)
    counts = np.array([count for _, count in pairs], dtype=int)
    placed, away = on_study_area(wide, places, counts)
    assert placed.sum() + away == counts.sum()
    for place, count in zip(
        places[:1], placed[np.searchsorted(wide, places[:1]) % 91], strict=True
    ):
        if place in wide:
            assert count == counts[places == place].sum()


def test_a_cube_has_a_row_for_every_cell_and_a_column_for_every_step():
    study = disk(2)
    cells, step = study[[0, 0, 3, 3]], np.array([0, 2, 1, 7])
    cube, away = cube_on_study_area(study, cells, step, np.array([2, 3, 4, 5]), steps=3)
    assert cube.shape == (19, 3)
    assert cube[0].tolist() == [2, 0, 3]
    assert cube[3].tolist() == [0, 4, 0]
    assert away == 5
    with pytest.raises(ValueError, match="sorted"):
        cube_on_study_area(study[::-1], cells, step, step, steps=3)
