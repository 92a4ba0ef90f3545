"""The content of a road file: opened, as text, and with nothing dangerous in it."""

import bz2
import re
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable

from scenarios.problem import fail

# A town in XML opens to some 20 MB, a province to some hundreds.
MOST_OPENED = 1_000_000_000
MOST_BLOB = 32 * 1024 * 1024
_GZIP, _BZIP2 = b"\x1f\x8b", b"BZh"
_ENCODING = re.compile(r"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"']")
_DECLARED = re.compile(r"(^\s*<\?xml[^>]*?)\s+encoding\s*=\s*[\"'][\w.-]+[\"']")


def opened(raw: bytes, file: str) -> bytes:
    """Open a gzip or bzip2 file, once; leave another as it is.

    Raises
    ------
    ScenarioError
        When it is broken, cut short, or opens to more than `MOST_OPENED` bytes.
    """
    if raw[:2] == _GZIP:
        content = _inflated(raw, file, lambda: zlib.decompressobj(31), "gzip")
    elif raw[:3] == _BZIP2:
        content = _inflated(raw, file, bz2.BZ2Decompressor, "bzip2")
    else:
        return raw
    if content[:2] == _GZIP or content[:3] == _BZIP2:
        raise fail(file, "compressed twice: open it once before")
    return content


def _inflated(
    raw: bytes,
    file: str,
    make: "Callable[[], zlib._Decompress | bz2.BZ2Decompressor]",
    kind: str,
) -> bytes:
    """Open all members of a compressed file, a piece at a time."""
    pieces, size = [], 0
    while raw:
        machine = make()
        try:
            piece = machine.decompress(raw, MOST_OPENED - size + 1)
        except (OSError, zlib.error, ValueError):
            raise fail(file, f"no sound {kind} file, or cut short") from None
        size += len(piece)
        pieces.append(piece)
        if size > MOST_OPENED:
            raise fail(file, f"opens to more than {MOST_OPENED} bytes: refused")
        if not machine.eof:
            raise fail(file, f"no sound {kind} file, or cut short")
        raw = machine.unused_data.lstrip(b"\0")
    return b"".join(pieces)


def text_of(raw: bytes) -> tuple[str, str]:
    """Read bytes as text, in the encoding they show.

    Returns
    -------
    tuple
        The text, and what was assumed of its encoding (empty for UTF-8).
    """
    for mark, name in ((BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16")):
        if raw.startswith(mark):
            return raw.decode(name, "replace"), "UTF-16"
    if raw[:4].count(0) == 2 and len(raw) % 2 == 0:
        name = "utf-16-be" if raw[0] == 0 else "utf-16-le"
        return raw.decode(name, "replace"), "UTF-16 without a mark"
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace"), "Windows-1252"


def safe_xml(raw: bytes, file: str) -> bytes:
    """Give XML as UTF-8, without anything that could grow or reach other files.

    Raises
    ------
    ScenarioError
        When it holds a DOCTYPE or an ENTITY, or is in no encoding that is known.
    """
    text, remark = text_of(raw)
    if not remark.startswith("UTF-16"):
        found = _ENCODING.match(text[:200])
        encoding = found[1].lower() if found else "utf-8"
        try:
            text = raw.removeprefix(BOM_UTF8).decode(encoding)
        except (LookupError, UnicodeDecodeError) as error:
            known = isinstance(error, UnicodeError)
            fault = f"is not the {encoding} text it should be; save it as UTF-8"
            unknown = f"is in no encoding that is known: {encoding[:20]}"
            raise fail(file, fault if known else unknown) from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        # Entities can grow without bound or reach other files; no road file needs them.
        text = "holds a DOCTYPE or an ENTITY, which no road file needs: refused"
        raise fail(file, text)
    return _DECLARED.sub(r"\1", text, count=1).lstrip("\ufeff \t\r\n").encode()


def refuse_large_blobs(raw: bytes, file: str) -> None:
    """Add up what the blocks of a PBF file say they open to.

    Raises
    ------
    ScenarioError
        When that is too much, or the blocks do not follow each other to the end.
    """
    at = opened_size = 0
    while at < len(raw):
        size = int.from_bytes(raw[at : at + 4])
        head = _fields(raw[at + 4 : at + 4 + size]) if size <= 64 * 1024 else {}
        start = at + 4 + size
        at = start + head.get(3, -1 - start)
        if at <= start or at > len(raw):
            raise fail(file, "no sound OSM PBF, or cut short: its blocks do not fit")
        # The size stands before the data, or after them: the start of both is enough.
        one = _fields(raw[start:at]).get(2, at - start)
        opened_size += one
        if one > MOST_BLOB or opened_size > MOST_OPENED:
            raise fail(file, f"opens to more than {MOST_OPENED} bytes: refused")


def _fields(raw: bytes) -> dict[int, int]:
    """Read the whole numbers of a protocol buffer by their field; skip all else."""
    found: dict[int, int] = {}
    at = 0
    while at < len(raw):
        key, at = _varint(raw, at)
        value, at = _varint(raw, at)
        if key & 7 == 2:
            at += value
        elif key & 7 == 0:
            found[key >> 3] = value
        else:
            break
    return found


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(raw) and shift < 64:
        value |= (raw[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if raw[at - 1] < 0x80:
            break
    return value, at
