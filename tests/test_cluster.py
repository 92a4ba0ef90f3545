# Studies on a cluster that loses a worker: the tables of one process, to the last bit.

import os
import signal

import pytest
from distributed import LocalCluster

import muster
from analysis.staff import Effort
from tests.analysis.shop import SMALL
from tests.analysis.test_attribution import TEXT
from tests.analysis.test_comparison import SWAP, WORLD

WIDE = ("stations.*.registered=-10%..+10%:2",)
PLAYS = {
    "compare": lambda path, **where: muster.compare(
        path / "halls", ("base", "swap"), replications=12, **where
    ),
    "attribute": lambda path, **where: muster.attribute(
        path / "fire.yaml", replications=8, **where
    ),
    "sweep": lambda path, **where: muster.sweep(
        path / "halls", vary=WIDE, replications=8, **where
    ),
    "sensitivity": lambda path, **where: muster.sensitivity(
        path / "halls", vary=WIDE, replications=8, sobol=0, **where
    ),
    "staff": lambda path, **where: muster.staff(
        path / "day.yaml", effort=Effort(budget=500, plans=5), **where
    ),
}


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
    ) as local:
        yield local


@pytest.fixture
def worlds(tmp_path):
    (tmp_path / "halls" / "plans").mkdir(parents=True)
    (tmp_path / "halls" / "scenario.yaml").write_text(WORLD)
    (tmp_path / "halls" / "plans" / "swap.yaml").write_text(SWAP)
    (tmp_path / "fire.yaml").write_text(TEXT)
    (tmp_path / "day.yaml").write_text(SMALL)
    return tmp_path


@pytest.mark.parametrize("kind", PLAYS)
def test_a_study_on_a_cluster_that_loses_a_worker_gives_the_same_tables(
    kind, worlds, cluster
):
    killed = []

    def kill(done, total, note):
        if done > 2 and not killed:
            worker = next(iter(cluster.workers.values()))
            killed.append(worker.process.process.pid)
            os.kill(killed[0], signal.SIGKILL)

    address = cluster.scheduler_address
    PLAYS[kind](worlds, workers=1).write(worlds / "here")
    PLAYS[kind](worlds, cluster=address, progress=kill).write(worlds / "there")
    assert killed
    here = {p.name: p.read_bytes() for p in (worlds / "here" / "tables").iterdir()}
    there = {p.name: p.read_bytes() for p in (worlds / "there" / "tables").iterdir()}
    assert len(here) > 4
    assert [name for name in here if here[name] != there.get(name)] == []
