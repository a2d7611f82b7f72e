"""A whole file → cases, with every row accounted for.

Rows read = cases + repeated + set aside. A case number that comes more than once is settled
over the whole file: the last good row is the case, rows equal to it are counted as repeated,
the others are set aside as superseded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from geodata.errors import FileUnreadable, MissingColumns, OutsideCity, Sentence
from geodata.ingest.canonical import canonical, case_texts, numbered
from geodata.ingest.files import BATCH_ROWS, open_table
from geodata.ingest.headings import match, require
from geodata.ingest.names import NameMaps
from geodata.ingest.parse import degrees
from geodata.ingest.profile import Profile, detect_profile, load_profile
from geodata.ingest.set_aside import OWN, ROW, superseded
from geodata.ingest.validate import Limits
from geodata.spatial.coordinates import to_wgs84

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from geodata.ingest.raw import RawBatch, RawTable
    from geodata.ingest.validate import Bounds
    from geodata.spatial.coordinates import Datum

WHOLE_FILE_ROWS: Final = 10
"""From so many rows on, a batch in which every row fails alike is one error, not many rows."""

_NOT_HERE: Final = ("outside_city", "swapped_coordinates", "out_of_range")


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """What part of a file became; ``read = len(cases) + repeated + len(set_aside)``.

    Over a whole file only: a row held back because its number comes again is in ``read``
    of its own portion and settled in the last one.
    """

    cases: pl.DataFrame
    set_aside: pl.DataFrame
    read: int
    repeated: int = 0


def read_cases(
    path: str | Path,
    *,
    profile: Profile | None = None,
    names: NameMaps | None = None,
    timezone: str = "Asia/Shanghai",
    limits: Limits | None = None,
    sheet: str | None = None,
    datum: Datum | None = None,
    batch_rows: int = BATCH_ROWS,
) -> Iterator[Portion]:
    """Read a file of reports as cases, a portion at a time.

    Parameters
    ----------
    profile
        None chooses the shipped profile whose headings fit.
    names, timezone, limits, datum
        See `canonical`.
    sheet
        See `open_table`.

    Raises
    ------
    FileUnreadable, UnreadableEncoding, WrongSheet
        The file could not be read as a table, or not one of its rows as a case.
    MissingColumns
        Required headings are absent, or no profile fits.
    OutsideCity
        Not one of its first rows lies in the city.
    """
    names, limits = names or NameMaps(), limits or Limits()
    with open_table(path, sheet=sheet, profile=profile) as table:
        profile = fitting_profile(table, profile)
        twice = ids_given_twice(table, profile, batch_rows)
        held: list[tuple[pl.DataFrame, pl.DataFrame]] = []
        read = 0
        for batch in table.scan(batch_rows, None):
            cases, aside = canonical(batch, profile, names, timezone, limits=limits, datum=datum)
            if not read:
                _check_first(cases, aside, profile, limits, table.source)
            read += cases.height + aside.height
            again = cases["case_id"].is_in(twice.implode()) if len(twice) else None
            portion = Portion(cases=cases, set_aside=aside, read=cases.height + aside.height)
            if again is not None and again.any():
                held.append(_held(cases.filter(again), batch))
                portion = Portion(cases=cases.filter(~again), set_aside=aside, read=portion.read)
            yield portion
    if not read:
        raise FileUnreadable(
            "{source} has headings but no rows. Export it again.", source=table.source
        )
    if held:
        yield _settled(held, profile, limits)


def fitting_profile(table: RawTable, profile: Profile | None) -> Profile:
    """Check the given profile against the file, or choose a shipped one.

    Raises
    ------
    MissingColumns
        Required headings are absent, or no shipped profile fits.
    """
    chosen = profile or detect_profile(table.headings)
    if chosen is None:
        nearest = max(
            (load_profile(name) for name in ("chinese", "open311", "boston311")),
            key=lambda each: len(match(table.headings, each)),
        )
        require(table.headings, nearest, table.source)
        raise MissingColumns("{source}: no profile fits.", source=table.source)
    require(table.headings, chosen, table.source)
    return chosen


def ids_given_twice(table: RawTable, profile: Profile, batch_rows: int) -> pl.Series:
    """Collect the case numbers that come more than once, from a first look at that column."""
    columns = match(table.headings, profile)["case_id"]
    seen = []
    for batch in table.scan(batch_rows, columns):
        rows = batch.frame.with_columns(pl.lit(0, dtype=pl.Int64).alias(ROW))
        seen.append(case_texts(rows, _only_id(profile))["case_id"].drop_nulls())
    ids = pl.concat(seen) if seen else pl.Series(dtype=pl.String)
    if ids.n_unique() == len(ids):
        return ids.clear()
    return ids.filter(ids.is_duplicated()).unique()


def _only_id(profile: Profile) -> Profile:
    """Give the same profile, reduced to the case number."""
    return Profile(
        name=profile.name,
        columns={"case_id": profile.columns["case_id"]},
        blanks=profile.blanks,
    )


def _held(cases: pl.DataFrame, batch: RawBatch) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keep cases together with their rows as read, in the same order."""
    rows = numbered(batch).filter(pl.col(ROW).is_in(cases["source_row"].implode()))
    return cases, rows


def _settled(
    held: Sequence[tuple[pl.DataFrame, pl.DataFrame]], profile: Profile, limits: Limits
) -> Portion:
    """Decide among rows of one number: the last is the case."""
    cases = pl.concat(case for case, _ in held)
    rows = pl.concat(row for _, row in held)
    place = cases.select("case_id").with_row_index("place")
    winner = place.select(pl.col("place").max().over("case_id"))["place"]
    lost = winner != place["place"]
    same = _equal_rows(rows, rows[winner])
    out = lost & ~same
    heading = match(rows.columns, profile)["case_id"][0]
    aside = superseded(
        rows.filter(out),
        cases["source_row"].gather(winner).filter(out),
        cases["case_id"].filter(out),
        heading,
        limits.language,
    )
    return Portion(
        cases=cases.filter(~lost), set_aside=aside, read=0, repeated=int((lost & same).sum())
    )


def _equal_rows(rows: pl.DataFrame, others: pl.DataFrame) -> pl.Series:
    """Compare rows cell by cell, row numbers apart."""
    names = [name for name in rows.columns if name != ROW]
    return pl.select(
        pl.all_horizontal(rows[name].eq_missing(others[name]) for name in names).alias("same")
    )["same"]


def _check_first(
    cases: pl.DataFrame, aside: pl.DataFrame, profile: Profile, limits: Limits, source: str
) -> None:
    """Stop at once when the file as a whole is not what it was taken for."""
    if cases.height or aside.height < WHOLE_FILE_ROWS:
        return
    if aside.select(pl.col("_rule").str.contains_any(list(_NOT_HERE)).all()).item():
        raise OutsideCity(
            "{source}: {where}", source=source, where=_where(aside, profile, limits.bounds)
        )
    common = aside.select(pl.col("_rule").mode().first()).item()
    first = aside.filter(pl.col("_rule") == common).row(0, named=True)
    raise FileUnreadable(
        "{source}: not one of the first {n} rows could be read as a case, most often "
        "because of {common}; e.g. row {row}: {hint} Check that profile '{profile}' is the "
        "right one.",
        source=source,
        n=aside.height,
        common=common,
        row=first[ROW],
        hint=first["_hint"],
        profile=profile.name,
    )


def _where(aside: pl.DataFrame, profile: Profile, bounds: Bounds | None) -> Sentence:
    """Say where the points lie and what that suggests."""
    texts = case_texts(aside.drop(OWN), profile)
    lon, lat = (degrees(texts[name]).median() for name in ("lon", "lat"))
    lon, lat = float(lon or 0), float(lat or 0)  # type: ignore[arg-type]  # a float or None
    return Sentence(
        "none of the first {n} rows lies in the city; their median is longitude {lon:.6f}, "
        "latitude {lat:.6f}.{city} {guess}",
        n=aside.height,
        lon=lon,
        lat=lat,
        city=_extent(bounds) if bounds else "",
        guess=_guess(lon, lat, bounds),
    )


def _extent(bounds: Bounds) -> Sentence:
    west, south, east, north = bounds
    return Sentence(
        " The city lies within {west:.3f}–{east:.3f} E, {south:.3f}–{north:.3f} N.",
        west=west,
        south=south,
        east=east,
        north=north,
    )


def _guess(lon: float, lat: float, bounds: Bounds | None) -> Sentence:
    """Name the likeliest cause."""
    if _inside(lat, lon, bounds):
        return Sentence("The two look swapped: exchange the headings of longitude and latitude.")
    if abs(lon) > 180 or abs(lat) > 90:  # noqa: PLR2004  degrees
        return Sentence("These are no degrees, perhaps metres of a local grid: convert them first.")
    for datum, name in (("gcj02", "GCJ-02"), ("bd09", "BD-09")):
        moved = to_wgs84([lon], [lat], datum)  # type: ignore[arg-type]  # one of its literals
        if _inside(float(moved.lon[0]), float(moved.lat[0]), bounds):
            return Sentence('They fit as {name}: set datum = "{datum}".', name=name, datum=datum)
    return Sentence("Check that the file belongs to this city.")


def _inside(lon: float, lat: float, bounds: Bounds | None) -> bool:
    west, south, east, north = bounds or (-180.0, -90.0, 180.0, 90.0)
    return west <= lon <= east and south <= lat <= north
