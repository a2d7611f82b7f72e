"""Two packs beside each other: their numbers, and the hot spots that came and went between them.

A manifest holds no numbers; they are worked out again from what each pack was made from, as
`verify` does, so that they are those printed in it.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from geodata.brief.build import overview_of
from geodata.brief.inputs import restore
from geodata.brief.snapshots import Pack
from geodata.city import City
from geodata.findings.source import Source
from geodata.findings.summing_up.headlines import Headline
from geodata.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class PackNumbers:
    """The five numbers of a pack, and its hot cells.

    Attributes
    ----------
    hot
        Hot cell (H3 at ``resolution``) → its street; None off every street.
    tested
        Whether hot spots could be told at all.
    """

    pack: Pack
    headlines: tuple[Headline, ...]
    hot: Mapping[int, str | None]
    resolution: int
    tested: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Hot cells by street (None: on no street) that are new in the later pack, gone, or stayed."""

    new: Mapping[str | None, int]
    gone: Mapping[str | None, int]
    stayed: int


def numbers_of(city: City, pack: Pack, say: Words) -> PackNumbers:
    """Work out the numbers of a pack from the version and the configuration it was made from.

    Raises
    ------
    InputsGone, StoreError
        What it was made from is no longer kept.
    """
    with tempfile.TemporaryDirectory(prefix="guatu-compare-") as made:
        folder = Path(made)
        restore(city, pack.manifest.inputs, pack.folder, folder)
        source = Source.of(folder, version=pack.manifest.lake_version)
        found = overview_of(source, pack.manifest.request, say)
    where = found.places
    return PackNumbers(
        pack=pack,
        headlines=found.headlines,
        hot={cell: where.street_of.get(cell) for cell in sorted(where.hot)},
        resolution=where.resolution,
        tested=where.spots.undecided is None,
    )


def moves_between(first: PackNumbers, second: PackNumbers) -> Moves | None:
    """Tell which hot cells came and went; None where the two cannot be compared cell by cell."""
    if first.resolution != second.resolution or not (first.tested and second.tested):
        return None
    new = [street for cell, street in second.hot.items() if cell not in first.hot]
    gone = [street for cell, street in first.hot.items() if cell not in second.hot]
    stayed = len(second.hot) - len(new)
    return Moves(new=Counter(new), gone=Counter(gone), stayed=stayed)
