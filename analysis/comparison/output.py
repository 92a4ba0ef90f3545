"""What a comparison writes: report, figures, tables, and what made them."""

from pathlib import Path

from analysis.comparison.comparison import Comparison
from analysis.comparison.figure import draw_comparison
from analysis.comparison.report import report_html
from analysis.folder import write_whole
from analysis.result import refuse_out
from analysis.study import write_json, write_parts, write_run


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
    images = write_parts(folder, frames, draw_comparison(comparison))
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
