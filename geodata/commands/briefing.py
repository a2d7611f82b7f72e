"""``brief``, ``schedule``, ``phones``: what leaders hold, when, and what is never in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from geodata.commands.common import CITY, JSON, Bar, command, say, write_whole

if TYPE_CHECKING:
    from geodata.brief.snapshots import Pack
    from geodata.brief.verify import Verified
    from geodata.city import City

PARTS: Final = ("bulletin.pdf", "wall-a3.pdf", "wall-a0.pdf", "page.html", "tables.xlsx",
                "card.png")  # fmt: skip
_RELATIVE: Final = ("today", "yesterday", "last-week", "last-month", "last-quarter")


@command
@CITY
@click.option("--period", default=None, metavar="PERIOD",
              help="2026-11-21, 2026-W47, 2026-11, 2026-Q4, 2026-09-01..2026-09-30, phase:CODE, "
                   f"or {', '.join(_RELATIVE)} by today's date.")  # fmt: skip
@click.option("--office", "offices", multiple=True, metavar="CODE",
              help="Only this office and those below it; may be given several times.")  # fmt: skip
@click.option("--language", default="zh", show_default=True, type=click.Choice(["zh", "en"]))
@click.option("--public", is_flag=True, help="The public edition: no texts, no small counts.")
@click.option("--again", is_flag=True, help="A public edition replaces one of the same days that "
              "is out, so that nobody can subtract the two.")  # fmt: skip
@click.option("--red-head", is_flag=True, help="Masthead of the bulletin in red 红头.")
@click.option("--without", multiple=True, type=click.Choice(PARTS), help="Leave a part out.")
@click.option("--out", type=click.Path(path_type=Path), help="Also copy the pack into this folder.")
@click.option("--version", type=int, default=None, help="Lake version; the newest by default.")
@click.option("--verify", "pack", default=None, metavar="PACK",
              help="Rebuild a pack (a folder, or a name under snapshots/) and compare every "
                   "byte.")  # fmt: skip
@JSON
def brief(
    city_dir: Path,
    *,
    period: str | None,
    offices: tuple[str, ...],
    language: str,
    public: bool,
    again: bool,
    red_head: bool,
    without: tuple[str, ...],
    out: Path | None,
    version: int | None,
    pack: str | None,
    as_json: bool,
) -> None:
    """Make the leaders' pack of a period, or verify one; safe to run twice."""
    from geodata.brief.build import build_pack  # noqa: PLC0415 - commands import what they use
    from geodata.findings import Source  # noqa: PLC0415

    if pack is not None:
        _verify(city_dir, pack, as_json=as_json)
        return
    if period is None:
        raise click.UsageError("Give --period (or --verify PACK).")
    source = Source.of(city_dir, version=version)
    bar = Bar()
    made = build_pack(
        source, _by_date(period, source.city), offices=offices, language=language,
        public=public, red_head=red_head, without=without, again=again, out=out,
        progress=lambda part: bar(part, 0),
    )  # fmt: skip
    bar.done()
    say(_told(made, out), _about(made), as_json=as_json)


def _by_date(period: str, city: City) -> str:
    """A period by today's date, in city time, as people write it; others as they are."""
    if period not in _RELATIVE:
        return period
    today = datetime.now(city.zone).date()
    monday = today - timedelta(days=today.weekday() + 7)
    month = today.replace(day=1) - timedelta(days=1)
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1) - timedelta(days=1)
    year, week, _ = monday.isocalendar()
    return {
        "today": today.isoformat(),
        "yesterday": (today - timedelta(days=1)).isoformat(),
        "last-week": f"{year}-W{week:02d}",
        "last-month": f"{month:%Y-%m}",
        "last-quarter": f"{quarter.year}-Q{(quarter.month + 2) // 3}",
    }[period]


def _told(pack: Pack, out: Path | None) -> str:
    where = pack.folder if out is None else out / pack.name
    parts = ", ".join(name for name in pack.manifest.files if name != "city.toml")
    return (
        f"{where}: {parts}\nVerify any time: python -m geodata brief CITY_DIR --verify {pack.name}"
    )


def _about(pack: Pack) -> dict[str, object]:
    return {"pack": str(pack.folder), "name": pack.name, **pack.manifest.as_json()}


def _verify(city_dir: Path, named: str, *, as_json: bool) -> None:
    from geodata.brief.snapshots import find_pack  # noqa: PLC0415
    from geodata.brief.verify import verify  # noqa: PLC0415
    from geodata.city import load_city  # noqa: PLC0415

    city = load_city(city_dir)
    done = verify(city, find_pack(city, named))
    say(_verified(done), {
        "pack": str(done.pack.folder), "same": done.same, "files": done.files,
        "differences": {one.file: one.why for one in done.differences},
        "changed_since": list(done.changed_since),
    }, as_json=as_json)  # fmt: skip
    if not done.same:
        raise SystemExit(1)


def _verified(done: Verified) -> str:
    since = "".join(f"\n  (since then {one}; the copy kept was used)" for one in done.changed_since)
    if done.same:
        return f"{done.pack.folder}: {done.files} files, every byte the same.{since}"
    listed = "".join(f"\n  - {one.file}: {one.why}" for one in done.differences)
    return (
        f"{done.pack.folder}: {len(done.differences)} of {done.files} files differ:{listed}{since}"
    )


@command
@CITY
@click.option("--out", type=click.Path(path_type=Path), help="Folder the packs are copied into.")
@click.option("--form", default="both", show_default=True,
              type=click.Choice(["cron", "systemd", "both"]))  # fmt: skip
@JSON
def schedule(city_dir: Path, *, out: Path | None, form: str, as_json: bool) -> None:
    """Print cron and systemd lines for the cadence 四个一: daily check, bulletin, week, month."""
    from geodata.brief.schedule import cron_lines, systemd_units  # noqa: PLC0415
    from geodata.city import load_city  # noqa: PLC0415

    load_city(city_dir)
    root = Path(__file__).resolve().parents[2]
    cron = cron_lines(city_dir, root=root, out=out)
    units = systemd_units(city_dir, root=root, out=out)
    told = [f"# crontab -e\n{cron}"] if form != "systemd" else []
    if form != "cron":
        told += [f"# /etc/systemd/system/{name}\n{text}" for name, text in units.items()]
    say("\n".join(told).rstrip(), {"cron": cron, "systemd": units}, as_json=as_json)


@command
@CITY
@click.option("--out", required=True, type=click.Path(path_type=Path), help="XLSX file to write.")
@click.option("--role", required=True, type=click.Choice(["enforcement"]),
              help="Role that [access] of city.toml gives the person.")  # fmt: skip
@click.option("--person", default=None, help="Name in [access]; the first of the role by default.")
@click.option("--language", default="zh", show_default=True, type=click.Choice(["zh", "en"]))
@JSON
def phones(
    city_dir: Path, *, out: Path, role: str, person: str | None, language: str, as_json: bool
) -> None:
    """Write the register of telephone numbers on illegal posters (S20), for those authorised."""
    from geodata.brief.poster_phones import authorised, phone_register  # noqa: PLC0415
    from geodata.brief.poster_sheet import register_workbook  # noqa: PLC0415
    from geodata.findings import Source  # noqa: PLC0415
    from geodata.wording import Words  # noqa: PLC0415

    source = Source.of(city_dir)
    viewer = authorised(source.city, person)
    register = phone_register(source)
    body = register_workbook(source, register, viewer, Words(language))
    write_whole(out, body, mode=0o600)
    n = len(register.table)
    text = (
        f"{out}: {n} numbers from {register.cases} poster cases "
        f"({register.without} without a number, {register.callers} callers' own left out)"
    )
    say(text, {"file": str(out), "numbers": n, "cases": register.cases, "role": role,
               "without": register.without, "callers": register.callers},
        as_json=as_json)  # fmt: skip
