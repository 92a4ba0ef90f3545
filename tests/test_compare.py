# muster compare as a person types it.

import json

import pytest

from tests.analysis.test_comparison import DEAR, SWAP, WORLD
from tests.test_muster import muster


@pytest.fixture
def halls(tmp_path):
    folder = tmp_path / "halls"
    (folder / "plans").mkdir(parents=True)
    (folder / "scenario.yaml").write_text(WORLD)
    (folder / "plans" / "swap.yaml").write_text(SWAP)
    (folder / "plans" / "dear.yaml").write_text(DEAR)
    return tmp_path


def test_plans_are_named_with_spaces_or_commas(halls):
    one = muster(
        "compare", "halls", "--plans", "base", "swap", "-n", 30, "--workers", 1,
        cwd=halls,
    )  # fmt: skip
    assert one.returncode == 0, one.stderr
    out = " ".join(one.stdout.split())
    assert out.startswith("Exception: swap is better than base on average")
    assert "Only swap meets every target." in out
    assert "halls, 30 days of each plan, seed 1: against base" in out
    assert "Report: muster-out/compare-halls/report.html" in out
    assert (halls / "muster-out" / "compare-halls" / "tables" / "day.csv").is_file()
    two = muster(
        "compare", "halls", "--plans", "base,swap", "-n", 30, "--workers", 1, "--json",
        "--strict", cwd=halls,
    )  # fmt: skip
    assert two.returncode == 0, two.stderr
    data = json.loads(two.stdout)
    assert data["plans"] == ["base", "swap"]
    assert data["holding"] == ["swap"]
    assert [p.name for p in (halls / "muster-out").iterdir()] == ["compare-halls"]


def test_strict_exits_with_3_when_no_plan_meets_every_target(halls):
    done = muster(
        "compare", "halls", "--strict", "--plans", "base", "dear", "-n", 30,
        "--workers", 1, cwd=halls,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert (
        "No plan meets every target; most are met under base and dear (0 of 1;"
        in done.stdout
    )


def test_several_scenarios_give_a_matrix(halls):
    (halls / "halls").rename(halls / "small")
    text = WORLD.replace("registered: 150", "registered: 90")
    (halls / "calm").mkdir()
    (halls / "calm" / "scenario.yaml").write_text(text)
    (halls / "calm" / "plans").mkdir()
    (halls / "calm" / "plans" / "swap.yaml").write_text(SWAP)
    done = muster(
        "compare", "small", "calm", "-n", 4, "--workers", 1, "--out", "both", cwd=halls
    )
    assert done.returncode == 0, done.stderr
    assert "Plans by scenarios" in done.stdout
    assert "most regret" in " ".join(done.stdout.split())
    assert "Below 30 replications, as of these 4" in done.stdout
    page = (halls / "both" / "report.html").read_text()
    assert "Plans by scenarios</h2>" in page
    assert "dear" not in page  # only small has it
    assert (halls / "both" / "inputs" / "calm" / "scenario.yaml").is_file()


def test_what_is_wrong_exits_with_2_and_writes_nothing(halls):
    done = muster("compare", "halls", "--plans", "base", "swop", cwd=halls)
    assert done.returncode == 2
    assert "--plans swop: no such plan of halls; did you mean 'swap'?" in done.stderr
    assert not (halls / "muster-out").exists()


def test_the_same_command_tells_whether_the_tables_are_the_same(halls):
    words = ("--plans", "base", "swap", "-n", 2, "--workers", 1, "--out", "a b")
    words = ("compare", "halls", *words, "--measure", "wait.mean of KV1")
    first = muster(*words, cwd=halls)
    assert (first.returncode, "byte for byte" in first.stderr) == (0, False)
    run = json.loads((halls / "a b" / "run.json").read_text())
    assert run["command"].endswith("--out 'a b' --measure 'wait.mean of KV1'")
    again = muster(*words, cwd=halls)
    told = "13 of 13 tables are byte for byte those of the same command before"
    assert told in again.stderr
    other = muster(*words, "--seed", 2, cwd=halls)
    assert "byte for byte" not in other.stderr  # another command
    plan = halls / "halls" / "plans" / "swap.yaml"
    plan.write_text(plan.read_text().replace("servers: 2", "servers: 1"))
    changed = muster(*words, "--seed", 2, cwd=halls)
    assert "those of the same command before; not day.csv, " in changed.stderr
    refused = muster("run", "--again", "a b/run.json", cwd=halls)
    assert refused.returncode == 2
    assert "give its command again, which tells what differs: muster compare" in (
        refused.stderr
    )
