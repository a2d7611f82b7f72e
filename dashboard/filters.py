"""The view: what is selected and how it is shown. It lives in the URL, so a link reopens it.

Components send patches (plain JSON from the browser, read by `untrusted`); `patched` is the one
place where a patch becomes a new view.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from dashboard import untrusted
from geodata.domain.selection import CODE_NAMES, Selection

MEASURES: Final = ("count", "per_km", "area_m2")
LAYERS: Final = ("cells", "streets", "table")
RESOLUTIONS: Final = (8, 9, 10, 11)
_OPTION: Final = "o."


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """What was clicked on or drawn: one cell, one street, a segment without a name, or an outline.

    ``segment`` is its row in the layer of streets.
    """

    cell: str | None = None
    street: str | None = None
    segment: int | None = None
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
    options: tuple[tuple[str, str], ...] = ()
    """Choices of single pages, by name, e.g. what a ranking is by."""

    def option(self, name: str, known: Sequence[str]) -> str:
        """Return the choice made of a page's ``known`` values; the first where none was made."""
        chosen = dict(self.options).get(name, "")
        return chosen if chosen in known else known[0]


def to_query(view: View) -> dict[str, str]:
    """Write a view as URL parameters; what is at its default is left out."""
    chosen = view.selection
    query = {
        key: ",".join(map(_escaped, sorted(codes)))
        for name, key in CODE_NAMES.items()
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
        "segment": None if view.picked.segment is None else str(view.picked.segment),
        "outline": _outline_text(view.picked.outline),
        **{f"{_OPTION}{name}": value for name, value in view.options},
    }
    return query | {key: value for key, value in extra.items() if value is not None}


def from_query(query: Mapping[str, str]) -> View:
    """Read a view from URL parameters; whatever makes no sense is left at its default."""
    codes = {
        name: untrusted.code_set(map(_unescaped, query[key].split(",")))
        for name, key in CODE_NAMES.items()
        if key in query
    }
    selection = Selection(
        **codes,
        role="any" if query.get("role") == "any" else "lead",
        from_on=untrusted.day(query.get("from")),
        until_on=untrusted.day(query.get("until")),
        near=untrusted.near(query.get("near", "").partition(".")[::2]),
        hours=untrusted.one_of(query.get("hours"), ("in", "out"), "all"),  # type: ignore[arg-type]
        piles="leave_out" if query.get("piles") == "out" else "keep",
    )
    return View(
        selection=selection,
        measure=untrusted.one_of(query.get("measure"), MEASURES, "count"),
        layer=untrusted.one_of(query.get("layer"), LAYERS, "cells"),
        resolution=untrusted.one_whole_of(query.get("res"), RESOLUTIONS),
        locked=query.get("scale") != "free",
        compare=untrusted.two_phases(query.get("compare", "").split("~")),
        picked=Picked(
            cell=untrusted.cell(query.get("cell")),
            street=untrusted.text(query.get("at")),
            segment=untrusted.row(query.get("segment")),
            outline=_outline(query.get("outline")),
        ),
        options=untrusted.options(
            {
                key.removeprefix(_OPTION): value
                for key, value in query.items()
                if key.startswith(_OPTION)
            }
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


def _change_filters(view: View, patch: Mapping[str, Any]) -> View:
    filters = untrusted.mapping(patch["filters"])
    changes: dict[str, Any] = {
        name: untrusted.codes(filters[name]) for name in CODE_NAMES if name in filters
    }
    if changes.get("categories") is not None:
        # the panel names the families its categories are of; a selection adds the two up
        changes["families"] = None
    if "role" in filters:
        changes["role"] = untrusted.one_of(filters["role"], ("any",), "lead")
    if "hours" in filters:
        changes["hours"] = untrusted.one_of(filters["hours"], ("in", "out"), "all")
    for key, name in (("from", "from_on"), ("until", "until_on")):
        if key in filters:
            changes[name] = untrusted.day(filters[key])
    if "near" in filters:
        near = untrusted.mapping(filters["near"])
        changes["near"] = untrusted.near((near.get("kind"), near.get("metres")))
    return replace(view, selection=replace(view.selection, **changes))


def _change_phases(view: View, patch: Mapping[str, Any]) -> View:
    selection = replace(
        view.selection, phases=untrusted.codes(patch["phases"]), from_on=None, until_on=None
    )
    return replace(view, selection=selection, compare=None)


def _change_compare(view: View, patch: Mapping[str, Any]) -> View:
    pair = untrusted.mapping(patch["compare"])
    return replace(view, compare=untrusted.two_phases([pair.get("a"), pair.get("b")]))


def _change_measure(view: View, patch: Mapping[str, Any]) -> View:
    return replace(
        view, measure=untrusted.one_of(patch["measure"], MEASURES, "count"), compare=None
    )


def _change_outline(view: View, patch: Mapping[str, Any]) -> View:
    polygon = untrusted.mapping(patch["select"]).get("polygon")
    return replace(view, picked=Picked(outline=untrusted.corners(polygon)))


def _change_cell(view: View, patch: Mapping[str, Any]) -> View:
    cell = patch["cell"]
    name = cell.get("id") if isinstance(cell, Mapping) else cell
    return replace(view, picked=Picked(cell=untrusted.cell(name)))


def _change_street(view: View, patch: Mapping[str, Any]) -> View:
    return replace(view, picked=Picked(street=untrusted.text(patch["street"])))


def _change_segment(view: View, patch: Mapping[str, Any]) -> View:
    return replace(view, picked=Picked(segment=untrusted.row(patch["unnamed"])))


_CHANGES: Final[dict[str, Callable[[View, Mapping[str, Any]], View]]] = {
    "filters": _change_filters,
    "phases": _change_phases,
    "compare": _change_compare,
    "cell": _change_cell,
    "street": _change_street,
    "unnamed": _change_segment,
    "select": _change_outline,
    "close": lambda view, _: replace(view, picked=Picked()),
    "measure": _change_measure,
    "layer": lambda view, p: replace(view, layer=untrusted.one_of(p["layer"], LAYERS, "cells")),
    "resolution": lambda view, p: replace(
        view, resolution=untrusted.one_whole_of(p["resolution"], RESOLUTIONS)
    ),
    "scale_locked": lambda view, p: replace(view, locked=bool(p["scale_locked"])),
    "options": lambda view, p: replace(
        view, options=untrusted.options(dict(view.options) | dict(untrusted.mapping(p["options"])))
    ),
}


def _escaped(code: str) -> str:
    """Keep a comma inside a name apart from the commas between names."""
    return code.replace("~", "~~").replace(",", "~.")


def _unescaped(code: str) -> str:
    return re.sub("~([~.])", lambda found: {"~": "~", ".": ","}[found[1]], code)


def _outline_text(outline: tuple[tuple[float, float], ...] | None) -> str | None:
    return ";".join(f"{x:.5f},{y:.5f}" for x, y in outline) if outline else None


def _outline(text: str | None) -> tuple[tuple[float, float], ...] | None:
    return untrusted.corners([pair.split(",") for pair in text.split(";")]) if text else None
