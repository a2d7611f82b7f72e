"""``rebound``: did it come back, where, whose, how soon, and where to look next week."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from geodata.commands.common import CITY, JSON, command, say, write_whole
from geodata.commands.filters import filters, selection_of

PLACES, KINDS = ("segment", "spot", "cells"), ("category", "family")
PARTS = ("street", "office", "category", "family", "area", "phase")


@command
@CITY
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 365),
              help="A report counts within so many days of close-out.")  # fmt: skip
@click.option("--place", default="segment", show_default=True, type=click.Choice(PLACES),
              help="Same place: segment, spot of about 20 m, or cell and its ring.")  # fmt: skip
@click.option("--kind", default="category", show_default=True, type=click.Choice(KINDS),
              help="What counts as the same.")  # fmt: skip
@click.option("--by", default="street", show_default=True, type=click.Choice(PARTS),
              help="Tell rates apart by this.")  # fmt: skip
@click.option("--near-repeats", "repeats", default=None, metavar="CATEGORY",
              help="Test near repeats of this category.")  # fmt: skip
@click.option("--most", default=20, show_default=True, type=click.IntRange(1),
              help="Rows of each list.")  # fmt: skip
@click.option("--xlsx", "workbook", type=click.Path(path_type=Path),
              help="Write the re-inspection list and the register to this workbook.")  # fmt: skip
@click.option("--language", default="zh", show_default=True, type=click.Choice(["zh", "en"]))
@JSON
@filters
def rebound(
    city_dir: Path,
    *,
    days: int,
    place: str,
    kind: str,
    by: Any,
    repeats: str | None,
    most: int,
    workbook: Path | None,
    language: str,
    as_json: bool,
    **chosen: Any,
) -> None:
    """What came back after close-out 反弹: the rate, where, whose, how soon, where to look next."""
    from geodata.commands.rebound_table import as_record, asked, in_words  # noqa: PLC0415
    from geodata.findings import Source  # noqa: PLC0415
    from geodata.findings.rebounds.close_outs import rule_of  # noqa: PLC0415
    from geodata.wording import Words  # noqa: PLC0415

    source, words = Source.of(city_dir), Words(language)
    selection = selection_of(source.city, source.facts, chosen)
    rule = rule_of(days=days, place=place, kind=kind)
    found = asked(source, selection, rule, by=by, near=repeats, say=words)
    if workbook is not None:
        _write(workbook, source, found, words)
    if as_json:
        say("", as_record(source, found, most, words), as_json=True)
    else:
        click.echo(in_words(source, found, most, words))


def _write(path: Path, source: Any, found: Any, words: Any) -> None:
    from geodata.findings.rebounds.look_back_sheets import list_sheet, register_sheet  # noqa: PLC0415
    from geodata.sheets import write_workbook  # noqa: PLC0415

    sheets = [
        list_sheet(source, found.ahead, found.overall.scope, words),
        register_sheet(source, found.register, found.overall.scope, words),
    ]
    write_whole(path, write_workbook(sheets, as_of=source.facts.last_day))
