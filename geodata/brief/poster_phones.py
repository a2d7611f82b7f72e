"""Telephone numbers on illegal posters 小广告, for those who take them to the 追呼 system (S20).

Only the numbers, how often and where; never in a pack, and only for a role that ``[access]`` of
city.toml names. A number that the text gives as the caller's own is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from geodata.city import City
from geodata.domain.selection import Selection
from geodata.domain.viewer import ENFORCEMENT, Viewer
from geodata.errors import GeodataError
from geodata.findings.source import Source
from geodata.store.lake import Lake

CATEGORY: Final = "posters"
MOST_PLACES: Final = 10

_MOBILE: Final = r"1[3-9]\d{9}"
_FIXED: Final = r"0\d{9,11}"
_SERVICE: Final = r"400\d{7}"
_NUMBER: Final = re.compile(rf"(?<!\d)(?:86)?({_MOBILE}|{_SERVICE}|{_FIXED})(?!\d)")
_JOINTS: Final = re.compile(r"(?<=\d)[\s\-‐-―−·.()]{1,2}(?=\d)")
_CALLERS: Final = re.compile(
    r"(来电|回访|联系人|联系方式|反映人|投诉人|举报人|市民|本人|其)[^\d]{0,8}$"
)
_CHINESE: Final = str.maketrans("零〇一二三四五六七八九", "00123456789")
_SPOKEN: Final = re.compile(r"[零〇一二三四五六七八九]{7,12}")


class NotAuthorised(GeodataError):
    """The city's ``[access]`` does not let this person have the register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneRegister:
    """The register.

    Attributes
    ----------
    table
        Most reports first: ``phone``, ``cases``, ``streets``, ``first_on``, ``last_on``,
        ``places`` (streets, or addresses where a case lies on none, joined with ；).
    cases
        Poster cases looked at.
    without
        Of these, without any number.
    callers
        Numbers left out because the text gives them as the caller's own.
    """

    table: pl.DataFrame
    cases: int
    without: int
    callers: int


def authorised(city: City, person: str | None) -> Viewer:
    """Return the person that may have the register.

    Raises
    ------
    NotAuthorised
        ``[access]`` names nobody, or not this person, in the role.
    """
    people = [] if city.access is None else [
        one for one in city.access.people if one.role == ENFORCEMENT
    ]  # fmt: skip
    if not people:
        raise NotAuthorised(
            "Nobody in {path} has the role {role!r}, so nobody may have the register. Add to "
            '[access]: people = [{{ name = "…", role = "{role}" }}].',
            path=city.folder / "city.toml",
            role=ENFORCEMENT,
        )
    found = next((one for one in people if person in (None, one.name)), None)
    if found is None:
        raise NotAuthorised(
            "{person!r} does not have the role {role!r} in {path}. Ask whoever keeps that file.",
            person=person,
            role=ENFORCEMENT,
            path=city.folder / "city.toml",
        )
    return found


def phone_register(source: Source, selection: Selection | None = None) -> PhoneRegister:
    """List the numbers found in the texts of poster cases."""
    keys = source.facts.frame.filter(
        pl.Series(source.keep(selection or Selection())),
        pl.col("category").cast(pl.String) == CATEGORY,
    ).select("key", "reported_on")
    cases = (
        Lake(source.city.lake)
        .scan(None if source.version < 0 else source.version)
        .select("case_id", "segment", "address", "description")
        .with_columns(key=pl.col("case_id").hash(seed=0))
        .join(keys.lazy(), on="key", how="inner")
        .join(source.facts.segments.lazy().select("segment", "street"), on="segment", how="left")
        .collect()
    )
    found, callers, without = [], 0, 0
    for row in cases.iter_rows(named=True):
        numbers, left_out = numbers_in(row["description"] or "")
        callers += left_out
        without += not numbers
        place = row["street"] or row["address"]
        found += [(number, row["reported_on"], place) for number in numbers]
    return PhoneRegister(table=_counted(found), cases=len(cases), without=without, callers=callers)


def _counted(found: list[tuple[str, object, str | None]]) -> pl.DataFrame:
    schema = {"phone": pl.String, "on": pl.Date, "place": pl.String}
    listed = pl.DataFrame(found, schema=schema, orient="row")
    return (
        listed.group_by("phone")
        .agg(
            cases=pl.len().cast(pl.Int64),
            streets=pl.col("place").n_unique().cast(pl.Int64),
            first_on=pl.col("on").min(),
            last_on=pl.col("on").max(),
            places=pl.col("place").drop_nulls().unique().sort().head(MOST_PLACES).str.join("；"),
        )
        .sort(["cases", "phone"], descending=[True, False])
    )


def numbers_in(text: str) -> tuple[list[str], int]:
    """Return the distinct telephone numbers of a text, and how many are the caller's own.

    Full-width digits, digits written as Chinese numerals, and blanks or dashes between digits
    are read through.
    """
    plain = _JOINTS.sub("", _SPOKEN.sub(_as_digits, unicodedata.normalize("NFKC", text)))
    posted: dict[str, None] = {}
    callers = 0
    for found in _found(plain):
        if _CALLERS.search(plain[: found.start()]):
            callers += 1
        else:
            posted[found[1]] = None
    return list(posted), callers


def _as_digits(found: re.Match[str]) -> str:
    return found[0].translate(_CHINESE)


def _found(text: str) -> Iterator[re.Match[str]]:
    return _NUMBER.finditer(text)
