"""How long until it happens, when for some it has not happened yet: Kaplan–Meier.

Kaplan, E. L. and Meier, P. (1958), JASA 53(282); variance by Greenwood (1926); the interval is
taken on the log(−log) scale (Kalbfleisch and Prentice 1980), so that it stays within 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import ndtri

Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Survival:
    """Share not yet come back after so many days.

    Attributes
    ----------
    curve
        One row per distinct time, in order: ``days``, ``at_risk``, ``events``, ``censored``,
        ``surviving`` (share, right after that time), ``low``, ``high`` (``confidence``
        interval), ``hazard`` (Nelson–Aalen cumulative). No row without a case.
    n, events
        Cases watched, and how many of them ended in the event.
    """

    curve: pl.DataFrame
    n: int
    events: int
    confidence: float = 0.95

    def at(self, days: npt.ArrayLike) -> Reals:
        """Share surviving after each of these numbers of days; 1.0 before the first event.

        Beyond the last time watched the last value is kept: see `watched_days`.
        """
        return self._step("surviving", days, 1.0)

    def hazard(self, days: npt.ArrayLike) -> Reals:
        """Cumulative hazard (expected events of one case watched from the start) at each time."""
        return self._step("hazard", days, 0.0)

    def within(self, days: float) -> tuple[float, float, float]:
        """Share for which it happened within so many days, with its interval (low, high)."""
        share, high, low = (
            1.0 - float(self._step(name, days, 1.0)) for name in ("surviving", "low", "high")
        )
        return share, low, high

    @property
    def watched_days(self) -> float:
        """Longest time any case was watched, days; 0.0 without a case."""
        return float(self.curve["days"][-1]) if len(self.curve) else 0.0

    @property
    def median_days(self) -> float | None:
        """Days after which half have come back; None where the curve stays above one half."""
        below = self.curve.filter(pl.col("surviving") <= 0.5)  # noqa: PLR2004 - the median
        return float(below["days"][0]) if len(below) else None

    def _step(self, column: str, days: npt.ArrayLike, start: float) -> Reals:
        rows = np.searchsorted(self.curve["days"].to_numpy(), np.asarray(days, float), side="right")
        steps = np.concatenate([[start], self.curve[column].to_numpy()])
        found: Reals = steps[rows]
        return found


def kaplan_meier(days: Reals, happened: Flags, *, confidence: float = 0.95) -> Survival:
    """Estimate the share still without the event over time.

    Parameters
    ----------
    days
        How long each case was watched: until the event, or until watching ended.
    happened
        Whether watching ended with the event (False: right-censored).

    Returns
    -------
    Survival
        Empty in, empty out. Events come before censorings of the same time.

    Raises
    ------
    ValueError
        The lengths differ, or a time is negative or not finite.
    """
    if len(days) != len(happened):
        raise ValueError(f"{len(days)} times but {len(happened)} flags; give one of each per case")
    if len(days) and not (np.isfinite(days).all() and days.min() >= 0):
        raise ValueError("a time is negative or not finite; watch from the close-out on")
    times, place = np.unique(days, return_inverse=True)
    events = np.bincount(place, weights=happened, minlength=len(times)).astype(np.float64)
    leaving = np.bincount(place, minlength=len(times)).astype(np.float64)
    gone = np.concatenate([[0.0], np.cumsum(leaving)[:-1]])[: len(times)]
    return Survival(
        curve=_curve(times, events, leaving, len(days) - gone, confidence),
        n=len(days),
        events=int(happened.sum()),
        confidence=confidence,
    )


def _curve(
    times: Reals, events: Reals, leaving: Reals, at_risk: Reals, confidence: float
) -> pl.DataFrame:
    surviving = np.asarray(np.cumprod(1.0 - events / at_risk), np.float64)
    low, high = _interval(surviving, events, at_risk, confidence)
    return pl.DataFrame(
        {
            "days": times,
            "at_risk": at_risk.astype(np.int64),
            "events": events.astype(np.int64),
            "censored": (leaving - events).astype(np.int64),
            "surviving": surviving,
            "low": low,
            "high": high,
            "hazard": np.cumsum(events / at_risk),
        }
    )


def _interval(
    surviving: Reals, events: Reals, at_risk: Reals, confidence: float
) -> tuple[Reals, Reals]:
    """Greenwood on the log(−log) scale; no width before the first event.

    Where nobody is left the variance is infinite: the lower end is 0 and the upper end that of
    the step before.
    """
    z = float(ndtri(0.5 + confidence / 2))
    gone = events >= at_risk
    left = np.where(gone, 1.0, at_risk * (at_risk - events))
    greenwood = np.sqrt(np.cumsum(np.where(gone, 0.0, events / left)))
    inside = (surviving > 0) & (surviving < 1)
    log = np.log(np.where(inside, surviving, 0.5))
    width = np.exp(z * greenwood / -log)
    low = np.where(inside, np.exp(log * width), surviving)
    high = np.where(inside, np.exp(log / width), surviving)
    last = np.maximum(np.searchsorted(-surviving, 0.0) - 1, 0)
    return low, np.where(surviving > 0, high, high[last] if len(high) and high[last] < 1 else 1.0)
