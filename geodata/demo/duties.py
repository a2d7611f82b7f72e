"""Who is responsible for a case, who assists, and through which channel it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.demo.config import load_config
from geodata.demo.draw import Reports, Scene
from geodata.demo.habits import load_habits
from geodata.demo.sources import pick
from geodata.demo.spots import Indices
from geodata.demo.wording import one_of, words

NO_OFFICE: Final = 0.02
UNKNOWN_OFFICE: Final = 0.005
ASSISTED: Final = 0.42

OF_SUBDISTRICT: Final = {
    "西园街道": "xiyuan", "北苑街道": "beiyuan", "南桥街道": "nanqiao", "东渡街道": "dongdu",
}  # fmt: skip

CHANNELS: Final[Mapping[str, Mapping[str, float]]] = {
    "street": {
        "patrol": 27, "platform": 15, "12345": 15, "12319": 10, "app": 12, "video": 11,
        "undercover": 5, "96111": 2, "mayor": 1.5, "media": 1.5,
    },
    "complaint": {
        "patrol": 14, "platform": 12, "12345": 35, "12319": 13, "app": 12, "video": 2,
        "undercover": 3, "96111": 3, "mayor": 4, "media": 2,
    },
    "night": {
        "patrol": 7, "platform": 6, "12345": 37, "12319": 15, "app": 19, "video": 9,
        "undercover": 2, "96111": 3, "mayor": 1, "media": 1,
    },
}  # fmt: skip
"""Weights of the channels by kind of case and time of day."""

COMPLAINTS: Final = {
    "illegal_structure", "shed", "noise", "sewage", "dumping", "barbecue", "market_hygiene",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """Responsible office (code, "" for none), its name as exported, and who assists.

    ``name`` and ``assisting`` are columns of text or null; assisting names joined by ；.
    """

    office: npt.NDArray[np.str_]
    name: pl.Series
    assisting: pl.Series


def channels(reports: Reports, random: np.random.Generator) -> Indices:
    """Draw the channel of each report: index into the configuration's channels."""
    config = load_config()
    codes = [one.code for one in config.channels]
    complaint = np.array([one.code in COMPLAINTS for one in config.categories])[reports.category]
    hour = reports.second // 3600
    night = (hour >= 20) | (hour < 6)  # noqa: PLR2004 — after patrols have gone home
    group = np.where(night, "night", np.where(complaint, "complaint", "street"))
    channel = np.zeros(len(reports), dtype=np.int64)
    for name, weights in CHANNELS.items():
        own = group == name
        total = np.cumsum([weights[code] for code in codes])
        channel[own] = pick(total / total[-1], int(own.sum()), random)
    return channel


def assign(scene: Scene, reports: Reports, random: np.random.Generator) -> Duties:
    """Draw who is responsible and who assists, by category and place."""
    count = len(reports)
    team = np.array([OF_SUBDISTRICT[scene.areas.subdistricts[p][0]] for p in scene.areas.parents])
    community = scene.spots.community[reports.spot]
    office = _leads(reports.category, random)
    office = np.where(office == "team", np.char.add(team[community], "_team"), office)
    luck = random.random(count)
    names = {node.code: node.name for node in load_config().offices}
    codes, position = np.unique(office, return_inverse=True)
    strange = words()["unknown_office"]
    name = one_of([names[code] for code in codes], position).zip_with(
        pl.Series(luck <= 1 - UNKNOWN_OFFICE),
        one_of(strange, random.integers(0, len(strange), count)),
    )
    name = pl.select(pl.when(pl.Series(luck >= NO_OFFICE)).then(name)).to_series()
    office = np.where(luck < NO_OFFICE, "", office)
    return Duties(
        office=office, name=name, assisting=_assisting(scene, reports, office, team, random)
    )


def _leads(category: Indices, random: np.random.Generator) -> npt.NDArray[np.str_]:
    codes = [one.code for one in load_config().categories]
    lead = np.full(len(category), "", dtype="<U16")
    for habit in load_habits():
        own = category == codes.index(habit.code)
        offices = np.array(list(habit.lead))
        total = np.cumsum(list(habit.lead.values()))
        lead[own] = offices[pick(total / total[-1], int(own.sum()), random)]
    return lead


def _assisting(
    scene: Scene,
    reports: Reports,
    office: npt.NDArray[np.str_],
    team: npt.NDArray[np.str_],
    random: np.random.Generator,
) -> pl.Series:
    """Draw up to two assisting offices, never the responsible one again."""
    community = scene.spots.community[reports.spot]
    helped = random.random(len(reports)) < ASSISTED
    both = helped & (random.random(len(reports)) < 0.3)  # noqa: PLR2004 — three in ten have two
    first = _helpers(scene, reports.category, community, team, 0)
    second = _helpers(scene, reports.category, community, team, 1)
    own = {node.name: node.code for node in load_config().offices}
    chosen = []
    for helper, asked in ((first, helped), (second, both)):
        code = np.array([own[name] for name in helper[0]])[helper[1]]
        column = one_of(helper[0], helper[1])
        chosen.append(
            pl.select(pl.when(pl.Series(asked & (code != office))).then(column)).to_series()
        )
    joined = pl.select(pl.concat_str(chosen, separator="；", ignore_nulls=True)).to_series()
    return joined.replace("", None)


def _helpers(
    scene: Scene, category: Indices, community: Indices, team: npt.NDArray[np.str_], rank: int
) -> tuple[list[str], Indices]:
    """Names, and for each case the index of the office that would assist it at this rank."""
    names = {node.code: node.name for node in load_config().offices}
    listed = sorted(names.values())
    position = {name: index for index, name in enumerate(listed)}
    by_code = {habit.code: habit for habit in load_habits()}
    table = np.zeros((len(load_config().categories), len(scene.areas.names)), dtype=np.int64)
    for row, one in enumerate(load_config().categories):
        assist = by_code[one.code].assist
        code = assist[min(rank, len(assist) - 1)]
        for column, area in enumerate(scene.areas.names):
            if code == "community":
                table[row, column] = position[f"{area}居委会"]
            else:
                whose = f"{team[column]}_team" if code == "team" else code
                table[row, column] = position[names[whose]]
    return listed, table[category, community]
