"""How much room a text takes, before it is set."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

from geodata.press.lettering import WidthEm

_UNBROKEN: Final = re.compile(r"[^\s⺀-鿿豈-﫿]+")


def shortened(text: str, most_em: float, width_em: WidthEm) -> str:
    """Return the text, or as much of it as fits with an ellipsis."""
    if width_em(text) <= most_em:
        return text
    kept = text
    while kept and width_em(f"{kept}…") > most_em:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def lines_of(text: str, line_em: float, width_em: WidthEm, *, indent_em: float = 0.0) -> int:
    """Return how many lines a text fills; a little more than the typesetter needs."""
    return max(1, math.ceil((width_em(text) * 1.04 + indent_em) / line_em))


def column_widths(
    wishes: Sequence[float], floors: Sequence[float | None], room: float
) -> list[float]:
    """Share out a table's width.

    Parameters
    ----------
    wishes
        Width each column would like, in the unit of ``room``.
    floors
        Least width of a column whose texts may wrap; None for those that keep their wish.

    Returns
    -------
    list of float
        Widths that add up to ``room``: columns of text share what the others leave, each its
        floor first. All shrink alike where not even the floors fit. Empty in, empty out.
    """
    low = [
        wish if floor is None else min(wish, floor)
        for wish, floor in zip(wishes, floors, strict=True)
    ]
    spare = room - sum(low)
    if spare <= 0 or all(floor is None for floor in floors):
        return [width * room / (sum(low) or 1.0) for width in low]
    more = [wish - width for wish, width in zip(wishes, low, strict=True)]
    if sum(more) >= spare:
        return [width + spare * one / sum(more) for width, one in zip(low, more, strict=True)]
    text = [0.0 if floor is None else wish for wish, floor in zip(wishes, floors, strict=True)]
    left = room - sum(wishes)
    return [wish + left * one / (sum(text) or 1.0) for wish, one in zip(wishes, text, strict=True)]


def two_lines(heading: str, width_em: WidthEm) -> float:
    """Width at which a heading of Latin words stands on two lines, in em."""
    words = heading.split()
    splits = (
        max(width_em(" ".join(words[:at])), width_em(" ".join(words[at:])))
        for at in range(len(words))
    )
    return min(splits, default=0.0)


def longest_word(text: str, width_em: WidthEm) -> float:
    """Width of the longest part of a text that is not broken over lines, in em."""
    return max((width_em(word) for word in _UNBROKEN.findall(text)), default=0.0)
