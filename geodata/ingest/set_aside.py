"""Rows that could not become cases: what is wrong, what to do, and the row itself.

The table can be corrected and fed again with the same profile: its own columns begin with
``_`` and are not read, the others are the file's own.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from geodata.ingest.raw import EXTRA
from geodata.ingest.spreadsheet_safety import write_csv_safely
from geodata.ingest.validate import TEXT, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROW: Final = "_row"
OWN: Final = (ROW, "_column", "_value", "_rule", "_hint")
"""Columns told about a row, before the row itself."""

JOINT: Final = " | "
"""Between several defects of one row."""

_SHOWN_CHARS: Final = 60


@cache
def hints(language: str) -> dict[str, str]:
    """Rule code → what to do, with the places ``{column}``, ``{value}`` and ``{other}``."""
    path = Path(__file__).parent / f"hints.{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def set_aside(
    facts: pl.DataFrame,
    rows: pl.DataFrame,
    rules: Sequence[Rule],
    headings: Mapping[str, str],
    language: str,
) -> tuple[pl.Series, pl.DataFrame]:
    """Find the rows that break a rule and say so, all defects of a row at once.

    Parameters
    ----------
    facts
        Parsed columns and their texts, as the rules name them.
    rows
        The rows as read, with `ROW`, aligned with ``facts``.
    headings
        Canonical column → the heading it was read from.

    Returns
    -------
    bad : polars.Series
        One Boolean per row.
    aside : polars.DataFrame
        `OWN`, then the row as read; in file order.
    """
    broken = facts.select(
        rule.broken.fill_null(value=False).alias(str(number)) for number, rule in enumerate(rules)
    )
    bad = broken.select(pl.any_horizontal(pl.all()).alias("bad"))["bad"]
    kept = rows.filter(bad)
    fired = [number for number in range(len(rules)) if broken[str(number)].any()]
    if not fired:
        return bad, _table(kept, pl.DataFrame(schema=dict.fromkeys(OWN[1:], pl.String)))
    told = facts.hstack(broken).filter(bad)
    defects = [_defect(str(number), rules[number], headings, language) for number in fired]
    own = told.select(
        pl.concat_list([defect[name] for defect in defects])
        .list.drop_nulls()
        .list.join(JOINT)
        .alias(name)
        for name in OWN[1:]
    )
    return bad, _table(kept, own)


def _table(rows: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Put what is told before the row as it was read."""
    as_read = rows.drop(ROW, EXTRA)
    return pl.concat([rows.select(ROW), own, as_read], how="horizontal")


def _defect(
    mask: str, rule: Rule, headings: Mapping[str, str], language: str
) -> dict[str, pl.Expr]:
    """Say what is wrong, null where the rule is kept."""
    column = ", ".join(dict.fromkeys(headings.get(name, name) for name in rule.columns))
    value = pl.concat_str(
        [pl.col(TEXT + name).fill_null("") for name in rule.columns], separator=", "
    )
    value = pl.when(value.str.contains(r"^[, ]*$")).then(pl.lit("")).otherwise(value)
    told = {
        "_column": pl.lit(column),
        "_value": value,
        "_rule": pl.lit(rule.code),
        "_hint": _hint(rule.code, language, column=pl.lit(column), value=value),
    }
    return {name: pl.when(pl.col(mask)).then(text) for name, text in told.items()}


def _hint(code: str, language: str, **places: pl.Expr) -> pl.Expr:
    """Fill a hint's places, row by row."""
    pieces = re.split(r"\{(\w+)\}", hints(language)[code])
    return pl.concat_str(
        places[piece].str.head(_SHOWN_CHARS) if odd else pl.lit(piece)
        for piece, odd in zip(pieces, [False, True] * len(pieces), strict=False)
    )


def superseded(
    rows: pl.DataFrame,
    by: pl.Series,
    ids: pl.Series,
    heading: str,
    language: str,
) -> pl.DataFrame:
    """Set aside rows whose case number comes again further down.

    Parameters
    ----------
    rows
        As read, with `ROW`.
    by
        The row that was taken instead; aligned with ``rows``, as ``ids`` are.
    """
    told = pl.DataFrame({"id": ids, "by": by.cast(pl.String)}).select(
        pl.lit(heading).alias("_column"),
        pl.col("id").alias("_value"),
        pl.lit("superseded").alias("_rule"),
        _hint(
            "superseded",
            language,
            column=pl.lit(heading),
            value=pl.col("id"),
            other=pl.col("by"),
        ).alias("_hint"),
    )
    return _table(rows, told)


def write_set_aside(aside: pl.DataFrame, path: str | Path) -> None:
    """Write set-aside rows for correction in a spreadsheet; see `write_csv_safely`.

    Raises
    ------
    OSError
        The folder is missing, not writable, or full.
    """
    write_csv_safely(aside, path)
