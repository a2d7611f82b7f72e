"""Texts → numbers, degrees, streets. What cannot be read becomes null."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from geodata.ingest.normalise import first_filled, narrow

if TYPE_CHECKING:
    from collections.abc import Sequence


def numbers(texts: pl.Series) -> pl.Series:
    """Read decimal numbers; thousands commas are allowed. NaN and infinity are not numbers.

    Returns
    -------
    polars.Series
        ``Float64`` aligned with ``texts``. Empty in, empty out.
    """
    value = texts.cast(pl.Float64, strict=False)
    if value.null_count() > texts.null_count():
        bare = narrow(texts).str.strip_chars()
        grouped = bare.str.contains(r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$")
        joined = bare.str.replace_all(",", "", literal=True)
        plain = bare.zip_with(~grouped.fill_null(value=False), joined)
        value = first_filled([value, plain.cast(pl.Float64, strict=False)])
    finite = value.is_finite().fill_null(value=True)
    return value if finite.all() else value.set(~finite, None)


def degrees(texts: pl.Series) -> pl.Series:
    """Read decimal degrees, with or without a degree sign or a compass letter E or N.

    Returns
    -------
    polars.Series
        ``Float64`` aligned with ``texts``. Empty in, empty out.
    """
    value = numbers(texts)
    if value.null_count() > texts.null_count():
        bare = narrow(texts).str.replace_all(
            r"^(?:东经|北纬|[ENen])?[:：\s]*|[°度\s]*[ENen]?\s*$", ""
        )
        return first_filled([value, numbers(bare)])
    return value


def pairs(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Split cells with both coordinates into longitude and latitude texts."""
    parts = narrow(texts).str.extract_groups(
        r"^[^0-9+-]*(?P<lon>[+-]?[0-9]+(?:\.[0-9]+)?)[\s,;、]+(?P<lat>[+-]?[0-9]+(?:\.[0-9]+)?)\D*$"
    )
    return parts.struct.field("lon"), parts.struct.field("lat")


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
