"""Clean texts without changing what they say.

Removed everywhere: blanks at both ends, control characters except the line break (a tab
becomes a blank, CR LF a line break), and the marks that reverse the direction of writing.
Markup stays as it is: it is data, and whoever shows it must show it as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

MAX_CHARS: Final = {"description": 4_000, "address": 500, "case_id": 200}
"""Texts are cut after so many characters; a name after `MAX_NAME_CHARS`."""

MAX_NAME_CHARS: Final = 200

_BIDI: Final = "\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c"
_CONTROL: Final = "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f"
_UNWANTED: Final = f"[\\t{_CONTROL}{_BIDI}]"
_FULL_WIDTH: Final = "[\uff01-\uff5e\u3000]"
_NARROW: Final = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " "}


def tidy(texts: pl.Series, blanks: Collection[str] = ()) -> pl.Series:
    """Trim texts, take unwanted characters out, and turn blanks into null.

    Parameters
    ----------
    texts
        Any String column.
    blanks
        Texts, in lower case, that mean "nothing here".

    Returns
    -------
    polars.Series
        Aligned with ``texts``; never an empty text. Empty in, empty out.
    """
    if texts.null_count() == len(texts):
        return texts
    if texts.str.contains(_UNWANTED).any():
        texts = (
            texts.str.replace_all("\r\n", "\n", literal=True)
            .str.replace_all("\t", " ", literal=True)
            .str.replace_all(_UNWANTED, "")
        )
    texts = texts.str.strip_chars()
    nothing = texts == ""
    if blanks:
        nothing = nothing | texts.str.to_lowercase().is_in(list(blanks))
    return texts.set(nothing, None) if nothing.any() else texts


def narrow(texts: pl.Series) -> pl.Series:
    """Turn full-width digits, letters and signs into ASCII; for parsed fields only."""
    if texts.str.contains(_FULL_WIDTH).any():
        return texts.str.replace_many(_NARROW)
    return texts


def capped(texts: pl.Series, name: str) -> pl.Series:
    """Cut texts at the length kept for that column, in characters."""
    return texts.str.head(MAX_CHARS.get(name, MAX_NAME_CHARS))


def replaced(texts: pl.Series, pairs: Iterable[tuple[str, str]]) -> pl.Series:
    """Apply (regular expression, replacement) pairs in order; blanks become null."""
    for pattern, instead in pairs:
        texts = texts.str.replace(pattern, instead)
    return tidy(texts)


def first_filled(columns: Iterable[pl.Series]) -> pl.Series:
    """Row by row, the first of several columns that is not null."""
    first, *others = columns
    for other in others:
        if first.null_count():
            first = first.zip_with(first.is_not_null(), other.alias(first.name))
    return first
