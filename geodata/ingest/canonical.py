"""One batch of a file → cases in the canonical columns, and the rows set aside.

A pure function of the batch: no file, no clock, no memory of other batches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from geodata.domain.case import CASE_SCHEMA, STAGES
from geodata.ingest import parse
from geodata.ingest.headings import OWN_PREFIX, match
from geodata.ingest.names import NameMaps, codes
from geodata.ingest.normalise import capped, first_filled, narrow, replaced, tidy, tidy_all
from geodata.ingest.raw import EXTRA, RawBatch
from geodata.ingest.set_aside import ROW, set_aside
from geodata.ingest.times import times, times_of
from geodata.ingest.validate import TEXT, Limits, rules_for
from geodata.spatial.coordinates import to_wgs84

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.ingest.profile import Profile
    from geodata.spatial.coordinates import Datum

_TIMES: Final = (*STAGES, "due_at")
_NUMBERS: Final = ("returns", "area_m2", "demolished_m2")
_DEGREES: Final = ("lon", "lat")
_READ: Final = frozenset((*_TIMES, *_NUMBERS, *_DEGREES))

Fields = dict[str, pl.Series]
"""Canonical column → one value per row."""


def canonical(
    batch: RawBatch,
    profile: Profile,
    names: NameMaps,
    timezone: str,
    *,
    limits: Limits | None = None,
    datum: Datum | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Turn the rows of a batch into cases; rows that break a rule are set aside.

    Parameters
    ----------
    batch
        Rows as texts; blank rows are skipped.
    profile
        Which heading is which column.
    names
        Names of the city → codes; a name that is not mapped keeps its name, code null.
    timezone
        IANA zone of times without an offset, where the profile names none.
    limits
        What the rules compare with; see `Limits`.
    datum
        Datum of the coordinates, where the profile's is not the true one.

    Returns
    -------
    cases : polars.DataFrame
        In the columns of ``CASE_SCHEMA``, WGS 84 and UTC, in file order. A number given
        more than once is not noticed here but by `read_cases`.
    set_aside : polars.DataFrame
        ``_row, _column, _value, _rule, _hint``, then the row as it was read.
    """
    limits = limits or Limits()
    rows = numbered(batch)
    texts = case_texts(rows, profile)
    values = _parsed(texts, profile, profile.timezone or timezone)
    values |= _in_wgs84(values, datum or profile.datum)
    cases = _assembled(
        values, texts, names=names, profile=profile, row=rows[ROW], source=batch.source
    )
    facts = cases.select(
        *cases.columns,
        *(column.alias(TEXT + name) for name, column in texts.items()),
        rows[EXTRA].alias(TEXT + EXTRA),
    )
    found = {"closed_at": profile.close.from_heading or "closed_at"} | {
        name: headings[0] for name, headings in match(rows.columns, profile).items()
    }
    bad, aside = set_aside(facts, rows, rules_for(limits), found, limits.language)
    return (cases.filter(~bad) if len(aside) else cases), aside


def numbered(batch: RawBatch) -> pl.DataFrame:
    """Add each row's 1-based number as `ROW`, then leave blank rows out."""
    frame = batch.frame
    own = [name for name in frame.columns if not name.startswith(OWN_PREFIX)]
    extra = frame[EXTRA] if EXTRA in frame.columns else _nothing(frame.height)
    rows = frame.select(own).with_columns(
        extra.alias(EXTRA),
        pl.int_range(batch.first_row, batch.first_row + frame.height, dtype=pl.Int64).alias(ROW),
    )
    filled = _filled(rows.select(*own, EXTRA))
    return rows if filled.all() else rows.filter(filled)


def _filled(rows: pl.DataFrame) -> pl.Series:
    """Tell rows with anything in them; mostly the first column already says so."""
    filled = pl.Series([False]).new_from_index(0, rows.height)
    for column in rows:
        filled = filled | (column.str.strip_chars() != "").fill_null(value=False)
        if filled.all():
            break
    return filled


def _nothing(height: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, height)


def case_texts(rows: pl.DataFrame, profile: Profile) -> Fields:
    """Pick the text of every canonical column; null throughout where none is found.

    Trimmed, blanks null; but a time, number or coordinate that needs no choice is left as
    it was written, because most of them are read as they are.
    """
    found = match(rows.columns, profile)
    as_written = {
        name
        for name, headings in found.items()
        if name in _READ and len(headings) == 1 and not profile.columns[name].replace
    }
    picked = dict.fromkeys(h for n, each in found.items() if n not in as_written for h in each)
    tidied = tidy_all(rows.select(list(picked)), profile.blanks)
    texts = {name: _nothing(rows.height) for name in (*CASE_SCHEMA, "lon_lat")}
    for name, headings in found.items():
        if name in as_written:
            texts[name] = rows[headings[0]]
        else:
            filled = first_filled(tidied[heading] for heading in headings)
            texts[name] = replaced(filled, profile.columns[name].replace)
    if profile.close.from_heading in rows.columns:
        texts["closed_at"] = _closing_time(texts, rows[profile.close.from_heading], profile)
    if "lon_lat" in found:
        lon, lat = parse.pairs(texts["lon_lat"])
        texts["lon"] = first_filled([texts["lon"], lon, texts["lon_lat"]])
        texts["lat"] = first_filled([texts["lat"], lat, texts["lon_lat"]])
    texts["case_id"] = narrow(texts["case_id"])
    return texts


def _closing_time(texts: Fields, given: pl.Series, profile: Profile) -> pl.Series:
    """Take the column of the profile's close rule where the status says closed."""
    closed = texts["status_name"].str.to_lowercase().is_in(list(profile.close.when_status))
    times = given.set(~closed.fill_null(value=False), None)
    return first_filled([texts["closed_at"], times])


def _parsed(texts: Fields, profile: Profile, timezone: str) -> Fields:
    """Read times, numbers and degrees; the texts of blank ones become null on the way."""
    written = pl.DataFrame([texts[name].alias(name) for name in _TIMES])
    values = times_of(written, timezone, profile.formats).to_dict()
    values |= {name: parse.numbers(texts[name]) for name in _NUMBERS}
    values |= {name: parse.degrees(texts[name]) for name in _DEGREES}
    for name, value in values.items():
        left = (value.is_null() & texts[name].is_not_null()).arg_true()
        if len(left):
            trimmed = tidy(texts[name].gather(left), profile.blanks)
            texts[name] = texts[name].scatter(left, trimmed)
            values[name] = value.scatter(left, _read_one(name, trimmed, profile, timezone))
    return values


def _read_one(name: str, texts: pl.Series, profile: Profile, timezone: str) -> pl.Series:
    if name in _TIMES:
        return times(texts, timezone, profile.formats)
    return parse.degrees(texts) if name in _DEGREES else parse.numbers(texts)


def _in_wgs84(values: Fields, datum: str) -> Fields:
    """Convert coordinates in degrees; a pair with one half missing stays as it is."""
    if datum == "wgs84":
        return {}
    both = values["lon"].is_not_null() & values["lat"].is_not_null()
    at = both.arg_true()
    lon, lat = (values[name].gather(at).to_numpy() for name in ("lon", "lat"))
    points = to_wgs84(lon, lat, datum)  # type: ignore[arg-type]  # the profile was checked
    return {
        "lon": values["lon"].scatter(at, pl.Series(points.lon)),
        "lat": values["lat"].scatter(at, pl.Series(points.lat)),
    }


def _assembled(
    values: Fields,
    texts: Fields,
    *,
    names: NameMaps,
    profile: Profile,
    row: pl.Series,
    source: str,
) -> pl.DataFrame:
    """Put parsed values, names and codes together in the canonical order and types."""
    columns: Fields = {}
    for name, dtype in CASE_SCHEMA.items():
        if name in values:
            columns[name] = values[name].cast(dtype, strict=False)
        elif dtype == pl.String:
            columns[name] = capped(texts[name], name)
    columns["street_name"] = capped(
        parse.streets(texts["street_name"], profile.street_patterns), "street_name"
    )
    mappings: dict[str, Mapping[str, str]] = {
        "category": names.categories,
        "office": names.offices,
        "channel": {**profile.channels, **names.channels},
    }
    for name, mapping in mappings.items():
        columns[name] = codes(texts[f"{name}_name"], mapping)
    columns["assisting"] = assisting_codes(
        texts["assisting"], names.offices, profile.assisting_separators
    )
    columns["source_file"] = pl.Series([source]).new_from_index(0, len(row))
    columns["source_row"] = row
    return pl.DataFrame([columns[name].alias(name) for name in CASE_SCHEMA])


def assisting_codes(texts: pl.Series, offices: Mapping[str, str], separators: str) -> pl.Series:
    """Split lists of assisting offices and look each up; unmapped ones keep their name.

    Returns
    -------
    polars.Series
        ``List(String)`` aligned with ``texts``; an empty list where none was named.
    """
    distinct = texts.unique().drop_nulls()
    parts = (
        distinct.str.replace_all(separators, "\n")
        .str.split("\n")
        .list.eval(pl.element().str.strip_chars().replace("", None).drop_nulls())
    )
    each = parts.explode().unique().drop_nulls()
    code = dict(zip(each, first_filled([codes(each, offices), each]), strict=True))
    lists = {text: [code[p] for p in part] for text, part in zip(distinct, parts, strict=True)}
    joined = pl.DataFrame(
        {"text": list(lists), "codes": list(lists.values())},
        schema={"text": pl.String, "codes": pl.List(pl.String)},
    )
    found = pl.DataFrame({"text": texts}, schema={"text": pl.String}).join(
        joined, on="text", how="left", maintain_order="left"
    )
    return found["codes"].fill_null([]).alias("assisting")
