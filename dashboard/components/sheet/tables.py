"""Cards, sentences and tables of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Unpack

from dashboard.components.sheet.parts import Block, Frame, Number, Part, Proof, block, given

Kind = Literal["text", "number", "status", "stamp", "interval", "spark"]
Tone = Literal["", "better", "worse", "muted", "strong"]
Verdict = Literal["better", "worse", "same", "none"]
Direction = Literal["up", "down", "flat", "none"]

SIGNS = {
    "overdue": "▲",
    "due_soon": "◆",
    "open": "●",
    "closed_on_time": "✓",
    "closed_late": "✓",
}
"""Sign of each status: never told by colour alone."""


def cards(cards: Sequence[Part], **frame: Unpack[Frame]) -> Block:
    """Headline numbers in a row."""
    return block("cards", frame, cards=cards)


def card(
    label: str,
    value: str,
    *,
    unit: str = "",
    change: Part | None = None,
    note: str = "",
    proof: Proof = None,
    spark: Part | None = None,
    patch: Mapping[str, Any] | None = None,
) -> Part:
    """One headline number; ``spark`` is its recent course, see `course`."""
    return given(
        label=label,
        value=value,
        unit=unit,
        change=change,
        note=note,
        proof=proof,
        spark=spark,
        patch=patch,
    )


def course(
    values: Sequence[Number],
    label: str,
    *,
    texts: Sequence[str],
    domain: tuple[float, float],
    usual: tuple[float, float] | None = None,
) -> Part:
    """Small line beside a headline, oldest first; ``label`` says it, ``texts`` each point.

    ``domain`` is what its height stands for, ``usual`` the range drawn behind it.
    """
    return given(values=list(values), label=label, texts=list(texts), domain=domain, usual=usual)


def change(text: str, direction: Direction, verdict: Verdict = "none") -> Part:
    """How a number moved: the arrow is the direction, the colour the verdict, if there is one."""
    return {"text": text, "direction": direction, "verdict": verdict}


def sentences(
    sentences: Sequence[Part | str], *, small: bool = False, **frame: Unpack[Frame]
) -> Block:
    """Numbered sentences, in order; ``small`` for what is told beside the summary."""
    listed = [{"text": one} if isinstance(one, str) else one for one in sentences]
    return block("sentences", frame, sentences=listed, small=small or None)


def sentence(
    text: str,
    *,
    proof: Proof | Sequence[Proof] = None,
    tone: Literal["plain", "doubt", "next"] = "plain",
    marked: Sequence[str] = (),
) -> Part:
    """One sentence: a fact, a doubt, or what to do next; ``marked`` names in it are set off.

    ``proof``: one, or one for each of its numbers.
    """
    here = [name for name in marked if name and name in text]
    return given(text=text, proof=proof, tone=tone, marked=here or None)


def lists(lists: Sequence[Part], **frame: Unpack[Frame]) -> Block:
    """Short lists side by side."""
    return block("lists", frame, lists=lists)


def scale(
    label: str, bounds: Sequence[str], keys: Sequence[Part] = (), **frame: Unpack[Frame]
) -> Block:
    """Colours of a map with their lower bounds; ``keys`` are ``{"mark", "text"}``."""
    return block("scale", frame, label=label, bounds=list(bounds), keys=list(keys))


def short_list(
    title: str, rows: Sequence[Part], *, note: str = "", empty: str = "", proof: Proof = None
) -> Part:
    """One short list; ``empty`` says why there is no row, ``proof`` is behind its every number."""
    return given(title=title, rows=list(rows), note=note, empty=empty, proof=proof)


def list_row(
    name: str,
    text: str,
    *,
    detail: str = "",
    verdict: Verdict = "none",
    direction: Direction | Literal[""] = "",
    href: str = "",
    patch: Mapping[str, Any] | None = None,
) -> Part:
    """One line of a short list: what, and its number."""
    return given(
        name=name,
        text=text,
        detail=detail,
        verdict=verdict,
        direction=direction,
        href=href,
        patch=patch,
    )


def table(
    columns: Sequence[Part], rows: Sequence[Part], *, first: int = 12, **frame: Unpack[Frame]
) -> Block:
    """Rows under headings that sort; the ``first`` are shown, the rest on request."""
    return block("table", frame, columns=columns, rows=rows, first=first)


def column(
    name: str,
    kind: Kind = "text",
    *,
    bar: bool = False,
    unit: str = "",
    hint: str = "",
    domain: tuple[float, float] | None = None,
    reference: Number = None,
    proof: Proof = None,
) -> Part:
    """Heading of a column; ``bar`` draws a bar behind its numbers, ``domain`` scales intervals.

    ``proof`` (`dashboard.proof.shared`) is behind every number of the column that has none of its
    own.
    """
    return given(
        name=name,
        kind=kind,
        bar=bar or None,
        unit=unit,
        hint=hint,
        domain=domain,
        reference=reference,
        proof=proof,
    )


def row(
    cells: Sequence[Any],
    *,
    patch: Mapping[str, Any] | None = None,
    href: str = "",
    tone: Tone = "",
) -> Part:
    """One row; with ``patch`` it is a button, with ``href`` a link."""
    return given(cells=cells, patch=patch, href=href, tone=tone)


def cell(
    text: str | None,
    *,
    value: Number | str = None,
    proof: Proof = None,
    tone: Tone = "",
    note: str = "",
) -> Part:
    """Text with what it sorts by and what is behind it; ``note`` is said small below it."""
    return given(text=text, value=value, proof=proof, tone=tone, note=note)


def status(code: str, text: str) -> Part:
    """Status of a case: its sign and its word in its colour."""
    return given(text=text, status=code, icon=SIGNS.get(code))


def stamp(
    stamp: str, stamp_class: str, text: str, *, value: Number = None, proof: Proof = None
) -> Part:
    """Class of a hot spot as a one-character stamp, e.g. ``新``, ``new_hot``, ``新增``."""
    return given(stamp=stamp, stamp_class=stamp_class, text=text, value=value, proof=proof)


def interval(
    text: str,
    *,
    lower: Number,
    upper: Number,
    point: Number = None,
    raw: Number = None,
    reference: Number = None,
    proof: Proof = None,
    tone: Tone = "",
) -> Part:
    """Cell of a column of intervals: bar, dot (estimate), tick (raw), dashes (reference)."""
    return given(
        text=text,
        value=point,
        lower=lower,
        upper=upper,
        point=point,
        raw=raw,
        reference=reference,
        proof=proof,
        tone=tone,
    )


def spark(values: Sequence[Number], text: str) -> Part:
    """Small line of a course, oldest first; ``text`` says it in words."""
    return {"values": list(values), "text": text}
