"""One call per command. Exit 0: done; 1: something the user can mend, said plainly; 2: usage."""

from geodata.commands import (
    briefing,
    counting,
    effects,
    gathering,
    judging,
    making,
    rebounds,
    serving,
    taking_in,
)
from geodata.commands.common import main

__all__ = [
    "briefing",
    "counting",
    "effects",
    "gathering",
    "judging",
    "main",
    "making",
    "rebounds",
    "serving",
    "taking_in",
]
