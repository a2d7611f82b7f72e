"""Which counts can be told so that no small one can be worked out (S22).

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
    in_doubt = np.flatnonzero(hidden).tolist()
    # hiding more only widens a range: what is safe once stays safe
    while in_doubt and (in_doubt := _exposed(released, hidden, in_doubt, rule)):
        hidden = _hide_more(released, hidden, in_doubt)
    return hidden


def still_exposed(released: Released, hidden: Flags, rule: PublicRule) -> list[int]:
    """Small counts that an attacker can pin down to less than ``rule.width``."""
    small = np.flatnonzero(released.small(rule)).tolist()
    return _exposed(released, hidden, small, rule)


def _exposed(released: Released, hidden: Flags, rows: Iterable[int], rule: PublicRule) -> list[int]:
    """Those of the counts whose range is too narrow.

    Every solution found on the way shows a value each count can take; most need no search of
    their own.
    """
    attack = _Attack.on(released, hidden)
    low, high = np.full(len(released.values), np.inf), np.full(len(released.values), -np.inf)
    found = []
    for row in rows:
        for sign in (1.0, -1.0):
            if high[row] - low[row] >= rule.width:
                break
            seen = attack.extreme(row, sign)
            if seen is None:
                low[row], high[row] = 0.0, np.inf
                continue
            low, high = np.minimum(low, seen), np.maximum(high, seen)
        if high[row] - low[row] < rule.width - _NEAR:
            found.append(row)
    return found


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


@dataclass(frozen=True)
class _Attack:
    """Everything an attacker knows, as equations over the smallest groups of cases.

    What is told is equal; what is hidden is at least 1, because zeros are told; no group is
    negative, and groups in a count told as zero are empty.
    """

    parts: Any
    equal: Any
    equals: Reals
    hidden: Any

    @classmethod
    def on(cls, released: Released, hidden: Flags) -> _Attack:
        told = ~hidden
        empty = np.asarray(released.parts[told & (released.values == 0)].sum(axis=0)).ravel() > 0
        parts = sparse.csr_array(released.parts[:, ~empty])
        counted = told & (released.values > 0)
        return cls(parts, parts[counted], released.values[counted], parts[hidden])

    def extreme(self, row: int, sign: float) -> Reals | None:
        """Values of every count where this one is smallest (1) or largest (−1); None: no end."""
        found = linprog(
            sign * self.parts[[row]].toarray().ravel(),
            A_eq=self.equal if len(self.equals) else None,
            b_eq=self.equals if len(self.equals) else None,
            A_ub=-self.hidden,
            b_ub=-np.ones(self.hidden.shape[0]),
            bounds=(0, None),
            method="highs",
        )
        if found.status == 3:  # noqa: PLR2004 - unbounded, as HiGHS numbers it
            return None
        if found.status != 0:
            raise ValueError(f"the counts told contradict each other: {found.message}")
        return np.asarray(self.parts @ found.x, dtype=np.float64)


def feasible_range(released: Released, hidden: Flags, row: int) -> tuple[float, float]:
    """Smallest and largest value of a count that agree with everything told; may have no end."""
    attack = _Attack.on(released, hidden)
    low, high = attack.extreme(row, 1.0), attack.extreme(row, -1.0)
    return (
        0.0 if low is None else round(float(low[row]), 6),
        float("inf") if high is None else round(float(high[row]), 6),
    )
