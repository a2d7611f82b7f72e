"""The register of posters' telephone numbers as a sheet to hand over."""

from __future__ import annotations

from typing import Final

from geodata.brief.poster_phones import PhoneRegister
from geodata.domain.viewer import Viewer
from geodata.findings.source import Source
from geodata.sheets.workbook import Column, Kind, Sheet, write_workbook
from geodata.wording import Words
from geodata.wording.numbers import count

_COLUMNS: Final[dict[str, Kind]] = {
    "phone": "text", "cases": "whole", "streets": "whole", "first_on": "date", "last_on": "date",
    "places": "text",
}  # fmt: skip


def register_workbook(source: Source, register: PhoneRegister, viewer: Viewer, say: Words) -> bytes:
    """Return the register as .xlsx; it names for whom it was made."""
    until = source.facts.last_day
    note = say(
        "phones.note",
        person=viewer.name,
        cases=count(say, register.cases),
        without=count(say, register.without),
        callers=count(say, register.callers),
        day=until.isoformat(),
        version=max(source.version, 0),
    )
    sheet = Sheet(
        name=say("phones.sheet"),
        title=say("phones.title", city=say.name(source.city)),
        columns=[
            Column(name=say(f"phones.column.{name}"), kind=kind) for name, kind in _COLUMNS.items()
        ],
        rows=[list(row) for row in register.table.select(list(_COLUMNS)).iter_rows()],
        note=note,
    )
    return write_workbook([sheet], as_of=until)
