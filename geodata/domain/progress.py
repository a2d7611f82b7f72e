"""How a long job says how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int], None]
"""Told the name of a step and the rows done in it so far (0 where nothing is counted)."""


def silent(_step: str, _rows: int) -> None:
    """Say nothing."""
