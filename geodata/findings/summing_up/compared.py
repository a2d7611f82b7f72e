"""A period and the one before it, as selections and scopes: what "what changed" refers to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
import polars as pl

from geodata.analysis.answers import Scope
from geodata.analysis.baseline import Baseline, estimate_baseline
from geodata.analysis.counts import count_by_day
from geodata.analysis.false_discovery import Reals
from geodata.analysis.intervals import dispersion_of
from geodata.domain.period import Period, previous
from geodata.domain.selection import Selection
from geodata.findings.source import Source
from geodata.wording import Words
from geodata.wording.selection import describe

EARLIER_STEPS: Final = 8
"""Periods before this one that tell how much counts go up and down by themselves."""

FEWEST_STEPS: Final = 4
_WEEK: Final = 7

Direction = Literal["up", "down", "flat"]
Verdict = Literal["better", "worse", "same", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How a number changed against the period before.

    Attributes
    ----------
    difference
        Now − before: cases, a share, or cases a day where ``per_day``; None where there is no
        number to compare with.
    direction
        The arrow.
    verdict
        ``better`` or ``worse`` only beyond normal fluctuation; ``same`` within it; ``none`` for
        numbers that carry no verdict, and where nothing can be compared.
    beyond
        Whether the change is beyond normal fluctuation (tested at 5 %); None: cannot be told.
    """

    difference: float | None = None
    direction: Direction = "flat"
    verdict: Verdict = "none"
    beyond: bool | None = None
    per_day: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A period, the one before, and the cases of each under one selection.

    Attributes
    ----------
    now, before
        Selections of the reports of each period. The period before is cut to as many days as
        the data cover of this one; ``before`` is None where the record begins later.
    scope, scope_before
        The same as instants.
    days, days_before
        Days covered by the data.
    """

    source: Source
    period: Period
    previous: Period
    selection: Selection
    now: Selection
    before: Selection | None
    scope: Scope
    scope_before: Scope
    days: int
    days_before: int

    @property
    def last_on(self) -> date:
        """Last day of the period that the data cover."""
        return min(self.period.until_on, self.source.facts.last_day)

    @property
    def per_day(self) -> bool:
        """Whether the two periods differ in length so much that only daily means compare."""
        longest = max(self.days, self.days_before)
        return abs(self.days - self.days_before) > longest / 10

    @property
    def effects(self) -> Baseline:
        """How busy each kind of day is for these reports, from the record up to the period's end.

        Every day counts alike where its ``undecided`` says why not.
        """
        facts, last = self.source.facts, self.last_on

        def estimate() -> Baseline:
            daily = count_by_day(
                facts, self.flags(self.selection).to_numpy(), facts.first_day, last
            )
            return estimate_baseline(
                daily["day"].to_numpy().astype("datetime64[D]"),
                daily["cases"].to_numpy().astype(np.float64),
                calendar=self.source.city.calendar,
            )

        return self.source.remember(("day effects until", self.selection, last), estimate)

    def usual_days(self, spans: Sequence[tuple[date, date]]) -> Reals:
        """Lengths of some spans in days of average busyness: what their reports are divided by.

        Plain days where the record does not hold every span.
        """
        days, effects = self.effects.days, self.effects
        found = [
            effects.usual_days((days >= np.datetime64(first)) & (days <= np.datetime64(last)))
            for first, last in spans
        ]
        plain = [(last - first).days + 1 for first, last in spans]
        return np.array(found if all(found) else plain, np.float64)

    @property
    def lengths(self) -> tuple[float, float]:
        """Usual days of the period before and of this one, as far as the data cover it."""
        if self.before is None or self.before.from_on is None or self.before.until_on is None:
            return float(self.days_before), float(self.days)
        then = (self.before.from_on, self.before.until_on)
        before, now = self.usual_days([then, (self.period.from_on, self.last_on)])
        return float(before), float(now)

    def cases(self) -> pl.DataFrame:
        """Lifecycles of every case of the selection, whenever reported; see `Source.cases`."""
        restricted = bool(self.selection.restrictions())
        return self.source.cases(self.selection if restricted else None)

    def flags(self, selection: Selection | None) -> pl.Series:
        """One flag per row of the facts; none where there is no selection."""
        facts = self.source.facts
        if selection is None:
            return pl.Series(np.zeros(len(facts), dtype=bool))
        return pl.Series(self.source.keep(selection))


def compared(
    source: Source,
    period: Period,
    selection: Selection | None = None,
    say: Words | None = None,
) -> Compared:
    """Set a period beside the one before it.

    Parameters
    ----------
    selection
        What else is restricted; its own dates and phases are replaced by the period's.
    """
    wanted = replace(selection or Selection(), from_on=None, until_on=None, phases=None)
    facts = source.facts
    last = min(period.until_on, facts.last_day)
    covered = max((last - period.from_on).days + 1, 0)
    earlier = previous(period, source.city.campaign)
    cut = _cut(earlier, covered if covered < period.days else earlier.days)
    known = bool(len(facts)) and earlier.from_on >= facts.first_day and covered > 0
    filters = "" if say is None else describe(source.city, facts, wanted, say)
    return Compared(
        source=source,
        period=period,
        previous=earlier,
        selection=wanted,
        now=replace(wanted, from_on=period.from_on, until_on=period.until_on),
        before=replace(wanted, from_on=cut[0], until_on=cut[1]) if known else None,
        scope=scope_of(source, (period.from_on, period.until_on), filters),
        scope_before=scope_of(source, cut, filters),
        days=covered,
        days_before=(cut[1] - cut[0]).days + 1,
    )


def _cut(period: Period, days: int) -> tuple[date, date]:
    return period.from_on, min(period.until_on, period.from_on + timedelta(days=max(days, 1) - 1))


def scope_of(source: Source, span: tuple[date, date], filters: str) -> Scope:
    """Return the instants of a span of days, both included, and what numbers of it rest on."""
    return Scope(
        from_at=source.midnight(span[0]),
        until_at=source.midnight(span[1] + timedelta(days=1)),
        as_of=source.facts.as_of,
        filters=filters,
        version=source.version,
    )


def steps_before(compared: Compared, most: int = EARLIER_STEPS) -> list[tuple[date, date]]:
    """Spans of as many days as the data cover of this period, before it; latest first.

    They end where the period before ends, so that the change itself does not widen the scatter;
    none reaches before the first report. Where the record holds too few spans that long, weeks.
    """
    spans = _spans(compared, max(compared.days, 1), most)
    long_enough = len(spans) >= FEWEST_STEPS or compared.days <= _WEEK
    return spans if long_enough else _spans(compared, _WEEK, most)


def _spans(compared: Compared, length: int, most: int) -> list[tuple[date, date]]:
    first = compared.source.facts.first_day
    end = compared.period.from_on - timedelta(days=1)
    spans = []
    for _ in range(most):
        begin = end - timedelta(days=length - 1)
        if begin < first:
            break
        spans.append((begin, end))
        end = begin - timedelta(days=1)
    return spans


def total_dispersion(compared: Compared) -> float | None:
    """How many times more than by chance the total varies from period to period; at least 1.

    None where fewer than `FEWEST_STEPS` periods lie before: nothing is known of fluctuation.
    """
    spans = steps_before(compared)
    if len(spans) < FEWEST_STEPS:
        return None
    days = compared.source.facts.frame.filter(compared.flags(compared.selection))["reported_on"]
    totals = np.array([days.is_between(begin, end).sum() for begin, end in spans], float)
    length = compared.usual_days(spans)
    return dispersion_of(totals, length * totals.sum() / length.sum(), parameters=1)


def direction_of(difference: float | None) -> Direction:
    """Arrow of a difference."""
    if not difference:
        return "flat"
    return "up" if difference > 0 else "down"


def verdict_of(difference: float | None, *, beyond: bool | None, good: Direction | None) -> Verdict:
    """Colour of a change; ``good`` is the direction that is an improvement, None for neither."""
    if good is None or difference is None or beyond is None:
        return "none"
    if not beyond or not difference:
        return "same"
    return "better" if direction_of(difference) == good else "worse"
