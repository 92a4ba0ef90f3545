# `muster staff` as a person types it.

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

import muster
from scenarios.problem import ScenarioError
from tests.analysis.shop import SMALL
from tests.analysis.test_staff import fails_on

HARD = SMALL.replace("within: 10 min", "within: 1 s").replace("90 %\n", "99 %\n", 1)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "day").mkdir()
    (tmp_path / "day/scenario.yaml").write_text(SMALL)
    return tmp_path


def staff(*options):
    command = ["staff", "day", "--workers", "1", *options]
    return CliRunner().invoke(muster.app, command)


def test_it_shows_plan_verdicts_and_proof_and_writes_the_plan(folder):
    done = staff("--write", "best")
    assert done.exit_code == 0, done.output
    assert "The cheapest plan found that meets every target costs 780." in done.output
    assert "desks 2 in place of 3: saves 150, breaks waits at KV1" in done.output
    assert "muster run day --plan best --seed 1 -n" in done.output
    out = folder / "muster-out/day-staff"
    assert (out / "plan.yaml").read_text() == (
        folder / "day/plans/best.yaml"
    ).read_text()
    assert not (folder / "muster-out/day-staff.unfinished").exists()


def test_what_it_writes_plays_to_the_verdicts_it_told(folder):
    told = json.loads(staff("--write", "best", "--json").stdout)
    command = ["run", "day", "--plan", "best", "--workers", "1", "--json"]
    command += ["--seed", "1", "-n", str(told["days"])]
    ran = json.loads(CliRunner().invoke(muster.app, command).stdout)
    assert [t["verdict"] for t in ran["targets"]] == ["met"]
    for one, two in zip(told["targets"], ran["targets"], strict=True):
        assert (one["held"], one["days"]) == (two["held"], two["days"])
        assert (one["target"], one["verdict"]) == (two["name"], two["verdict"])
        assert [one["low"], one["high"]] == pytest.approx(two["interval"])


def test_a_day_that_cannot_be_played_is_told_and_the_exit_code_is_1(
    folder, monkeypatch
):
    fails_on(monkeypatch, 5)
    done = staff()
    assert done.exit_code == 1, done.output
    assert "no target counts as held there." in done.output
    assert "replication 5 of desks=3, booths=4: RuntimeError" in done.output


def test_a_plan_that_is_there_is_not_written_over(folder):
    plan = folder / "day/plans/best.yaml"
    plan.parent.mkdir()
    plan.write_text("title: Mine\n")
    done = staff("--write", "best")
    assert isinstance(done.exception, ScenarioError)
    assert "--write best: day/plans/best.yaml is there; --force writes over it" in str(
        done.exception
    )
    assert plan.read_text() == "title: Mine\n"
    assert not (folder / "muster-out").exists()
    assert staff("--write", "best", "--force").exit_code == 0
    assert "The cheapest plan" in plan.read_text()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--plan", "night"), "--plan night: no such plan in day; allowed: base"),
        (("--budget", "5"), "--budget 5: must be from 500 to 100000, found 5"),
        (("--write", "a.b"), "--write a.b: not a name, found 'a.b'; use letters"),
        (("--zone", "0.5"), "--zone 0.5: must be above 0 and at most 0.1"),
        (("--set", "staffing=null"), "says nothing that may vary"),
    ],
)
def test_bad_input_is_told_and_nothing_written(folder, options, told):
    done = staff(*options)
    assert isinstance(done.exception, ScenarioError)
    assert told in str(done.exception)
    assert not (folder / "muster-out").exists()


def test_strict_gives_3_when_no_plan_can_meet_the_targets(folder):
    (folder / "day/scenario.yaml").write_text(HARD)
    done = staff("--strict", "--write", "best", "--json")
    assert done.exit_code == 3
    told = json.loads(done.stdout)
    assert told["cost"] is None
    assert "Even the plan with most of all misses waits (held on 0 of" in told["answer"]
    assert not (folder / "day/plans").exists()
    assert not (folder / "muster-out/day-staff/plan.yaml").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal of POSIX")
def test_an_interrupted_search_goes_on_where_it_was(folder):
    command = [sys.executable, "-m", "muster", "staff", "day", "--workers", "2"]
    path = os.pathsep.join(sys.path)
    environment = os.environ | {"PYTHONPATH": path}
    kept = folder / "muster-out/day-staff.unfinished/days.jsonl"
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        deadline = time.monotonic() + 60
        while not kept.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    assert process.returncode == 130, error
    assert b"the days played are kept in" in error
    assert b"Traceback" not in error
    days = kept.read_text().count("\n")
    assert days > 0
    done = staff("--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["cost"] == 780.0
    assert not kept.parent.exists()
