"""Cases of one place beside all those they are compared with: by code, hour, weekday, nearness."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.analysis.counts import rows_in_cell
from geodata.domain.selection import Selection
from geodata.findings.source import Source
from geodata.spatial.cells import Cells

Rows = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CasesHere:
    """Cases of a place and all those it is compared with."""

    source: Source
    rows: Rows
    all_rows: Rows

    def counts(self, column: str) -> tuple[list[str], Counts, Counts]:
        """Codes of a column, with the cases of each here and everywhere."""
        values = self.source.facts.frame[column]
        codes = list(values.dtype.categories)  # type: ignore[attr-defined]
        return codes, *self._both(values.to_physical().to_numpy(), len(codes))

    def hours(self) -> tuple[Counts, Counts]:
        """Cases by hour of the day, here and everywhere."""
        return self._both(self.source.facts.frame["hour"].to_numpy(), 24)

    def weekdays(self) -> tuple[Counts, Counts]:
        """Cases by weekday, Monday first, here and everywhere."""
        days = self.source.facts.frame["reported_on"].to_physical().to_numpy()
        return self._both((days + 3) % 7, 7)  # 1970-01-01 was a Thursday

    def share_near(self, kind: str, metres: int) -> tuple[float, float]:
        """Share of cases within ``metres`` of a kind of place, here and everywhere."""
        far = self.source.facts.frame[f"m_to_{kind}"].to_numpy()
        return float((far[self.rows] <= metres).mean()), float(
            (far[self.all_rows] <= metres).mean()
        )

    def main(self, column: str, skip: str) -> str | None:
        """Code with most cases here, ``skip`` aside; None where there is none."""
        codes, own, _ = self.counts(column)
        ordered = np.argsort(-own, kind="stable")
        found = [codes[at] for at in ordered if own[at] and codes[at] != skip]
        return found[0] if found else None

    def patrol(self, codes: list[str]) -> npt.NDArray[np.bool_]:
        """Which channel codes are the city's own finds."""
        own = {one.code for one in self.source.city.channels if one.patrol}
        return np.array([code in own for code in codes], dtype=bool)

    def _both(self, values: npt.NDArray[Any], length: int) -> tuple[Counts, Counts]:
        return (
            np.bincount(values[self.rows], minlength=length),
            np.bincount(values[self.all_rows], minlength=length),
        )


def streets_of(source: Source, rows: Rows, most: int = 2) -> list[tuple[str, int]]:
    """Named streets these cases lie on, most cases first: name and cases."""
    segment = source.facts.frame["segment"].to_numpy()[rows]
    names = source.facts.segments["street"].gather(segment[segment >= 0].tolist())
    counted = names.filter(names != "").value_counts(name="n").sort(
        ["n", names.name], descending=[True, False]
    )  # fmt: skip
    return [(str(name), int(n)) for name, n in counted.head(most).iter_rows()]


def rows_in(source: Source, selection: Selection, cells: Cells, resolution: int) -> Rows:
    """Return rows of the facts: a selection's cases in these cells, default geocodes left out."""
    keep = source.keep(replace(selection, piles="leave_out"))
    found = [rows_in_cell(source.facts, keep, int(cell), resolution) for cell in cells]
    return np.concatenate([np.zeros(0, dtype=np.int64), *found])
