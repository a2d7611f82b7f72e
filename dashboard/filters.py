"""The view: what is selected and how it is shown. It lives in the URL, so a link reopens it.

Components send patches (plain JSON from the browser, so never trusted); `patched` is the
one place where a patch becomes a new view.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from geodata.domain.case import PLACE_KINDS
from geodata.domain.selection import Near, Selection

MEASURES: Final = ("count", "per_km", "area_m2")
LAYERS: Final = ("cells", "streets", "table")
RESOLUTIONS: Final = (8, 9, 10, 11)
FARTHEST_M: Final = 2000
_MOST_CODES: Final = 400
_LONGEST: Final = 80

_CODE_KEYS: Final = {
    "phases": "phase",
    "offices": "office",
    "families": "family",
    "categories": "category",
    "statuses": "status",
    "channels": "channel",
    "street_classes": "class",
    "areas": "area",
    "streets": "street",
}
"""Selection field → its key in the URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """What was clicked on or drawn: one cell, one street, or an outline."""

    cell: str | None = None
    street: str | None = None
    outline: tuple[tuple[float, float], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Everything a link must reopen, but for the map's position (kept after the ``#``)."""

    selection: Selection = field(default_factory=Selection)
    measure: str = "count"
    layer: str = "cells"
    resolution: int | None = None
    locked: bool = True
    compare: tuple[str, str] | None = None
    picked: Picked = field(default_factory=Picked)


def to_query(view: View) -> dict[str, str]:
    """Write a view as URL parameters; what is at its default is left out."""
    chosen = view.selection
    query = {
        key: ",".join(sorted(codes))
        for name, key in _CODE_KEYS.items()
        if (codes := getattr(chosen, name)) is not None
    }
    extra = {
        "role": chosen.role if chosen.role != "lead" else None,
        "from": chosen.from_on.isoformat() if chosen.from_on else None,
        "until": chosen.until_on.isoformat() if chosen.until_on else None,
        "near": f"{chosen.near.kind}.{chosen.near.metres}" if chosen.near else None,
        "hours": chosen.hours if chosen.hours != "all" else None,
        "piles": "out" if chosen.piles == "leave_out" else None,
        "measure": view.measure if view.measure != "count" else None,
        "layer": view.layer if view.layer != "cells" else None,
        "res": str(view.resolution) if view.resolution is not None else None,
        "scale": "free" if not view.locked else None,
        "compare": "~".join(view.compare) if view.compare else None,
        "cell": view.picked.cell,
        "at": view.picked.street,
        "outline": _outline_text(view.picked.outline),
    }
    return query | {key: value for key, value in extra.items() if value is not None}


def from_query(query: Mapping[str, str]) -> View:
    """Read a view from URL parameters; whatever makes no sense is left at its default."""
    codes = {
        name: frozenset(filter(None, query[key].split(",")[:_MOST_CODES]))
        for name, key in _CODE_KEYS.items()
        if key in query
    }
    selection = Selection(
        **codes,
        role="any" if query.get("role") == "any" else "lead",
        from_on=_day(query.get("from")),
        until_on=_day(query.get("until")),
        near=_near(query.get("near", "").partition(".")[::2]),
        hours=_one_of(query.get("hours"), ("in", "out"), "all"),  # type: ignore[arg-type]
        piles="leave_out" if query.get("piles") == "out" else "keep",
    )
    return View(
        selection=selection,
        measure=_one_of(query.get("measure"), MEASURES, "count"),
        layer=_one_of(query.get("layer"), LAYERS, "cells"),
        resolution=_resolution(query.get("res")),
        locked=query.get("scale") != "free",
        compare=_compare(query.get("compare", "").split("~")),
        picked=Picked(
            cell=_cell(query.get("cell")),
            street=(query.get("at") or "")[:_LONGEST] or None,
            outline=_outline(query.get("outline")),
        ),
    )


def patched(view: View, patch: Mapping[str, Any]) -> View:
    """Apply what a component sent; unknown keys and senseless values change nothing."""
    if patch.get("reset"):
        return View()
    for key, change in _CHANGES.items():
        if key in patch:
            view = change(view, patch)
    return view


def relaxed(selection: Selection) -> Selection:
    """Let go of the narrowest restrictions first: the dates, then the rest but the phase."""
    if selection.from_on or selection.until_on:
        return replace(selection, from_on=None, until_on=None)
    return Selection(phases=selection.phases, families=selection.families)


def _change_filters(view: View, patch: Mapping[str, Any]) -> View:
    filters = patch["filters"]
    if not isinstance(filters, Mapping):
        return view
    changes: dict[str, Any] = {
        name: _codes(filters[name]) for name in _CODE_KEYS if name in filters
    }
    if "role" in filters:
        changes["role"] = _one_of(filters["role"], ("any",), "lead")
    if "hours" in filters:
        changes["hours"] = _one_of(filters["hours"], ("in", "out"), "all")
    for key, name in (("from", "from_on"), ("until", "until_on")):
        if key in filters:
            changes[name] = _day(filters[key])
    if "near" in filters:
        near = filters["near"] or {}
        changes["near"] = _near((near.get("kind"), near.get("metres")))
    return replace(view, selection=replace(view.selection, **changes))


def _change_phases(view: View, patch: Mapping[str, Any]) -> View:
    selection = replace(view.selection, phases=_codes(patch["phases"]), from_on=None, until_on=None)
    return replace(view, selection=selection, compare=None)


def _change_compare(view: View, patch: Mapping[str, Any]) -> View:
    pair = patch["compare"] or {}
    return replace(view, compare=_compare([str(pair.get("a", "")), str(pair.get("b", ""))]))


def _change_outline(view: View, patch: Mapping[str, Any]) -> View:
    polygon = (patch["select"] or {}).get("polygon")
    return replace(view, picked=Picked(outline=_points(polygon)))


def _change_cell(view: View, patch: Mapping[str, Any]) -> View:
    cell = patch["cell"]
    name = cell.get("id") if isinstance(cell, Mapping) else cell
    return replace(view, picked=Picked(cell=_cell(name)))


def _change_street(view: View, patch: Mapping[str, Any]) -> View:
    street = patch["street"]
    return replace(view, picked=Picked(street=str(street)[:_LONGEST] if street else None))


_CHANGES: Final[dict[str, Callable[[View, Mapping[str, Any]], View]]] = {
    "filters": _change_filters,
    "phases": _change_phases,
    "compare": _change_compare,
    "cell": _change_cell,
    "street": _change_street,
    "select": _change_outline,
    "close": lambda view, _: replace(view, picked=Picked()),
    "relax": lambda view, _: replace(view, selection=relaxed(view.selection)),
    "measure": lambda view, p: replace(view, measure=_one_of(p["measure"], MEASURES, "count")),
    "layer": lambda view, p: replace(view, layer=_one_of(p["layer"], LAYERS, "cells")),
    "resolution": lambda view, p: replace(view, resolution=_resolution(p["resolution"])),
    "scale_locked": lambda view, p: replace(view, locked=bool(p["scale_locked"])),
}


def _codes(value: object) -> frozenset[str] | None:
    if not isinstance(value, list | tuple):
        return None
    return frozenset(str(code)[:_LONGEST] for code in value[:_MOST_CODES])


def _one_of(value: object, known: tuple[str, ...], otherwise: str) -> str:
    return value if isinstance(value, str) and value in known else otherwise


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _near(pair: tuple[Any, ...]) -> Near | None:
    kind, metres = pair[0], pair[-1]
    try:
        whole = int(metres)
    except (TypeError, ValueError):
        return None
    return (
        Near(kind=kind, metres=whole) if kind in PLACE_KINDS and 0 < whole <= FARTHEST_M else None
    )


def _resolution(value: object) -> int | None:
    try:
        whole = int(str(value))
    except ValueError:
        return None
    return whole if whole in RESOLUTIONS else None


def _compare(pair: list[str]) -> tuple[str, str] | None:
    both = 2
    return (pair[0][:_LONGEST], pair[1][:_LONGEST]) if len(pair) == both and all(pair) else None


def _cell(value: object) -> str | None:
    text = str(value or "")
    digits = 15
    return text if len(text) == digits and not set(text) - set("0123456789abcdef") else None


def _points(value: object) -> tuple[tuple[float, float], ...] | None:
    try:
        points = tuple((round(float(x), 5), round(float(y), 5)) for x, y in value)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return None
    corner = 3
    return points[:_MOST_CODES] if len(points) >= corner else None


def _outline_text(outline: tuple[tuple[float, float], ...] | None) -> str | None:
    return ";".join(f"{x},{y}" for x, y in outline) if outline else None


def _outline(text: str | None) -> tuple[tuple[float, float], ...] | None:
    return _points([pair.split(",") for pair in text.split(";")]) if text else None
