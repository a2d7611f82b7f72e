"""Profiles: how one kind of export maps to the case table, kept in TOML.

The format is described in ``profiles/README.md``.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from geodata.domain.case import CASE_SCHEMA
from geodata.errors import ProfileBroken, Sentence, toml_slip
from geodata.ingest.features import LAT, LON
from geodata.ingest.headings import match, missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHIPPED: Final = Path(__file__).parent / "profiles"

DATUMS: Final = ("wgs84", "gcj02", "bd09")

FROM_FILE: Final = frozenset(CASE_SCHEMA) - {
    "category",
    "office",
    "channel",
    "source_file",
    "source_row",
} | {"lon_lat"}
"""Columns a profile may map; ``lon_lat`` is one cell with both coordinates, longitude first."""

_SECTIONS: Final = {
    "name",
    "title",
    "required",
    "blanks",
    "datum",
    "columns",
    "times",
    "close",
    "channels",
    "streets",
    "assisting",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRule:
    """Where one canonical column comes from.

    Attributes
    ----------
    headings
        Candidates, best first.
    pick
        ``first``: the first heading that is there; ``filled``: row by row, the first
        candidate that is not blank.
    replace
        (regular expression, replacement) pairs in Rust syntax, applied in order.
    """

    headings: tuple[str, ...]
    pick: Literal["first", "filled"] = "first"
    replace: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRule:
    """Where ``closed_at`` comes from when the file has no such column of its own.

    ``closed_at`` is the ``from_heading`` cell wherever the status, in lower case, is one
    of ``when_status`` and no closing time was given.
    """

    when_status: frozenset[str] = frozenset()
    from_heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One kind of export, checked; made by `load_profile`."""

    name: str
    title: str = ""
    columns: Mapping[str, ColumnRule]
    required: tuple[str, ...] = ()
    blanks: frozenset[str] = frozenset()
    """Texts that mean "nothing here", in lower case."""
    datum: str = "wgs84"
    timezone: str = ""
    """Zone of times that carry no offset; empty means the city's."""
    formats: tuple[str, ...] = ()
    """strftime patterns tried before the built-in ones."""
    close: CloseRule = field(default_factory=CloseRule)
    channels: Mapping[str, str] = field(default_factory=dict)
    """Reported channel → channel code, used where the city maps nothing."""
    street_patterns: tuple[str, ...] = ()
    """Regular expressions with a group ``street`` and, for junctions, a group ``cross``."""
    assisting_separators: str = r"[;；、,，|/]"


def load_profile(name_or_path: str | Path) -> Profile:
    """Read a shipped profile by name, or any profile by the path of its TOML file.

    Raises
    ------
    ProfileBroken
        It is not there, does not parse, or contradicts itself; every defect is listed.
    """
    path = SHIPPED / f"{name_or_path}.toml"
    if not path.is_file():
        path = Path(name_or_path)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        shipped = sorted(each.stem for each in SHIPPED.glob("*.toml"))
        raise ProfileBroken(
            "There is no profile '{name_or_path}'. Shipped are: {shipped}; or give the path of "
            "a TOML file.",
            name_or_path=name_or_path,
            shipped=shipped,
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileBroken(
            "{path}: {error}. Correct that line.", path=path, error=toml_slip(error)
        ) from error
    defects = _defects(raw)
    if defects:
        raise ProfileBroken(
            "{path} cannot be used as it is:{defects:lines}\nCorrect these.",
            path=path,
            defects=defects,
        )
    return _build(raw)


@cache
def shipped_profiles() -> tuple[Profile, ...]:
    """Every profile that comes with the software, by name."""
    return tuple(load_profile(path.stem) for path in sorted(SHIPPED.glob("*.toml")))


def detect_profile(headings: Sequence[str]) -> Profile | None:
    """Choose the shipped profile that fits: nothing required absent, most columns found."""
    fitting = [profile for profile in shipped_profiles() if not missing(headings, profile)]
    return max(fitting, key=lambda profile: len(match(headings, profile)), default=None)


def _build(raw: Mapping[str, Any]) -> Profile:
    times, close = raw.get("times", {}), raw.get("close", {})
    columns = {name: _rule(value) for name, value in raw["columns"].items()}
    for name, heading in (("lon", LON), ("lat", LAT)):
        known = columns[name].headings if name in columns else ()
        columns[name] = ColumnRule(headings=(heading, *known))
    return Profile(
        name=raw["name"],
        title=raw.get("title", ""),
        columns=columns,
        required=tuple(raw.get("required", ())),
        blanks=frozenset(text.lower() for text in raw.get("blanks", ())),
        datum=raw.get("datum", "wgs84"),
        timezone=times.get("timezone", ""),
        formats=tuple(times.get("formats", ())),
        close=CloseRule(
            when_status=frozenset(text.lower() for text in close.get("when_status", ())),
            from_heading=close.get("from", ""),
        ),
        channels=dict(raw.get("channels", {})),
        street_patterns=tuple(raw.get("streets", {}).get("patterns", ())),
        assisting_separators=raw.get("assisting", {}).get("separators", r"[;；、,，|/]"),
    )


def _rule(value: Any) -> ColumnRule:
    if isinstance(value, list):
        return ColumnRule(headings=tuple(value))
    return ColumnRule(
        headings=tuple(value["headings"]),
        pick=value.get("pick", "first"),
        replace=tuple((found, instead) for found, instead in value.get("replace", ())),
    )


def _defects(raw: Mapping[str, Any]) -> list[Sentence]:
    """List everything wrong with the parsed TOML, in the order of the file."""
    wrong = [
        Sentence("[{section}] is not a section of a profile", section=section)
        for section in raw.keys() - _SECTIONS
    ]
    if not isinstance(raw.get("name"), str):
        wrong.append(Sentence("{key} is missing", key="name"))
    if not isinstance(raw.get("columns"), dict):
        return [*wrong, Sentence("{key} is missing", key="[columns]")]
    wrong += [defect for name, value in raw["columns"].items() for defect in _column(name, value)]
    unknown = set(raw.get("required", ())) - FROM_FILE
    wrong += [
        Sentence("required: '{name}' is not a column of a case", name=name)
        for name in sorted(unknown)
    ]
    if raw.get("datum", "wgs84") not in DATUMS:
        wrong.append(
            Sentence(
                "datum: '{datum}' is none of {datums}", datum=raw["datum"], datums=list(DATUMS)
            )
        )
    patterns = raw.get("streets", {}).get("patterns", ())
    wrong += [_in("streets", one) for text in patterns for one in _pattern(text, "street")]
    separators = raw.get("assisting", {}).get("separators", ",")
    wrong += [_in("assisting", one) for one in _pattern(separators)]
    return wrong + _zone(raw.get("times", {}).get("timezone", ""))


def _in(table: str, defect: Sentence) -> Sentence:
    return Sentence("[{table}] {defect}", table=table, defect=defect)


def _column(name: str, value: Any) -> list[Sentence]:
    if name not in FROM_FILE:
        return [
            Sentence(
                "[columns] '{name}' is not a column of a case: {columns}",
                name=name,
                columns=sorted(FROM_FILE),
            )
        ]
    table = f"columns.{name}"
    rule = {"headings": value} if isinstance(value, list) else value
    if not isinstance(rule, dict) or not rule.get("headings"):
        return [_in(table, Sentence("{key} is missing", key="headings"))]
    wrong = [
        _in(table, Sentence("unknown key {key!r}", key=key)) for key in rule.keys() - {*_RULE_KEYS}
    ]
    if rule.get("pick", "first") not in ("first", "filled"):
        pick = Sentence("pick must be 'first' or 'filled', not '{pick}'", pick=rule["pick"])
        wrong.append(_in(table, pick))
    pairs = rule.get("replace", [])
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):  # noqa: PLR2004
        return [*wrong, _in(table, Sentence("replace must list [pattern, replacement] pairs"))]
    return wrong + [_in(table, one) for pattern, _ in pairs for one in _pattern(pattern)]


_RULE_KEYS: Final = ("headings", "pick", "replace")


def _pattern(text: str, group: str = "") -> list[Sentence]:
    try:
        pl.Series([""]).str.contains(text)
    except pl.exceptions.PolarsError as error:
        return [Sentence("'{text}' is no regular expression: {error}", text=text, error=error)]
    if group and f"?P<{group}>" not in text:
        return [Sentence("'{text}' has no group (?P<{group}>…)", text=text, group=group)]
    return []


def _zone(name: str) -> list[Sentence]:
    try:
        if name:
            ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        unknown = Sentence("timezone {name!r} is not known; write e.g. 'Asia/Shanghai'", name=name)
        return [_in("times", unknown)]
    return []
