"""The tables of ``city.toml``, one function each; RowWrong says what is wrong in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date, time
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyproj

from geodata.analysis.composite import Weights
from geodata.city.model import MapStyle
from geodata.domain.calendar import WorkCalendar
from geodata.domain.campaign import Campaign, Phase
from geodata.domain.category import Category, Deadline
from geodata.domain.market import MarketDays
from geodata.domain.street import StreetClass
from geodata.domain.viewer import AccessRule, Viewer
from geodata.errors import RowWrong, Sentence
from geodata.spatial.coordinates import DATUMS, Datum

T = TypeVar("T")
Row = Mapping[str, Any]

CALENDAR_KEYS = (
    "country", "working_hours", "holidays", "extra_workdays",
    "market_days", "market_calendar", "market_weekdays", "market_dates",
)  # fmt: skip
DEFAULT_HOURS = (("09:00", "12:00"), ("14:00", "18:00"))


def text(value: Any, name: str) -> str:
    """Return a text that is not empty, or raise RowWrong."""
    if not isinstance(value, str) or not value.strip():
        raise RowWrong(
            "{name} must be a text that is not empty, not {value!r}", name=name, value=value
        )
    return value


def zone(name: Any) -> str:
    """Return the name of a time zone that is known, or raise RowWrong."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise RowWrong(
            "timezone {name!r} is not known; write e.g. 'Asia/Shanghai'", name=name
        ) from None
    return str(name)


def metric_crs(name: Any) -> str:
    """Return the name of a projected CRS in metres, or raise RowWrong."""
    advice = Sentence("write a projected CRS in metres, e.g. 'EPSG:32648' (UTM zone 48 N)")
    try:
        crs = pyproj.CRS.from_user_input(name)
    except pyproj.exceptions.CRSError:
        raise RowWrong(
            "metric_crs {name!r} is not known; {advice}", name=name, advice=advice
        ) from None
    if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        raise RowWrong(
            "metric_crs {name!r} does not count in metres; {advice}", name=name, advice=advice
        )
    return str(name)


def datum(name: Any) -> Datum:
    """Return a datum that is known, or raise RowWrong."""
    if name not in DATUMS:
        raise RowWrong(
            "datum {name!r} is not known; write one of {datums}", name=name, datums=list(DATUMS)
        )
    return cast("Datum", name)


def rows(kind: type[T], listed: Any) -> tuple[T, ...]:
    """One object per table row; lists become tuples."""
    if not isinstance(listed, list):
        raise RowWrong("must be a list of rows, not {value!r:.60}", value=listed)
    return tuple(one(kind, row) for row in listed)


def one(kind: type[T], row: Row) -> T:
    """Return one object of a row; unknown, absent and mistyped keys raise RowWrong."""
    if not isinstance(row, Mapping):
        raise RowWrong("must be a table {{ … }}, not {value!r:.60}", value=row)
    named = {field.name: field for field in fields(cast("Any", kind))}
    unknown = sorted(set(row) - set(named))
    absent = [
        name
        for name, field in named.items()
        if name not in row and field.default is MISSING and field.default_factory is MISSING
    ]
    wrong = [Sentence("unknown key {key!r}", key=name) for name in unknown]
    wrong += [Sentence("{key} is missing", key=name) for name in absent]
    wrong += [
        Sentence("{key} = {value!r} should be {kind}", key=name, value=row[name], kind=kind_)
        for name, kind_ in _mistyped(named, row)
    ]
    if wrong and "code" in row:
        raise RowWrong("row {code!r}: {wrong:clauses}", code=row["code"], wrong=wrong)
    if wrong:
        raise RowWrong("{wrong:clauses}", wrong=wrong)
    return kind(
        **{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    )


def _mistyped(named: Mapping[str, Any], row: Row) -> list[tuple[str, Sentence]]:
    """Name the keys whose plain value is of another kind than the field's."""
    plain: dict[str, tuple[type | tuple[type, ...], Sentence]] = {
        "str": (str, Sentence("a text")),
        "float": ((int, float), Sentence("a number")),
        "int": (int, Sentence("a whole number")),
        "bool": (bool, Sentence("true or false")),
        "date": (date, Sentence("a date, e.g. 2026-08-31")),
        "tuple[str, ...]": (list, Sentence('a list of texts, e.g. ["…"]')),
    }
    found = []
    for name in sorted(set(row) & set(named)):
        written = str(named[name].type).removesuffix(" | None")
        if written in plain and not isinstance(row[name], plain[written][0]):
            found.append((name, plain[written][1]))
    return found


def categories(listed: Sequence[Row]) -> tuple[Category, ...]:
    """Problem types, each with its deadline."""
    built = [
        {**row, "deadline": one(Deadline, row["deadline"])} if "deadline" in row else row
        for row in listed
    ]
    return rows(Category, built)


def classes(listed: Sequence[Row]) -> dict[str, StreetClass]:
    """Street classes by code."""
    return {each.code: each for each in rows(StreetClass, listed)}


def campaign(raw: Row | None) -> Campaign | None:
    """Phases of the campaign, and the offices that keep dates of their own."""
    if raw is None:
        return None
    return Campaign(
        name=text(raw["name"], "name"),
        name_en=raw.get("name_en", ""),
        phases=rows(Phase, raw["phases"]),
        office_phases={
            office: rows(Phase, phases) for office, phases in raw.get("office_phases", {}).items()
        },
    )


def calendar(raw: Row) -> WorkCalendar:
    """Working hours, holidays, the weekends worked instead, and market days."""
    _known_keys(raw, CALENDAR_KEYS)
    hours = tuple(
        (time.fromisoformat(begin), time.fromisoformat(end))
        for begin, end in raw.get("working_hours", DEFAULT_HOURS)
    )
    return WorkCalendar(
        country=raw.get("country", "CN"),
        working_hours=hours,
        holidays=frozenset(raw.get("holidays", ())),
        extra_workdays=frozenset(raw.get("extra_workdays", ())),
        market=market(raw),
    )


def market(raw: Row) -> MarketDays:
    """Market days: digits of the day of the month, weekdays, dates."""
    for name, kind, example in (
        ("market_days", int, "[2, 5, 8]"),
        ("market_weekdays", int, "[6]"),
        ("market_dates", date, "[2026-10-28]"),
    ):
        listed = raw.get(name, [])
        if not isinstance(listed, list) or any(type(one) is not kind for one in listed):
            raise RowWrong(
                "{name} is {found!r}; write a list such as {example}",
                name=name,
                found=listed,
                example=example,
            )
    return MarketDays(
        digits=tuple(raw.get("market_days", ())),
        calendar=raw.get("market_calendar", "solar"),
        weekdays=tuple(raw.get("market_weekdays", ())),
        dates=frozenset(raw.get("market_dates", ())),
    )


def _known_keys(raw: Row, known: Sequence[str]) -> None:
    if unknown := sorted(set(raw) - set(known)):
        raise RowWrong("unknown key {name!r}; there are {known}", name=unknown[0], known=known)


def weights(raw: Row | None) -> Weights | None:
    """How much each rate counts in the evaluation, and which document says so."""
    if raw is None:
        return None
    parts = raw["weights"]
    if not isinstance(parts, Mapping) or not parts:
        raise RowWrong("weights must name rates, e.g. { on_time_rate = 0.7, return_rate = 0.3 }")
    wrong = [
        name
        for name, part in parts.items()
        if isinstance(part, bool) or not isinstance(part, (int, float))
    ]
    if wrong:
        raise RowWrong("weights: {names} must be numbers that add up to 1", names=wrong)
    return Weights(
        parts={name: float(part) for name, part in parts.items()},
        source=text(raw.get("source"), "source"),
    )


def access(raw: Row | None) -> AccessRule | None:
    """Who is let in; None where the city names nobody: then everybody is."""
    if raw is None:
        return None
    header = text(raw.get("header", AccessRule().header), "header")
    return AccessRule(header=header, people=rows(Viewer, raw.get("people", [])))


def map_style(raw: Row) -> MapStyle:
    """Credit, intranet tiles and colour bounds of the map."""
    breaks = {
        measure: {resolution: tuple(bounds) for resolution, bounds in per_resolution.items()}
        for measure, per_resolution in raw.get("breaks", {}).items()
    }
    tile_datum = datum(raw.get("tile_datum", "wgs84"))
    return one(MapStyle, {**raw, "breaks": breaks, "tile_datum": tile_datum})
