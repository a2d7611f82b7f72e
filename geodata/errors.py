"""Every exception this package raises on purpose.

GeodataError
├── CityError              the city folder
│   ├── CityMissing        no city.toml there
│   ├── CityBroken         city.toml contradicts itself; every defect is listed
│   ├── CityExists         a new city would overwrite one
│   └── NewerFormat        made by a newer version of this software
├── LedgerError            a file could not be read as cases
│   ├── FileUnreadable     missing, empty, not a table, several tables in one archive
│   ├── UnreadableEncoding neither UTF-8 nor GB18030
│   ├── WrongSheet         the workbook has no such sheet
│   ├── MissingColumns     required headings are absent; all are named at once
│   ├── OutsideCity        the coordinates lie elsewhere: swapped, shifted, or another city
│   └── ProfileBroken      a profile does not parse or contradicts itself
├── LayerError             a street, area, place or grid file could not be used
│   └── DatumUnknown       coordinates are shifted and the datum cannot be told
├── StoreError             the lake
│   ├── LakeBusy           another process is writing
│   ├── LakeNewer          written by a newer version
│   └── DiskFull           nothing was written; the previous version still stands
├── PortInUse              the dashboard cannot listen there
└── FrontEndMissing        Leaflet or h3-js was not set up (raised by maps/vendor)

A message says what was found, where, and what to do next.
"""

import errno
from typing import Final

_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_ROOM_WORDS: Final = ("No space left", "quota exceeded", "File too large")


class GeodataError(Exception):
    """Root of every deliberate error; its text is meant for the user."""


class CityError(GeodataError):
    """Something about the city folder."""


class CityMissing(CityError):
    """No ``city.toml`` there."""


class CityBroken(CityError):
    """``city.toml`` does not parse or contradicts itself."""


class CityExists(CityError):
    """A new city would overwrite an existing one."""


class NewerFormat(CityError):
    """The folder was made by a newer version of this software."""


class LedgerError(GeodataError):
    """A file could not be read as cases."""


class FileUnreadable(LedgerError):
    """The file is missing, empty, not a table, or holds several."""


class UnreadableEncoding(LedgerError):
    """The text is neither UTF-8 nor GB18030."""


class WrongSheet(LedgerError):
    """The workbook has no such sheet."""


class MissingColumns(LedgerError):
    """Required headings are absent."""


class OutsideCity(LedgerError):
    """The coordinates lie outside the city."""


class ProfileBroken(LedgerError):
    """A profile does not parse or contradicts itself."""


class LayerError(GeodataError):
    """A street, area, place or grid file could not be used."""


class DatumUnknown(LayerError):
    """Coordinates are shifted and the datum cannot be told."""


class StoreError(GeodataError):
    """Something about the lake."""


class LakeBusy(StoreError):
    """Another process is writing."""


class LakeNewer(StoreError):
    """The lake was written by a newer version of this software."""


class DiskFull(StoreError):
    """No space left; nothing was written."""


class PortInUse(GeodataError):
    """The dashboard cannot listen on that port."""


def no_room_left(error: BaseException) -> bool:
    """Whether an error means that the disk, a quota or a size limit left no room."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return True
    return any(words in str(error) for words in _NO_ROOM_WORDS)
