"""What every part of a page is made of: plain data, nothing empty.

Every number is formatted in Python (`geodata.wording.numbers`); raw numbers travel only for the
geometry of charts and for sorting. What is missing is drawn as ``—``: a payload never holds NaN
or an infinity.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

import numpy as np

Block = dict[str, Any]
Control = dict[str, Any]
Part = dict[str, Any]
Number = float | int | None
Proof = Mapping[str, Any] | None


class Frame(TypedDict, total=False):
    """What every block may have around its content.

    ``span``: columns of twelve; ``empty``: words shown instead of the content; ``tools``: controls
    in its heading; ``id``: keeps a block's sort order and scroll through updates.
    """

    title: str
    note: str
    span: int
    tools: Sequence[Control]
    id: str
    empty: str


def sound(value: Any) -> Any:
    """Plain JSON; a number that is none becomes null, which the page writes as a dash."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): sound(part) for key, part in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [sound(part) for part in value]
    return value if value is None or isinstance(value, str | int) else str(value)


def given(**parts: Any) -> dict[str, Any]:
    """Parts that say something: neither missing nor empty."""
    return {name: part for name, part in parts.items() if part is not None and part != ""}


def block(kind: str, frame: Frame, **content: Any) -> Block:
    """Return a block of a kind: its content and what stands around it."""
    return {"kind": kind, **given(**frame), **given(**content)}
