"""The re-inspection list 回头看 as a workbook with the chronic register, or as CSV."""

from __future__ import annotations

from dashboard.access import Reading
from dashboard.downloads.file import ExportFile, export_file, safe_csv
from dashboard.filters import View
from dashboard.text import Speaker
from dashboard.views.rebound_choices import asking_of
from geodata.findings.rebounds.look_back import chronic_register, look_back
from geodata.findings.rebounds.look_back_sheets import list_rows, list_sheet, register_sheet
from geodata.sheets import write_workbook

WHAT = "look-back"


def workbook(reading: Reading, view: View, say: Speaker) -> ExportFile:
    """The list with room for what is found there, and the register."""
    asking = asking_of(reading, view)
    source, scope = asking.source, asking.scope(say)
    found = look_back(source, view.selection, rule=asking.rule)
    kept = chronic_register(source, view.selection, rule=asking.rule)
    sheets = [list_sheet(source, found, scope, say), register_sheet(source, kept, scope, say)]
    body = write_workbook(sheets, as_of=reading.facts.last_day)
    return export_file(reading, WHAT, "xlsx", body)


def csv(reading: Reading, view: View, say: Speaker) -> ExportFile:
    """The list alone, with headings in the reader's language."""
    asking = asking_of(reading, view)
    found = look_back(asking.source, view.selection, rule=asking.rule)
    rows = list_rows(asking.source, found, say)
    named = rows.rename({name: say(f"rebound.column.{name}") for name in rows.columns})
    return export_file(reading, WHAT, "csv", safe_csv(named))
