"""The ground a question about places is asked of: study cells, their neighbours, counts on them.

What a selection restricts to some places (areas, streets, an office's own areas, around schools)
is judged against those places alone: against the rest of the city, empty by choice, everything
there would stand out. Areas that reported nothing at all have no data, and are no zeros.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from geodata.analysis.counts import count_by_cell
from geodata.analysis.false_discovery import Reals
from geodata.analysis.neighbours import Neighbours, ring_neighbours, sizes_of
from geodata.analysis.zero_fill import on_study_area
from geodata.domain.selection import Selection
from geodata.errors import GeodataError
from geodata.findings.gathering.whereabouts import restricted, silent_areas
from geodata.findings.source import Source
from geodata.spatial import cells
from geodata.spatial.cells import Cells

RESOLUTIONS: Final = (8, 9, 10)
"""Coarser than the study area is kept at, so that the grid can be moved by half a cell."""

RINGS: Final = 1
FULL: Final = 1 + 3 * RINGS * (RINGS + 1)
"""Cells of a whole neighbourhood."""

APART: Final = 2
"""Rings between two places of a list: neither lies in the other's neighbourhood, nor next to it."""


class ResolutionUntested(GeodataError):
    """Hot spots are not tested at that resolution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionRule:
    """Which cells are fine enough to act on and hold enough cases to be tested.

    The finest of ``candidates`` whose cells average ``least_mean`` cases; else the coarsest.
    """

    candidates: tuple[int, ...] = (10, 9)
    least_mean: float = 2.0
    source: str = (
        "TRUTH.md: at 2 cases a cell, 7 cells at 3 times the rest are found in 92 % of 500 runs"
    )


DEFAULT_RESOLUTION: Final = ResolutionRule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The study cells of a question at one resolution.

    Attributes
    ----------
    cells
        Sorted, distinct; zeros included.
    street_km
        Kilometres of street centre line in each, in the order of ``cells``.
    neighbours
        Within `RINGS` rings, itself included.
    fine
        The same ground at resolution `spatial.cells.STUDY`, and the kilometres in each.
    silent
        Codes of the areas left out because nothing was reported from them at all.
    """

    resolution: int
    cells: Cells
    street_km: Reals
    neighbours: Neighbours
    fine: Cells
    fine_km: Reals
    silent: tuple[str, ...]

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """Study cells in each neighbourhood; fewer than `FULL` at the edge."""
        return sizes_of(self.neighbours)

    def position(self, cell: int) -> int | None:
        """Row of a cell; None where it is no study cell."""
        at = int(np.searchsorted(self.cells, cell))
        return at if at < len(self.cells) and int(self.cells[at]) == cell else None

    def near(self, at: int) -> npt.NDArray[np.int64]:
        """Rows of the cells in a cell's neighbourhood, itself included."""
        matrix = self.neighbours
        found: npt.NDArray[np.int64] = matrix.indices[matrix.indptr[at] : matrix.indptr[at + 1]]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Cases of a selection on the ground.

    Attributes
    ----------
    counts, piled
        Cases of each study cell, and how many of them lie on default geocodes.
    outside
        Cases outside the ground, piles not counted.
    piled_cases
        Cases on default geocodes, wherever they lie.
    """

    counts: Reals
    piled: Reals
    outside: int
    piled_cases: int

    @property
    def kept(self) -> Reals:
        """Cases of each cell that lie at a place of their own."""
        return self.counts - self.piled


def ground_of(source: Source, selection: Selection, resolution: int) -> Ground:
    """Lay out the study cells a selection can have cases in, kept for the next who asks."""
    silent = silent_areas(source, selection)
    key = (selection.areas, selection.offices, selection.streets, selection.street_classes,
           selection.near, silent, resolution)  # fmt: skip
    return source.remember(("ground", *key), lambda: _ground(source, selection, silent, resolution))


def _ground(
    source: Source, selection: Selection, silent: tuple[str, ...], resolution: int
) -> Ground:
    study = restricted(source, selection, silent)
    fine = study["cell"].to_numpy()
    fine_km = study["street_m"].to_numpy() / 1000.0
    found, owner = np.unique(cells.parent_of(fine, resolution), return_inverse=True)
    return Ground(
        resolution=resolution,
        cells=found,
        street_km=np.bincount(owner, weights=fine_km, minlength=len(found)).astype(np.float64),
        neighbours=ring_neighbours(found, RINGS),
        fine=fine,
        fine_km=fine_km,
        silent=silent,
    )


def place_cases(source: Source, selection: Selection, ground: Ground) -> Placed:
    """Count a selection's cases on the ground; default geocodes apart, whatever it says of them."""
    return source.remember(
        ("placed", selection, ground.resolution, ground.silent),
        lambda: _placed(source, selection, ground),
    )


def _placed(source: Source, selection: Selection, ground: Ground) -> Placed:
    keep = source.keep(replace(selection, piles="keep"))
    pile = source.facts.frame["pile"].to_numpy()
    own, outside = _on(source, keep & ~pile, ground)
    piled, piled_outside = _on(source, keep & pile, ground)
    return Placed(
        counts=own + piled,
        piled=piled,
        outside=outside,
        piled_cases=int(piled.sum()) + piled_outside,
    )


def _on(source: Source, keep: npt.NDArray[np.bool_], ground: Ground) -> tuple[Reals, int]:
    table = count_by_cell(source.facts, keep, resolution=ground.resolution)
    return on_study_area(ground.cells, table["cell"].to_numpy(), table["cases"].to_numpy())


def fine_counts(source: Source, selection: Selection, ground: Ground) -> tuple[Cells, Reals, Reals]:
    """Return the ground at `spatial.cells.STUDY`: cells, their cases, their kilometres of street.

    Cells off the streets but inside a study cell belong to it here too, so that the sums by
    study cell are those of `place_cases`; they have no kilometres.
    """
    keep = source.keep(replace(selection, piles="leave_out"))
    table = count_by_cell(source.facts, keep, resolution=cells.STUDY)
    seen = table["cell"].to_numpy()
    inside = np.isin(cells.parent_of(seen, ground.resolution), ground.cells)
    every = np.union1d(ground.fine, seen[inside])
    counts, _ = on_study_area(every, seen[inside], table["cases"].to_numpy()[inside])
    km = np.zeros(len(every))
    km[np.searchsorted(every, ground.fine)] = ground.fine_km
    return every, counts, km


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A resolution, and whether the cases suffice for it.

    Attributes
    ----------
    mean
        Cases of an average study cell (in an average week, for weeks).
    enough
        Whether that reaches the rule; where not, a real gathering may be missed.
    by
        ``rule``, or ``user`` where it was asked for.
    """

    resolution: int
    mean: float
    enough: bool
    by: str


def choose_resolution(
    source: Source,
    selection: Selection,
    asked: int | None = None,
    *,
    steps: int = 1,
    rule: ResolutionRule = DEFAULT_RESOLUTION,
) -> Chosen:
    """Choose the resolution to test a selection at; ``asked`` wins, and is judged alike.

    Parameters
    ----------
    steps
        Time steps the cases are spread over; the mean is of one cell in one step.

    Raises
    ------
    ResolutionUntested
        ``asked`` is none of `RESOLUTIONS`.
    """
    if asked is not None and asked not in RESOLUTIONS:
        raise ResolutionUntested(
            "Hot spots are tested at resolution {resolutions}, not {asked}.",
            resolutions=RESOLUTIONS,
            asked=asked,
        )
    candidates = rule.candidates if asked is None else (asked,)
    by = "rule" if asked is None else "user"
    for resolution in candidates:
        ground = ground_of(source, selection, resolution)
        kept = place_cases(source, selection, ground).kept
        mean = float(kept.sum()) / max(len(kept) * steps, 1)
        if mean >= rule.least_mean:
            return Chosen(resolution=resolution, mean=mean, enough=True, by=by)
    return Chosen(resolution=candidates[-1], mean=mean, enough=False, by=by)


def spread_out(ground: Ground, ordered: Iterable[int]) -> list[int]:
    """Keep of an ordered list of rows those not within `APART` rings of one already kept.

    A hot neighbourhood makes several cells hot; as a list to act on, each place counts once.
    """
    taken = np.zeros(len(ground.cells), dtype=bool)
    kept: list[int] = []
    for at in ordered:
        if not taken[at]:
            kept.append(int(at))
            reached = np.array([at], dtype=np.int64)
            for _ in range(APART):
                reached = np.unique(np.concatenate([ground.near(int(one)) for one in reached]))
            taken[reached] = True
    return kept
