# `muster sensitivity` and `muster run --vary`, as a person types them.

import json

import pytest
from typer.testing import CliRunner

import muster
from analysis.sensitivity.design import DesignTask
from scenarios.problem import ScenarioError
from tests.analysis.test_sensitivity import SERVICE, WORLD


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("typed") / "village.yaml"
    path.write_text(WORLD)
    return path


def typed(*words: object):
    return CliRunner().invoke(muster.app, list(map(str, words)))


QUICK = ("-n", 30, "--sobol", 0, "--workers", 1)


def test_sensitivity_says_where_a_target_breaks(folder, tmp_path):
    out = tmp_path / "out"
    vary = f"{SERVICE}=-40%..+100%"
    done = typed("sensitivity", folder, "--vary", vary, *QUICK, "--out", out)
    assert done.exit_code == 0, done.output
    assert f"waits fails when {SERVICE} is at +" in done.stdout
    assert f"never: held over the whole range of {SERVICE}." in done.stdout
    assert "Moved by no input: held never" in done.stdout
    assert (out / "report.html").is_file()
    assert json.loads((out / "run.json").read_text())["kind"] == "sensitivity"
    assert not (tmp_path / "out.unfinished").exists()


def test_a_sweep_gives_a_verdict_at_each_point(folder, tmp_path):
    words = ("run", folder, "--vary", f"{SERVICE}=-40%..+100%:3", "-n", 30, "--strict")
    done = typed(*words, "--workers", 1, "--out", tmp_path / "out", "--json")
    assert done.exit_code == 3, done.output
    found = json.loads(done.stdout)
    assert [row["text"] for row in found["grid"]] == ["-40 %", "+30 %", "+100 %"]
    verdicts = [r["verdict"] for r in found["targets"] if r["target"] == "waits"]
    assert verdicts[0] == "met"
    assert verdicts[2] == "missed"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--vary", "stations.*.size=-1%..+1%"), "--vary stations.*.size=-1%..+1%: "),
        (("--vary", "nonsense"), "--vary nonsense: not understood"),
        ((), "has no uncertain inputs"),
    ],
)
def test_what_is_not_sound_is_told_and_nothing_written(folder, tmp_path, words, told):
    done = typed("sensitivity", folder, *words, *QUICK, "--out", tmp_path / "out")
    assert isinstance(done.exception, ScenarioError)  # exit code 2, from main()
    assert told in str(done.exception)
    assert not (tmp_path / "out").exists()


def test_a_sweep_takes_no_until(folder):
    words = ("--vary", f"{SERVICE}=-1%..+1%", "--until", "wait.mean within 1 min")
    done = typed("run", folder, *words, "--workers", 1)
    assert done.exit_code == 2
    assert "no --until" in done.output


@pytest.mark.parametrize("words", [("sensitivity", *QUICK), ("run", "-n", 30)])
def test_a_day_that_cannot_be_played_is_told_and_the_exit_code_is_1(
    folder, tmp_path, monkeypatch, words
):
    play = DesignTask.replicate

    def replicate(task, number):
        if number == 3:
            raise RuntimeError("no such day")
        return play(task, number)

    monkeypatch.setattr(DesignTask, "replicate", replicate)
    command, *rest = words
    vary = f"{SERVICE}=-40%..+100%"
    chosen = ("--vary", vary, *rest, "--workers", 1, "--out", tmp_path / "out")
    done = typed(command, folder, *chosen)
    assert done.exit_code == 1, done.output
    assert "1 day is left out at every point, as some could not be" in done.stdout
    assert "no such day" in (tmp_path / "out/report.html").read_text()
