"""Special actions 专项行动: each is a saved filter of categories on named streets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dashboard.text import Speaker
from geodata.city import City
from geodata.domain.campaign import SpecialAction
from geodata.domain.selection import Selection

Filters = dict[str, Any]


def chosen_action(city: City, selection: Selection) -> SpecialAction | None:
    """Return the action whose filter the selection holds, whatever else it holds."""
    return next((one for one in city.actions if with_action(selection, one) == selection), None)


def with_action(selection: Selection, action: SpecialAction | None) -> Selection:
    """Put the filter of an action in place of another's; None lets go of it."""
    if action is None:
        return replace(selection, categories=None, families=None, streets=None)
    return replace(
        selection,
        families=None,
        categories=frozenset(action.categories) or None,
        streets=frozenset(action.streets) or None,
    )


def as_filters(city: City, selection: Selection, patch: Mapping[str, Any]) -> Mapping[str, Any]:
    """Spell out a patch that names an action as the filters it stands for."""
    if "action" not in patch:
        return patch
    wanted = next((one for one in city.actions if one.code == patch["action"]), None)
    after = with_action(selection, wanted)
    filters = {
        name: _listed(getattr(after, name)) for name in ("families", "categories", "streets")
    }
    return {**patch, "filters": filters}


def _listed(codes: frozenset[str] | None) -> list[str] | None:
    return None if codes is None else sorted(codes)


def action_facets(city: City, selection: Selection, say: Speaker) -> dict[str, Any] | None:
    """What the panel offers: every action with its dates and streets; None where there is none."""
    if not city.actions:
        return None
    chosen = chosen_action(city, selection)
    return {
        "none": say("actions.none"),
        "chosen": chosen.code if chosen else "",
        "options": [
            {
                "code": one.code,
                "name": say.name(one),
                "title": say.listed(list(one.streets), most=6),
            }
            for one in city.actions
        ],
    }


def highlight(city: City, selection: Selection, say: Speaker) -> dict[str, Any]:
    """Streets to outline on the map, and what the legend calls them."""
    streets = sorted(selection.streets or ())
    chosen = chosen_action(city, selection) if streets else None
    if chosen is None:
        return {"streets": streets}
    return {"streets": streets, "label": say("actions.label", name=say.name(chosen))}
