"""What the browser is sent, read by the tests of the pages."""

from __future__ import annotations

import re


def texts(value):
    """Every text of a payload, keys left out."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


def unfolded(payload):
    """Give a payload whose proofs are whole again, as the browser puts them together."""
    shared = [payload.get(name, []) for name in ("proofs", "scopes")]
    own = {name: part for name, part in payload.items() if name not in ("proofs", "scopes")}
    return _joined(own, *shared)


def _joined(value, formulas, scopes):
    if isinstance(value, list):
        return [_joined(one, formulas, scopes) for one in value]
    if not isinstance(value, dict):
        return value
    if {"of", "in"} <= set(value):
        formula = formulas[value["of"]]
        own = {name: part for name, part in value.items() if name not in ("of", "in")}
        named = {
            part: {"name": formula[part], **own[part]}
            for part in ("numerator", "denominator")
            if part in own
        }
        return {**formula, **scopes[value["in"]], **own, **named}
    return {name: _joined(part, formulas, scopes) for name, part in value.items()}


DIGIT = re.compile(r"\d")


def proofs_in(value):
    """Every proof of a payload that is whole."""
    if isinstance(value, list):
        return [proof for one in value for proof in proofs_in(one)]
    if not isinstance(value, dict):
        return []
    told = value.get("proof") or []
    here = told if isinstance(told, list) else [told]
    return here + [
        proof for name, one in value.items() if name != "proof" for proof in proofs_in(one)
    ]


def unproven(block, needs_none=()):
    """Give where a block shows a number with nothing behind it: ``kind name / place``.

    ``needs_none``: names of columns that hold no counts.
    """
    found = {
        "cards": _of_cards, "sentences": _of_sentences, "lists": _of_lists, "table": _of_table,
        "forest": _of_forest, "lines": _of_lines, "bars": _of_bars,
    }.get(block["kind"], lambda _: [])(block)  # fmt: skip
    name = f"{block['kind']} {block.get('id') or block.get('title', '')}"
    if block.get("empty"):
        return []
    return [f"{name} / {one}" for one in found if one.partition(": ")[0] not in needs_none]


def _of_cards(block):
    return [card["label"] for card in block["cards"] if not card.get("proof")]


def _of_sentences(block):
    return [
        one["text"]
        for one in block["sentences"]
        if DIGIT.search(one["text"]) and not one.get("proof")
    ]


def _of_lists(block):
    return [
        f"{one['title']}: {row['text']}"
        for one in block["lists"]
        for row in one["rows"]
        if "proof" not in one and "proof" not in row
    ]


def _of_table(block):
    missing = []
    for at, column in enumerate(block["columns"]):
        cells = [row["cells"][at] for row in block["rows"]]
        bare = [cell for cell in cells if _is_number(cell) and not _proof_of(cell)]
        if bare and "proof" not in column and (column.get("kind", "text") != "text" or at):
            missing.append(f"{column['name']}: {bare[0]}")
    return missing


def _is_number(cell):
    if isinstance(cell, dict):
        cell = cell.get("text") or cell.get("value")
    return isinstance(cell, int | float) or bool(DIGIT.search(cell or ""))


def _proof_of(cell):
    return cell.get("proof") if isinstance(cell, dict) else None


def _of_forest(block):
    bare = [row["label"] for row in block["rows"] if "proof" not in row]
    course = any("spark" in row for row in block["rows"]) and "course" not in block
    return [*bare, *(["course"] if course else [])]


def _of_lines(block):
    return [line["name"] for line in block["series"] if "proof" not in line]


def _of_bars(block):
    keys = {one["name"] for one in block.get("legend", []) if "proof" in one}
    parts = {part["name"] for row in block["rows"] for part in row["parts"]} - keys
    return [*sorted(parts), *(row["label"] for row in block["rows"] if "proof" not in row)]
