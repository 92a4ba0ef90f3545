"""Results: an experiment with its tables, written to a folder whole or not at all."""

import json
import os
import shlex
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import table
from analysis.day import Day
from analysis.experiment import Experiment
from analysis.figure import draw_all, png
from analysis.folder import checksum, write_parquet, write_tables, write_whole
from analysis.report import report_html
from analysis.version import versions
from analysis.why import first_break
from analysis.workbook import chosen, write_workbook
from scenarios.problem import ScenarioError, fail
from scenarios.scenario import Scenario

RUN = "run.json"


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a run gives.

    Parameters
    ----------
    experiment
        The replications.
    """

    experiment: Experiment

    @cached_property
    def targets(self) -> pd.DataFrame:
        """The verdict on every target; see `analysis.table.targets_table`."""
        return table.targets_table(self.experiment)

    @cached_property
    def measures(self) -> pd.DataFrame:
        """Every measure of every replication; see `analysis.table.measures_table`."""
        return table.measures_table(self.experiment)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Every measure over the replications; see `analysis.table.summary_table`."""
        return table.summary_table(self.experiment)

    @cached_property
    def judgements(self) -> pd.DataFrame:
        """Every target on every day; see `analysis.table.judgements_table`."""
        return table.judgements_table(self.experiment)

    @cached_property
    def draws(self) -> pd.DataFrame:
        """What chance set for each day; see `analysis.table.draws_table`."""
        return table.draws_table(self.experiment)

    @cached_property
    def days(self) -> dict[str, Day]:
        """The whole logs that are kept: first, typical and worst day."""
        named = self.experiment.named()
        played = {
            number: self.experiment.play(number) for number in set(named.values())
        }
        return {name: played[number] for name, number in named.items()}

    def answer(self) -> str:
        """Say in one sentence what broke first and when."""
        first = first_break(self.experiment)
        number = len(self.experiment.replications)
        if first is None:
            return f"Nothing broke: every target held on each of {number} days."
        clock = self.experiment.scenario.clock
        where = "" if first.where in ("", "overall") else f" at {first.where}"
        return (
            f"First to break: {first.target} ({first.title}){where}, typically at "
            f"{clock.text(first.typical)}, at the earliest at "
            f"{clock.text(first.earliest)}; the first to break on {first.days} of "
            f"{number} days. On {number - first.broken_days} days nothing broke."
        )

    def holding(self) -> bool:
        """Tell whether every target is met."""
        return bool((self.targets["verdict"] == "met").all())

    def failures(self) -> str:
        """Name the days that could not be played; empty when there are none."""
        return self.experiment.failures_text()

    def json(self, out: Path | None = None) -> dict[str, Any]:
        """Give the result for machines; what is infinite or missing is null."""
        experiment = self.experiment
        return {
            "scenario": experiment.scenario.name,
            "plan": experiment.plan,
            "seed": experiment.seed,
            "replications": len(experiment.replications),
            "out": None if out is None else str(out),
            "answer": self.answer(),
            "failed": {str(f.number): f.reason for f in experiment.failed},
            "targets": [
                {
                    "name": row["target"],
                    "title": row["title"],
                    "verdict": row["verdict"],
                    "needed": None if pd.isna(row["needed"]) else int(row["needed"]),
                    "value": _number(row["value"]),
                    "interval": _pair(row["low"], row["high"]),
                    "held": int(row["held"]),
                    "days": int(row["days"]),
                    "bound": row["bound"],
                    "measured": _number(row["typical"]),
                    "worst": row["worst"],
                }
                for row in self.targets.to_dict("records")
            ],
            "measures": [
                {
                    "measure": row["measure"],
                    "within": _number(row["within"]),
                    "subject": row["subject"],
                    "unit": row["unit"],
                    "mean": _number(row["mean"]),
                    "interval": _pair(row["low"], row["high"]),
                    "median": _number(row["median"]),
                    "p10": _number(row["p10"]),
                    "p90": _number(row["p90"]),
                    "infinite": int(row["infinite"]),
                }
                for row in self.summary.to_dict("records")
            ],
        }

    def write(self, out: Path, *, command: str = "") -> Path:
        """Write report, figures, tables and `run.json` to a folder.

        The folder appears whole or not at all; an earlier result there is replaced.

        Raises
        ------
        ScenarioError
            When something else is there.
        """
        refuse_out(out)
        return write_whole(out, lambda folder: self._write_all(folder, command))

    def _write_all(self, folder: Path, command: str) -> None:
        days = self.days
        # Arrow writes the tables while the figures are drawn.
        with ThreadPoolExecutor(1) as beside:
            tables = beside.submit(self._write_tables, folder / "tables")
            figures = draw_all(self.experiment, days)
            images = {name: png(figure) for name, figure in figures.items()}
            tables.result()
        (folder / "figures").mkdir()
        for name, image in images.items():
            (folder / "figures" / f"{name}.png").write_bytes(image)
        report = report_html(self.experiment, days, images)
        (folder / "report.html").write_text(report, encoding="utf-8")
        for source in self.experiment.scenario.sources:
            path = folder / "inputs" / source.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(source.content)
        run = self._run(folder, command)
        text = json.dumps(run, indent=2, ensure_ascii=False)
        (folder / RUN).write_text(text + "\n", encoding="utf-8")

    def _write_tables(self, folder: Path) -> None:
        frames = {
            "targets": self.targets,
            "summary": self.summary,
            "measures": self.measures,
            "judgements": self.judgements,
        }
        if self.experiment.setting.orders:
            frames["orders"] = table.orders_table(self.experiment)
        if not self.draws.empty:
            frames["draws"] = self.draws
        for name, day in self.days.items():
            frames[f"log-{name}"] = table.log_table(day)
            frames[f"incidents-{name}"] = table.incidents_table(day)
            frames[f"dispatches-{name}"] = table.dispatches_table(day)
            frames[f"units-{name}"] = table.units_table(day)
        write_tables(frames, folder)
        write_workbook(folder / "tables.xlsx", *chosen(frames))
        write_parquet(table.grid_table(self.experiment), folder / "grid.parquet")
        for name, day in self.days.items():
            write_parquet(table.voters_table(day), folder / f"voters-{name}.parquet")

    def _run(self, folder: Path, command: str) -> dict[str, Any]:
        experiment = self.experiment
        tables = sorted((folder / "tables").iterdir())
        policy = experiment.policy
        return {
            "format": 1,
            "command": command,
            "scenario": experiment.scenario.name,
            "file": main_file(experiment.scenario),
            "plan": experiment.plan,
            "seed": experiment.seed,
            "replications": len(experiment.replications) + len(experiment.failed),
            "failed": {str(f.number): f.reason for f in experiment.failed},
            "policy": None if policy is None else policy.__name__,
            "set": list(experiment.scenario.changes),
            "calls": experiment.scenario.recorded.kept(),
            "days": experiment.named(),
            "versions": versions(),
            "inputs": {s.path: s.sha256 for s in experiment.scenario.sources},
            "tables": {path.name: checksum(path) for path in tables},
        }


def main_file(scenario: Scenario) -> str:
    """Name the scenario's main file; it is the first that is read."""
    return scenario.sources[0].path


def refuse_out(out: Path) -> None:
    """Refuse a folder that holds something other than an earlier result.

    Raises
    ------
    ScenarioError
        Says what is there.
    """
    if out.name in ("", ".."):
        text = "is no name of a folder of its own; give one, such as --out results"
        raise fail(f"--out {out}", text)
    if out.exists() and not (out / RUN).is_file():
        empty = out.is_dir() and not any(out.iterdir())
        if not empty:
            raise fail(
                f"--out {out}",
                "exists and is not an earlier result (it holds no run.json); choose "
                "another folder",
            )
    parent = out.absolute().parent
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise fail(f"--out {out}", f"cannot be written: {parent} is not writable")


def again(path: Path) -> dict[str, Any]:
    """Read a `run.json`, to repeat its run from the inputs kept beside it.

    Returns
    -------
    dict
        As written, with ``folder`` added: where the inputs are.

    Raises
    ------
    ScenarioError
        When the file is no `run.json`, or an input has changed or is missing.
    """
    path = path / RUN if path.is_dir() else path
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
        _refuse_study(path, run)
        inputs, file = dict(run["inputs"]), str(run["file"])
        keys = ("plan", "seed", "replications", "set", "tables", "scenario", "versions")
        kept = {key: run[key] for key in keys}
        kept["calls"] = run.get("calls")
    except ScenarioError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise fail(str(path), f"not a run.json: {error}") from None
    if run.get("policy") is not None:
        text = f"played with a policy of its own, {run['policy']}: only the program "
        raise fail(str(path), f"{text}that brought it can repeat the run")
    if kept["calls"] not in (None, *inputs):
        raise fail(str(path), f"not a run.json: no input {kept['calls']!r}")
    folder = path.parent / "inputs"
    for name, expected in inputs.items():
        source = folder / name
        if not source.is_file():
            raise fail(str(source), "is missing; the run cannot be repeated without it")
        if checksum(source) != expected:
            raise fail(
                str(source),
                "has changed since the run: its checksum is "
                f"{checksum(source)[:12]}..., the run had {expected[:12]}...",
            )
    return {**kept, "folder": folder, "file": file}


def source_of(before: Mapping[str, Any]) -> Path:
    """Give what to load again: the folder, or the single file.

    Parameters
    ----------
    before
        As `again` gives it.
    """
    folder, file = Path(before["folder"]), str(before["file"])
    return folder if file == "scenario.yaml" else folder / file


def differing(before: Mapping[str, Any], folder: Path) -> tuple[list[str], str]:
    """Compare the tables of a run with those of the run it repeats.

    Parameters
    ----------
    before
        As `again` gives it.
    folder
        Of the results of the second run.

    Returns
    -------
    tuple
        Names of the tables that are not the same byte for byte; and that in words,
        with the versions that may be why.
    """
    run = json.loads((folder / RUN).read_text(encoding="utf-8"))
    tables, then = run["tables"], before["tables"]
    differ = [name for name in tables if tables[name] != then.get(name)]
    text = (
        f"{len(tables) - len(differ)} of {len(tables)} tables are byte for byte "
        "those of the first run" + (f"; not {', '.join(differ)}" if differ else "")
    )
    changed = {k: v for k, v in versions().items() if before["versions"].get(k) != v}
    if differ and changed:
        text += f"\nversions differ: {changed}, then {before['versions']}"
    return differ, text


def earlier(out: Path) -> dict[str, Any]:
    """Give the `run.json` of a folder that is about to be replaced; empty without."""
    try:
        run = json.loads((out / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return run if isinstance(run, dict) else {}


def repeated_text(before: Mapping[str, Any], out: Path) -> str:
    """Say whether the same command has written the same tables once more.

    Parameters
    ----------
    before
        As `earlier` gave it before the folder was replaced.
    out
        The folder.

    Returns
    -------
    str
        Empty where there was nothing, or another command had written it.
    """
    now = earlier(out)
    keys = ("command", "tables", "versions")
    if not all(before.get(key) for key in keys) or before["command"] != now["command"]:
        return ""
    return differing(before, out)[1].replace("the first run", "the same command before")


def _refuse_study(path: Path, run: Any) -> None:
    """Refuse what a study of several experiments has written."""
    if isinstance(run, dict) and "kind" in run:
        text = f"written by muster {run['kind']}, which --again does not repeat; give "
        text += f"its command again, which tells what differs: {run.get('command')}"
        raise fail(str(path), text)


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _pair(low: float, high: float) -> list[float] | None:
    return [float(low), float(high)] if isfinite(low) and isfinite(high) else None


def command_line() -> str:
    """Give the command as a shell would take it again."""
    return shlex.join(["muster", *sys.argv[1:]])
