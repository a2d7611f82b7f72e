"""Tables on a terminal, where a Chinese character is two columns wide."""

from __future__ import annotations

from collections.abc import Sequence

from geodata.sheets.layout import text_width


def aligned(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lines of a table, columns under their headings; the first column is the widest text's."""
    table = [list(heading), *(list(row) for row in rows)]
    widths = [max(text_width(row[at]) for row in table) for at in range(len(heading))]
    lines = [
        "  ".join(
            text + " " * int(width - text_width(text))
            for text, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in table
    ]
    return "\n".join(lines)
