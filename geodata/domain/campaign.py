"""The campaign 专项行动: its phases, and the special actions inside it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from geodata.errors import Sentence

BEFORE = "before"
BETWEEN = "between"
AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One stage of the campaign, first and last day included."""

    code: str
    name: str
    from_on: date
    until_on: date
    name_en: str = ""

    @property
    def days(self) -> int:
        """Length in days, both ends counted."""
        return (self.until_on - self.from_on).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Ordered phases; an office may have dates of its own.

    Days before the first phase are the value ``before``, days after the last ``after``,
    and days in a gap ``between``: every case has exactly one phase value.
    """

    name: str
    phases: tuple[Phase, ...]
    name_en: str = ""
    office_phases: Mapping[str, tuple[Phase, ...]] = field(default_factory=dict)

    @property
    def from_on(self) -> date:
        """First day of the first phase."""
        return self.phases[0].from_on

    @property
    def until_on(self) -> date:
        """Last day of the last phase."""
        return self.phases[-1].until_on

    @property
    def values(self) -> list[str]:
        """Every value a case's phase can take, in order of time."""
        return [BEFORE, *(phase.code for phase in self.phases), BETWEEN, AFTER]

    def phases_of(self, office: str | None) -> tuple[Phase, ...]:
        """Return the phases as this office keeps them."""
        return self.office_phases.get(office or "", self.phases)

    def phase_on(self, day: date, office: str | None = None) -> str:
        """Phase value of a day, by the office's own dates where it has them."""
        phases = self.phases_of(office)
        for phase in phases:
            if phase.from_on <= day <= phase.until_on:
                return phase.code
        if day < phases[0].from_on:
            return BEFORE
        return AFTER if day > phases[-1].until_on else BETWEEN

    def defects(self) -> list[Sentence]:
        """List what is wrong with the phases, in words; empty when sound."""
        wrong: list[Sentence] = []
        for owner, phases in {"campaign": self.phases, **self.office_phases}.items():
            if not phases:
                wrong.append(Sentence("{owner}: no phase is listed", owner=owner))
            wrong += [
                Sentence(
                    "{owner}: phase {phase!r} ends before it begins", owner=owner, phase=phase.code
                )
                for phase in phases
                if phase.until_on < phase.from_on
            ]
            wrong += [
                Sentence(
                    "{owner}: phase {later!r} begins before {earlier!r} has ended",
                    owner=owner,
                    later=later.code,
                    earlier=earlier.code,
                )
                for earlier, later in itertools.pairwise(phases)
                if later.from_on <= earlier.until_on
            ]
        return [*wrong, *self._wrong_codes()]

    def _wrong_codes(self) -> list[Sentence]:
        """Codes used twice, taken by the values outside all phases, or an office's own."""
        codes = [phase.code for phase in self.phases]
        wrong = [
            Sentence("phase code {code!r} is used twice", code=code)
            for code in sorted(set(codes))
            if codes.count(code) > 1
        ]
        wrong += [
            Sentence(
                "phase code {code!r} is taken: it stands for days outside the phases", code=code
            )
            for code in codes
            if code in (BEFORE, BETWEEN, AFTER)
        ]
        wrong += [
            Sentence(
                "{office}: phase {phase!r} is not one of the campaign's",
                office=office,
                phase=phase.code,
            )
            for office, phases in self.office_phases.items()
            for phase in phases
            if phase.code not in codes
        ]
        return wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialAction:
    """Some categories on named streets with several offices 专项行动 (S3): a saved filter."""

    code: str
    name: str
    categories: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    lead: str | None = None
    assisting: tuple[str, ...] = ()
    from_on: date | None = None
    until_on: date | None = None
    name_en: str = ""
