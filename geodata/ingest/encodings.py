"""From the bytes of a file to plain UTF-8 text, without guessing.

Almost any Chinese UTF-8 text also "decodes" as GB18030, so strict UTF-8 is tried first and
GB18030 second, each on the whole file. The original file is never changed: what must be
unpacked or decoded goes to a temporary file.
"""

from __future__ import annotations

import codecs
import gzip
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

import polars as pl

from geodata.errors import FileUnreadable, Sentence, UnreadableEncoding

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
            "{path} cannot be read ({error}). Check the path and its permissions.",
            path=path,
            error=error,
        ) from error
    if not start:
        raise FileUnreadable("{path} is empty (0 bytes). Export it again.", path=path)
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
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise FileUnreadable(
            "{path} is a damaged archive ({error}). Export it again.", path=path, error=error
        ) from error


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
                "{path} cannot be unpacked ({error}). Export it again, without a password.",
                path=path,
                error=error,
            ) from error
        yield target


def _member_stream(path: Path, member: str | None) -> IO[bytes]:
    if member is None:
        return cast("IO[bytes]", gzip.open(path))
    return zipfile.ZipFile(path).open(member)


def _only_member(path: Path) -> str:
    names = [
        name
        for name in _member_names(path)
        if not name.endswith("/") and not name.startswith("__MACOSX/")
    ]
    if len(names) != 1:
        raise FileUnreadable(
            "{path} holds {n} files ({listed}); one is expected. Unpack it and take the files "
            "in one by one.",
            path=path,
            n=len(names),
            listed=names[:8] or Sentence("nothing"),
        )
    return names[0]


def _copy(source: IO[bytes], target: Path, origin: Path) -> None:
    written = 0
    with target.open("wb") as out:
        while chunk := source.read(CHUNK_BYTES):
            written += len(chunk)
            if written > MAX_UNPACKED_BYTES:
                raise FileUnreadable(
                    "{origin} unpacks to more than {gigabytes} GB. Split it.",
                    origin=origin,
                    gigabytes=MAX_UNPACKED_BYTES >> 30,
                )
            out.write(chunk)


@contextmanager
def utf8_text(path: Path) -> Iterator[Path]:
    """Give the file as UTF-8, its lines ended by LF or CR LF.

    The file itself where it already is that, otherwise a temporary copy.

    Raises
    ------
    UnreadableEncoding
        The whole of it is neither UTF-8, UTF-16 with a byte-order mark, nor GB18030; the
        message gives the first line that fails.
    """
    start = first_bytes(path)
    declared = next((name for bom, name in _BOMS.items() if start.startswith(bom)), None)
    utf8 = declared != "utf-16" and _is_utf8(path)
    if utf8 and not _only_carriage_returns(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="guatu-") as folder:
        target = Path(folder) / path.name
        _transcode(path, "utf-8" if utf8 else declared or "gb18030", target)
        yield target


def _is_utf8(path: Path) -> bool:
    """Check the whole file in a fraction of the time that decoding it takes."""
    carried = b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            whole, line_end, carried = (carried + chunk).rpartition(b"\n")
            if not _all_utf8(whole + line_end):
                return False
    return _all_utf8(carried)


def _all_utf8(text: bytes) -> bool:
    try:
        pl.Series([text], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        return False
    return True


def _only_carriage_returns(path: Path) -> bool:
    """Tell files of the oldest Mac exports, whose lines end in a lone carriage return."""
    with path.open("rb") as stream:
        start = stream.read(CHUNK_BYTES)
    return b"\r" in start and b"\n" not in start


def _transcode(path: Path, encoding: str, target: Path) -> None:
    """Decode everything, strictly, into a UTF-8 copy."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    old_mac = _only_carriage_returns(path)
    with path.open("rb") as source, target.open("wb") as out:
        while True:
            chunk = source.read(CHUNK_BYTES)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                raise _unreadable(path, encoding, source.tell() - len(chunk), error) from error
            out.write((text.replace("\r", "\n") if old_mac else text).encode())
            if not chunk:
                return


def _unreadable(
    path: Path, encoding: str, position: int, error: UnicodeDecodeError
) -> UnreadableEncoding:
    """Say in which line decoding failed."""
    with path.open("rb") as stream:
        before = stream.read(position).count(b"\n")
    line = 1 + before + error.object[: error.start].count(b"\n")
    utf_8 = Sentence("UTF-8 and then GB18030")
    return UnreadableEncoding(
        "{path}: the text is not {tried}; decoding failed in line {line}. "
        "Save it again as UTF-8, in Excel as 'CSV UTF-8'.",
        path=path,
        tried="UTF-16" if encoding == "utf-16" else utf_8,
        line=line,
    )
