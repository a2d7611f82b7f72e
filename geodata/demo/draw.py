"""Drawing reports: which category, at which spot, on which day, at which hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from geodata.demo.areas import Areas
from geodata.demo.config import load_config
from geodata.demo.habits import (
    Weights,
    all_days,
    day_noise,
    day_weights,
    hour_weights,
    load_habits,
    rate_field,
    spot_weights,
)
from geodata.demo.plan import Plan
from geodata.demo.planted import displaced, load_planted
from geodata.demo.spots import Spots

Indices = npt.NDArray[np.int64]
Chosen = npt.NDArray[np.bool_]

JITTER_M: Final = 5.0
"""Standard deviation of a position's error."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Reports before they become cases; arrays aligned.

    Attributes
    ----------
    category, spot, day
        Index into the configuration's categories, into the spots, into the days.
    second
        Second of the day, local time.
    planted
        Whether a planted hotspot brought it.
    """

    category: Indices
    spot: Indices
    day: Indices
    second: Indices

    def __len__(self) -> int:
        return len(self.spot)

    def take(self, chosen: npt.NDArray[np.bool_] | Indices) -> Reports:
        """Return some of the reports."""
        return Reports(
            category=self.category[chosen],
            spot=self.spot[chosen],
            day=self.day[chosen],
            second=self.second[chosen],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything fixed before the first report is drawn."""

    plan: Plan
    spots: Spots
    areas: Areas
    sources: tuple[Source, ...]
    cleared: Chosen
    receiving: Chosen
    receiving_name: str
    silent: shapely.Polygon


def set_scene(plan: Plan, spots: Spots, areas: Areas, random: np.random.Generator) -> Scene:
    """Fix all rates: everyday ones per category, and the planted ones."""
    planted = load_planted()
    cleared, receiving, receiving_name = displaced(spots)
    silent = areas.polygons[areas.names.index(planted["silent"]["community"])]
    noise = day_noise(random)
    sources = [*_everyday(plan, spots, noise, random), *_planted(spots, noise, cleared)]
    return Scene(
        plan=plan,
        spots=spots,
        areas=areas,
        sources=tuple(sources),
        cleared=cleared,
        receiving=receiving,
        receiving_name=receiving_name,
        silent=silent,
    )


def category_index() -> dict[str, int]:
    """Category code → position in the configuration."""
    return {one.code: index for index, one in enumerate(load_config().categories)}


def of_family(family: str) -> Indices:
    """Positions of a family's categories."""
    categories = load_config().categories
    return np.array([i for i, one in enumerate(categories) if one.family == family])


def _everyday(
    plan: Plan, spots: Spots, noise: Weights, random: np.random.Generator
) -> list[Source]:
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


def _planted(spots: Spots, noise: Weights, cleared: Chosen) -> list[Source]:
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
        categories=(np.array([index[one] for one in categories]), _sum(list(categories.values()))),
        spot_sum=_sum(spot),
        day_sum=_sum(day),
        hour_sum=_sum(hour),
    )


def _sum(weights: npt.ArrayLike) -> Weights:
    total = np.cumsum(np.asarray(weights, float))
    return np.asarray(total / total[-1])


def pick(cumulative: Weights, count: int, random: np.random.Generator) -> Indices:
    """Draw indices by cumulative weights."""
    found = np.searchsorted(cumulative, random.random(count), side="right")
    return np.minimum(found, len(cumulative) - 1).astype(np.int64)


def draw(scene: Scene, count: int, random: np.random.Generator) -> Reports:
    """Draw reports, then let the campaign's planted effects thin and move them.

    Returns
    -------
    Reports
        At most ``count``: effects take some away.
    """
    share = _sum([source.share for source in scene.sources])
    numbers = np.bincount(pick(share, count, random), minlength=len(share))
    parts = [
        _from_source(source, int(number), random)
        for source, number in zip(scene.sources, numbers, strict=True)
    ]
    drawn = Reports(
        category=np.concatenate([part.category for part in parts]),
        spot=np.concatenate([part.spot for part in parts]),
        day=np.concatenate([part.day for part in parts]),
        second=np.concatenate([part.second for part in parts]),
    )
    return _with_effects(scene, drawn, random)


def _from_source(source: Source, count: int, random: np.random.Generator) -> Reports:
    codes, cumulative = source.categories
    hour = pick(source.hour_sum, count, random)
    return Reports(
        category=codes[pick(cumulative, count, random)],
        spot=pick(source.spot_sum, count, random),
        day=pick(source.day_sum, count, random),
        second=hour * 3600 + random.integers(0, 3600, count),
    )


def _with_effects(scene: Scene, drawn: Reports, random: np.random.Generator) -> Reports:
    """Treated street: some reports vanish. Cleared part: they vanish or move round the corner."""
    planted = load_planted()
    treated, moved = planted["treated"], planted["displacement"]
    occupancy = np.isin(drawn.category, of_family(treated["family"]))
    days = all_days()[drawn.day]
    chance, luck = random.random(len(drawn)), random.random(len(drawn))

    on_treated = scene.spots.on(treated["street"])[drawn.spot]
    gone = occupancy & on_treated & (days >= np.datetime64(treated["from_on"]))
    gone &= chance < treated["drop"]

    during = (days >= np.datetime64(moved["from_on"])) & (days <= np.datetime64(moved["until_on"]))
    leaves = occupancy & scene.cleared[drawn.spot] & during & (chance < moved["drop"])
    goes = leaves & (luck < moved["moved"])
    targets = np.flatnonzero(scene.receiving)
    spot = drawn.spot.copy()
    spot[goes] = targets[random.integers(0, len(targets), int(goes.sum()))]
    kept = ~gone & ~(leaves & ~goes)
    return Reports(category=drawn.category, spot=spot, day=drawn.day, second=drawn.second).take(
        kept
    )


def positions(
    scene: Scene, reports: Reports, random: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Where each report's fix lies, in plane metres: by the kerb, with a position error."""
    spots, count = scene.spots, len(reports)
    slide = random.uniform(-9.0, 9.0, count)
    outward = np.clip(random.normal(0.6, 2.2, count), -4.0, 6.0)
    error = np.clip(random.normal(0.0, JITTER_M, (count, 2)), -12.0, 12.0)
    return np.asarray(
        spots.xy[reports.spot]
        + spots.along[reports.spot] * slide[:, None]
        + spots.outward[reports.spot] * outward[:, None]
        + error
    )


def silenced(scene: Scene, reports: Reports, xy: npt.NDArray[np.float64]) -> Chosen:
    """Which reports the silent community never made: inside it, from its date on."""
    rule = load_planted()["silent"]
    late = all_days()[reports.day] >= np.datetime64(rule["from_on"])
    inside = np.zeros(len(reports), bool)
    shapely.prepare(scene.silent)
    inside[late] = shapely.contains_xy(scene.silent.buffer(0.5), xy[late])
    home = scene.areas.names.index(rule["community"])
    return np.asarray(inside | (late & (scene.spots.community[reports.spot] == home)))
