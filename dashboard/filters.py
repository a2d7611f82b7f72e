"""The view: what is selected and how it is shown. It lives in the URL, so a link reopens it.

Components send patches (plain JSON from the browser, so never trusted); `patched` is the
one place where a patch becomes a new view.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Any, Final

from geodata.domain.case import PLACE_KINDS
from geodata.domain.selection import CODE_NAMES, Near, Selection

MEASURES: Final = ("count", "per_km", "area_m2")
LAYERS: Final = ("cells", "streets", "table")
RESOLUTIONS: Final = (8, 9, 10, 11)
FARTHEST_M: Final = 2000
_MOST_CODES: Final = 400
_LONGEST: Final = 200
_OPTION: Final = "o."
_OPTION_NAME: Final = re.compile(r"[a-z_]{1,24}")
_MOST_OPTIONS: Final = 24


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
        name: _code_set(map(_unescaped, query[key].split(",")))
        for name, key in CODE_NAMES.items()
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
            street=_text(query.get("at")),
            segment=_row(query.get("segment")),
            outline=_outline(query.get("outline")),
        ),
        options=_options(
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
    filters = _mapping(patch["filters"])
    changes: dict[str, Any] = {
        name: _codes(filters[name]) for name in CODE_NAMES if name in filters
    }
    if changes.get("categories") is not None:
        # the panel names the families its categories are of; a selection adds the two up
        changes["families"] = None
    if "role" in filters:
        changes["role"] = _one_of(filters["role"], ("any",), "lead")
    if "hours" in filters:
        changes["hours"] = _one_of(filters["hours"], ("in", "out"), "all")
    for key, name in (("from", "from_on"), ("until", "until_on")):
        if key in filters:
            changes[name] = _day(filters[key])
    if "near" in filters:
        near = _mapping(filters["near"])
        changes["near"] = _near((near.get("kind"), near.get("metres")))
    return replace(view, selection=replace(view.selection, **changes))


def _change_phases(view: View, patch: Mapping[str, Any]) -> View:
    selection = replace(view.selection, phases=_codes(patch["phases"]), from_on=None, until_on=None)
    return replace(view, selection=selection, compare=None)


def _change_compare(view: View, patch: Mapping[str, Any]) -> View:
    pair = _mapping(patch["compare"])
    return replace(view, compare=_compare([pair.get("a"), pair.get("b")]))


def _change_measure(view: View, patch: Mapping[str, Any]) -> View:
    return replace(view, measure=_one_of(patch["measure"], MEASURES, "count"), compare=None)


def _change_outline(view: View, patch: Mapping[str, Any]) -> View:
    polygon = _mapping(patch["select"]).get("polygon")
    return replace(view, picked=Picked(outline=_points(polygon)))


def _change_cell(view: View, patch: Mapping[str, Any]) -> View:
    cell = patch["cell"]
    name = cell.get("id") if isinstance(cell, Mapping) else cell
    return replace(view, picked=Picked(cell=_cell(name)))


def _change_street(view: View, patch: Mapping[str, Any]) -> View:
    return replace(view, picked=Picked(street=_text(patch["street"])))


def _change_segment(view: View, patch: Mapping[str, Any]) -> View:
    return replace(view, picked=Picked(segment=_row(patch["unnamed"])))


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
    "layer": lambda view, p: replace(view, layer=_one_of(p["layer"], LAYERS, "cells")),
    "resolution": lambda view, p: replace(view, resolution=_resolution(p["resolution"])),
    "scale_locked": lambda view, p: replace(view, locked=bool(p["scale_locked"])),
    "options": lambda view, p: replace(
        view, options=_options(dict(view.options) | dict(_mapping(p["options"])))
    ),
}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _options(chosen: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Choices by name, in order of name; an empty choice is none."""
    named = {
        name: text
        for name, value in islice(chosen.items(), _MOST_OPTIONS)
        if isinstance(name, str) and _OPTION_NAME.fullmatch(name) and (text := _text(value))
    }
    return tuple(sorted(named.items()))


def _text(value: object) -> str | None:
    """A name a link can carry: not empty, not endless, no broken characters."""
    if not isinstance(value, str):
        return None
    return value[:_LONGEST].encode("utf-8", "ignore").decode("utf-8") or None


def _codes(value: object) -> frozenset[str] | None:
    return _code_set(value) if isinstance(value, list | tuple) else None


def _code_set(values: Iterable[object]) -> frozenset[str]:
    found = (_text(value) for value in islice(values, _MOST_CODES))
    return frozenset(code for code in found if code is not None)


def _escaped(code: str) -> str:
    """Keep a comma inside a name apart from the commas between names."""
    return code.replace("~", "~~").replace(",", "~.")


def _unescaped(code: str) -> str:
    return re.sub("~([~.])", lambda found: {"~": "~", ".": ","}[found[1]], code)


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
    except (TypeError, ValueError, OverflowError):
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


def _row(value: object) -> int | None:
    text = str(value)
    digits = 9
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def _compare(pair: Sequence[object]) -> tuple[str, str] | None:
    """Two phase values; what has no ``~`` in it, which stands between them in a link."""
    both = 2
    names = [name for name in map(_text, pair) if name and "~" not in name]
    return (names[0], names[1]) if len(pair) == both == len(names) else None


def _cell(value: object) -> str | None:
    text = str(value or "")
    digits = 15
    return text if len(text) == digits and not set(text) - set("0123456789abcdef") else None


def _points(value: object) -> tuple[tuple[float, float], ...] | None:
    """Corners (lon, lat) to five decimals, about a metre."""
    corner = 3
    if not isinstance(value, list | tuple):
        return None
    points = tuple(filter(None, map(_point, value[:_MOST_CODES])))
    return points if len(points) >= corner else None


def _point(value: object) -> tuple[float, float] | None:
    try:
        lon, lat = (round(float(number), 5) for number in value)  # type: ignore[attr-defined]
    except (TypeError, ValueError, OverflowError):
        return None
    sound = math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90  # noqa: PLR2004
    return (lon, lat) if sound else None


def _outline_text(outline: tuple[tuple[float, float], ...] | None) -> str | None:
    return ";".join(f"{x:.5f},{y:.5f}" for x, y in outline) if outline else None


def _outline(text: str | None) -> tuple[tuple[float, float], ...] | None:
    return _points([pair.split(",") for pair in text.split(";")]) if text else None
