"""How sure: intervals for shares, rates and ratios, exact whatever the counts.

Shares: Clopper, C. J. and Pearson, E. S. (1934), Biometrika 26. Rates: Garwood, F. (1936),
Biometrika 28. Ratios of two rates: given the total, the first count is binomial (Przyborowski,
J. and Wilenski, H. (1940), Biometrika 31), so the share's interval becomes the ratio's. Exact
intervals cover at least as often as they say. p is twice the smaller tail, at most 1, so that
it falls below α just when the interval leaves 1 out.

Cases come in bursts. Where counts vary `dispersion` times more than Poisson counts would, they
are taken to carry that much less evidence: counts and exposure count 1/dispersion.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from geodata.analysis.false_discovery import Reals

LEVEL: Final = 0.95

Counts = npt.NDArray[Any] | float


class Limits(NamedTuple):
    """Lower and upper ends; +inf where there is no upper end."""

    lower: Reals
    upper: Reals


class Ratios(NamedTuple):
    """Rate ratios second ÷ first with their interval and two-sided p, all aligned.

    NaN ratio and p 1 where both counts are 0 or an exposure is not positive; ratio +inf where
    only the first count is 0. Callers turn these into reasons; they never reach a table.
    """

    ratio: Reals
    lower: Reals
    upper: Reals
    p: Reals


def share_limits(part: Counts, whole: Counts, level: float = LEVEL) -> Limits:
    """Interval of a share ``part`` ÷ ``whole``; 0 to 1 where the whole is 0.

    Raises
    ------
    ValueError
        A part is negative or larger than its whole.
    """
    k, n = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    if ((k < 0) | (k > n)).any():
        raise ValueError("a part is negative or larger than its whole; count both on the same rows")
    tail = (1 - level) / 2
    lower = special.betaincinv(np.where(k > 0, k, 1.0), n - k + 1, tail)
    upper = special.betaincinv(k + 1, np.where(k < n, n - k, 1.0), 1 - tail)
    return Limits(np.where(k > 0, lower, 0.0), np.where(k < n, upper, 1.0))


def rate_limits(
    cases: Counts, exposure: Counts, level: float = LEVEL, dispersion: float = 1.0
) -> Limits:
    """Interval of ``cases`` ÷ ``exposure`` (days, km × days …); exposure must be positive."""
    k, per = np.asarray(cases, dtype=float) / dispersion, np.asarray(exposure) / dispersion
    tail = (1 - level) / 2
    lower = np.where(k > 0, special.gammaincinv(np.where(k > 0, k, 1.0), tail), 0.0)
    return Limits(lower / per, special.gammaincinv(k + 1, 1 - tail) / per)


def rate_ratios(
    first: Counts,
    first_exposure: Counts,
    second: Counts,
    second_exposure: Counts,
    *,
    level: float = LEVEL,
    dispersion: float = 1.0,
) -> Ratios:
    """How many times the first rate the second one is, with exact conditional intervals.

    Parameters
    ----------
    first, second
        Cases; any broadcastable shapes.
    first_exposure, second_exposure
        What each was counted over, in the same unit.
    dispersion
        1 for independent cases; see the module.
    """
    a, b, ea, eb = np.broadcast_arrays(
        *(np.asarray(one, float) for one in (first, second, first_exposure, second_exposure))
    )
    told = (a + b > 0) & (ea > 0) & (eb > 0)
    safe_ea, safe_eb = np.where(told, ea, 1.0), np.where(told, eb, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (b / safe_eb) / (a / safe_ea)
    a, b = np.where(told, a, 1.0) / dispersion, np.where(told, b, 1.0) / dispersion
    share = share_limits(b, a + b, level)
    with np.errstate(divide="ignore"):
        lower = share.lower / (1 - share.lower) * safe_ea / safe_eb
        upper = share.upper / (1 - share.upper) * safe_ea / safe_eb
    p = two_sided_p(b, a, safe_eb / (safe_ea + safe_eb))
    return Ratios(
        np.where(told, ratio, np.nan),
        np.where(told, lower, 0.0),
        np.where(told, upper, np.inf),
        np.where(told, p, 1.0),
    )


def two_sided_p(part: Reals, rest: Reals, expected_share: Reals) -> Reals:
    """Twice the smaller binomial tail of ``part`` out of ``part + rest``; at most 1."""
    at_least = np.where(
        part > 0, special.betainc(np.where(part > 0, part, 1.0), rest + 1, expected_share), 1.0
    )
    at_most = np.where(
        rest > 0, special.betaincc(part + 1, np.where(rest > 0, rest, 1.0), expected_share), 1.0
    )
    p: Reals = np.minimum(2 * np.minimum(at_least, at_most), 1.0)
    return p


def dispersion_of(counts: Reals, expected: Reals, parameters: int) -> float:
    """How many times more than Poisson the counts vary about what is expected; at least 1.

    Pearson's statistic over its degrees of freedom (``parameters`` were estimated from the same
    counts), enlarged by the square of Student's over the normal 97.5 % point, because few
    degrees of freedom tell it badly; 1 where none is left.
    """
    some = expected > 0
    free = int(some.sum()) - parameters
    if free <= 0:
        return 1.0
    pearson = float((((counts - expected)[some]) ** 2 / expected[some]).sum())
    few = float(special.stdtrit(free, 0.975) / special.ndtri(0.975)) ** 2
    return max(pearson / free * few, 1.0)


def share_difference_limits(
    part_a: float, whole_a: float, part_b: float, whole_b: float, level: float = LEVEL
) -> tuple[float, float]:
    """Interval of share b − share a (Newcombe, R. G. (1998), Stat. Med. 17, method 10).

    Raises
    ------
    ValueError
        A whole is not positive.
    """
    if whole_a <= 0 or whole_b <= 0:
        raise ValueError("a share of nothing has no interval; both wholes must be positive")
    share_a, low_a, high_a = _wilson(part_a, whole_a, level)
    share_b, low_b, high_b = _wilson(part_b, whole_b, level)
    difference = share_b - share_a
    down = np.hypot(share_b - low_b, high_a - share_a)
    up = np.hypot(high_b - share_b, share_a - low_a)
    return float(difference - down), float(difference + up)


def _wilson(part: float, whole: float, level: float) -> tuple[float, float, float]:
    z = float(special.ndtri(0.5 + level / 2))
    share = part / whole
    middle = share + z**2 / (2 * whole)
    half = z * np.sqrt(share * (1 - share) / whole + z**2 / (4 * whole**2))
    scale = 1 + z**2 / whole
    return share, float((middle - half) / scale), float((middle + half) / scale)
