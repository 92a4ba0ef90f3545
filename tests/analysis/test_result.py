import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import muster
from analysis.experiment import run_experiment
from analysis.interval import mean_interval, proportion_interval
from analysis.result import Result, again, refuse_out
from scenarios.file.reader import load
from scenarios.problem import ScenarioError
from simulator.log import Kind
from simulator.world import World

DAYS = 3


@pytest.fixture(scope="module")
def scenario():
    return load("khanh-thuong", plan="base")


@pytest.fixture(scope="module")
def result(scenario):
    return muster.run(scenario, replications=DAYS, workers=1)


@pytest.fixture(scope="module")
def folder(result, tmp_path_factory):
    return result.write(tmp_path_factory.mktemp("out") / "first", command="muster run")


def tables(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((folder / "tables").iterdir())}


def test_the_folder_holds_report_figures_tables_inputs_and_run(folder):
    assert {p.name for p in folder.iterdir()} == {
        "report.html",
        "figures",
        "tables",
        "inputs",
        "run.json",
    }
    assert {p.suffix for p in (folder / "figures").iterdir()} == {".png"}
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert run["replications"] == DAYS
    assert run["seed"] == 1
    assert set(run["inputs"]) >= {"scenario.yaml", "roads.yaml"}
    assert set(run["tables"]) == {p.name for p in (folder / "tables").iterdir()}
    assert {"muster", "numpy", "simpy", "python"} <= set(run["versions"])


def test_no_partial_folder_stays_behind(folder):
    assert [p.name for p in folder.parent.iterdir()] == ["first"]


def test_two_workers_and_a_second_run_give_byte_equal_tables(
    scenario, folder, tmp_path
):
    second = muster.run(scenario, replications=DAYS, workers=2).write(tmp_path / "two")
    assert tables(second) == tables(folder)


def test_another_seed_gives_other_tables(scenario, result):
    other = muster.run(scenario, replications=1, seed=2, workers=1)
    mine = result.measures.query("replication == 0 and measure == 'wait.mean'")
    theirs = other.measures.query("measure == 'wait.mean'")
    assert not np.array_equal(mine["value"], theirs["value"])


def test_a_run_is_repeated_from_its_inputs_alone(folder, tmp_path):
    moved = shutil.copytree(folder, tmp_path / "moved")
    before = again(moved / "run.json")
    loaded = load(before["folder"], changes=tuple(before["set"]), plan=before["plan"])
    repeated = muster.run(
        loaded, before["plan"], seed=before["seed"], replications=DAYS, workers=1
    ).write(tmp_path / "again")
    assert tables(repeated) == tables(folder)


def test_a_changed_or_missing_input_is_refused_by_name(folder, tmp_path):
    moved = shutil.copytree(folder, tmp_path / "moved")
    (moved / "inputs" / "roads.yaml").write_bytes(b"nodes: {}\n")
    with pytest.raises(ScenarioError, match=r"roads\.yaml: has changed since the run"):
        again(moved / "run.json")
    (moved / "inputs" / "roads.yaml").unlink()
    with pytest.raises(ScenarioError, match=r"roads\.yaml: is missing"):
        again(moved / "run.json")


def test_what_is_no_run_json_is_refused(tmp_path):
    (tmp_path / "run.json").write_text("[]")
    with pytest.raises(ScenarioError, match=r"not a run\.json"):
        again(tmp_path / "run.json")


def test_an_earlier_result_is_replaced_and_anything_else_is_refused(result, tmp_path):
    out = tmp_path / "out"
    result.write(out)
    (out / "stray.txt").write_text("old")
    result.write(out)
    assert not (out / "stray.txt").exists()
    other = tmp_path / "photos"
    other.mkdir()
    (other / "a.jpg").write_bytes(b"")
    with pytest.raises(ScenarioError, match="is not an earlier result"):
        refuse_out(other)
    assert [p.name for p in other.iterdir()] == ["a.jpg"]


@pytest.mark.parametrize("out", [".", "..", "a/..", "/"])
def test_results_need_a_folder_of_their_own(out):
    with pytest.raises(ScenarioError, match="is no name of a folder of its own"):
        refuse_out(Path(out))


def test_parquet_and_csv_tell_the_same(folder):
    for name in ("targets", "summary", "judgements"):
        parquet = pd.read_parquet(folder / "tables" / f"{name}.parquet")
        csv = pd.read_csv(folder / "tables" / f"{name}.csv", keep_default_na=True)
        assert list(parquet.columns) == list(csv.columns)
        assert len(parquet) == len(csv)


def test_below_30_days_there_is_neither_interval_nor_verdict(result):
    assert set(result.targets["verdict"]) == {"no verdict"}
    assert result.targets["low"].isna().all()
    assert result.summary["low"].isna().all()


def test_json_has_null_for_what_is_infinite_or_missing(result):
    text = json.dumps(result.json(), allow_nan=False)
    data = json.loads(text)
    assert {"targets", "measures", "scenario", "plan", "seed", "replications"} <= set(
        data
    )
    first = data["targets"][0]
    assert {"name", "verdict", "value", "interval", "worst"} <= set(first)
    assert first["interval"] is None


def test_the_grid_agrees_with_the_voter_table(result, folder):
    grid = pd.read_parquet(folder / "tables" / "grid.parquet")
    voters = pd.read_parquet(folder / "tables" / "voters-first.parquet")
    last = grid.query("replication == 0").groupby("station", observed=True).last()
    voted = voters.query("outcome == 'voted'").groupby("station").size()
    assert last["voted"].to_dict() == voted.to_dict()


def test_the_first_break_is_named_with_place_and_hour():
    thin = muster.run("khanh-thuong", "thin", replications=2, workers=1)
    assert thin.answer().startswith("First to break: guard (")
    assert "at guard-KV" in thin.answer()
    assert "typically at D-1 18:00" in thin.answer()


def test_numbers_out_of_range_are_refused(scenario):
    for wrong in (
        {"replications": 0},
        {"replications": 10**9},
        {"seed": -1},
        {"workers": 0},
        {"plan": "bass"},
    ):
        with pytest.raises(ScenarioError):
            run_experiment(scenario, **wrong)


def test_the_exact_interval_of_a_share_agrees_with_scipy():
    from scipy.stats import binomtest

    for k, n in ((0, 30), (27, 30), (97, 100), (100, 100), (500, 1000)):
        exact = binomtest(k, n).proportion_ci(0.95, method="exact")
        assert proportion_interval(k, n, 0.95) == pytest.approx(
            (exact.low, exact.high), abs=1e-12
        )


def test_the_interval_of_a_mean_agrees_with_scipy():
    from scipy.stats import t

    values = np.array([3.0, 5.0, 8.0, 9.0, 2.0])
    half = t.ppf(0.975, 4) * values.std(ddof=1) / np.sqrt(5)
    assert mean_interval(values, 0.95) == pytest.approx(
        (values.mean() - half, values.mean() + half)
    )


def test_intervals_cover_as_often_as_they_claim():
    # 2000 experiments of 40 days with a known share, and with a known mean.
    numbers = np.random.Generator(np.random.Philox(key=5))
    held = numbers.binomial(40, 0.9, size=2000)
    inside = [
        low <= 0.9 <= high
        for low, high in (proportion_interval(int(k), 40, 0.95) for k in held)
    ]
    assert np.mean(inside) >= 0.95
    means = numbers.normal(7.0, 2.0, size=(2000, 40))
    covered = [
        low <= 7.0 <= high for low, high in (mean_interval(m, 0.95) for m in means)
    ]
    assert 0.935 <= np.mean(covered) <= 0.965


def test_the_result_of_the_python_door_is_the_same_as_of_the_experiment(scenario):
    experiment = run_experiment(scenario, replications=2, workers=1)
    via_door = muster.run(scenario, replications=2, workers=1)
    pd.testing.assert_frame_equal(
        Result(experiment=experiment).summary, via_door.summary
    )


def test_the_table_of_standing_orders_says_on_which_days_and_when(tmp_path):
    scenario = load("khanh-thuong", plan="standing")
    played = muster.run(scenario, plan="standing", replications=DAYS, workers=1)
    folder = played.write(tmp_path / "out")
    found = pd.read_parquet(folder / "tables" / "orders.parquet")
    assert list(found["order"].unique()) == list(
        scenario.plans["standing"].setting.orders
    )
    row = found[found["order"] == "traffic-crowd"].iloc[0]
    logs = [
        World(scenario, "standing", 1, day).finish().of(Kind.STANDING)
        for day in range(DAYS)
    ]
    times = [[r.time for r in log if r.subject == "traffic-crowd"] for log in logs]
    assert [len(given) for given in times] == [1] * DAYS
    assert (row["days"], row["share"], row["times"]) == (DAYS, 1.0, 1.0)
    assert row["first"] == sorted(given[0] for given in times)[DAYS // 2]
    assert row["clock"] == scenario.clock.text(row["first"])
    assert found.set_index(["order", "station"]).loc[("desk", "KV2"), "days"] == sum(
        any((r.subject, r.details.get("station")) == ("desk", "KV2") for r in log)
        for log in logs
    )
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert 'id="orders"' in report
    assert 'href="#orders"' in report
    assert (
        "Standing order traffic-crowd, Traffic police for a crowd: the open" in report
    )
