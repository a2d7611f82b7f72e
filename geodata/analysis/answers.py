"""A number never travels alone: a value with what it was made of, or the reason there is none.

`Value` is an answer, `Withheld` the typed refusal to give one. In tables the same is said by a
row whose ``value`` is null and whose ``undecided`` names the reason; pages turn it into words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl

from geodata.analysis.reasons import Reason


def instant(at: datetime) -> pl.Expr:
    """Moment with a zone, to compare the case table's UTC columns with."""
    return pl.lit(at.astimezone(UTC)).cast(pl.Datetime("us", "UTC"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The period a number speaks of, and where its cases come from.

    Attributes
    ----------
    from_at, until_at
        The period [from, until), instants with a zone.
    as_of
        End of what the data cover: nothing later is known, whatever the period says.
    filters
        The restrictions in words, as shown beside the number.
    version
        Lake version the cases were read from.
    without_channels
        Channels whose cases are left out, e.g. those found by patrols (S11).
    """

    from_at: datetime
    until_at: datetime
    as_of: datetime
    filters: str = ""
    version: int | None = None
    without_channels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse times without a zone: a period would mean two things."""
        for name in ("from_at", "until_at", "as_of"):
            if getattr(self, name).tzinfo is None:
                raise ValueError(f"{name} has no time zone; give one, e.g. tzinfo=UTC")

    @property
    def end_at(self) -> datetime:
        """End of the part of the period that the data cover."""
        return min(self.until_at, self.as_of)

    def leaves(self, cases: pl.DataFrame) -> pl.DataFrame:
        """Cases without those of the channels left out; unmapped channels stay."""
        if not self.without_channels:
            return cases
        return cases.filter(~pl.col("channel").is_in(self.without_channels).fill_null(value=False))

    @property
    def undecided(self) -> Reason | None:
        """Why nothing can be said about this period at all; None when something can."""
        if self.until_at <= self.from_at:
            return Reason.EMPTY_PERIOD
        return Reason.NOT_YET if self.as_of <= self.from_at else None

    def columns(self) -> dict[str, pl.Expr]:
        """Columns that go with every row of a table: period, filters, version."""
        return {
            "from_at": instant(self.from_at),
            "until_at": instant(self.until_at),
            "as_of": instant(self.as_of),
            "filters": pl.lit(self.filters, pl.String),
            "version": pl.lit(self.version, pl.Int64),
            "without_channels": pl.lit(";".join(self.without_channels), pl.String),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One number with everything needed to check it.

    Attributes
    ----------
    formula
        Code of an entry of ``formulas.toml``.
    numerator, denominator
        What was divided; the denominator is None for counts and sums.
    n
        Cases (or persons, or shops) the number rests on.
    lower, upper
        Interval at ``level``, for rates; None otherwise or where it has no end.
    """

    formula: str
    value: float
    unit: str
    numerator: float
    n: int
    scope: Scope
    denominator: float | None = None
    lower: float | None = None
    upper: float | None = None
    level: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """No number, and why; ``known`` holds what can still be said, by name."""

    formula: str
    reason: Reason
    scope: Scope | None = None
    known: Mapping[str, float | int | str | None] = field(default_factory=dict)


Answer = Value | Withheld

PARTS: Final = pl.Schema(
    {
        "formula": pl.String,
        "value": pl.Float64,
        "numerator": pl.Float64,
        "denominator": pl.Float64,
        "n": pl.Int64,
        "unit": pl.String,
        "lower": pl.Float64,
        "upper": pl.Float64,
        "level": pl.Float64,
        "undecided": pl.String,
    }
)
"""Columns of every indicator table, after the group's and before the scope's own."""


def answers_of(table: pl.DataFrame, scope: Scope) -> list[Answer]:
    """Each row of an indicator table as a `Value`, or as `Withheld` where it is undecided."""
    return [_answer(row, scope) for row in table.iter_rows(named=True)]


def _answer(row: Mapping[str, Any], scope: Scope) -> Answer:
    if row["undecided"] is not None:
        known = {name: row[name] for name in ("numerator", "denominator", "n")}
        return Withheld(
            formula=row["formula"], reason=Reason(row["undecided"]), scope=scope, known=known
        )
    return Value(**{name: row[name] for name in PARTS if name != "undecided"}, scope=scope)


def table_of(rows: Iterable[Mapping[str, Any]], scope: Scope, by: tuple[str, ...]) -> pl.DataFrame:
    """Indicator table of rows; absent parts are null. Empty in, empty out."""
    schema = pl.Schema({**{column: pl.String() for column in by}, **PARTS})
    blank = dict.fromkeys(schema)
    table = pl.DataFrame([{**blank, **row} for row in rows], schema=schema)
    return table.with_columns(**scope.columns())
