"""``indicators`` and ``ranking``: the numbers offices are judged by, and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geodata.commands.common import CITY, JSON, command, say
from geodata.commands.filters import filters, selection_of
from geodata.errors import GeodataError

if TYPE_CHECKING:
    from geodata.domain.period import Period
    from geodata.domain.selection import Selection
    from geodata.findings import Source

PERIOD = click.option(
    "--period", "written", default=None, metavar="PERIOD",
    help="2026-W46, 2026-11, 2026-11-21, 2026-Q4, a day..a day, or phase:CODE.",
)  # fmt: skip
LANGUAGE = click.option(
    "--language", default="zh", show_default=True, type=click.Choice(["zh", "en"])
)
PATROL = click.option(
    "--without-patrol", is_flag=True, help="Leave out what the city's own people found."
)
BY = ("office", "area", "top_area", "street", "category", "family", "channel")
MEASURES = (
    "on_time_rate", "closure_rate", "return_rate", "repeat_rate", "rebound", "cases_per_km",
)  # fmt: skip
CODES = {"rebound": "rebound_rate"}
"""Formula of a measure that is asked for by a shorter name."""


class PeriodRefused(GeodataError):
    """The period cannot be read, or a filter says something else."""


@command
@CITY
@PERIOD
@click.option("--by", default=None, type=click.Choice(BY), help="Tell them apart by this.")
@PATROL
@LANGUAGE
@JSON
@filters
def indicators(
    city_dir: Path,
    *,
    written: str | None,
    by: str | None,
    without_patrol: bool,
    language: str,
    as_json: bool,
    **chosen: Any,
) -> None:
    """The standard indicators 受理 … 按期结案率 of any period, with what each is made of."""
    from geodata.commands.indicator_table import as_record, in_words  # noqa: PLC0415
    from geodata.findings.judging.indicators import indicator_set  # noqa: PLC0415
    from geodata.wording import Words  # noqa: PLC0415

    source, selection, period = _asked(city_dir, written, chosen)
    words = Words(language)
    found = indicator_set(
        source, selection, period=period, by=by, without_patrol=without_patrol, say=words
    )
    if as_json:
        say("", as_record(source, selection, found), as_json=True)
    else:
        click.echo(in_words(source, selection, found, words))


@command
@CITY
@PERIOD
@click.option("--by", default="office", show_default=True, type=click.Choice(BY[:4]))
@click.option("--measure", default="on_time_rate", show_default=True, type=click.Choice(MEASURES))
@click.option("--every", default="week", show_default=True, type=click.Choice(["week", "month"]),
              help="Steps of the history.")  # fmt: skip
@PATROL
@LANGUAGE
@JSON
@filters
def ranking(
    city_dir: Path,
    *,
    written: str | None,
    by: str,
    measure: str,
    every: Any,
    without_patrol: bool,
    language: str,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Offices, areas or streets in order, each with the ranks that are possible."""
    from geodata.commands.ranking_table import as_record, in_words  # noqa: PLC0415
    from geodata.findings.judging.offices import standings  # noqa: PLC0415
    from geodata.wording import Words  # noqa: PLC0415

    if measure == "cases_per_km" and by != "street":
        raise click.UsageError("--measure cases_per_km is for --by street")
    source, selection, period = _asked(city_dir, written, chosen)
    words = Words(language)
    found = standings(
        source, selection, by=by, measure=CODES.get(measure, measure), period=period, every=every,
        without_patrol=without_patrol, say=words,
    )  # fmt: skip
    if as_json:
        say("", as_record(found), as_json=True)
    else:
        click.echo(in_words(source, found, words))


def _asked(
    city_dir: Path, written: str | None, chosen: Mapping[str, Any]
) -> tuple[Source, Selection, Period | None]:
    from geodata.domain.period import PeriodUnknown, parse_period  # noqa: PLC0415
    from geodata.findings import Source  # noqa: PLC0415

    source = Source.of(city_dir)
    selection = selection_of(source.city, source.facts, chosen)
    if written is None:
        return source, selection, None
    if selection.phases is not None or selection.from_on or selection.until_on:
        raise PeriodRefused("--period and --phase, --from or --until both name days; give one.")
    try:
        return source, selection, parse_period(written, source.city.campaign)
    except PeriodUnknown as error:
        raise PeriodRefused("--period: {error}.", error=error) from error
