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
from geodata.ingest.normalise import capped, first_filled, narrow, replaced, tidy
from geodata.ingest.raw import EXTRA, RawBatch
from geodata.ingest.set_aside import ROW, set_aside
from geodata.ingest.validate import TEXT, Limits, rules_for
from geodata.spatial.coordinates import to_wgs84

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.ingest.profile import Profile
    from geodata.spatial.coordinates import Datum

_TIMES: Final = (*STAGES, "due_at")
_NUMBERS: Final = ("returns", "area_m2", "demolished_m2")
_LOOKED_UP: Final = {"category": "categories", "office": "offices", "channel": "channels"}

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
    cases = _assembled(values, texts, names, profile, rows[ROW], batch.source)
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
    rows = frame.select(own).with_columns(
        frame[EXTRA] if EXTRA in frame.columns else pl.lit(None, dtype=pl.String).alias(EXTRA),
        pl.int_range(batch.first_row, batch.first_row + frame.height, dtype=pl.Int64).alias(ROW),
    )
    return rows.filter(
        pl.any_horizontal(
            pl.col(name).is_not_null() & (pl.col(name) != "") for name in (*own, EXTRA)
        )
    )


def case_texts(rows: pl.DataFrame, profile: Profile) -> Fields:
    """Pick and trim the text of every canonical column; null throughout where none is found."""
    found = match(rows.columns, profile)
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, rows.height)
    texts: Fields = {}
    for name, rule in profile.columns.items():
        columns = [tidy(rows[heading], profile.blanks) for heading in found.get(name, ())]
        texts[name] = replaced(first_filled(columns), rule.replace) if columns else nothing
    for name in (*CASE_SCHEMA, "lon_lat"):
        texts.setdefault(name, nothing)
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
    times = tidy(given, profile.blanks)
    return first_filled([texts["closed_at"], times.set(~closed.fill_null(value=False), None)])


def _parsed(texts: Fields, profile: Profile, timezone: str) -> Fields:
    values = {name: parse.times(texts[name], timezone, profile.formats) for name in _TIMES}
    values |= {name: parse.numbers(texts[name]) for name in _NUMBERS}
    return values | {name: parse.degrees(texts[name]) for name in ("lon", "lat")}


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
