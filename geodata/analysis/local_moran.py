"""Local Moran: cells like their neighbours, and cells that stand against them.

Anselin, L. (1995), "Local indicators of spatial association – LISA", Geographical Analysis
27(2). Neighbours are row-standardised, the cell itself excluded. Expectation and variance for a
fixed own value: Sokal, Oden and Thomson (1998), Geographical Analysis 30(4), A7 and A8. ``i``
and ``quadrant`` equal ``Is`` and ``q`` of ``esda.Moran_Local``; its ``EIc`` and ``VIc`` belong
to I without the factor (n − 1) ÷ n that ``Is`` carries, here all three carry it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.false_discovery import Reals, adjusted
from geodata.analysis.gi_star import normal_p
from geodata.analysis.neighbours import Neighbours, binary, check_lengths, sizes_of
from geodata.analysis.null_sums import EXACT_UP_TO, Levels, as_levels, null_sums
from geodata.analysis.reasons import Reason

FEWEST_CELLS: Final = 4
CLUSTERS: Final = ("none", "high_high", "low_high", "low_low", "high_low")
"""By quadrant: a high cell among high ones, a low among high, a low among low, a high among low."""

_TOP_LEVEL: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class MoranRule:
    """How likeness is tested. Change the rule here, never in a page.

    ``exact``: the other cells' values in random order, worked out instead of drawn;
    ``normal``: Sokal's moments with the normal curve, which flags too much on small counts.
    """

    rings: int | None = 1
    alpha: float = 0.05
    null: Literal["exact", "normal"] = "exact"
    source: str = "Anselin 1995; Sokal, Oden and Thomson 1998; Benjamini–Hochberg over all cells"


DEFAULT_RULE: Final = MoranRule()


@dataclass(frozen=True, kw_only=True)
class LocalMoran:
    """Likeness of every cell to its neighbours, in the order of the values.

    Attributes
    ----------
    cells
        ``cell``, ``i`` (local Moran's I), ``expected``, ``variance``, ``z``, ``p`` (two-sided),
        ``q`` (adjusted), ``quadrant`` (1 … 4 as in `CLUSTERS`), ``cluster`` (``none`` unless
        significant), ``tested``.
    n
        Cells tested.
    null
        What was taken for chance: the rule's, but ``normal`` for very large neighbourhoods.
    undecided
        Why there is no answer; every z is then 0 and every p 1. None when there is one.
    """

    cells: pl.DataFrame
    rule: MoranRule
    n: int
    null: Literal["exact", "normal"]
    undecided: Reason | None


def local_moran(
    values: npt.NDArray[Any],
    neighbours: Neighbours,
    *,
    ids: npt.NDArray[np.int64] | None = None,
    rule: MoranRule = DEFAULT_RULE,
) -> LocalMoran:
    """Tell for each cell whether its neighbours are like it, or the opposite.

    Parameters
    ----------
    values
        One per cell of the study area, zeros included; counts or rates.
    neighbours
        Any square sparse matrix; a cell is never its own neighbour here.

    Raises
    ------
    ValueError
        The lengths differ, or a value is not finite.
    """
    matrix = binary(neighbours, with_self=False)
    numbers = np.asarray(values, dtype=np.float64)
    check_lengths(matrix, values=numbers)
    names = np.arange(len(numbers)) if ids is None else ids
    reason = _cannot_tell(numbers, matrix)
    columns = _neutral(len(numbers)) if reason else _columns(numbers, matrix, rule)
    tested = columns["tested"]
    quadrant = columns["quadrant"]
    q = np.ones(len(numbers))
    q[tested] = adjusted(columns["p"][tested])
    cluster = np.where(q <= rule.alpha, quadrant, 0).astype(np.uint32)
    cells = pl.DataFrame({"cell": names, **columns, "q": q}).with_columns(
        cluster=pl.Series(CLUSTERS, dtype=pl.Enum(CLUSTERS)).gather(cluster)
    )
    return LocalMoran(
        cells=cells,
        rule=rule,
        n=int(tested.sum()),
        null="exact" if _exactly(rule, sizes_of(matrix)) else "normal",
        undecided=reason,
    )


def _cannot_tell(values: Reals, matrix: Neighbours) -> Reason | None:
    if not len(values):
        return Reason.NO_CELLS
    if len(values) < FEWEST_CELLS:
        return Reason.TOO_FEW_CELLS
    if not values.any():
        return Reason.ALL_ZERO
    if np.ptp(values) == 0:
        return Reason.ALL_EQUAL
    return None if matrix.nnz else Reason.ALL_NEIGHBOURS


def _neutral(count: int) -> dict[str, npt.NDArray[Any]]:
    zeros = np.zeros(count)
    names = ("i", "expected", "variance", "z")
    return {
        **dict.fromkeys(names, zeros),
        "p": np.ones(count),
        "quadrant": np.zeros(count, dtype=np.int8),
        "tested": np.zeros(count, dtype=bool),
    }


def _columns(values: Reals, matrix: Neighbours, rule: MoranRule) -> dict[str, npt.NDArray[Any]]:
    n, sizes = len(values), sizes_of(matrix)
    own = (values - values.mean()) / values.std()
    some = sizes > 0
    lag = np.divide(matrix @ own, sizes, out=np.zeros(n), where=some)
    index = (n - 1) * own * lag / n
    expected = -(own**2) * some / n
    share = np.divide(1.0, sizes, out=np.zeros(n), where=some) - some / (n - 1)
    factor = (n - 1) ** 2 / (n * (n - 2))
    variance = own**2 * factor * share * (1.0 - own**2 / (n - 1))
    tested = some & (variance > 0)
    z = np.divide(index - expected, np.sqrt(np.maximum(variance, 0)), out=np.zeros(n), where=tested)
    p = _exact_p(values, matrix, sizes) if _exactly(rule, sizes) else normal_p(z)
    return {
        "i": index,
        "expected": expected,
        "variance": np.maximum(variance, 0.0),
        "z": z,
        "p": np.where(tested, p, 1.0),
        "quadrant": _quadrant(own, lag),
        "tested": tested,
    }


def _exactly(rule: MoranRule, sizes: Levels) -> bool:
    return rule.null == "exact" and int(sizes.max(initial=0)) <= EXACT_UP_TO


def _quadrant(own: Reals, lag: Reals) -> npt.NDArray[np.int8]:
    high = np.where(lag > 0, 1, 4)
    low = np.where(lag > 0, 2, 3)
    return np.where(own > 0, high, low).astype(np.int8)


def _exact_p(values: Reals, matrix: Neighbours, sizes: Levels) -> Reals:
    """Two-sided p of the neighbours' sum if all other cells' values lay in random order.

    With the own value fixed, I rises or falls with that sum, so this is the test that
    conditional permutation approximates. One table per distinct own value.
    """
    levels = as_levels(values, 1, top=_TOP_LEVEL)
    sums = np.rint(matrix @ levels.astype(np.float64)).astype(np.int64)
    p = np.ones(len(values))
    for level in np.unique(levels).tolist():
        mine = np.flatnonzero(levels == level)
        others = np.delete(levels, mine[0])
        chances = null_sums(others, int(sizes[mine].max()))
        p[mine] = chances.p(sums[mine], sizes[mine])
    return p
