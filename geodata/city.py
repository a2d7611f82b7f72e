"""A city folder: ``city.toml`` read into the plain objects of the domain.

A folder holds ``city.toml`` (what people edit), ``layers/`` (streets, areas, places,
unit grids), ``lake/`` (the cases, versioned), ``set_aside/`` and ``snapshots/``.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from geodata.domain.calendar import WorkCalendar
from geodata.domain.campaign import Campaign, Phase, SpecialAction
from geodata.domain.case import DueSoonRule, PileRule
from geodata.domain.category import Category, Deadline, Family
from geodata.domain.street import SnapRule, StreetClass
from geodata.domain.tree import Node, Tree
from geodata.errors import CityBroken, CityMissing, NewerFormat

T = TypeVar("T")

FORMAT = 1
"""Version of the city.toml layout this software reads and writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where reports come from 来源."""

    code: str
    name: str
    name_en: str = ""
    aliases: tuple[str, ...] = ()
    patrol: bool = False
    """Found by the city's own people: more patrols mean more of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapStyle:
    """The map's base: a credit line, and an intranet tile server if there is one."""

    credit: str = ""
    tile_url: str = ""
    tile_datum: str = "wgs84"
    breaks: Mapping[str, Mapping[str, tuple[float, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class City:
    """Everything ``city.toml`` says, checked; cheap to pass around, never changed."""

    folder: Path
    name: str
    timezone: str
    metric_crs: str
    families: tuple[Family, ...]
    categories: tuple[Category, ...]
    offices: Tree
    channels: tuple[Channel, ...]
    street_classes: Mapping[str, StreetClass]
    calendar: WorkCalendar
    name_en: str = ""
    made_up: bool = False
    datum: str = "wgs84"
    profile: str = ""
    campaign: Campaign | None = None
    actions: tuple[SpecialAction, ...] = ()
    map: MapStyle = field(default_factory=MapStyle)
    snap: SnapRule = field(default_factory=SnapRule)
    piles: PileRule = field(default_factory=PileRule)
    due_soon: DueSoonRule = field(default_factory=DueSoonRule)
    config_sha256: str = ""

    @property
    def layers(self) -> Path:
        """Folder of the static geometry layers."""
        return self.folder / "layers"

    @property
    def lake(self) -> Path:
        """Folder of the versioned case table."""
        return self.folder / "lake"

    @property
    def set_aside(self) -> Path:
        """Folder of rows that could not be taken in."""
        return self.folder / "set_aside"

    @cached_property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.timezone)

    @cached_property
    def family_of(self) -> dict[str, str]:
        """Category code → family code."""
        return {category.code: category.family for category in self.categories}


def load_city(folder: Path) -> City:
    """Read and check a city folder.

    Raises
    ------
    CityMissing
        The folder or its ``city.toml`` is not there.
    CityBroken
        ``city.toml`` does not parse or contradicts itself; every defect is listed.
    NewerFormat
        The folder was made by a newer version of this software.
    """
    path = folder / "city.toml"
    try:
        text = path.read_bytes()
    except OSError as error:
        raise CityMissing(
            f"{folder} is not a city folder: {path.name} cannot be read ({error.strerror}). "
            "Make one with `python -m geodata demo` or `python -m geodata new`."
        ) from error
    try:
        raw = tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CityBroken(
            f"{path}: {error}. Correct that line and run the command again."
        ) from error
    if raw.get("format", 0) > FORMAT:
        raise NewerFormat(
            f"{path} has format {raw['format']}, this software reads up to {FORMAT}. "
            "Update the software, or use the version that made the folder."
        )
    return _read(folder, raw, hashlib.sha256(text).hexdigest())


def _read(folder: Path, raw: Mapping[str, Any], sha256: str) -> City:
    """Turn parsed TOML into a City, or list every defect at once."""
    defects: list[str] = []

    def take(what: str, build: Any) -> Any:
        try:
            return build()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            missing = isinstance(error, KeyError)
            defects.append(f"[{what}] " + (f"{error} is missing" if missing else str(error)))
            return None

    about = raw.get("city", {})
    parts: dict[str, Any] = {
        "name": take("city", lambda: _text(about["name"], "name")),
        "timezone": take("city", lambda: _zone(about["timezone"])),
        "metric_crs": take("city", lambda: _text(about["metric_crs"], "metric_crs")),
        "families": take("families", lambda: _rows(Family, raw["families"])),
        "categories": take("categories", lambda: _categories(raw["categories"])),
        "offices": take("offices", lambda: Tree(_rows(Node, raw.get("offices", [])))),
        "channels": take("channels", lambda: _rows(Channel, raw.get("channels", []))),
        "street_classes": take("streets.classes", lambda: _classes(raw["streets"]["classes"])),
        "calendar": take("calendar", lambda: _calendar(raw.get("calendar", {}))),
        "campaign": take("campaign", lambda: _campaign(raw.get("campaign"))),
        "actions": take("actions", lambda: _rows(SpecialAction, raw.get("actions", []))),
        "map": take("map", lambda: _map(raw.get("map", {}))),
        "snap": take("streets.snap", lambda: SnapRule(**raw["streets"].get("snap", {}))),
        "piles": take("rules.piles", lambda: PileRule(**raw.get("rules", {}).get("piles", {}))),
        "due_soon": take(
            "rules.due_soon", lambda: DueSoonRule(**raw.get("rules", {}).get("due_soon", {}))
        ),
    }
    if not defects:
        city = City(
            folder=folder,
            name_en=about.get("name_en", ""),
            made_up=bool(about.get("made_up", False)),
            datum=about.get("datum", "wgs84"),
            profile=about.get("profile", ""),
            config_sha256=sha256,
            **parts,
        )
        defects = _contradictions(city)
        if not defects:
            return city
    listed = "".join(f"\n  - {defect}" for defect in defects)
    raise CityBroken(f"{folder / 'city.toml'} cannot be used as it is:{listed}\nCorrect these.")


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} must be a text that is not empty, not {value!r}")
    return value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError):
        raise ValueError(f"timezone {name!r} is not known; write e.g. 'Asia/Shanghai'") from None
    return name


def _rows(kind: type[T], rows: list[dict[str, Any]]) -> tuple[T, ...]:
    """One object per table row; lists become tuples."""
    return tuple(_one(kind, row) for row in rows)


def _one(kind: type[T], row: Mapping[str, Any]) -> T:
    row = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    try:
        return kind(**row)
    except TypeError as error:
        raise ValueError(f"row {row.get('code', row)!r}: {error}") from error


def _categories(rows: list[dict[str, Any]]) -> tuple[Category, ...]:
    return tuple(
        _one(Category, {**row, "deadline": _one(Deadline, row["deadline"])})
        if "deadline" in row
        else _one(Category, row)
        for row in rows
    )


def _classes(rows: list[dict[str, Any]]) -> dict[str, StreetClass]:
    return {row["code"]: _one(StreetClass, row) for row in rows}


def _phases(rows: list[dict[str, Any]]) -> tuple[Phase, ...]:
    wrong = [row for row in rows if not isinstance(row.get("from_on"), date)]
    if wrong:
        raise ValueError(f"phase {wrong[0].get('code')!r}: from_on must be a date, e.g. 2026-08-31")
    return _rows(Phase, rows)


def _campaign(raw: Mapping[str, Any] | None) -> Campaign | None:
    if raw is None:
        return None
    return Campaign(
        name=raw["name"],
        name_en=raw.get("name_en", ""),
        phases=_phases(raw["phases"]),
        office_phases={
            office: _phases(phases) for office, phases in raw.get("office_phases", {}).items()
        },
    )


def _calendar(raw: Mapping[str, Any]) -> WorkCalendar:
    hours = tuple(
        (time.fromisoformat(begin), time.fromisoformat(end))
        for begin, end in raw.get("working_hours", [("09:00", "12:00"), ("14:00", "18:00")])
    )
    return WorkCalendar(
        country=raw.get("country", "CN"),
        working_hours=hours,
        holidays=frozenset(raw.get("holidays", ())),
        extra_workdays=frozenset(raw.get("extra_workdays", ())),
    )


def _map(raw: Mapping[str, Any]) -> MapStyle:
    breaks = {
        measure: {resolution: tuple(bounds) for resolution, bounds in per_resolution.items()}
        for measure, per_resolution in raw.get("breaks", {}).items()
    }
    return MapStyle(**{**raw, "breaks": breaks})


def _contradictions(city: City) -> list[str]:
    """List rows that name what no other row defines."""
    families = {family.code for family in city.families}
    wrong = [
        f"[categories] {category.code!r} names family {category.family!r}, which is not listed"
        for category in city.categories
        if category.family not in families
    ]
    for what, codes in {
        "categories": [category.code for category in city.categories],
        "families": [family.code for family in city.families],
        "channels": [channel.code for channel in city.channels],
    }.items():
        twice = sorted({code for code in codes if codes.count(code) > 1})
        wrong += [f"[{what}] code {code!r} is used twice" for code in twice]
    wrong += [f"[offices] {defect}" for defect in city.offices.defects()]
    wrong += [
        f"[campaign] {defect}" for defect in (city.campaign.defects() if city.campaign else [])
    ]
    offices, categories = set(city.offices.codes()), set(city.family_of)
    for action in city.actions:
        unknown = {*action.assisting, *filter(None, [action.lead])} - offices
        unknown |= set(action.categories) - categories
        wrong += [f"[actions] {action.code!r} names unknown {name!r}" for name in sorted(unknown)]
    return wrong
