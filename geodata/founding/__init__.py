"""Making a city folder from a user's own street, district, place and grid files."""

from geodata.founding.folder import (
    Founded,
    LayerFiles,
    found,
    new_city,
    refuse_existing,
    unfinished_name,
    write_basemap,
)
from geodata.founding.settings import city_head, preset_text

__all__ = [
    "Founded",
    "LayerFiles",
    "city_head",
    "found",
    "new_city",
    "preset_text",
    "refuse_existing",
    "unfinished_name",
    "write_basemap",
]
