"""What becomes of a case: 立案 → 派遣 → 处置 → 核查 → 结案, and when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from geodata.demo.config import AS_OF, load_config

Times = npt.NDArray[np.datetime64]
Indices = npt.NDArray[np.int64]

END: Final = np.datetime64(AS_OF, "us") + np.timedelta64(86_399, "s")
"""Nothing after this moment has happened yet."""

ON_TIME: Final = {
    "xiyuan_team": 0.80, "beiyuan_team": 0.87, "nanqiao_team": 0.70, "dongdu_team": 0.78,
    "sanitation": 0.84, "buildings": 0.62, "housing": 0.68, "markets": 0.80, "traffic": 0.83,
    "enforcement": 0.76, "health": 0.74, "property": 0.66, "agriculture": 0.7,
}  # fmt: skip
"""Chance that an office closes a case in time."""

STUCK: Final = 0.02
"""Share of late cases nobody gets done for months."""

RETURNED: Final = 0.09
"""Chance that a handled case fails verification and goes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """Times of each case in local wall-clock time; NaT where it has not happened yet."""

    filed_at: Times
    dispatched_at: Times
    handled_at: Times
    verified_at: Times
    closed_at: Times
    due_at: Times
    returns: Indices


def live(
    reported_at: Times,
    category: Indices,
    office: npt.NDArray[np.str_],
    random: np.random.Generator,
) -> Lives:
    """Draw the later life of cases, up to the end of the last day.

    Parameters
    ----------
    reported_at
        ``datetime64[us]``, local time.
    category
        Index into the configuration's categories.
    office
        Code of the responsible office; "" for none.
    random
        Source of every choice.
    """
    count = len(reported_at)
    waited_us = (random.exponential(25.0, count) + 2.0) * 60e6
    filed = _whole_seconds(reported_at + waited_us.astype("timedelta64[us]"))
    due = due_times(filed, category)
    calendar = load_config().calendar
    allowed_h = np.maximum(calendar.work_hours_between_many(filed, due), 0.5)
    share, returns = _pace(office, random)
    steps = [
        calendar.add_work_hours_many(filed, np.minimum(allowed_h * share * part, LONGEST_H))
        for part in (0.08, 0.78, 0.95, 1.0)
    ]
    lag = [
        _whole_seconds(
            step + (random.uniform(5, 60, count) * 1e6).astype("timedelta64[us]") - MINUTE
        )
        for step in steps[:3]
    ]
    ordered = [filed, *lag, _whole_seconds(steps[3])]
    for index in range(1, len(ordered)):
        ordered[index] = np.maximum(ordered[index], ordered[index - 1])
    known = [np.where(at <= END, at, np.datetime64("NaT")) for at in ordered]
    return Lives(
        filed_at=known[0],
        dispatched_at=known[1],
        handled_at=known[2],
        verified_at=known[3],
        closed_at=known[4],
        due_at=np.where(np.isnat(known[0]), np.datetime64("NaT"), due),
        returns=np.where(np.isnat(known[2]), 0, returns),
    )


LONGEST_H: Final = 1_500.0
MINUTE: Final = np.timedelta64(60, "s")


def due_times(filed_at: Times, category: Indices) -> Times:
    """Deadline of each case by its category's working hours or days."""
    config = load_config()
    limits = [one.deadline for one in config.categories]
    hours = np.array([one.hours if one and one.hours else np.nan for one in limits])
    days = np.array([one.days if one and one.days else 0 for one in limits])
    by_hour = config.calendar.add_work_hours_many(filed_at, hours[category])
    by_day = config.calendar.add_work_days_many(filed_at, days[category])
    return np.where(np.isnan(hours[category]), by_day, by_hour)


def _pace(
    office: npt.NDArray[np.str_], random: np.random.Generator
) -> tuple[npt.NDArray[np.float64], Indices]:
    """Time taken as a share of the time allowed, and how often a case went back."""
    count = len(office)
    codes, position = np.unique(office, return_inverse=True)
    chance = np.array([ON_TIME.get(code, 0.7) for code in codes])[position]
    returns = np.where(random.random(count) < RETURNED, random.geometric(0.75, count), 0)
    in_time = random.random(count) < chance - 0.12 * returns
    early = random.beta(2.0, 1.7, count) * 0.98 + 0.01
    late = 1.02 + random.lognormal(-0.5, 1.25, count)
    stuck = random.random(count) < STUCK
    return np.where(in_time, early, np.where(stuck, late * 60, late)), returns


def _whole_seconds(at: Times) -> Times:
    return at.astype("datetime64[s]").astype("datetime64[us]")


STATES: Final[Sequence[str]] = ("待立案", "待派遣", "处置中", "待核查", "待结案", "已结案")


def state(lives: Lives) -> Indices:
    """Index into ``STATES`` of how far each case has come."""
    reached = [
        lives.filed_at, lives.dispatched_at, lives.handled_at, lives.verified_at, lives.closed_at,
    ]  # fmt: skip
    return np.asarray(sum((~np.isnat(at)).astype(np.int64) for at in reached))
