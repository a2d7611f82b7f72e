"""Streams of reports: each category's everyday ones, and the planted ones on top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geodata.demo.config import load_config
from geodata.demo.habits import (
    Weights,
    day_weights,
    hour_weights,
    load_habits,
    rate_field,
    spot_weights,
)
from geodata.demo.plan import Plan
from geodata.demo.planted import Chosen, load_planted
from geodata.demo.spots import Indices, Spots


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One stream of reports: a category's everyday ones, or a planted hotspot's.

    Every array sums to 1 cumulatively: spots, days, hours, categories.
    """

    code: str
    share: float
    categories: tuple[Indices, Weights]
    spot_sum: Weights
    day_sum: Weights
    hour_sum: Weights


def category_index() -> dict[str, int]:
    """Category code → position in the configuration."""
    return {one.code: index for index, one in enumerate(load_config().categories)}


def of_family(family: str) -> Indices:
    """Positions of a family's categories."""
    categories = load_config().categories
    return np.array([i for i, one in enumerate(categories) if one.family == family])


def everyday(plan: Plan, spots: Spots, noise: Weights, random: np.random.Generator) -> list[Source]:
    """One stream per category over the whole district; kinds of a family share a field."""
    families = {one.code: one.family for one in load_config().categories}
    fields = {family: rate_field(spots, random) for family in sorted(set(families.values()))}
    found = []
    for habit in load_habits():
        own = rate_field(spots, random) ** 0.5 * fields[families[habit.code]] ** 0.75
        found.append(
            _source(
                habit.code,
                habit.share,
                categories={habit.code: 1.0},
                spot=spot_weights(habit, spots, plan, own),
                day=day_weights(habit, noise),
                hour=hour_weights(habit.hours),
            )
        )
    return found


def planted_sources(spots: Spots, noise: Weights, cleared: Chosen) -> list[Source]:
    """Return streams of the planted hotspots, the displaced trade and the rebound sites."""
    planted = load_planted()
    moved, rebound, treated = planted["displacement"], planted["rebound"], planted["treated"]
    found = [
        _source(
            one.code,
            one.share,
            categories=one.categories,
            spot=one.spots(spots).astype(float),
            day=one.day_weights(noise),
            hour=hour_weights(one.hours),
        )
        for one in planted["hotspot"]
    ]
    dumping = dict.fromkeys(rebound["categories"], 1.0)
    trade = treated["categories"]
    steady: list[tuple[str, float, Mapping[str, float], Chosen, str]] = [
        ("displacement", moved["extra_share"], moved["categories"], cleared, "shop"),
        ("rebound", rebound["extra_share"], dumping, spots.on(*rebound["streets"]), "evening"),
        ("treated", treated["extra_share"], trade, spots.on(treated["street"]), "shop"),
        (
            "comparison",
            treated["comparison_extra_share"],
            trade,
            spots.on(*treated["comparison"]),
            "shop",
        ),
    ]
    return found + [
        _source(
            code,
            share,
            categories=categories,
            spot=chosen.astype(float),
            day=noise,
            hour=hour_weights(hours),
        )
        for code, share, categories, chosen, hours in steady
    ]


def _source(
    code: str,
    share: float,
    *,
    categories: Mapping[str, float],
    spot: Weights,
    day: Weights,
    hour: Weights,
) -> Source:
    index = category_index()
    return Source(
        code=code,
        share=share,
        categories=(
            np.array([index[one] for one in categories]),
            running_share(list(categories.values())),
        ),
        spot_sum=running_share(spot),
        day_sum=running_share(day),
        hour_sum=running_share(hour),
    )


def running_share(weights: npt.ArrayLike) -> Weights:
    """Return cumulative weights that end at 1, for `pick`."""
    total = np.cumsum(np.asarray(weights, float))
    return np.asarray(total / total[-1])


def pick(cumulative: Weights, count: int, random: np.random.Generator) -> Indices:
    """Draw indices by cumulative weights."""
    found = np.searchsorted(cumulative, random.random(count), side="right")
    return np.minimum(found, len(cumulative) - 1).astype(np.int64)
