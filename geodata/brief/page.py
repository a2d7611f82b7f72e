"""One HTML file that opens anywhere without a network: the map, the numbers, the tables.

The map is the dashboard's own, through the shared folium layer. Words and numbers travel packed,
in letters no template and no markup can be made of, and are written with ``textContent``.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

from geodata.domain.selection import Selection
from geodata.errors import GeodataError
from geodata.findings.source import Source
from geodata.maps.layer import Verbatim, figure_of
from geodata.maps.page import CaseMap, case_map
from geodata.press.colours import HEAT, TOKENS
from geodata.press.content import Cell, Column, Content, Offices, Table
from geodata.wording import Words

MOST_BYTES: Final = 3_000_000
"""A mail gateway of a government network lets this much through."""

_WEB: Final = Path(__file__).parent / "web"
_MAP_HEIGHT: Final = (70.0, "vh")
_PAGE_GREY: Final = "#F2F4F5"


class PageTooLarge(GeodataError):
    """The one-file page would be larger than a mail lets through."""


def page_of(content: Content, source: Source, selection: Selection) -> bytes:
    """Return the page of a pack with the interactive map of its selection.

    Raises
    ------
    PageTooLarge
        It would have more than `MOST_BYTES`; the message says what to leave out.
    """
    drawn = case_map(
        source.city, selection, facts=source.facts, language=content.language, measure="count"
    )
    return rendered(content, drawn)


def rendered(content: Content, drawn: CaseMap) -> bytes:
    """Return the page of a content round a map that is there already."""
    drawn.height = _MAP_HEIGHT
    figure = figure_of(drawn)
    figure.header.add_child(Verbatim(f"<style>\n{_style()}</style>"), name="pack_style")
    script = (_WEB / "page.js").read_text(encoding="utf-8")
    data = f'<script type="text/plain" id="guatu-pack">{_packed(content)}</script>'
    figure.html.add_child(Verbatim(data), name="pack_data")
    figure.html.add_child(Verbatim(f"<script>\n{script}</script>"), name="pack_script")
    # the browser's own zoom stays allowed: folium's page forbids it
    text = str(figure.render()).replace("maximum-scale=1.0, user-scalable=no", "maximum-scale=5.0")
    body = text.encode("utf-8")
    if len(body) > MOST_BYTES:
        raise PageTooLarge(
            "The page would have {megabytes:.1f} MB, more than {most:.0f} MB. Leave the page "
            "out (--without page), or choose fewer offices.",
            megabytes=len(body) / 1e6,
            most=MOST_BYTES / 1e6,
        )
    return body


def _style() -> str:
    colours = {"page": _PAGE_GREY, **TOKENS}
    named = "".join(f"--gt-{_kebab(name)}: {colour}; " for name, colour in colours.items())
    return f":root {{ {named}}}\n" + (_WEB / "page.css").read_text(encoding="utf-8")


def _kebab(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)


def _packed(content: Content) -> str:
    text = json.dumps(_plain(content), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")


def _plain(content: Content) -> Mapping[str, Any]:
    """What the page writes, as plain values; cells of the map travel with the map."""
    shown = {
        "language": content.language,
        "heading": asdict(content.heading),
        "figures": [asdict(one) for one in content.figures],
        "sentences": list(content.sentences),
        "lists": [asdict(one) for one in content.lists],
        "tables": [_table(one, Words(content.language)) for one in all_tables(content)],
        "headings": dict(content.headings),
        "scale": _scale(content),
    }
    for part in ("formulas", "quality", "lineage"):
        shown[part] = [asdict(one) for one in getattr(content, part)]
    return shown


def _scale(content: Content) -> Mapping[str, Any]:
    """Colours, their bounds and the legend, for a map without a legend of its own."""
    if not content.public:
        return {"colours": [], "labels": [], "legend": []}
    bounds = [f"{bound:g}" for bound in content.map.breaks]
    return {"colours": list(HEAT), "labels": bounds, "legend": list(content.map.legend)}


def all_tables(content: Content) -> tuple[Table, ...]:
    """Every table in the order shown, offices and targets in their places."""
    first, rest = content.tables[:2], content.tables[2:]
    shown = (*first, office_table(content.offices), *rest, content.targets)
    return tuple(one for one in shown if one.columns)


def office_table(offices: Offices) -> Table:
    """Offices as a table, the interval in figures."""
    kinds = ("number", "text", "number", "number", "number", "number", "number")
    return Table(
        code="offices",
        title=offices.title,
        columns=tuple(
            Column(name=name, kind=kind)  # type: ignore[arg-type]
            for name, kind in zip(offices.headings, kinds, strict=False)
        ),
        rows=tuple(
            (
                Cell(text=row.rank, value=int(row.rank) if row.rank.isdigit() else None),
                Cell(text=row.name),
                Cell(text=row.parts),
                Cell(text=_interval(row.lower, row.upper)),
                Cell(text=row.text, verdict="worse" if row.below else "none"),
                Cell(text=row.possible),
                Cell(text=str(row.overdue), value=row.overdue),
            )
            for row in offices.rows
        ),
        note=offices.note,
        empty=offices.empty,
    )


def _interval(lower: float | None, upper: float | None) -> str:
    if lower is None or upper is None:
        return "—"
    return f"{100 * lower:.1f}%–{100 * upper:.1f}%"


def noted(table: Table, say: Words) -> str:
    """Return the note of a table, with how many rows there are where not all are in it."""
    if not table.left_out:
        return table.note
    whole = say("brief.table.most_note", all=say.number(len(table.rows) + table.left_out))
    return f"{table.note}\n{whole}".lstrip()


def _table(table: Table, say: Words) -> Mapping[str, Any]:
    return {
        "title": table.title,
        "columns": [{"name": one.name, "kind": one.kind} for one in table.columns],
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
        "note": noted(table, say),
        "empty": table.empty,
    }


def _cell(cell: Cell) -> Mapping[str, Any]:
    told = {"text": cell.text, "verdict": cell.verdict, "direction": cell.direction}
    value = cell.value.isoformat() if isinstance(cell.value, date) else cell.value
    return {**told, "value": value}
