"""The tables of a pack: streets, cells, what came back, who is late, kinds and channels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import polars as pl

from geodata.analysis.counts import count_by
from geodata.brief.lists import before_text, now_text
from geodata.brief.mapping import mapped, spot_class
from geodata.brief.phrases import Phrases
from geodata.findings.summing_up.compared import Direction, Verdict, direction_of
from geodata.press.content import Cell, Change, Column, Table
from geodata.wording.numbers import count, days, decimal, rate

STREETS: Final = 10
CELLS: Final = 10
OLDEST: Final = 10
DUE_SOON: Final = 10
BACK: Final = 10


def tables(words: Phrases) -> tuple[Table, ...]:
    """Return every table but offices and targets, in the order they are shown."""
    return (
        streets(words),
        cells(words),
        came_back(words),
        _late(words, "oldest", words.found.late.overdue, OLDEST),
        _late(words, "due_soon", words.found.late.due_soon, DUE_SOON),
        late_offices(words),
        _coded(words, "families", "category", "family"),
        _coded(words, "channels", "channel", "channel"),
    )


def text(value: str) -> Cell:
    """A cell of text."""
    return Cell(text=value)


def number(words: Phrases, value: float, verdict: Verdict = "none") -> Cell:
    """A cell with a whole number."""
    return Cell(text=count(words.say, value), value=int(value), verdict=verdict)


def heading(words: Phrases, *names: str) -> Iterator[Column]:
    """Yield columns from ``name:kind`` (text by default) of ``[brief.column]``."""
    for one in names:
        name, _, kind = one.partition(":")
        title = words.say(f"brief.column.{name}", now=words.now, before=words.before)
        yield Column(name=title[:1].upper() + title[1:], kind=kind or "text")  # type: ignore[arg-type]


def _moved(words: Phrases, row: dict[str, Any]) -> Cell:
    """Change of a street with a mark where it is beyond normal fluctuation."""
    difference = row["difference"]
    if words.both.before is None or difference is None:
        return Cell(text=words.none)
    size = decimal(words.say, abs(difference)) if words.both.per_day else None
    direction: Direction = direction_of(difference)
    verdict: Verdict = "same"
    if row["beyond"]:
        verdict = "worse" if difference > 0 else "better"
    told = size or count(words.say, abs(difference))
    return Cell(
        text=f"{told} ◆" if row["beyond"] else told,
        value=round(difference, 2) if words.both.per_day else int(difference),
        verdict=verdict,
        direction=direction,
    )


def streets(words: Phrases) -> Table:
    """The streets with most reports, with what changed, whose they are and how many are open."""
    found = words.found.places.streets.filter(pl.col("cases") > 0).head(STREETS)
    rows = [
        (
            Cell(text=str(at), value=at),
            text(row["street"]),
            Cell(text=now_text(words, row), value=row["cases"]),
            Cell(text=before_text(words, row), value=row["before"]),
            _moved(words, row),
            text(words.say("filter.between_names").join(_kinds(words, row))),
            text(_street_class(words, row)),
            text(words.office(row["office"])),
            number(words, row["open"]),
        )
        for at, row in enumerate(found.iter_rows(named=True), 1)
    ]
    known = words.found.places.dispersion is not None
    return Table(
        code="streets",
        title=words.say("brief.table.streets"),
        columns=tuple(
            heading(words, "number:number", "street", "now:number", "before:number",
                    "change:change", "kinds", "class", "office", "open:number")
        ),
        rows=tuple(rows),
        note=words.say(f"brief.table.changes_{'note' if known else 'unknown'}"),
        empty=words.say("brief.table.no_streets", now=words.now),
    )  # fmt: skip


def _kinds(words: Phrases, row: dict[str, Any]) -> list[str]:
    return [words.category(code) for code in row["categories"] or []]


def _street_class(words: Phrases, row: dict[str, Any]) -> str:
    if not row["hot"]:
        return words.none
    return spot_class(words, hot=True, new=not row["hot_before"])


def cells(words: Phrases) -> Table:
    """The fullest places, by the numbers they have on the map."""
    shown = mapped(words).callouts[:CELLS]
    rows = tuple(
        (
            Cell(text=str(one.number), value=one.number),
            text(one.name),
            text(one.detail),
            number(words, one.cases),
            _plain_change(words, one.change, one.cases),
            text(one.note),
        )
        for one in shown
    )
    return Table(
        code="cells",
        title=words.say("brief.table.cells"),
        columns=tuple(
            heading(words, "number:number", "street", "place", "cases:number", "change:change",
                    "class")
        ),
        rows=rows,
        note=words.say("brief.table.cells_note", resolution=words.found.places.resolution),
        empty=words.say("brief.table.no_cells", now=words.now),
    )  # fmt: skip


def _plain_change(words: Phrases, change: Change, _cases: int) -> Cell:
    if not change.text:
        return Cell(text=words.none)
    return Cell(text=change.text, direction=change.direction, verdict="same")


def came_back(words: Phrases) -> Table:
    """Streets by what came back in the period."""
    top = words.found.came_back.head(BACK)
    known = words.both.before is not None
    rows = tuple(
        (
            text(row["street"]),
            number(words, row["cases"]),
            number(words, row["before"]) if known else text(words.none),
        )
        for row in top.iter_rows(named=True)
    )
    return Table(
        code="rebound",
        title=words.say("brief.table.rebound"),
        columns=tuple(heading(words, "street", "now:number", "before:number")),
        rows=rows,
        empty=words.say("brief.table.no_rebound", now=words.now),
    )


def _late(words: Phrases, code: str, cases: pl.DataFrame, most: int) -> Table:
    say = words.say
    named = ("case", "problem", "street", "office", "reported:date")
    columns = (*named, "due:date", *(("late:number",) if code == "oldest" else ()))
    empty = "no_overdue" if code == "oldest" else "no_due_soon"
    shown = cases.head(most)
    return Table(
        code=code,
        title=say(f"brief.table.{code}"),
        columns=tuple(heading(words, *columns)),
        rows=tuple(
            _late_row(words, row, with_days=code == "oldest") for row in shown.iter_rows(named=True)
        ),
        left_out=len(cases) - len(shown),
        empty=say(f"brief.table.{empty}", hours=f"{words.found.late.within_hours:g}"),
    )


def _late_row(words: Phrases, row: dict[str, Any], *, with_days: bool) -> tuple[Cell, ...]:
    line = (
        text(row["case_id"]),
        text(words.category(row["category"])),
        text(words.street(row["street"])),
        text(words.office(row["office"])),
        Cell(text=words.day(row["reported_at"]), value=words.local(row["reported_at"])),
        Cell(text=words.day(row["due_at"]), value=words.local(row["due_at"])),
    )
    if not with_days:
        return line
    late = Cell(text=days(words.say, row["late_days"]), value=row["late_days"], verdict="worse")
    return (*line, late)


def late_offices(words: Phrases) -> Table:
    """Open, overdue and about-to-be-overdue cases of every office."""
    rows = tuple(
        (
            text(words.office(row["office"])),
            number(words, row["open"]),
            number(words, row["overdue"], "worse" if row["overdue"] else "none"),
            number(words, row["due_soon"]),
        )
        for row in words.found.late.by_office.iter_rows(named=True)
    )
    return Table(
        code="late_offices",
        title=words.say("brief.table.late_offices"),
        columns=tuple(heading(words, "office", "open:number", "overdue:number", "due_soon:number")),
        rows=rows,
        empty=words.say("brief.table.no_open"),
    )


def _coded(words: Phrases, code: str, column: str, label: str) -> Table:
    """Cases now and before by family or channel, most first; zeros left out."""
    both, facts = words.both, words.source.facts
    now = _summed(count_by(facts, both.flags(both.now).to_numpy(), column), words, column)
    then = _summed(count_by(facts, both.flags(both.before).to_numpy(), column), words, column)
    whole = sum(now.values())
    ordered = sorted(now, key=lambda name: (-now[name], name))
    rows = tuple(
        (
            text(name),
            number(words, now[name]),
            text(words.none) if both.before is None else number(words, then.get(name, 0)),
            Cell(text=rate(words.say, now[name] / whole)),
        )
        for name in ordered
        if now[name]
    )
    return Table(
        code=code,
        title=words.say(f"brief.table.{code}"),
        columns=tuple(heading(words, label, "now:number", "before:number", "share")),
        rows=rows,
        empty=words.say("brief.table.no_families", now=words.now),
    )


def _summed(table: pl.DataFrame, words: Phrases, column: str) -> dict[str, int]:
    """Cases by name in the reader's language; categories are added up to families."""
    named = _names(words, column)
    found: dict[str, int] = {}
    for code, cases in table.iter_rows():
        name = named(code)
        found[name] = found.get(name, 0) + int(cases)
    return found


def _names(words: Phrases, column: str) -> Any:
    city, say = words.source.city, words.say
    known: Iterable[Any] = city.families if column == "category" else city.channels
    names = {one.code: say.name(one) for one in known}
    of = words.source.facts.family_of if column == "category" else {}
    return lambda code: names.get(of.get(code, code), say("value.unmapped"))
