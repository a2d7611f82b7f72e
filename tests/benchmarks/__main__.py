"""Measure, and print one Markdown table; see the package."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks import (
    bench_hotspots,
    binning,
    cold_start,
    intake,
    machine,
    repaint,
    sessions,
    traffic,
    viewport,
)
from tests.benchmarks.row import QUICK, Row, Scale, markdown

BENCHMARKS: dict[str, Callable[[Scale], list[Row]]] = {
    "binning": binning.measure,
    "repaint": repaint.measure,
    "traffic": traffic.measure,
    "viewport": viewport.measure,
    "sessions": sessions.measure,
    "start": cold_start.measure,
    "intake": intake.measure,
    "hotspots": bench_hotspots.measure,
}


def main() -> int:
    """Run the benchmarks named, all by default; exit 1 when one could not be measured."""
    chosen = _arguments()
    scale = QUICK if chosen.quick else Scale()
    before, rows, failed = machine.load(), [], []
    for name in chosen.names or BENCHMARKS:
        print(f"{name} ...", file=sys.stderr)
        try:
            rows += BENCHMARKS[name](scale)
        except Exception as error:  # noqa: BLE001 - the others are still worth measuring
            failed.append(f"{name}: {type(error).__name__}: {error}")
    print(markdown(rows))
    print(f"\n{machine.described()}. Load average {before} before, {machine.load()} after"
          f"{'; quick run, not for publication' if chosen.quick else ''}.")  # fmt: skip
    if chosen.json:
        about = {"machine": machine.described(), "rows": [asdict(row) for row in rows]}
        chosen.json.write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")
    print(*failed, sep="\n", end="\n" if failed else "", file=sys.stderr)
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="small and few, to see that it runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"{', '.join(sorted(unknown))}: known are {', '.join(BENCHMARKS)}")
    return chosen


if __name__ == "__main__":
    raise SystemExit(main())
