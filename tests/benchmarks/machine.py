"""The machine and the versions a table was measured with."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil  # type: ignore[import-untyped]

PACKAGES = ("polars", "deltalake", "streamlit", "geopandas", "shapely", "streamlit-folium")


def described(chromium_version: str = "") -> str:
    """Cores, processor, memory, system, Python and versions, in one line."""
    gigabytes = psutil.virtual_memory().total / 2**30
    parts = [
        f"{os.cpu_count()} cores {_processor()}",
        f"{gigabytes:.0f} GB",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        *(f"{name} {_version(name)}" for name in PACKAGES),
    ]
    return ", ".join([*parts, chromium_version] if chromium_version else parts)


def load() -> str:
    """Load average of the last minute; other work makes every figure larger."""
    return f"{os.getloadavg()[0]:.1f}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def _processor() -> str:
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
