"""Near repeats: whether one case raises the chance of the next, close by and soon.

Knox, G. (1964), "The detection of space–time interactions", Applied Statistics 13; permutation
test as in Johnson et al. (2007), J. Quantitative Criminology 23: dates are dealt out anew, which
keeps where and when the cases are and breaks only the link between the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.spatial import cKDTree

from geodata.analysis.reasons import Reason

Reals = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

ROLES: Final = ("originator", "near_repeat", "repeat", "isolated")


@dataclass(frozen=True, slots=True, kw_only=True)
class NearRepeatRule:
    """How near and how soon is near and soon. Change the rule here, never in a page.

    Attributes
    ----------
    same_place_m
        Cases at most so far apart are at the same place.
    band_m, band_days
        Upper edges of the bands of distance and of time (each band holds its upper edge).
        A case is a near repeat up to the first distance band, within the first time band.
    most_pairs
        More pairs of neighbours than this are not tested: time and memory.
    """

    same_place_m: float = 25.0
    band_m: tuple[float, ...] = (100.0, 200.0, 300.0)
    band_days: tuple[float, ...] = (7.0, 14.0, 28.0)
    permutations: int = 999
    seed: int = 1
    most_pairs: int = 5_000_000
    source: str = "assumed; 25 m is about the position error of a report, bands as in Johnson 2007"


DEFAULT_RULE: Final = NearRepeatRule()


def classify_cases(
    x_m: Reals, y_m: Reals, days: Reals, rule: NearRepeatRule = DEFAULT_RULE
) -> pl.Series:
    """Say which part each case plays in a chain of cases.

    ``repeat``: an earlier case lies at the same place within the first time band;
    ``near_repeat``: one lies within the first distance band, but none at the same place;
    ``originator``: none came before it, but one follows it; ``isolated``: neither. Cases of the
    same moment do not precede one another.

    Parameters
    ----------
    x_m, y_m
        Position in any metric CRS.
    days
        Time of report, in days from any origin.

    Returns
    -------
    polars.Series
        Enum of `ROLES`, in the order given. Empty in, empty out.
    """
    before, after, metres = _close_pairs(x_m, y_m, days, rule)
    nearest = np.full(len(days), np.inf)
    np.minimum.at(nearest, after, metres)
    followed = np.zeros(len(days), dtype=bool)
    followed[before] = True
    role = np.where(nearest <= rule.band_m[0], 1, np.where(followed, 0, 3))
    role = np.where(nearest <= rule.same_place_m, 2, role)
    return pl.Series("role", ROLES, dtype=pl.Enum(ROLES)).gather(pl.Series(role, dtype=pl.UInt32))


def _close_pairs(
    x_m: Reals, y_m: Reals, days: Reals, rule: NearRepeatRule
) -> tuple[Integers, Integers, Reals]:
    """Earlier case, later case and metres of every pair near in both space and time."""
    reach, soon = max(rule.band_m[0], rule.same_place_m), rule.band_days[0]
    points = np.column_stack([x_m / reach, y_m / reach, days / soon])
    if len(points) < 2:  # noqa: PLR2004 - a pair
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    pairs = cKDTree(points).query_pairs(1.0 + 1e-12, p=np.inf, output_type="ndarray")
    first, second = pairs[:, 0], pairs[:, 1]
    swap = days[first] > days[second]
    before, after = np.where(swap, second, first), np.where(swap, first, second)
    metres = np.hypot(x_m[before] - x_m[after], y_m[before] - y_m[after])
    kept = (metres <= reach) & (days[before] < days[after])
    return before[kept], after[kept], metres[kept]


@dataclass(frozen=True, kw_only=True)
class Knox:
    """Pairs of cases near in space and time, against chance.

    Attributes
    ----------
    table
        One row per band of distance and time: ``from_m``, ``until_m``, ``from_days``,
        ``until_days``, ``pairs``, ``expected`` (mean of the permutations), ``ratio`` (null
        where nothing is expected), ``p`` (one-sided, (1 + as many) ÷ (1 + permutations)).
        The first distance band is the same place.
    p
        Of the first time band up to the first distance edge, same place included: the one
        figure that answers "are there near repeats?". None where undecided.
    """

    table: pl.DataFrame
    n: int
    p: float | None
    ratio: float | None
    rule: NearRepeatRule
    undecided: Reason | None


def knox_test(x_m: Reals, y_m: Reals, days: Reals, rule: NearRepeatRule = DEFAULT_RULE) -> Knox:
    """Test whether cases near each other also come soon after each other.

    Positions in any metric CRS, times in days; the same seed gives the same p.
    """
    reason = _cannot_test(x_m, y_m, rule)
    if reason is not None:
        return _untested(reason, len(days), rule)
    pairs = cKDTree(np.column_stack([x_m, y_m])).query_pairs(rule.band_m[-1], output_type="ndarray")
    pairs = np.asfortranarray(pairs)  # read by column, once per permutation
    near = _distance_bands(x_m, y_m, pairs, rule)
    seen = _counts(days, pairs, near, rule)
    random = np.random.default_rng(rule.seed)
    dealt = np.stack(
        [_counts(random.permutation(days), pairs, near, rule) for _ in range(rule.permutations)]
    )
    return _answer(seen, dealt, len(days), rule)


def _cannot_test(x_m: Reals, y_m: Reals, rule: NearRepeatRule) -> Reason | None:
    if len(x_m) < 10:  # noqa: PLR2004 - below this every permutation looks alike
        return Reason.TOO_FEW_CASES if len(x_m) else Reason.NO_CASES
    points = np.column_stack([x_m, y_m])
    if not np.ptp(points, axis=0).any():
        return Reason.ONE_PLACE
    tree = cKDTree(points)
    pairs = (tree.count_neighbors(tree, rule.band_m[-1]) - len(x_m)) // 2
    return Reason.TOO_MANY_PAIRS if pairs > rule.most_pairs else None


def _distance_bands(
    x_m: Reals, y_m: Reals, pairs: npt.NDArray[np.intp], rule: NearRepeatRule
) -> Integers:
    metres = np.hypot(x_m[pairs[:, 0]] - x_m[pairs[:, 1]], y_m[pairs[:, 0]] - y_m[pairs[:, 1]])
    return np.searchsorted([rule.same_place_m, *rule.band_m], metres, side="left")


def _counts(
    days: Reals, pairs: npt.NDArray[np.intp], near: Integers, rule: NearRepeatRule
) -> Integers:
    """Pairs in each band of distance (rows) and time (columns)."""
    apart = np.abs(days[pairs[:, 0]] - days[pairs[:, 1]])
    some = np.flatnonzero(apart <= rule.band_days[-1])  # most pairs lie further apart
    soon = np.searchsorted(rule.band_days, apart[some], side="left")
    shape = (len(rule.band_m) + 2, len(rule.band_days))
    flat = np.bincount(near[some] * shape[1] + soon, minlength=shape[0] * shape[1])
    return flat.reshape(shape)[:-1]


def _answer(seen: Integers, dealt: Integers, n: int, rule: NearRepeatRule) -> Knox:
    expected = dealt.mean(axis=0)
    p = (1 + (dealt >= seen).sum(axis=0)) / (1 + len(dealt))
    first, chance = int(seen[:2, 0].sum()), dealt[:, :2, 0].sum(axis=1)
    edges_m = [0.0, rule.same_place_m, *rule.band_m]
    edges_days = [0.0, *rule.band_days]
    rows = [
        {
            "from_m": edges_m[i],
            "until_m": edges_m[i + 1],
            "from_days": edges_days[j],
            "until_days": edges_days[j + 1],
            "pairs": int(seen[i, j]),
            "expected": float(expected[i, j]),
            "ratio": float(seen[i, j] / expected[i, j]) if expected[i, j] > 0 else None,
            "p": float(p[i, j]),
        }
        for i in range(seen.shape[0])
        for j in range(seen.shape[1])
    ]
    return Knox(
        table=pl.DataFrame(rows, schema=_SCHEMA),
        n=n,
        p=float((1 + (chance >= first).sum()) / (1 + len(chance))),
        ratio=float(first / chance.mean()) if chance.mean() > 0 else None,
        rule=rule,
        undecided=None,
    )


_SCHEMA: Final = {
    **dict.fromkeys(("from_m", "until_m", "from_days", "until_days"), pl.Float64),
    "pairs": pl.Int64,
    **dict.fromkeys(("expected", "ratio", "p"), pl.Float64),
}


def _untested(reason: Reason, n: int, rule: NearRepeatRule) -> Knox:
    return Knox(
        table=pl.DataFrame(schema=_SCHEMA), n=n, p=None, ratio=None, rule=rule, undecided=reason
    )
