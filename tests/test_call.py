# `--calls FILE` as a person types it.
# ruff: noqa: E501 - YAML in one line

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.test_muster import SMALL, muster

FORCE = """
agencies: {police: {}}
units:
  P1: {agency: police, skills: [order], base: school, shifts: [{from: "06:00", until: "20:00"}]}
incidents:
  brawl: {levels: [{needs: {order: 1}, on_scene: {law: exponential, mean: 9 min}}]}
calls: {types: {"BRAWL *": brawl}, time: "%d/%m/%Y %H:%M"}
"""
CALLS = "time,type,x,y\n23/05/2021 08:00,BRAWL 1,500,20\n24/05/2021 08:00,?,,\n"


@pytest.fixture
def village(tmp_path: Path) -> Path:
    (tmp_path / "village").mkdir()
    (tmp_path / "village/scenario.yaml").write_text(SMALL + FORCE)
    (tmp_path / "recorded.csv").write_text(CALLS)
    return tmp_path


def test_a_run_with_calls_keeps_them_and_is_repeated_without_the_first_files(village):
    done = muster(
        "run", "village", "--calls", "recorded.csv", "-n", 3, "--workers", 1,
        "--out", "one", cwd=village,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    run = json.loads((village / "one/run.json").read_text())
    assert run["calls"] == "recorded.csv"
    assert set(run["inputs"]) == {"scenario.yaml", "recorded.csv"}
    assert (village / "one/inputs/recorded.csv").read_text() == CALLS
    table = pd.read_csv(village / "one/tables/incidents-first.csv")
    row = table.iloc[0]
    assert (row["incident"], row["place"], row["units"]) == ("calls#1", "500,20", "P1")
    assert (row["reported"], row["clock"], len(table)) == (120.0, "08:00", 1)
    assert "1 of 2 rows of recorded.csv are replayed" in (
        village / "one/report.html"
    ).read_text(encoding="utf-8")
    (village / "recorded.csv").unlink()
    again = muster("run", "--again", "one", "--workers", 1, cwd=village)
    assert again.returncode == 0, again.stderr
    assert "tables are byte for byte those of the first run" in again.stdout
    kept = village / "one/inputs/recorded.csv"
    kept.write_text(CALLS.replace("08:00", "09:00"))
    changed = muster("run", "--again", "one", cwd=village)
    assert changed.returncode == 2
    assert "recorded.csv: has changed since the run" in changed.stderr


def test_a_run_is_repeated_only_with_calls_that_are_among_its_inputs(village):
    muster("run", "village", "-n", 1, "--workers", 1, "--out", "one", cwd=village)
    path = village / "one/run.json"
    run = json.loads(path.read_text())
    assert run["calls"] is None
    path.write_text(json.dumps({**run, "calls": "../../recorded.csv"}))
    done = muster("run", "--again", "one", cwd=village)
    assert done.returncode == 2
    assert "no input '../../recorded.csv'" in done.stderr


def test_a_file_with_bad_rows_exits_with_2_and_nothing_is_written(village):
    (village / "recorded.csv").write_text(CALLS.replace("BRAWL 1,500,20", "FIRE,,7"))
    done = muster("run", "village", "--calls", "recorded.csv", cwd=village)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "recorded.csv:2:18: type: fits none of calls.types, found 'FIRE'; allowed: "
        "BRAWL *",
        "recorded.csv:2:23: x: coordinates are needed, found nothing",
    ]
    assert sorted(p.name for p in village.iterdir()) == ["recorded.csv", "village"]


def test_check_and_describe_tell_what_is_replayed(village):
    for command, line in (
        ("check", "Calls: left out: 1 outside the scenario's clock"),
        ("describe", "- left out: 1 outside the scenario's clock"),
    ):
        done = muster(command, "village", "--calls", "recorded.csv", cwd=village)
        assert line in done.stdout.splitlines(), done.stderr


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["run", "village", "--calls", "none.csv"], "--calls none.csv: there is no"),
        (["check", "village", "--calls", "village"], "--calls village: is a folder"),
        (["run", "--again", "x", "--calls", "recorded.csv"], "has its own calls"),
    ],
)
def test_calls_that_cannot_be_read_are_told(village, words, text):
    done = muster(*words, cwd=village)
    assert done.returncode == 2
    assert text in done.stderr
