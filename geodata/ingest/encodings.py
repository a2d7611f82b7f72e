"""From the bytes of a file to plain UTF-8 text, without guessing.

Almost any Chinese UTF-8 text also "decodes" as GB18030, so strict UTF-8 is tried first and
GB18030 second, each on the whole file. The original file is never changed: what must be
unpacked or decoded goes to a temporary file.
"""

from __future__ import annotations

import codecs
import gzip
import shutil
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from geodata.errors import FileUnreadable, UnreadableEncoding

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK_BYTES: Final = 1 << 22
MAX_UNPACKED_BYTES: Final = 8 << 30
"""An archive that grows beyond this is refused: no export is that large, a zip bomb is."""

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_BOMS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def first_bytes(path: Path, count: int = 8) -> bytes:
    """Read the beginning of a file.

    Raises
    ------
    FileUnreadable
        The file is missing, is a folder, may not be read, or is empty.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(count)
    except OSError as error:
        raise FileUnreadable(
            f"{path} cannot be read ({error.strerror}). Check the path and its permissions."
        ) from error
    if not start:
        raise FileUnreadable(f"{path} is empty (0 bytes). Export it again.")
    return start


def is_archive(path: Path) -> bool:
    """Tell a gzip file or a zip archive from everything else, workbooks included."""
    start = first_bytes(path)
    if start.startswith(_GZIP):
        return True
    return start.startswith(_ZIP) and not is_workbook(path)


def is_workbook(path: Path) -> bool:
    """Tell whether a file is a spreadsheet (XLSX, XLSB, ODS or the old XLS)."""
    start = first_bytes(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return True
    if not start.startswith(_ZIP):
        return False
    names = _member_names(path)
    return any(name.startswith("xl/") or name == "content.xml" for name in names)


def _member_names(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except zipfile.BadZipFile as error:
        raise FileUnreadable(f"{path} is a damaged archive ({error}). Export it again.") from error


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Give the single file inside a gzip or zip archive, as a temporary file.

    Raises
    ------
    FileUnreadable
        The archive is damaged, encrypted, holds several files or none, or is far too large.
    """
    with tempfile.TemporaryDirectory(prefix="guatu-") as folder:
        zipped = first_bytes(path).startswith(_ZIP)
        name = _only_member(path) if zipped else path.name.removesuffix(".gz")
        target = Path(folder) / (Path(name).name or "unpacked")
        try:
            with _member_stream(path, name if zipped else None) as source:
                _copy(source, target, path)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
            raise FileUnreadable(
                f"{path} cannot be unpacked ({error}). Export it again, without a password."
            ) from error
        yield target


def _member_stream(path: Path, member: str | None) -> IO[bytes]:
    if member is None:
        return gzip.open(path)
    return zipfile.ZipFile(path).open(member)


def _only_member(path: Path) -> str:
    names = [
        name
        for name in _member_names(path)
        if not name.endswith("/") and not name.startswith("__MACOSX/")
    ]
    if len(names) != 1:
        listed = ", ".join(names[:8]) or "nothing"
        raise FileUnreadable(
            f"{path} holds {len(names)} files ({listed}); one is expected. "
            "Unpack it and take the files in one by one."
        )
    return names[0]


def _copy(source: IO[bytes], target: Path, origin: Path) -> None:
    written = 0
    with target.open("wb") as out:
        while chunk := source.read(CHUNK_BYTES):
            written += len(chunk)
            if written > MAX_UNPACKED_BYTES:
                raise FileUnreadable(
                    f"{origin} unpacks to more than {MAX_UNPACKED_BYTES >> 30} GB. Split it."
                )
            out.write(chunk)


def sniff_encoding(path: Path) -> str:
    """Find which encoding the whole file decodes in, strictly.

    Returns
    -------
    str
        ``utf-8``, ``utf-8-sig``, ``utf-16`` or ``gb18030``.

    Raises
    ------
    UnreadableEncoding
        It decodes in none; the message gives the first line that fails.
    """
    start = first_bytes(path)
    declared = next((name for bom, name in _BOMS.items() if start.startswith(bom)), None)
    candidates = [declared] if declared else ["utf-8", "gb18030"]
    failed = {name: _first_bad_line(path, name) for name in candidates}
    for name, line in failed.items():
        if line is None:
            return name
    tried = ", ".join(f"{name} fails in line {line}" for name, line in failed.items())
    raise UnreadableEncoding(
        f"{path}: the text could not be decoded ({tried}). "
        "Save it again as UTF-8, in Excel as 'CSV UTF-8'."
    )


def _first_bad_line(path: Path, encoding: str) -> int | None:
    """Decode everything; the 1-based line of the first bad byte, or None when there is none."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 1
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(CHUNK_BYTES)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return lines + error.object[: error.start].count(b"\n")
            if not chunk:
                return None
            lines += chunk.count(b"\n")


@contextmanager
def utf8_text(path: Path) -> Iterator[Path]:
    """Give the file as UTF-8 with ``\\n`` or ``\\r\\n`` line ends.

    Raises
    ------
    UnreadableEncoding
        The text is neither UTF-8, UTF-16 with a byte-order mark, nor GB18030.
    """
    encoding = sniff_encoding(path)
    if encoding.startswith("utf-8") and not _only_carriage_returns(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="guatu-") as folder:
        target = Path(folder) / path.name
        _transcode(path, encoding, target)
        yield target


def _only_carriage_returns(path: Path) -> bool:
    """Tell files of the oldest Mac exports, whose lines end in a lone carriage return."""
    with path.open("rb") as stream:
        start = stream.read(CHUNK_BYTES)
    return b"\r" in start and b"\n" not in start


def _transcode(path: Path, encoding: str, target: Path) -> None:
    newline = None if _only_carriage_returns(path) else ""
    with (
        path.open(encoding=encoding, newline=newline) as source,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        shutil.copyfileobj(source, out, CHUNK_BYTES)
