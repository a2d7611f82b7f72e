"""Colours of paper: the light theme of the screen (a test holds them to ``tokens.js``)."""

from __future__ import annotations

from typing import Final

HEAT: Final = ("#FCEBD2", "#F9D09B", "#F2A75C", "#E27C33", "#C2501F", "#8F2B17", "#551011")
"""Seven locked steps, few to many."""

TOKENS: Final = {
    "panel": "#FFFFFF",
    "sunk": "#F7F9FA",
    "line": "#D8DFE3",
    "lineStrong": "#B9C4CB",
    "ink": "#15202A",
    "ink2": "#45535F",
    "ink3": "#616E79",
    "accent": "#14587F",
    "accentWeak": "#E1ECF2",
    "outside": "#E4E8EA",
    "ground": "#F6F7F6",
    "water": "#DCE6EA",
    "green": "#ECF0EA",
    "zero": "#D3DBDF",
    "boundary": "#8A969E",
    "hatch": "#B4BEC4",
    "hatchGround": "#E9EDEF",
    "casing": "#5B6870",
    "overdue": "#A81E1A",
    "onTime": "#0B6B66",
}
"""Names as in the screen's tokens."""

RED_HEAD: Final = "#B5121B"
"""红头: the masthead of party and government papers; on paper only."""

GLAZE_ALPHA: Final = 0.62
CASING_ALPHA: Final = 0.55


def casing_under_glaze() -> str:
    """Casing colour that looks like the casing at its own alpha under the glaze's single one."""
    casing, ground = _channels(TOKENS["casing"]), _channels(TOKENS["ground"])
    own = CASING_ALPHA / GLAZE_ALPHA
    mixed = (round(a * own + b * (1 - own)) for a, b in zip(casing, ground, strict=True))
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
