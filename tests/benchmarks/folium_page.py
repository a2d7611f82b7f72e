"""The same cells as GeoJSON through streamlit-folium: the usual way to do it, done well.

Cases are read once, filtered and counted with Polars, and the map is told to report nothing
back, so that only the phase makes the script run again. Hexagons carry a tooltip, as ours do.
"""

from __future__ import annotations

import sys

import folium
import h3
import polars as pl
import streamlit as st
from streamlit_folium import st_folium

PHASES = ("mobilise", "tackle", "consolidate")
RAMP = ("#ffffcc", "#ffeda0", "#feb24c", "#fd8d3c", "#fc4e2a", "#e31a1c", "#800026")
BOUNDS = (1, 2, 4, 8, 16, 32, 64)


@st.cache_resource
def every_case(path: str) -> pl.DataFrame:
    """One row per case: ``phase`` and ``cell``."""
    return pl.read_parquet(path)


def feature(cell: int, cases: int) -> dict[str, object]:
    """Return one hexagon as GeoJSON."""
    ring = [(lon, lat) for lat, lon in h3.cell_to_boundary(h3.int_to_str(cell))]
    geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return {"type": "Feature", "geometry": geometry, "properties": {"cases": cases}}


def style(phase: str, cases: int) -> dict[str, object]:
    """Colour of a hexagon; its class tells the measuring page which phase is painted."""
    colour = RAMP[sum(cases >= bound for bound in BOUNDS) - 1]
    return {"fillColor": colour, "fillOpacity": 0.7, "weight": 0, "className": f"phase-{phase}"}


def drawn(phase: str, counts: pl.DataFrame) -> folium.Map:
    """Return the map of one phase, fitted to its cells."""
    features = [feature(cell, cases) for cell, cases in counts.rows()]
    page = folium.Map(tiles=None)
    layer = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda one: style(phase, one["properties"]["cases"]),
        tooltip=folium.GeoJsonTooltip(["cases"]),
    )
    layer.add_to(page)
    page.fit_bounds(layer.get_bounds())  # type: ignore[arg-type]
    return page


def main() -> None:
    """Draw the page."""
    cases = every_case(sys.argv[1])
    phase = st.radio("phase", PHASES, horizontal=True)
    counts = cases.lazy().filter(pl.col("phase") == phase).group_by("cell").agg(pl.len()).collect()
    listens = st.query_params.get("listen") == "yes"
    told: list[str] | None = None if listens else []
    st_folium(drawn(phase, counts), key="map", width=1000, height=700, returned_objects=told)


main()
