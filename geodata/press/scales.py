"""Round numbers for axes and scale bars."""

from __future__ import annotations

import math
from typing import Final

_STEPS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
_ROUND: Final = (1, 2, 5)


def ticks_of(low: float, high: float, most: int = 6) -> list[float]:
    """Return round shares from ``low`` to ``high``, so many at most, rising."""
    for step in _STEPS:
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            return [round(at * step, 4) for at in range(first, last + 1)]
    return [low, high]


def round_length(longest_m: float) -> int:
    """Return the largest of 1, 2, 5, 10, 20, 50… metres that is no longer than this; at least 1."""
    longest = max(longest_m, 1.0)
    power = 10 ** (len(str(int(longest))) - 1)
    return int(max(share * power for share in _ROUND if share * power <= longest))
