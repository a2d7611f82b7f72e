"""Campaigns whose effects are known, on a small made-up town, for tests and notebooks.

from tests.simulator import Effects, Town, simulate
world = simulate(Town(), Effects(drop=0.3), np.random.default_rng(1))
measure_effect(world.trial)
"""

from tests.simulator.comings_back import ComingBack, simulate_cases
from tests.simulator.town import Effects, Town, World, simulate

__all__ = ["ComingBack", "Effects", "Town", "World", "simulate", "simulate_cases"]
