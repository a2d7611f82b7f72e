"""The re-inspection list and the chronic register as sheets to hand out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from geodata.analysis.answers import Scope
from geodata.domain.selection import Selection
from geodata.findings.rebounds.look_back import LookBack, Register, with_case_ids
from geodata.findings.rebounds.rebound_words import register_rule_words, rule_words
from geodata.findings.source import Source
from geodata.sheets import Column, Sheet
from geodata.sheets.workbook import Kind
from geodata.wording import Words
from geodata.wording.selection import describe_period
from geodata.wording.units import unit_names

MOST: Final = 500
"""Places handed out: more than a week's visits, few enough to print."""

LIST_COLUMNS: Final[Mapping[str, Kind]] = {
    "rank": "whole", "street": "text", "area": "text", "unit_grid": "text", "category": "text",
    "office": "text", "case": "text", "closed": "date", "clear_days": "whole",
    "expected": "number", "chance": "share", "times_usual": "number", "past": "whole",
    "chronic": "text", "lon": "number", "lat": "number", "inspected": "date", "outcome": "text",
    "inspector": "text",
}  # fmt: skip
"""Columns in order; the last three are left empty for the inspector."""

REGISTER_COLUMNS: Final[Mapping[str, Kind]] = {
    "rank": "whole", "street": "text", "area": "text", "category": "text", "office": "text",
    "entered": "date", "last_rebound": "date", "left": "date", "rebounds": "whole",
    "days_listed": "whole", "ratio": "number", "lon": "number", "lat": "number",
}  # fmt: skip

_DIGITS: Final = {"expected": 2, "times_usual": 1, "ratio": 1, "lon": 6, "lat": 6}
_HAND_WRITTEN: Final = ("inspected", "outcome", "inspector")
_WIDTHS: Final = {"inspected": 12.0, "outcome": 20.0, "inspector": 12.0}


def list_rows(source: Source, found: LookBack, say: Words, most: int = MOST) -> pl.DataFrame:
    """Return the first places of the list with names for codes; columns as `LIST_COLUMNS`."""
    listed = with_case_ids(source, found.table.head(most))
    yes = pl.when("chronic").then(pl.lit(say("rebound.list.yes")))
    blank = {name: pl.lit(None, pl.String) for name in _HAND_WRITTEN}
    named = list_names(source, listed, say).with_columns(
        chronic=yes, case="case_id", past="past_rebounds", **blank
    )
    return named.select(*LIST_COLUMNS)


def register_rows(source: Source, found: Register, say: Words) -> pl.DataFrame:
    """Return the register, present sites first, with names for codes; columns as listed."""
    ranked = found.table.with_row_index("rank", offset=1)
    return list_names(source, ranked, say).select(*REGISTER_COLUMNS)


def list_names(source: Source, table: pl.DataFrame, say: Words) -> pl.DataFrame:
    """Names for the codes of ``street``, ``area``, ``category`` and ``office``."""
    names = {
        by: unit_names(source.city, source.facts, by, say) for by in ("area", "category", "office")
    }
    no_street = unit_names(source.city, source.facts, "street", say)
    return table.with_columns(
        *(pl.col(by).cast(pl.String).replace(names[by]) for by in names),
        street=pl.col("street").fill_null(next(iter(no_street.values()))),
    )


def list_sheet(source: Source, found: LookBack, scope: Scope, say: Words) -> Sheet:
    """Return the re-inspection list of the coming days, with room for what is found there."""
    notes = [
        _scope(source, scope, say),
        _rule(found, say),
        say("rebound.list.order", days=f"{found.rule.within_days:g}"),
    ]
    return Sheet(
        name=say("rebound.list.tab"),
        title=say("rebound.list.title", first=found.from_on, last=found.until_on),
        columns=_columns(LIST_COLUMNS, say),
        rows=list_rows(source, found, say).rows(),
        note="\n".join([*notes, *_made_up(source, say)]),
    )


def register_sheet(source: Source, found: Register, scope: Scope, say: Words) -> Sheet:
    """Return the chronic register with its rules."""
    notes = [_scope(source, scope, say), _rule(found, say), register_rule_words(found, say)]
    return Sheet(
        name=say("rebound.list.register_tab"),
        title=say("rebound.list.register_title", day=source.facts.last_day),
        columns=_columns(REGISTER_COLUMNS, say),
        rows=register_rows(source, found, say).rows(),
        note="\n".join([*notes, *_made_up(source, say)]),
    )


def _columns(kinds: Mapping[str, Kind], say: Words) -> list[Column]:
    return [
        Column(
            name=say(f"rebound.column.{name}"),
            kind=kind,
            digits=_DIGITS.get(name, 1),
            width=_WIDTHS.get(name),
        )
        for name, kind in kinds.items()
    ]


def _rule(found: LookBack | Register, say: Words) -> str:
    return say("rebound.list.rule", rule=rule_words(found.rebound, say))


def _scope(source: Source, scope: Scope, say: Words) -> str:
    """The lists know no period: all that is recorded, under the other filters."""
    period = describe_period(source.city, source.facts, Selection(), say)
    filters = scope.filters or say("filter.none")
    return say("rebound.list.scope", period=period, filters=filters, version=source.version)


def _made_up(source: Source, say: Words) -> list[str]:
    return [say("rebound.list.made_up")] if source.city.made_up else []
