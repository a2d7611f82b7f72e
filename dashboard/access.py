"""Reading: the only cache of the dashboard. Facts are shared by all sessions, read-only.

Everything worked out from a reading hangs on that reading: when a newer version takes its place,
the old one goes with all its answers as soon as no page is being drawn from it.
"""

from __future__ import annotations

import gc
import os
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event, Lock
from typing import Any, Final, TypeVar, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from dashboard import identity
from geodata.analysis.breaks import Breaks, locked_breaks, period_step
from geodata.analysis.counts import cases_by_segment, count_by, count_by_cell
from geodata.analysis.crosstab import count_codes, crosstab
from geodata.analysis.facts import Facts, Keep, only_of
from geodata.analysis.facts import phase_days as phase_values
from geodata.city import City, load_city
from geodata.domain.selection import Selection
from geodata.domain.viewer import EVERYBODY, OFFICE, Viewer
from geodata.errors import GeodataError, Sentence, deliberate
from geodata.findings import Source
from geodata.spatial.cells import STUDY, centres_of
from geodata.spatial.coordinates import from_wgs84
from geodata.spatial.study import street_km as street_km_by_cell
from geodata.status import city_status
from geodata.store.facts import load_facts
from geodata.store.lake import Lake
from geodata.store.layers import bounds, place_kinds, study_table

CITY_VARIABLE: Final = "GUATU_CITY"
RESOLUTIONS: Final = (8, 9, 10, STUDY)
MOST_MASKS: Final = 6
"""Selections whose rows are remembered; one byte per case each, 60 MB at 10 million cases."""
MOST_ANSWERS: Final = 256

T = TypeVar("T")


class Kept:
    """Answers asked for last. Safe between threads; the same question is worked out once."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = Lock()
        self._answers: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def get(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return the kept answer; else compute and keep it, or wait for whoever already does.

        An error of ``compute`` reaches everyone who waits, and is not kept.
        """
        answer, mine = self._claim(key)
        if mine:
            try:
                answer.set_result(compute())
            except BaseException as error:  # noqa: BLE001 - handed to all who wait
                self._drop(key, answer)
                answer.set_exception(error)
        return cast("T", answer.result())

    def newest(self) -> Any | None:
        """Return the answer worked out last that is there already."""
        with self._lock:
            done = [one for one in self._answers.values() if one.done()]
        return done[-1].result() if done else None

    def _claim(self, key: Hashable) -> tuple[Future[Any], bool]:
        with self._lock:
            mine = key not in self._answers
            answer = self._answers.setdefault(key, Future())
            self._answers.move_to_end(key)
            while len(self._answers) > self._size:
                self._answers.popitem(last=False)
        return answer, mine

    def _drop(self, key: Hashable, answer: Future[Any]) -> None:
        with self._lock:
            if self._answers.get(key) is answer:
                del self._answers[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One city at one version, as every page sees it.

    Attributes
    ----------
    read_at
        When it was read (UTC).
    trouble
        Why a newer state of the folder cannot be shown; this is then the last good one.
    viewer
        For whom: an office's reading holds its own cases only.
    """

    city: City
    facts: Facts
    read_at: datetime
    trouble: Sentence | None = None
    viewer: Viewer = EVERYBODY
    masks: Kept = field(default_factory=lambda: Kept(MOST_MASKS), compare=False, repr=False)
    answers: Kept = field(default_factory=lambda: Kept(MOST_ANSWERS), compare=False, repr=False)

    @property
    def source(self) -> Source:
        """The reading as the library's questions take it; answers are kept here."""
        return Source(city=self.city, facts=self.facts, remember=self._remember)

    def _remember(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Few masks are kept, they are large; of all other answers many."""
        mask = isinstance(key, tuple) and key[0] == "keep"
        return (self.masks if mask else self.answers).get(key, compute)

    @property
    def key(self) -> tuple[Hashable, ...]:
        """What tells readings apart."""
        folder, config = str(self.city.folder), self.city.config_sha256
        return folder, config, self.facts.version, self.viewer.offices


_cities = Kept(4)
_versions = Kept(4)
_readings = Kept(1)
_good: dict[Path, Reading] = {}
"""The reading of each folder that worked last."""


def reading() -> Reading:
    """Return what the person looking may see of the served city; quick when nothing changed.

    Raises
    ------
    AccessDenied
        The city names who may look, and this is none of them.
    GeodataError
        As `whole_reading`.
    """
    whole = whole_reading()
    viewer = identity.viewer(whole.city)
    if viewer.role != OFFICE:
        return whole if viewer == whole.viewer else replace(whole, viewer=viewer)
    return whole.answers.get(("only of", viewer.offices), lambda: _only_of(whole, viewer))


def _only_of(whole: Reading, viewer: Viewer) -> Reading:
    """A reading of an office's own cases, with answers of its own."""
    return Reading(
        city=whole.city,
        facts=only_of(whole.facts, viewer.offices),
        read_at=whole.read_at,
        trouble=whole.trouble,
        viewer=viewer,
    )


def whole_reading() -> Reading:
    """Return the served city and the facts of its newest version; quick when nothing changed.

    A folder that broke while being served (a slip in ``city.toml``, a lake of newer software) gives
    the last good reading, with ``trouble`` saying what is wrong.

    Raises
    ------
    GeodataError
        The folder cannot be read and never could since the server started.
    """
    folder = served_folder()
    try:
        city = served_city()
        found = _readings.get(
            (str(folder), city.config_sha256, _version(city)), partial(_load, city)
        )
    except (GeodataError, OSError) as error:
        if folder not in _good:
            raise
        trouble = deliberate(error).sentence.instead(f"{folder}{os.sep}", "")
        return replace(_good[folder], trouble=trouble)
    _good[folder] = found
    return found


def _load(city: City) -> Reading:
    return Reading(city=city, facts=load_facts(city), read_at=datetime.now(UTC))


def settle(reading: Reading) -> None:
    """Once per reading, take what is loaded by now out of the garbage collector's rounds."""
    reading.answers.get("settled", leave_uncollected)
    first_page_drawn.set()


first_page_drawn: Final = Event()
"""Set once somebody has seen a page: what has time may then be done."""


def leave_uncollected() -> None:
    """Take everything there is by now out of the collector's rounds: a walk of it costs 100 ms."""
    gc.collect()
    gc.freeze()


def served_folder() -> Path:
    """City folder named in the environment by ``python -m geodata serve``."""
    return Path(os.environ.get(CITY_VARIABLE, "city"))


def served_city() -> City:
    """Configuration of the served folder, read again when ``city.toml`` changes.

    Raises
    ------
    GeodataError
        ``city.toml`` is missing or wrong; every defect is listed.
    """
    folder = served_folder()
    return _cities.get((str(folder), changed(folder / "city.toml")), partial(load_city, folder))


def _version(city: City) -> int | None:
    """Newest lake version; each commit adds a file to the log, so its folder tells of it."""
    key = (str(city.lake), changed(city.lake / "_delta_log"))
    return _versions.get(key, Lake(city.lake).version)


def changed(path: Path) -> int:
    """When a file was last changed (ns since 1970); 0 where it is not there."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def keep(reading: Reading, selection: Selection) -> Keep:
    """Which cases a selection means."""
    return reading.source.keep(selection)


def answer(
    reading: Reading,
    name: str,
    selection: Selection,
    compute: Callable[[Facts, Keep], T],
    *extra: Hashable,
) -> T:
    """Result of ``compute(facts, keep)`` for a selection, kept for the next who asks."""
    key = (name, selection, *extra)
    return reading.answers.get(key, lambda: compute(reading.facts, keep(reading, selection)))


def cells(reading: Reading, selection: Selection) -> pl.DataFrame:
    """Cases of a selection by cell, at the map's finest resolution."""
    return answer(reading, "cells", selection, partial(count_by_cell, resolution=STUDY))


def segments(reading: Reading, selection: Selection) -> npt.NDArray[np.uint32]:
    """Cases of a selection by street segment in file order, the unassigned last."""
    return answer(reading, "segments", selection, cases_by_segment)


def codes(reading: Reading, selection: Selection, column: str) -> dict[str, int]:
    """Cases of a selection by the codes of a column, every code, zeros included."""
    key = ("codes", column, selection)
    return reading.answers.get(key, lambda: _codes(reading, selection, column))


def _codes(reading: Reading, selection: Selection, column: str) -> dict[str, int]:
    """From the table of combinations where it can answer, else from the cases."""
    facts = reading.facts
    table = reading.answers.get("crosstab", lambda: crosstab(facts))
    counted = count_codes(facts, table, selection, column)
    if counted is None:
        counted = count_by(facts, keep(reading, selection), column)
    return dict(zip(counted["code"].to_list(), counted["cases"].to_list(), strict=True))


def breaks(reading: Reading, measure: str, days: int) -> Breaks:
    """Locked lower bounds of the colours for a period, from city.toml or from all cases."""
    step = period_step(days)
    return reading.answers.get(("breaks", measure, step), lambda: _breaks(reading, measure, step))


def _breaks(reading: Reading, measure: str, days: int) -> Breaks:
    stated = reading.city.map.breaks.get(measure, {})
    km = street_km(reading)
    found = locked_breaks(reading.facts, measure, RESOLUTIONS, days=days, km=km)
    return found | {resolution: list(bounds) for resolution, bounds in stated.items()}


def street_km(reading: Reading) -> dict[int, dict[int, float]]:
    """Resolution → cell → kilometres of street in it."""
    return reading.answers.get("km", lambda: _street_km(reading.city))


def _street_km(city: City) -> dict[int, dict[int, float]]:
    study = study_table(city.layers)
    return {resolution: street_km_by_cell(study, resolution) for resolution in RESOLUTIONS}


def tiles(reading: Reading) -> dict[str, str]:
    """Address of the intranet tiles, and how far (degrees) their datum lies from WGS-84 here."""
    style = reading.city.map
    if not style.tile_url:
        return {}
    west, south, east, north = reading.answers.get("bounds", lambda: bounds(reading.city.layers))
    lon, lat = (west + east) / 2, (south + north) / 2
    x, y = from_wgs84([lon], [lat], style.tile_datum)
    shift = f"{x[0] - lon:.7f},{y[0] - lat:.7f}"
    return {"tile_url": style.tile_url, "tile_shift": shift}


def place_counts(reading: Reading) -> dict[str, int]:
    """Kind of place → how many the city has."""
    return reading.answers.get("places", lambda: place_kinds(reading.city.layers))


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
    return reading.answers.get("centres", lambda: centres_of(found))


def status(reading: Reading) -> dict[str, Any]:
    """What ``python -m geodata status`` says, kept for the version."""
    key = ("status", changed(reading.city.set_aside))
    return reading.answers.get(key, lambda: city_status(reading.city, reading.facts))


def scan(reading: Reading) -> pl.LazyFrame:
    """The lake at the reading's version, for the few whole cases a page shows."""
    version = reading.facts.version
    return Lake(reading.city.lake).scan(version if version >= 0 else None)
