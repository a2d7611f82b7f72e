"""Seventeen ways a place can be hot or cold over time.

| class        | a hot spot that …                                                        |
|--------------|--------------------------------------------------------------------------|
| new          | is significant at the last step and at no other                          |
| consecutive  | is one uninterrupted run of ≥ 2 steps up to the last, never significant  |
|              | before, in < 90 % of steps                                               |
| intensifying | is hot in ≥ 90 % of steps and at the last, z rising                      |
| persistent   | is hot in ≥ 90 % of steps, z without trend                               |
| diminishing  | is hot in ≥ 90 % of steps and at the last, z falling                     |
| sporadic     | is hot at the last step, on and off, in < 90 % of steps, never cold      |
| oscillating  | is hot at the last step, in < 90 % of steps, and was cold before         |
| historical   | is hot in ≥ 90 % of steps but not at the last                            |

Each has its cold mirror (hot ↔ cold, rising ↔ falling); anything else is *none*. They are
checked from top to bottom, hot and mirror side by side, so that turning every sign around turns
every class around. "Significant" means hot or cold: a place that was cold and turned hot is
oscillating, not new.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int8]

KINDS: Final = (
    "new",
    "consecutive",
    "intensifying",
    "persistent",
    "diminishing",
    "sporadic",
    "oscillating",
    "historical",
)
"""In the order they are checked; kind i (from 1) is code i when hot, −i when cold."""

NONE: Final = "none"
OFTEN_PERCENT: Final = 90


def class_name(code: int) -> str:
    """Name of a code: ``new_hot`` for 1, ``new_cold`` for −1, … ``none`` for 0."""
    return f"{KINDS[abs(code) - 1]}_{'hot' if code > 0 else 'cold'}" if code else NONE


CLASS_NAMES: Final = tuple(
    class_name(code) for code in (*range(1, len(KINDS) + 1), 0, *range(-1, -len(KINDS) - 1, -1))
)
"""All seventeen: hot, none, cold."""


def classify(spots: Codes, trend: Codes) -> Codes:
    """Give each series its class.

    Parameters
    ----------
    spots
        n × t: +1 significantly hot, −1 significantly cold, 0 neither.
    trend
        Direction of each series of z: +1 rising, −1 falling, 0 no trend.

    Returns
    -------
    numpy.ndarray
        n codes: see `KINDS` and `class_name`. Empty in, empty out.
    """
    if spots.shape[1] == 0:
        return np.zeros(len(spots), dtype=np.int8)
    by_step = np.ascontiguousarray(spots.T)
    hot, cold = _kinds(by_step, trend), _kinds(-by_step, -trend)
    codes = np.zeros(len(spots), dtype=np.int8)
    for kind in range(len(KINDS), 0, -1):  # the first to be checked is written last
        codes[hot[kind - 1]] = kind
        codes[cold[kind - 1]] = -kind
    return codes


def _kinds(spots: Codes, trend: Codes) -> list[npt.NDArray[np.bool_]]:
    """Tell for each kind, in order, which columns of t × n fit its own words as a hot spot."""
    steps = len(spots)
    hot_steps = (spots > 0).sum(axis=0)
    cold_steps = (spots < 0).sum(axis=0)
    last = spots[-1] > 0
    often = 100 * hot_steps >= OFTEN_PERCENT * steps
    never_before = (_final_run(spots) == hot_steps) & (cold_steps == 0)
    return [
        last & (hot_steps == 1) & (cold_steps == 0),
        last & (hot_steps > 1) & never_before & ~often,
        often & last & (trend > 0),
        often & (trend == 0),
        often & last & (trend < 0),
        last & ~often & (cold_steps == 0) & ~never_before,
        last & ~often & (cold_steps > 0),
        often & ~last,
    ]


def _final_run(spots: Codes) -> npt.NDArray[np.int64]:
    """How many steps up to the last are hot without a break."""
    run = np.zeros(spots.shape[1], dtype=np.int64)
    unbroken = np.ones(spots.shape[1], dtype=bool)
    for step in spots[::-1]:
        unbroken &= step > 0
        if not unbroken.any():
            break
        run += unbroken
    return run
