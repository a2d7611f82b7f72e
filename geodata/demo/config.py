"""Tables of the made-up city: categories, offices, channels, campaign, special actions."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from importlib.resources import files
from typing import Any, Final

from geodata.city import Channel
from geodata.domain.calendar import WorkCalendar
from geodata.domain.campaign import Campaign, Phase, SpecialAction
from geodata.domain.category import Category, Deadline, Family
from geodata.domain.tree import Node, Tree

NAME: Final = "演示区"
NAME_EN: Final = "Demo District"
TIMEZONE: Final = "Asia/Shanghai"
METRIC_CRS: Final = "EPSG:32648"
FIRST_DAY: Final = date(2026, 5, 1)
AS_OF: Final = date(2026, 11, 22)
"""Last day with reports; day 84 of the campaign, a Sunday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoConfig:
    """The made-up city's tables as domain objects; ``toml`` is the same as text.

    Attributes
    ----------
    toml
        Everything of a ``city.toml`` except its head (name, time zone, CRS, datum).
    """

    families: tuple[Family, ...]
    categories: tuple[Category, ...]
    channels: tuple[Channel, ...]
    offices: Tree
    calendar: WorkCalendar
    campaign: Campaign
    actions: tuple[SpecialAction, ...]
    toml: str


@cache
def load_config() -> DemoConfig:
    """Read the tables that ship with the package."""
    text = files("geodata.demo").joinpath("tables.toml").read_text("utf-8")
    raw = tomllib.loads(text)
    phases = tuple(Phase(**row) for row in raw["campaign"].pop("phases"))
    hours = raw["calendar"].pop("working_hours")
    return DemoConfig(
        families=tuple(Family(**row) for row in raw["families"]),
        categories=tuple(_category(row) for row in raw["categories"]),
        channels=tuple(Channel(**_tupled(row)) for row in raw["channels"]),
        offices=Tree(tuple(Node(**_tupled(row)) for row in raw["offices"])),
        calendar=WorkCalendar(
            working_hours=tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in hours),
            **raw["calendar"],
        ),
        campaign=Campaign(phases=phases, **raw["campaign"]),
        actions=tuple(SpecialAction(**_tupled(row)) for row in raw["actions"]),
        toml=text,
    )


def _tupled(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


def _category(row: dict[str, Any]) -> Category:
    return Category(**{**_tupled(row), "deadline": Deadline(**row["deadline"])})
