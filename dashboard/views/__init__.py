"""The pages: each reads, computes and draws, in that order."""

from typing import Final

LANDING: Final[str] = "overview"

PAGES: Final = (
    "overview", "map", "hotspots", "rebound", "campaign", "offices", "ledger", "briefings", "wall",
    "health",
)  # fmt: skip
"""Path of each page, in the order of the navigation; its name is the sentence ``page.PATH``.

A page is the module of that name in this package, imported when it is first opened.
"""

WITH_MAP: Final = frozenset({"overview", "map", "hotspots", "rebound", "wall"})
