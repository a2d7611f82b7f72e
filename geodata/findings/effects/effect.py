"""Did it work, or did it move? A special action, or streets somebody chose, before and after.

The treated streets and those around them are compared with streets like them that no action
touches (`analysis.effect`, `analysis.displacement`). What is asked decides the place, the kinds of
problem and the days; of a selection only the channels and the hours are taken over, because
every other filter would take streets away from the comparison. Streets of any other action are
no comparison, whatever it is about: officers who come for one thing are seen by all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from geodata.analysis.answers import Scope, Withheld
from geodata.analysis.channels import PatrolShift, patrol_shift
from geodata.analysis.comparison import DEFAULT_RULE, EffectRule, Trial
from geodata.analysis.displacement import Moved, work_or_move
from geodata.analysis.effect import Effect, measure_effect
from geodata.analysis.false_discovery import adjusted
from geodata.analysis.panels import Panel, street_panel
from geodata.analysis.reasons import Reason
from geodata.domain.campaign import SpecialAction
from geodata.domain.period import Period
from geodata.domain.selection import Codes, Selection
from geodata.findings.effects.effect_weeks import weekly_course
from geodata.findings.effects.nearby import NearbyRule, nearby_streets
from geodata.findings.effects.stretches import (
    action_period,
    channel_days,
    days_before,
    scope_of,
    without_patrols,
)
from geodata.findings.periods import patrol_channels
from geodata.findings.source import Source

CANNOT_TELL: Final = "cannot_tell"
"""Outcome where no number is given; `EffectFinding.undecided` says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is measured.

    Attributes
    ----------
    code
        Code of the special action; ``""`` for streets somebody chose.
    streets
        Names of the treated streets.
    cases
        Which cases count: categories, channels and hours; no place, no period.
    before, after
        The two stretches; None where there is no day to begin with.
    """

    code: str
    streets: tuple[str, ...]
    cases: Selection
    before: Period | None
    after: Period | None


@dataclass(frozen=True, kw_only=True)
class EffectFinding:
    """What changed on some streets and around them.

    Attributes
    ----------
    around
        Names of the streets around, treated ones of any action left out.
    moved
        Effect on the treated streets and around, and the verdict.
    without_patrols
        The effect without the cases the city's own people found (S11); None where the city
        names no such channel.
    patrols
        Whether patrols found a larger part of the treated streets' cases after than before.
    rose
        Streets around that rose: ``unit``, ``before``, ``after``, ``ratio``, ``low``, ``high``,
        ``p``, ``q``, ``excess`` (cases beyond what the comparison streets did); the clearest
        first.
    weekly
        Seven days a row, counted from the first day of ``after``: see `effect_weeks`.
    q
        p of the effect, adjusted for ``together``, the number of actions measured at once; None
        alone.
    """

    asked: Asked
    around: tuple[str, ...]
    moved: Moved
    without_patrols: Effect | None
    patrols: PatrolShift | Withheld | None
    rose: pl.DataFrame
    weekly: pl.DataFrame
    before: Scope
    after: Scope
    q: float | None = None
    together: int = 1

    @property
    def outcome(self) -> str:
        """Verdict as a code (`analysis.displacement.Verdict`), or `CANNOT_TELL`."""
        return self.moved.verdict.value if self.moved.verdict is not None else CANNOT_TELL

    @property
    def undecided(self) -> Reason | None:
        """Why there is no verdict."""
        return self.moved.undecided

    @property
    def avoided(self) -> float | None:
        """Cases fewer on the treated streets than if they had moved like the others."""
        expected = self.moved.treated.expected_after
        if expected is None:
            return None
        return expected - float(self.moved.treated.counts["after"][0])


def effects(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    before: Period | None = None,
    after: Period | None = None,
    rule: EffectRule = DEFAULT_RULE,
) -> tuple[EffectFinding, ...]:
    """Measure every special action of the city, in the order of its file.

    Parameters
    ----------
    before, after
        The same two stretches for all; each action's own days and those before it when None
        (see `stretches.action_period`).

    Returns
    -------
    tuple of EffectFinding
        With ``q``: many actions are measured at once, and one in twenty would seem to work.
    """
    found = [
        effect_of_action(source, action, selection, before=before, after=after, rule=rule)
        for action in source.city.actions
    ]
    told = [one for one in found if one.moved.treated.p is not None]
    q = adjusted(np.array([one.moved.treated.p for one in told])) if told else np.zeros(0)
    by_code = {one.asked.code: float(value) for one, value in zip(told, q, strict=True)}
    return tuple(replace(one, q=by_code.get(one.asked.code), together=len(told)) for one in found)


def effect_of_action(
    source: Source,
    action: SpecialAction,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    before: Period | None = None,
    after: Period | None = None,
    rule: EffectRule = DEFAULT_RULE,
) -> EffectFinding:
    """Measure one special action: its categories on its streets, in its days and before them."""
    own = after or action_period(source, action)
    asked = Asked(
        code=action.code,
        streets=action.streets,
        cases=_counted(selection, frozenset(action.categories) or None),
        before=before or days_before(source, own),
        after=own,
    )
    return measured(source, asked, rule)


def effect_of_streets(
    source: Source,
    selection: Selection,
    *,
    before: Period | None,
    after: Period | None,
    rule: EffectRule = DEFAULT_RULE,
) -> EffectFinding:
    """Measure streets somebody chose (``selection.streets``) between any two stretches."""
    kinds = selection.categories
    if selection.families is not None:
        of = source.city.family_of
        kinds = (kinds or frozenset()) | {one for one in of if of[one] in selection.families}
    asked = Asked(
        code="",
        streets=tuple(sorted(selection.streets or ())),
        cases=_counted(selection, kinds),
        before=before,
        after=after,
    )
    return measured(source, asked, rule)


def measured(source: Source, asked: Asked, rule: EffectRule = DEFAULT_RULE) -> EffectFinding:
    """Answer one question; kept for the next who asks the same."""
    return source.remember(("effect", asked, rule), lambda: _measured(source, asked, rule))


def _counted(selection: Selection, categories: Codes) -> Selection:
    return Selection(categories=categories, channels=selection.channels, hours=selection.hours)


def _measured(source: Source, asked: Asked, rule: EffectRule) -> EffectFinding:
    panel = _panel(source, asked.cases)
    trial = _trial(panel, asked)
    elsewhere = panel.rows({name for one in source.city.actions for name in one.streets})
    elsewhere &= ~trial.treated
    around = panel.rows(nearby_streets(source, asked.streets, NearbyRule())) & ~elsewhere
    moved = work_or_move(trial, around, aside=elsewhere, rule=rule)
    before, after = (scope_of(source, one) for one in (asked.before, asked.after))
    rose = _rose(moved, rule)
    return EffectFinding(
        asked=asked,
        around=tuple(panel.units["unit"].filter(pl.Series(around & ~trial.treated))),
        moved=moved,
        without_patrols=_without_patrols(source, asked, moved, rule),
        patrols=_patrols(source, asked, before, after),
        rose=rose,
        weekly=weekly_course(trial, around, moved.treated, rose["unit"].to_list()),
        before=before,
        after=after,
    )


def _panel(source: Source, cases: Selection) -> Panel:
    first, last = source.facts.first_day, source.facts.last_day
    return source.remember(
        ("street panel", cases), lambda: street_panel(source.facts, source.keep(cases), first, last)
    )


def _trial(panel: Panel, asked: Asked) -> Trial:
    nothing = np.zeros(len(panel.days), dtype=bool)
    before, after = (
        nothing if one is None else panel.between(one.from_on, one.until_on)
        for one in (asked.before, asked.after)
    )
    return Trial(panel=panel, treated=panel.rows(asked.streets), before=before, after=after)


def _without_patrols(source: Source, asked: Asked, moved: Moved, rule: EffectRule) -> Effect | None:
    """The same streets against the same streets, by what residents and others reported."""
    patrols = frozenset(patrol_channels(source))
    if not patrols or moved.undecided is not None:
        return None
    panel = _panel(source, without_patrols(source, asked.cases))
    compared = panel.rows(moved.treated.compared_with)
    return measure_effect(_trial(panel, asked), compared_with=compared, rule=rule)


def _patrols(
    source: Source, asked: Asked, before: Scope, after: Scope
) -> PatrolShift | Withheld | None:
    patrols = frozenset(patrol_channels(source))
    if not patrols:
        return None
    chosen = replace(asked.cases, streets=frozenset(asked.streets))
    return patrol_shift(channel_days(source, chosen), before, after, patrol=patrols)


def _rose(moved: Moved, rule: EffectRule) -> pl.DataFrame:
    expected = pl.col("after") / pl.col("ratio")
    clear = (pl.col("ratio") > 1) & (pl.col("q") <= 1 - rule.confidence)
    return moved.where.filter(clear).with_columns(excess=pl.col("after") - expected)
