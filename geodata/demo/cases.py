"""The made-up case register, with the headings a city platform exports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.demo.config import load_config
from geodata.demo.draw import Reports, Scene, draw, positions, silenced
from geodata.demo.duties import Duties, assign, channels
from geodata.demo.habits import all_days
from geodata.demo.lifecycle import END, STATES, Lives, live, state
from geodata.demo.planted import load_planted
from geodata.demo.records import joined, taken
from geodata.demo.shape import METRES_PER_DEGREE, ORIGIN
from geodata.demo.sources import category_index
from geodata.demo.spots import Indices
from geodata.demo.wording import addresses, descriptions, one_of, words

ROWS: Final = 200_000
"""Cases made at a time."""

UNMAPPED: Final = 0.01
ALIASED: Final = 0.06
NAMELESS: Final = 0.03
"""Share of cases that name no street; the address still does."""
MARGIN: Final = 1.06


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Reports with where they lie, whose they are and what became of them."""

    reports: Reports
    xy: npt.NDArray[np.float64]
    channel: Indices
    duties: Duties
    lives: Lives


def iter_cases(scene: Scene, cases: int, seed: int, rows: int = ROWS) -> Iterator[pl.DataFrame]:
    """Make the register in parts, each in order of report time, none in memory but one.

    Parameters
    ----------
    scene
        From `geodata.demo.city.set_up`.
    cases, seed
        How many rows in all, and what makes them this city's.
    rows
        Rows per part, at most.

    Yields
    ------
    polars.DataFrame
        Chinese headings; times as local text; coordinates in WGS-84 degrees. Case
        numbers are unique over all parts.
    """
    numbered = np.zeros(len(all_days()), dtype=np.int64)
    for part, begin in enumerate(range(0, cases, rows)):
        random = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 1, part])))
        batch = _batch(scene, min(rows, cases - begin), random)
        yield _table(scene, batch, numbered, random)


def _batch(scene: Scene, wanted: int, random: np.random.Generator) -> Batch:
    """Draw exactly so many cases; rebounds come on top of those they follow."""
    planted = load_planted()
    parts = [_complete(scene, draw(scene, int(wanted * MARGIN) + 60, random), random)]
    parts += _rebounds(scene, parts[0], random)
    while sum(len(part.reports) for part in parts) < wanted:
        more = draw(scene, wanted // 25 + 60, random)
        away = ~np.isin(more.category, _kinds(planted))
        parts.append(_complete(scene, more.take(away), random))
    batch = joined(parts)
    at = _reported_at(batch.reports)
    order = np.lexsort((batch.xy[:, 1], batch.xy[:, 0], at))
    spare = len(order) - wanted
    rebounding = np.isin(batch.reports.category[order], _kinds(planted))
    shuffled = random.permutation(len(order))
    dropped = shuffled[np.argsort(rebounding[shuffled], kind="stable")][:spare]
    return taken(batch, np.delete(order, dropped))


def _kinds(planted: dict[str, dict[str, list[str]]]) -> Indices:
    """Categories in which rebounds are planted."""
    index = category_index()
    return np.array([index[code] for code in planted["rebound"]["categories"]])


def _complete(scene: Scene, reports: Reports, random: np.random.Generator) -> Batch:
    xy = positions(scene, reports, random)
    heard = ~silenced(scene, reports, xy)
    channel = channels(reports, random)
    away = _holiday_dip(reports, channel, random)
    reports, xy, channel = (
        reports.take(heard & ~away), xy[heard & ~away], channel[heard & ~away]
    )  # fmt: skip
    duties = assign(scene, reports, random)
    lives = live(_reported_at(reports), reports.category, duties.office, random)
    return Batch(reports=reports, xy=xy, channel=channel, duties=duties, lives=lives)


def _holiday_dip(
    reports: Reports, channel: Indices, random: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Patrols that do not go out: most on holidays, some at weekends."""
    config = load_config()
    days = all_days()
    off = ~config.calendar.is_workday_many(days)
    weekend = (days.astype(np.int64) + 3) % 7 >= 5  # noqa: PLR2004 — Saturday, Sunday
    chance = np.where(off & ~weekend, 0.6, np.where(off, 0.3, 0.0))
    patrols = np.array([one.code == "patrol" for one in config.channels])[channel]
    return np.asarray(patrols & (random.random(len(channel)) < chance[reports.day]))


def _rebounds(scene: Scene, batch: Batch, random: np.random.Generator) -> list[Batch]:
    """Let the same kind come back at the planted sites, and again after that."""
    rule = load_planted()["rebound"]
    low, high = rule["within_days"]
    sites = scene.spots.on(*rule["streets"])
    found: list[Batch] = []
    parents = batch
    for _ in range(5):
        closed = parents.lives.closed_at
        at_site = sites[parents.reports.spot] & np.isin(
            parents.reports.category, _kinds(load_planted())
        )
        again = at_site & ~np.isnat(closed) & (random.random(len(closed)) < rule["rate"])
        days = random.uniform(low, high, len(closed)) * 86_400e6
        back = closed + days.astype("timedelta64[us]")
        again &= np.where(np.isnat(back), END + np.timedelta64(1, "us"), back) <= END
        if not again.any():
            break
        parents = _complete(scene, _at(parents.reports.take(again), back[again]), random)
        found.append(parents)
    return found


def _at(reports: Reports, when: npt.NDArray[np.datetime64]) -> Reports:
    """Return the same reports at other times."""
    day = (when.astype("datetime64[D]") - all_days()[0]).astype(np.int64)
    second = (when - when.astype("datetime64[D]")).astype("timedelta64[s]").astype(np.int64)
    return Reports(category=reports.category, spot=reports.spot, day=day, second=second)


def _reported_at(reports: Reports) -> npt.NDArray[np.datetime64]:
    midnight = all_days()[reports.day].astype("datetime64[us]")
    return np.asarray(midnight + (reports.second * 1_000_000).astype("timedelta64[us]"))


def _table(
    scene: Scene, batch: Batch, numbered: Indices, random: np.random.Generator
) -> pl.DataFrame:
    """Write a batch as a platform would export it; ``numbered`` counts cases per day."""
    config, spots, reports = load_config(), scene.spots, batch.reports
    count = len(reports)
    street = one_of(spots.streets, spots.street[reports.spot])
    address = addresses(street, spots.number[reports.spot], spots.corner[reports.spot], random)
    codes = [one.code for one in config.categories]
    text = descriptions(reports.category, codes, address, random)
    lon_lat = _degrees(scene, batch, random)
    community = spots.community[reports.spot]
    families = {one.code: one.name for one in config.families}
    built, cleared = _floor_areas(batch, random)
    times = {
        "上报时间": _reported_at(reports),
        "立案时间": batch.lives.filed_at,
        "派遣时间": batch.lives.dispatched_at,
        "处置时间": batch.lives.handled_at,
        "核查时间": batch.lives.verified_at,
        "结案时间": batch.lives.closed_at,
        "处置期限": batch.lives.due_at,
    }
    kind, unmapped = _category_names(reports.category, random)
    family = one_of([families[one.family] for one in config.categories], reports.category)
    return pl.DataFrame(
        {
            "案卷编号": _numbers(reports.day, numbered),
            "大类": family.zip_with(
                pl.Series(~unmapped), pl.Series(["其他"]).new_from_index(0, count)
            ),
            "小类": kind,
            "问题描述": text,
            **{heading: _clock(at) for heading, at in times.items()},
            "责任部门": batch.duties.name,
            "配合单位": batch.duties.assisting,
            "问题来源": one_of([one.name for one in config.channels], batch.channel),
            "案卷状态": one_of(list(STATES), state(batch.lives)),
            "所在街道": one_of(_subdistricts(scene), community),
            "所在社区": one_of(scene.areas.names, community),
            "路段名称": _some(street, 1 - NAMELESS, random),
            "地址": address,
            "经度": lon_lat[:, 0],
            "纬度": lon_lat[:, 1],
            "违建面积": built,
            "拆除面积": cleared,
            "返工次数": pl.Series(batch.lives.returns.astype(np.int16)),
        }
    )


def _some(column: pl.Series, share: float, random: np.random.Generator) -> pl.Series:
    """Keep a share of the values, null elsewhere."""
    kept = pl.Series(random.random(len(column)) < share)
    return pl.select(pl.when(kept).then(column)).to_series()


def _subdistricts(scene: Scene) -> list[str]:
    return [scene.areas.subdistricts[parent][0] for parent in scene.areas.parents]


def _numbers(day: Indices, numbered: Indices) -> pl.Series:
    """Case numbers such as 20261122-00123, counted on from the parts before."""
    first = np.searchsorted(day, np.arange(len(numbered)))
    serial = np.arange(len(day)) - first[day] + numbered[day] + 1
    numbered += np.bincount(day, minlength=len(numbered))
    stamp = pl.Series(all_days()[day].astype("datetime64[ms]")).dt.strftime("%Y%m%d")
    digits = pl.Series(serial).cast(pl.String).str.zfill(5)
    return pl.select(pl.concat_str([stamp, digits], separator="-")).to_series()


def _clock(at: npt.NDArray[np.datetime64]) -> pl.Series:
    """Return local times as text, null where there is none."""
    return pl.Series(at.astype("datetime64[ms]")).dt.strftime("%Y-%m-%d %H:%M:%S")


def _degrees(scene: Scene, batch: Batch, random: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return coordinates as exported: six decimals, a few at the default point."""
    pile = load_planted()["pile"]
    codes = [one.code for one in load_config().channels]
    piled = (batch.channel == codes.index(pile["channel"])) & (
        random.random(len(batch.channel)) < pile["share"]
    )
    xy = np.where(piled[:, None], np.array(scene.plan.hall), batch.xy)
    return np.asarray(np.round(xy / METRES_PER_DEGREE + ORIGIN, 6))


def _category_names(
    category: Indices, random: np.random.Generator
) -> tuple[pl.Series, npt.NDArray[np.bool_]]:
    """Category names as reported: some by an alias, a few no table maps."""
    categories = load_config().categories
    other = [one.aliases[0] if one.aliases else one.name for one in categories]
    aliased = random.random(len(category)) < ALIASED
    unmapped = random.random(len(category)) < UNMAPPED
    names = one_of([one.name for one in categories], category).zip_with(
        pl.Series(~aliased), one_of(other, category)
    )
    strange = one_of(
        words()["unmapped"], random.integers(0, len(words()["unmapped"]), len(category))
    )
    return names.zip_with(pl.Series(~unmapped), strange), unmapped


def _floor_areas(batch: Batch, random: np.random.Generator) -> tuple[pl.Series, pl.Series]:
    """Floor area of illegal buildings and what of it is pulled down, m²; null elsewhere."""
    index = category_index()
    count = len(batch.reports)
    structure = batch.reports.category == index["illegal_structure"]
    shed = batch.reports.category == index["shed"]
    found = np.where(
        structure, random.lognormal(3.9, 0.85, count), random.lognormal(2.5, 0.7, count)
    )
    found = np.round(np.clip(found, 2.0, 2_400.0), 1)
    part = np.where(random.random(count) < 0.75, 1.0, random.uniform(0.2, 0.9, count))  # noqa: PLR2004
    done = ~np.isnat(batch.lives.handled_at)
    built = np.where(structure | shed, found, np.nan)
    cleared = np.where((structure | shed) & done, np.round(found * part, 1), np.nan)
    return (
        pl.Series(built).fill_nan(None),
        pl.Series(cleared).fill_nan(None),
    )
