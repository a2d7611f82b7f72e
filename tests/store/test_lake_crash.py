"""A lake under bad conditions: a killed writer, two writers, a full disk."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from geodata.errors import DiskFull, LakeBusy
from geodata.store.lake import Lake
from tests import small_city

MONTHS = [datetime(2026, 6 + i % 6, 1 + i % 28, tzinfo=UTC) for i in range(3_000)]

WRITER = """
import sys
import polars as pl
from pathlib import Path
from geodata.errors import LakeBusy
from geodata.store.lake import Lake

cases, folder, rounds = pl.read_parquet(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
for turn in range(rounds):
    print(turn, flush=True)
    try:
        Lake(folder).upsert(cases.with_columns(returns=pl.lit(turn, pl.Int16)), source=str(turn))
    except LakeBusy:
        continue
"""

HOLDER = """
import sys, time
from pathlib import Path
from geodata.store.lake import Lake

with Lake(Path(sys.argv[1]))._only_writer():
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def cases(placed):
    text = ["说明" * 40] * len(MONTHS)
    return placed(small_city.scattered(len(MONTHS), reported_at=MONTHS, description=text))


@pytest.fixture
def writer(cases, tmp_path):
    """Start a process that changes every case again and again."""
    cases.write_parquet(tmp_path / "cases.parquet")
    started: list[subprocess.Popen] = []

    def start(folder: Path, rounds: int) -> subprocess.Popen:
        line = [sys.executable, "-c", WRITER, tmp_path / "cases.parquet", folder, str(rounds)]
        root = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        started.append(subprocess.Popen(line, stdout=subprocess.PIPE, env=root))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()


def untorn(lake: Lake) -> bool:
    """Every case once, and all of one writing: a torn state would mix two."""
    seen = lake.scan().select("case_id", "returns").collect()
    return (
        seen["case_id"].n_unique() == len(seen) == len(MONTHS) and seen["returns"].n_unique() == 1
    )


def test_readers_never_see_a_torn_state_while_writers_are_killed(cases, writer, tmp_path):
    lake = Lake(tmp_path / "lake")
    lake.upsert(cases.with_columns(returns=pl.lit(-1, pl.Int16)), source="first")
    reads = 0
    for wait in (0.02, 0.05, 0.09, 0.14, 0.2):
        process = writer(lake.folder, 1000)
        process.stdout.readline()
        until = time.monotonic() + wait + 0.1
        while time.monotonic() < until:
            assert untorn(lake)
            reads += 1
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert untorn(lake)
    assert reads >= 5
    version = lake.version()
    commit = lake.upsert(cases.with_columns(returns=pl.lit(99, pl.Int16)), source="after")
    assert commit.updated == len(MONTHS)
    assert lake.version() == version + 1
    assert untorn(lake)


def test_a_second_writer_is_told_to_wait_and_the_first_is_not_disturbed(cases, tmp_path):
    lake = Lake(tmp_path / "lake")
    lake.upsert(cases, source="first")
    root = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    line = [sys.executable, "-c", HOLDER, lake.folder]
    with subprocess.Popen(line, stdout=subprocess.PIPE, env=root) as holder:
        assert holder.stdout.readline() == b"held\n"
        changed = cases.with_columns(returns=pl.lit(5, pl.Int16))
        with pytest.raises(LakeBusy, match="another process"):
            lake.upsert(changed, source="second")
        assert untorn(lake)
        assert holder.poll() is None
        holder.kill()
    assert lake.upsert(changed, source="second").updated == len(MONTHS)


def test_a_writer_that_was_killed_leaves_no_lock_behind(cases, writer, tmp_path):
    lake = Lake(tmp_path / "lake")
    process = writer(lake.folder, 1000)
    process.stdout.readline()
    time.sleep(0.05)
    process.kill()
    process.wait()
    lake.upsert(cases.with_columns(returns=pl.lit(5, pl.Int16)), source="after")
    assert untorn(lake)


def fill_up(lake: Lake, cases: pl.DataFrame) -> None:
    """Write more and more until there is no room; fail when there always is."""
    for turn in range(200):
        noise = pl.Series(os.urandom(400).hex() for _ in range(len(cases)))
        lake.upsert(
            cases.with_columns(description=noise, returns=pl.lit(turn, pl.Int16)), source=str(turn)
        )


def test_a_full_disk_keeps_the_previous_version(cases, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if (
        not shutil.which("mount")
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("a small disk cannot be mounted here (needs root)")
    try:
        lake = Lake(disk / "lake")
        some = cases.head(400)
        lake.upsert(some, source="first")
        with pytest.raises(DiskFull, match=r"No space left.*previous version.*Free some space"):
            fill_up(lake, some)
        seen = lake.scan().select("case_id", "returns").collect()
        assert len(seen) == 400
        assert seen["returns"].n_unique() == 1
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_limit_on_file_size_is_a_full_disk_too(cases, tmp_path):
    lake = Lake(tmp_path / "lake")
    lake.upsert(cases, source="first")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(DiskFull, match="previous version"):
            fill_up(lake, cases)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert untorn(lake)
