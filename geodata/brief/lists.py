"""Five short lists of what changed: up, down, back again, overdue, hot spots in and out."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from geodata.brief.phrases import Phrases
from geodata.findings.summing_up.compared import Verdict
from geodata.press.content import ListRow, ShortList
from geodata.wording.numbers import amount, count, days, decimal

ROWS: Final = 5


def lists(words: Phrases, rows: int = ROWS) -> tuple[ShortList, ...]:
    """Return the five lists, each with at most so many rows."""
    return (
        _moved(words, "more", words.found.more(rows)),
        _moved(words, "fewer", words.found.fewer(rows)),
        _came_back(words, rows),
        _oldest(words, rows),
        _spots(words, rows),
    )


def _moved(words: Phrases, code: str, streets: pl.DataFrame) -> ShortList:
    say = words.say
    known = words.both.before is not None
    return ShortList(
        code=code,
        title=say(f"brief.list.{code}"),
        subtitle=say("brief.list.changes", before=words.before, now=words.now),
        rows=tuple(_moved_row(words, row) for row in streets.iter_rows(named=True))
        if known
        else (),
        empty=say(f"brief.list.no_{code}") if known else say("brief.list.no_before"),
    )


def _moved_row(words: Phrases, row: dict[str, Any]) -> ListRow:
    """``7 → 46``; coloured only where the change is beyond normal fluctuation."""
    up = row["difference"] > 0
    verdict: Verdict = "same"
    if row["beyond"]:
        verdict = "worse" if up else "better"
    return ListRow(
        name=row["street"],
        text=words.say("brief.arrow", before=before_text(words, row), now=now_text(words, row)),
        verdict=verdict,
        direction="up" if up else "down",
    )


def now_text(words: Phrases, row: dict[str, Any]) -> str:
    """Cases now; a day where only daily means compare."""
    if words.both.per_day:
        return decimal(words.say, row["cases"] / max(words.both.days, 1))
    return count(words.say, row["cases"])


def before_text(words: Phrases, row: dict[str, Any]) -> str:
    """Cases before; a day where only daily means compare, — where nothing is known."""
    if words.both.before is None:
        return words.none
    if words.both.per_day:
        return decimal(words.say, row["before"] / words.both.days_before)
    return count(words.say, row["before"])


def _came_back(words: Phrases, rows: int) -> ShortList:
    say, within = words.say, words.found.rule.within_days
    top = words.found.came_back.head(rows).iter_rows(named=True)
    return ShortList(
        code="came_back",
        title=say("brief.list.came_back", days=within),
        subtitle=say("brief.list.came_back_unit"),
        rows=tuple(
            ListRow(name=row["street"], text=amount(say, row["cases"], "cases")) for row in top
        ),
        empty=say("brief.list.no_came_back"),
    )


def _oldest(words: Phrases, rows: int) -> ShortList:
    say = words.say
    top = words.found.late.overdue.head(rows).iter_rows(named=True)
    return ShortList(
        code="oldest",
        title=say("brief.list.oldest"),
        subtitle=say("brief.list.oldest_unit"),
        rows=tuple(
            ListRow(
                name=words.category(row["category"]),
                text=days(say, row["late_days"]),
                detail=words.office(row["office"]),
                verdict="worse",
            )
            for row in top
        ),
        empty=say("brief.list.no_oldest"),
    )


def _spots(words: Phrases, rows: int) -> ShortList:
    """New hot spots first, room kept for those gone."""
    say, spots = words.say, words.found.spots
    new, gone = spots.filter(fate="new"), spots.filter(fate="gone")
    kept = max(rows - len(gone), rows - rows // 2)
    shown = pl.concat([new.head(kept), gone]).head(rows)
    known = words.both.before is not None
    return ShortList(
        code="spots",
        title=say("brief.list.spots"),
        subtitle=say("brief.list.spots_unit"),
        rows=tuple(
            ListRow(
                name=row["street"],
                text=count(say, row["cells"]),
                detail=say(f"brief.list.spot_{row['fate']}"),
                verdict="worse" if row["fate"] == "new" else "better",
                direction="up" if row["fate"] == "new" else "down",
            )
            for row in shown.iter_rows(named=True)
        ),
        empty=say("brief.list.no_spots") if known else say("brief.list.no_before"),
    )
