"""``brief``, ``schedule`` and ``phones`` on the command line."""

from __future__ import annotations

import shlex
from pathlib import Path

PERIOD = "2026-W46"
QUICK = ("--without", "bulletin.pdf", "--without", "wall-a3.pdf", "--without", "wall-a0.pdf",
         "--without", "card.png")  # fmt: skip
ACCESS = '\n[access]\npeople = [{ name = "王队", role = "enforcement" }]\n'


def test_a_pack_is_made_copied_and_verified(guatu, city, tmp_path):
    out = tmp_path / "out"
    made = guatu("brief", city, "--period", PERIOD, *QUICK, "--out", out, "--json").json()
    assert made["lake_version"] == 0
    assert {path.name for path in (out / made["name"]).iterdir()} == {
        "page.html", "tables.xlsx", "city.toml", "manifest.json",
    }  # fmt: skip
    again = guatu("brief", city, "--period", PERIOD, *QUICK, "--out", out, "--json").json()
    assert again == made
    told = guatu("brief", city, "--verify", made["name"])
    assert told.code == 0
    assert "every byte the same" in told.out


def test_a_changed_pack_fails_the_verification(guatu, city):
    made = guatu("brief", city, "--period", PERIOD, *QUICK, "--json").json()
    page = city / "snapshots" / made["name"] / "page.html"
    page.write_bytes(page.read_bytes() + b" ")
    told = guatu("brief", city, "--verify", made["name"], "--json")
    assert told.code == 1
    assert told.json()["differences"] == {
        "page.html": "the file was changed after the pack was made"
    }


def test_in_english_and_for_one_office(guatu, city):
    told = guatu("brief", city, "--period", PERIOD, *QUICK, "--language", "en",
                 "--office", "sanitation", "--json").json()  # fmt: skip
    assert told["request"]["offices"] == ["sanitation"]
    assert told["request"]["language"] == "en"


def test_refusals_are_plain(guatu, city):
    assert "after the last day" in guatu("brief", city, "--period", "2031-W01").refused()
    assert "before the first report" in guatu("brief", city, "--period", "2019-12").refused()
    assert "is no period" in guatu("brief", city, "--period", "W47").refused()
    assert "no office" in guatu("brief", city, "--period", PERIOD, "--office", "x").refused()
    assert "is no pack" in guatu("brief", city, "--verify", "nothing").refused()
    assert guatu("brief", city).code == 2


def test_periods_by_todays_date_are_periods(guatu, city):
    for period in ("today", "yesterday", "last-week", "last-month", "last-quarter"):
        told = guatu("brief", city, "--period", period, *QUICK)
        assert "is no period" not in told.err


def test_the_schedule_prints_lines_that_run(guatu, city):
    told = guatu("schedule", city, "--form", "cron").out
    lines = [line for line in told.splitlines() if line and not line.startswith("#")]
    assert len(lines) == 4
    words = shlex.split(lines[2].split(" && ", 1)[1])
    assert words[1:4] == ["-m", "geodata", "brief"]
    assert Path(words[4]).is_absolute()
    units = guatu("schedule", city, "--json").json()["systemd"]
    assert len(units) == 8
    again = guatu("schedule", city, "--json").json()["systemd"]
    assert units == again


def test_the_phone_register_is_for_the_role_alone(guatu, city, tmp_path):
    out = tmp_path / "phones.xlsx"
    call = ("phones", city, "--out", out, "--role", "enforcement")
    assert "Nobody" in guatu(*call).refused()
    assert not out.exists()
    (city / "city.toml").open("a", encoding="utf-8").write(ACCESS)
    told = guatu(*call, "--json").json()
    assert told["cases"] > 0
    assert out.stat().st_mode & 0o077 == 0
    assert "李局" in guatu(*call, "--person", "李局").refused()
    assert guatu("phones", city, "--out", out).code == 2


def test_a_public_edition_is_replaced_only_when_asked(guatu, city):
    line = ("brief", city, "--public", "--without", "page.html", *QUICK, "--json")
    first = guatu(*line, "--period", "2026-10").json()["name"]
    assert "subtract" in guatu(*line, "--period", "2026-Q4").refused()
    second = guatu(*line, "--period", "2026-Q4", "--again").json()["name"]
    assert not (city / "snapshots" / first).exists()
    assert (city / "snapshots" / "taken_back" / first / "manifest.json").is_file()
    assert (city / "snapshots" / second).is_dir()
