"""Colour and page frame: the one place that styles what Streamlit draws itself."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_ASSETS: Final = Path(__file__).parent / "assets"
ICON: Final = str(_ASSETS / "icon.svg")

PAGE_STYLE: Final = """<style>
:root { --gt-bar: 52px; }
.stMainBlockContainer { padding: var(--gt-bar) 0 0 !important; max-width: none; }
[data-testid="stHeader"] { position: fixed; left: 0; right: 0; width: 100%; height: var(--gt-bar);
  min-height: var(--gt-bar); z-index: 999; background: var(--gt-panel, transparent);
  border-bottom: 1px solid var(--gt-line, transparent); padding-left: 306px; }
[data-testid="stSidebar"] { top: var(--gt-bar); height: calc(100vh - var(--gt-bar)) !important;
  width: 256px !important; min-width: 256px; }
[data-testid="stSidebarUserContent"], [data-testid="stSidebarContent"] { padding: 0 !important; }
[data-testid="stSidebarHeader"] { display: none; }
[data-testid="stVerticalBlock"], [data-testid="stHorizontalBlock"] { gap: 0; }
[data-testid="stElementContainer"]:has(> [data-testid="stHtml"]) { display: none; }
</style>"""
