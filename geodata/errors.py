"""Every exception this package raises on purpose.

GeodataError
├── CityError              the city folder
│   ├── CityMissing        no city.toml there
│   ├── CityBroken         city.toml contradicts itself; every defect is listed
│   ├── RowWrong           one such defect
│   ├── CityExists         a new city would overwrite one
│   └── NewerFormat        made by a newer version of this software
├── ChoiceUnknown          a unit, measure, phase or download there is not
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

A message says what was found, where, and what to do next. An error keeps its English template and
its facts apart, so that `geodata.wording.refusals.said` can say it in the reader's language.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Any, Final

_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
PARSER_TEMPLATES: Final = (
    "Illegal character {found}",
    "Found invalid character {found}",
    "Cannot declare {found} twice",
    "Cannot redefine namespace {found}",
    "Duplicate inline table key {found}",
)
"""What `tomllib` says of a text it found; the rest of its messages have no places."""
_NO_ROOM_WORDS: Final = ("No space left", "quota exceeded", "File too large")


class Sentence:
    """An English sentence, or a part of one, with what it is about kept apart.

    Parameters
    ----------
    template
        With places as in `str.format`; one without facts stands as it is, braces included.
    facts
        What fills the places: values, names, errors, other sentences, or lists of these. A list
        is ``{names}`` (with commas), ``{names:quoted}``, ``{packs:clauses}`` (with semicolons),
        ``{codes:and}`` or ``{defects:lines}``.
    """

    def __init__(self, template: str, /, **facts: object) -> None:
        self.template: Final = template
        self.facts: Final[Mapping[str, object]] = facts

    def __str__(self) -> str:
        return ENGLISH.say(self)

    def __repr__(self) -> str:
        return f"Sentence({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sentence) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def instead(self, old: str, new: str) -> Sentence:
        """Return the sentence with one text for another in its facts, e.g. a shorter path."""
        return Sentence(
            self.template, **{name: _instead(one, old, new) for name, one in self.facts.items()}
        )


def _instead(fact: object, old: str, new: str) -> object:
    if isinstance(fact, Sentence | GeodataError):
        return sentence_of(fact).instead(old, new)
    if isinstance(fact, list | tuple):
        return [_instead(one, old, new) for one in fact]
    return str(fact).replace(old, new) if isinstance(fact, str | Path) else fact


class Filler(Formatter):
    """Fills the places of sentences in English; a language overrides what it says otherwise."""

    between = ", "
    between_by: Mapping[str, str] = {"clauses": "; ", "and": " and "}
    quoted = "{!r}"

    def say(self, sentence: Sentence) -> str:
        """Return the sentence in words."""
        template = self.template(sentence.template)
        return self.vformat(template, (), sentence.facts) if sentence.facts else template

    def template(self, english: str) -> str:
        """Return the template, or words of the operating system, in this language."""
        return english

    def format_field(self, value: Any, format_spec: str) -> str:
        """Say one fact."""
        if isinstance(value, list | tuple):
            return self._listed(value, format_spec)
        if isinstance(value, Sentence | GeodataError):
            return self.say(sentence_of(value))
        if isinstance(value, OSError) and value.strerror:
            return self.template(value.strerror)
        return str(super().format_field(value, format_spec))

    def _listed(self, parts: list[object] | tuple[object, ...], how: str) -> str:
        told = [self.format_field(part, "") for part in parts]
        if how == "lines":
            return "".join(f"\n  - {one}" for one in told)
        if how == "quoted":
            told = [self.quoted.format(part) for part in parts]
        return self.between_by.get(how, self.between).join(told)


ENGLISH: Final = Filler()


class GeodataError(Exception):
    """Root of every deliberate error; its text is meant for the user.

    Parameters
    ----------
    template, facts
        As of `Sentence`; or a sentence that is ready. ``str()`` is the English sentence.
    """

    def __init__(self, template: str | Sentence, /, **facts: object) -> None:
        ready = template if isinstance(template, Sentence) else Sentence(template, **facts)
        self.sentence: Final = ready
        super().__init__(str(self.sentence))


def sentence_of(said: Sentence | GeodataError) -> Sentence:
    """Return the sentence of an error; a sentence is its own."""
    return said.sentence if isinstance(said, GeodataError) else said


class CityError(GeodataError):
    """Something about the city folder."""


class CityMissing(CityError):
    """No ``city.toml`` there."""


class CityBroken(CityError):
    """``city.toml`` does not parse or contradicts itself."""


class RowWrong(CityError, ValueError):
    """A value of ``city.toml`` cannot be used; `CityBroken` lists it with all others."""


class CityExists(CityError):
    """A new city would overwrite an existing one."""


class NewerFormat(CityError):
    """The folder was made by a newer version of this software."""


class ChoiceUnknown(GeodataError, ValueError):
    """Somebody chose what there is not: a unit, a measure, a phase, a download."""


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


def toml_slip(error: ValueError) -> Sentence:
    """Say where a TOML file does not parse; `tomllib` writes the line into its message."""
    what, found, at = str(error).partition(" (at line ")
    line, _, column = at.removesuffix(")").partition(", column ")
    if not found or not (line.isdigit() and column.isdigit()):
        return Sentence("{what}", what=error)
    return Sentence(
        "{what} (at line {line}, column {column})", what=_slip(what), line=line, column=column
    )


def _slip(what: str) -> Sentence:
    for template in PARSER_TEMPLATES:
        before, after = template.split("{found}")
        if what.startswith(before) and what.endswith(after):
            return Sentence(template, found=what[len(before) : len(what) - len(after)])
    return Sentence(what)


def deliberate(error: GeodataError | OSError) -> GeodataError:
    """Return the error as one with a sentence: what the system refused is said with its remedy."""
    if isinstance(error, GeodataError):
        return error
    at = f" {error.filename}" if error.filename else ""
    if no_room_left(error) and at:
        return DiskFull("No space left for {path}. Free some and run again.", path=error.filename)
    if no_room_left(error):
        return DiskFull("No space left for the files. Free some and run again.")
    return GeodataError(
        "The system said: {error}{at}. Mend that and run again.", error=error, at=at
    )
