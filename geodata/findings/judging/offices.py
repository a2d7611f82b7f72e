"""Who stands where, and how sure that is: offices, areas and streets ranked, with their history.

A unit is compared with all others of its kind under the same filters: the filter that names
single offices (areas, streets) is left out when these are ranked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

import numpy as np
import polars as pl

from geodata.analysis.answers import Scope, Withheld
from geodata.analysis.composite import Composite, composite
from geodata.analysis.rank_history import bottom_streaks, rank_history
from geodata.analysis.ranking import Ranking, RankRule, rank_rates, rank_shares
from geodata.analysis.reasons import Reason
from geodata.domain.period import Period, parse_period, previous
from geodata.domain.selection import Selection
from geodata.errors import ChoiceUnknown, Sentence
from geodata.findings.judging.unit_counts import EXCESS, MEASURES, PER_KM, REBOUND, unit_counts
from geodata.findings.periods import period_chosen, scope_of
from geodata.findings.source import Source
from geodata.wording import Words

UNITS: Final = ("office", "area", "top_area", "street")
"""What can be ranked; columns of `findings.indicators.lifecycles`."""

OWN_FILTER: Final = {
    "office": "offices",
    "area": "areas",
    "top_area": "areas",
    "street": "streets",
}
"""Field of `Selection` that names single units of a kind."""

MANY: Final = 300
"""Units from which on fewer draws are made for the ranking."""

_MANY_OVER_TIME: Final = 50
"""Units from which on fewer draws are made for each step of the history."""

_FEW_DRAWS: Final = 1000

Every = Literal["week", "month"]


@dataclass(frozen=True, kw_only=True)
class Standings:
    """Units of one kind, ranked by one measure.

    Attributes
    ----------
    ranking
        `Ranking` (whose ``table`` is in order of rank, without draws), or why there is none.
    counts
        Every unit with ``numerator``, ``denominator``: what is left to say without a ranking.
    history
        `rank_history` of the last whole weeks or months, with ``n`` per period.
    streaks
        `bottom_streaks` of it: ``unit``, ``streak``, ``named``.
    periods
        The periods of the history, in order of time.
    verdicts
        Whether a low place is a fault: not for reports per km.
    excess
        For rebounds, beside each unit's rate: `unit_counts.EXCESS`, how many times what its
        places' usual level would bring anyway came back; None for other measures.
    own
        Whether an office's own cases alone are here: "all units" are then its own.
    """

    by: str
    measure: str
    scope: Scope
    period: Period
    ranking: Ranking | Withheld
    counts: pl.DataFrame
    history: pl.DataFrame
    streaks: pl.DataFrame
    periods: tuple[Period, ...]
    every: Every
    rule: RankRule
    verdicts: bool = True
    excess: pl.DataFrame | None = None
    own: bool = False


def standings(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    by: str = "office",
    measure: str = "on_time_rate",
    period: Period | None = None,
    every: Every = "week",
    last: int = 9,
    without_patrol: bool = False,
    rule: RankRule | None = None,
    say: Words | None = None,
) -> Standings:
    """Rank offices, areas or streets, with the ranks that are possible and those held before.

    Parameters
    ----------
    by
        One of `UNITS`.
    measure
        One of `MEASURES`; `PER_KM` for streets.
    every, last
        The history: so many whole weeks or months up to the end of the period.

    Raises
    ------
    ValueError
        There is no such unit or measure.
    """
    _check(by, measure)
    rule = rule or source.city.ranks
    others = without_own_filter(source, selection, by)
    period = period or period_chosen(source, selection)
    language = "" if say is None else say.language
    key = ("standings", others, by, measure, period, every, last, without_patrol, rule, language)
    question = _Question(
        source=source, selection=others, by=by, measure=measure, rule=rule,
        without_patrol=without_patrol, say=say,
    )  # fmt: skip
    return source.remember(key, lambda: question.standings(period, every, last))


def without_own_filter(source: Source, selection: Selection, by: str) -> Selection:
    """Return the selection that keeps all units of a kind, to compare with.

    Where an office's own cases alone are here, its own units are all there is: of the others only
    the cases it assists are known, which is nothing to rank them by.
    """
    if by == "office":
        mine = source.facts.mine
        role = selection.role if mine is None else "lead"
        return replace(selection, offices=mine, role=role)
    return replace(selection, streets=None) if by == "street" else replace(selection, areas=None)


def _check(by: str, measure: str) -> None:
    if by not in UNITS:
        raise ChoiceUnknown(
            "{by!r} cannot be ranked; choose one of {units}", by=by, units=list(UNITS)
        )
    if measure not in MEASURES and not (measure == PER_KM and by == "street"):
        only = Sentence("{measure} (streets only)", measure=PER_KM)
        raise ChoiceUnknown(
            "{measure!r} is no measure of a ranking; choose one of {measures}",
            measure=measure,
            measures=[*MEASURES, PER_KM if by == "street" else only],
        )


@dataclass(frozen=True, kw_only=True)
class _Question:
    """One kind of unit, one measure, some cases: asked of one period after another."""

    source: Source
    selection: Selection
    by: str
    measure: str
    rule: RankRule
    without_patrol: bool
    say: Words | None

    def standings(self, period: Period, every: Every, last: int) -> Standings:
        scope, counts = self.counts(period)
        few = len(counts) <= MANY
        ranking = self.ranking(counts, scope, self._rule(len(counts), MANY))
        spans = whole_periods(self.source, period, every, last)
        history = self.history(spans)
        return Standings(
            by=self.by,
            measure=self.measure,
            scope=scope,
            period=period,
            ranking=_light(ranking, keep_draws=few),
            counts=counts,
            history=history,
            streaks=bottom_streaks(history, self.rule),
            periods=spans,
            every=every,
            rule=self.rule,
            verdicts=self.measure != PER_KM,
            excess=counts.select("unit", *EXCESS) if self.measure == REBOUND else None,
            own=self.source.facts.mine is not None,
        )

    def _rule(self, units: int, many: int) -> RankRule:
        return self.rule if units <= many else replace(self.rule, draws=_FEW_DRAWS)

    def history(self, spans: Sequence[Period]) -> pl.DataFrame:
        """Ranks of each span; those of a measure without merit are not kept."""
        found = []
        for span in spans if self.measure != PER_KM else ():
            scope, counts = self.counts(span)
            rule = self._rule(len(counts), _MANY_OVER_TIME)
            found.append((span.code, self.ranking(counts, scope, rule)))
        return rank_history(found)

    def ranking(self, counts: pl.DataFrame, scope: Scope, rule: RankRule) -> Ranking | Withheld:
        if scope.undecided is not None:
            return Withheld(formula=self.measure, reason=scope.undecided, scope=scope)
        unrecorded = counts.filter(undecided=Reason.NOT_RECORDED.value)
        if len(unrecorded) or counts.is_empty():
            reason = Reason.NO_CASES if counts.is_empty() else Reason.NOT_RECORDED
            return Withheld(formula=self.measure, reason=reason, scope=scope)
        if self.measure == PER_KM:
            return rank_rates(
                counts, unit="unit", formula=PER_KM, better="high", scope=scope, rule=rule
            )
        better, _ = MEASURES[self.measure]
        found = rank_shares(
            counts, unit="unit", formula=self.measure, better=better, scope=scope, rule=rule
        )
        return found if self.measure != REBOUND else _beyond_chance(found, counts)

    def counts(self, period: Period) -> tuple[Scope, pl.DataFrame]:
        """Numerator and denominator of every unit in a period, and what they speak of."""
        scope = scope_of(
            self.source, self.selection, period, self.say, without_patrol=self.without_patrol
        )
        return scope, unit_counts(
            self.source, self.selection, scope, period, by=self.by, measure=self.measure
        )


def _beyond_chance(ranking: Ranking | Withheld, counts: pl.DataFrame) -> Ranking | Withheld:
    """Call a unit worse only where more comes back than its places' level explains, too."""
    if isinstance(ranking, Withheld):
        return ranking
    table = ranking.table.join(counts.select("unit", "excess_low"), on="unit", how="left")
    beyond = pl.col("worse_than_whole") & (pl.col("excess_low") > 1).fill_null(value=False)
    return replace(ranking, table=table.with_columns(worse_than_whole=beyond).drop("excess_low"))


def _light(ranking: Ranking | Withheld, *, keep_draws: bool) -> Ranking | Withheld:
    if isinstance(ranking, Withheld) or keep_draws:
        return ranking
    return replace(ranking, draws=np.empty((0, len(ranking.units))))


def whole_periods(source: Source, period: Period, every: Every, last: int) -> tuple[Period, ...]:
    """Return the last whole weeks or months up to the end of a period, earliest first.

    Only those that the record covers from their first to their last day.
    """
    end = min(period.until_on, source.facts.last_day)
    one = _holding(end, every)
    if one.until_on > end:
        one = previous(one)
    found: list[Period] = []
    while len(found) < last and one.from_on >= source.facts.first_day:
        found.append(one)
        one = previous(one)
    return tuple(reversed(found))


def _holding(day: date, every: Every) -> Period:
    year, week, _ = day.isocalendar()
    return parse_period(f"{year}-W{week:02d}" if every == "week" else f"{day:%Y-%m}")


def total_score(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    by: str = "office",
    period: Period | None = None,
    say: Words | None = None,
) -> Composite | Withheld | None:
    """Weigh several rates into one score; None where the city states no weights.

    The weights are those of ``[evaluation]`` in city.toml, whose source travels along.
    """
    weights = source.city.weights
    if weights is None:
        return None
    known = [name for name in weights.parts if name in MEASURES]
    rankings = {
        name: standings(
            source, selection, by=by, measure=name, period=period, last=0, say=say
        ).ranking
        for name in known
    }
    return composite(rankings, weights, source.city.ranks)
