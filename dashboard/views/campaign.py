"""Campaign 行动: how far it is, what each action brought, and whether it worked or moved."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import actions as saved
from dashboard import state
from dashboard.access import Reading
from dashboard.components import sheet
from dashboard.filters import View
from dashboard.text import Speaker
from dashboard.views import (
    campaign_actions,
    campaign_effect,
    campaign_head,
    campaign_phases,
    campaign_week,
)
from dashboard.views.frame import filtered
from geodata.domain.campaign import BEFORE, SpecialAction
from geodata.domain.period import Period
from geodata.findings import Source
from geodata.findings.effects.effect import (
    EffectFinding,
    effect_of_action,
    effect_of_streets,
    effects,
)
from geodata.findings.effects.stretches import first_phases, phase_period

OWN = "own"
CHOSEN_STREETS = "streets"
_NOTABLE = ("moved", "partly_moved", "worked", "worked_and_spread", "worked_here", "worse")
"""Outcomes in the order in which the page opens on one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the lower half of the page speaks of: an action, or streets of the filter.

    ``pair`` is the two phases compared, or None for the action's own days and those before.
    """

    action: SpecialAction | None
    finding: EffectFinding | None
    pair: tuple[str, str] | None


def render(reading: Reading, screen: state.Screen) -> None:
    """Draw the page beside the filters."""
    filtered(reading, screen, _body)


def _body(reading: Reading, view: View, screen: state.Screen) -> None:
    sheet.show(screen, page(reading, view, screen.say), key="campaign")


def page(reading: Reading, view: View, say: Speaker) -> sheet.Page:
    """Where the campaign stands; one action in full; the phases; the week."""
    source = reading.source
    found = effects(source, view.selection)
    chosen = choose(source, view, found)
    phases = campaign_phases.blocks(source, view, say)
    lead = "lead" if source.city.actions else "lead_phases"
    return sheet.Page(
        title=say("campaign_page.title"),
        lead=say(f"campaign_page.{lead}"),
        blocks=[
            campaign_head.cards(source, view, found, say),
            campaign_head.sentences(source, view, found, say),
            campaign_actions.table(source, view, found, chosen.action, say),
            *campaign_effect.blocks(
                source, chosen.action, chosen.finding, trials(source, chosen, say), say
            ),
            *campaign_actions.detail_blocks(source, chosen.action, say),
            *phases,
            *campaign_week.blocks(
                source, view, chosen.action, chosen.finding, say, wide=len(phases) % 2 == 0
            ),
        ],
    )


def choose(source: Source, view: View, found: tuple[EffectFinding, ...]) -> Chosen:
    """Read the choice of the page; it opens on the action there is most to say of."""
    by_code = {one.code: one for one in source.city.actions}
    code = view.option("action", _codes(source, view, found) or ("",))
    pairs = {f"{one}~{two}": (one, two) for one, two in _pairs(source)}
    trial = view.option("trial", ((OWN, *pairs) if code in by_code else tuple(pairs)) or (OWN,))
    pair = pairs.get(trial)
    days = _days(source, pair)
    if code in by_code:
        action = by_code[code]
        own = next(one for one in found if one.asked.code == code)
        finding = (
            own
            if pair is None
            else effect_of_action(source, action, view.selection, before=days[0], after=days[1])
        )
        return Chosen(action=action, finding=finding, pair=pair)
    if not view.selection.streets:
        return Chosen(action=None, finding=None, pair=pair)
    finding = effect_of_streets(source, view.selection, before=days[0], after=days[1])
    return Chosen(action=None, finding=finding, pair=pair)


def _pairs(source: Source) -> list[tuple[str, str]]:
    """Phases that can be compared; those with the days before the campaign come last."""
    return sorted(campaign_phases.pairs(source), key=lambda pair: BEFORE in pair)


def _codes(source: Source, view: View, found: tuple[EffectFinding, ...]) -> tuple[str, ...]:
    """Codes that can be chosen, the one to open on first."""
    of_filter = saved.chosen_action(source.city, view.selection)
    order = {outcome: place for place, outcome in enumerate(_NOTABLE)}
    notable = sorted(found, key=lambda one: order.get(one.outcome, len(order)))
    codes = [one.asked.code for one in notable]
    if of_filter is not None and of_filter.streets:
        return (of_filter.code, *codes)
    return (CHOSEN_STREETS, *codes) if view.selection.streets else tuple(codes)


def _days(source: Source, pair: tuple[str, str] | None) -> tuple[Period | None, Period | None]:
    if pair is None:
        return first_phases(source) or (None, None)
    return phase_period(source, pair[0]), phase_period(source, pair[1])


def trials(source: Source, chosen: Chosen, say: Speaker) -> list[sheet.Control]:
    """Which days are compared: the action's own, or two phases."""
    pairs = _pairs(source)
    options = [
        sheet.option(f"{one}~{two}", campaign_phases.pair_name(source, (one, two), say))
        for one, two in pairs
    ]
    if chosen.action is not None:
        options.insert(0, sheet.option(OWN, say("campaign_page.trial_own")))
    if len(options) < 2:  # noqa: PLR2004 - nothing to choose
        return []
    value = OWN if chosen.pair is None else "~".join(chosen.pair)
    return [sheet.choice("trial", say("campaign_page.trial"), value, options)]
