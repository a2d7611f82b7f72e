"""Colour and page frame: the one place that styles what Streamlit draws itself."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_ASSETS: Final = Path(__file__).parent / "assets"
LOGO: Final = str(_ASSETS / "logo.svg")
ICON: Final = str(_ASSETS / "icon.svg")

PAGE_STYLE: Final = """<style>
.stMainBlockContainer, [data-testid="stMainBlockContainer"] { padding: 3.5rem 0 0 !important; max-width: none; }
[data-testid="stSidebarUserContent"], [data-testid="stSidebarContent"] { padding: 0 !important; }
[data-testid="stSidebarHeader"] { display: none; }
section[data-testid="stSidebar"] { width: 256px !important; min-width: 256px; }
[data-testid="stVerticalBlock"] { gap: 0; }
[data-testid="stHorizontalBlock"] { gap: 0; }
[data-testid="stElementContainer"]:has(> [data-testid="stHtml"]) { display: none; }
</style>"""
