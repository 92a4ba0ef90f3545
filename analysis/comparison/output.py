"""What a comparison writes: report, figures, tables, and what made them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.comparison.comparison import Comparison
from analysis.comparison.figure import draw_comparison
from analysis.comparison.report import report_html
from analysis.figure import png
from analysis.folder import checksum, write_tables, write_whole
from analysis.result import RUN, main_file, refuse_out
from analysis.version import versions
from analysis.workbook import write_workbook
from scenarios.scenario import Scenario


def write_comparison(comparison: Comparison, out: Path, command: str) -> Path:
    """Write everything to a folder; see `Comparison.write`."""
    refuse_out(out)
    return write_whole(out, lambda folder: _fill(comparison, folder, command))


def _fill(comparison: Comparison, folder: Path, command: str) -> None:
    frames = {
        "differences": comparison.differences,
        "plan_targets": comparison.targets,
        "stations": comparison.stations,
        "day": comparison.day,
        "matrix": comparison.matrix,
        "pareto": comparison.pareto,
    }
    images = {name: png(f) for name, f in draw_comparison(comparison).items()}
    write_parts(folder, frames, images)
    page = report_html(comparison, images)
    (folder / "report.html").write_text(page, encoding="utf-8")
    write_json(folder / "compare.json", comparison.json())
    scenarios = [
        next(iter(case.values())).scenario for case in comparison.cases.values()
    ]
    made = {
        "plans": comparison.plans,
        "baseline": comparison.baseline,
        "measure": list(comparison.measure),
        "replications": comparison.asked,
        "failed": comparison.failures(),
    }
    write_run(folder, "compare", command, scenarios, comparison.seed, made)


def write_parts(
    folder: Path, frames: Mapping[str, pd.DataFrame], images: Mapping[str, bytes]
) -> None:
    """Write tables as Parquet, CSV and one workbook, and figures as PNG.

    Of tables with a family the workbook has the main ones.

    Parameters
    ----------
    folder
        Of the results.
    frames, images
        By name.
    """
    write_tables(frames, folder / "tables")
    sheets = {name: _main(frame) for name, frame in frames.items()}
    notes = [
        f"Table {name} is cut to the main measures; tables/{name}.csv holds it whole."
        for name, frame in frames.items()
        if len(sheets[name]) < len(frame)
    ]
    write_workbook(folder / "tables" / "tables.xlsx", sheets, notes)
    (folder / "figures").mkdir()
    for name, image in images.items():
        (folder / "figures" / f"{name}.png").write_bytes(image)


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
    scenarios: list[Scenario],
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
