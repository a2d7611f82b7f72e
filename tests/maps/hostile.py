"""Texts that attack whoever takes them for more than text."""

from __future__ import annotations

import csv
import json

CRAFTED = [
    "{{7*7}}",
    "{% raw %}",
    "{# gone #}",
    "</script><script>window.__hit='script'</script>",
    "<img src=x onerror=\"window.__hit='img'\">",
    "`${window.__hit='template'}`",
    "${window.__hit='dollar'}",
    "\"+(window.__hit='quote')+\"",
    "'-(window.__hit='tick')-'",
    "<!--<script>",
    "]]>",
    "\\u003cimg src=x onerror=window.__hit=1\\u003e",
    "{{ cycler.__init__.__globals__.os.environ.update(GUATU_HIT='1') }}",
    "天宫路",
]


def naughty_strings(shared):
    """Every text of the hostile collections, once, as a street could be called."""
    folder = shared / "data" / "hostile"
    texts = json.loads((folder / "blns.json").read_text(encoding="utf-8"))
    for name in ("xss-payload-list.txt", "csv-injection-payload.txt"):
        texts += (folder / name).read_text(encoding="utf-8", errors="replace").splitlines()
    for path in sorted((folder / "csv-spectrum").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            texts += [field for row in csv.reader(file) for field in row]
    return [text for text in dict.fromkeys(texts) if text.strip()]
