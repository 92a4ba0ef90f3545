# The house: imports run one way, heavy libraries stay in their package, modules are
# named by the words of the design, functions stay short.

import ast
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ["scenarios", "simulator", "analysis", "exercise", "muster"]
ALONE = {"simpy": "simulator", "matplotlib": "analysis", "starlette": "exercise"}
# A module, or the package around it, is named by a word of DESIGN section 2, or by a
# noun of the house (sections 3 to 9).
WORDS = {
    *("scenario", "plan", "station", "officer", "voter", "force", "unit", "travel"),
    *("place", "incident", "script", "effect", "duty", "measure", "target", "order"),
    *("policy", "dispatch", "rule", "clock", "quantity", "distribution", "road"),
    *("world", "log", "stream", "tie", "check", "problem", "file", "template"),
    *("describe", "day", "experiment", "interval", "figure", "report", "table"),
    *("result", "why", "version", "journal", "muster", "call"),
    *("compiler", "philox", "quantile"),
    *("run", "replication", "batch", "worker", "cluster", "lock", "store"),
    *("precision", "study", "play", "regret"),
    *("condition", "standing", "interrupt", "forkserver", "ready"),
    *("stage", "column", "workbook", "calibrate", "load", "difference", "share"),
    *("pair", "comparison", "attribution", "folder", "moment", "staffing", "staff"),
    *("uncertain", "input", "sensitivity", "amount", "finding"),
}


def modules() -> list[Path]:
    found = [ROOT / "muster.py"]
    for package in ORDER[:-1]:
        found += sorted((ROOT / package).rglob("*.py"))
    return found


def package_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_one_way(path):
    own = ORDER.index(package_of(path))
    later = {name for name in imported(path) if name in ORDER[own + 1 :]}
    assert not later


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_simpy_matplotlib_and_the_web_stay_in_their_package(path):
    for library, package in ALONE.items():
        if library in imported(path):
            assert package_of(path) == package


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_no_module_uses_random_or_the_clock_of_the_computer(path):
    # How large a batch is goes by how long the last one took; no number depends on it.
    allowed = {"time"} if path.name == "worker.py" else set()
    assert imported(path) & {"random", "time"} <= allowed


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_each_module_is_found_under_a_word_of_the_design(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    noun = parts[1] if len(parts) > 1 else parts[0]
    assert noun == "__init__" or noun in WORDS


def test_the_median_function_is_under_ten_lines_and_the_longest_is_bounded():
    lengths = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                lengths[f"{path.name}:{node.name}"] = lines
    assert statistics.median(lengths.values()) < 10
    longest = max(lengths, key=lambda name: lengths[name])
    assert lengths[longest] <= 60, longest


def test_only_the_command_line_prints():
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "print"
        ]
        assert not calls, path


def test_no_module_holds_state_that_changes():
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not [n for n in ast.walk(tree) if isinstance(n, ast.Global)], path


def test_help_loads_nothing_heavy():
    code = (
        "import sys; sys.argv = ['muster', '--help']\n"
        "import muster\n"
        "try: muster.main()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy','pandas','scipy','networkx','matplotlib','simpy','pyarrow',"
        "'numba'}\n"
        "sys.exit(str(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) "
        "else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "muster" in done.stdout


def test_every_declared_name_has_its_function_and_no_other():
    from analysis.measure import FUNCTIONS
    from scenarios import condition, duty, effect, order, policy
    from scenarios.measure import MEASURES
    from simulator.condition import READINGS
    from simulator.dispatch.standby import STANDBYS
    from simulator.duty import DUTIES
    from simulator.effect import EFFECTS
    from simulator.order import ORDERS
    from simulator.policy import POLICIES

    assert set(FUNCTIONS) == set(MEASURES)
    assert set(EFFECTS) == set(effect.KINDS)
    assert set(DUTIES) == set(duty.KINDS)
    assert set(ORDERS) == set(order.KINDS)
    assert set(READINGS) == set(condition.READINGS)
    assert set(POLICIES) == set(policy.POLICIES)
    assert set(STANDBYS) == set(policy.STANDBYS)
