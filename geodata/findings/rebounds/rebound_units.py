"""Names of the units rebounds are told apart by."""

from __future__ import annotations

from geodata.domain.campaign import AFTER, BEFORE, BETWEEN
from geodata.findings.source import Source
from geodata.wording import Words
from geodata.wording.selection import phase_name
from geodata.wording.units import unit_names


def unit_names_by(source: Source, by: str, say: Words) -> dict[str, str]:
    """Name of every code of a kind, phases of closing included."""
    if by != "phase":
        return unit_names(source.city, source.facts, by, say)
    campaign = source.facts.campaign
    codes = campaign.values if campaign else [BEFORE, BETWEEN, AFTER]
    return {code: phase_name(source.city, code, say) for code in codes}
