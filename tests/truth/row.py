"""One line of the truth table, and the targets it is held to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Question = Literal["false alarms", "power", "coverage", "calibration"]

MOST_FALSE_ALARMS: Final = 0.06
LEAST_POWER: Final = 0.80
LEAST_COVERAGE: Final = 0.93
CALIBRATED: Final = (0.9, 1.1)


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was asked of which function, in which world, and the share (or ratio) measured."""

    method: str
    world: str
    question: Question
    runs: int
    measured: float

    @property
    def target(self) -> str:
        """What it is held to, in words."""
        return {
            "false alarms": f"≤ {MOST_FALSE_ALARMS:.0%}",
            "power": f"≥ {LEAST_POWER:.0%}",
            "coverage": f"≥ {LEAST_COVERAGE:.0%}",
            "calibration": f"{CALIBRATED[0]} to {CALIBRATED[1]}",
        }[self.question]

    def met(self, slack: float = 0.0) -> bool:
        """Whether the target is met, give or take ``slack`` for few runs."""
        return {
            "false alarms": self.measured <= MOST_FALSE_ALARMS + slack,
            "power": self.measured >= LEAST_POWER - slack,
            "coverage": self.measured >= LEAST_COVERAGE - slack,
            "calibration": CALIBRATED[0] - slack <= self.measured <= CALIBRATED[1] + slack,
        }[self.question]

    def markdown(self) -> str:
        """Return the line as printed."""
        shown = f"{self.measured:.3f}" if self.question == "calibration" else f"{self.measured:.1%}"
        verdict = "yes" if self.met() else "NO"
        cells = (
            self.method,
            self.world,
            self.question,
            str(self.runs),
            shown,
            self.target,
            verdict,
        )
        return f"| {' | '.join(cells)} |"


HEAD: Final = (
    "| method | world | question | runs | measured | target | met |\n"
    "|---|---|---|---:|---:|---:|---|"
)


def table(rows: Iterable[Row]) -> str:
    """Write the rows as a Markdown table."""
    return "\n".join([HEAD, *(row.markdown() for row in rows)])
