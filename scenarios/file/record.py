"""Tables as people export them: CSV in any encoding, each record with its place."""

import csv
import io
import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from scenarios.clock import shown
from scenarios.problem import Problem, ScenarioError, fail

MOST_BYTES = 50_000_000
DELIMITERS = {",": ",", ";": ";", "tab": "\t", "|": "|"}
_LOOKED_AT = 40
# What the reader says, told to somebody who does not write programs.
_PLAINLY = {
    "unexpected end of data": "a quote that opens here is not closed",
    "expected after": "text goes on after a closing quote; a quote inside text is "
    "written twice",
    "field larger": "a field is too long; is a quote not closed?",
}
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Row:
    """A record of a table: its fields without blanks around, and its lines, from 1."""

    first: int
    last: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table.

    Parameters
    ----------
    file
        As errors show it.
    lines
        The physical lines, with their ends.
    delimiter
        What separates its fields.
    rows
        Its records, header included, blank ones left out.
    notes
        What was assumed on reading it, a sentence each.
    """

    file: str
    lines: list[str]
    delimiter: str
    rows: list[Row]
    notes: tuple[str, ...]

    def problem(self, row: Row, index: int, path: str, text: str) -> Problem:
        """Place a fault at a field of a row, or at the end of a row that is short."""
        whole = "".join(self.lines[row.first - 1 : row.last])
        field = re.compile(
            rf' *"(?:[^"]|"")*"[^{re.escape(self.delimiter)}]*'
            rf"|[^{re.escape(self.delimiter)}\r\n]*"
        )
        at = 0
        for _ in range(min(index, len(row.fields) - 1)):
            match = field.match(whole, at)
            at = match.end() + 1 if match else at
        at += len(whole[at:]) - len(whole[at:].lstrip(" "))
        ends = [end.end() for end in _LINE_END.finditer(whole, 0, at)]
        return Problem(
            file=self.file,
            line=row.first + len(ends),
            column=at - (ends[-1] if ends else 0) + 1,
            path=path,
            text=text,
        )


def read_sheet(
    raw: bytes,
    file: str,
    *,
    encoding: str = "auto",
    delimiter: str = "auto",
    skip: int = 0,
    names: Collection[str] = (),
) -> Sheet:
    """Read a CSV file.

    Parameters
    ----------
    raw
        Its bytes.
    file
        As errors show it.
    encoding, delimiter
        ``auto``, or what they are.
    skip
        Lines left out at the top.
    names
        Names the header should hold; they help to tell the delimiter.

    Raises
    ------
    ScenarioError
        When the file is no sound CSV; says where.
    """
    text, notes = _decoded(raw, file, encoding)
    lines = list(io.StringIO(text, newline=""))
    says = re.fullmatch(r"sep=(.)\s*", lines[skip]) if skip < len(lines) else None
    skip += says is not None
    sign = DELIMITERS.get(delimiter) or (says[1] if says else "")
    sign = sign or _likely(lines[skip : skip + _LOOKED_AT], names)
    rows = list(_rows(lines, sign, skip, file))
    if not rows:
        raise fail(file, "holds no rows")
    return Sheet(file=file, lines=lines, delimiter=sign, rows=rows, notes=notes)


def _decoded(raw: bytes, file: str, encoding: str) -> tuple[str, tuple[str, ...]]:
    """Turn bytes into text; say what was assumed."""
    if len(raw) > MOST_BYTES:
        raise fail(file, f"file too large: {len(raw)} bytes, at most {MOST_BYTES}")
    if raw[:2] == b"PK":
        raise fail(file, "is a ZIP or Excel file, not CSV; save the table as CSV")
    named, notes = encoding, tuple[str, ...]()
    if encoding in ("auto", "utf-16"):
        found = _encoding_of(raw)
        named = found if encoding == "auto" or found.startswith("utf-16") else encoding
        if encoding == "auto" and named == "windows-1252":
            notes = ("the file is not UTF-8: read as windows-1252 (calls.encoding)",)
    try:
        text = raw.decode(_CODECS.get(named, named))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        told = f"not {named} text; set calls.encoding"
        raise ScenarioError(
            (Problem(file=file, line=line, column=1, text=told),)
        ) from None
    if "\0" in text:
        raise fail(file, "holds characters that no text has; is it a CSV file?")
    return text.removeprefix("\ufeff"), notes


_CODECS = {"utf-8": "utf-8-sig"}


def _encoding_of(raw: bytes) -> str:
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    if raw.startswith(BOM_UTF8):
        return "utf-8"
    head = raw[:2000]
    # Digits and signs of a table have one zero byte each in UTF-16.
    for name, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if zeros.count(0) > 0.3 * len(zeros):
            return name
    try:
        raw.decode()
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _likely(lines: list[str], names: Collection[str]) -> str:
    """Choose the delimiter that finds the names, or makes the most columns."""

    def worth(sign: str) -> tuple[int, int]:
        rows = [[f.strip() for f in row] for row in _csv(lines, sign) if any(row)]
        found = len(set(names) & set(rows[0])) if rows else 0
        return found, min(map(len, rows), default=0)

    return max(DELIMITERS.values(), key=worth)


def _csv(lines: list[str], sign: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=sign, skipinitialspace=True)
    except csv.Error:
        return  # told when the whole file is read


def _rows(lines: list[str], sign: str, skip: int, file: str) -> Iterator[Row]:
    reader = csv.reader(
        lines[skip:], delimiter=sign, skipinitialspace=True, strict=True
    )
    first = skip + 1
    try:
        for record in reader:
            fields = tuple(unicodedata.normalize("NFC", f.strip()) for f in record)
            last = skip + reader.line_num
            if any(fields):
                yield Row(first, last, fields)
            first = last + 1
    except csv.Error as error:
        plainly = [text for part, text in _PLAINLY.items() if part in str(error)]
        text = f"not sound CSV: {plainly[0] if plainly else error}"
        problem = Problem(file=file, line=first, column=1, text=text)
        raise ScenarioError((problem,)) from None


def columns_shown(fields: tuple[str, ...]) -> str:
    """List the names of a header for an error."""
    return ", ".join(shown(field) for field in fields if field)
