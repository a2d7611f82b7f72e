"""Street names laid along streets, one character at a time, as the map on the screen lays them.

Streets flatter than 48° read left to right; steeper ones are stacked top-down, each character
standing on the column. Latin names are runs along the line. Nothing overlaps, nothing shrinks,
bends are skipped, and the same input gives the same output.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from geodata.press.chains import Chain
from geodata.press.fitting import View
from geodata.press.laying import Glyph, Run, joined, lay_run
from geodata.press.room import Room

_NUDGES: Final = (0.0, -0.14, 0.14, -0.28, 0.28, -0.42, 0.42)
_CJK: Final = re.compile(r"[⺀-鿿豈-﫿]")

WidthEm = Callable[[str], float]
"""Advance of a text in em."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterStyle:
    """Letter size (px), weight, air around glyphs (px), and tracking: loose to tight (em)."""

    size: float
    weight: int
    air: float
    loose: float
    tight: float
    repeat: float


_MAIN: Final = LetterStyle(size=14.5, weight=700, air=1.5, loose=0.95, tight=0.22, repeat=620)
_BACK: Final = LetterStyle(size=12, weight=400, air=3, loose=0.26, tight=0.08, repeat=480)

STYLES: Final = {
    "strict": _MAIN,
    "first": _MAIN,
    "second": LetterStyle(size=13, weight=700, air=2, loose=0.42, tight=0.14, repeat=560),
    "fringe": LetterStyle(size=12.5, weight=400, air=2.5, loose=0.3, tight=0.1, repeat=520),
    "back": _BACK,
    "unclassified": _BACK,
}
"""By street class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A placed name: ``runs`` are drawn, ``glyphs`` are the room it takes."""

    name: str
    size: float
    weight: int
    tone: str
    glyphs: tuple[Glyph, ...]
    runs: tuple[Glyph, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A name to place along the chains of its street."""

    name: str
    style: LetterStyle
    chains: tuple[Chain, ...]
    tone: str = "street"


@dataclass(frozen=True, slots=True)
class _Slot:
    """A stretch of a chain that may carry a name."""

    chain: Chain
    middle: float
    span: float
    order: float


def place_names(
    room: Room, view: View, jobs: Sequence[Job], width_em: WidthEm, *, most: int = 3
) -> list[Label]:
    """Place names in order of importance; they take their room.

    Every street gets one name before any gets another, ``most`` in all.
    """
    runs = [_run(job.name, job.style, width_em) for job in jobs]
    centres: list[list[tuple[float, float]]] = [[] for _ in jobs]
    labels: list[Label] = []
    for first in (True, False):
        for job, run, own in zip(jobs, runs, centres, strict=True):
            if first or own:
                labels += _place(room, view, job, run, own, most=1 if first else most - 1)
    return labels


def _place(
    room: Room, view: View, job: Job, run: Run, centres: list[tuple[float, float]], *, most: int
) -> list[Label]:
    labels: list[Label] = []
    for slot in _slots(job, view, run):
        if len(labels) >= most:
            break
        glyphs = _in_slot(room, view, run, slot, job.style)
        if glyphs is None or not _far(centres, glyphs, 0.75 * job.style.repeat):
            continue
        for glyph in glyphs:
            room.take(glyph.box(job.style.air))
        centres.append(_middle(glyphs))
        labels.append(_label(job, run, glyphs))
    return labels


def _label(job: Job, run: Run, glyphs: tuple[Glyph, ...]) -> Label:
    return Label(
        name=job.name,
        size=run.size,
        weight=job.style.weight,
        tone=job.tone,
        glyphs=glyphs,
        runs=glyphs if run.upright else joined(glyphs, job.name),
    )


def _run(name: str, style: LetterStyle, width_em: WidthEm) -> Run:
    upright = bool(_CJK.search(name))
    size = style.size if upright else style.size - 1
    least = 0.62 * size if upright else 0.0
    glyphs = tuple(
        (text, size if _CJK.match(text) else max(width_em(text) * size, least)) for text in name
    )
    return Run(glyphs, upright, size)


def _slots(job: Job, view: View, run: Run) -> list[_Slot]:
    """Stretches of the chains long enough for the name, best first."""
    found: list[_Slot] = []
    for rank, chain in enumerate(job.chains):
        pixels = chain.length * view.scale
        if pixels < run.advance:
            continue
        count = max(1, math.floor(pixels / job.style.repeat))
        for at in range(count):
            order = rank * 1000 + abs(at - (count - 1) / 2)
            middle = (at + 0.5) * chain.length / count
            found.append(_Slot(chain, middle, chain.length / count, order))
    return sorted(found, key=lambda slot: (slot.order, slot.middle))


def _in_slot(
    room: Room, view: View, run: Run, slot: _Slot, style: LetterStyle
) -> tuple[Glyph, ...] | None:
    for gap in _gaps(run, slot, style, view):
        for nudge in _NUDGES:
            glyphs = lay_run(slot.chain, view, run, slot.middle + nudge * slot.span, gap)
            if glyphs and all(room.is_free(glyph.box(style.air)) for glyph in glyphs):
                return glyphs
    return None


def _gaps(run: Run, slot: _Slot, style: LetterStyle, view: View) -> tuple[float, ...]:
    if not run.upright:
        return (0.0,)
    free = 0.8 * (slot.span * view.scale - run.advance) / max(1, len(run.glyphs) - 1)
    loose, tight = style.loose * run.size, style.tight * run.size
    return (min(loose, free), tight) if free > 1.2 * tight else (tight,)


def _middle(glyphs: tuple[Glyph, ...]) -> tuple[float, float]:
    glyph = glyphs[len(glyphs) // 2]
    return glyph.x, glyph.y


def _far(centres: list[tuple[float, float]], glyphs: tuple[Glyph, ...], least: float) -> bool:
    here = _middle(glyphs)
    return all(math.dist(here, centre) > least for centre in centres)
