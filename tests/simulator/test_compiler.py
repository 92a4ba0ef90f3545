# Machine code is kept where that is possible, and the simulator works where it is not.

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CODE = """
from simulator.stream import Chance, warm_up
warm_up(lambda: print("compiling"))
print(Chance(1, 2).uniforms("voter", "KV1", "arrival", 5).tolist())
"""


@pytest.fixture
def installed(tmp_path):
    folder = tmp_path / "installed"
    for package in ("scenarios", "simulator"):
        shutil.copytree(
            ROOT / package,
            folder / package,
            ignore=shutil.ignore_patterns("__pycache__", "library"),
        )
    return folder


def output(folder: Path, cache: str, **env: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", CODE],
        cwd=folder,
        env={
            **os.environ,
            "HOME": cache,
            "XDG_CACHE_HOME": cache,
            "PYTHONPATH": "",
            **env,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.splitlines()


def make_read_only(folder: Path) -> None:
    # Nobody can make a folder where a file is: this holds for root too.
    (folder / "simulator" / "__pycache__").write_text("")


def numbers() -> str:
    from simulator.stream import Chance

    return str(Chance(1, 2).uniforms("voter", "KV1", "arrival", 5).tolist())


def test_it_is_compiled_once_and_the_first_time_is_announced_once(installed):
    assert output(installed, "/dev/null") == ["compiling", numbers()]
    assert list((installed / "simulator" / "__pycache__").glob("*.nbi"))
    assert output(installed, "/dev/null") == [numbers()]


def test_installed_read_only_the_code_is_kept_in_the_users_cache(installed, tmp_path):
    make_read_only(installed)
    cache = tmp_path / "cache"
    assert output(installed, str(cache)) == ["compiling", numbers()]
    assert list(cache.rglob("*.nbi"))
    assert output(installed, str(cache)) == [numbers()]


def test_where_nothing_can_be_written_each_process_compiles(installed):
    make_read_only(installed)
    for _ in range(2):
        assert output(installed, "/dev/null") == ["compiling", numbers()]


def test_with_the_compiler_switched_off_the_numbers_are_the_same(installed):
    assert output(installed, "/dev/null", NUMBA_DISABLE_JIT="1") == [numbers()]


@pytest.mark.parametrize("command", ["list", "describe", "check"])
def test_commands_that_play_nothing_do_not_load_the_compiler(command):
    words = ["muster", command, *(["khanh-thuong"] if command != "list" else [])]
    code = (
        f"import sys; sys.argv = {words}\n"
        "import muster\n"
        "try: muster.main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "sys.exit('numba was loaded' if 'numba' in sys.modules else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr


def test_no_vector_library_takes_the_place_of_exp_and_log():
    code = (
        "import simulator.compiler, numba, os\n"
        "assert numba.config.DISABLE_INTEL_SVML\n"
        "assert not numba.config.USING_SVML"
    )
    env = {k: v for k, v in os.environ.items() if k != "NUMBA_DISABLE_INTEL_SVML"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, check=False, timeout=300
    )
    assert done.returncode == 0


def test_after_the_warm_up_a_day_compiles_nothing(tmp_path):
    code = (
        "from simulator.compiler import telling\n"
        "from simulator.stream import warm_up\n"
        "from simulator.world import World\n"
        "from scenarios.file.reader import load\n"
        "warm_up(lambda: print('compiling'))\n"
        "with telling(lambda: print('too late')):\n"
        "    World(load('khanh-thuong', plan='base')).finish()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.stdout == "compiling\n", done.stderr


def digest(cache: Path, **env: str) -> str:
    # Machine code is kept apart: it does not know under which setting it was made.
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulator.digest"],
        cwd=ROOT,
        env={**os.environ, "NUMBA_CACHE_DIR": str(cache), **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.deep
def test_with_bounds_checked_and_without_the_compiler_days_are_the_same(tmp_path):
    usual = digest(tmp_path / "usual")
    assert len(usual.split()) == 3
    assert digest(tmp_path / "checked", NUMBA_BOUNDSCHECK="1") == usual
    assert digest(tmp_path / "none", NUMBA_DISABLE_JIT="1") == usual


@pytest.mark.deep
def test_no_bound_is_broken_in_many_worlds(tmp_path):
    of_stations = ("laws/test_stations", "simulator/test_divert_oracle")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-m", "", "-q", "-x", "--no-header"),
            *("-p", "no:cacheprovider"),
            *(f"tests/{name}.py" for name in of_stations),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "NUMBA_BOUNDSCHECK": "1",
            "NUMBA_CACHE_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.deep
def test_bounds_are_checked_in_the_parts_of_a_loop_too(tmp_path):
    code = (
        "import numpy as np\n"
        "from simulator.compiler import compiled_loop, loop_part\n"
        "@loop_part\n"
        "def part(a, i): return a[i]\n"
        "@compiled_loop\n"
        "def loop(a): return part(a, 3)\n"
        "loop(np.zeros(3))\n"
    )
    script = tmp_path / "script.py"
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_BOUNDSCHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert "IndexError" in done.stderr
