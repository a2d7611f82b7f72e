"""Cases at places, closed after a while, of which a known share comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import polars as pl

Reals = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class ComingBack:
    """How cases come and come back.

    Attributes
    ----------
    per_day
        New cases per place and day that follow nothing; places differ by ``spread`` (sd of log).
    chance
        That a closed case comes back, after ``delay`` (least, most) days, evenly; chances
        differ between places by a beta law with ``alike`` prior cases (large: all the same).
    to_close
        Mean days from report to close-out (exponential).
    warm_up
        Days before the first one kept, so that rebounds are in full swing from the start.
    """

    places: int = 200
    days: int = 200
    per_day: float = 0.01
    spread: float = 0.0
    chance: float = 0.0
    alike: float = 1e6
    delay: tuple[float, float] = (2.0, 25.0)
    warm_up: int = 60
    to_close: float = 1.0
    generations: int = 8


BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def simulate_cases(law: ComingBack, random: np.random.Generator) -> pl.DataFrame:
    """Draw cases as `rebound.follow_ups` takes them, open ones included.

    Returns
    -------
    polars.DataFrame
        ``case``, ``kind``, ``place``, ``reported``, ``closed`` (Datetime UTC), ``parent`` (the
        case it truly came back from, null for a new one); in order of report. Nothing is
        reported after ``law.days``; close-outs may be.
    """
    rate = law.per_day * np.exp(random.normal(0, law.spread, law.places) - law.spread**2 / 2)
    place = np.repeat(np.arange(law.places), random.poisson(rate * (law.days + law.warm_up)))
    chance = random.beta(law.chance * law.alike + 1e-9, (1 - law.chance) * law.alike, law.places)
    reported = random.uniform(-law.warm_up, law.days, len(place))
    parent = np.full(len(place), -1)
    parts: list[tuple[Rows, Reals, Reals, Rows]] = []
    count = 0
    for _ in range(law.generations):
        closed = reported + random.exponential(law.to_close, len(place))
        parts.append((place, reported, closed, parent))
        back = closed + random.uniform(*law.delay, len(place))
        again = (random.random(len(place)) < chance[place]) & (back < law.days)
        parent = count + np.flatnonzero(again)
        count += len(place)
        place, reported = place[again], back[again]
    return _table(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _table(place: Rows, reported: Reals, closed: Reals, parent: Rows) -> pl.DataFrame:
    order = np.argsort(reported, kind="stable")
    day = np.timedelta64(86_400_000_000, "us")
    begin = np.datetime64(BEGIN.replace(tzinfo=None), "us")
    kept = reported[order] >= 0
    return (
        pl.DataFrame(
            {
                "case": np.arange(len(place))[order],
                "kind": ["dumping"] * len(place),
                "place": place[order].astype(np.int64),
                "reported": (begin + (reported[order] * day.astype(np.int64)).astype("m8[us]")),
                "closed": (begin + (closed[order] * day.astype(np.int64)).astype("m8[us]")),
                "parent": parent[order],
            }
        )
        .with_columns(
            pl.col("reported", "closed").dt.replace_time_zone("UTC"),
            parent=pl.when(pl.col("parent").is_in(order[kept])).then("parent"),
        )
        .filter(pl.Series(kept))
    )
