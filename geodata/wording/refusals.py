"""Errors in the reader's language: what was found, where, and what to do next.

An error keeps its English template (`geodata.errors.Sentence`); `refusals.toml` pairs each
with its Chinese, gettext's way. What the files, the parser or the operating system say themselves
stands as it was given, unless the table knows it.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from geodata.errors import ENGLISH, Filler, GeodataError, Sentence, deliberate, sentence_of

TABLE: Final = Path(__file__).with_name("refusals.toml")
_TERMINAL: Final = ("LC_ALL", "LC_MESSAGES", "LANG")


@cache
def chinese() -> Mapping[str, str]:
    """English template → Chinese template, of every part of the table."""
    parts = tomllib.loads(TABLE.read_text(encoding="utf-8")).values()
    return {english: told for part in parts for english, told in part.items()}


class _Chinese(Filler):
    """Fills Chinese templates; quotes as Chinese does."""

    between = "、"
    between_by: Mapping[str, str] = {"clauses": "；", "and": "和"}
    quoted = "“{}”"

    def template(self, english: str) -> str:
        return chinese().get(english, english)

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        """Quote a text with “”; other values have no quotes."""
        if conversion == "r":
            return self.quoted.format(value) if isinstance(value, str) else str(value)
        return super().convert_field(value, conversion)


_SPOKEN: Final[Mapping[str, Filler]] = {"zh": _Chinese(), "en": ENGLISH}


def said(what: Sentence | GeodataError | OSError, language: str) -> str:
    """Return an error, or the sentence of one, in a language; Chinese where it is not known."""
    one = deliberate(what) if isinstance(what, OSError) else what
    return _SPOKEN.get(language, _SPOKEN["zh"]).say(sentence_of(one))


def terminal_language(environment: Mapping[str, str] = os.environ) -> str:
    """Language of the terminal as POSIX says it: ``zh`` where it begins so, else English."""
    stated = next((environment[name] for name in _TERMINAL if environment.get(name)), "")
    return "zh" if stated.lower().startswith("zh") else "en"
