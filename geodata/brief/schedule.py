"""Ready lines for cron and systemd for the cadence 四个一, to be copied by whoever runs the city.

每天一督查 · 每日一通报 · 每周一简评 · 每月一汇总 (S12): a list to check each morning, a bulletin
of yesterday, of last week on Monday, of last month on the first. Each is safe to run twice.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One step of the cadence.

    Attributes
    ----------
    code
        Part of the unit's name.
    name
        As the sources call it.
    cron, calendar
        When, as cron and as systemd write it; city time is the machine's time.
    period
        Of the briefing; ``""`` for the list of the day.
    """

    code: str
    name: str
    cron: str
    calendar: str
    arguments: tuple[str, ...]


CADENCE: Final = (
    Beat(code="daily-check", name="每天一督查", cron="30 6 * * *", calendar="*-*-* 06:30:00",
         arguments=("--period", "yesterday", "--without", "wall-a0.pdf", "--without",
                    "wall-a3.pdf", "--without", "page.html", "--without", "bulletin.pdf")),
    Beat(code="daily", name="每日一通报", cron="0 7 * * *", calendar="*-*-* 07:00:00",
         arguments=("--period", "yesterday", "--without", "wall-a0.pdf")),
    Beat(code="weekly", name="每周一简评", cron="30 7 * * 1", calendar="Mon *-*-* 07:30:00",
         arguments=("--period", "last-week")),
    Beat(code="monthly", name="每月一汇总", cron="0 8 1 * *", calendar="*-*-01 08:00:00",
         arguments=("--period", "last-month")),
)  # fmt: skip
"""The four steps; the daily check makes the task lists and the chat picture alone."""


def commands(folder: Path, *, out: Path | None = None) -> Iterator[tuple[Beat, str]]:
    """Yield each step with its command line, paths absolute and quoted for a shell."""
    program = (sys.executable, "-m", "geodata", "brief", str(folder.resolve()))
    where = () if out is None else ("--out", str(out.resolve()))
    for beat in CADENCE:
        yield beat, shlex.join((*program, *beat.arguments, *where))


def cron_lines(folder: Path, *, root: Path, out: Path | None = None) -> str:
    """Return lines for ``crontab -e``; ``%`` is written as cron wants it."""
    told = []
    for beat, command in commands(folder, out=out):
        line = f"cd {shlex.quote(str(root))} && {command}".replace("%", r"\%")
        told += [f"# {beat.name}", f"{beat.cron} {line}"]
    return "\n".join(told) + "\n"


def systemd_units(folder: Path, *, root: Path, out: Path | None = None) -> dict[str, str]:
    """Return name of unit file → text: a service and a timer for each step.

    A timer that was missed while the machine was off runs when it is back.
    """
    units: dict[str, str] = {}
    for beat, command in commands(folder, out=out):
        name = f"guatu-{beat.code}"
        units[f"{name}.service"] = (
            f"[Unit]\nDescription=Guatu {beat.name}\n\n[Service]\nType=oneshot\n"
            f"WorkingDirectory={_specified(str(root))}\n"
            f"ExecStart={_specified(command)}\n"
        )
        units[f"{name}.timer"] = (
            f"[Unit]\nDescription=Guatu {beat.name}\n\n[Timer]\nOnCalendar={beat.calendar}\n"
            "Persistent=true\n\n[Install]\nWantedBy=timers.target\n"
        )
    return units


def _specified(text: str) -> str:
    """Write a text as systemd reads it: its own specifiers and variables are no more than text."""
    return text.replace("%", "%%").replace("$", "$$")
