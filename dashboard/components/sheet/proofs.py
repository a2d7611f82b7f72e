"""What is behind the numbers of a page, as it travels: what many of them share is sent once.

A page holds hundreds of numbers with the same formula, period, filters and version. ``folded``
keeps of each only what is its own; ``panels/proof_parts.js`` puts the parts together again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

FORMULA: Final = ("title", "formula", "source")
SCOPE: Final = ("period", "filters", "version")
PARTS: Final = ("numerator", "denominator")

Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Shared:
    """Formulas and scopes met so far, in order; each with its number."""

    formulas: dict[Key, int] = field(default_factory=dict)
    scopes: dict[Key, int] = field(default_factory=dict)


def folded(page: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sound payload whose proofs name their formula and scope by number.

    ``of`` counts into the page's ``proofs`` (title, formula, source, names of the parts), ``in``
    into its ``scopes`` (period, filters, version); the rest of a proof is its own.
    """
    shared = _Shared()
    told = {name: _fold(part, shared) for name, part in page.items()}
    both = {"proofs": shared.formulas, "scopes": shared.scopes}
    return {**told, **{name: list(map(dict, parts)) for name, parts in both.items()}}


def _fold(value: Any, shared: _Shared) -> Any:
    if isinstance(value, Mapping):
        return {
            name: _behind(part, shared) if name == "proof" else _fold(part, shared)
            for name, part in value.items()
        }
    return [_fold(one, shared) for one in value] if isinstance(value, list) else value


def _behind(value: Any, shared: _Shared) -> Any:
    """One proof, or the several of a sentence."""
    if isinstance(value, Mapping):
        return _own(value, shared)
    return [_behind(one, shared) for one in value] if isinstance(value, list) else value


def _own(proof: Mapping[str, Any], shared: _Shared) -> dict[str, Any]:
    """What a proof does not share, and the numbers of what it does."""
    named = {part: proof[part] for part in PARTS if isinstance(proof.get(part), Mapping)}
    names = {part: told.get("name") for part, told in named.items()}
    formula = _key({name: proof.get(name) for name in FORMULA} | names)
    scope = _key({name: proof.get(name) for name in SCOPE})
    own = {
        "of": shared.formulas.setdefault(formula, len(shared.formulas)),
        "in": shared.scopes.setdefault(scope, len(shared.scopes)),
        **{name: part for name, part in proof.items() if name not in (*FORMULA, *SCOPE)},
    }
    for part, told in named.items():
        own[part] = {name: value for name, value in told.items() if name != "name"}
    return own


def _key(parts: Mapping[str, Any]) -> Key:
    return tuple((name, part) for name, part in parts.items() if isinstance(part, str))
