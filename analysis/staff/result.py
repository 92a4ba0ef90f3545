"""What a search leaves in a folder, whole or not at all: plan, report, tables."""

import json
import os
from math import isfinite
from pathlib import Path
from typing import Any

from analysis.figure.staff import plans_figure
from analysis.folder import write_whole
from analysis.result import refuse_out
from analysis.staff import Staffing
from analysis.staff.report import points, report_html
from analysis.staff.table import tables
from analysis.staff.telling import (
    effort,
    failures,
    guarantee,
    headline,
    proofs,
    sentences,
    warnings,
)
from analysis.study import write_parts, write_run
from scenarios.problem import fail
from scenarios.quantity import name_of
from scenarios.scenario import Scenario

PLAN = "plan.yaml"


def plan_file(staffing: Staffing) -> str:
    """Write the winner as a plan file.

    Raises
    ------
    ValueError
        When there is no winner.
    """
    if staffing.winner is None:
        raise ValueError("no plan was chosen")
    cost = f"{staffing.space.cost(staffing.winner):,.0f}"
    summary = (
        f"Found by muster staff from plan {staffing.space.plan} with seed "
        f"{staffing.seed}: the cheapest found that meets every target, cost {cost}."
    )
    return staffing.space.text(staffing.winner, "The cheapest plan that holds", summary)


def refuse_plan(scenario: Scenario, name: str, *, force: bool) -> Path:
    """Give the file of a plan that is to be written into a scenario.

    Raises
    ------
    ScenarioError
        When the scenario is a single file, the name cannot be, or a plan of this name
        is there and `force` is not given.
    """
    where = f"--write {name}"
    if scenario.path.is_file():
        text = "the scenario is a single file; only a folder holds plans"
        raise fail(where, f"{text}; the plan is in the folder of results")
    try:
        name = name_of(name)
    except ValueError as error:
        raise fail(where, str(error)) from None
    path = scenario.path / "plans" / f"{name}.yaml"
    if path.exists() and not force:
        raise fail(where, f"{path} is there; --force writes over it")
    folder = next(p for p in path.parents if p.exists())
    if not os.access(folder, os.W_OK):
        raise fail(where, f"cannot be written: {folder} is not writable")
    return path


def write_plan(staffing: Staffing, path: Path) -> None:
    """Write the winner into the scenario; it appears whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    partial = path.with_name(f".{path.name}-{os.getpid()}")
    partial.write_text(plan_file(staffing), encoding="utf-8")
    partial.replace(path)


def write_staffing(staffing: Staffing, out: Path, *, command: str = "") -> Path:
    """Write everything to a folder; see `Staffing.write`."""
    refuse_out(out)
    return write_whole(out, lambda folder: _write_all(staffing, folder, command))


def _write_all(staffing: Staffing, folder: Path, command: str) -> None:
    figures = {"plans": plans_figure(points(staffing))}
    images = write_parts(folder, tables(staffing), figures)
    report = report_html(staffing, images["plans"])
    (folder / "report.html").write_text(report, encoding="utf-8")
    if staffing.winner is not None:
        (folder / PLAN).write_text(plan_file(staffing), encoding="utf-8")
    made = {
        "plan": staffing.space.plan,
        "budget": staffing.effort.budget,
        "plans": staffing.effort.plans,
        "zone": staffing.effort.zone,
        "failed": failures(staffing),
    }
    write_run(folder, "staff", command, [staffing.scenario], staffing.seed, made)


def json_of(staffing: Staffing, out: Path | None = None) -> dict[str, Any]:
    """Give what came of it for machines; see `Staffing.json`."""
    frames = tables(staffing)
    chosen = staffing.winner
    return {
        "scenario": staffing.scenario.name,
        "plan": staffing.space.plan,
        "seed": staffing.seed,
        "out": None if out is None else str(out),
        "answer": " ".join([headline(staffing), *sentences(staffing)]),
        "cost": None if chosen is None else staffing.space.cost(chosen),
        "days": staffing.days,
        "values": None if chosen is None else staffing.space.told(chosen),
        "overlay": None if chosen is None else staffing.space.overlay(chosen),
        "targets": _records(frames["verdicts"]),
        "proof": proofs(staffing),
        "neighbours": _records(frames["neighbours"]),
        "findings": warnings(staffing),
        "tests": _records(frames["tests"]),
        "plans": len(staffing.scores),
        "space": staffing.space.size,
        "spent": {
            "search": staffing.spent.search,
            "choice": staffing.spent.choice,
            "proof": staffing.spent.proof,
            "budget": staffing.effort.budget,
        },
        "told": effort(staffing),
        "failed": failures(staffing),
        "guarantee": guarantee(staffing),
    }


def _records(frame: Any) -> list[dict[str, Any]]:
    return [
        {
            key: None if isinstance(value, float) and not isfinite(value) else value
            for key, value in row.items()
        }
        for row in json.loads(frame.to_json(orient="records"))
    ]
