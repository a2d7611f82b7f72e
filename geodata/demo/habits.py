"""How each category behaves in the made-up city, read from habits.toml: where, when, whose."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from geodata.demo.config import AS_OF, FIRST_DAY, load_config
from geodata.demo.plan import Plan
from geodata.demo.spots import Spots

Weights = npt.NDArray[np.float64]

NEAR_M: Final = 130.0
"""Fall-off of a place's pull, in metres."""

WAVES: Final = 34
"""Bumps of the smooth field that makes neighbouring streets alike."""

WILDNESS: Final = 1.0
"""Standard deviation of a segment's log rate: few segments carry much."""

EVENNESS: Final = 0.65
"""Softens the weights by part of town: street density differs enough already."""

PHASE_WEIGHT: Final = {"before": 1.0, "mobilise": 1.06, "tackle": 1.16, "consolidate": 1.1}
NOISE: Final = 0.09
HOLIDAY_WEIGHT: Final = {"office": 0.55, "school": 0.4, "tuesday": 0.7}


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """One category's behaviour; see the remarks in habits.toml."""

    code: str
    share: float
    classes: Mapping[str, float]
    zone: Mapping[str, float]
    near: Mapping[str, float]
    hours: str
    days: str
    season: tuple[float, ...]
    lead: Mapping[str, float]
    assist: tuple[str, ...]
    what: tuple[str, ...]
    goods: tuple[str, ...] = field(default=("",))


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads(files("geodata.demo").joinpath("habits.toml").read_text("utf-8"))


@cache
def load_habits() -> tuple[Habit, ...]:
    """Return all habits, in the order of the file."""
    rows = []
    for row in _raw()["category"]:
        rest = {key: value for key, value in row.items() if key != "class"}
        listed = {key: tuple(rest[key]) for key in ("season", "assist", "what", "goods")}
        rows.append(Habit(**{**rest, **listed, "classes": row["class"]}))
    return tuple(rows)


def hour_weights(profile: str) -> Weights:
    """Chance of each hour of the day, summing to 1."""
    weights = np.array(_raw()["hours"][profile], float)
    return np.asarray(weights / weights.sum())


def all_days() -> npt.NDArray[np.datetime64]:
    """Every day that has reports, first to last."""
    return np.arange(np.datetime64(FIRST_DAY), np.datetime64(AS_OF) + 1)


def day_weights(habit: Habit, noise: Weights) -> Weights:
    """Weight of each day for a category: season, weekday, holiday, phase, chance."""
    days = all_days()
    weekday = (days.astype(np.int64) + 3) % 7
    config = load_config()
    as_dates: list[date] = days.tolist()
    phase = np.array([PHASE_WEIGHT[config.campaign.phase_on(day)] for day in as_dates])
    months = np.array([day.month + (day.day - 15) / 30 for day in as_dates])
    season = np.interp(months, np.arange(5, 12), habit.season)
    off = ~config.calendar.is_workday_many(days) & (weekday < 5)  # noqa: PLR2004 — a weekday off
    holiday = np.where(off, HOLIDAY_WEIGHT.get(habit.days, 1.0), 1.0)
    week = np.array(_raw()["days"][habit.days])[weekday]
    return np.asarray(season * week * holiday * phase * noise)


def spot_weights(habit: Habit, spots: Spots, plan: Plan, field_: Weights) -> Weights:
    """Weight of each spot for a category: street class, part of town, places, chance."""
    by_class = np.vectorize(habit.classes.get, otypes=[float])(spots.classes)
    by_zone = np.vectorize(habit.zone.get, otypes=[float])(spots.zones)
    pull = np.ones(len(spots.xy))
    for place in plan.places:
        far = np.hypot(*(spots.xy - place.at).T)
        pull += habit.near.get(place.kind, 0.0) * np.exp(-((far / NEAR_M) ** 2))
    return np.asarray(
        by_class * by_zone**EVENNESS * pull * field_ * np.where(spots.corner, 1.35, 1.0)
    )


def rate_field(spots: Spots, random: np.random.Generator) -> Weights:
    """Draw a rate per spot: heavy-tailed by segment, smooth over some hundred metres."""
    low, high = spots.xy.min(axis=0), spots.xy.max(axis=0)
    centres = random.uniform(low, high, (WAVES, 2))
    height = random.normal(0.0, 0.85, WAVES)
    reach = random.uniform(170, 420, WAVES)
    smooth = np.zeros(len(spots.xy))
    for centre, amount, radius in zip(centres, height, reach, strict=True):
        smooth += amount * np.exp(-((np.hypot(*(spots.xy - centre).T) / radius) ** 2))
    rough = random.normal(0.0, WILDNESS, int(spots.segment.max()) + 1)[spots.segment]
    return np.asarray(np.exp(smooth + rough))


def day_noise(random: np.random.Generator) -> Weights:
    """Draw a common daily factor: good and bad days, a little alike from day to day."""
    shocks = random.normal(0.0, NOISE, len(all_days()))
    for index in range(1, len(shocks)):
        shocks[index] += 0.4 * shocks[index - 1]
    return np.asarray(np.exp(shocks))
