"""Why a statistic gives no answer. Pages turn the code into words; a number is never made up."""

from __future__ import annotations

from enum import StrEnum


class Undecided(StrEnum):
    """The reason there is nothing to test."""

    NO_CELLS = "no_cells"
    """The study area is empty."""

    TOO_FEW_CELLS = "too_few_cells"
    """Fewer than three units: none can stand out from the others."""

    TOO_FEW_STEPS = "too_few_steps"
    """Fewer than four time steps: too few to call a trend or a class."""

    ALL_ZERO = "all_zero"
    """Nothing was reported."""

    ALL_EQUAL = "all_equal"
    """Every unit has the same value: nothing stands out."""

    ALL_NEIGHBOURS = "all_neighbours"
    """Every neighbourhood is empty or holds the whole study area: nothing to compare with."""

    NO_EXPOSURE = "no_exposure"
    """No neighbourhood holds any street (or whatever the rate is per)."""
