"""A file ready to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from dashboard.access import Reading
from geodata.ingest.spreadsheet_safety import protected, protected_text

KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file ready to be sent."""

    name: str
    kind: str
    body: bytes


def export_file(reading: Reading, what: str, form: str, body: bytes) -> ExportFile:
    """Name a file after what it holds, the version, and that it is made up where it is."""
    made_up = "made-up-" if reading.city.made_up else ""
    name = f"guatu-{made_up}{what}-v{max(reading.facts.version, 0)}.{form}"
    return ExportFile(name, KINDS[form], body)


def safe_csv(table: pl.DataFrame) -> bytes:
    """CSV for spreadsheets: UTF-8 with a mark, no text that could run as a formula."""
    safe = table.with_columns(protected(pl.col(pl.String)))
    safe = safe.rename({name: protected_text(name) for name in safe.columns})
    return b"\xef\xbb\xbf" + safe.write_csv().encode()
