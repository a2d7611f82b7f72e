"""The ``city.toml`` a new city starts with: a head of its own, and the tables of a preset."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Final

from geodata.city import FORMAT

_CITY_HEAD: Final = """\
# A city of Guatu 挂图. Every table below may be edited; `python -m geodata status` names what
# a file mentions and no table maps. Text after # is a remark.

format = {format}

city.name = {name}
city.name_en = {name_en}
city.timezone = {timezone}
city.metric_crs = {metric_crs}   # a projected CRS in metres that fits the city
city.datum = {datum}             # of the case files: wgs84 (also CGCS2000), gcj02 or bd09
city.profile = {profile}         # headings of the case files; a name, or the path of a TOML file
city.made_up = {made_up}

"""


def city_head(
    *,
    name: str,
    timezone: str,
    metric_crs: str,
    profile: str,
    name_en: str = "",
    datum: str = "wgs84",
    made_up: bool = False,
) -> str:
    """Return the first part of a ``city.toml``; the tables of a preset follow it."""
    quoted = {
        key: json.dumps(value, ensure_ascii=False)
        for key, value in {
            "name": name, "name_en": name_en, "timezone": timezone, "metric_crs": metric_crs,
            "datum": datum, "profile": profile, "made_up": made_up,
        }.items()
    }  # fmt: skip
    return _CITY_HEAD.format(format=FORMAT, **quoted)


def preset_text(profile: str) -> str:
    """Tables a new city starts with: the preset of the profile, or the general Chinese one."""
    preset = files("geodata") / "presets" / f"{profile}.toml"
    if not preset.is_file():
        preset = files("geodata") / "presets" / "chinese.toml"
    return preset.read_text(encoding="utf-8")


def zone_of(preset: str) -> str:
    """Time zone a preset names in its first remark, e.g. ``# timezone: Asia/Shanghai``."""
    first = preset.splitlines()[0]
    return first.partition("timezone:")[2].strip() or "Asia/Shanghai"
