"""``hotspots`` and ``emerging``: where reports gather more than chance, and how that changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from geodata.commands.common import CITY, JSON, command, say
from geodata.commands.filters import filters, selection_of

if TYPE_CHECKING:
    from geodata.domain.selection import Selection
    from geodata.findings import Source
    from geodata.findings.gathering.emerging import EmergingFinding
    from geodata.findings.gathering.hotspots import HotSpotFinding
    from geodata.wording import Words

TOP: Final = 10

LANGUAGE = click.option(
    "--language", default="zh", show_default=True, type=click.Choice(["zh", "en"])
)
RESOLUTION = click.option(
    "--resolution", type=click.IntRange(8, 10), default=None,
    help="H3 resolution of the cells; by default the finest with enough cases.",
)  # fmt: skip


@command
@CITY
@RESOLUTION
@click.option("--per-km", is_flag=True, help="Compare with the kilometres of street, not cells.")
@LANGUAGE
@JSON
@filters
def hotspots(
    city_dir: Path,
    *,
    resolution: int | None,
    per_km: bool,
    language: str,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Hot spots 热点: cells that stand out after a test, with the reasons; default geocodes out."""
    from geodata.commands.hotspot_record import hot_spot_record  # noqa: PLC0415
    from geodata.findings.gathering.hotspots import find_hot_spots  # noqa: PLC0415
    from geodata.wording import Words  # noqa: PLC0415

    source, selection = _asked(city_dir, chosen)
    words = Words(language)
    found = find_hot_spots(source, selection, resolution=resolution, per_km=per_km)
    if as_json:
        say("", hot_spot_record(source, found, words), as_json=True)
    else:
        click.echo("\n".join(_hot_spot_lines(source, found, words)))


@command
@CITY
@RESOLUTION
@click.option("--weeks", type=click.IntRange(4, 53), default=12, show_default=True,
              help="At most so many whole weeks, up to the last day.")  # fmt: skip
@LANGUAGE
@JSON
@filters
def emerging(
    city_dir: Path,
    *,
    resolution: int | None,
    weeks: int,
    language: str,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Seventeen classes 走势类型: which hot spots are new, lasting, fading or coming back."""
    from geodata.commands.hotspot_record import emerging_record  # noqa: PLC0415
    from geodata.findings.gathering.emerging import find_emerging  # noqa: PLC0415
    from geodata.wording import Words  # noqa: PLC0415

    source, selection = _asked(city_dir, chosen)
    words = Words(language)
    found = find_emerging(source, selection, resolution=resolution, weeks=weeks)
    if as_json:
        say("", emerging_record(source, found, words), as_json=True)
    else:
        click.echo("\n".join(_emerging_lines(source, found, words)))


def _asked(city_dir: Path, chosen: dict[str, Any]) -> tuple[Source, Selection]:
    from geodata.findings import Source  # noqa: PLC0415

    source = Source.of(city_dir)
    return source, selection_of(source.city, source.facts, chosen)


def _title(source: Source, selection: Selection, words: Words) -> str:
    from geodata.wording.selection import describe, describe_period  # noqa: PLC0415

    period = describe_period(source.city, source.facts, selection, words)
    filters = describe(source.city, source.facts, selection, words)
    return f"{words.name(source.city)} · {period} · {filters} · v{max(source.version, 0)}"


def _hot_spot_lines(source: Source, found: HotSpotFinding, words: Words) -> Iterator[str]:
    from geodata.findings.gathering.explain import explain  # noqa: PLC0415
    from geodata.findings.gathering.hotspot_words import (  # noqa: PLC0415
        about_test,
        badge_name,
        bin_name,
        clue_text,
        doubt_text,
        place_name,
    )

    yield _title(source, found.selection, words)
    yield from (f"  {line}" for line in about_test(found, words))
    for row in found.places.head(TOP).to_dicts():
        place = explain(source, found, row["at"])
        numbers = place.numbers
        name = place_name(place.streets, words)
        sure = f"{bin_name(numbers['bin'], words)} · {badge_name(numbers['badge'], words)}"
        yield f"\n{row['rank']}. {name}  [{sure}]  {place.cell:x}"
        yield from (f"   {clue_text(clue, source.city, words)}" for clue in place.clues)
        yield f"   {doubt_text(place.doubt, source.city, words)}"


def _emerging_lines(source: Source, found: EmergingFinding, words: Words) -> Iterator[str]:
    from geodata.findings.gathering.emerging import changed_places  # noqa: PLC0415
    from geodata.findings.gathering.hotspot_words import (  # noqa: PLC0415
        about_weeks,
        class_words,
        place_name,
        week_words,
    )

    yield _title(source, found.selection, words)
    yield from (f"  {line}" for line in about_weeks(found, words))
    yield ""
    for code, cells in found.by_class().iter_rows():
        if cells:
            yield f"  {cells:>6,}  {class_words(code, words)}"
    for rank, row in enumerate(changed_places(source, found).head(TOP).to_dicts(), start=1):
        name = place_name(row["streets"], words)
        yield f"\n{rank}. {name}  [{class_words(row['class'], words)}]  {row['cell']:x}"
        yield f"   {week_words(row, found, words)}"
