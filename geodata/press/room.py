"""Taken room on the sheet: boxes found quickly, so that nothing lettered overlaps."""

from __future__ import annotations

import math
from collections.abc import Iterator

from geodata.press.fitting import Box

_BUCKET = 64.0


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes share any room."""
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


class Room:
    """Boxes in buckets of 64 pixels, inside a frame."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._buckets: dict[tuple[int, int], list[Box]] = {}

    def take(self, box: Box) -> None:
        """Take a box; what is placed later keeps off."""
        for key in _keys(box):
            self._buckets.setdefault(key, []).append(box)

    def is_free(self, box: Box) -> bool:
        """Whether a box lies inside the frame and on nothing taken."""
        inside = box[0] > 0 and box[1] > 0 and box[2] < self.width and box[3] < self.height
        return inside and not any(
            meet(own, box) for key in _keys(box) for own in self._buckets.get(key, ())
        )


def _keys(box: Box) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = (math.floor(edge / _BUCKET) for edge in box)
    for column in range(left, right + 1):
        for row in range(top, bottom + 1):
            yield column, row
