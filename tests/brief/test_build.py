from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from geodata.brief.build import PARTS, BriefingRefused, build_pack
from geodata.brief.editions import TAKEN_BACK
from geodata.brief.manifest import read_manifest
from geodata.brief.snapshots import find_pack, packs
from geodata.brief.software import VERSION
from geodata.commands.briefing import PARTS as OFFERED
from geodata.findings import Source
from geodata.store.lake import Lake
from tests.brief.conftest import PERIOD, QUICK

ROOT = Path(__file__).resolve().parents[2]


def marks(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_a_pack_holds_its_parts_and_a_manifest_of_them(city):
    pack = build_pack(Source.of(city.folder), PERIOD, without=QUICK)
    held = marks(pack.folder)
    assert set(held) == {"page.html", "tables.xlsx", "city.toml", "manifest.json"}
    told = json.loads((pack.folder / "manifest.json").read_text(encoding="utf-8"))
    assert told["files"] == {name: held[name] for name in held if name != "manifest.json"}
    assert told["lake_version"] == 0
    assert told["software"]["guatu"] == VERSION
    assert pack.name.startswith(f"{PERIOD}-v0-")
    assert pack.folder.parent == city.folder / "snapshots"


def test_the_version_is_the_projects():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION


def test_again_changes_nothing(city):
    source = Source.of(city.folder)
    first = build_pack(source, PERIOD, without=QUICK)
    before = {path: path.stat().st_mtime_ns for path in first.folder.iterdir()}
    again = build_pack(source, PERIOD, without=QUICK)
    assert again.folder == first.folder
    assert {path: path.stat().st_mtime_ns for path in again.folder.iterdir()} == before
    assert [one.name for one in packs(city)] == [first.name]


def test_two_at_the_same_time_make_one_whole_pack(city):
    def once(_):
        return build_pack(Source.of(city.folder), PERIOD, without=(*QUICK, "page.html"))

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(once, range(2))
    assert first.folder == second.folder
    left = [path.name for path in first.folder.parent.iterdir() if path.name.startswith(".")]
    assert left == []
    assert read_manifest(first.folder) == first.manifest


def test_a_damaged_pack_is_put_aside_and_made_again(city):
    source = Source.of(city.folder)
    pack = build_pack(source, PERIOD, without=(*QUICK, "page.html"))
    whole = marks(pack.folder)
    (pack.folder / "tables.xlsx").write_bytes(b"cut off")
    again = build_pack(source, PERIOD, without=(*QUICK, "page.html"))
    assert marks(again.folder) == whole
    (aside,) = pack.folder.parent.glob(".damaged-*")
    assert (aside / pack.name / "tables.xlsx").read_bytes() == b"cut off"


def test_it_is_also_copied_where_one_asks_for(city, tmp_path):
    source, out = Source.of(city.folder), tmp_path / "给领导"
    pack = build_pack(source, PERIOD, without=QUICK, out=out)
    build_pack(source, PERIOD, without=QUICK, out=out)
    assert marks(out / pack.name) == marks(pack.folder)
    assert find_pack(city, out / pack.name).manifest == pack.manifest


@pytest.mark.parametrize(("public", "left_out"), [(False, ()), (True, QUICK)])
def test_every_byte_is_the_same_in_another_process_folder_hash_seed_and_time_zone(
    city, public, left_out, fonts, tmp_path
):
    assert fonts.files
    call = (
        "import sys\n"
        "from geodata.findings import Source\n"
        "from geodata.brief.build import build_pack\n"
        f"pack = build_pack(Source.of(sys.argv[1]), {PERIOD!r}, public={public}, "
        f"without={left_out!r})\n"
        "print(pack.folder)\n"
    )
    running = []
    for seed, zone in (("1", "Asia/Shanghai"), ("2", "America/New_York")):
        folder = shutil.copytree(city.folder, tmp_path / f"copy {seed}")
        env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed, "TZ": zone}
        made = [sys.executable, "-c", call, str(folder)]
        running.append(subprocess.Popen(made, stdout=subprocess.PIPE, encoding="utf-8", env=env))
    found = [marks(Path(one.communicate()[0].strip())) for one in running]
    for told in found:
        del told["manifest.json"]  # names the software, which may be edited meanwhile
    whole = {*PARTS, "city.toml"}
    assert set(found[0]) == ({"page.html", "tables.xlsx"} if public else whole)
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2031-W01", ["after the last day of the data", "2026-11-22"]),
        ("2019-12", ["before the first report", "not zero"]),
        ("soon", ["is no period", "2026-W47"]),
        ("phase:nothing", ["is no phase", "phase:tackle"]),
    ],
)
def test_a_period_without_data_is_refused_in_words(source, period, words):
    with pytest.raises(BriefingRefused) as refused:
        build_pack(source, period)
    for word in words:
        assert word in str(refused.value)


def test_an_office_the_city_does_not_have_is_refused(source):
    with pytest.raises(BriefingRefused, match="no office 'police'"):
        build_pack(source, PERIOD, offices=("police",))


def test_the_parts_are_those_the_command_names():
    assert OFFERED == PARTS


def test_public_editions_that_could_be_subtracted_are_refused(city):
    source = Source.of(city.folder)
    build_pack(source, "2026-10", public=True, without=(*QUICK, "page.html"))
    with pytest.raises(BriefingRefused, match="does not overlap"):
        build_pack(source, "2026-Q4", public=True, without=QUICK)
    with pytest.raises(BriefingRefused, match="whole city"):
        build_pack(source, "2026-10", public=True, offices=("buildings",), without=QUICK)
    build_pack(source, "2026-09", public=True, without=(*QUICK, "page.html"))


def changed(city):
    """One case more: another version of the same days."""
    rows = Lake(city.lake).scan().collect().head(1).with_columns(case_id=pl.lit("one more"))
    Lake(city.lake).upsert(rows, source="later.csv")
    return Source.of(city.folder)


def test_a_second_public_edition_from_another_version_is_refused(city):
    without = (*QUICK, "page.html")
    first = build_pack(Source.of(city.folder), "2026-10", public=True, without=without)
    later = changed(city)
    assert later.version == first.manifest.lake_version + 1
    for period in ("2026-10", "2026-10-05", "2026-W40"):
        with pytest.raises(BriefingRefused, match="subtract") as refused:
            build_pack(later, period, public=True, without=without)
        assert first.name in str(refused.value)
        assert "--again" in str(refused.value)
    build_pack(later, "2026-10", without=without)
    build_pack(later, "2026-09", public=True, without=without)


def test_again_replaces_the_edition_that_is_out_and_keeps_it_apart(city):
    without = (*QUICK, "page.html")
    first = build_pack(Source.of(city.folder), "2026-10", public=True, without=without)
    held = marks(first.folder)
    later = changed(city)
    second = build_pack(later, "2026-10", public=True, without=without, again=True)
    assert [one.name for one in packs(city)] == [second.name]
    assert marks(city.folder / "snapshots" / TAKEN_BACK / first.name) == held
    build_pack(later, "2026-10", public=True, language="en", without=without)
    assert len(packs(city)) == 2
    back = build_pack(Source.of(city.folder, version=0), "2026-10", public=True, again=True,
                      without=without)  # fmt: skip
    assert [one.name for one in packs(city)] == [back.name] == [first.name]
    build_pack(later, "2026-10", public=True, without=without, again=True)
    assert len(list((city.folder / "snapshots" / TAKEN_BACK).rglob("manifest.json"))) == 4


def test_the_same_numbers_may_be_told_in_another_language_and_with_other_parts(city):
    source = Source.of(city.folder)
    for language, left_out in (("zh", QUICK), ("en", QUICK), ("zh", (*QUICK, "page.html"))):
        build_pack(source, "2026-10", public=True, language=language, without=left_out)
    assert len(packs(city)) == 3


def test_another_configuration_counts_as_other_numbers(city):
    without = (*QUICK, "page.html")
    build_pack(Source.of(city.folder), "2026-10", public=True, without=without)
    path = city.folder / "city.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    with pytest.raises(BriefingRefused, match="configuration"):
        build_pack(Source.of(city.folder), "2026-10", public=True, without=without)
