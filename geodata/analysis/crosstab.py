"""Counts by code without a pass over all cases: one small table of every combination there is.

Ten million cases fall into some hundred thousand combinations of phase, office, category,
channel, status and area. A selection that restricts nothing else is answered from those.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.facts import Facts, assisting_groups, wanted_codes
from geodata.analysis.flags import Keep
from geodata.domain.selection import Selection

DIMENSIONS: Final = ("phase", "office", "assisting", "category", "channel", "status", "area")

_ANSWERED: Final = frozenset(
    {
        "phases", "offices", "role", "families", "categories", "statuses", "channels", "areas",
        "piles",
    }
)  # fmt: skip
"""Restrictions that speak of these dimensions, or of piles, alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosstab:
    """Every combination of the dimensions that occurs, one entry each.

    Attributes
    ----------
    codes
        Dimension → position of its code in ``Facts.codes``.
    pile
        Whether the combination's cases lie on a default geocode.
    """

    codes: Mapping[str, npt.NDArray[np.unsignedinteger]]
    pile: Keep
    cases: npt.NDArray[np.int64]


def crosstab(facts: Facts) -> Crosstab:
    """Count every combination of the dimensions."""
    table = facts.frame.lazy().group_by(*DIMENSIONS, "pile").len("cases").collect()
    return Crosstab(
        codes={name: table[name].to_physical().to_numpy() for name in DIMENSIONS},
        pile=table["pile"].to_numpy(),
        cases=table["cases"].cast(pl.Int64).to_numpy(),
    )


def count_codes(
    facts: Facts, table: Crosstab, selection: Selection, column: str
) -> pl.DataFrame | None:
    """Count the cases a selection means by a coded column, from the `crosstab` of the facts.

    Returns
    -------
    polars.DataFrame or None
        What `geodata.analysis.counts.count_by` gives; None where the selection restricts more
        than the table knows, so that the cases themselves must be counted.
    """
    if column not in DIMENSIONS or not selection.restrictions().keys() <= _ANSWERED:
        return None
    meant = _meant(facts, table, selection)
    codes = facts.codes(column)
    counts = np.bincount(table.codes[column], weights=table.cases * meant, minlength=len(codes))
    return pl.DataFrame({"code": codes, "cases": pl.Series(counts).cast(pl.UInt32)})


def _meant(facts: Facts, table: Crosstab, selection: Selection) -> Keep:
    """Which combinations a selection means."""
    meant = ~table.pile if selection.piles == "leave_out" else np.ones(len(table.cases), np.bool_)
    for column, codes in wanted_codes(facts, selection).items():
        meant &= _flagged(facts, table, column, codes)
    if selection.offices is not None and selection.role == "any":
        offices = facts.offices.under(selection.offices)
        leads = _flagged(facts, table, "office", offices)
        meant &= leads | _flagged(facts, table, "assisting", assisting_groups(facts, offices))
    return meant


def _flagged(facts: Facts, table: Crosstab, column: str, codes: Iterable[str]) -> Keep:
    """Which combinations have one of these codes."""
    wanted = set(codes)
    by_code = np.array([code in wanted for code in facts.codes(column)], dtype=np.bool_)
    flags: Keep = by_code[table.codes[column]]
    return flags
