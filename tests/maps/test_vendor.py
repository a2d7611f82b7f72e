"""Fetching the front-end files: whole or not at all, and only the locked ones."""

from __future__ import annotations

import json
import shutil

import pytest

from geodata.maps import vendor
from geodata.maps.vendor import FILES, FrontEndMissing, fetch, is_complete

NAMES = ("leaflet", "h3-js")


def lock(folder, name, checksums):
    packages = {
        f"node_modules/{package}": {"version": "1.0.0", "integrity": checksum}
        for package, checksum in checksums.items()
    }
    (folder / name).write_text(json.dumps({"packages": {"": {}, **packages}}), encoding="utf-8")


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout whose npm is a small program that unpacks what the test prepared."""
    root = tmp_path / "checkout"
    delivered = tmp_path / "delivered"
    for source in FILES.values():
        place = delivered / source
        if source.endswith("images"):
            place.mkdir(parents=True)
            place = place / "layers.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"content of {source}", encoding="utf-8")
    root.mkdir()
    lock(root, "package-lock.json", dict.fromkeys(NAMES, "sha512-right"))
    lock(delivered, ".package-lock.json", dict.fromkeys(NAMES, "sha512-right"))
    npm = ["sh", "-c", f"rm -rf node_modules && cp -R '{delivered}' node_modules"]
    monkeypatch.setattr(vendor, "npm_command", lambda: npm)
    return root


def test_every_file_arrives_and_the_second_time_nothing_is_fetched(checkout, tmp_path, monkeypatch):
    target = tmp_path / "vendor"
    fetch(checkout, target)
    assert sorted(path.name for path in target.iterdir()) == sorted([*FILES, ".complete"])
    assert (target / "leaflet.js").read_text() == "content of leaflet/dist/leaflet.js"
    monkeypatch.setattr(vendor, "npm_command", lambda: ["false"])
    fetch(checkout, target)


def test_a_new_lock_fetches_again(checkout, tmp_path):
    target = tmp_path / "vendor"
    fetch(checkout, target)
    lock(checkout, "package-lock.json", dict.fromkeys(NAMES, "sha512-newer"))
    assert not is_complete(checkout, target)


def test_a_lost_file_is_fetched_again(checkout, tmp_path):
    target = fetch(checkout, tmp_path / "vendor")
    (target / "leaflet.css").unlink()
    assert not is_complete(checkout, target)
    assert is_complete(checkout, fetch(checkout, target))


def test_another_package_than_the_locked_one_is_refused(checkout, tmp_path):
    lock(checkout, "package-lock.json", {"leaflet": "sha512-right", "h3-js": "sha512-other"})
    with pytest.raises(FrontEndMissing, match="another h3-js"):
        fetch(checkout, tmp_path / "vendor")
    assert not (tmp_path / "vendor").exists()


def test_offline_gives_one_plain_message_and_keeps_what_was_there(checkout, tmp_path, monkeypatch):
    target = fetch(checkout, tmp_path / "vendor")
    shutil.rmtree(target / "images")
    says = (
        "echo 'npm error code ENOTFOUND' >&2; echo 'npm error request to there failed' >&2; false"
    )
    monkeypatch.setattr(vendor, "npm_command", lambda: ["sh", "-c", says])
    with pytest.raises(FrontEndMissing, match=r"request to there failed\. If this machine is off"):
        fetch(checkout, target)
    assert (target / "leaflet.js").exists()


def test_a_missing_lock_is_named(tmp_path):
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / ".complete").touch()
    for name in FILES:
        (tmp_path / "vendor" / name).touch()
    with pytest.raises(FrontEndMissing, match="was not found"):
        fetch(tmp_path, tmp_path / "vendor")


def test_the_checkouts_own_files_are_complete(root):
    target = root / "geodata/maps/web/vendor"
    if not target.exists():
        pytest.skip("the front-end files are not fetched yet; run `make setup`")
    assert is_complete()
    assert "1.9.4" in (target / "leaflet.js").read_text(encoding="utf-8")[:300]
