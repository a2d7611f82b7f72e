"""The usual way: pandas, geopandas ``sjoin_nearest``, h3 in a loop, one Delta write."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import geopandas as gpd
import h3
import pandas as pd
from deltalake import write_deltalake

from geodata.city import load_city

TIMES = ["上报时间", "立案时间", "派遣时间", "处置时间", "核查时间", "结案时间", "处置期限"]
REACH_M = 30
CELL = 12


def read(path: Path) -> pd.DataFrame:
    """Read the file and its times."""
    cases = pd.read_csv(path, dtype={"案卷编号": str})
    for column in TIMES:
        local = pd.to_datetime(cases[column]).dt.tz_localize("Asia/Shanghai")
        cases[column] = local.dt.tz_convert("UTC")
    return cases


def placed(cases: pd.DataFrame, folder: Path, metric_crs: str) -> pd.DataFrame:
    """Add the nearest street, the area, the unit grid and the cell."""
    points = gpd.points_from_xy(cases["经度"], cases["纬度"], crs="EPSG:4326")
    found = gpd.GeoDataFrame(cases, geometry=points).to_crs(metric_crs)
    streets = gpd.read_parquet(folder / "streets.parquet")[["segment", "geometry"]]
    found = found.sjoin_nearest(
        streets.to_crs(metric_crs), how="left", max_distance=REACH_M, distance_col="metres"
    )
    found = _first(found)
    for name in ("areas", "unit_grid"):
        polygons = gpd.read_parquet(folder / f"{name}.parquet")[["code", "geometry"]]
        polygons = polygons.to_crs(metric_crs).rename(columns={"code": name})
        found = _first(found.sjoin(polygons, how="left", predicate="within"))
    pairs = zip(cases["纬度"], cases["经度"], strict=True)
    cells = [h3.str_to_int(h3.latlng_to_cell(lat, lon, CELL)) for lat, lon in pairs]
    return pd.DataFrame(found.drop(columns="geometry")).assign(cell=cells)


def _first(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep one row per case where a join found several."""
    return found[~found.index.duplicated()].drop(columns="index_right")


def main() -> None:
    """Print rows, seconds and megabytes as JSON."""
    city, path = load_city(Path(sys.argv[1])), Path(sys.argv[2])
    began = time.perf_counter()
    cases = placed(read(path), city.layers, city.metric_crs)
    cases["month"] = cases["上报时间"].dt.tz_convert("Asia/Shanghai").dt.strftime("%Y-%m")
    write_deltalake(city.folder / "naive", cases, partition_by=["month"])
    about = {
        "rows": len(cases),
        "seconds": time.perf_counter() - began,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(about))


if __name__ == "__main__":
    main()
