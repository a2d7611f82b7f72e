import h3
import numpy as np
import pytest

from geodata.analysis.hotspots import HotSpotRule
from geodata.analysis.stability import BADGES, stability, variants
from geodata.spatial.cells import centres_of, parent_of
from tests.analysis.hexagons import disk

COARSE = disk(9, resolution=9)
FINE = np.array(
    sorted(int(c, 16) for cell in COARSE for c in h3.cell_to_children(f"{cell:x}", 11)),
    dtype=np.int64,
)


def quiet(seed=0):
    return np.random.default_rng(seed).poisson(0.05, len(FINE)).astype(float)


def test_a_wide_strong_spot_is_firm_and_chance_gets_no_badge():
    counts = quiet()
    middle = h3.cell_to_latlng(f"{COARSE[100]:x}")
    away = np.hypot(*(centres_of(FINE) - middle[::-1]).T)
    near = away < 0.006  # about 600 m
    counts[near] += np.random.default_rng(1).poisson(0.6, near.sum())
    found = stability(FINE, counts, resolution=9)
    row = found.row(int(np.searchsorted(found["cell"].to_numpy(), COARSE[100])), named=True)
    assert (row["spot"], row["badge"], row["variants"]) == (1, "firm", 5)
    assert row["found_again"] > 0.9
    assert found.filter(spot=0)["badge"].unique().to_list() == ["none"]


def found_again(seed, extra):
    """Plant reports on one neighbourhood; the share found again, None where no spot is seen."""
    names = h3.grid_disk(f"{COARSE[100]:x}", 1)
    inside = np.isin(parent_of(FINE, 9), [int(name, 16) for name in names])
    counts = quiet(seed)
    counts[inside] += np.random.default_rng(seed).poisson(extra, inside.sum())
    found = stability(FINE, counts, resolution=9)
    row = found.row(int(np.searchsorted(found["cell"].to_numpy(), COARSE[100])), named=True)
    return row["found_again"] if row["spot"] else None


def test_a_weak_spot_is_less_firm_than_a_strong_one():
    weak = [share for seed in range(8) if (share := found_again(seed, 0.045)) is not None]
    strong = [found_again(seed, 0.6) for seed in range(4)]
    assert np.mean(weak) < 0.7
    assert min(strong) > 0.95


def test_every_variant_keeps_every_fine_cell():
    for variant in variants(FINE, 9, 1):
        assert len(variant.cells) == len(FINE)
        assert variant.rings in (0, 1, 3)
    names = [variant.name for variant in variants(FINE, 9, 1)]
    assert names == ["coarser", "finer", "moved 0°", "moved 120°", "moved 240°"]


def test_moving_by_half_a_cell_changes_about_half_of_the_ground():
    base = parent_of(FINE, 9)
    moved = [variant.cells for variant in variants(FINE, 9, 1)][2:]
    for cells in moved:
        assert 0.4 < (cells != base).mean() < 0.75


def test_per_km():
    km = np.random.default_rng(2).gamma(1, 0.01, len(FINE))
    found = stability(FINE, quiet(), resolution=9, exposure=km)
    assert (found["spot"] == 0).mean() > 0.99
    assert found["badge"].dtype.categories.to_list() == list(BADGES)


def test_nothing_in_nothing_out():
    assert len(stability(np.zeros(0, np.int64), np.zeros(0), resolution=9)) == 0


def test_bad_input_is_refused_in_words():
    with pytest.raises(ValueError, match="coarser than that, not resolution 11"):
        stability(FINE, quiet(), resolution=11)
    with pytest.raises(ValueError, match="rings"):
        stability(FINE, quiet(), resolution=9, rule=HotSpotRule(rings=None))
