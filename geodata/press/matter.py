"""A pack's content as plain matter for the templates: texts, and numbers only where drawn."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from geodata.press.colours import HEAT, RED_HEAD, TOKENS
from geodata.press.content import Callout, Content, MapContent, Ruler
from geodata.press.lettering import Label, WidthEm
from geodata.press.map_drawing import Drawing
from geodata.press.measure import lines_of, shortened
from geodata.wording import Words

Matter = dict[str, Any]

_ALWAYS: Final = 3
"""Texts every legend has: unit, zero, boundary."""

_KILOMETRE: Final = 1000
_BOLD: Final = 1.06
"""Bold letters are this much wider than regular ones."""

_NOTE: Final = 0.88
"""Size of the stamp after a name, against the name's."""

_LONGEST_RANGE: Final = 3
"""Letters a colour's range may have where seven stand close together."""


def common(content: Content) -> Matter:
    """Matter every sheet has: heading, figures, sentences, colours, language."""
    return {
        "language": content.language,
        "heading": asdict(content.heading),
        "figures": [asdict(figure) for figure in content.figures],
        "sentences": list(content.sentences),
        "colours": {**TOKENS, "red": RED_HEAD},
        "heat": list(HEAT),
    }


def map_matter(content: Content, drawing: Drawing, say: Words) -> Matter:
    """Matter of a drawn map: letters, discs and furniture in pixels, and the legend."""
    return {
        "width": drawing.view.width,
        "height": drawing.view.height,
        "labels": [_label(label) for label in drawing.labels],
        "discs": [asdict(disc) for disc in drawing.discs],
        "boxes": {name: list(box) for name, box in drawing.boxes.items()},
        "bar": {"px": drawing.bar_px, "text": _length(drawing.bar_m, say)},
        "north": say("press.north"),
        "title": content.map.title,
        "legend": list(content.map.legend),
        "marks": _marks(content.map),
        "swatches": swatches(content.map.breaks),
        "missed": _missed(drawing.missed, say),
    }


def _marks(shown: MapContent) -> list[str]:
    """Return what each text of the legend after the first speaks of."""
    marks = {
        "zero": True,
        "silent": bool(shown.silent),
        "hidden": len(shown.legend) > _ALWAYS + bool(shown.silent) + bool(shown.hot),
        "hot": bool(shown.hot),
        "boundary": True,
    }
    return [mark for mark, there in marks.items() if there]


def _label(label: Label) -> Matter:
    runs = [
        [run.text, round(run.x, 2), round(run.y, 2), round(math.degrees(run.angle), 1), run.width]
        for run in label.runs
    ]
    return {"size": label.size, "weight": label.weight, "tone": label.tone, "runs": runs}


def _length(metres: int, say: Words) -> str:
    if metres >= _KILOMETRE:
        return say("press.kilometres", n=say.number(metres / _KILOMETRE))
    return say("press.metres", n=say.number(metres))


def _missed(numbers: Sequence[int], say: Words) -> str:
    return say("press.off_map", numbers=", ".join(map(str, numbers))) if numbers else ""


def swatches(breaks: Sequence[float]) -> list[str]:
    """Return what each colour stands for: ``1``, ``3–4``, ``≥16``, or lower bounds where long."""
    bounds = [f"{low:g}" for low in breaks]
    if all(float(low).is_integer() for low in breaks):
        pairs = itertools.pairwise(breaks)
        ranges = [_range(int(low), int(after) - 1) for low, after in pairs]
        if all(len(text) <= _LONGEST_RANGE for text in ranges):
            bounds[:-1] = ranges
    return [*bounds[:-1], f"≥{bounds[-1]}"] if bounds else []


def _range(low: int, high: int) -> str:
    return f"{low}" if high <= low else f"{low}–{high}"


def callout_rows(
    callouts: Sequence[Callout], width_em: WidthEm, *, name_em: float, unit: str
) -> list[Matter]:
    """Rows of the list beside a map, one line each.

    Parameters
    ----------
    name_em
        Room for name and stamp, in em of the name's size: a long name is shortened, and the
        stamp left out where both do not fit (the tables have both).
    """
    return [_callout_row(one, width_em, name_em) | {"unit": unit} for one in callouts]


def _callout_row(one: Callout, width_em: WidthEm, name_em: float) -> Matter:
    both = width_em(one.name) * _BOLD + width_em(one.note) * _NOTE + 0.6
    return {
        "number": one.number,
        "name": shortened(one.name, name_em / _BOLD, width_em),
        "note": one.note if both <= name_em else "",
        "detail": one.detail if both <= name_em else f"{one.note} · {one.detail}",
        "value": f"{one.cases:,}",
        "change": asdict(one.change),
        "hot": one.hot,
    }


def said(content: Content, line_em: float, most_lines: int, width_em: WidthEm) -> list[str]:
    """Return the first sentence, and the second where both keep to so many lines."""
    first = list(content.sentences[:2])
    lines = sum(lines_of(text, line_em, width_em) for text in first)
    return first if lines <= most_lines else first[:1]


def ruler_matter(ruler: Ruler, say: Words) -> Matter:
    """Return the phase ruler as shares 0–1 of its length and height."""
    days = max((ruler.last - ruler.first).days + 1, 1)

    def share(day: date) -> float:
        return min(max((day - ruler.first).days / days, 0.0), 1.0)

    def span(first: date, last: date) -> list[float]:
        return [share(first), min(share(last) + 1 / days, 1.0)]

    most = max(ruler.cases, default=0) or 1
    phases = [
        {
            "name": one.name,
            "text": one.text,
            "span": span(one.from_on, one.until_on),
            "now": one.now,
            "start": say.day(one.from_on),
        }
        for one in ruler.phases
    ]
    return {
        "days": days,
        "bars": [cases / most for cases in ruler.cases[:days]],
        "most": say.number(most),
        "phases": phases,
        "shown": span(ruler.from_on, ruler.until_on),
        "known": min(len(ruler.cases) / days, 1.0),
        "today": ruler.today,
        "holidays": [share(day) for day in ruler.holidays if ruler.first <= day <= ruler.last],
        "ends": [say.day(ruler.first), say.day(ruler.last)],
    }
