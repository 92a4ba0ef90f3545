# Locks on folders of results, taken by processes that end as they may.

import os
import signal
import subprocess
import sys

import pytest

from analysis.lock import locked
from scenarios.problem import ScenarioError
from tests.test_muster import ROOT

HOLD = (
    "import sys, time; from pathlib import Path; from analysis.lock import locked\n"
    "with locked(Path(sys.argv[1])):\n"
    "    print('held', flush=True)\n"
    "    time.sleep(600)\n"
)


def test_two_at_once_are_one_too_many_and_later_ones_are_not(tmp_path):
    out = tmp_path / "results" / "of" / "it"
    with locked(out):
        with pytest.raises(ScenarioError) as caught, locked(out):
            pass
        with locked(out.with_name("other")):
            pass
    assert str(caught.value) == (
        f"{out}: another run is at work there; wait for its end, or choose another "
        "--out"
    )
    assert list(tmp_path.iterdir()) == []  # nor does it leave empty folders
    with locked(out):
        (out.parent / "kept").touch()
    assert [path.name for path in out.parent.iterdir()] == ["kept"]


def test_who_is_killed_leaves_no_lock_behind(tmp_path):
    out = tmp_path / "out"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, out],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ScenarioError), locked(out):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait(60)
    with locked(out):
        pass
    assert list(tmp_path.iterdir()) == []


def test_an_error_lets_go_of_it(tmp_path):
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "out"):
        raise ZeroDivisionError
    with locked(tmp_path / "out"):
        pass
