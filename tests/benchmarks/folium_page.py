"""The same cells as GeoJSON through streamlit-folium: the usual way to do it.

It is spared everything but drawing: filtering is done, and outlines are computed once.
"""

from __future__ import annotations

import sys

import folium
import h3
import numpy as np
import polars as pl
import streamlit as st
from streamlit_folium import st_folium

RAMP = ("#ffffcc", "#ffeda0", "#feb24c", "#fd8d3c", "#fc4e2a", "#e31a1c", "#800026")
BOUNDS = (1, 2, 4, 8, 16, 32, 64)


@st.cache_resource
def outlines(path: str) -> dict[str, list[tuple[float, float]]]:
    """Cell → ring of lon, lat."""
    names = pl.read_parquet(path)["cell"].unique()
    return {name: [(lon, lat) for lat, lon in h3.cell_to_boundary(name)] for name in names}


def feature(ring: list[tuple[float, float]], cases: int) -> dict[str, object]:
    """Return one hexagon as GeoJSON."""
    geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return {"type": "Feature", "geometry": geometry, "properties": {"cases": cases}}


def style(phase: str, cases: int) -> dict[str, object]:
    """Colour of a hexagon; its class tells the measuring page which phase is painted."""
    colour = RAMP[sum(cases >= bound for bound in BOUNDS) - 1]
    return {"fillColor": colour, "fillOpacity": 0.7, "weight": 0, "className": f"phase-{phase}"}


def main() -> None:
    """Draw the page."""
    path = sys.argv[1]
    counts = pl.read_parquet(path)
    rings = outlines(path)
    phases = counts["phase"].unique(maintain_order=True).to_list()
    phase = st.radio("phase", phases, horizontal=True)
    chosen = counts.filter(pl.col("phase") == phase)
    features = [
        feature(rings[cell], cases) for cell, cases in chosen.select("cell", "cases").rows()
    ]
    lon, lat = np.mean([ring[0] for ring in rings.values()], axis=0)
    page = folium.Map(location=(lat, lon), zoom_start=14, tiles=None)
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda one: style(phase, one["properties"]["cases"]),
    ).add_to(page)
    plain = st.query_params.get("listen") != "yes"
    st_folium(page, key="map", width=1000, height=700, returned_objects=[] if plain else None)


main()
