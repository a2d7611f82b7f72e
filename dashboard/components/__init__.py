"""Our Streamlit components: each is a few lines of Python over a JavaScript panel.

Text from cases travels as component data and is written with ``textContent``; it never
passes through a template, Markdown or HTML.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboard.state import Screen

Patched = Callable[[Mapping[str, Any]], None]

_LOADER = """
export default function (component) {{
  const from = new URL(component.data.boot.url + "/page.js", document.baseURI).href;
  import(from).then((module) => module.run("{kind}", component));
  return () => import(from).then((module) => module.drop(component.parentElement));
}}
"""


def mount(
    kind: str,
    screen: Screen,
    payload: Mapping[str, Any],
    *,
    key: str,
    tables: Mapping[str, Any] | None = None,
    on_patch: Patched | None = None,
) -> None:
    """Show a panel: ``payload`` as JSON, ``tables`` as Arrow; patches go to ``on_patch``."""
    show = st.components.v2.component(
        f"guatu_{kind}", js=_LOADER.format(kind=kind), isolate_styles=False
    )

    def changed() -> None:
        patch = getattr(st.session_state[key], "change", None)
        if on_patch and isinstance(patch, Mapping):
            on_patch(patch)

    data = {"boot": screen.boot, "payload": dict(payload), **(tables or {})}
    show(data=data, key=key, on_change_change=changed)


def notice(title: str, detail: str) -> None:
    """Say why there is no page, where nothing else can be drawn; both as plain text."""
    lines = "<br>".join(map(html.escape, detail.splitlines()))
    st.html(f'<div class="gt-stop" role="alert"><h1>{html.escape(title)}</h1><p>{lines}</p></div>')
