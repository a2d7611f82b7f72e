"""The made-up city as a folder: the same steps as for a real one, on invented files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from geodata.city import load_city
from geodata.demo import city as demo
from geodata.demo import registers
from geodata.demo.config import AS_OF, METRIC_CRS, NAME, NAME_EN, TIMEZONE, load_config
from geodata.demo.truth import planted_truth
from geodata.domain.progress import Progress, silent
from geodata.founding import city_head, found, refuse_existing, unfinished_name
from geodata.ingest.registers import FOLDER as TABLES
from geodata.ingest.registers import FRONTAGE, SURVEY
from geodata.pipeline import Ingested, ingest

PART_ROWS: Final = 1_000_000
"""Cases written to one file and taken in at once."""

TRUTH: Final = "truth.json"
EXPORT: Final = "exports"


def make_demo(
    folder: Path,
    *,
    seed: int = demo.SEED,
    cases: int = demo.CASES,
    progress: Progress = silent,
) -> list[Ingested]:
    """Build the made-up city and take its cases in; whole or not at all.

    ``exports/`` keeps the case files as a city's platform would hand them out, ``truth.json``
    what was planted in them. The same seed gives the same cases.

    Raises
    ------
    CityExists
        The folder is there already.
    """
    refuse_existing(folder)
    unfinished = unfinished_name(folder, "demo")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        done = _build(unfinished, folder, seed, cases, progress)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return done


def _build(
    unfinished: Path, folder: Path, seed: int, cases: int, progress: Progress
) -> list[Ingested]:
    progress("streets", 0)
    layers = demo.make_layers(seed)
    head = city_head(
        name=NAME, name_en=NAME_EN, timezone=TIMEZONE, metric_crs=METRIC_CRS,
        profile="chinese", made_up=True,
    )  # fmt: skip
    extra = {
        "districts": layers.areas,
        "places": layers.places,
        "grid": layers.grid,
        "ground": layers.water_green,
    }
    found(unfinished, head + load_config().toml, layers.streets, extra, progress=progress)
    truth = planted_truth(layers.scene, cases, seed)
    text = json.dumps(truth, ensure_ascii=False, indent=1, default=str)
    (unfinished / TRUTH).write_text(text, encoding="utf-8")
    _keep_registers(unfinished / TABLES, layers, seed)
    done = _take_in(unfinished, layers, seed, cases, progress)
    if folder.exists():
        folder.rmdir()
    unfinished.rename(folder)
    return done


def _keep_registers(folder: Path, layers: demo.DemoLayers, seed: int) -> None:
    """Write the small tables that are no cases."""
    folder.mkdir()
    registers.frontage(layers.streets, seed).write_csv(folder / FRONTAGE.file, include_bom=True)
    registers.survey(layers.areas, seed).write_csv(folder / SURVEY.file, include_bom=True)


def _parts(chunks: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Join the generator's small parts to files of about ``PART_ROWS`` rows."""
    held: list[pl.DataFrame] = []
    for chunk in chunks:
        held.append(chunk)
        if sum(map(len, held)) >= PART_ROWS:
            yield pl.concat(held)
            held = []
    if held:
        yield pl.concat(held)


def _take_in(
    folder: Path, layers: demo.DemoLayers, seed: int, cases: int, progress: Progress
) -> list[Ingested]:
    """Write the case files and ingest each as a user would."""
    (folder / EXPORT).mkdir()
    city = load_city(folder)
    now = datetime.combine(AS_OF, datetime.min.time(), ZoneInfo(TIMEZONE)) + timedelta(days=1)
    done = []
    for number, part in enumerate(_parts(demo.make_cases(layers, cases, seed)), start=1):
        path = folder / EXPORT / f"演示案卷-{number}.csv"
        part.write_csv(path, include_bom=True)
        done.append(ingest(city, path, now=now, progress=progress))
    return done
