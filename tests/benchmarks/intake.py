"""CSV → committed, streets and cells included, against the usual pandas and geopandas way."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import median

from tests.benchmarks import cities
from tests.benchmarks.row import Row, Scale

TRIAL = "city-intake"


def measure(scale: Scale) -> list[Row]:
    """Run both in processes of their own, in turn."""
    ours, naive = [], []
    ours_file = cities.part_of(scale.ingest_rows)
    naive_file = cities.part_of(scale.naive_rows)
    for _ in range(scale.ingest_repeats):
        naive.append(_once("naive_ingest", naive_file))
        ours.append(_once("take_in", ours_file))
    return _rows(scale, ours, naive)


def _once(module: str, path: Path) -> dict[str, float]:
    """Take a file into an empty city; rows, seconds, peak_mb."""
    city = cities.emptied(TRIAL)
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", str(city), str(path)]
    done = subprocess.run(command, cwd=cities.ROOT, check=True, capture_output=True)
    return dict(json.loads(done.stdout))


def _rows(scale: Scale, ours: list[dict[str, float]], naive: list[dict[str, float]]) -> list[Row]:
    rate = median(one["rows"] / one["seconds"] for one in ours)
    theirs = median(one["rows"] / one["seconds"] for one in naive)
    return [
        Row(
            name=f"ingest CSV → committed, {scale.ingest_rows:,} rows",
            budget="≥ 50k rows/s",
            figure=rate,
            unit="rows/s",
            median_of=len(ours),
            ratio=theirs / rate,
            against=f"pandas + geopandas sjoin_nearest ({theirs:,.0f} rows/s)",
            note=f"ratio per row; the other way was run on {scale.naive_rows:,} rows, "
            "without validation, deadlines or distances to places",
        ),
        Row(
            name="peak memory of that ingest",
            budget="≤ 2 GB",
            figure=max(one["peak_mb"] for one in ours),
            unit="MB",
            median_of=len(ours),
            note="highest of all runs, imports included",
        ),
    ]
