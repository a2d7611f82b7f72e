"""A name laid along a line, character by character: flat, stacked, or not at all on a bend."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from geodata.press.chains import Chain
from geodata.press.fitting import Box, View

STEEP: Final = math.radians(48)
LEAST_CHORD: Final = 0.93
MOST_TURN: Final = math.radians(24)
MOST_LEAN: Final = math.radians(32)
ANGLE_STEP: Final = math.pi / 90
NEARLY_STRAIGHT: Final = math.radians(7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph:
    """A letter (or a whole straight run) centred on a point, turned by an angle (radians)."""

    text: str
    x: float
    y: float
    width: float
    height: float
    angle: float = 0.0

    def box(self, air: float = 1.5) -> Box:
        """Return the upright box the turned glyph covers, with a little air."""
        cos, sin = abs(math.cos(self.angle)), abs(math.sin(self.angle))
        dx = (self.width * cos + self.height * sin) / 2 + air
        dy = (self.width * sin + self.height * cos) / 2 + air
        return self.x - dx, self.y - dy, self.x + dx, self.y + dy


@dataclass(frozen=True, slots=True)
class Run:
    """Characters with their advances; ``upright`` for names in Chinese letters."""

    glyphs: tuple[tuple[str, float], ...]
    upright: bool
    size: float

    @property
    def advance(self) -> float:
        """Sum of the advances, without gaps."""
        return sum(width for _, width in self.glyphs)


def lay_run(
    chain: Chain, view: View, run: Run, middle: float, gap: float
) -> tuple[Glyph, ...] | None:
    """Lay a run centred on an arc length, ``gap`` px between glyphs; None where it does not fit.

    Straight enough means: the chord is at least 93 % of the arc, no glyph leans more than 32°
    from the whole, and none turns more than 24° from its neighbour.
    """
    total = run.advance + gap * (len(run.glyphs) - 1)
    begin, end = middle - total / 2 / view.scale, middle + total / 2 / view.scale
    if begin < 0 or end > chain.length:
        return None
    (x0, y0), (x1, y1) = chain.at(begin), chain.at(end)
    if math.hypot(x1 - x0, y1 - y0) * view.scale < LEAST_CHORD * total:
        return None
    slope = math.atan2(y0 - y1, x1 - x0)
    steep = run.upright and STEEP < abs(slope) < math.pi - STEEP
    backwards = math.sin(slope) < 0 if steep else math.cos(slope) < -1e-9  # noqa: PLR2004
    placed = tuple(_along(chain, view, run, (begin, end), gap, steep=steep, backwards=backwards))
    whole = _standing(slope + math.pi if backwards else slope, steep=steep)
    return None if _bent(placed, whole) else _settled(placed)


def _along(
    chain: Chain,
    view: View,
    run: Run,
    ends: tuple[float, float],
    gap: float,
    *,
    steep: bool,
    backwards: bool,
) -> Iterator[Glyph]:
    reach = 0.0
    half = 0.7 * run.size / view.scale
    for text, width in run.glyphs:
        step = (reach + width / 2) / view.scale
        s = ends[1] - step if backwards else ends[0] + step
        (ax, ay), (bx, by) = chain.at(s - half), chain.at(s + half)
        way = math.atan2(ay - by, bx - ax) + (math.pi if backwards else 0.0)
        x, y = chain.at(s)
        yield Glyph(
            text=text,
            x=x * view.scale + view.left,
            y=view.top - y * view.scale,
            width=width,
            height=run.size,
            angle=_standing(way, steep=steep),
        )
        reach += width + gap


def _turned(angle: float) -> float:
    return math.atan2(math.sin(angle), math.cos(angle))


def _standing(along: float, *, steep: bool) -> float:
    """Return a glyph's own rotation: along the line, or for a stacked column the column's lean."""
    return _turned(along - math.pi / 2 if steep else along)


def _bent(glyphs: tuple[Glyph, ...], whole: float) -> bool:
    leans = any(abs(_turned(glyph.angle - whole)) > MOST_LEAN for glyph in glyphs)
    pairs = itertools.pairwise(glyphs)
    return leans or any(abs(_turned(b.angle - a.angle)) > MOST_TURN for a, b in pairs)


def _settled(glyphs: tuple[Glyph, ...]) -> tuple[Glyph, ...]:
    """Nearly straight names share one angle; all angles keep to steps of 2°."""
    spread = max(abs(_turned(glyph.angle - glyphs[0].angle)) for glyph in glyphs)
    middle = glyphs[len(glyphs) // 2].angle
    chosen = [middle if spread < NEARLY_STRAIGHT else glyph.angle for glyph in glyphs]
    steps = (round(angle / ANGLE_STEP) * ANGLE_STEP for angle in chosen)
    return tuple(replace(glyph, angle=angle) for glyph, angle in zip(glyphs, steps, strict=True))


def joined(glyphs: tuple[Glyph, ...], name: str) -> tuple[Glyph, ...]:
    """Return a straight Latin name as one run, with the face's own kerning."""
    first, last = glyphs[0], glyphs[-1]
    if any(glyph.angle != first.angle for glyph in glyphs):
        return glyphs
    slip = (last.width - first.width) / 4
    whole = replace(
        first,
        text=name,
        width=sum(glyph.width for glyph in glyphs),
        x=(first.x + last.x) / 2 + slip * math.cos(first.angle),
        y=(first.y + last.y) / 2 + slip * math.sin(first.angle),
    )
    return (whole,)
