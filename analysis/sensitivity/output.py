"""What a study writes: report, figures, tables, and what made them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from analysis.figure import png, svg
from analysis.folder import checksum, write_tables, write_whole
from analysis.result import RUN, main_file, refuse_out
from analysis.sensitivity.grid import draw_sweep, sweep_html
from analysis.sensitivity.picture import draw_sensitivity
from analysis.sensitivity.report import sensitivity_html
from analysis.sensitivity.result import Sensitivity
from analysis.sensitivity.sweep import Sweep
from analysis.version import versions
from analysis.workbook import write_workbook
from scenarios.scenario import Scenario

MOST_CELLS = 40_000  # of a sheet, so that the workbook is written and opened at once


def write_sensitivity(study: Sensitivity, out: Path, command: str) -> Path:
    """Write everything to a folder; see `Sensitivity.write`."""
    refuse_out(out)

    def fill(folder: Path) -> None:
        frames = {
            "tornado": study.tornado,
            "sobol": study.sobol,
            "breakeven": study.breakeven,
        }
        images = write_parts(folder, frames, draw_sensitivity(study))
        page = sensitivity_html(study, images)
        (folder / "report.html").write_text(page, encoding="utf-8")
        made = {
            "plan": study.plan,
            "seed": study.seed,
            "replications": study.days,
            "sobol_points": study.points,
            "point_days": study.point_days,
        }
        write_run(folder, "sensitivity", command, study.scenario, made)

    return write_whole(out, fill)


def write_sweep(sweep: Sweep, out: Path, command: str) -> Path:
    """Write everything to a folder; see `Sweep.write`."""
    refuse_out(out)

    def fill(folder: Path) -> None:
        frames = {
            "sweep_points": sweep.grid,
            "sweep_targets": sweep.targets,
            "sweep_summary": sweep.summary,
        }
        images = write_parts(folder, frames, draw_sweep(sweep))
        page = sweep_html(sweep, images)
        (folder / "report.html").write_text(page, encoding="utf-8")
        made = {
            "plan": sweep.plan,
            "seed": sweep.seed,
            "replications": sweep.days,
            "points": [dict(levels) for levels in sweep.points],
        }
        write_run(folder, "sweep", command, sweep.scenario, made)

    return write_whole(out, fill)


def write_parts(
    folder: Path, frames: Mapping[str, pd.DataFrame], figures: Mapping[str, Figure]
) -> dict[str, bytes]:
    """Write tables and figures; give the figures as PNG."""
    write_tables(frames, folder / "tables")
    sheets = {name: frame for name, frame in frames.items() if frame.size <= MOST_CELLS}
    notes = [
        f"Table {name} is too large; tables/{name}.csv has it."
        for name in frames
        if name not in sheets
    ]
    write_workbook(folder / "tables" / "tables.xlsx", sheets, notes)
    (folder / "figures").mkdir()
    images = {name: png(figure) for name, figure in figures.items()}
    for name, figure in figures.items():
        (folder / "figures" / f"{name}.png").write_bytes(images[name])
        (folder / "figures" / f"{name}.svg").write_bytes(svg(figure))
    return images


def write_run(
    folder: Path, kind: str, command: str, scenario: Scenario, made: Mapping[str, Any]
) -> None:
    """Write `run.json` and the inputs: what fixes the numbers, and their checksums."""
    for source in scenario.sources:
        path = folder / "inputs" / source.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source.content)
    run = {
        "format": 1,
        "kind": kind,
        "command": command,
        "scenario": scenario.name,
        "file": main_file(scenario),
        **made,
        "set": list(scenario.changes),
        "calls": scenario.recorded.kept(),
        "versions": versions(),
        "inputs": {source.path: source.sha256 for source in scenario.sources},
        "tables": {
            path.name: checksum(path) for path in sorted((folder / "tables").iterdir())
        },
    }
    text = json.dumps(run, indent=2, ensure_ascii=False)
    (folder / RUN).write_text(text + "\n", encoding="utf-8")
