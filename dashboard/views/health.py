"""Data health 数据."""

from __future__ import annotations

from dashboard import state
from dashboard.access import Reading


def render(reading: Reading, screen: state.Screen) -> None:
    """Draw the page."""
