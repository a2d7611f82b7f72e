"""CSV that a spreadsheet cannot take for formulas, written all at once or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Final

import polars as pl

_RISKY: Final = r"=+\-@\t\r＝＋－＠"
_NUMBER: Final = r"^[+-]?[0-9]+(\.[0-9]+)?$"
_PROTECT: Final = rf"^('?[{_RISKY}]|'')"
_PROTECTED: Final = rf"^'['{_RISKY}]"


def protected(texts: pl.Expr) -> pl.Expr:
    """Put an apostrophe before texts that a spreadsheet would run as a formula.

    That is: texts beginning with ``= + - @``, their full-width forms, tab or carriage
    return; plain numbers stay. Texts that already begin with such an apostrophe get
    one more, so that `bare` undoes exactly this.
    """
    risky = texts.str.contains(_PROTECT) & ~texts.str.contains(_NUMBER)
    return pl.when(risky).then(texts.str.replace("^", "'")).otherwise(texts).name.keep()


def bare(texts: pl.Expr) -> pl.Expr:
    """Take the apostrophe off again; the inverse of `protected`."""
    return (
        pl.when(texts.str.contains(_PROTECTED))
        .then(texts.str.slice(1))
        .otherwise(texts)
        .name.keep()
    )


def protected_text(text: str) -> str:
    """Protect one text, as `protected` does a column."""
    risky = re.match(_PROTECT, text) and not re.fullmatch(_NUMBER, text)
    return f"'{text}" if risky else text


def bare_text(text: str) -> str:
    """Take the apostrophe off one text, as `bare` does a column."""
    return text[1:] if re.match(_PROTECTED, text) else text


def write_csv_safely(frame: pl.DataFrame, path: str | Path) -> None:
    """Write a table for people: UTF-8 with BOM, no formulas, never half a file.

    Parameters
    ----------
    frame
        Any table; lists are joined with ``；``, instants written in ISO form.
    path
        Replaced in one step when the whole table is on disk; its folder must exist.

    Raises
    ------
    OSError
        The folder is missing, not writable, or full; an earlier file is then still whole.
    """
    path = Path(path)
    flat = frame.with_columns(pl.col(pl.List(pl.String)).list.join("；"))
    safe = flat.with_columns(protected(pl.col(pl.String)))
    safe = safe.rename({name: protected_text(name) for name in safe.columns})
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            safe.write_csv(out, include_bom=True, quote_style="non_numeric")
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
