"""Clean texts without changing what they say.

Removed everywhere: blanks at both ends, control characters except the line break (a tab
becomes a blank, CR LF a line break), and the marks that reverse the direction of writing.
Markup stays as it is: it is data, and whoever shows it must show it as text.
"""

from __future__ import annotations

import itertools
from functools import cache
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

MAX_CHARS: Final = {"description": 4_000, "address": 500}
"""Texts are cut after so many characters; a name after `MAX_NAME_CHARS`."""

MAX_NAME_CHARS: Final = 200

_BIDI: Final = "\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c"
_CONTROL: Final = "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f"
_SHORT: Final = 8
_UNWANTED: Final = f"[\\t{_CONTROL}{_BIDI}]"
_FULL_WIDTH: Final = "[\uff01-\uff5e\u3000]"
_NARROW: Final = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " "}


def tidy_all(texts: pl.DataFrame, blanks: Collection[str] = ()) -> pl.DataFrame:
    """Trim every column, take unwanted characters out, and turn blanks into null.

    Parameters
    ----------
    texts
        String columns.
    blanks
        Texts, in lower case, that mean "nothing here", in whatever case they come.

    Returns
    -------
    polars.DataFrame
        Same shape; never an empty text. Empty in, empty out.
    """
    if texts.width == 0:
        return texts
    unwanted = texts.select(pl.all().str.contains(_UNWANTED).any()).row(0, named=True)
    dirty = [name for name, found in unwanted.items() if found]
    cleaned = (
        pl.col(dirty)
        .str.replace_all("\r\n", "\n", literal=True)
        .str.replace_all("\t", " ", literal=True)
        .str.replace_all(_UNWANTED, "")
    )
    stripped = (texts.with_columns(cleaned) if dirty else texts).select(pl.all().str.strip_chars())
    nothing = ["", *(form for text in blanks for form in _cases(text))]
    return stripped.select(
        pl.when(~pl.col(name).is_in(nothing)).then(pl.col(name)) for name in stripped.columns
    )


@cache
def _cases(text: str) -> tuple[str, ...]:
    """List a short word in every mix of cases, a longer one in the usual three."""
    letters = [sorted({letter.lower(), letter.upper()}) for letter in text]
    if len(text) > _SHORT:
        return (text, text.upper(), text.title())
    return tuple("".join(mix) for mix in itertools.product(*letters))


def tidy(texts: pl.Series, blanks: Collection[str] = ()) -> pl.Series:
    """Clean one column, as `tidy_all` does many."""
    return tidy_all(texts.to_frame(), blanks).to_series()


def narrow(texts: pl.Series) -> pl.Series:
    """Turn full-width digits, letters and signs into ASCII; for parsed fields only."""
    if texts.str.contains(_FULL_WIDTH).any():
        return texts.str.replace_many(_NARROW)
    return texts


def capped(texts: pl.Series, name: str) -> pl.Series:
    """Cut texts at the length kept for that column, in characters."""
    most = MAX_CHARS.get(name, MAX_NAME_CHARS)
    longest = texts.str.len_bytes().max()
    return texts.str.head(most) if isinstance(longest, int) and longest > most else texts


def replaced(texts: pl.Series, pairs: Iterable[tuple[str, str]]) -> pl.Series:
    """Apply (regular expression, replacement) pairs in order; blanks become null."""
    pairs = tuple(pairs)
    for pattern, instead in pairs:
        texts = texts.str.replace(pattern, instead)
    return tidy(texts) if pairs else texts


def first_filled(columns: Iterable[pl.Series]) -> pl.Series:
    """Row by row, the first of several columns that is not null."""
    first, *others = columns
    for other in others:
        if first.null_count():
            first = first.zip_with(first.is_not_null(), other.alias(first.name))
    return first
