"""A street's segments joined end to end into as few long lines as possible: labels lie on them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
"""n × 2 coordinates."""

NEAR_M: Final = 26.0
"""Ends no further apart than this may be joined: about the width of a crossing."""

TOUCHING_M: Final = 3.5
"""A gap shorter than this needs no direction of its own."""

_STRAIGHT_ENOUGH: Final = math.cos(math.radians(50))

_SHORTEST: Final = 0.01


@dataclass(frozen=True, slots=True)
class Chain:
    """A line with the arc length at each of its distinct points."""

    points: Points
    arc: npt.NDArray[np.float64]

    @property
    def length(self) -> float:
        """Length in the unit of the points."""
        return float(self.arc[-1])

    def at(self, along: float) -> tuple[float, float]:
        """Return the point at an arc length, clamped to the ends."""
        low = int(np.searchsorted(self.arc, along, side="right")) - 1
        low = min(max(low, 0), len(self.arc) - 2)
        step = self.arc[low + 1] - self.arc[low]
        t = min(max((along - self.arc[low]) / step, 0.0), 1.0)
        x, y = self.points[low] + t * (self.points[low + 1] - self.points[low])
        return float(x), float(y)


def chains_of(lines: Sequence[Points]) -> list[Chain]:
    """Join lines where one continues another; longest first.

    Equal input, equal order. Lines without length are left out.
    """
    ordered = [lines[at] for at in sorted(range(len(lines)), key=lambda at: (-len(lines[at]), at))]
    pool = _Pool(ordered)
    chains = [_measured(pool.grown(at)) for at in range(len(ordered)) if not pool.used[at]]
    return sorted((one for one in chains if one is not None), key=lambda one: -one.length)


class _Pool:
    """Lines of one street, each used once."""

    def __init__(self, lines: Sequence[Points]) -> None:
        self.lines = lines
        self.used = np.zeros(len(lines), dtype=bool)
        ends = [end for line in lines for end in (line, line[::-1])]
        self.starts = np.array([end[0] for end in ends]).reshape(-1, 2)
        self.ways = np.array([_heading(end) for end in ends]).reshape(-1, 2)

    def grown(self, at: int) -> Points:
        """Return the line with all that continues it at either end; they are used up."""
        self.used[at] = True
        return self._extended(self._extended(self.lines[at])[::-1])

    def _extended(self, points: Points) -> Points:
        while (end := self._continuation(points)) is not None:
            self.used[end // 2] = True
            line = self.lines[end // 2]
            points = np.concatenate([points, line if end % 2 == 0 else line[::-1]])
        return points

    def _continuation(self, points: Points) -> int | None:
        """Return the unused end that best continues a line, or None."""
        way = -np.array(_heading(points[::-1]))
        steps = self.starts - points[-1]
        gaps = np.hypot(steps[:, 0], steps[:, 1])
        fits = (gaps <= NEAR_M) & ~np.repeat(self.used, 2) & (self.ways @ way >= _STRAIGHT_ENOUGH)
        fits &= (gaps <= TOUCHING_M) | (steps @ way >= _STRAIGHT_ENOUGH * gaps)
        found = np.flatnonzero(fits)
        return int(found[np.argmin(gaps[found])]) if len(found) else None


def _heading(points: Points) -> tuple[float, float]:
    """Direction in which a line leaves its first point, from its first two steps."""
    dx, dy = points[min(2, len(points) - 1)] - points[0]
    length = math.hypot(dx, dy) or 1.0
    return float(dx / length), float(dy / length)


def _measured(points: Points) -> Chain | None:
    steps = np.hypot(*np.diff(points, axis=0).T)
    kept = np.concatenate([[True], steps >= _SHORTEST])
    distinct = points[kept]
    if len(distinct) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(distinct, axis=0).T))])
    return Chain(distinct, arc)
