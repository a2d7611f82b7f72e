"""A whole page, handed to ``panels/sheet.js``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import components, state
from dashboard.components.sheet.parts import Block, Control, sound
from dashboard.components.sheet.proofs import folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page: its title, what it answers, controls, blocks from top to bottom, a last small line.

    ``name`` lets the style sheet lay out one page unlike the others.
    """

    title: str
    blocks: Sequence[Block]
    lead: str = ""
    badge: str = ""
    tools: Sequence[Control] = ()
    foot: str = ""
    name: str = ""


def show(screen: state.Screen, page: Page, *, key: str) -> None:
    """Draw the page; what its controls and rows emit changes the view."""
    components.mount("sheet", screen, payload(page), key=key, on_patch=state.change)


def payload(page: Page) -> dict[str, Any]:
    """Return the page as JSON: only text, finite numbers, lists and mappings."""
    told = {
        "title": page.title,
        "lead": page.lead,
        "badge": page.badge,
        "tools": page.tools,
        "blocks": page.blocks,
        "foot": page.foot,
        "name": page.name,
    }
    return folded({name: sound(value) for name, value in told.items()})
