"""A bulletin of at most so many pages: long lists are cut, and say how much the workbook has more.

Whether it fits is asked of the typesetter, never estimated: the same content always comes out cut
at the same row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from geodata.press.content import Content, ListRow, OfficeRow, Offices, ShortList, Table

MOST_ROWS: Final = 160
"""Rows beyond which no list of four pages can go: where the search begins."""

_FEWEST_ROWS: Final = 3
"""Texts are shortened before a list gets fewer rows than this."""

_LETTERS: Final = (120, 48)
"""Letters a text keeps where not even the fewest rows fit as they are."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """How much of every list and text is printed; None: all of it."""

    rows: int | None = None
    letters: int | None = None


def within_pages(content: Content, most: int, pages_of: Callable[[Content], int]) -> Content:
    """Return the content with as many rows in each list as ``most`` pages can hold.

    Parameters
    ----------
    pages_of
        Pages that a content takes; asked about eight times, once where all of it fits.

    Returns
    -------
    Content
        The same where it fits. Otherwise no list has more rows than one number, the largest that
        fits; where not even three rows do, texts are shortened with an ellipsis too.
    """

    def fits(cut: _Cut) -> bool:
        return pages_of(cut_to(content, cut.rows, cut.letters)) <= most

    if fits(_Cut()):
        return content
    chosen = next((cut for cut in _found(fits) if cut is not None), _Cut(0, _LETTERS[-1]))
    return cut_to(content, chosen.rows, chosen.letters)


def _found(fits: Callable[[_Cut], bool]) -> Iterator[_Cut | None]:
    """Yield the mildest cut that fits, for whole texts and then for ever shorter ones."""
    for letters in (None, *_LETTERS):
        least = 0 if letters == _LETTERS[-1] else _FEWEST_ROWS
        yield _most_rows(fits, letters, least)


def _most_rows(fits: Callable[[_Cut], bool], letters: int | None, least: int) -> _Cut | None:
    """Return the cut with most rows that fits, by halving; None where not even the least does."""
    low, high = least, MOST_ROWS
    if not fits(_Cut(low, letters)):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(_Cut(middle, letters)) else (low, middle)
    return _Cut(low, letters)


def cut_to(content: Content, rows: int | None, letters: int | None = None) -> Content:
    """Return the content with at most so many rows in each list, and letters in each text."""
    if rows is None and letters is None:
        return content
    most = MOST_ROWS if rows is None else rows
    return replace(
        content,
        sentences=tuple(_short(text, letters and 4 * letters) for text in content.sentences),
        tables=tuple(_table(table, most, letters) for table in content.tables),
        targets=_table(content.targets, most, letters),
        offices=_offices(content.offices, most, letters),
        lists=tuple(_list(one, most, letters) for one in content.lists),
    )


def _short(text: str, letters: int | None) -> str:
    return text if letters is None or len(text) <= letters else f"{text[: letters - 1]}…"


def _table(table: Table, most: int, letters: int | None) -> Table:
    kept = tuple(
        tuple(replace(cell, text=_short(cell.text, letters)) for cell in row)
        for row in table.rows[:most]
    )
    left_out = table.left_out + len(table.rows) - len(kept)
    return replace(table, rows=kept, left_out=left_out)


def _offices(offices: Offices, most: int, letters: int | None) -> Offices:
    """Offices without a rank go first, then those in the middle: both ends are asked for."""
    rows = offices.rows
    left_out = max(len(rows) - most, 0)
    ranked = sum(not row.muted for row in rows)
    if ranked <= most:
        kept, gap = rows[:most], min(most, len(rows))
    else:
        gap = -(-most // 2)
        kept = rows[:gap] + rows[ranked - (most - gap) : ranked]
    named = tuple(_office(row, letters) for row in kept)
    return replace(offices, rows=named, left_out=offices.left_out + left_out, gap_at=gap)


def _office(row: OfficeRow, letters: int | None) -> OfficeRow:
    return replace(row, name=_short(row.name, letters))


def _list(listed: ShortList, most: int, letters: int | None) -> ShortList:
    rows = tuple(_list_row(row, letters) for row in listed.rows[: max(most, 1)])
    return replace(listed, rows=rows)


def _list_row(row: ListRow, letters: int | None) -> ListRow:
    return replace(row, name=_short(row.name, letters), detail=_short(row.detail, letters))
