"""The cities measured on: made-up ones of any size, built once into ``.bench/``."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl

from geodata.city import load_city
from geodata.store import layers

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".bench"
PHASES = ("mobilise", "tackle", "consolidate")
PART_ROWS = 1_000_000
SCATTERED_CASES = 300_000
SCATTERED_DEG = (0.068, 0.059)
"""Width and height that hold about 20,000 cells of resolution 11 at the city's latitude."""


def made_up(cases: int) -> Path:
    """Folder of the made-up city with so many cases; a larger one's case files are let go."""
    folder = CACHE / f"city-{cases}"
    if not folder.exists():
        CACHE.mkdir(exist_ok=True)
        _run("demo", str(folder), "--cases", str(cases))
        if cases > PART_ROWS:
            shutil.rmtree(folder / "exports")
    return folder


def case_file() -> Path:
    """Export of a million cases, as a city's platform hands it out."""
    return next((made_up(PART_ROWS) / "exports").glob("*.csv"))


def part_of(rows: int) -> Path:
    """Write the first rows of the export as a file of their own."""
    target = CACHE / f"cases-{rows}.csv"
    if not target.exists():
        every_text = pl.read_csv(case_file(), infer_schema=False, n_rows=rows)
        every_text.write_csv(target, include_bom=True)
    return target


def emptied(name: str) -> Path:
    """Make a city folder with layers and no case yet; one of that name is replaced."""
    source, target = made_up(PART_ROWS), CACHE / name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    shutil.copy(source / "city.toml", target)
    shutil.copytree(source / "layers", target / "layers")
    return target


def scattered() -> Path:
    """City whose cases lie on about 20,000 cells, as in a far larger one."""
    folder = CACHE / "city-scattered"
    if not (folder / "lake").exists():
        emptied(folder.name)
        _run("ingest", str(folder), str(_scattered_cases()))
    return folder


def _scattered_cases() -> Path:
    """Every kind of case, anywhere in a rectangle around the middle of the city."""
    west, south, east, north = layers.bounds(made_up(PART_ROWS) / "layers")
    cases = pl.read_csv(case_file(), infer_schema=False).sample(SCATTERED_CASES, seed=1)
    rng = np.random.default_rng(1)
    (wide, high), n = SCATTERED_DEG, len(cases)
    target = CACHE / "cases-scattered.csv"
    cases.with_columns(
        经度=pl.Series(((west + east - wide) / 2 + wide * rng.random(n)).round(6)),
        纬度=pl.Series(((south + north - high) / 2 + high * rng.random(n)).round(6)),
    ).write_csv(target, include_bom=True)
    return target


def fresh_queries(folder: Path) -> Iterator[str]:
    """Links with filters nobody has asked for yet: all channels but one, two, three, four."""
    codes = [one.code for one in load_city(folder).channels]
    for few in range(1, 5):
        for left_out in combinations(codes, few):
            yield "channel=" + ",".join(code for code in codes if code not in left_out)


def _run(*arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "geodata", *arguments], cwd=ROOT, check=True, stdout=sys.stderr
    )
