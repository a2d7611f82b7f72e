"""Does one case bring the next, close by and soon? Tested by category, against dealt-out dates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl
import pyproj

from geodata.analysis.answers import Scope
from geodata.analysis.near_repeat import ROLES, Knox, NearRepeatRule, classify_cases, knox_test
from geodata.analysis.reasons import Reason
from geodata.domain.category import UNMAPPED
from geodata.domain.selection import Selection
from geodata.findings.source import Source
from geodata.spatial.cells import centres_of
from geodata.wording import Words

RULE: Final = NearRepeatRule(permutations=199)
"""As many deals as tell 0.5 % apart: a page is waited for."""


@dataclass(frozen=True, kw_only=True)
class NearRepeats:
    """Near repeats of one category among the reports of a selection.

    Attributes
    ----------
    knox
        Pairs by distance and time against chance; places are the middles of H3 cells at
        resolution 12, some 10 m off at most; default geocodes are left out.
    roles
        Cases by the part they play, one row of `near_repeat.ROLES` each: ``role``, ``cases``.
    """

    category: str
    knox: Knox
    roles: pl.DataFrame
    scope: Scope

    @property
    def undecided(self) -> Reason | None:
        """Why nothing was tested."""
        return self.knox.undecided


def categories_reported(source: Source, selection: Selection) -> list[str]:
    """Categories with a report in the selection, most first; unmapped names left out."""
    counts = (
        source.facts.frame.select(pl.col("category").cast(pl.String))
        .filter(pl.Series(source.keep(selection), dtype=pl.Boolean))
        .filter(pl.col("category") != UNMAPPED)
        .group_by("category")
        .len()
    )
    return counts.sort(["len", "category"], descending=[True, False])["category"].to_list()


def near_repeats(
    source: Source,
    category: str,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    rule: NearRepeatRule = RULE,
    say: Words | None = None,
) -> NearRepeats:
    """Test the reports of one category in a selection; a period is that of reporting."""
    chosen = replace(selection, categories=frozenset([category]), families=None)
    knox, roles = source.remember(
        ("near repeats", chosen, rule), lambda: _tested(source, chosen, rule)
    )
    return NearRepeats(category=category, knox=knox, roles=roles, scope=source.scope(chosen, say))


def _tested(
    source: Source, selection: Selection, rule: NearRepeatRule
) -> tuple[Knox, pl.DataFrame]:
    kept = pl.Series(source.keep(selection), dtype=pl.Boolean)
    rows = source.facts.frame.select("cell", "reported_on", "pile").filter(kept & ~pl.col("pile"))
    x, y = _metres(source, rows["cell"])
    days = rows["reported_on"].to_physical().to_numpy().astype(np.float64)
    knox = knox_test(x, y, days, rule)
    known = knox.undecided is not Reason.TOO_MANY_PAIRS
    roles = classify_cases(x, y, days, rule) if known else pl.Series("role", [], pl.Enum(ROLES))
    return knox, _counted(roles)


def _metres(source: Source, cells: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    if cells.is_empty():
        return np.zeros(0), np.zeros(0)
    lon, lat = centres_of(cells.to_numpy()).T
    to_metric = pyproj.Transformer.from_crs("EPSG:4326", source.city.metric_crs, always_xy=True)
    x, y = to_metric.transform(lon, lat)
    return np.asarray(x, np.float64), np.asarray(y, np.float64)


def _counted(roles: pl.Series) -> pl.DataFrame:
    counts = roles.alias("role").value_counts(name="cases")
    every = pl.DataFrame({"role": pl.Series(ROLES, dtype=pl.Enum(ROLES))})
    return every.join(counts, on="role", how="left", maintain_order="left").with_columns(
        pl.col("cases").fill_null(0)
    )
