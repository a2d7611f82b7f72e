"""How a quantity of memory went over a run, and whether it grew."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Final

GROWTH: Final = 0.10
"""The mean of the last tenth may lie so much above the mean of the tenth after warm-up."""


@dataclass
class Course:
    """Megabytes, in order of time; the first tenth is warm-up."""

    name: str
    values: list[float] = field(default_factory=list)

    def after_warm_up(self) -> float:
        """Mean of the second tenth."""
        part = self._tenth()
        return fmean(self.values[part : 2 * part])

    def at_the_end(self) -> float:
        """Mean of the last tenth."""
        return fmean(self.values[-self._tenth() :])

    def grew(self) -> bool:
        """Whether the end lies more than `GROWTH` above the level after warm-up."""
        return self.at_the_end() > (1 + GROWTH) * self.after_warm_up()

    def told(self) -> str:
        """One line for people."""
        first, last = self.after_warm_up(), self.at_the_end()
        return f"{self.name}: {first:.1f} MB after warm-up, {last:.1f} MB at the end ({last / first - 1:+.1%})"  # noqa: E501

    def _tenth(self) -> int:
        return max(len(self.values) // 10, 1)


def resident_mb(pid: int) -> float:
    """Resident memory of a process."""
    told = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True
    )
    return int(told.stdout) / 1024


def browser_mb(metrics: Sequence[dict[str, float | str]], name: str = "JSHeapUsedSize") -> float:
    """One quantity of Chromium's ``Performance.getMetrics``."""
    found = {str(one["name"]): float(one["value"]) for one in metrics}
    return found[name] / 1e6
