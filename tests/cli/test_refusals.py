"""Every bad input gives one clear message and exit 1, and leaves everything as it was."""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from deltalake import write_deltalake

from geodata.spatial.coordinates import from_wgs84
from tests.cli.conftest import CASES, environment


def prints(folder: Path) -> dict[str, str]:
    """Every file of a folder with its digest; the lock does not count."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


@pytest.fixture
def refused(guatu, city):
    """Ingest a file that cannot be: its message, after checking that nothing changed."""

    def ask(*arguments) -> str:
        before = prints(city)
        told = guatu("ingest", city, *arguments).refused()
        assert prints(city) == before
        assert guatu("status", city, "--json").json()["cases"] == CASES
        return told

    return ask


@pytest.fixture
def rows(export) -> pl.DataFrame:
    return pl.read_csv(export, infer_schema=False).head(800)


def test_a_file_that_is_missing(refused, tmp_path):
    told = refused(tmp_path / "没有.csv")
    assert "没有.csv" in told
    assert "Check the path" in told


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_a_file_that_is_empty(refused, tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    assert "empty" in refused(tmp_path / "a.csv")


def test_a_folder_is_no_file(refused, tmp_path):
    assert "directory" in refused(tmp_path)


def test_an_encoding_that_cannot_be_read(refused, tmp_path):
    (tmp_path / "a.csv").write_bytes(
        "案卷编号,上报时间\n".encode("gb18030") + b"\xff\xff\x81\n" * 9
    )
    told = refused(tmp_path / "a.csv")
    assert "UTF-8" in told
    assert "GB18030" in told


def test_bytes_that_are_no_table(refused, tmp_path):
    (tmp_path / "a.csv").write_bytes(bytes(range(256)) * 40)
    refused(tmp_path / "a.csv")


def test_a_sheet_that_is_not_there(refused, rows, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "九月"
    book.active.append(rows.columns)
    for row in rows.head(20).iter_rows():
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    told = refused(tmp_path / "a.xlsx", "--sheet", "十月")
    assert "十月" in told
    assert "九月" in told


def test_columns_that_are_absent_are_named_all_at_once(refused, rows, tmp_path):
    rows.drop("案卷编号", "上报时间", "纬度").write_csv(tmp_path / "a.csv")
    told = refused(tmp_path / "a.csv")
    for name in ("case_id", "reported_at", "lat"):
        assert f"- {name}" in told


def moved(rows: pl.DataFrame, datum: str) -> pl.DataFrame:
    lon, lat = from_wgs84(rows["经度"].cast(float), rows["纬度"].cast(float), datum)
    return rows.with_columns(经度=pl.Series(lon), 纬度=pl.Series(lat))


def test_a_datum_that_is_wrong_is_named_and_its_remedy_works(refused, guatu, city, rows, tmp_path):
    new = rows.with_columns(案卷编号=pl.format("新{}", "案卷编号"))
    moved(new, "gcj02").write_csv(tmp_path / "a.csv")
    told = refused(tmp_path / "a.csv")
    assert "--datum gcj02" in told
    mended = guatu("ingest", city, tmp_path / "a.csv", "--datum", "gcj02", "--json").json()
    assert mended["inserted"] + mended["set_aside"] == len(rows)
    assert mended["inserted"] > 0.95 * len(rows)


def test_points_of_another_city(refused, rows, tmp_path):
    rows.with_columns(经度=pl.col("经度").cast(float) + 3).write_csv(tmp_path / "a.csv")
    refused(tmp_path / "a.csv")


def test_points_with_their_halves_swapped(refused, rows, tmp_path):
    rows.rename({"经度": "纬度", "纬度": "经度"}).write_csv(tmp_path / "a.csv")
    refused(tmp_path / "a.csv")


def test_a_profile_that_is_not_there(refused, export):
    assert "Shipped are" in refused(export, "--profile", "unheard")


# --- the city -----------------------------------------------------------------------------------

READERS = (["status"], ["counts"], ["ingest", "a.csv"], ["serve", "--no-open"])


@pytest.mark.parametrize("line", READERS)
def test_a_folder_that_is_no_city(guatu, tmp_path, line):
    told = guatu(line[0], tmp_path, *line[1:]).refused()
    assert "not a city folder" in told


@pytest.mark.parametrize("line", READERS)
def test_a_broken_city_toml_is_told_with_all_its_defects(guatu, city, line):
    path = city / "city.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("Asia/Shanghai", "Asia/Chengdu").replace("width_m = 30", 'width_m = "x"', 1)
    text = text.replace('family = "littering"', 'family = "litter"', 1)
    path.write_text(text.replace('metric_crs = "EPSG:32648"', 'metric_crs = "EPSG:4326"'), "utf-8")
    told = guatu(line[0], city, *line[1:]).refused()
    assert told.count("\n  - ") >= 2
    assert "Asia/Chengdu" in told
    assert "EPSG:4326" in told


@pytest.mark.parametrize("line", [["status"], ["counts"]])
def test_a_lake_of_a_newer_version(guatu, city, line):
    shutil.rmtree(city / "lake")
    write_deltalake(
        city / "lake", pl.DataFrame({"x": [1]}).to_arrow(), name="guatu cases, format 9"
    )
    assert "Update the software" in guatu(line[0], city, *line[1:]).refused()


def test_a_lake_of_a_newer_version_is_not_written(guatu, city, export):
    shutil.rmtree(city / "lake")
    write_deltalake(
        city / "lake", pl.DataFrame({"x": [1]}).to_arrow(), name="guatu cases, format 9"
    )
    before = prints(city)
    assert "format 9" in guatu("ingest", city, export).refused()
    assert prints(city) == before


def test_a_version_that_is_not_there(guatu, city):
    assert "version 44" in guatu("counts", city, "--version", 44).refused()


def test_a_city_that_is_there_already(guatu, city, streets):
    before = prints(city)
    assert "not empty" in guatu("demo", city).refused()
    assert "not empty" in guatu("new", city, "--streets", streets).refused()
    assert prints(city) == before


def test_streets_that_are_missing(guatu, tmp_path):
    told = guatu("new", tmp_path / "city", "--streets", tmp_path / "no.geojson").refused()
    assert "does not exist" in told
    assert list(tmp_path.iterdir()) == []


# --- the machine --------------------------------------------------------------------------------


def test_a_full_disk(guatu, city, export, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(disk)]
    if (
        not shutil.which("mount")
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("a small disk cannot be mounted here (needs root)")
    try:
        shutil.copytree(city, disk / "city", ignore=shutil.ignore_patterns("exports"))
        with (disk / "ballast").open("wb") as ballast:
            try:
                while True:
                    ballast.write(bytes(1 << 16))
                    ballast.flush()
            except OSError:
                pass
        (disk / "ballast").open("r+b").truncate((disk / "ballast").stat().st_size - (1 << 15))
        later = pl.read_csv(export, infer_schema=False)
        later.with_columns(案卷编号=pl.format("新{}", "案卷编号")).write_csv(tmp_path / "later.csv")
        told = guatu("ingest", disk / "city", tmp_path / "later.csv").refused()
        assert "No space left" in told
        status = guatu("status", disk / "city", "--json").json()
        assert (status["cases"], status["version"]) == (CASES, 0)
        assert status["set_aside"] == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_file_that_cannot_be_written(guatu, demo_city, tmp_path):
    told = guatu("counts", demo_city, "--out", tmp_path / "no" / "folder.csv").refused()
    assert "No such file or directory" in told


def test_a_port_in_use(guatu, city):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = guatu("serve", city, "--port", port, "--no-open").refused()
    assert str(port) in told
    assert f"--port {port + 1}" in told


def test_serving_ends_with_the_command(city):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [sys.executable, "-m", "geodata", "serve", city, "--port", str(port), "--no-open"]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, env=environment())
    try:
        assert f"127.0.0.1:{port}".encode() in process.stdout.readline()
        until = time.monotonic() + 60
        while not answers(port):
            assert process.poll() is None
            assert time.monotonic() < until, "the dashboard did not start"
            time.sleep(0.3)
        process.terminate()
        process.wait(20)
        assert not answers(port)
    finally:
        process.kill()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as reply:
            return reply.status == 200
    except OSError:
        return False


def test_a_code_the_city_does_not_have_is_refused_with_those_it_has(guatu, demo_city):
    told = guatu("counts", demo_city, "--by", "office", "--office", "no such office").refused()
    assert "no such office" in told
    assert "enforcement" in told


@pytest.mark.parametrize("command", [["status"], ["counts", "--by", "office"]])
def test_a_damaged_file_of_the_lake_is_said_plainly(guatu, city, command):
    victim = next(city.joinpath("lake").rglob("*.parquet"))
    victim.write_bytes(victim.read_bytes()[:100])
    told = guatu(command[0], city, *command[1:]).refused()
    assert "damaged" in told
    assert "backup" in told
