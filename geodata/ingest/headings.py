"""Which row of a file holds the headings, and which heading means which column."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from geodata.errors import MissingColumns, Sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from geodata.ingest.profile import Profile

HEADING_SEARCH_ROWS: Final = 20
"""Title and note rows above the headings are tolerated up to this depth."""

OWN_PREFIX: Final = "_"
"""Columns that begin so were written by the set-aside file and are not the city's."""

ALWAYS: Final = ("case_id", "reported_at")
"""No case without these; so too one of the coordinate pairs."""

_UNIT: Final = re.compile(r"(?<=.)[(\[【].*[)\]】]$")
_IGNORED: Final = re.compile(r"[\s_\-*:：\u200b\ufeff]+")


def plain(heading: str) -> str:
    """Reduce a heading to what is compared: width, case, blanks, ``_ - * :`` do not count."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", heading).casefold())


def without_unit(heading: str) -> str:
    """Reduce a heading further: a unit or note in brackets at its end does not count."""
    return _UNIT.sub("", plain(heading))


def heading_row(rows: Sequence[Sequence[str | None]], known: Collection[str]) -> int:
    """Find the heading row: the one with most known headings, else the first wide one.

    Parameters
    ----------
    rows
        The first rows of the table.
    known
        Headings in the form of `plain`.
    """
    scores = [sum(plain(cell or "") in known for cell in row) for row in rows]
    if scores and max(scores) >= 2:  # noqa: PLR2004  one match is a coincidence
        return scores.index(max(scores))
    filled = [sum(bool((cell or "").strip()) for cell in row) for row in rows]
    wide = [index for index, count in enumerate(filled) if count > 1]
    return next(iter(wide), next((i for i, count in enumerate(filled) if count), 0))


def unique_headings(row: Sequence[str | None]) -> tuple[str, ...]:
    """Name every column once: blanks become ``column 3``, the second ``x`` becomes ``x (2)``."""
    names: list[str] = []
    for position, cell in enumerate(row, start=1):
        name = (cell or "").strip().lstrip("\ufeff") or f"column {position}"
        count, tried = 1, name
        while tried in names:
            count += 1
            tried = f"{name} ({count})"
        names.append(tried)
    return tuple(names)


def match(headings: Sequence[str], profile: Profile) -> dict[str, tuple[str, ...]]:
    """Name the file's own headings for each canonical column, best candidate first.

    Returns
    -------
    dict[str, tuple[str, ...]]
        Only columns that were found.
    """
    own = [heading for heading in headings if not heading.startswith(OWN_PREFIX)]
    exact = {plain(heading): heading for heading in reversed(own)}
    loose = {without_unit(heading): heading for heading in reversed(own)}
    found = {}
    for name, rule in profile.columns.items():
        wanted = [
            exact.get(plain(candidate)) or loose.get(plain(candidate))
            for candidate in rule.headings
        ]
        chosen = tuple(dict.fromkeys(heading for heading in wanted if heading))
        if chosen:
            found[name] = chosen if rule.pick == "filled" else chosen[:1]
    return found


def missing(headings: Sequence[str], profile: Profile) -> list[str]:
    """List the required columns that no heading provides."""
    found = match(headings, profile)
    wanted = list(dict.fromkeys((*ALWAYS, *profile.required)))
    absent = [name for name in wanted if name not in found and name not in {"lon", "lat"}]
    if "lon_lat" not in found:
        absent += [name for name in ("lon", "lat") if name not in found]
    return absent


def require(headings: Sequence[str], profile: Profile, source: str) -> None:
    """Check that the file has every required column.

    Raises
    ------
    MissingColumns
        One or more are absent; all are named, each with the nearest heading found.
    """
    absent = missing(headings, profile)
    if not absent:
        return
    raise MissingColumns(
        "{source}: {n} required column(s) are absent for profile "
        "'{profile}':{wanted:lines}\nHeadings found: {found}.\nRename the headings, choose another "
        "profile, or add the names to the profile.",
        source=source,
        n=len(absent),
        profile=profile.name,
        wanted=[_wanted(name, headings, profile) for name in absent],
        found=list(headings[:40]) or Sentence("none"),
    )


def _wanted(name: str, headings: Sequence[str], profile: Profile) -> Sentence:
    candidates = profile.columns[name].headings if name in profile.columns else ()
    by_plain = {plain(heading): heading for heading in headings}
    near = [
        by_plain[hit]
        for candidate in candidates
        for hit in difflib.get_close_matches(plain(candidate), by_plain, n=1, cutoff=0.5)
    ]
    return Sentence(
        "{name}: wanted one of {candidates}{guess}",
        name=name,
        candidates=" / ".join(candidates[:8]) or Sentence("(no heading listed)"),
        guess=Sentence("; nearest found: {heading}", heading=near[0]) if near else "",
    )
