"""Charts of a page: intervals on one scale, lines over days, stacked bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Unpack

from dashboard.components.sheet.parts import Block, Frame, Number, Part, Proof, block, given


def forest(
    rows: Sequence[Part],
    *,
    unit: str,
    domain: tuple[float, float],
    reference: Part | None = None,
    log: bool = False,
    first: int | None = None,
    legend: Sequence[Part] = (),
    course: Proof = None,
    **frame: Unpack[Frame],
) -> Block:
    """Estimates with intervals on one scale; ``reference`` is ``{"value": …, "label": …}``.

    ``unit`` is how axis numbers are written: ``share`` in per cent, else their unit in words.
    ``course`` is what is behind the small lines at the end of the rows.
    """
    return block(
        "forest",
        frame,
        rows=rows,
        unit=unit,
        domain=domain,
        reference=reference,
        log=log or None,
        first=first,
        legend=list(legend) or None,
        course=None if course is None else {"proof": course},
    )


def forest_row(
    label: str,
    text: str,
    *,
    point: Number = None,
    lower: Number = None,
    upper: Number = None,
    raw: Number = None,
    n: str = "",
    rank: str = "",
    verdict: Literal["better", "worse", "none"] = "none",
    muted: bool = False,
    note: str = "",
    proof: Proof = None,
    patch: Mapping[str, Any] | None = None,
) -> Part:
    """One estimate; ``muted`` where there is too little to draw, and ``text`` says so."""
    return given(
        label=label,
        text=text,
        point=point,
        lower=lower,
        upper=upper,
        raw=raw,
        n=n,
        rank=rank,
        verdict=verdict,
        muted=muted or None,
        note=note,
        proof=proof,
        patch=patch,
    )


def lines(
    x: Part,
    series: Sequence[Part],
    *,
    unit: str,
    summary: str,
    marks: Sequence[Part] = (),
    spans: Sequence[Part] = (),
    y_from_zero: bool = True,
    **frame: Unpack[Frame],
) -> Block:
    """Lines over days or numbers; ``summary`` says in words what they show.

    ``marks`` are ``{"x", "label"}``, ``spans`` are ``{"from", "until", "label"}``.
    """
    return block(
        "lines",
        frame,
        x=x,
        series=series,
        unit=unit,
        summary=summary,
        marks=list(marks) or None,
        spans=list(spans) or None,
        y_from_zero=y_from_zero,
    )


def axis(kind: Literal["day", "number"], values: Sequence[Any], label: str = "") -> Part:
    """Positions along the bottom: ISO days, or numbers."""
    return given(kind=kind, values=list(values), label=label)


def line(
    name: str,
    values: Sequence[Number],
    *,
    lower: Sequence[Number] | None = None,
    upper: Sequence[Number] | None = None,
    step: bool = False,
    tone: Literal["problem", "calm", "a", "b", "c", "d"] = "a",
    proof: Proof = None,
) -> Part:
    """One line, with its band where both ends are given; gaps where a value is missing.

    ``proof`` (`dashboard.proof.shared`) is behind every point; its value and band are added.
    """
    return given(
        name=name, values=values, lower=lower, upper=upper, step=step or None, tone=tone,
        proof=proof,
    )  # fmt: skip


def bars(
    rows: Sequence[Part],
    *,
    unit: str = "",
    legend: Sequence[Part] = (),
    first: int | None = None,
    **frame: Unpack[Frame],
) -> Block:
    """Stacked bars on one scale; ``legend`` is `bar_key` in order of the parts."""
    return block("bars", frame, rows=rows, unit=unit, legend=list(legend) or None, first=first)


def bar_row(
    label: str,
    parts: Sequence[Part],
    text: str,
    *,
    proof: Proof = None,
    patch: Mapping[str, Any] | None = None,
) -> Part:
    """One bar with its number in words at the end."""
    return given(label=label, parts=list(parts), text=text, proof=proof, patch=patch)


def bar_key(name: str, tone: str, *, proof: Proof = None) -> Part:
    """What the parts of a name mean; ``proof`` is behind every one of them."""
    return given(name=name, tone=tone, proof=proof)


def bar_part(name: str, value: Number, tone: str, *, text: str = "") -> Part:
    """One part of a bar; tones are ``calm``, ``soon``, ``heat-1`` … ``heat-6``, ``a`` … ``d``."""
    return given(name=name, value=value, tone=tone, text=text)
