"""What every part of the offices' page is drawn from: the city, the view and what is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from dashboard import proof
from dashboard.components import sheet
from dashboard.filters import View
from dashboard.text import Speaker
from geodata.analysis.answers import Scope
from geodata.domain.selection import Selection
from geodata.findings.judging.indicators import (
    Backlog,
    IndicatorSet,
    backlog,
    indicator_set,
    units_with_levels,
)
from geodata.findings.judging.offices import OWN_FILTER, Standings, standings
from geodata.findings.judging.unit_counts import MEASURES, PER_KM
from geodata.findings.periods import patrol_channels
from geodata.findings.source import Source
from geodata.wording.reasons import say_reason
from geodata.wording.units import unit_names

PATROL: Final = ("with", "without")
EVERY: Final = ("week", "month")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A city, a view of it, and the choices made on the page.

    Attributes
    ----------
    by, measure, every
        What is ranked, by which measure, and the steps of the history.
    names
        Name of every unit of ``by``.
    """

    source: Source
    view: View
    say: Speaker
    by: str
    measure: str
    every: Literal["week", "month"]
    without_patrol: bool
    names: dict[str, str]

    @classmethod
    def of(cls, source: Source, view: View, say: Speaker) -> Desk:
        """Read the page's choices from the view."""
        by = view.option("by", units_of(source))
        return cls(
            source=source,
            view=view,
            say=say,
            by=by,
            measure=view.option("measure", measures_of(by)),
            every="month" if view.option("every", EVERY) == "month" else "week",
            without_patrol=bool(patrol_channels(source))
            and view.option("patrol", PATROL) == "without",
            names=unit_names(source.city, source.facts, by, say),
        )

    @property
    def selection(self) -> Selection:
        """The filters of the view."""
        return self.view.selection

    @property
    def chosen(self) -> frozenset[str]:
        """Units that the filters name."""
        codes: frozenset[str] | None = getattr(self.selection, OWN_FILTER[self.by])
        return codes or frozenset()

    def name(self, unit: str) -> str:
        """Name of a unit; a street is its own."""
        return self.names.get(unit, unit)

    def patch(self, unit: str) -> dict[str, Any]:
        """Filter on a unit; on one already chosen, on all again."""
        return {"filters": {OWN_FILTER[self.by]: None if unit in self.chosen else [unit]}}

    def standings(self) -> Standings:
        """Return the ranking of the units."""
        return standings(
            self.source, self.selection, by=self.by, measure=self.measure, every=self.every,
            without_patrol=self.without_patrol, say=self.say,
        )  # fmt: skip

    def indicators(self, by: str | None = None) -> IndicatorSet:
        """Return the standard indicators of the selection."""
        return indicator_set(
            self.source, self.selection, by=by, without_patrol=self.without_patrol, say=self.say
        )

    def backlog(self, by: str | None = None) -> Backlog:
        """Return what is open, and how long closing takes."""
        return backlog(
            self.source, self.selection, by=by, without_patrol=self.without_patrol, say=self.say
        )

    def column(self, name: str, formula: str, scope: Scope, *, bar: bool = False) -> sheet.Part:
        """Column of numbers of one formula."""
        told = proof.shared(self.say, formula=formula, scope=scope)
        return sheet.column(self.say(f"offices.{name}"), "number", bar=bar, proof=told)

    def empty(self, key: str, *, none: bool) -> sheet.Part:
        """Words instead of a block's content: why there is no number, or that there is nothing."""
        reason = self.backlog().scope.undecided
        if reason is not None:
            return {"empty": say_reason(reason, self.say)}
        return {"empty": self.say(key)} if none else {}


def units_of(source: Source) -> tuple[str, ...]:
    """What can be ranked in this city: areas only where it has some, levels where they differ."""
    areas = ("top_area", "area") if units_with_levels(source) else ("area",)
    return ("office", *(areas if len(source.facts.areas) else ()), "street")


def measures_of(by: str) -> tuple[str, ...]:
    """What units of a kind can be ranked by."""
    return (*MEASURES, PER_KM) if by == "street" else tuple(MEASURES)
