"""The bulletin's sections in order, with column widths worked out so that long names wrap."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Final

from geodata.press.content import Content, Explained, Offices, ShortList, Table
from geodata.press.matter import Matter
from geodata.press.measure import column_widths, longest_word, two_lines
from geodata.press.scales import ticks_of
from geodata.wording import Words

LineEm = Callable[[str], float]
"""Advance of a text in em, as set in a line."""

WIDTH_MM: Final = 166.0
"""Width of the type area of an A4 page."""

_HALF_MM: Final = 79.0
"""Width of each of two narrow tables side by side."""

_MOST_PAIRED: Final = 16
"""Rows a narrow table may have to stand beside another."""

_EM_MM: Final = 9.2 * 25.4 / 72
_BOLD: Final = 1.06
_PAD_MM: Final = 2.8
_LEAST_TEXT_MM: Final = 20.0
_MOST_TEXT_MM: Final = 84.0
_MOST_WORD_MM: Final = 34.0
_NARROW_TEXT_MM: Final = 38.0
_LEAST_STATUS_MM: Final = 13.0
_DENSE: Final = 1.05
"""A table that would like this much more than its room is set smaller."""

_PT: Final = 9.2
_DENSE_PT: Final = 8.3
_TICK_MM: Final = 9.0
_MOST_ESTIMATE_MM: Final = 30.0
_LEAST_PLOT_MM: Final = 40.0
_MOST_PLOT_MM: Final = 56.0

_BEFORE_OFFICES: Final = ("streets", "cells", "public_areas")
"""Tables that come before the offices."""

_PRINTED: Final = (*_BEFORE_OFFICES, "oldest", "due_soon", "rebound", "late_offices")
"""Tables of the bulletin in order; the page and the workbook of the pack have all of them."""

_FIGURES: Final = re.compile(r"[\d\s.,:%/+\-–—≥≤<>]*")
"""A column of nothing but figures is set to the right."""


def sections_of(content: Content, line_em: LineEm) -> list[Matter]:
    """Return every section after the first page: places, offices, changes, late, targets, notes.

    Numbered from 1; two narrow tables stand side by side as one entry ``pair``.
    """
    say = Words(content.language)
    printed = [one for code in _PRINTED if (one := content.table(code)) is not None]
    first = [one for one in printed if one.code in _BEFORE_OFFICES]
    later = [one for one in printed if one.code not in _BEFORE_OFFICES]
    sections = [
        *(_table(one, line_em, WIDTH_MM, say) for one in first),
        *([_ranking(content.offices, line_em, say)] if content.offices.title else []),
        *_lists(content.lists, content.headings.get("lists", "")),
        *_paired(later, line_em, say),
        *([_table(content.targets, line_em, WIDTH_MM, say)] if content.targets.columns else []),
        *_last_page(content, line_em),
    ]
    return _numbered(sections)


def _numbered(sections: list[Matter]) -> list[Matter]:
    at = 0
    for one in sections:
        columns = one.get("columns", [one.get("parts", [one])])
        for part in (part for column in columns for part in column):
            at += 1
            part["number"] = at
    return sections


def _paired(tables: Sequence[Table], line_em: LineEm, say: Words) -> Iterator[Matter]:
    """Yield tables in order, each narrow one with the next narrow one beside it."""
    waiting = list(tables)
    while waiting:
        one = waiting.pop(0)
        mate = next((two for two in waiting if _is_narrow(two, line_em)), None)
        if mate is None or not _is_narrow(one, line_em):
            yield _table(one, line_em, WIDTH_MM, say)
            continue
        waiting.remove(mate)
        pair = [_table(part, line_em, _HALF_MM, say) for part in (one, mate)]
        yield {"kind": "pair", "parts": pair}


def _is_narrow(table: Table, line_em: LineEm) -> bool:
    few = 0 < len(table.rows) <= _MOST_PAIRED
    wishes = zip(_wishes(table, line_em), _floors(table, line_em), strict=True)
    least = (wish if floor is None else min(wish, _NARROW_TEXT_MM) for wish, floor in wishes)
    return few and sum(least) <= _HALF_MM


def _wishes(table: Table, line_em: LineEm) -> list[float]:
    return [_wish(table, at, line_em) for at in range(len(table.columns))]


def _wish(table: Table, at: int, line_em: LineEm) -> float:
    column = table.columns[at]
    arrow = 1.1 if any(row[at].direction for row in table.rows) else 0.0
    longest = max((line_em(row[at].text) for row in table.rows), default=0.0) + arrow
    widest = max(longest, two_lines(_headed(column.name, column.unit), line_em))
    return min(widest * _BOLD * _EM_MM + _PAD_MM, _MOST_TEXT_MM)


def _floors(table: Table, line_em: LineEm) -> list[float | None]:
    return [
        _floor(table, at, line_em) if _wraps(table, at) else None
        for at in range(len(table.columns))
    ]


def _wraps(table: Table, at: int) -> bool:
    return _kind(table, at) in ("text", "strong", "status") and not _is_right(table, at)


def _floor(table: Table, at: int, line_em: LineEm) -> float:
    """Return the least width of a column of text: no word is cut, within reason."""
    words = max((longest_word(row[at].text, line_em) for row in table.rows), default=0.0)
    widest = words * _BOLD * _EM_MM + _PAD_MM
    least = _LEAST_STATUS_MM if table.columns[at].kind == "status" else _LEAST_TEXT_MM
    return min(max(widest, least), _MOST_WORD_MM)


def _table(table: Table, line_em: LineEm, width_mm: float, say: Words) -> Matter:
    columns = range(len(table.columns))
    wishes, floors = _wishes(table, line_em), _floors(table, line_em)
    size_pt = _DENSE_PT if sum(wishes) > _DENSE * width_mm else _PT
    smaller = size_pt / _PT
    return {
        "kind": "table",
        "size": size_pt,
        "title": table.title,
        "headings": [_headed(one.name, one.unit) for one in table.columns],
        "kinds": [_kind(table, at) for at in columns],
        "aligns": ["right" if _is_right(table, at) else "left" for at in columns],
        "widths": column_widths(
            [wish * smaller for wish in wishes],
            [floor and floor * smaller for floor in floors],
            width_mm,
        ),
        "rows": [
            [{"text": c.text, "verdict": c.verdict, "direction": c.direction} for c in row]
            for row in table.rows
        ],
        "more": _more(len(table.rows), say("press.more", n=say.number(table.left_out)))
        if table.left_out
        else None,
        "note": table.note,
        "empty": table.empty,
    }


def _more(at: int, text: str) -> Matter:
    """Return the line after so many rows that says what is left out."""
    return {"at": at, "text": text}


def _kind(table: Table, at: int) -> str:
    """Return a column's kind; the first column of names is set strong."""
    texts = [number for number, one in enumerate(table.columns) if one.kind == "text"]
    return "strong" if texts and at == texts[0] else table.columns[at].kind


def _is_right(table: Table, at: int) -> bool:
    if table.columns[at].kind in ("number", "change"):
        return True
    figures = all(_FIGURES.fullmatch(row[at].text) for row in table.rows)
    return at > 0 and bool(table.rows) and figures


def _headed(name: str, unit: str) -> str:
    return f"{name}（{unit}）" if unit and not name.isascii() else name


def _ranking(offices: Offices, line_em: LineEm, say: Words) -> Matter:
    rank, office, parts, _, estimate, possible, overdue = _seven(offices.headings)
    columns = (
        [rank, *(row.rank for row in offices.rows)],
        [office, *(row.name for row in offices.rows)],
        [parts, *(row.parts for row in offices.rows)],
        [estimate, *(row.text for row in offices.rows)],
        [possible, *(row.possible for row in offices.rows)],
        [overdue, *(f"{row.overdue:,}" for row in offices.rows)],
    )
    wishes = [
        max(two_lines(column[0], line_em), *map(line_em, column[1:]), 0.0) * _BOLD * _EM_MM
        + _PAD_MM
        for column in columns
    ]
    wishes[3] = min(wishes[3], _MOST_ESTIMATE_MM)
    plot = min(max(WIDTH_MM - sum(wishes), _LEAST_PLOT_MM), _MOST_PLOT_MM)
    wishes.insert(3, plot)
    floors = [None, _LEAST_TEXT_MM, *[None] * 5]
    ticks = ticks_of(*offices.domain, most=int(plot // _TICK_MM))
    return {
        "kind": "ranking",
        "title": offices.title,
        "headings": [column[0] for column in columns],
        "rows": [asdict(row) | {"overdue": say.number(row.overdue)} for row in offices.rows],
        "more": _more(offices.gap_at, say("press.more", n=say.number(offices.left_out)))
        if offices.left_out
        else None,
        "note": offices.note,
        "empty": offices.empty,
        "domain": list(offices.domain),
        "whole": offices.whole,
        "ticks": ticks,
        "labels": [f"{round(100 * tick)}%" for tick in ticks],
        "plot": plot,
        "widths": column_widths(wishes, floors, WIDTH_MM),
    }


def _seven(headings: Sequence[str]) -> tuple[str, ...]:
    """Rank, office, parts, interval, estimate, possible ranks, overdue; missing ones empty."""
    return (*headings, *[""] * 7)[:7]


def _lists(lists: Sequence[ShortList], title: str) -> Iterator[Matter]:
    if lists:
        yield {"kind": "lists", "title": title, "lists": [asdict(one) for one in lists]}


def _last_page(content: Content, line_em: LineEm) -> Iterator[Matter]:
    """Yield formulas on the left, quality and lineage on the right."""
    columns = (
        {"formulas": content.formulas},
        {"quality": content.quality, "lineage": content.lineage},
    )
    noted = [
        [
            _notes(content.headings.get(code, ""), entries, line_em)
            for code, entries in column.items()
            if entries
        ]
        for column in columns
    ]
    if any(noted):
        yield {"kind": "columns", "columns": noted}


def _notes(title: str, entries: Sequence[Explained], line_em: LineEm) -> Matter:
    longest = max(line_em(one.name) for one in entries) * _EM_MM
    return {
        "kind": "notes",
        "title": title,
        "term": min(max(longest, 14.0), 25.0),
        "entries": [asdict(one) for one in entries],
    }
