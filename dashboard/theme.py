"""Colour and page frame: the one place that styles what Streamlit draws itself."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_ASSETS: Final = Path(__file__).parent / "assets"
ICON: Final = str(_ASSETS / "icon.svg")

PAGE_STYLE: Final = """<style>
:root { --gt-u: 1px; --gt-bar: calc(52 * var(--gt-u)); --gt-side: calc(272 * var(--gt-u)); }
@media (min-width: 2800px) { :root { --gt-u: 1.5px; } }
.stMainBlockContainer { padding: calc(var(--gt-bar) + var(--gt-below, 0px)) 0 0 !important;
  max-width: none; }
[data-testid="stHeader"] { position: fixed; left: 0; right: 0; width: 100%; height: var(--gt-bar);
  min-height: var(--gt-bar); z-index: 999; background: var(--gt-panel, transparent);
  border-bottom: 1px solid var(--gt-line, transparent);
  padding-left: calc(306 * var(--gt-u)); }
[data-testid="stTopNavLink"] * { font-size: calc(14 * var(--gt-u)) !important; }
[data-testid="stAppDeployButton"], [data-testid="stMainMenu"], [data-testid="stToolbarActions"],
[data-testid="stStatusWidget"], [data-testid="stSidebarHeader"] { display: none !important; }
[data-testid="stSidebar"] { top: calc(var(--gt-bar) + var(--gt-below, 0px));
  height: calc(100vh - var(--gt-bar) - var(--gt-below, 0px)) !important;
  width: var(--gt-side) !important; min-width: var(--gt-side); max-width: 100vw !important; }
[data-testid="stSidebar"] { box-shadow: none !important; }
[data-testid="stSidebar"] > div { width: 100% !important; max-width: none; }
[data-testid="stSidebarUserContent"], [data-testid="stSidebarContent"] { padding: 0 !important; }
[data-testid="stSidebarContent"] { scrollbar-gutter: auto !important; scrollbar-width: thin; }
[data-testid="stVerticalBlock"], [data-testid="stHorizontalBlock"] { gap: 0; }
[data-testid="stElementContainer"]:has(> [data-testid="stHtml"]):not(:has(.gt-stop)) {
  display: none; }
.gt-stop { max-width: 720px; margin: 15vh auto; padding: 0 24px; }
.gt-stop h1 { font-size: 23px; }
@media (max-width: 800px) {
  [data-testid="stHeader"] { padding-left: 0; }
  [data-testid="stExpandSidebarButton"] { visibility: hidden; }
  :root { --gt-side: 100vw; }
  [data-testid="stSidebarNavItems"] { display: grid; grid-template-columns: repeat(3, 1fr); }
  [data-testid="stSidebarNavLink"] { min-height: 44px; font-size: 16px; }
  [data-testid="stSidebarNavLink"] * { font-size: 16px !important; }
  :root:has([data-testid="stExpandSidebarButton"]) [data-testid="stSidebar"] { display: none; }
}
</style>"""
