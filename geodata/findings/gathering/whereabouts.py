"""Which study cells a selection can have cases in: those of its areas, streets, offices, places.

Silent areas, from which nothing at all was reported in the period, are left out: no data, no zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl
import shapely

from geodata.analysis.counts import count_by
from geodata.analysis.silence import period_alone, silent_among
from geodata.domain.selection import Near, Selection
from geodata.findings.source import Source
from geodata.spatial import cells
from geodata.store.layers import PLACES, STREETS, read_layer, study_table

OWN_SHARE: Final = 0.01
"""An area is an office's own when it holds this share of all the office ever had."""


def restricted(source: Source, selection: Selection, silent: tuple[str, ...]) -> pl.DataFrame:
    """Study table (``cell, street_m, area``) of the cells a selection can have cases in."""
    study = source.remember("study table", lambda: study_table(source.city.layers))
    tree = source.facts.areas
    area = pl.col("area")
    if silent:
        rows = [row for row, node in enumerate(tree) if node.code in silent]
        study = study.filter(~area.is_in(rows))
    for codes in _area_codes(source, selection, study):
        rows = [row for row, node in enumerate(tree) if node.code in tree.under(codes)]
        study = study.filter(area.is_in(rows))
    for ground in _shapes(source, selection):
        study = study.filter(pl.col("cell").is_in(cells.touching(ground, cells.STUDY)))
    return study


def silent_areas(source: Source, selection: Selection) -> tuple[str, ...]:
    """Areas from which nothing at all was reported in the selection's period."""
    keep = source.keep(period_alone(selection))
    counted = count_by(source.facts, keep, "area")
    codes = [node.code for node in source.facts.areas]
    cases = dict(counted.iter_rows())
    return tuple(codes[row] for row in silent_among(source.facts.areas, cases))


def _area_codes(
    source: Source, selection: Selection, study: pl.DataFrame
) -> Iterator[frozenset[str]]:
    if not study["area"].ge(0).any():  # a city without a layer of areas
        return
    if selection.areas is not None:
        yield selection.areas
    if selection.offices is not None and (own := _areas_of_offices(source, selection)):
        yield own


def _areas_of_offices(source: Source, selection: Selection) -> frozenset[str]:
    """Areas in which these offices work: those with a fair share of all they ever had."""
    theirs = Selection(offices=selection.offices, role=selection.role)
    counted = count_by(source.facts, source.keep(theirs), "area")
    least = OWN_SHARE * float(counted["cases"].sum())
    own = counted.filter(pl.col("cases") >= max(least, 1.0))["code"].to_list()
    return frozenset(own)


def _shapes(source: Source, selection: Selection) -> Iterator[list[shapely.Geometry]]:
    """Outlines (WGS 84) that a selection by street, class or nearness keeps to."""
    if selection.streets is not None or selection.street_classes is not None:
        layer = read_layer(source.city.layers, STREETS)
        if layer is not None:
            for name, codes in (("street", selection.streets), ("class", selection.street_classes)):
                layer = layer if codes is None else layer[layer[name].isin(codes)]
            yield list(layer.geometry)
    if selection.near is not None:
        yield _around(source, selection.near)


def _around(source: Source, near: Near) -> list[shapely.Geometry]:
    layer = read_layer(source.city.layers, PLACES)
    if layer is None:
        return []
    metric = layer[layer["kind"] == near.kind].to_crs(source.city.metric_crs)
    return list(metric.buffer(near.metres).to_crs("EPSG:4326"))
