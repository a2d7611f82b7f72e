"""The register of telephone numbers on illegal posters (S20): for those authorised, nobody else."""

from __future__ import annotations

from dashboard.access import Reading
from dashboard.downloads.file import ExportFile, export_file
from dashboard.filters import View
from dashboard.identity import AccessDenied
from dashboard.text import Speaker
from geodata.brief.poster_phones import phone_register
from geodata.brief.poster_sheet import register_workbook
from geodata.domain.viewer import ENFORCEMENT

WHAT = "phones"


def workbook(reading: Reading, view: View, say: Speaker) -> ExportFile:
    """The numbers found in the poster cases of a selection, with counts and places.

    Raises
    ------
    AccessDenied
        The person looking has another role, or the city names no people.
    """
    if reading.viewer.role != ENFORCEMENT:
        raise AccessDenied(
            "Only people with the role {role!r} in city.toml may download this register. Ask the "
            "administrator.",
            role=ENFORCEMENT,
        )
    register = phone_register(reading.source, view.selection)
    body = register_workbook(reading.source, register, reading.viewer, say)
    return export_file(reading, WHAT, "xlsx", body)
