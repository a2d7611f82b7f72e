"""Run the soak and print one line; exit 1 where memory grew. See the package."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.soak.memory import GROWTH, Course
from tests.soak.wall import refreshed


def main(refreshes: int) -> int:
    """Refresh the wall so many times; say how heap and memory went."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="guatu-soak-") as made:
        courses = refreshed(Path(made), refreshes, say=_progress)
    minutes = (time.monotonic() - began) / 60
    print(f"Wall soak: {refreshes:,} new versions in {minutes:.1f} minutes")
    for course in courses:
        print(f"  {course.told()}")
    grown = [course for course in courses if course.grew()]
    print(f"{'GREW' if grown else 'flat'}: limit is {GROWTH:.0%} above the level after warm-up")
    return 1 if grown else 0


def _progress(done: int, courses: tuple[Course, ...]) -> None:
    latest = ", ".join(f"{one.name} {one.values[-1]:.1f} MB" for one in courses)
    print(f"{done} refreshes: {latest}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--refreshes", type=int, default=1000)
    sys.exit(main(parser.parse_args().refreshes))
