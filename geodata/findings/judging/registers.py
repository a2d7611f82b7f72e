"""Frontage contracts (S7) and survey of residents (S19) against their targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from geodata.analysis.answers import Scope
from geodata.analysis.targets import FRONTAGE as FRONTAGE_TARGETS
from geodata.analysis.targets import SURVEY as SURVEY_TARGETS
from geodata.analysis.targets import Target, against_targets
from geodata.domain.selection import Selection
from geodata.findings.periods import scope_of, span
from geodata.findings.source import Source
from geodata.ingest.registers import FOLDER, FRONTAGE, SURVEY, Register, read_register

KINDS: Final[dict[str, tuple[Register, tuple[Target, ...]]]] = {
    "frontage": (FRONTAGE, FRONTAGE_TARGETS),
    "survey": (SURVEY, SURVEY_TARGETS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTable:
    """A register of the city against its targets.

    Attributes
    ----------
    table
        `against_targets`: one row per street or area and target; furthest below the target first
        within each formula.
    unknown
        Names that no street or area of the city has; counted all the same.
    """

    kind: str
    by: str
    file: str
    table: pl.DataFrame
    targets: tuple[Target, ...]
    scope: Scope
    unknown: tuple[str, ...]


def target_table(source: Source, kind: str) -> TargetTable | None:
    """Hold a register of the city against its targets; None where the city keeps none.

    Parameters
    ----------
    kind
        ``frontage`` or ``survey``.

    Raises
    ------
    CityBroken
        The file cannot be used; every defect is listed.
    """
    register, targets = KINDS[kind]
    rows = read_register(source.city.folder, register)
    if rows is None:
        return None
    scope = _scope(source)
    table = against_targets(rows, targets, scope, by=register.by)
    short = (pl.col("value") - pl.col("target")).fill_null(-2.0)
    known = _known(source, register.by)
    return TargetTable(
        kind=kind,
        by=register.by,
        file=f"{FOLDER}/{register.file}",
        table=table.with_columns(short=short).sort("formula", "short", register.by).drop("short"),
        targets=targets,
        scope=scope,
        unknown=tuple(name for name in rows[register.by].unique().sort() if name not in known),
    )


def _scope(source: Source) -> Scope:
    """The whole record: a register tells how things stand, not of a period."""
    facts = source.facts
    return scope_of(source, Selection(), span(facts.first_day, facts.last_day))


def _known(source: Source, by: str) -> set[str]:
    if by == "street":
        return set(source.facts.segments["street"].drop_nulls())
    areas = list(source.facts.areas)
    return {area.code for area in areas} | {area.name for area in areas}
