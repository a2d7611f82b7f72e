"""What ``city.toml`` says, as plain objects of the domain.

A folder holds ``city.toml`` (what people edit), ``layers/`` (streets, areas, places,
unit grids), ``lake/`` (the cases, versioned), ``set_aside/`` and ``snapshots/``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from geodata.analysis.composite import Weights
from geodata.analysis.ranking import RankRule
from geodata.domain.calendar import WorkCalendar
from geodata.domain.campaign import Campaign, SpecialAction
from geodata.domain.case import DueSoonRule, PileRule
from geodata.domain.category import Category, Family
from geodata.domain.street import SnapRule, StreetClass
from geodata.domain.tree import Tree
from geodata.domain.viewer import AccessRule
from geodata.spatial.coordinates import Datum

FORMAT: Final = 1
"""Version of the city.toml layout this software reads and writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where reports come from 来源."""

    code: str
    name: str
    name_en: str = ""
    aliases: tuple[str, ...] = ()
    patrol: bool = False
    """Found by the city's own people: more patrols mean more of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapStyle:
    """The map's base: a credit line, and an intranet tile server if there is one."""

    credit: str = ""
    credit_en: str = ""
    tile_url: str = ""
    tile_datum: Datum = "wgs84"
    breaks: Mapping[str, Mapping[str, tuple[float, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class City:
    """Everything ``city.toml`` says, checked; cheap to pass around, never changed."""

    folder: Path
    name: str
    timezone: str
    metric_crs: str
    families: tuple[Family, ...]
    categories: tuple[Category, ...]
    offices: Tree
    channels: tuple[Channel, ...]
    street_classes: Mapping[str, StreetClass]
    calendar: WorkCalendar
    name_en: str = ""
    made_up: bool = False
    datum: Datum = "wgs84"
    profile: str = ""
    campaign: Campaign | None = None
    actions: tuple[SpecialAction, ...] = ()
    map: MapStyle = field(default_factory=MapStyle)
    snap: SnapRule = field(default_factory=SnapRule)
    piles: PileRule = field(default_factory=PileRule)
    due_soon: DueSoonRule = field(default_factory=DueSoonRule)
    ranks: RankRule = field(default_factory=RankRule)
    weights: Weights | None = None
    access: AccessRule | None = None
    config_sha256: str = ""

    @property
    def layers(self) -> Path:
        """Folder of the static geometry layers."""
        return self.folder / "layers"

    @property
    def lake(self) -> Path:
        """Folder of the versioned case table."""
        return self.folder / "lake"

    @property
    def set_aside(self) -> Path:
        """Folder of rows that could not be taken in."""
        return self.folder / "set_aside"

    @cached_property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.timezone)

    @cached_property
    def family_of(self) -> dict[str, str]:
        """Category code → family code."""
        return {category.code: category.family for category in self.categories}
