"""The map as a folium layer: the dashboard's own engine inside a ``folium.Map``.

folium evaluates what its templates have rendered as a template once more, and its popups and
tooltips are markup. So nothing a user wrote passes through it: names and numbers travel packed
(see `geodata.maps.state.packed`) and are written with ``textContent`` in the browser.
"""

from __future__ import annotations

import re
from typing import Any, Final

import folium
from branca.element import Element, Figure
from folium.elements import JSCSSMixin
from folium.map import Layer
from folium.template import Template

from geodata.errors import GeodataError
from geodata.maps import assets

_PACKED: Final = re.compile(r"[A-Za-z0-9+/]+={0,2}")


class MapMisuse(GeodataError):
    """A folium map was put together in a way that cannot be shown safely."""


class Verbatim(Element):
    """Text that stands in the page exactly as it is: never read as a template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._name = "Verbatim"
        self.text = text

    def render(self, **_options: Any) -> str:
        """Return the text."""
        return self.text


class H3Layer(JSCSSMixin, Layer):
    """Hexagons, streets, labels and legend of a city, drawn over a ``folium.Map``.

    It brings its own Leaflet, h3-js and style sheet inside the page and takes folium's links to
    other hosts out, so the page asks nobody for anything. It covers tile layers; circles, lines
    and polygons added to the map lie above it. folium's icon markers and popups need files from
    other hosts and do not work beside it.

    Parameters
    ----------
    content
        What to show, as `geodata.maps.state.packed_state` packs it.
    too_old
        Sentence shown by a browser that cannot unpack it, packed as ``content`` is not: base64
        of UTF-8.
    show
        Whether the layer is on when the page opens.

    Raises
    ------
    MapMisuse
        ``content`` or ``too_old`` holds anything but base64.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = Guatu.createCaseLayer({
                L: L,
                h3: h3,
                packed: "{{ this.content }}",
                tooOld: "{{ this.too_old }}",
                place: {{ this.place()|tojson }}
            });
        {% endmacro %}
        """
    )

    def __init__(self, content: str, *, too_old: str = "", show: bool = True) -> None:
        for text in (content, too_old or content):
            if not _PACKED.fullmatch(text):
                raise MapMisuse(
                    "The content of an H3Layer must be packed text. Make it with "
                    "geodata.maps.state.packed_state, or call geodata.maps.page.case_map."
                )
        super().__init__(name=None, overlay=True, control=False, show=show)
        self._name = "H3Layer"
        self.default_js: list[tuple[str, str]] = []
        self.default_css: list[tuple[str, str]] = []
        self.content = content
        self.too_old = too_old

    def place(self) -> dict[str, str]:
        """CSS position and size of the folium map this layer takes over."""
        under = self._map()
        sizes = {side: getattr(under, side) for side in ("left", "top", "width", "height")}
        placed = {side: f"{number:g}{unit}" for side, (number, unit) in sizes.items()}
        return {"position": str(under.position), **placed}

    def _map(self) -> folium.Map:
        if not isinstance(self._parent, folium.Map):
            raise MapMisuse(
                "An H3Layer must be added to a folium.Map itself, not to a group or a figure. "
                "Write layer.add_to(map)."
            )
        return self._parent

    def render(self, **options: Any) -> None:  # type: ignore[override]
        """Put the layer into its figure, and local files where folium links to other hosts."""
        under = self._map()
        super().render(**options)  # type: ignore[no-untyped-call]
        _replace_links(figure_of(under), under)


def figure_of(drawn: folium.Map) -> Figure:
    """Return the page a map stands in."""
    figure = drawn.get_root()
    if not isinstance(figure, Figure):
        raise MapMisuse("The map stands in no figure. Add it to a folium.Figure first.")
    return figure


def _replace_links(figure: Figure, under: folium.Map) -> None:
    """Drop folium's links; add Leaflet, h3-js and the engine as text, in that order."""
    for name, _ in (*folium.Map.default_js, *folium.Map.default_css, *under.default_js):
        figure.header._children.pop(name, None)  # noqa: SLF001 - branca has no call to remove
    parts = {
        "guatu_style": f"<style>\n{assets.style()}</style>",
        "guatu_leaflet": f"<script>\n{assets.library('leaflet.js')}</script>",
        "guatu_h3": f"<script>\n{assets.library('h3-js.umd.js')}</script>",
        "guatu_engine": f"<script>\n{assets.bundle()}</script>",
    }
    for name, text in parts.items():
        figure.header.add_child(Verbatim(text), name=name)
