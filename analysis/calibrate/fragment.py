"""What a calibration gives: a piece of scenario, a figure, a table, and their files."""

import hashlib
import os
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml

from scenarios.problem import fail

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARK = "# Written by muster calibrate"
_WIDTH = 96
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What was found.

    Parameters
    ----------
    kind
        ``arrivals``, ``service`` or ``incidents``.
    source
        The file it was found in.
    place
        What is left to do before it can be included; empty where nothing is.
    data
        The piece of scenario, with `uncertain` where something is open.
    summary
        Lines for the console.
    notes
        What was read, found and assumed, a sentence each.
    tables
        By name; see `analysis.column`.
    figure
        How well it fits.
    """

    kind: str
    source: Path
    place: str
    data: Mapping[str, Any]
    summary: tuple[str, ...]
    notes: tuple[str, ...]
    tables: Mapping[str, pd.DataFrame]
    figure: "Figure"

    def yaml(self, name: str) -> str:
        """Write the piece, commented, for a file of this name."""
        checksum = hashlib.sha256(self.source.read_bytes()).hexdigest()[:12]
        lines = [
            f"{MARK} {self.kind}",
            *_comment(f"Source: {self.source.name}, sha256 {checksum}..."),
            *_comment(self.use(name)),
            "#",
        ]
        for note in (*self.summary, *self.notes):
            lines += _comment(note, "- ")
        text = yaml.dump(
            dict(self.data),
            Dumper=_Dumper,
            allow_unicode=True,
            sort_keys=False,
            default_flow_style=None,
            width=_WIDTH,
        )
        return "\n".join(lines) + "\n" + text

    def use(self, name: str) -> str:
        """Say how the piece gets into a scenario."""
        return self.place or (
            "To use it, put this file beside scenario.yaml, and there, at the left "
            f"edge, a line (or add it to the list):  include: [{name}]"
        )

    def json(self, files: Mapping[str, Path]) -> dict[str, Any]:
        """Give it for machines."""
        return {
            "kind": self.kind,
            "source": str(self.source),
            "scenario": dict(self.data),
            "summary": list(self.summary),
            "notes": list(self.notes),
            "files": {name: str(path) for name, path in files.items()},
        }

    def write(self, out: Path) -> dict[str, Path]:
        """Write the piece to a YAML file, and figure and tables beside it.

        They appear whole, the piece last, or not at all; earlier ones of the same name
        are replaced.

        Returns
        -------
        dict
            The files, by what they are.

        Raises
        ------
        ScenarioError
            When a file there is of another kind, or nothing can be written.
        """
        from analysis.figure import png, svg
        from analysis.figure.palette import look
        from analysis.workbook import write_workbook

        refuse_out(out)
        files = {end: out.with_suffix(f".{end}") for end in ("png", "svg", "xlsx")}
        with look():
            contents = {"png": png(self.figure), "svg": svg(self.figure)}
        for name, frame in self.tables.items():
            files[name] = out.with_name(f"{out.stem}-{name}.csv")
            contents[name] = frame.to_csv(index=False).encode("utf-8-sig")
        files["yaml"], contents["yaml"] = out, self.yaml(out.name).encode()
        out.parent.mkdir(parents=True, exist_ok=True)
        try:
            for name, content in contents.items():
                _partial(files[name]).write_bytes(content)
            write_workbook(_partial(files["xlsx"]), self.tables, self.notes)
            for path in files.values():
                _partial(path).replace(path)
        finally:
            for path in files.values():
                _partial(path).unlink(missing_ok=True)
        return files


class _Dumper(yaml.SafeDumper):
    """Writes clock text in quotes and small mappings on a line, as scenarios do."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        """Write a text."""
        style = '"' if _CLOCK.fullmatch(text) else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    def represent_entry(self, data: dict[str, Any]) -> yaml.MappingNode:
        """Write a mapping."""
        node = self.represent_mapping("tag:yaml.org,2002:map", data)
        nested = any(isinstance(value, dict | list) for value in data.values())
        if not nested or "per_hour" in data:
            node.flow_style = True
        return node

    def ignore_aliases(self, data: Any) -> bool:
        """Write what is said twice twice: it may become different later."""
        return True


_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_representer(dict, _Dumper.represent_entry)


def _comment(text: str, bullet: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=f"# {bullet}", subsequent_indent="#   "
    )


def _partial(path: Path) -> Path:
    return path.with_name(f".{path.name}.partial-{os.getpid()}")


def refuse_out(out: Path) -> None:
    """Refuse a file that something else has written: a scenario, most likely.

    Raises
    ------
    ScenarioError
        Says what is there.
    """
    if out.suffix not in (".yaml", ".yml"):
        raise fail(f"--out {out}", "must end in .yaml; figure and tables go beside it")
    if out.is_dir():
        raise fail(f"--out {out}", "is a folder; name a file that ends in .yaml")
    if out.exists() and not out.read_text("utf-8", "replace").startswith(MARK):
        raise fail(
            f"--out {out}",
            "exists and was not written by muster calibrate; choose another file",
        )
    parent = out.absolute().parent
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise fail(f"--out {out}", f"cannot be written: {parent} is not writable")


def of(stations: Sequence[str]) -> str:
    """Say of which stations something is, nothing where it is of all."""
    named = [name for name in stations if name and name != "*"]
    return f" of {', '.join(named[:3])}{', ...' * (len(named) > 3)}" if named else ""


def percent(share: float) -> str:
    """Write a share as scenarios do, never with an exponent."""
    return f"{share * 100:.4f}".rstrip("0").rstrip(".") + " %"


def minutes_text(minutes: float) -> str:
    """Write a duration as scenarios do."""
    return f"{minutes * 60:.4g} s" if minutes < 10 else f"{minutes:.1f} min"
