"""One call from a city folder to a map: in a notebook, or as one file that opens anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import folium
from branca.element import Element, Figure, Link
from folium.utilities import JsCode

from geodata.analysis.facts import Facts
from geodata.city import City, load_city
from geodata.domain.selection import Selection
from geodata.errors import DiskFull, LayerError
from geodata.maps.layer import H3Layer, MapMisuse, Verbatim, figure_of
from geodata.maps.state import packed_state
from geodata.store.facts import load_facts
from geodata.wording import Words

CaseMap: TypeAlias = folium.Map
"""A map as `case_map` draws it."""

EVERYTHING: Final = Selection()
HEIGHT: Final = "640px"
"""Height of a map in a notebook."""

_POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
)
"""Whatever a page holds, its browser asks no host and evaluates no text."""

_NO_MOTION: Final = "!window.matchMedia('(prefers-reduced-motion: reduce)').matches"
_HANDLING: Final[dict[str, Any]] = {
    "attribution_control": False,
    "box_zoom": False,
    "fade_animation": False,
    "marker_zoom_animation": False,
    "max_bounds_viscosity": 0.7,
    "wheel_px_per_zoom_level": 110,
    "zoom_delta": 0.5,
    "zoom_snap": 0.25,
    "zoom_animation": JsCode(_NO_MOTION),
    "inertia": JsCode(_NO_MOTION),
}


def case_map(
    city: City | Path,
    selection: Selection = EVERYTHING,
    *,
    resolution: int | None = None,
    measure: str = "count",
    language: str = "zh",
    theme: str = "light",
    version: int | None = None,
    facts: Facts | None = None,
) -> folium.Map:
    """Draw the cases of a selection: the dashboard's map, for a notebook or a file.

    Parameters
    ----------
    city
        A city, or the folder of one.
    selection
        Which cases are meant; all of them by default.
    resolution
        H3 resolution of the hexagons, 8 to 11; by default it follows the zoom.
    measure
        ``count`` (cases per cell), ``per_km`` (cases per kilometre of street in the cell) or
        ``area_m2`` (m² reported). The page can change between them.
    language, theme
        ``zh`` or ``en``; ``light`` or ``dark``.
    version
        Lake version; the newest by default. Ignored where ``facts`` are given.
    facts
        The city's facts where they are loaded already.

    Returns
    -------
    folium.Map
        Shows itself in a notebook; `save_html` makes a file of it. Equal input, equal page.

    Raises
    ------
    CityError, StoreError
        The city or that version cannot be read.
    LayerError
        The city has no base map.
    MapChoiceUnknown
        The map has no such measure, resolution, language or theme.
    """
    city = city if isinstance(city, City) else load_city(city)
    facts = load_facts(city, version) if facts is None else facts
    content = packed_state(
        city, facts, selection, basemap=_basemap(city),
        resolution=resolution, measure=measure, language=language, theme=theme,
    )  # fmt: skip
    return map_of(content, Words(language))


def map_of(content: str, say: Words) -> folium.Map:
    """Return a folium map that shows what `geodata.maps.state.packed` packed; see `case_map`."""
    drawn = _empty_map()
    layer = H3Layer(content, too_old=_base64(say("page.too_old")))
    layer.add_to(drawn)
    drawn._id = layer._id = hashlib.sha256(content.encode()).hexdigest()[:32]  # noqa: SLF001
    frame = Figure(width="100%", height=HEIGHT)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    frame.header.add_child(Verbatim(policy), name="policy")
    frame.add_child(drawn)
    return drawn


def _empty_map() -> folium.Map:
    """A folium map that links to nothing and moves like the dashboard's."""
    drawn = folium.Map(location=(0, 0), tiles=None, zoom_control=False, **_HANDLING)
    drawn.default_js, drawn.default_css = [], []
    return drawn


def _basemap(city: City) -> str:
    path = city.layers / "basemap.json"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise LayerError(
            "{path} cannot be read ({error}). Draw it up again with "
            "geodata.founding.write_basemap(city).",
            path=path,
            error=error,
        ) from error


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")


def save_html(drawn: folium.Map, path: Path) -> Path:
    """Write a map as one file that holds everything it shows; whole or not at all.

    Returns
    -------
    pathlib.Path
        ``path``. The file opens from a disk or a mail without any network.

    Raises
    ------
    MapMisuse
        Something added to the map would be fetched from another host; each address is named.
    DiskFull
        The file could not be written.
    """
    figure = figure_of(drawn)
    text = figure.render()
    elsewhere = sorted(set(_addresses(figure)))
    if elsewhere:
        raise MapMisuse(
            "The map would ask other hosts for {n} things: {hosts}. Take those layers or "
            "plugins off the map, then save it again.",
            n=len(elsewhere),
            hosts=elsewhere,
        )
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise DiskFull("{path} could not be written: {error}.", path=path, error=error) from error
    return path


def _addresses(figure: Figure) -> Iterator[str]:
    """Addresses on other hosts that a rendered figure's scripts, styles and tiles name."""
    waiting: list[Element] = [figure, figure.header, figure.html, figure.script]
    while waiting:
        element = waiting.pop()
        waiting += element._children.values()  # noqa: SLF001 - branca has no call to walk
        if isinstance(element, Link):
            yield element.url
        elif isinstance(element, folium.TileLayer):
            yield str(element.tiles)
