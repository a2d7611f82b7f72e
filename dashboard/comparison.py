"""Two phases against each other: change in cases a week, cell by cell and street by street."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from dashboard import access, tested_changes
from dashboard.access import Reading
from dashboard.filters import View
from dashboard.text import Speaker
from geodata.analysis.counts import count_by_cell
from geodata.analysis.facts import Facts, Keep
from geodata.domain.selection import Selection
from geodata.findings.gathering.phase_maps import PhaseMaps, compare_phases
from geodata.findings.gathering.study import RESOLUTIONS
from geodata.findings.usual_days import usual_days
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

    @property
    def keep(self) -> Keep:
        """Which cases lie in either phase."""
        first, second = (access.keep(self.reading, self._of(phase)) for phase in (self.a, self.b))
        both: Keep = first | second
        return both

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
            change += access.segments(self.reading, self._of(phase))[:-1] * factor
        return change

    def tests(self, say: Speaker) -> dict[str, tested_changes.Told]:
        """Cells that surely changed, by resolution: the finest is too fine to be tested."""
        found = {str(one): tested_changes.told(self.tested(one), say) for one in RESOLUTIONS}
        return {str(STUDY): tested_changes.untold(say("changes.too_fine")), **found}

    def findings(self, resolution: int) -> pl.DataFrame:
        """``cell``, ``finding`` and ``q`` of the cells tested, none at a resolution too fine."""
        if resolution not in RESOLUTIONS:
            return pl.DataFrame(schema={"cell": pl.Int64, "finding": pl.Int8, "q": pl.Float64})
        table = self.tested(resolution).cells.select("cell", "finding", "q")
        return table.filter(pl.col("q").is_not_null())

    def tested(self, resolution: int | None) -> PhaseMaps:
        """The test of the hot spots page, under the same filters; None: as fine as cases bear."""
        return compare_phases(self.reading.source, self.base, self.a, self.b, resolution=resolution)

    def _factors(self) -> list[tuple[str, float]]:
        """Each phase with what turns its count into cases a usual week, the first one negative."""
        pairs = ((self.a, -_WEEK), (self.b, _WEEK))
        source = self.reading.source
        lengths = {phase: usual_days(source, self.base, phase) for phase in (self.a, self.b)}
        return [(p, sign / lengths[p] if lengths[p] else 0.0) for p, sign in pairs]

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
