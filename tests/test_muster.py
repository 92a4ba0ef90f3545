# The command line as a person types it.

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.town import village

ROOT = Path(__file__).parent.parent

SMALL = village("A village", end="20:00")
SMALL += """\
places: {school: {node: b}}
stations:
  KV1:
    place: school
    registered: 60
    turnout: 90 %
    arrivals: {hourly: [2, 1, 1]}
    opens: "07:00"
    closes: "12:00"
    officers: 2
    stages:
      desk: {servers: 2, service: {law: lognormal, mean: 2 min, cv: 0.5}, voting: true}
targets:
  waits:
    title: Short waits
    measure: wait.within
    within: 30 min
    bound: at least 95 %
    population: each station
    days: 80 %
  never:
    title: Nobody balks, ever
    measure: wait.within
    within: 0 min
    bound: at least 100 %
    population: each station
    days: 99 %
"""


def muster(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "muster", *map(str, words)],
        cwd=cwd,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        timeout=300,
    )


@pytest.fixture
def village(tmp_path):
    (tmp_path / "village.yaml").write_text(SMALL)
    return tmp_path


def test_run_prints_targets_what_broke_and_where_the_files_are(village):
    done = muster("run", "village.yaml", "-n", 40, cwd=village)
    assert done.returncode == 0, done.stderr
    out = " ".join(done.stdout.split())
    assert "village, plan base, 40 days, seed 1" in out
    assert "40 of 40, asked 80%" in out
    assert "First to break: never (Nobody balks, ever) at KV1, typically at 07:" in out
    assert "muster-out/village-base/report.html" in out
    assert (village / "muster-out" / "village-base" / "report.html").is_file()


def test_a_title_is_printed_as_it_is_written(village):
    title = "up to [/5] [b] :smile:"
    text = SMALL.replace("Nobody balks, ever", f'"{title}"')
    (village / "village.yaml").write_text(text)
    done = muster("run", "village.yaml", "-n", 2, "--workers", 1, cwd=village)
    assert done.returncode == 0, done.stderr
    assert f"never ({title}) at KV1" in done.stdout


def test_json_is_one_object_and_nothing_else_on_standard_output(village):
    done = muster("run", "village.yaml", "-n", 31, "--json", cwd=village)
    data = json.loads(done.stdout)
    assert data["scenario"] == "village"
    assert [t["verdict"] for t in data["targets"]] == ["met", "missed"]
    assert data["targets"][1]["worst"] == "KV1"
    assert data["out"] == "muster-out/village-base"
    assert done.stderr == ""


def test_strict_exits_with_3_when_a_target_is_not_met(village):
    done = muster("run", "village.yaml", "-n", 31, "--strict", cwd=village)
    assert done.returncode == 3


def test_set_changes_one_value_and_is_kept_for_a_repeat(village):
    first = muster(
        "run", "village.yaml", "-n", 30, "--set", "stations.KV1.stages.desk.servers=1",
        "--out", "one", "--json", cwd=village,
    )  # fmt: skip
    plain = muster(
        "run", "village.yaml", "-n", 30, "--out", "two", "--json", cwd=village
    )
    mean = [
        next(m["mean"] for m in json.loads(done.stdout)["measures"]
             if m["measure"] == "wait.mean" and m["subject"] == "KV1")
        for done in (first, plain)
    ]  # fmt: skip
    assert mean[0] > mean[1]
    (village / "village.yaml").unlink()
    again = muster("run", "--again", "one/run.json", cwd=village)
    assert again.returncode == 0, again.stderr
    assert "tables are byte for byte those of the first run" in again.stdout
    assert "not " not in again.stdout.split("first run")[1]


def test_bad_input_exits_with_2_says_where_and_writes_nothing(village):
    (village / "village.yaml").write_text(
        SMALL.replace("place: school", "place: shool")
    )
    done = muster("run", "village.yaml", cwd=village)
    assert done.returncode == 2
    assert done.stderr == (
        "village.yaml:11:12: stations.KV1.place: no such place, found 'shool'; did you "
        "mean 'school'? allowed: school\n"
    )
    assert [p.name for p in village.iterdir()] == ["village.yaml"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["run", "vilage.yaml"], "vilage.yaml: no such scenario"),
        (["run", "village.yaml", "--plan", "bass"], "--plan bass: no such plan"),
        (["run", "village.yaml", "-n", "0"], "-n 0: replications must be from 1"),
        (["run", "village.yaml", "--workers", "0"], "--workers 0: must be from 1"),
        (["run", "village.yaml", "--seed", "-1"], "--seed -1: must be from 0"),
        (["run", "village.yaml", "--set", "officers"], "--set officers: "),
        (["run", "village.yaml", "--out", "village.yaml"], "--out village.yaml: "),
        (["run", "--again", "nothing.json"], "nothing.json: not a run.json"),
        (["schema", "scenari"], "did you mean 'scenario'?"),
        (["replay", "nothing.jsonl"], "nothing.jsonl: cannot be read"),
        (["new", "x", "--roads", "nothing.graphml"], "nothing.graphml"),
    ],
)
def test_every_wrong_option_has_one_clear_error_and_exit_code_2(village, words, text):
    done = muster(*words, cwd=village)
    assert done.returncode == 2, done.stdout
    assert text in done.stderr
    assert "Traceback" not in done.stderr
    assert [p.name for p in village.iterdir()] == ["village.yaml"]


def test_list_names_the_bundled_scenarios_and_their_plans(tmp_path):
    out = muster("list", cwd=tmp_path).stdout
    assert "khanh-thuong: Khánh Thượng" in out
    assert "--plan thin" in out


def test_check_finds_what_will_not_work_with_its_cure(tmp_path):
    done = muster("check", "khanh-thuong", cwd=tmp_path)
    assert "Plan base: 0 finding(s)" in done.stdout
    assert "stations.KV1.stages.booth: overloaded: 1.10 times" in done.stdout
    assert "Cure: at least 10 servers with their officers" in done.stdout
    assert muster("check", "khanh-thuong", "--strict", cwd=tmp_path).returncode == 3


def test_describe_tells_who_what_and_when(tmp_path):
    out = muster("describe", "khanh-thuong", cwd=tmp_path).stdout
    for part in ("## Polling stations", "## Forces", "## The script", "## Duties"):
        assert part in out
    assert "08:20 S3: Fire at the school of area 4" in out


def test_schema_and_measures_are_json_for_machines(tmp_path):
    schema = json.loads(muster("schema", cwd=tmp_path).stdout)
    assert "stations" in schema["properties"]
    assert (
        "stations"
        in json.loads(muster("schema", "plan", cwd=tmp_path).stdout)["properties"]
    )
    measures = json.loads(muster("measures", "--json", cwd=tmp_path).stdout)
    assert measures["wait.within"]["unit"] == "share"
    assert "wait.within (share" in muster("measures", cwd=tmp_path).stdout


def test_interrupted_by_the_keyboard_it_exits_with_130_and_leaves_no_results(village):
    process = subprocess.Popen(
        [sys.executable, "-m", "muster", "run", "khanh-thuong", "-n", "5000"],
        cwd=village,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    time.sleep(6)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    # On a quick machine some days have been played by then, and are kept.
    kept = [p.name for p in village.glob("muster-out/*")]
    assert kept in ([], ["khanh-thuong-base.unfinished"])
    told = "the days played are kept in" if kept else "nothing was written"
    assert f"interrupted; {told}" in errors


def test_interrupted_it_says_that_nothing_was_written(village, monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    assert stopped_by(interrupted, village, monkeypatch) == 130
    assert "interrupted; nothing was written" in capsys.readouterr().err


def test_an_interrupt_that_comes_as_another_error_is_one(village, monkeypatch, capsys):
    def swallowed(*_, **__):
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise ValueError("an interrupt, amid a library") from None

    assert stopped_by(swallowed, village, monkeypatch) == 130
    assert capsys.readouterr().err.endswith("interrupted; nothing was written\n")


def stopped_by(run, village, monkeypatch):
    """Give the exit code of a run that comes to this."""
    import muster as door

    monkeypatch.chdir(village)
    monkeypatch.setattr("analysis.run.run", run)
    monkeypatch.setattr(sys, "argv", ["muster", "run", "village.yaml"])
    with pytest.raises(SystemExit) as stopped:
        door.main()
    return stopped.value.code
