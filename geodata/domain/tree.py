"""Things that contain one another: offices (市—区—街道—社区) and areas (街道—社区)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from geodata.errors import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One office or one area, with the one above it.

    Attributes
    ----------
    code
        Short, stable, unique within the tree; what the case table stores.
    parent
        Code of the node above, or None at the top.
    level
        The city's own word for the level, e.g. ``区``, ``街道``, ``社区``.
    """

    code: str
    name: str
    name_en: str = ""
    parent: str | None = None
    level: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes in the order the city lists them, with quick answers about descent."""

    nodes: tuple[Node, ...] = ()
    _children: dict[str | None, list[Node]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index children once; the tree never changes afterwards."""
        children: dict[str | None, list[Node]] = {}
        for node in self.nodes:
            children.setdefault(node.parent, []).append(node)
        object.__setattr__(self, "_children", children)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def codes(self) -> list[str]:
        """Every code, in listed order."""
        return [node.code for node in self.nodes]

    def children(self, code: str | None) -> list[Node]:
        """Nodes directly below ``code``; the top ones for None."""
        return list(self._children.get(code, ()))

    def under(self, codes: Iterable[str]) -> set[str]:
        """Return the given codes and all that lie below them."""
        found: set[str] = set()
        waiting = list(codes)
        while waiting:
            code = waiting.pop()
            if code not in found:
                found.add(code)
                waiting += [child.code for child in self._children.get(code, ())]
        return found

    def defects(self) -> list[Sentence]:
        """List what is wrong with the tree, in words; empty when sound."""
        codes = self.codes()
        known = set(codes)
        twice = sorted({code for code in codes if codes.count(code) > 1})
        wrong = [Sentence("code {code!r} is used twice", code=code) for code in twice]
        wrong += [
            Sentence(
                "{code!r} names a parent {parent!r} that is not listed",
                code=node.code,
                parent=node.parent,
            )
            for node in self.nodes
            if node.parent is not None and node.parent not in known
        ]
        reachable = self.under(node.code for node in self.children(None))
        if not wrong and reachable != known:
            wrong.append(
                Sentence("{codes}: parents form a circle", codes=sorted(known - reachable))
            )
        return wrong
