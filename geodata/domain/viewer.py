"""Who may see what: everything, everything and the phone register, or an office's own cases."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from geodata.errors import Sentence

LEADER: Final = "leader"
ENFORCEMENT: Final = "enforcement"
OFFICE: Final = "office"
ROLES: Final = (LEADER, ENFORCEMENT, OFFICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """One person, or one post, as the sign-in in front of the dashboard names them.

    Attributes
    ----------
    role
        ``leader`` sees all cases; ``enforcement`` also the register of illegal posters' phone
        numbers (S20); ``office`` only the cases its offices, or those below them, lead or assist.
    """

    name: str
    role: str = LEADER
    offices: tuple[str, ...] = ()


EVERYBODY: Final = Viewer(name="")
"""Whoever reaches the dashboard of a city that names no people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRule:
    """Whom the sign-in in front of the dashboard lets in.

    Attributes
    ----------
    header
        Request header in which that sign-in writes the name. The dashboard believes it: let
        nobody reach its port but the sign-in.
    """

    header: str = "X-Remote-User"
    people: tuple[Viewer, ...] = ()

    def viewer(self, name: str | None) -> Viewer | None:
        """Return the person of that name; None for a stranger."""
        return next((one for one in self.people if one.name == name), None)

    def defects(self, offices: set[str]) -> list[Sentence]:
        """List what is wrong with the rule, in words; ``offices`` are the codes there are."""
        names = Counter(one.name for one in self.people)
        wrong = [
            Sentence("{name!r} is listed {n} times", name=name, n=n)
            for name, n in names.items()
            if n > 1
        ]
        for one in self.people:
            if one.role not in ROLES:
                wrong.append(
                    Sentence(
                        "{name!r} has role {role!r}; write one of {roles}",
                        name=one.name,
                        role=one.role,
                        roles=list(ROLES),
                    )
                )
            if (one.role == OFFICE) != bool(one.offices):
                wrong.append(
                    Sentence(
                        "{name!r}: role 'office', and no other, needs a list of offices",
                        name=one.name,
                    )
                )
            strange = sorted(set(one.offices) - offices)
            if strange:
                wrong.append(
                    Sentence(
                        "{name!r} names office {office!r}, which is not listed",
                        name=one.name,
                        office=strange[0],
                    )
                )
        return wrong
