"""Made-up registers: frontage contracts by street, survey of residents by sub-district."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import polars as pl

_STREETS = 40
_USE = 77
"""Number of this random stream: no other part of the city draws from it."""


def frontage(streets: gpd.GeoDataFrame, seed: int) -> pl.DataFrame:
    """Shops, contracts signed and carried out on the streets of highest class."""
    random = _stream(seed, 0)
    order = {"strict": 0, "first": 1, "second": 2}
    named = streets.dropna(subset=["name"]).drop_duplicates("name")
    ranked = sorted(
        (order.get(kind, 9), name) for kind, name in zip(named["class"], named["name"], strict=True)
    )
    names = [name for _, name in ranked[:_STREETS]]
    shops = random.integers(12, 140, len(names))
    signed = random.binomial(shops, random.choice([0.99, 0.97, 0.9], len(names), p=[0.5, 0.3, 0.2]))
    done = random.binomial(signed, random.choice([0.97, 0.92, 0.8], len(names), p=[0.5, 0.3, 0.2]))
    return pl.DataFrame(
        {
            "街路": names,
            "商户数": shops,
            "签约数": signed,
            "履约数": done,
            "示范路": ["是" if at < 5 else "" for at in range(len(names))],  # noqa: PLR2004
        }
    )


def survey(areas: gpd.GeoDataFrame, seed: int) -> pl.DataFrame:
    """Persons asked, aware and satisfied in every sub-district."""
    random = _stream(seed, 1)
    codes = sorted(areas.loc[areas["level"] == "街道", "code"])
    asked = random.integers(180, 420, len(codes))
    return pl.DataFrame(
        {
            "辖区": codes,
            "受访人数": asked,
            "知晓人数": random.binomial(asked, random.uniform(0.93, 0.99, len(codes))),
            "满意人数": random.binomial(asked, random.uniform(0.86, 0.95, len(codes))),
        }
    )


def _stream(seed: int, use: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, _USE, use])))
