"""Cities a page must survive: each with something missing, or with too much of it."""

from __future__ import annotations

import re

import geopandas as gpd
import pytest

from tests import small_city
from tests.dashboard.conftest import TOML, many, take_in

LONG = "某某市某某区某某街道综合行政执法与城市运行管理服务中心第{}执法中队暨市容环境联合巡查工作站"
OFFICES = "".join(
    f'  {{ code = "o{i}", name = "{LONG.format(i)}", parent = "city" }},\n' for i in range(40)
)
NO_AREAS = {
    "districts": gpd.GeoDataFrame({"code": [], "name": [], "level": []}, geometry=[], crs=4326)
}
VARIANTS = {
    "no cases": (TOML, 0, {}),
    "one case": (TOML, 1, {}),
    "many": (TOML, 400, {}),
    "no campaign": (re.sub(r"(?s)\n\[campaign\].*", "\n", TOML), 60, {}),
    "no districts": (TOML, 60, NO_AREAS),
    "40 offices": (TOML.replace("offices = [\n", f"offices = [\n{OFFICES}", 1), 60, {}),
    "made up": (TOML.replace("city.datum", "city.made_up = true\ncity.datum"), 60, {}),
}


@pytest.fixture(scope="session", params=VARIANTS)
def folder(request, tmp_path_factory):
    """One city folder per variant, built once."""
    toml, n, layers = VARIANTS[request.param]
    made = small_city.make(tmp_path_factory.mktemp("page") / "city", toml, **layers)
    if n:
        take_in(made, many(n))
    return made.folder
