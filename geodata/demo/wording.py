"""What clerks and callers write: addresses and descriptions, put together column by column."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.demo.habits import load_habits

Indices = npt.NDArray[np.int64]

ODD: Final = 0.0015
"""Share of descriptions that look hostile and are harmless."""


@cache
def words() -> dict[str, Any]:
    """Return the word lists."""
    return tomllib.loads(files("geodata.demo").joinpath("wording.toml").read_text("utf-8"))


def one_of(choices: list[str] | tuple[str, ...], index: Indices) -> pl.Series:
    """Return the chosen texts, as a column."""
    return pl.Series(list(choices), dtype=pl.String).gather(pl.Series(index.astype(np.uint32)))


def addresses(
    street: pl.Series, number: Indices, corner: npt.NDArray[np.bool_], random: np.random.Generator
) -> pl.Series:
    """Return addresses such as 嘉南路58号门前, from street names and house numbers."""
    plain, corners = words()["address"], words()["corner"]
    form = random.integers(0, len(plain), len(number))
    at_corner = corner & (random.random(len(number)) < 0.4)  # noqa: PLR2004 — the rest say a number
    form = np.where(at_corner, len(plain) + random.integers(0, len(corners), len(number)), form)
    tails = [text.removeprefix("{street}") for text in [*plain, *corners]]
    before = [tail.partition("{number}")[0] for tail in tails]
    after = [tail.partition("{number}")[2] for tail in tails]
    numbered = np.array(["{number}" in tail for tail in tails])[form]
    digits = pl.Series(number).cast(pl.String).set(pl.Series(~numbered), "")
    return pl.select(
        pl.concat_str([street, one_of(before, form), digits, one_of(after, form)])
    ).to_series()


def descriptions(
    category: Indices, codes: list[str], address: pl.Series, random: np.random.Generator
) -> pl.Series:
    """Return one free text per case; now and then one that tries a display's nerves.

    Parameters
    ----------
    category
        Index into ``codes``.
    codes
        Category codes.
    address
        Aligned with ``category``.
    """
    texts, first, many = _texts(codes)
    chosen = first[category] + (random.random(len(category)) * many[category]).astype(np.int64)
    openings, closings = words()["opening"], words()["closing"]
    heads = [text.partition("{count}")[0] for text in texts]
    tails = [text.partition("{count}")[2] for text in texts]
    counted = np.array(["{count}" in text for text in texts])[chosen]
    amount = pl.Series(random.integers(2, 16, len(category))).cast(pl.String)
    written = pl.select(
        pl.concat_str(
            [
                one_of(openings, random.integers(0, len(openings), len(category))),
                address,
                one_of(heads, chosen),
                amount.set(pl.Series(~counted), ""),
                one_of(tails, chosen),
                one_of(closings, random.integers(0, len(closings), len(category))),
            ]
        )
    ).to_series()
    odd = random.random(len(category)) < ODD
    strange = one_of(words()["odd"], random.integers(0, len(words()["odd"]), len(category)))
    return written.zip_with(pl.Series(~odd), strange)


def _texts(codes: list[str]) -> tuple[list[str], Indices, Indices]:
    """All sentences, and where each category's begin and how many they are."""
    by_code = {habit.code: habit for habit in load_habits()}
    texts: list[str] = []
    first, many = [], []
    for code in codes:
        habit = by_code[code]
        own = [
            ("" if text.startswith("有") else "，") + text.replace("{goods}", goods)
            for text in habit.what
            for goods in (habit.goods if "{goods}" in text else ("",))
        ]
        first.append(len(texts))
        many.append(len(own))
        texts += own
    return texts, np.array(first), np.array(many)
