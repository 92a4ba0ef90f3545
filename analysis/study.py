"""Studies: what each of them writes, and the rows of its tables for machines."""

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from analysis.figure import png, svg
from analysis.folder import checksum, write_tables
from analysis.result import RUN, main_file
from analysis.version import versions
from analysis.workbook import write_workbook
from analysis.workbook.choice import MOST_CELLS
from scenarios.scenario import Scenario


def write_parts(
    folder: Path, frames: Mapping[str, pd.DataFrame], figures: Mapping[str, Figure]
) -> dict[str, bytes]:
    """Write tables as Parquet, CSV and one workbook, and figures as PNG and SVG.

    Of tables with a family the workbook has the main ones.

    Parameters
    ----------
    folder
        Of the results.
    frames, figures
        By name.

    Returns
    -------
    dict
        The figures as PNG, for the report.
    """
    write_tables(frames, folder / "tables")
    write_workbook(folder / "tables" / "tables.xlsx", *_sheets(frames))
    (folder / "figures").mkdir()
    images = {name: png(figure) for name, figure in figures.items()}
    for name, figure in figures.items():
        (folder / "figures" / f"{name}.png").write_bytes(images[name])
        (folder / "figures" / f"{name}.svg").write_bytes(svg(figure))
    return images


def _sheets(
    frames: Mapping[str, pd.DataFrame],
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Choose what of the tables a workbook holds, and say what it does not."""
    sheets, notes = {}, []
    for name, frame in frames.items():
        main = _main(frame)
        whole = f"tables/{name}.csv holds it whole."
        if main.size > MOST_CELLS:
            notes.append(f"Table {name} is too large; {whole}")
            continue
        if len(main) < len(frame):
            notes.append(f"Table {name} is cut to the main measures; {whole}")
        sheets[name] = main
    return sheets, notes


def _main(frame: pd.DataFrame) -> pd.DataFrame:
    if "family" not in frame:
        return frame
    return frame[frame["family"].str.startswith(("main", "targets"))]


def write_json(path: Path, data: object) -> None:
    """Write data as JSON."""
    text = json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def write_run(
    folder: Path,
    kind: str,
    command: str,
    scenarios: Sequence[Scenario],
    seed: int,
    made: Mapping[str, Any],
) -> None:
    """Write `run.json` and the inputs: what fixes the numbers, and their checksums.

    Parameters
    ----------
    folder
        Of the results, with its tables in place.
    kind, command
        The command, and how it was typed.
    scenarios, seed
        What was played.
    made
        What else was chosen.
    """
    for scenario in scenarios:
        for source in scenario.sources:
            path = folder / "inputs" / scenario.name / source.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(source.content)
    tables = sorted((folder / "tables").iterdir())
    run = {
        "format": 1,
        "kind": kind,
        "command": command,
        "scenarios": {
            s.name: {
                "file": main_file(s),
                "set": list(s.changes),
                "calls": s.recorded.kept(),
                "inputs": {source.path: source.sha256 for source in s.sources},
            }
            for s in scenarios
        },
        "seed": seed,
        **made,
        "versions": versions(),
        "tables": {path.name: checksum(path) for path in tables},
    }
    write_json(folder / RUN, run)


def plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a table for JSON; what is infinite or missing is null."""
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, str | bool):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value.item() if hasattr(value, "item") else value
