"""Two phases against each other: change in cases a week, cell by cell and street by street."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from dashboard import access
from dashboard.access import Reading
from dashboard.filters import View
from dashboard.text import Speaker
from geodata.analysis.counts import count_by_cell
from geodata.analysis.facts import Facts, Keep
from geodata.domain.selection import Selection
from geodata.spatial.cells import STUDY
from geodata.wording.selection import phase_name

_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Cases a week in phase ``b`` less cases a week in phase ``a``, under the same other filters.

    ``base`` is the selection both share, without any period.
    """

    reading: Reading
    base: Selection
    a: str
    b: str

    @property
    def n(self) -> int:
        """Cases of both phases together."""
        return sum(
            int(np.count_nonzero(access.keep(self.reading, self._of(phase))))
            for phase in (self.a, self.b)
        )

    def words(self, say: Speaker) -> str:
        """Say what is compared with what."""
        names = {key: phase_name(self.reading.city, getattr(self, key), say) for key in "ab"}
        return say("map.compare", **names)

    def cells(self, resolution: int = STUDY) -> pl.DataFrame:
        """Return ``cell`` and ``change`` (cases a week), in order of ``cell``."""

        def count(facts: Facts, keep: Keep) -> pl.DataFrame:
            return count_by_cell(facts, keep, resolution=resolution)

        sides = [
            access.answer(self.reading, "cells at", self._of(phase), count, resolution).select(
                "cell", change=pl.col("cases") * factor
            )
            for phase, factor in self._factors()
        ]
        return pl.concat(sides).group_by("cell").agg(pl.col("change").sum()).sort("cell")

    def segments(self) -> npt.NDArray[np.float64]:
        """Change (cases a week) on each segment, in file order."""
        change = np.zeros(len(self.reading.facts.segments))
        for phase, factor in self._factors():
            counts = access.segments(self.reading, self._of(phase))
            change += counts["cases"].head(-1).to_numpy() * factor
        return change

    def _factors(self) -> list[tuple[str, float]]:
        """Each phase with what turns its count into cases a week, the first one negative."""
        pairs = ((self.a, -_WEEK), (self.b, _WEEK))
        return [(p, sign / max(access.phase_days(self.reading, p), 1)) for p, sign in pairs]

    def _of(self, phase: str) -> Selection:
        return replace(self.base, phases=access.phase_codes(self.reading, phase))


def comparison_of(reading: Reading, view: View) -> Comparison | None:
    """Return the comparison a view asks for; None when it asks for none, or for unknown phases."""
    campaign = reading.city.campaign
    if view.compare is None or campaign is None:
        return None
    a, b = view.compare
    if not {a, b} <= {*campaign.values, "campaign"}:
        return None
    base = replace(view.selection, phases=None, from_on=None, until_on=None)
    return Comparison(reading=reading, base=base, a=a, b=b)
