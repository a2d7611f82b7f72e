"""What kind of problem a case reports: one category, in one family."""

from __future__ import annotations

from dataclasses import dataclass

UNMAPPED = "unmapped"
"""Category code of cases whose reported category name no table maps. A value, never a loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A headline group of categories, e.g. street occupancy 占道经营."""

    code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """How long an office has, counted from filing 立案; set ``hours`` or ``days``, not both.

    Attributes
    ----------
    hours
        Working hours 工作时.
    days
        Working days 工作日.
    """

    hours: float | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One problem type 小类 and the names other systems give it."""

    code: str
    family: str
    name: str
    name_en: str = ""
    aliases: tuple[str, ...] = ()
    deadline: Deadline | None = None
    kind: str = "occurrence"
    """``occurrence`` 事件 or ``component`` 部件."""
