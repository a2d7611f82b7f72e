"""One phase against another in every family, category, office, area or class of street."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import polars as pl

from geodata.analysis.false_discovery import adjusted
from geodata.analysis.phases import phase_ratios
from geodata.domain.selection import Selection
from geodata.errors import ChoiceUnknown
from geodata.findings.periods import timeless
from geodata.findings.source import Source
from geodata.findings.usual_days import effects_of, windows_of

Unit = Literal["family", "category", "office", "area", "class"]
UNITS: Final[tuple[Unit, ...]] = ("family", "category", "office", "area", "class")


@dataclass(frozen=True, kw_only=True)
class GroupFinding:
    """One phase against another, group by group.

    Attributes
    ----------
    table
        One row per group with a case: ``group`` and the columns of
        `analysis.phases.phase_ratios`, with ``q`` (p adjusted for the number of groups; null
        where undecided); most cases first.
    """

    unit: Unit
    first: str
    second: str
    table: pl.DataFrame


def phases_by(
    source: Source,
    unit: Unit,
    first: str,
    second: str,
    selection: Selection = Selection(),  # noqa: B008 - frozen
) -> GroupFinding:
    """Compare two phases in each family, category, office, area or class of street.

    Raises
    ------
    ChoiceUnknown
        A phase is not one of the campaign's.
    """
    base = timeless(selection)
    key = ("phases by", unit, first, second, base)
    return source.remember(key, lambda: _by(source, unit, (first, second), base))


def _by(source: Source, unit: Unit, pair: tuple[str, str], base: Selection) -> GroupFinding:
    windows = windows_of(source, base)
    if unknown := set(pair) - set(windows):
        raise ChoiceUnknown(
            "no phase is called {unknown:quoted}; there are {phases}",
            unknown=sorted(unknown),
            phases=list(windows),
        )
    compared = {phase: windows[phase] for phase in pair}
    effects = effects_of(source, base)
    tables = [
        phase_ratios(daily, compared, [pair], effects=effects).insert_column(
            0, pl.Series("group", [group])
        )
        for group, daily in _daily_by(source, unit, base)
    ]
    return GroupFinding(unit=unit, first=pair[0], second=pair[1], table=_together(tables))


def _together(tables: list[pl.DataFrame]) -> pl.DataFrame:
    if not tables:
        return pl.DataFrame(schema={"group": pl.String})
    table = pl.concat(tables).filter(pl.col("cases_first") + pl.col("cases_second") > 0)
    told = table["undecided"].is_null().to_numpy()
    q = np.full(len(table), np.nan)
    q[told] = adjusted(table["p"].to_numpy()[told]) if told.any() else q[told]
    return table.with_columns(q=pl.Series(q).fill_nan(None)).sort(
        pl.col("cases_first") + pl.col("cases_second"), "group", descending=[True, False]
    )


def _daily_by(source: Source, unit: Unit, base: Selection) -> Iterable[tuple[str, pl.DataFrame]]:
    """Each group with its cases on every day of the record, zeros included."""
    facts = source.facts
    days = pl.DataFrame({"day": pl.date_range(facts.first_day, facts.last_day, eager=True)})
    counted = (
        facts.frame.select(group=_group(source, unit), day="reported_on")
        .filter(pl.Series(source.keep(base)))
        .group_by("group", "day")
        .len("cases")
    )
    for (group,), rows in sorted(counted.drop_nulls("group").group_by("group"), key=_first):
        filled = days.join(rows.select("day", "cases"), on="day", how="left")
        yield str(group), filled.with_columns(pl.col("cases").fill_null(0).cast(pl.Int64))


def _first(pair: tuple[tuple[object, ...], pl.DataFrame]) -> str:
    return str(pair[0][0])


def _group(source: Source, unit: Unit) -> pl.Expr:
    if unit == "family":
        codes = pl.col("category").cast(pl.String)
        return codes.replace_strict(source.facts.family_of, default=codes, return_dtype=pl.String)
    if unit == "class":
        classes = dict(enumerate(source.facts.segments["class"].to_list()))
        return pl.col("segment").replace_strict(classes, default=None, return_dtype=pl.String)
    return pl.col(unit).cast(pl.String)
