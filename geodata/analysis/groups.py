"""Grouping cases so that none is lost: a missing office or area is a value like any other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from geodata.analysis.facts import NO_AREA
from geodata.domain.case import UNASSIGNED
from geodata.domain.category import UNMAPPED

MISSING: Final[Mapping[str, str]] = {
    "category": UNMAPPED,
    "family": UNMAPPED,
    "kind": UNMAPPED,
    "channel": UNMAPPED,
    "area": NO_AREA,
}
"""What a null in these columns is called; in any other column it is ``unassigned``."""


def grouped(cases: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    """Cases with the columns of ``by`` as text without nulls, so that groups sum to the whole."""
    return cases.with_columns(
        pl.col(column).cast(pl.String).fill_null(MISSING.get(column, UNASSIGNED)) for column in by
    )


def with_label(cases: pl.DataFrame, label: str, of: str, labels: Mapping[str, str]) -> pl.DataFrame:
    """Cases with a column ``label`` looked up from column ``of``: category → family or kind.

    Codes the table does not hold keep no label (null), which `grouped` names.
    """
    found = pl.col(of).cast(pl.String).replace_strict(labels, default=None, return_dtype=pl.String)
    return cases.with_columns(found.alias(label))


def whole_or_groups(cases: pl.DataFrame, by: tuple[str, ...]) -> list[dict[str, str]]:
    """Every group that occurs, in order; one nameless group when there is no ``by``."""
    return cases.select(by).unique().sort(by).to_dicts() if by else [{}]
