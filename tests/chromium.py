"""The headless Chromium and the Chinese typeface that the browser tests need.

`python -m tests.chromium` installs what is missing: from the system's packages, else the build
that Playwright brings. One clear message where neither can be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# no sandbox: containers run as root; and nothing that calls home
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--font-render-hinting=none",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_PROGRAMS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find() -> str | None:
    """Path of a Chromium that starts: the named one, the system's, Playwright's; or None."""
    named = os.environ.get("GUATU_CHROMIUM")
    if named:
        return named if _starts(named) else None
    return next((program for program in _candidates() if _starts(program)), None)


def _candidates() -> Iterator[str]:
    """Paths where one may be; Playwright is only asked when nothing else starts."""
    yield from filter(None, map(shutil.which, NAMES))
    yield from MAC_PROGRAMS
    if not _driver_starts():
        return
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow to import

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    yield own


def _starts(program: str) -> bool:
    """Whether it is more than a stub (some systems ship one that only points to a store)."""
    try:
        return _run([program, "--version", "--no-sandbox"], seconds=30)
    except (OSError, subprocess.TimeoutExpired):
        return False


def _driver_starts() -> bool:
    """Whether the program with which Playwright drives the browser finds its libraries."""
    return _run([sys.executable, "-m", "playwright", "--version"])


def _run(command: list[str], seconds: float = 900) -> bool:
    return (
        subprocess.run(command, capture_output=True, check=False, timeout=seconds).returncode == 0
    )


def _may_be_root() -> bool:
    """Whether system packages can be installed without asking anybody."""
    return os.geteuid() == 0 or bool(shutil.which("sudo") and _run(["sudo", "-n", "true"]))


def _apt(*arguments: str) -> bool:
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    return _run([*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", *arguments])


def _install_package(linux: str, mac: str) -> bool:
    if sys.platform == "darwin":
        return bool(mac and shutil.which("brew")) and _run(["brew", "install", "--cask", mac])
    if not (shutil.which("apt-get") and _may_be_root()):
        return False
    _apt("update")
    return _apt("install", "-y", "--no-install-recommends", linux)


def _install_playwrights() -> bool:
    """Fetch Playwright's own build, with the system libraries it needs where that is allowed."""
    libraries = ["--with-deps"] if sys.platform == "linux" and _may_be_root() else []
    return _run([sys.executable, "-m", "playwright", "install", *libraries, "chromium"])


def has_chinese_typeface() -> bool:
    """Whether the machine can draw Chinese; macOS always can."""
    if sys.platform == "darwin":
        return True
    if not shutil.which("fc-list"):
        return any(Path("/usr/share/fonts").rglob("*CJK*"))
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


def install() -> list[str]:
    """Install what is missing; give what could not be had, one line each."""
    missing = []
    if not _driver_starts() and not (_install_package("libatomic1", "") and _driver_starts()):
        missing.append("Playwright's driver does not start: install the package libatomic1.")
    if find() is None:
        print("Installing a headless Chromium for the browser tests ...")
        _install_package("chromium", "chromium")
        if find() is None:
            _install_playwrights()
        if find() is None:
            missing.append("No Chromium: install one, or set GUATU_CHROMIUM to its path.")
    if not has_chinese_typeface():
        print("Installing a Chinese typeface for the browser tests ...")
        if not _install_package("fonts-noto-cjk", "font-noto-sans-cjk"):
            missing.append("No Chinese typeface: install the package fonts-noto-cjk.")
    return missing


def main() -> int:
    """Install, then say what is still missing."""
    missing = install()
    print(*missing, sep="\n", end="\n" if missing else "", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
