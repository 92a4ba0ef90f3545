"""What a study writes: report, figures, tables, and what made them."""

from pathlib import Path

from analysis.folder import write_whole
from analysis.result import refuse_out
from analysis.sensitivity.chart import draw_sweep
from analysis.sensitivity.grid import sweep_html
from analysis.sensitivity.picture import draw_sensitivity
from analysis.sensitivity.report import sensitivity_html
from analysis.sensitivity.result import Sensitivity
from analysis.sensitivity.sweep import Sweep
from analysis.study import write_parts, write_run


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
            "replications": study.days,
            "sobol_points": study.points,
            "point_days": study.point_days,
            "failed": study.failures(),
        }
        write_run(folder, "sensitivity", command, [study.scenario], study.seed, made)

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
            "replications": sweep.days,
            "points": [dict(levels) for levels in sweep.points],
            "failed": sweep.failures(),
        }
        write_run(folder, "sweep", command, [sweep.scenario], sweep.seed, made)

    return write_whole(out, fill)
