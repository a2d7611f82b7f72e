"""Names as reported → codes of the city."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMaps:
    """Name or alias → code, for each list of the city; codes may be mapped to themselves.

    Width, case and blanks do not count: ``占道 经营`` finds ``占道经营``.
    """

    categories: Mapping[str, str] = field(default_factory=dict)
    offices: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)


def plain_name(name: str) -> str:
    """Reduce a name to what is compared."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def codes(names: pl.Series, mapping: Mapping[str, str]) -> pl.Series:
    """Look every name up; what is not mapped becomes null.

    Returns
    -------
    polars.Series
        Codes, aligned with ``names``. Empty in, empty out.
    """
    plain_map = {plain_name(name): code for name, code in mapping.items()}
    known = {
        name: plain_map[plain]
        for name in names.unique().drop_nulls()
        if (plain := plain_name(name)) in plain_map
    }
    if not known:
        return pl.Series(names.name, [None] * len(names), dtype=pl.String)
    return names.replace_strict(known, default=None, return_dtype=pl.String)
