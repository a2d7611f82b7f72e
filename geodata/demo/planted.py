"""What is planted for the statistics to find, read from planted.toml, and where it lies."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from geodata.demo.habits import Weights, all_days
from geodata.demo.spots import Spots
from geodata.errors import CityBroken

Chosen = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
Weekdays = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotspot:
    """Extra reports of some categories on part of some streets, over some time."""

    code: str
    kind: str
    streets: tuple[str, ...]
    categories: Mapping[str, float]
    share: float
    hours: str
    at: tuple[float, float]
    within_m: float
    time: str
    weekend: float = 1.0
    from_on: Any = None
    until_on: Any = None

    def spots(self, spots: Spots) -> Chosen:
        """Which spots it covers; ``*back`` means every street of class back, and so on.

        Raises
        ------
        CityBroken
            None of its streets passes there, so nothing could be planted.
        """
        named = spots.on(*self.streets)
        for star in self.streets:
            if star.startswith("*"):
                named |= spots.classes == star[1:]
        chosen = named & spots.near(self.at, self.within_m)
        if not chosen.any():
            raise CityBroken(
                "planted.toml: hotspot {code!r} lies on no street within {within_m:.0f} m of {at}. "
                "Correct `at` or `streets`.",
                code=self.code,
                within_m=self.within_m,
                at=self.at,
            )
        return np.asarray(chosen)

    def day_weights(self, noise: Weights) -> Weights:
        """Weight of each day of the city's time."""
        days = all_days()
        weekday = (days.astype(np.int64) + 3) % 7
        shape = np.asarray(_SHAPES[self.time](self, days, weekday), float)
        shape = shape * np.where(weekday >= 5, self.weekend, 1.0)  # noqa: PLR2004 — Saturday, Sunday
        return np.asarray(shape * noise)


def _from(spot: Hotspot, days: Days, _: Weekdays) -> Weights:
    return np.asarray(days >= np.datetime64(spot.from_on), float)


def _until(spot: Hotspot, days: Days, _: Weekdays) -> Weights:
    return (days <= np.datetime64(spot.until_on)).astype(float)


def _alternate(_: Hotspot, days: Days, weekday: Weekdays) -> Weights:
    """Weekends of every other ISO week (Mondays counted from 1970-01-05)."""
    week = (days.astype(np.int64) - 4) // 7
    return np.asarray((weekday >= 5) & (week % 2 == 0), float)  # noqa: PLR2004 — Saturday, Sunday


def _steady(_: Hotspot, days: Days, __: Weekdays) -> Weights:
    return np.ones(len(days))


def _falling(_: Hotspot, days: Days, __: Weekdays) -> Weights:
    return np.linspace(2.2, 0.25, len(days))


def _rising(_: Hotspot, days: Days, __: Weekdays) -> Weights:
    return np.linspace(0.35, 2.2, len(days))


_SHAPES: Final[Mapping[str, Callable[[Hotspot, Days, Weekdays], Weights]]] = {
    "steady": _steady,
    "falling": _falling,
    "rising": _rising,
    "from": _from,
    "until": _until,
    "alternate_weekends": _alternate,
}


@cache
def load_planted() -> dict[str, Any]:
    """Return planted.toml as tables; ``hotspot`` as a tuple of `Hotspot`."""
    raw = tomllib.loads(files("geodata.demo").joinpath("planted.toml").read_text("utf-8"))
    rows = [
        {**row, "streets": tuple(row["streets"]), "at": tuple(row["at"])} for row in raw["hotspot"]
    ]
    return {**raw, "hotspot": tuple(Hotspot(**row) for row in rows)}


def displaced(spots: Spots) -> tuple[Chosen, Chosen, str]:
    """Return the cleared spots, those the reports move to, and that street's name.

    The reports move to the back street with most kerb near the cleared part.
    """
    rule = load_planted()["displacement"]
    cleared = spots.on(rule["street"]) & spots.near(tuple(rule["at"]), rule["within_m"])
    middle = spots.xy[cleared].mean(axis=0)
    near = (spots.classes == "back") & spots.near((middle[0], middle[1]), rule["reach_m"])
    counts = np.bincount(spots.street[near], minlength=len(spots.streets))
    receiving = int(np.argmax(counts))
    return cleared, near & (spots.street == receiving), spots.streets[receiving]
