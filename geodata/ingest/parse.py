"""Texts → instants, numbers, coordinates, streets. What cannot be read becomes null."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from geodata.ingest.normalise import first_filled, narrow

if TYPE_CHECKING:
    from collections.abc import Sequence

INSTANT: Final = pl.Datetime("us", "UTC")

_NAIVE: Final = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S%.f",
)
_OFFSET: Final = ("%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M%z", "%Y-%m-%d %H:%M:%S%.f%z")
_COMPACT: Final = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}

_HAS_OFFSET: Final = r"[0-9](?:[+-][0-9]{2}:?[0-9]{2}|Z)$"
_UNIFY: Final = (
    (r"^([0-9]{4})\s*[年/.-]\s*([0-9]{1,2})\s*[月/.-]\s*([0-9]{1,2})\s*日?", "${1}-${2}-${3}"),
    (r"([0-9])\s*[Tt_ ]\s*([0-9]{1,2}\s*[:时點点])", "${1} ${2}"),
    (r"-([0-9]{1,2})([0-9]{2}\s*[:时点])", "-${1} ${2}"),
    (r"\s*[时點点]\s*", ":"),
    (r"\s*分\s*", ":"),
    (r"\s*秒$", ""),
    (r":$", ""),
    (r"^([0-9-]+ [0-9]{1,2})$", "${1}:00"),
    (r"Z$", "+00:00"),
    (r"\s+([+-][0-9]{2}:?[0-9]{2})$", "${1}"),
)

_EXCEL_EPOCH_DAYS: Final = 25_569
"""Days from Excel's day 0 (1899-12-30) to 1970-01-01."""

_EXCEL_DAYS: Final = (20_000.0, 80_000.0)
"""Serials taken for dates: 1954 to 2119."""

_MICROSECONDS: Final = 1_000_000
_DAY_S: Final = 86_400


def times(texts: pl.Series, timezone: str, formats: Sequence[str] = ()) -> pl.Series:
    """Read instants; a text without an offset is local time of ``timezone``.

    When clocks go back an ambiguous time means the earlier instant; a time that the clocks
    skipped is moved forward by one hour.

    Parameters
    ----------
    texts
        Trimmed texts or null, in any of the forms listed in ``profiles/README.md``.
    timezone
        IANA name.
    formats
        strftime patterns to try first.

    Returns
    -------
    polars.Series
        ``Datetime("us", "UTC")`` aligned with ``texts``, null where nothing fits. Empty in,
        empty out.
    """
    texts = narrow(texts)
    naive, aware = (*formats, _NAIVE[0]), ("%Y-%m-%dT%H:%M:%S%z",)
    found = _tried(texts, naive, aware, timezone)
    left = (found.is_null() & texts.is_not_null()).arg_true()
    if len(left) == 0:
        return found
    rest = _unified(texts.gather(left))
    late = first_filled([_tried(rest, _NAIVE, _OFFSET, timezone), _numeric(rest, timezone)])
    return found.scatter(left, late)


def _tried(
    texts: pl.Series, naive: Sequence[str], aware: Sequence[str], timezone: str
) -> pl.Series:
    """Try patterns in order on what is still unread."""
    found = pl.Series(texts.name, [None], dtype=INSTANT).new_from_index(0, len(texts))
    for pattern in (*naive, *aware):
        left = (found.is_null() & texts.is_not_null()).arg_true()
        if len(left) == 0:
            break
        part = texts if len(left) == len(texts) else texts.gather(left)
        read = _read(part, pattern, timezone)
        found = read if len(left) == len(texts) else found.scatter(left, read)
    return found


def _read(texts: pl.Series, pattern: str, timezone: str) -> pl.Series:
    if "%z" in pattern or "%:z" in pattern:
        texts = texts.set(~texts.str.contains(_HAS_OFFSET), None)
        if texts.null_count() == len(texts):
            return texts.cast(INSTANT)
        return texts.str.to_datetime(pattern, strict=False, time_unit="us").cast(INSTANT)
    local = texts.str.to_datetime(pattern, strict=False, time_unit="us")
    return localised(local, timezone)


def localised(local: pl.Series, timezone: str) -> pl.Series:
    """Place naive local times in their zone; see `times` for the two odd hours of a year."""
    exact = local.dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
    if exact.null_count() > local.null_count():
        later = local.dt.offset_by("1h").dt.replace_time_zone(
            timezone, ambiguous="earliest", non_existent="null"
        )
        exact = first_filled([exact, later])
    return exact.dt.convert_time_zone("UTC").cast(INSTANT)


def _unified(texts: pl.Series) -> pl.Series:
    """Write the date parts the one way the built-in patterns know."""
    for pattern, instead in _UNIFY:
        texts = texts.str.replace_all(pattern, instead)
    return texts


def _numeric(texts: pl.Series, timezone: str) -> pl.Series:
    """Read compact digits, Excel serial days, Unix seconds and milliseconds."""
    length = texts.str.len_chars()
    digits = texts.str.contains(r"^[0-9]+$")
    read = [
        _read(texts.set(~(digits & (length == count)).fill_null(value=False), None), form, timezone)
        for count, form in _COMPACT.items()
    ]
    serial = texts.str.contains(r"^[0-9]{5}(\.[0-9]+)?$")
    days = texts.set(~serial.fill_null(value=False), None).cast(pl.Float64)
    days = days.set(~days.is_between(*_EXCEL_DAYS).fill_null(value=False), None)
    seconds = ((days - _EXCEL_EPOCH_DAYS) * _DAY_S).round().cast(pl.Int64)
    read.append(localised((seconds * _MICROSECONDS).cast(pl.Datetime("us")), timezone))
    for count, factor in ((10, _MICROSECONDS), (13, _MICROSECONDS // 1000)):
        unix = texts.set(~(digits & (length == count)).fill_null(value=False), None)
        read.append((unix.cast(pl.Int64) * factor).cast(INSTANT))
    return first_filled(read)


def numbers(texts: pl.Series) -> pl.Series:
    """Read decimal numbers; thousands commas are allowed. NaN and infinity are not numbers."""
    texts = narrow(texts)
    grouped = texts.str.contains(r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$")
    if grouped.any():
        texts = texts.zip_with(
            ~grouped.fill_null(value=False), texts.str.replace_all(",", "", literal=True)
        )
    value = texts.cast(pl.Float64, strict=False)
    return value.set(~value.is_finite().fill_null(value=True), None)


def degrees(texts: pl.Series) -> pl.Series:
    """Read decimal degrees, with or without a degree sign or a compass letter E or N."""
    value = numbers(texts)
    if value.null_count() > texts.null_count():
        stripped = texts.str.replace_all(r"^[ENen东经北纬:：\s]+|[°度\s]*[ENen]?$", "")
        return first_filled([value, numbers(stripped)])
    return value


def pairs(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Split cells with both coordinates into longitude and latitude texts."""
    parts = narrow(texts).str.extract_groups(
        r"^\D*?([+-]?[0-9]+(?:\.[0-9]+)?)\s*[,;\s、]\s*([+-]?[0-9]+(?:\.[0-9]+)?)\D*$"
    )
    fields = parts.struct.fields
    return parts.struct.field(fields[0]), parts.struct.field(fields[1])


def streets(texts: pl.Series, patterns: Sequence[str]) -> pl.Series:
    """Keep the street of an address: the group ``street`` of the first pattern that fits."""
    return _group(texts, patterns, "street", texts)


def cross_streets(texts: pl.Series, patterns: Sequence[str]) -> pl.Series:
    """Name the second street of a junction; null where the address is no junction."""
    nothing = pl.Series(texts.name, [None], dtype=pl.String).new_from_index(0, len(texts))
    return _group(texts, [each for each in patterns if "?P<cross>" in each], "cross", nothing)


def _group(
    texts: pl.Series, patterns: Sequence[str], group: str, otherwise: pl.Series
) -> pl.Series:
    found = [
        texts.str.extract_groups(pattern).struct.field(group).str.strip_chars()
        for pattern in patterns
    ]
    return first_filled([*found, otherwise]).alias(texts.name)
