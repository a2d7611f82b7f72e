"""What can be chosen, pressed or downloaded on a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from dashboard.components.sheet.parts import Control, Part, given
from dashboard.filters import View, to_query
from dashboard.text import Speaker


def choice(key: str, label: str, value: str, options: Sequence[Part]) -> Control:
    """Choose one: up to five short options are buttons, more a list."""
    return {"kind": "choice", "key": key, "label": label, "value": value, "options": list(options)}


def option(value: str, label: str, hint: str = "") -> Part:
    """One value to choose."""
    return given(value=value, label=label, hint=hint)


def button(
    label: str, patch: Mapping[str, Any], *, hint: str = "", leading: bool = False
) -> Control:
    """Emit a patch when pressed; the leading one of a page stands out."""
    return given(kind="patch", label=label, patch=patch, hint=hint, leading=leading or None)


def download(label: str, href: str, hint: str = "") -> Control:
    """Link to a file."""
    return given(kind="link", label=label, href=href, hint=hint)


def export_link(view: View, say: Speaker, what: str, file_format: str = "csv") -> str:
    """Address of a download of exactly what a view shows."""
    query = {**to_query(view), "lang": say.language, "what": what, "format": file_format}
    return f"/guatu/export?{urlencode(query)}"
