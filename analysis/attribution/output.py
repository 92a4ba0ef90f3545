"""What an attribution writes: report, figures, tables, and what made them."""

from pathlib import Path

from analysis.attribution.attribution import Attribution
from analysis.attribution.figure import draw_attribution
from analysis.attribution.report import report_html
from analysis.folder import write_whole
from analysis.result import refuse_out
from analysis.study import write_json, write_parts, write_run


def write_attribution(attribution: Attribution, out: Path, command: str) -> Path:
    """Write everything to a folder; see `Attribution.write`."""
    refuse_out(out)
    return write_whole(out, lambda folder: _fill(attribution, folder, command))


def _fill(attribution: Attribution, folder: Path, command: str) -> None:
    frames = {
        "effects": attribution.effects,
        "inject_targets": attribution.targets,
        "interaction": attribution.interaction,
    }
    images = write_parts(folder, frames, draw_attribution(attribution))
    page = report_html(attribution, images)
    (folder / "report.html").write_text(page, encoding="utf-8")
    write_json(folder / "attribute.json", attribution.json())
    scripted = attribution.scripted
    made = {
        "plan": scripted.plan,
        "removed": {name: list(group) for name, group in attribution.removed.items()},
        "replications": len(scripted.replications) + len(scripted.failed),
        "failed": attribution.failures(),
    }
    write_run(folder, "attribute", command, [scripted.scenario], scripted.seed, made)
