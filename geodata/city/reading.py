"""``city.toml`` → a City, or every defect of it at once."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from geodata.analysis.ranking import RankRule
from geodata.city import tables
from geodata.city.defects import contradictions
from geodata.city.model import FORMAT, Channel, City
from geodata.domain.campaign import SpecialAction
from geodata.domain.case import DueSoonRule, PileRule
from geodata.domain.category import Family
from geodata.domain.street import SnapRule
from geodata.domain.tree import Node, Tree
from geodata.errors import CityBroken, CityMissing, NewerFormat, Sentence, toml_slip

Raw = Mapping[str, Any]
"""A table of parsed TOML."""


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
            "{folder} is not a city folder: {file} cannot be read ({error}). Make one with "
            "`python -m geodata demo` or `python -m geodata new`.",
            folder=folder,
            file=path.name,
            error=error,
        ) from error
    raw = _parsed(path, text)
    defects, parts = _parts(raw)
    if not defects:
        city = City(folder=folder, config_sha256=hashlib.sha256(text).hexdigest(), **parts)
        defects = contradictions(city)
        if not defects:
            return city
    raise CityBroken(
        "{path} cannot be used as it is:{defects:lines}\nCorrect these and run again.",
        path=path,
        defects=defects,
    )


def _parsed(path: Path, text: bytes) -> Raw:
    try:
        raw = tomllib.loads(text.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CityBroken(
            "{path}: {error}. Correct that line and run the command again.",
            path=path,
            error=toml_slip(error),
        ) from error
    made_in = raw.get("format", FORMAT)
    if not isinstance(made_in, int):
        raise CityBroken(
            "{path}: format must be a whole number, not {made_in!r}. Write {format}.",
            path=path,
            made_in=made_in,
            format=FORMAT,
        )
    if made_in > FORMAT:
        raise NewerFormat(
            "{path} has format {made_in}, this software reads up to {format}. Update the "
            "software, or use the version that made the folder.",
            path=path,
            made_in=made_in,
            format=FORMAT,
        )
    return raw


def _parts(raw: Raw) -> tuple[list[Sentence], dict[str, Any]]:
    """Read every table; return what is wrong with each, and what was read."""
    defects: list[Sentence] = []
    parts: dict[str, Any] = {}
    for part, (table, read) in _PARTS.items():
        try:
            parts[part] = read(raw)
        except KeyError as error:
            absent = Sentence("{key} is missing", key=error)
            defects.append(Sentence("[{table}] {defect}", table=table, defect=absent))
        except (TypeError, ValueError, AttributeError) as error:
            defects.append(Sentence("[{table}] {defect}", table=table, defect=error))
    return list(dict.fromkeys(defects)), parts


def _rule(raw: Raw, name: str) -> Raw:
    rule: Raw = raw.get("rules", {}).get(name, {})
    return rule


_PARTS: Mapping[str, tuple[str, Callable[[Raw], Any]]] = {
    "name": ("city", lambda raw: tables.text(raw["city"]["name"], "name")),
    "name_en": ("city", lambda raw: str(raw["city"].get("name_en", ""))),
    "timezone": ("city", lambda raw: tables.zone(raw["city"]["timezone"])),
    "metric_crs": ("city", lambda raw: tables.metric_crs(raw["city"]["metric_crs"])),
    "datum": ("city", lambda raw: tables.datum(raw["city"].get("datum", "wgs84"))),
    "profile": ("city", lambda raw: str(raw["city"].get("profile", ""))),
    "made_up": ("city", lambda raw: bool(raw["city"].get("made_up", False))),
    "families": ("families", lambda raw: tables.rows(Family, raw["families"])),
    "categories": ("categories", lambda raw: tables.categories(raw["categories"])),
    "offices": ("offices", lambda raw: Tree(tables.rows(Node, raw.get("offices", [])))),
    "channels": ("channels", lambda raw: tables.rows(Channel, raw.get("channels", []))),
    "street_classes": ("streets.classes", lambda raw: tables.classes(raw["streets"]["classes"])),
    "snap": ("streets.snap", lambda raw: tables.one(SnapRule, raw["streets"].get("snap", {}))),
    "calendar": ("calendar", lambda raw: tables.calendar(raw.get("calendar", {}))),
    "campaign": ("campaign", lambda raw: tables.campaign(raw.get("campaign"))),
    "actions": ("actions", lambda raw: tables.rows(SpecialAction, raw.get("actions", []))),
    "map": ("map", lambda raw: tables.map_style(raw.get("map", {}))),
    "piles": ("rules.piles", lambda raw: tables.one(PileRule, _rule(raw, "piles"))),
    "access": ("access", lambda raw: tables.access(raw.get("access"))),
    "due_soon": ("rules.due_soon", lambda raw: tables.one(DueSoonRule, _rule(raw, "due_soon"))),
    "ranks": ("rules.ranks", lambda raw: tables.one(RankRule, _rule(raw, "ranks"))),
    "weights": ("evaluation", lambda raw: tables.weights(raw.get("evaluation"))),
}
"""Field of City → the table it is read from, for messages, and how."""
