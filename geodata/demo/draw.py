"""Drawing reports: which category, at which spot, on which day, at which hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from geodata.demo.areas import Areas
from geodata.demo.habits import all_days, day_noise
from geodata.demo.plan import Plan
from geodata.demo.planted import Chosen, displaced, load_planted
from geodata.demo.sources import (
    Source,
    everyday,
    of_family,
    pick,
    planted_sources,
    running_share,
)
from geodata.demo.spots import Indices, Spots

JITTER_M: Final = 5.0
"""Standard deviation of a position's error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Reports before they become cases; arrays aligned.

    Attributes
    ----------
    category, spot, day
        Index into the configuration's categories, into the spots, into the days.
    second
        Second of the day, local time.
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
    sources = [*everyday(plan, spots, noise, random), *planted_sources(spots, noise, cleared)]
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


def draw(scene: Scene, count: int, random: np.random.Generator) -> Reports:
    """Draw reports, then let the campaign's planted effects thin and move them.

    Returns
    -------
    Reports
        At most ``count``: effects take some away.
    """
    share = running_share([source.share for source in scene.sources])
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
