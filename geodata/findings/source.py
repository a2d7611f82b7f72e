"""One city at one version, as every question reads it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import polars as pl

from geodata.analysis.answers import Scope
from geodata.analysis.facts import Facts, Keep, kept
from geodata.city import City, load_city
from geodata.domain.case import STAGES
from geodata.domain.selection import Selection
from geodata.store.facts import load_facts
from geodata.store.lake import Lake
from geodata.wording import Words
from geodata.wording.selection import describe, period_of

_AS_KEPT: Final = (
    "case_id", *STAGES, "due_at", "returns", "lon", "lat", "area_m2", "demolished_m2", "cell",
)  # fmt: skip
"""Columns of the lake that numbers need; the others are for the few cases somebody looks at
(`store.details`)."""

T = TypeVar("T")


class Memory(Protocol):
    """Keeps an answer for the next who asks the same; the dashboard hands in its own."""

    def __call__(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return the kept answer, or compute and keep it."""


class _Remembered:
    """A memory without an end, for one command or notebook."""

    def __init__(self) -> None:
        self._answers: dict[Hashable, Any] = {}

    def __call__(self, key: Hashable, compute: Callable[[], T]) -> T:
        if key not in self._answers:
            self._answers[key] = compute()
        answer: T = self._answers[key]
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A city, its facts at one lake version, and the whole cases behind them.

    Attributes
    ----------
    remember
        ``remember(key, compute)`` keeps what is dear to work out (neighbours, follow-ups).
    """

    city: City
    facts: Facts
    remember: Memory = field(default_factory=_Remembered, compare=False, repr=False)

    @classmethod
    def of(cls, folder: Path | str, *, version: int | None = None) -> Source:
        """Read a city folder; the newest version by default.

        Raises
        ------
        CityError, StoreError
            The folder, or that version, cannot be read.
        """
        city = load_city(Path(folder))
        return cls(city=city, facts=load_facts(city, version))

    @property
    def version(self) -> int:
        """Lake version the numbers come from; −1 before the first case."""
        return self.facts.version

    def keep(self, selection: Selection) -> Keep:
        """Which cases a selection means; one flag per row of ``facts.frame``."""
        return self.remember(("keep", selection), lambda: kept(self.facts, selection))

    def cases(self, selection: Selection | None = None) -> pl.DataFrame:
        """Lifecycles of the cases of a selection, all by default; free text stays in the lake.

        Returns
        -------
        polars.DataFrame
            Of ``PLACED_SCHEMA``: ``case_id``, the stages and ``due_at`` (UTC), ``returns``,
            ``lon``, ``lat`` (WGS-84), ``area_m2``, ``demolished_m2`` and ``cell``. Of the facts:
            ``office`` and ``category`` (``unassigned``, ``unmapped`` as values), ``area``,
            ``channel``, ``status``, ``phase``, ``pile``, ``segment`` and ``street`` (null where
            the case lies on none), ``key``. No particular order.
        """
        if selection is None:
            return self.remember("cases", self._all_cases)
        keys = self.facts.frame.select("key").filter(pl.Series(self.keep(selection)))
        return self.cases().join(keys, on="key", how="semi")

    def _all_cases(self) -> pl.DataFrame:
        coded = ("office", "category", "area", "status", "phase", "channel")
        facts = self.facts.frame.lazy().select(
            "key", "pile", pl.col("segment").alias("row"), *(pl.col(one) for one in coded)
        )
        streets = self.facts.segments.lazy().select(
            pl.int_range(pl.len(), dtype=pl.Int32).alias("row"), "segment", "street"
        )
        version = None if self.version < 0 else self.version
        return (
            Lake(self.city.lake)
            .scan(version)
            .select(_AS_KEPT)
            .with_columns(key=pl.col("case_id").hash(seed=0))
            .join(facts.with_columns(pl.col(coded).cast(pl.String)), on="key", how="inner")
            .join(streets, on="row", how="left")
            .drop("row")
            .collect()
        )

    def midnight(self, day: date) -> datetime:
        """First moment of a day in the city's time zone."""
        return datetime.combine(day, time(), self.city.zone)

    def scope(
        self,
        selection: Selection,
        say: Words | None = None,
        *,
        without_channels: tuple[str, ...] = (),
    ) -> Scope:
        """Period, filters and version that a number of this selection speaks of."""
        first, last = period_of(self.city, self.facts, selection)
        return Scope(
            from_at=self.midnight(first),
            until_at=self.midnight(last + timedelta(days=1)),
            as_of=self.facts.as_of,
            filters="" if say is None else describe(self.city, self.facts, selection, say),
            version=self.version,
            without_channels=without_channels,
        )
