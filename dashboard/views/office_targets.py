"""Frontage contracts and survey results against their targets, where the city keeps such tables."""

from __future__ import annotations

from dashboard.components import sheet
from dashboard.views.office_desk import Desk


def blocks(_desk: Desk) -> list[sheet.Block]:
    """One table per register that the city has."""
    return []
