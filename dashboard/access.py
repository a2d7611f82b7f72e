"""Reading: the only cache of the dashboard. Facts are shared by all sessions, read-only."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import streamlit as st

from geodata.analysis.breaks import Breaks, locked_breaks, period_step
from geodata.analysis.facts import Facts, Keep, kept
from geodata.analysis.facts import phase_days as phase_values
from geodata.city import City, load_city
from geodata.domain.selection import Selection
from geodata.spatial.cells import STUDY, centres_of
from geodata.status import city_status
from geodata.spatial.study import street_km as street_km_by_cell
from geodata.store.facts import load_facts
from geodata.store.lake import Lake
from geodata.store.layers import place_kinds, study_table

CITY_VARIABLE = "GUATU_CITY"
RESOLUTIONS = (8, 9, 10, STUDY)


@dataclass(frozen=True, slots=True)
class Reading:
    """One city at one version, as every page sees it."""

    city: City
    facts: Facts

    @property
    def key(self) -> tuple[str, str, int]:
        """What the caches tell readings apart by."""
        return str(self.city.folder), self.city.config_sha256, self.facts.version


def reading() -> Reading:
    """Return the served city and the facts of its newest version; quick when nothing changed."""
    city = served_city()
    version = Lake(city.lake).version()
    return _reading(str(city.folder), city.config_sha256, version)


def served_city() -> City:
    """City folder named in the environment by ``python -m geodata serve``."""
    folder = Path(os.environ.get(CITY_VARIABLE, "city"))
    path = folder / "city.toml"
    changed = path.stat().st_mtime_ns if path.exists() else 0
    return _city(str(folder), changed)


@lru_cache(maxsize=4)
def _city(folder: str, _changed: int) -> City:
    return load_city(Path(folder))


@st.cache_resource(max_entries=2, show_spinner=False)
def _reading(folder: str, _config: str, version: int | None) -> Reading:
    """Load once for all sessions; two versions at most, so that old ones are let go."""
    city = load_city(Path(folder))
    return Reading(city, load_facts(city, version))


class _BySelection:
    """Answers kept for the selections asked for last, of one reading at a time."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._kept: dict[Any, Any] = {}

    def get(self, key: Any, compute: Any) -> Any:
        """Return the kept answer, or compute, keep and return it."""
        if key in self._kept:
            self._kept[key] = self._kept.pop(key)
            return self._kept[key]
        answer = compute()
        self._kept[key] = answer
        while len(self._kept) > self.size:
            self._kept.pop(next(iter(self._kept)), None)
        return answer


_masks = _BySelection(12)
_answers = _BySelection(256)


def keep(reading: Reading, selection: Selection) -> Keep:
    """Which cases a selection means."""
    return _masks.get((reading.key, selection), lambda: kept(reading.facts, selection))  # type: ignore[no-any-return]


def answer(reading: Reading, name: str, selection: Selection, compute: Any, *extra: Any) -> Any:
    """Result of ``compute(facts, keep)`` for a selection, kept for the next who asks."""
    key = (reading.key, name, selection, extra)
    return _answers.get(key, lambda: compute(reading.facts, keep(reading, selection)))


def breaks(reading: Reading, measure: str, days: int) -> Breaks:
    """Locked lower bounds of the colours for a period, from city.toml or from all cases."""
    step = period_step(days)
    key = (reading.key, "breaks", measure, step)
    return _answers.get(key, lambda: _breaks(reading, measure, step))  # type: ignore[no-any-return]


def _breaks(reading: Reading, measure: str, days: int) -> Breaks:
    stated = reading.city.map.breaks.get(measure, {})
    km = street_km(reading)
    found = locked_breaks(reading.facts, measure, RESOLUTIONS, days=days, km=km)
    return found | {resolution: list(bounds) for resolution, bounds in stated.items()}


def street_km(reading: Reading) -> dict[int, dict[int, float]]:
    """Resolution → cell → kilometres of street in it."""
    return _answers.get(  # type: ignore[no-any-return]
        (reading.city.config_sha256, str(reading.city.folder), "km"),
        lambda: _street_km(reading.city),
    )


def _street_km(city: City) -> dict[int, dict[int, float]]:
    study = study_table(city.layers)
    return {resolution: street_km_by_cell(study, resolution) for resolution in RESOLUTIONS}


def place_counts(reading: Reading) -> dict[str, int]:
    """Kind of place → how many the city has."""
    key = (reading.city.config_sha256, str(reading.city.folder), "places")
    return _answers.get(key, lambda: place_kinds(reading.city.layers))  # type: ignore[no-any-return]


def phase_codes(reading: Reading, phase: str) -> frozenset[str]:
    """Phase values a name stands for; ``campaign`` is all phases together."""
    campaign = reading.city.campaign
    if phase == "campaign" and campaign is not None:
        return frozenset(one.code for one in campaign.phases)
    return frozenset([phase])


def phase_days(reading: Reading, phase: str) -> int:
    """Recorded days of a phase value, up to the data's last day."""
    facts, campaign = reading.facts, reading.city.campaign
    if campaign is None:
        return 1
    codes = phase_codes(reading, phase)
    days = (facts.last_day - facts.first_day).days + 1
    values = phase_values(campaign, None, facts.first_day, facts.last_day)
    return sum(value in codes for value in values) if days > 0 else 1


def centres(reading: Reading) -> npt.NDArray[np.float64]:
    """Centres (lon, lat) of the map's finest cells that hold a case, in the order of the facts."""
    found, _ = reading.facts.runs(STUDY)
    return _answers.get((reading.key, "centres"), lambda: centres_of(found))  # type: ignore[no-any-return]


def status(reading: Reading) -> dict[str, Any]:
    """What ``python -m geodata status`` says, kept for the version."""
    key = (reading.key, "status", set_aside_changed(reading.city))
    return _answers.get(key, lambda: city_status(reading.city, reading.facts))  # type: ignore[no-any-return]


def set_aside_changed(city: City) -> int:
    """When the folder of rows set aside last changed."""
    return city.set_aside.stat().st_mtime_ns if city.set_aside.exists() else 0


def scan(reading: Reading) -> pl.LazyFrame:
    """The lake at the reading's version, for the few whole cases a page shows."""
    version = reading.facts.version
    return Lake(reading.city.lake).scan(version if version >= 0 else None)
