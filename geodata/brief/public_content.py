"""The words, tables and map of the public edition, made of `PublicCounts` and safe rates alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from geodata.analysis.answers import Answer, Value
from geodata.brief.explained import FORMULAS, formulas
from geodata.brief.phrases import Phrases
from geodata.brief.public import OUTSIDE, PublicCounts
from geodata.brief.tables import heading as columns
from geodata.findings.summing_up.headlines import Headline
from geodata.findings.summing_up.overview import Overview
from geodata.findings.summing_up.overview_sentences import public_sentences
from geodata.maps.state import breaks_of
from geodata.press.content import (
    Callout,
    Cell,
    Change,
    Content,
    Figure,
    MapContent,
    Offices,
    Ruler,
    Table,
)
from geodata.spatial.cells import centres_of, parent_of, to_text
from geodata.store import layers
from geodata.wording import Words
from geodata.wording.numbers import count

TOP: Final = 10
_TOLD: Final = ("reported", "on_time_rate", "overdue_stock", "rebound_rate")
_FORMULAS: Final = frozenset(FORMULAS[:5])


def publicly(content: Content, found: Overview, say: Words, counts: PublicCounts) -> Content:
    """Return the public edition of a content."""
    words = Phrases(found, say)
    rule = counts.rule
    safe = _safe(found, rule.least)
    notice = say("brief.notice_public", resolution=rule.resolution, least=rule.least)
    head = content.heading
    return replace(
        content,
        public=True,
        heading=replace(head, notice=f"{head.notice} · {notice}", filters=head.filters),
        figures=tuple(_figure(one, safe) for one in content.figures if one.code in safe),
        sentences=tuple(one.text for one in public_sentences(found, say, frozenset(safe))),
        map=_map(words, counts, content.map),
        ruler=_ruler(content.ruler, rule.least),
        lists=(),
        tables=(_areas(words, counts), _cells(words, counts)),
        offices=Offices(title="", headings=content.offices.headings, rows=(), note=""),
        targets=Table(code="targets", title="", columns=(), rows=()),
        formulas=formulas(words)[: len(_FORMULAS)],
        quality=(),
    )


def _safe(found: Overview, least: int) -> dict[str, bool]:
    """Headline numbers that may be told, and whether the change may be told as well."""
    told = {one.code: _may_tell(one.now, least) for one in found.headlines if one.code in _TOLD}
    changes = {one.code: _change_tellable(one, least) for one in found.headlines}
    return {code: changes[code] for code, yes in told.items() if yes}


def _may_tell(answer: Answer | None, least: int) -> bool:
    """Neither the number, nor its part, nor what is left of the whole, is small."""
    if not isinstance(answer, Value):
        return False
    parts = [answer.numerator]
    if answer.denominator is not None:
        parts += [answer.denominator, answer.denominator - answer.numerator]
    return all(part == 0 or part >= least for part in parts)


def _change_tellable(line: Headline, least: int) -> bool:
    """Whether the number before may be told too: with the change it can be worked out."""
    return _may_tell(line.before, least)


def _figure(figure: Figure, safe: dict[str, bool]) -> Figure:
    proof = figure.proof[:2] + figure.proof[-2:]
    if figure.code == "overdue_stock":
        figure = replace(figure, note="")
    return replace(figure, proof=proof, change=figure.change if safe[figure.code] else None)


def _ruler(ruler: Ruler, least: int) -> Ruler:
    """Days are told only where none of them is small."""
    small = any(0 < cases < least for cases in ruler.cases)
    return replace(ruler, cases=() if small else ruler.cases)


def _rows(counts: PublicCounts, kind: str) -> pl.DataFrame:
    return counts.table.filter(kind=kind)


def _areas(words: Phrases, counts: PublicCounts) -> Table:
    """Areas × kinds with totals; what is hidden says so."""
    say = words.say
    families = [one.code for one in words.source.city.families]
    known = _rows(counts, "family").filter(pl.col("cases") > 0)["family"].to_list()
    shown = [code for code in families if code in known]
    shown += [code for code in known if code not in shown]
    names = {one.code: say.name(one) for one in words.source.city.families}
    first, total = columns(words, "area", "total:number")
    middle = [replace(total, name=names.get(code, say("value.unmapped"))) for code in shown]
    areas = _rows(counts, "area").filter(pl.col("cases") > 0)["area"].to_list()
    rows = [_area_row(words, counts, area, shown) for area in areas]
    rows.append(_total_row(words, counts, shown))
    return Table(
        code="public_areas",
        title=say("brief.table.public_areas"),
        columns=(first, *middle, total),
        rows=tuple(rows),
        note=say("brief.table.public_note", least=counts.rule.least),
    )


def _area_row(
    words: Phrases, counts: PublicCounts, area: str, families: list[str]
) -> tuple[Cell, ...]:
    told = [counts.told(kind="area_family", area=area, family=one) for one in families]
    name = words.area(None if area == OUTSIDE else area)
    whole = counts.told(kind="area", area=area)
    return (Cell(text=name), *(_cell(words, one) for one in [*told, whole]))


def _total_row(words: Phrases, counts: PublicCounts, families: list[str]) -> tuple[Cell, ...]:
    told = [counts.told(kind="family", family=one) for one in families]
    return (
        Cell(text=words.say("brief.column.total")),
        *(_cell(words, one) for one in [*told, counts.told(kind="all")]),
    )


def _cell(words: Phrases, value: int | None) -> Cell:
    if value is None:
        return Cell(text=words.say("brief.hidden"))
    return Cell(text=count(words.say, value), value=value)


def _told_cells(counts: PublicCounts) -> pl.DataFrame:
    return _rows(counts, "cell").filter(~pl.col("hidden"), pl.col("cell") != 0)


def _cells(words: Phrases, counts: PublicCounts) -> Table:
    """Cells that may be told, fullest first."""
    say = words.say
    shown = _told_cells(counts).filter(pl.col("cases") > 0)
    shown = shown.sort(["cases", "cell"], descending=[True, False])
    text = to_text(shown["cell"].to_numpy())
    name, area, cases = columns(words, "cell", "area", "cases:number")
    return Table(
        code="public_cells",
        title=say("brief.table.public_cells"),
        columns=(name, area, cases),
        rows=tuple(
            (Cell(text=str(cell)), Cell(text=_area_of(words, row["cell"], counts)),
             _cell(words, row["cases"]))
            for cell, row in zip(text, shown.iter_rows(named=True), strict=True)
        ),
        note=say("brief.table.public_note", least=counts.rule.least),
    )  # fmt: skip


def _area_of(words: Phrases, cell: int, counts: PublicCounts) -> str:
    """Area that holds most of a cell's ground: said of the ground, not of the cases."""
    return words.area(counts.ground.get(cell))


def _map(words: Phrases, counts: PublicCounts, drawn: MapContent) -> MapContent:
    say, source = words.say, words.source
    told = _told_cells(counts).sort("cell")
    some = told.filter(pl.col("cases") > 0)
    hidden = _rows(counts, "cell").filter(pl.col("hidden"), pl.col("cell") != 0)["cell"]
    resolution = counts.rule.resolution
    fine = layers.study_table(source.city.layers)["cell"].to_numpy()
    study = sorted(set(parent_of(fine, resolution).tolist())) if len(fine) else []
    breaks = breaks_of(source.city, source.facts, "count", max(words.both.days, 1))
    n = int(some["cases"].sum())
    return replace(
        drawn,
        resolution=resolution,
        cells=tuple(some["cell"].to_list()),
        cases=tuple(some["cases"].to_list()),
        study=tuple(study),
        hot=(),
        silent=(),
        breaks=tuple(breaks[str(resolution)]),
        legend=(
            say("brief.map.unit", n=count(say, n)), say("brief.map.zero"),
            say("brief.map.hidden"), say("brief.map.boundary"),
        ),
        callouts=tuple(_callouts(words, some, counts)),
        hot_streets=(),
        hidden=tuple(sorted(hidden.to_list())),
        n=n,
    )  # fmt: skip


def _callouts(words: Phrases, some: pl.DataFrame, counts: PublicCounts) -> list[Callout]:
    top = some.sort(["cases", "cell"], descending=[True, False]).head(TOP)
    at = centres_of(top["cell"].to_numpy()).tolist()
    return [
        Callout(
            number=number,
            name=_area_of(words, row["cell"], counts),
            note="",
            detail="",
            cases=row["cases"],
            change=Change(text=""),
            cell=row["cell"],
            lon=lon,
            lat=lat,
            hot=False,
        )
        for number, (row, (lon, lat)) in enumerate(
            zip(top.iter_rows(named=True), at, strict=True), 1
        )
    ]
