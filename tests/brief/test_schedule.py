from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path

import pytest

from geodata.brief.schedule import CADENCE, cron_lines, systemd_units

ROOT = Path(__file__).resolve().parents[2]
CITY = Path("/srv/挂 图/100% city $HOME")


def test_there_is_one_cron_line_for_each_of_the_four():
    lines = [one for one in cron_lines(CITY, root=ROOT).splitlines() if one[0] != "#"]
    assert len(lines) == len(CADENCE) == 4
    for line, beat in zip(lines, CADENCE, strict=True):
        assert line.startswith(f"{beat.cron} ")
        assert re.fullmatch(r"(\S+ ){5}cd \S.*", line)


def test_cron_reads_the_command_back_as_it_was():
    line = cron_lines(CITY, root=ROOT).splitlines()[1]
    command = line.split(" && ", 1)[1].replace(r"\%", "%")
    assert str(CITY) in shlex.split(command)
    assert re.search(r"(?<!\\)%", line) is None


@pytest.mark.parametrize("beat", CADENCE, ids=lambda one: one.code)
def test_each_has_a_service_and_a_timer_that_catches_up(beat):
    units = systemd_units(CITY, root=ROOT, out=Path("/srv/out"))
    service, timer = (_parsed(units[f"guatu-{beat.code}.{kind}"]) for kind in ("service", "timer"))
    command = shlex.split(service["Service"]["ExecStart"].replace("%%", "%").replace("$$", "$"))
    assert str(CITY) in command
    assert command[-2:] == ["--out", "/srv/out"]
    assert service["Service"]["Type"] == "oneshot"
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Timer"]["OnCalendar"] == beat.calendar


def _parsed(text):
    parser = configparser.RawConfigParser()
    parser.optionxform = str
    parser.read_string(text)
    return parser
