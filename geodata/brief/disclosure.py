"""Which counts can be told so that no small one can be worked out (S22): suppression, and its proof.

A table for the public tells counts of the same cases in several ways: by area and kind, by cell,
and their totals. Leaving out the small ones is not enough, because a total less its other parts
gives a missing one away. So more is hidden, one count at a time, until an attacker who knows
everything told, and that counts are never negative, is left for every small count with a range at
least ``width`` wide. That range is worked out by linear programming over all tables at once
(Fischetti and Salazar 2000, J. Am. Stat. Assoc. 95: what a protected table must withstand).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

Flags = npt.NDArray[np.bool_]
Reals = npt.NDArray[np.float64]

_NEAR: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRule:
    """What the public may be told. Change the rule here, never in a page.

    Attributes
    ----------
    least
        Counts from 1 up to below this are hidden. Zeros are told: they are about nobody.
    width
        An attacker must be left with a range at least so wide for every such count: 4 leaves
        five values.
    resolution
        H3 resolution of the finest place told.
    """

    least: int = 5
    width: int = 4
    resolution: int = 8
    source: str = "assumed; to be confirmed by the command centre"


@dataclass(frozen=True, kw_only=True)
class Released:
    """Counts of the same cases, told in several ways.

    Attributes
    ----------
    parts
        Counts × smallest groups of cases: which groups a count adds up (0 or 1).
    values
        The counts, in the order of the rows of ``parts``.
    siblings
        For each count, tiers of rows that may be hidden to protect it: first the others of its
        row and column, then the totals above it, then whatever else there is.
    """

    parts: Any
    values: Reals
    siblings: Sequence[Sequence[Sequence[int]]]

    def small(self, rule: PublicRule) -> Flags:
        """Which counts must not be told."""
        return (self.values > 0) & (self.values < rule.least)


def suppressed(released: Released, rule: PublicRule) -> Flags:
    """Return which counts to hide: the small ones, and as many others as it takes.

    Always ends: at worst everything is hidden.
    """
    hidden = released.small(rule)
    small = np.flatnonzero(hidden)
    open_to_attack = list(small)
    while open_to_attack:
        exposed = [row for row in open_to_attack if _width(released, hidden, row) < rule.width]
        if not exposed:
            return hidden
        hidden = _hide_more(released, hidden, exposed)
        open_to_attack = exposed if hidden.sum() < len(hidden) else []
    return hidden


def still_exposed(released: Released, hidden: Flags, rule: PublicRule) -> list[int]:
    """Small counts that an attacker can pin down to less than ``rule.width``."""
    small = np.flatnonzero(released.small(rule))
    return [int(row) for row in small if _width(released, hidden, int(row)) < rule.width]


def _hide_more(released: Released, hidden: Flags, exposed: Iterable[int]) -> Flags:
    """Hide the smallest sibling of each exposed count that is told; one may serve several."""
    more = hidden.copy()
    for row in exposed:
        for tier in released.siblings[row]:
            if any(more[other] and not hidden[other] for other in tier):
                break
            told = [other for other in tier if not more[other] and released.values[other]]
            if told:
                more[min(told, key=lambda other: (released.values[other], other))] = True
                break
    if (more == hidden).all():
        more[:] = True
    return more


def _width(released: Released, hidden: Flags, row: int) -> float:
    """How wide the range is that everything told leaves for a hidden count."""
    low, high = feasible_range(released, hidden, row)
    return high - low


def feasible_range(released: Released, hidden: Flags, row: int) -> tuple[float, float]:
    """Smallest and largest value of a count that agree with everything told.

    The attacker knows what is told, that zeros would have been told, and that no group of cases
    is negative. Infinite above where nothing told bounds it.
    """
    told = ~hidden
    nobody = np.asarray(released.parts[told & (released.values == 0)].sum(axis=0)).ravel() > 0
    parts = sparse.csr_array(released.parts[:, ~nobody])
    counted = told & (released.values > 0)
    aim = parts[[row]].toarray().ravel()
    ends = [
        _end(
            linprog(
                sign * aim,
                A_eq=parts[counted] if counted.any() else None,
                b_eq=released.values[counted] if counted.any() else None,
                A_ub=-parts[hidden],
                b_ub=-np.ones(int(hidden.sum())),
                bounds=(0, None),
                method="highs",
            ),
            sign,
        )
        for sign in (1.0, -1.0)
    ]
    return ends[0], ends[1]


def _end(found: Any, sign: float) -> float:
    if found.status == 3:  # noqa: PLR2004 - unbounded, as HiGHS numbers it
        return float("inf")
    if found.status != 0:
        raise ValueError(f"the counts told contradict each other: {found.message}")
    value = sign * float(found.fun)
    return round(value) if abs(value - round(value)) < _NEAR else value
