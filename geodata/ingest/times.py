"""Texts → instants, in every form such files write them. What cannot be read becomes null."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from geodata.domain.case import INSTANT
from geodata.ingest.normalise import first_filled, narrow

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAIVE: Final = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S%.f",
)
_OFFSET: Final = ("%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M%z", "%Y-%m-%d %H:%M:%S%.f%z")
_COMMON: Final = (_NAIVE[0], "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M:%S")
_COMPACT: Final = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}

_UNIFY: Final = (
    (r"^([0-9]{4})\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日\s*", "${1}-${2}-${3} "),
    (r"^([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})\b", "${1}-${2}-${3}"),
    (r"([0-9])(?:\s*[Tt]\s*|\s+)([0-9]{1,2}\s*[:时点])", "${1} ${2}"),
    (r"^([0-9]{4}-[0-9]{2}-[0-9]{2})([0-9]{2}\s*[:时点])", "${1} ${2}"),
    (r"\s*[时点]\s*", ":"),
    (r"\s*分\s*", ":"),
    (r"\s*秒?\s*$", ""),
    (r":$", ""),
    (r"^([0-9-]+ [0-9]{1,2})$", "${1}:00"),
    (r"\s*[Zz]$", "+00:00"),
    (r"\s+([+-][0-9]{2}:?[0-9]{2})$", "${1}"),
)

_EXCEL_EPOCH_DAYS: Final = 25_569
"""Days from Excel's day 0 (1899-12-30) to 1970-01-01."""

_EXCEL_DAYS: Final = (20_000.0, 80_000.0)
"""Serials taken for dates: 1954 to 2119."""

_SAMPLE: Final = 64
_MICROSECONDS: Final = 1_000_000
_DAY_S: Final = 86_400


def times(texts: pl.Series, timezone: str, formats: Sequence[str] = ()) -> pl.Series:
    """Read the instants of one column, as `times_of` reads those of many."""
    return times_of(texts.to_frame(), timezone, formats).to_series()


def times_of(texts: pl.DataFrame, timezone: str, formats: Sequence[str] = ()) -> pl.DataFrame:
    """Read instants; a text without an offset is local time of ``timezone``.

    When clocks go back an ambiguous time means the earlier instant; a time that the clocks
    skipped is moved forward by one hour.

    Parameters
    ----------
    texts
        String columns, in any of the forms listed in ``profiles/README.md``.
    timezone
        IANA name.
    formats
        strftime patterns to try first.

    Returns
    -------
    polars.DataFrame
        ``Datetime("us", "UTC")``, same names and shape, null where nothing fits. Empty in,
        empty out.
    """
    first = texts.select(
        _read(pl.col(name), _likeliest(texts[name], formats), timezone) for name in texts.columns
    )
    return pl.DataFrame(
        [_completed(texts[name], first[name], timezone, formats) for name in texts.columns]
    )


def _likeliest(texts: pl.Series, formats: Sequence[str]) -> str:
    """Choose the pattern that reads most of the first texts; the earliest of equals."""
    sample = texts.drop_nulls().head(_SAMPLE).to_frame("text")
    reads = {
        pattern: sample.select(_read(pl.col("text"), pattern, "UTC").count()).item()
        for pattern in dict.fromkeys((*formats, *_COMMON))
    }
    return max(reads, key=lambda pattern: int(reads[pattern]))


def _read(texts: pl.Expr, pattern: str, timezone: str) -> pl.Expr:
    """Read one pattern; times the clocks skipped stay null."""
    read = texts.str.to_datetime(pattern, strict=False, time_unit="us")
    if "%z" not in pattern:
        read = read.dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
    return read.dt.convert_time_zone("UTC").cast(INSTANT)


def _completed(
    texts: pl.Series, found: pl.Series, timezone: str, formats: Sequence[str]
) -> pl.Series:
    """Read what one pattern left, in every other form."""
    left = (found.is_null() & texts.is_not_null()).arg_true()
    if len(left) == 0:
        return found
    written = narrow(texts.gather(left)).str.strip_chars()
    unified = written
    for pattern, instead in _UNIFY:
        unified = unified.str.replace_all(pattern, instead)
    read = [_patterns(written, formats, timezone)] if formats else []
    read += [_patterns(unified, (*_NAIVE, *_OFFSET), timezone), *_numeric(written, timezone)]
    return found.scatter(left, first_filled(read))


def _patterns(texts: pl.Series, patterns: Sequence[str], timezone: str) -> pl.Series:
    """Read each text by the first pattern that fits."""
    later = {
        pattern: pl.col("text").str.to_datetime(pattern, strict=False, time_unit="us")
        for pattern in patterns
        if "%z" not in pattern
    }
    tried = [_read(pl.col("text"), pattern, timezone) for pattern in patterns]
    tried += [_shown(local.dt.offset_by("1h"), timezone) for local in later.values()]
    return texts.to_frame("text").select(pl.coalesce(tried)).to_series()


def _shown(local: pl.Expr, timezone: str) -> pl.Expr:
    """Place naive local times in their zone."""
    zoned = local.dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
    return zoned.dt.convert_time_zone("UTC").cast(INSTANT)


def _numeric(texts: pl.Series, timezone: str) -> list[pl.Series]:
    """Read compact digits, Excel serial days, Unix seconds and milliseconds."""

    def only(pattern: str) -> pl.Series:
        fits = texts.str.contains(pattern).fill_null(value=False)
        return texts.set(~fits, None)

    compact = [
        _patterns(only(f"^[0-9]{{{count}}}$"), [pattern], timezone)
        for count, pattern in _COMPACT.items()
    ]
    days = only(r"^[0-9]{5}(\.[0-9]+)?$").cast(pl.Float64)
    days = days.set(~days.is_between(*_EXCEL_DAYS).fill_null(value=False), None)
    seconds = ((days - _EXCEL_EPOCH_DAYS) * _DAY_S).round().cast(pl.Int64)
    local = (seconds * _MICROSECONDS).cast(pl.Datetime("us")).to_frame("text")
    serial = local.select(
        pl.coalesce(
            _shown(pl.col("text"), timezone), _shown(pl.col("text").dt.offset_by("1h"), timezone)
        )
    ).to_series()
    unix = [
        (only(f"^[0-9]{{{count}}}$").cast(pl.Int64) * factor).cast(INSTANT)
        for count, factor in ((10, _MICROSECONDS), (13, _MICROSECONDS // 1000))
    ]
    return [*compact, serial, *unix]
