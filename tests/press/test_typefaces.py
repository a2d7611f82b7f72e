"""Fonts are found by name in named places, and nothing else is used."""

import hashlib

import pytest

from geodata.press import TypefacesMissing, find_typefaces
from geodata.press.typefaces import opened


def test_without_fonts_the_message_says_where_was_looked_and_what_to_do(tmp_path):
    with pytest.raises(TypefacesMissing) as missing:
        find_typefaces([tmp_path / "a", tmp_path / "b"])
    said = str(missing.value)
    for part in ("Noto Sans CJK SC", str(tmp_path / "a"), str(tmp_path / "b"), "GUATU_FONTS"):
        assert part in said


def test_the_first_folder_that_has_a_file_wins(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        for name in ("NotoSansCJKsc-Regular.otf", "NotoSansCJKsc-Bold.otf"):
            (tmp_path / folder / name).write_bytes(folder.encode())
    found = find_typefaces([tmp_path / "two", tmp_path / "one"])
    assert {file.read_bytes() for file in found.files} == {b"two"}
    assert found.serif == found.sans == "Noto Sans CJK SC"


def test_a_design_needs_all_of_its_files(tmp_path):
    (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(b"")
    with pytest.raises(TypefacesMissing):
        find_typefaces([tmp_path])


def test_the_manifest_gets_the_hash_of_each_file(faces):
    hashes = faces.sha256()
    assert set(hashes) == {file.name for file in faces.files}
    first = faces.files[0]
    assert hashes[first.name] == hashlib.sha256(first.read_bytes()).hexdigest()


def test_the_typesetter_sees_the_named_families_and_no_other_file(faces):
    seen = opened(faces).fonts()
    assert {faces.sans, faces.serif} <= {one.family for one in seen}
    assert len({one.path for one in seen}) == len(faces.files)


def test_regular_and_bold_are_both_there_unless_one_variable_file_holds_all(faces):
    weights = {one.weight for one in opened(faces).fonts() if one.family == faces.sans}
    variable = any("VF" in file.name or "wght" in file.name for file in faces.files)
    assert variable or weights >= {400, 700}
