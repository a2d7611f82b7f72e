"""``effect``: did a special action work, or did it move."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geodata.commands.common import CITY, JSON, command, say
from geodata.commands.filters import selection_of
from geodata.errors import GeodataError

if TYPE_CHECKING:
    from geodata.domain.period import Period
    from geodata.domain.selection import Selection
    from geodata.findings import Source
    from geodata.findings.effects.effect import EffectFinding

PERIODS = "2026-W46, 2026-11, 2026-Q4, a day..a day, or phase:CODE."


class EffectRefused(GeodataError):
    """There is nothing to measure, or a period cannot be read."""


def _codes(_: click.Context, __: click.Parameter, value: str | None) -> frozenset[str] | None:
    return None if value is None else frozenset(part.strip() for part in value.split(","))


@command
@CITY
@click.option("--action", default=None, metavar="CODE", help="One special action; all by default.")
@click.option("--street", "streets", default=None, callback=_codes, metavar="NAMES",
              help="Streets of your own choice instead, comma-separated.")  # fmt: skip
@click.option("--category", "categories", default=None, callback=_codes, metavar="CODES",
              help="With --street: count these categories only.")  # fmt: skip
@click.option("--before", default=None, metavar="PERIOD", help=f"Days before: {PERIODS}")
@click.option("--after", default=None, metavar="PERIOD", help="Days after, written likewise.")
@click.option("--hours", default="all", type=click.Choice(["all", "in", "out"]),
              help="In or out of working hours.")  # fmt: skip
@click.option("--language", default="zh", show_default=True, type=click.Choice(["zh", "en"]))
@JSON
def effect(
    city_dir: Path,
    *,
    action: str | None,
    before: str | None,
    after: str | None,
    language: str,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Did it work or did it move: treated streets, streets like them, and those around.

    An action is measured over its own days against the days before it; streets of your choice
    between the first two phases of the campaign. --before and --after name other days.
    """
    from geodata.commands.effect_table import as_record, in_words  # noqa: PLC0415
    from geodata.findings import Source  # noqa: PLC0415
    from geodata.wording import Words  # noqa: PLC0415

    if action is not None and chosen["streets"] is not None:
        raise click.UsageError("--action and --street both name streets; give one")
    if chosen["categories"] is not None and chosen["streets"] is None:
        raise click.UsageError("--category is for --street; an action has its own categories")
    source = Source.of(city_dir)
    selection = selection_of(source.city, source.facts, chosen)
    days = (_period(source, before, "--before"), _period(source, after, "--after"))
    words = Words(language)
    found = _found(source, selection, action, days)
    if as_json:
        say("", as_record(source, found, words), as_json=True)
    else:
        click.echo(in_words(source, found, words))


def _period(source: Source, written: str | None, option: str) -> Period | None:
    from geodata.domain.period import PeriodUnknown, parse_period  # noqa: PLC0415

    try:
        return None if written is None else parse_period(written, source.city.campaign)
    except PeriodUnknown as error:
        raise EffectRefused("{option}: {error}.", option=option, error=error) from error


def _found(
    source: Source,
    selection: Selection,
    action: str | None,
    days: tuple[Period | None, Period | None],
) -> tuple[EffectFinding, ...]:
    from geodata.findings.effects.effect import (  # noqa: PLC0415
        effect_of_action,
        effect_of_streets,
        effects,
    )

    before, after = days
    if selection.streets is not None:
        before, after = _both(source, before, after)
        return (effect_of_streets(source, selection, before=before, after=after),)
    actions = {one.code: one for one in source.city.actions}
    if action is None and not actions:
        raise EffectRefused(
            "city.toml lists no special actions. Name streets with --street, or add [[actions]]."
        )
    if action is None:
        return effects(source, selection, before=before, after=after)
    if action not in actions:
        raise EffectRefused(
            "--action: no {action!r}. Choose from: {actions}.", action=action, actions=list(actions)
        )
    return (effect_of_action(source, actions[action], selection, before=before, after=after),)


def _both(
    source: Source, before: Period | None, after: Period | None
) -> tuple[Period | None, Period | None]:
    """Both stretches for streets of one's own choice: as given, else the first two phases."""
    from geodata.findings.effects.stretches import days_before, first_phases  # noqa: PLC0415

    if after is not None:
        return before or days_before(source, after), after
    phases = first_phases(source)
    if before is not None or phases is None:
        raise EffectRefused(
            "No days to compare: write --before and --after, e.g. "
            "--before 2026-08-01..2026-08-31 --after 2026-10."
        )
    return phases
