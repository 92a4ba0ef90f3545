# The same run by other ways: workers, a cluster, killed and gone on with.

import json
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise

import pytest

import muster
from analysis.precision import looks
from analysis.store import Store
from scenarios.file.reader import load
from scenarios.problem import ScenarioError
from tests.test_muster import ROOT, SMALL

DAYS = 200


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    path = tmp_path_factory.mktemp("village") / "village.yaml"
    path.write_text(SMALL)
    return load(str(path))


def tables(result):
    return {
        name: getattr(result, name).to_csv(index=False)
        for name in ("targets", "summary", "measures", "judgements")
    }


@pytest.fixture(scope="module")
def alone(village):
    return tables(muster.run(village, replications=DAYS, workers=1))


@pytest.fixture(scope="module")
def cluster():
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
    ) as local:
        yield local


def test_two_workers_give_the_tables_of_one(village, alone):
    assert tables(muster.run(village, replications=DAYS, workers=2)) == alone


def test_a_cluster_gives_the_tables_of_one_process(village, alone, cluster):
    address = cluster.scheduler_address
    result = muster.run(village, replications=DAYS, cluster=address)
    assert tables(result) == alone


def test_a_cluster_that_loses_a_worker_gives_the_same_tables(village, alone, cluster):
    killed = []

    def kill(done, total, note):
        if done > total / 2 and not killed:
            worker = next(iter(cluster.workers.values()))
            killed.append(worker.process.process.pid)
            os.kill(killed[0], signal.SIGKILL)

    address = cluster.scheduler_address
    result = muster.run(village, replications=DAYS, cluster=address, progress=kill)
    assert killed
    assert not result.experiment.failed
    assert tables(result) == alone


def test_a_cluster_with_other_versions_is_refused(village, cluster, monkeypatch):
    from analysis import cluster as place

    ours = {**place.versions(), "numpy": "0.0"}
    monkeypatch.setattr(place, "versions", lambda: ours)
    address = cluster.scheduler_address
    with pytest.raises(
        ScenarioError, match=r"would give other numbers: numpy \d.* there"
    ):
        muster.run(village, replications=2, cluster=address)


def test_a_worker_that_comes_later_with_other_versions_is_refused(
    village, cluster, monkeypatch
):
    from analysis import cluster as place

    ours = {**place.versions(), "numpy": "0.0"}
    monkeypatch.setattr(place.Cluster, "_refuse_strangers", lambda self: None)
    monkeypatch.setattr(place, "_versions_here", lambda: ours)
    told = r"--cluster tcp://.*: tcp://.* would give other numbers: numpy \d.* there"
    with pytest.raises(ScenarioError, match=told):
        muster.run(village, replications=2, cluster=cluster.scheduler_address)


def gone(village, stop):
    """Play on a cluster of its own, and stop what is given of it on the way."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
    ) as local:

        def progress(done, total, note):
            if done == 1:
                stop(local)

        with pytest.raises(ScenarioError) as caught:
            muster.run(
                village,
                replications=3000,
                cluster=local.scheduler_address,
                progress=progress,
            )
        where, _, text = str(caught.value).partition(": ")
        assert where == f"--cluster {local.scheduler_address}"
        return text


def test_a_scheduler_that_is_gone_is_one_clear_error(village, caplog, monkeypatch):
    monkeypatch.setattr("analysis.batch.LOOK", 0.2)
    monkeypatch.setattr("analysis.cluster.LONGEST_WAIT", 5.0)
    told = gone(village, lambda local: local.close())
    assert told.startswith("the scheduler is gone; start it again")
    assert "distributed.client" not in {record.name for record in caplog.records}


def test_workers_that_are_all_gone_are_not_waited_for_for_ever(village, monkeypatch):
    monkeypatch.setattr("analysis.batch.LOOK", 0.2)
    monkeypatch.setattr("analysis.cluster.LONGEST_WAIT", 3.0)
    told = gone(village, lambda local: local.scale(0))
    assert told == "has no workers, found none in 3 s; start one with: dask worker"


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense", "tcp://"])
def test_no_cluster_is_one_clear_error(village, address, monkeypatch):
    from analysis import cluster

    monkeypatch.setattr(cluster, "LONGEST_WAIT", 1.0)
    with pytest.raises(ScenarioError, match="no scheduler answers there") as caught:
        muster.run(village, replications=2, cluster=address)
    assert str(caught.value).startswith(f"--cluster {address}: ")


def test_a_cluster_that_was_refused_is_let_go_of_at_once():
    # Else it is closed when garbage is searched for: here as the next one begins.
    code = (
        "import gc, threading\n"
        "from analysis.cluster import Cluster\n"
        "from scenarios.problem import ScenarioError\n"
        "gc.disable()\n"
        "begin = threading.Thread.__init__\n"
        "def collect_and_begin(*given, **named):\n"
        "    gc.collect()\n"
        "    begin(*given, **named)\n"
        "threading.Thread.__init__ = collect_and_begin\n"
        "for _ in range(3):\n"
        "    try: Cluster('nonsense')\n"
        "    except ScenarioError: pass\n"
    )
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, cwd=ROOT, timeout=60, check=False, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_script_that_each_worker_would_run_again_is_told_so(tmp_path):
    (tmp_path / "village.yaml").write_text(SMALL)
    script = tmp_path / "script.py"
    script.write_text(
        "import muster\nmuster.run('village.yaml', replications=40, workers=2)\n"
    )
    done = subprocess.run(
        [sys.executable, script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
        check=False,
        capture_output=True,
        text=True,
    )
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert last.startswith("scenarios.problem.ScenarioError: muster: no worker could")
    assert "under if __name__ == '__main__':" in last


# ---- going on ---------------------------------------------------------------------


def command(folder, *words):
    return subprocess.Popen(
        [sys.executable, "-m", "muster", "run", "village.yaml", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        start_new_session=True,
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "village.yaml").write_text(SMALL)
    return tmp_path


def stopped(folder, number, words):
    """Start a run and stop it by a signal once some parts are there."""
    process = command(folder, *words)
    kept = folder / "out.unfinished"
    until = time.monotonic() + 120
    while len(list(kept.glob("*.parquet"))) < 3:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)
    os.killpg(process.pid, number)
    _, errors = process.communicate(timeout=60)
    return process.returncode, errors, kept


def finished(folder, words):
    process = command(folder, *words)
    out, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return out


WORDS = ("-n", "3000", "--out", "out")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_was_stopped_goes_on_and_gives_the_same_tables(folder, number):
    code, errors, kept = stopped(folder, number, WORDS)
    assert not (folder / "out").exists()
    if number == signal.SIGINT:
        assert code == 130
        told = "interrupted; the days played are kept in out.unfinished: the same "
        assert told in errors
        assert "Traceback" not in errors
        assert "leaked" not in errors
    before = Store(kept, json.loads((kept / "run.json").read_text())).load()
    assert 0 < len(before) < 3000
    finished(folder, WORDS)
    assert not kept.exists()
    finished(folder, ("-n", "3000", "--out", "whole", "--workers", "1"))
    for path in sorted((folder / "whole" / "tables").iterdir()):
        there = folder / "out" / "tables" / path.name
        assert there.read_bytes() == path.read_bytes(), path.name


def test_more_days_go_on_from_fewer_and_another_run_is_refused(folder):
    _, _, kept = stopped(folder, signal.SIGKILL, WORDS)
    process = command(folder, "-n", "3100", "--out", "out", "--seed", "9")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "another run was stopped here, and differs: seed was 1, is 9" in errors
    assert kept.exists()
    assert not (folder / "out").exists()
    finished(folder, ("-n", "40", "--out", "out", "--seed", "9", "--fresh"))
    assert json.loads((folder / "out" / "run.json").read_text())["seed"] == 9
    assert not kept.exists()


# ---- until it is precise enough -----------------------------------------------------


def test_it_stops_where_the_interval_is_narrow_whatever_the_workers(village):
    asked = "wait.mean within 5 s"
    notes = []
    one = muster.run(
        village,
        replications=3000,
        workers=1,
        until=asked,
        progress=lambda done, total, note: notes.append(note),
    )
    two = muster.run(village, replications=3000, workers=2, until=asked)
    assert tables(one) == tables(two)
    days = len(one.experiment.replications)
    assert 30 <= days < 3000
    row = one.summary.set_index(["measure", "subject"]).loc["wait.mean", "overall"]
    assert (row["high"] - row["low"]) / 2 <= 5 / 60
    assert notes[0] == ""
    if days > 30:
        assert notes[-1].startswith("wait.mean of overall: ")


def test_it_stops_at_the_number_when_it_is_never_precise(village):
    result = muster.run(village, replications=40, until="wait.mean within 0.001 s")
    assert len(result.experiment.replications) == 40


@pytest.fixture
def day_3_fails(monkeypatch):
    from analysis.replication import Task

    play = Task.replicate

    def replicate(task, number):
        if number == 3:
            raise RuntimeError("no such day")
        return play(task, number)

    monkeypatch.setattr(Task, "replicate", replicate)


@pytest.mark.usefixtures("day_3_fails")
def test_a_day_that_cannot_be_played_is_named(village):
    result = muster.run(village, replications=5, workers=1)
    assert [f.number for f in result.experiment.failed] == [3]
    assert len(result.experiment.replications) == 4


@pytest.mark.usefixtures("day_3_fails")
def test_each_day_is_counted_once_also_one_that_cannot_be_played(village):
    told = []
    muster.run(
        village,
        replications=45,
        workers=1,
        until="wait.mean within 0.001 s",
        progress=lambda done, total, note: told.append((total, done)),
    )
    assert told == sorted(told)
    for before, total in pairwise((0, *looks(45))):
        counts = [done for of, done in told if of == total]
        assert (counts[0], counts[-1]) == (before, total)


def test_a_run_of_which_nothing_can_be_played_says_so(village, monkeypatch):
    from analysis.replication import Task

    def replicate(task, number):
        raise RuntimeError("no such day")

    monkeypatch.setattr(Task, "replicate", replicate)
    with pytest.raises(
        ScenarioError, match="no day could be played; replication 0: Run"
    ):
        muster.run(village, replications=5, workers=1)
