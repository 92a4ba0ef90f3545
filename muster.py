"""Muster: play a day that can go wrong, thousands of times, under each staffing plan.

>>> import muster
>>> scenario = muster.load("khanh-thuong")
>>> result = muster.run(scenario, replications=3, workers=1)
>>> result.targets["verdict"].unique().tolist()
['undecided']

`load` reads a scenario, `run` plays it and gives a `Result` with pandas tables,
`replay` repeats an exercise from its journal. Everything else is in the packages
`scenarios`, `simulator`, `analysis` and `exercise`.
"""

import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rich.console import Console

    from analysis.attribution import Attribution
    from analysis.calibrate import Calibration
    from analysis.comparison import Comparison
    from analysis.experiment import Progress
    from analysis.result import Result
    from analysis.sensitivity.result import Sensitivity
    from analysis.sensitivity.sweep import Sweep
    from analysis.staff import Effort, Staffing
    from analysis.store import Store
    from exercise.journal import replay
    from scenarios.check.finding import Finding
    from scenarios.file.reader import load
    from scenarios.problem import ScenarioError
    from scenarios.scenario import Scenario
    from simulator.policy import Policy
    from simulator.world import World

__all__ = [
    "ScenarioError",
    "World",
    "attribute",
    "compare",
    "load",
    "main",
    "replay",
    "run",
    "sensitivity",
    "staff",
    "sweep",
]

# Imported when first asked for, so that `muster --help` answers at once.
_LAZY = {
    "load": "scenarios.file.reader",
    "ScenarioError": "scenarios.problem",
    "World": "simulator.world",
    "replay": "exercise.journal",
}


def __getattr__(name: str) -> object:
    if name in _LAZY:
        from importlib import import_module

        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'muster' has no attribute {name!r}")


def run(
    scenario: "Scenario | str | Path",
    plan: str = "base",
    *,
    seed: int = 1,
    replications: int = 100,
    workers: int | None = None,
    progress: "Progress | None" = None,
    policy: "Policy | None" = None,
    until: str | None = None,
    store: "Store | None" = None,
    cluster: str | None = None,
) -> "Result":
    """Play a scenario under a plan many times.

    Parameters
    ----------
    scenario
        As loaded, or a path, or the name of a bundled one.
    plan
        Name of one of its plans.
    seed
        With the number of each replication it fixes every chance event.
    replications
        How many days are played; with `until`, how many at most.
    workers
        Processes; default: one for each core. The result does not depend on it.
    progress
        Called with replications done and in all, and how precise it is by now.
    policy
        A dispatch policy of your own in place of the one the plan names: a function
        of a call, the candidates and a view (see `simulator.policy`).
    until
        Stop once the interval of a mean is so narrow, such as ``response.p90 of fire
        within 1 min``; looked at after fixed numbers of days.
    store
        Where what has been played is kept until the run is finished.
    cluster
        Address of a Dask scheduler, in place of processes here.

    Returns
    -------
    Result
        With `targets`, `summary`, `measures` and `judgements` as pandas tables, and
        `write(folder)`.

    Raises
    ------
    ScenarioError
        With everything that is wrong.
    """
    from analysis.experiment import no_such_plan, run_experiment
    from analysis.precision import Precision
    from analysis.result import Result
    from scenarios.file.reader import load
    from scenarios.scenario import Scenario

    if not isinstance(scenario, Scenario):
        scenario = load(scenario)
    if plan not in scenario.plans:
        raise no_such_plan(scenario, plan)
    setting = scenario.plans[plan].setting
    experiment = run_experiment(
        scenario,
        plan,
        seed=seed,
        replications=replications,
        workers=workers,
        progress=progress,
        policy=policy,
        until=None if until is None else Precision.of(until, setting),
        store=store,
        cluster=cluster,
    )
    return Result(experiment=experiment)


def compare(
    scenarios: "Scenario | str | Path | Sequence[Scenario | str | Path]",
    plans: "Sequence[str]" = (),
    **chosen: Any,
) -> "Comparison":
    """Play plans of one scenario or several on common chance, and compare them.

    Parameters
    ----------
    scenarios
        One or several, as loaded, or paths, or names of bundled ones.
    plans
        Names of plans; default: all. The first is the baseline.
    **chosen
        baseline, measure, seed, replications, workers, progress, cluster: see
        `analysis.comparison.compare`.

    Returns
    -------
    Comparison
        With `differences`, `targets`, `stations`, `day`, `matrix` and `pareto` as
        pandas tables, and `write(folder)`.

    Raises
    ------
    ScenarioError
        With everything that is wrong.
    """
    from analysis.comparison import compare as compare_scenarios
    from scenarios.file.reader import load
    from scenarios.scenario import Scenario

    if isinstance(scenarios, Scenario | str | Path):
        scenarios = [scenarios]
    loaded = [s if isinstance(s, Scenario) else load(s) for s in scenarios]
    return compare_scenarios(loaded, plans, **chosen)


def attribute(
    scenario: "Scenario | str | Path", plan: str = "base", **chosen: Any
) -> "Attribution":
    """Play the same days as scripted, without each inject, and without all.

    Parameters
    ----------
    scenario
        As loaded, or a path, or the name of a bundled one.
    plan
        Name of one of its plans.
    **chosen
        seed, replications, workers, progress, cluster: see
        `analysis.attribution.attribute`.

    Returns
    -------
    Attribution
        With `effects`, `targets` and `interaction` as pandas tables, and
        `write(folder)`.

    Raises
    ------
    ScenarioError
        With everything that is wrong.
    """
    from analysis.attribution import attribute as attribute_days
    from scenarios.file.reader import load
    from scenarios.scenario import Scenario

    if not isinstance(scenario, Scenario):
        scenario = load(scenario)
    return attribute_days(scenario, plan, **chosen)


def staff(
    scenario: "Scenario | str | Path",
    plan: str = "base",
    *,
    seed: int = 1,
    effort: "Effort | None" = None,
    workers: int | None = None,
    cluster: str | None = None,
    progress: "Progress | None" = None,
) -> "Staffing":
    """Find the cheapest plan that meets every target of a scenario.

    Parameters
    ----------
    scenario
        As loaded, or a path, or the name of a bundled one; its section ``staffing``
        says what may vary.
    plan
        The plan from which the search starts.
    seed
        With the number of each replication it fixes every chance event.
    effort
        Replications and plans that may be tried, see `analysis.staff.Effort`.
    workers
        Processes; default: one for each core. The result does not depend on it.
    cluster
        Address of a Dask scheduler, in place of processes here.
    progress
        Called with replications spent, how many at most, and how it stands.

    Returns
    -------
    Staffing
        With `winner`, `verdicts`, `neighbours`; `analysis.staff.table.tables` gives
        pandas tables, `analysis.staff.result.write` a folder.

    Raises
    ------
    ScenarioError
        When nothing may vary, a value cannot stand, or a day cannot be played.
    """
    from analysis.staff import find_plan
    from scenarios.file.reader import load
    from scenarios.scenario import Scenario

    if not isinstance(scenario, Scenario):
        scenario = load(scenario)
    return find_plan(
        scenario,
        plan,
        seed=seed,
        effort=effort,
        workers=workers,
        cluster=cluster,
        tell=progress,
    )


def sensitivity(
    scenario: "Scenario | str | Path", plan: str = "base", **chosen: Any
) -> "Sensitivity":
    """Find which input moves which measure, and where targets break.

    Parameters
    ----------
    scenario
        As loaded, or a path, or the name of a bundled one.
    plan
        Name of one of its plans.
    **chosen
        vary, measures, seed, replications, sobol, point_days, workers, progress,
        cluster: see `analysis.sensitivity.result.sensitivity`.

    Returns
    -------
    Sensitivity
        With `tornado`, `sobol` and `breakeven` as pandas tables, and `write(folder)`.

    Raises
    ------
    ScenarioError
        With everything that is wrong.
    """
    from analysis.sensitivity.result import sensitivity as study

    return study(_loaded(scenario), plan, **chosen)


def sweep(
    scenario: "Scenario | str | Path", plan: str = "base", **chosen: Any
) -> "Sweep":
    """Play a plan at every point of a grid over some inputs, on the same days.

    Parameters
    ----------
    scenario
        As loaded, or a path, or the name of a bundled one.
    plan
        Name of one of its plans.
    **chosen
        vary, such as ``["stations.*.registered=-20%..+20%:5"]``; seed, replications,
        workers, progress, cluster: see `analysis.sensitivity.sweep.sweep`.

    Returns
    -------
    Sweep
        With `grid`, `targets` and `summary` as pandas tables, and `write(folder)`.

    Raises
    ------
    ScenarioError
        With everything that is wrong.
    """
    from analysis.sensitivity.sweep import sweep as play_sweep

    return play_sweep(_loaded(scenario), plan, **chosen)


def _loaded(scenario: "Scenario | str | Path") -> "Scenario":
    from scenarios.file.reader import load
    from scenarios.scenario import Scenario

    return scenario if isinstance(scenario, Scenario) else load(scenario)


# ---- the command line ------------------------------------------------------------

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Play a day that can go wrong, thousands of times, under each staffing plan.",
)
MOST_UNTIL = 10_000
PlanOption = Annotated[str, typer.Option("--plan", help="Which plan")]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="Change one value: stations.KV1.officers=9; may be given again"
    ),
]
CallsOption = Annotated[
    Path | None,
    typer.Option("--calls", help="Replay the recorded incidents of this CSV file"),
]
JsonOption = Annotated[
    bool,
    typer.Option("--json", help="One JSON object on standard output, nothing else"),
]
SeedOption = Annotated[int, typer.Option(help="Fixes every chance event")]
WorkersOption = Annotated[
    int | None, typer.Option(help="Processes; default: one for each core")
]
ClusterOption = Annotated[
    str | None, typer.Option(help="Play on this Dask cluster: tcp://HOST:PORT")
]
FreshOption = Annotated[
    bool, typer.Option("--fresh", help="Throw away what an unfinished run has left")
]
VaryOption = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        help="An input and its range: stations.*.registered=-20%..+20%, for a sweep "
        "with :5 points; may be given again",
    ),
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="Exit code 3 unless all is well")
]


@app.command("run")
def run_command(
    scenario: Annotated[
        str | None, typer.Argument(help="A bundled scenario, a folder or a file")
    ] = None,
    plan: PlanOption = "base",
    seed: SeedOption = 1,
    replications: Annotated[
        int | None,
        typer.Option(
            "-n",
            "--replications",
            help="Days to play, default 100; with --until at most",
        ),
    ] = None,
    workers: WorkersOption = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the results; default muster-out/SCENARIO-PLAN"),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            help="Stop once a mean is so precise: 'response.p90 of fire within 1 min'"
        ),
    ] = None,
    cluster: ClusterOption = None,
    fresh: FreshOption = False,
    vary: VaryOption = None,
    set_: SetOption = None,
    calls: CallsOption = None,
    again: Annotated[
        Path | None, typer.Option(help="Repeat the run that wrote this run.json")
    ] = None,
    json: JsonOption = False,
    strict: StrictOption = False,
) -> None:
    """Play a scenario many times; say which targets hold, and what breaks first."""
    if again is not None and calls is not None:
        raise typer.BadParameter("--again has its own calls; leave --calls out")
    if cluster is None and 1 not in (workers, replications):
        from analysis.forkserver import start

        start()
    if again is not None:
        _run_again(again, scenario, workers, out, json=json, fresh=fresh)
        return
    if scenario is None:
        raise typer.BadParameter("name a scenario, such as: muster run khanh-thuong")
    from scenarios.file.reader import load

    loaded = load(scenario, changes=tuple(set_ or ()), plan=plan, calls=calls)
    chosen: dict[str, Any] = {"workers": workers, "cluster": cluster, "until": until}
    chosen["replications"] = _days(replications, until)
    if vary:
        chosen |= {"vary": tuple(vary), "seed": seed}
        good = _run_sweep(loaded, plan, out, json=json, fresh=fresh, **chosen)
    else:
        folder = out or Path("muster-out") / f"{loaded.name}-{plan}"
        shown = not json
        result = _play(loaded, plan, seed, folder, show=shown, fresh=fresh, **chosen)
        good = _told(result, folder, json=json)
    if strict and not good:
        raise typer.Exit(3)


def _told(result: "Result", folder: Path, *, json: bool) -> bool:
    """Show a result; say whether every target is met."""
    if json:
        _print_json(result.json(folder))
    else:
        _print_result(result, folder)
    if result.experiment.failed:
        raise typer.Exit(1)
    return bool((result.targets["verdict"] == "met").all())


def _run_sweep(
    scenario: "Scenario",
    plan: str,
    out: Path | None,
    *,
    json: bool,
    fresh: bool,
    until: str | None,
    **chosen: Any,
) -> bool:
    """Play a grid over what ``--vary`` says; say whether all targets are met."""
    if until is not None:
        raise typer.BadParameter("a sweep plays -n days at each point; no --until")
    folder = out or Path("muster-out") / f"{scenario.name}-{plan}-sweep"
    played = _study(
        sweep, scenario, plan, folder=folder, show=not json, fresh=fresh, **chosen
    )
    if json:
        _print_json(played.json(folder))
    else:
        from analysis.sensitivity.grid import show_sweep

        show_sweep(played, folder, _console())
    return bool(played.holding())


def _days(replications: int | None, until: str | None) -> int:
    """Give how many days are played, at most."""
    if replications is not None:
        return replications
    return 100 if until is None else MOST_UNTIL


def _play(
    scenario: "Scenario",
    plan: str,
    seed: int,
    folder: Path,
    *,
    show: bool,
    fresh: bool,
    **chosen: Any,
) -> "Result":
    """Play and write; go on where an earlier run of the same kind was stopped."""
    from analysis.result import command_line, refuse_out
    from analysis.store import Store

    refuse_out(folder)
    store = Store.of(folder, scenario, plan, seed)
    if fresh:
        store.drop()
    with _progress(store.folder, show=show) as progress:
        _warm_up(show=show)
        result = run(
            scenario, plan, seed=seed, progress=progress, store=store, **chosen
        )
        result.write(folder, command=command_line())
    store.drop()
    return result


def _run_again(
    path: Path,
    scenario: str | None,
    workers: int | None,
    out: Path | None,
    *,
    json: bool,
    fresh: bool,
) -> None:
    """Repeat a run from its inputs, and compare table by table."""
    from analysis.result import RUN
    from analysis.result import again as read_again
    from scenarios.file.reader import load

    if scenario is not None:
        raise typer.BadParameter("--again names its own scenario; leave it out")
    before = read_again(path)
    loaded = load(
        _main_input(before),
        changes=tuple(before["set"]),
        plan=before["plan"],
        calls=before["calls"] and Path(before["folder"]) / before["calls"],
    )
    source = path if path.is_dir() else path.parent
    folder = out or source.with_name(f"{source.resolve().name}-again")
    result = _play(
        loaded,
        before["plan"],
        before["seed"],
        folder,
        show=not json,
        fresh=fresh,
        replications=before["replications"],
        workers=workers,
    )
    tables = read_again(folder / RUN)["tables"]
    differ = [name for name in tables if tables[name] != before["tables"].get(name)]
    if json:
        _print_json({**result.json(folder), "differ": differ})
    else:
        _print_result(result, folder)
        _print_compared(len(tables), differ, before["versions"])
    if differ:
        raise typer.Exit(3)


def _print_compared(tables: int, differ: list[str], before: dict[str, str]) -> None:
    """Say how many tables are those of the first run, and what may be why not."""
    from analysis.version import versions

    typer.echo(
        f"{tables - len(differ)} of {tables} tables are byte for byte "
        "those of the first run" + (f"; not {', '.join(differ)}" if differ else "")
    )
    changed = {k: v for k, v in versions().items() if before.get(k) != v}
    if differ and changed:
        typer.echo(f"versions differ: {changed}, then {before}")


def _main_input(before: dict[str, Any]) -> Path:
    """Give what to load again: the folder, or the single file."""
    folder, file = Path(before["folder"]), str(before["file"])
    return folder if file == "scenario.yaml" else folder / file


class _ManyPlans(TyperCommand):
    """Takes ``--plans a b c`` as ``--plans a,b,c``: all words up to the next option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Join the words before they are parsed."""
        joined: list[str] = []
        for word in args:
            if joined[-2:-1] == ["--plans"] and not word.startswith("-"):
                joined[-1] += f",{word}"
            else:
                joined.append(word)
        return super().parse_args(ctx, joined)


@app.command("compare", cls=_ManyPlans)
def compare_command(
    scenarios: Annotated[
        list[str], typer.Argument(help="Bundled scenarios, folders or files")
    ],
    plans: Annotated[
        str,
        typer.Option("--plans", help="Plans to compare: a b c; default: all"),
    ] = "",
    baseline: Annotated[
        str | None, typer.Option(help="Compare with this plan; default: the first")
    ] = None,
    measure: Annotated[
        str | None,
        typer.Option(help="Stands for service: wait.mean, 'response.p90 of brawl'"),
    ] = None,
    seed: SeedOption = 1,
    replications: Annotated[
        int, typer.Option("-n", "--replications", help="Days to play of each plan")
    ] = 100,
    workers: WorkersOption = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the results; default muster-out/compare-..."),
    ] = None,
    cluster: ClusterOption = None,
    fresh: FreshOption = False,
    set_: SetOption = None,
    calls: CallsOption = None,
    json: JsonOption = False,
    strict: StrictOption = False,
) -> None:
    """Compare plans on common chance: better, worse, or too close to call."""
    if cluster is None and 1 not in (workers, replications):
        from analysis.forkserver import start

        start()
    from analysis.comparison.console import show_comparison
    from scenarios.file.reader import load

    changes = tuple(set_ or ())
    loaded = [load(name, changes=changes, calls=calls) for name in scenarios]
    folder = out or Path("muster-out") / f"compare-{'-'.join(s.name for s in loaded)}"
    comparison = _study(
        compare,
        loaded,
        tuple(filter(None, plans.split(","))),
        folder=folder,
        show=not json,
        fresh=fresh,
        baseline=baseline,
        measure=measure,
        seed=seed,
        replications=replications,
        workers=workers,
        cluster=cluster,
    )
    if json:
        _print_json(comparison.json(folder))
    else:
        show_comparison(comparison, folder, _console())
    if comparison.failures():
        raise typer.Exit(1)
    if strict and not comparison.holding():
        raise typer.Exit(3)


@app.command("attribute")
def attribute_command(
    scenario: Annotated[
        str, typer.Argument(help="A bundled scenario, a folder or a file")
    ],
    plan: PlanOption = "base",
    seed: SeedOption = 1,
    replications: Annotated[
        int, typer.Option("-n", "--replications", help="Days to play of each")
    ] = 100,
    workers: WorkersOption = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the results; default muster-out/attribute-..."),
    ] = None,
    cluster: ClusterOption = None,
    fresh: FreshOption = False,
    set_: SetOption = None,
    calls: CallsOption = None,
    json: JsonOption = False,
    strict: StrictOption = False,
) -> None:
    """Play the same days without each inject: what each cost, and what it broke."""
    if cluster is None and 1 not in (workers, replications):
        from analysis.forkserver import start

        start()
    from analysis.attribution.console import show_attribution
    from scenarios.file.reader import load

    loaded = load(scenario, changes=tuple(set_ or ()), plan=plan, calls=calls)
    folder = out or Path("muster-out") / f"attribute-{loaded.name}-{plan}"
    attribution = _study(
        attribute,
        loaded,
        plan,
        folder=folder,
        show=not json,
        fresh=fresh,
        seed=seed,
        replications=replications,
        workers=workers,
        cluster=cluster,
    )
    if json:
        _print_json(attribution.json(folder))
    else:
        show_attribution(attribution, folder, _console())
    if attribution.failures():
        raise typer.Exit(1)
    if strict and not attribution.holding():
        raise typer.Exit(3)


def _study(
    play: "Callable[..., Any]",
    *given: Any,
    folder: Path,
    show: bool,
    fresh: bool,
    **chosen: Any,
) -> Any:
    """Play a study of many experiments and write it; go on where it was stopped."""
    import shutil

    from analysis.result import command_line, refuse_out

    refuse_out(folder)
    parts = folder.with_name(f"{folder.name}.unfinished")
    if fresh:
        shutil.rmtree(parts, ignore_errors=True)
    with _progress(parts, show=show) as progress:
        _warm_up(show=show)
        study = play(*given, progress=progress, parts=parts, **chosen)
        study.write(folder, command=command_line())
    shutil.rmtree(parts, ignore_errors=True)
    return study


@app.command("sensitivity")
def sensitivity_command(
    scenario: Annotated[
        str, typer.Argument(help="A bundled scenario, a folder or a file")
    ],
    vary: VaryOption = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(help="An outcome beside the targets: 'wait.p90 of KV1'"),
    ] = None,
    plan: PlanOption = "base",
    seed: SeedOption = 1,
    replications: Annotated[
        int, typer.Option("-n", "--replications", help="Days to play at each point")
    ] = 100,
    sobol: Annotated[
        int,
        typer.Option(
            help="Base size of the Sobol design, a power of 2; 0: none. It has so many "
            "points times (inputs + 2)"
        ),
    ] = 64,
    point_days: Annotated[
        int, typer.Option("--point-days", help="Days at each point of that design")
    ] = 10,
    workers: WorkersOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the results; default muster-out/SCENARIO-PLAN-sensitivity"
        ),
    ] = None,
    cluster: ClusterOption = None,
    fresh: FreshOption = False,
    set_: SetOption = None,
    calls: CallsOption = None,
    json: JsonOption = False,
    strict: StrictOption = False,
) -> None:
    """Say which input moves which measure, and at which value a target breaks."""
    if cluster is None and 1 not in (workers, replications):
        from analysis.forkserver import start

        start()
    from analysis.sensitivity.console import show_sensitivity
    from scenarios.file.reader import load

    loaded = load(scenario, changes=tuple(set_ or ()), plan=plan, calls=calls)
    folder = out or Path("muster-out") / f"{loaded.name}-{plan}-sensitivity"
    study = _study(
        sensitivity,
        loaded,
        plan,
        folder=folder,
        show=not json,
        fresh=fresh,
        vary=tuple(vary or ()),
        measures=tuple(measure or ()),
        seed=seed,
        replications=replications,
        sobol=sobol,
        point_days=point_days,
        workers=workers,
        cluster=cluster,
    )
    if json:
        _print_json(study.json(folder))
    else:
        show_sensitivity(study, folder, _console())
    if strict and not study.holding():
        raise typer.Exit(3)


@app.command("staff")
def staff_command(
    scenario: Annotated[
        str, typer.Argument(help="A bundled scenario, a folder or a file")
    ],
    plan: PlanOption = "base",
    seed: Annotated[int, typer.Option(help="Fixes every chance event")] = 1,
    budget: Annotated[
        int,
        typer.Option("-n", "--budget", help="Replications to spend in all, at most"),
    ] = 20_000,
    plans: Annotated[
        int, typer.Option("--tries", help="Plans that the search may look at")
    ] = 600,
    zone: Annotated[
        float | None,
        typer.Option(
            help="So much more of the days a plan must hold to be found surely; "
            "default: half of what is left to all days"
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes; default: one for each core")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the results; default muster-out/SCENARIO-staff"),
    ] = None,
    write: Annotated[
        str | None,
        typer.Option(help="Write the plan into the scenario, too, under this name"),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="With --write: over a plan that is there")
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option(help="Play on this Dask cluster: tcp://HOST:PORT"),
    ] = None,
    fresh: Annotated[
        bool,
        typer.Option("--fresh", help="Throw away what an unfinished search has left"),
    ] = False,
    set_: SetOption = None,
    calls: CallsOption = None,
    json: JsonOption = False,
    strict: StrictOption = False,
) -> None:
    """Find the cheapest plan that meets every target; say what a cheaper one breaks."""
    if cluster is None and workers != 1:
        from analysis.forkserver import start

        start()
    from analysis.result import command_line, refuse_out
    from analysis.staff import Effort, find_plan, refuse_effort
    from analysis.staff.kept import Kept
    from analysis.staff.result import json_of, refuse_plan, write_plan
    from analysis.staff.result import write as write_staffing
    from scenarios.file.reader import load

    effort = Effort(budget=budget, plans=plans, zone=zone)
    refuse_effort(effort, seed, workers)
    loaded = load(scenario, changes=tuple(set_ or ()), plan=plan, calls=calls)
    folder = out or Path("muster-out") / f"{loaded.name}-staff"
    refuse_out(folder)
    path = None if write is None else refuse_plan(loaded, write, force=force)
    kept = Kept(folder, loaded, plan, seed)
    if fresh:
        kept.drop()
    with _progress(kept.folder, show=not json, title="playing days, at most") as tell:
        _warm_up(show=not json)
        staffing = find_plan(
            loaded,
            plan,
            seed=seed,
            effort=effort,
            workers=workers,
            cluster=cluster,
            tell=tell,
            kept=kept,
        )
        write_staffing(staffing, folder, command=command_line())
    if path is not None and staffing.winner is not None:
        write_plan(staffing, path)
    kept.drop()
    if json:
        _print_json(json_of(staffing, folder))
    else:
        _print_staffing(staffing, folder, path)
    if strict and staffing.winner is None:
        raise typer.Exit(3)


def _print_staffing(staffing: "Staffing", folder: Path, path: Path | None) -> None:
    from rich.console import Console

    from analysis.staff.console import show_staffing

    width = None if sys.stdout.isatty() else 120
    console = Console(width=width, markup=False, emoji=False)
    show_staffing(staffing, folder, console)
    if path is not None and staffing.winner is not None:
        plan, source = path.stem, staffing.scenario.path
        days, seed = staffing.days, staffing.seed
        typer.echo(f"Wrote {path}. The same days, in full:")
        typer.echo(f"  muster run {source} --plan {plan} --seed {seed} -n {days}")


@app.command("list")
def list_command(json: JsonOption = False) -> None:
    """List the bundled scenarios and their plans."""
    from scenarios.file.reader import bundled, load

    found = [load(path) for path in bundled().values()]
    if json:
        _print_json({s.name: {n: p.title for n, p in s.plans.items()} for s in found})
        return
    for scenario in found:
        typer.echo(f"{scenario.name}: {scenario.setting.title}")
        for name, plan in scenario.plans.items():
            typer.echo(f"  --plan {name:<10} {plan.title}")


@app.command("check")
def check_command(
    path: Annotated[str, typer.Argument(help="A bundled scenario, a folder or a file")],
    plan: Annotated[
        str | None, typer.Option("--plan", help="One plan only; default: all")
    ] = None,
    set_: SetOption = None,
    calls: CallsOption = None,
    json: JsonOption = False,
    strict: StrictOption = False,
) -> None:
    """Check a scenario: errors, and what will not work, with its cure."""
    from scenarios.check import check_text
    from scenarios.file.reader import load
    from simulator.check import check_world

    scenario = load(path, changes=tuple(set_ or ()), plan=plan, calls=calls)
    findings = {
        name: [*check_text(scenario, name), *check_world(scenario, name)]
        for name in scenario.plans
    }
    if json:
        _print_json(
            {
                name: [{"path": f.path, "text": f.text, "cure": f.cure} for f in found]
                for name, found in findings.items()
            }
        )
    else:
        _print_findings(scenario, findings)
    if strict and any(findings.values()):
        raise typer.Exit(3)


def _print_findings(
    scenario: "Scenario", findings: "Mapping[str, Sequence[Finding]]"
) -> None:
    typer.echo(f"{scenario.name}: sound. Roads:")
    for line in scenario.road_report.lines():
        typer.echo(f"  {line}")
    for line in scenario.recorded.lines():
        typer.echo(f"Calls: {line}")
    for name, found in findings.items():
        typer.echo(f"Plan {name}: {len(found)} finding(s)")
        for finding in found:
            typer.echo(f"  {finding}")


@app.command("describe")
def describe_command(
    path: Annotated[str, typer.Argument(help="A bundled scenario, a folder or a file")],
    plan: PlanOption = "base",
    set_: SetOption = None,
    calls: CallsOption = None,
) -> None:
    """Tell a scenario in plain language: who, what, when."""
    from scenarios.describe import describe
    from scenarios.file.reader import load

    scenario = load(path, changes=tuple(set_ or ()), plan=plan, calls=calls)
    typer.echo(describe(scenario, plan))


@app.command("schema")
def schema_command(
    kind: Annotated[str, typer.Argument(help="scenario or plan")] = "scenario",
) -> None:
    """Print the JSON Schema of scenario or plan files, for editors."""
    from scenarios.plan import PlanFile
    from scenarios.problem import allowed, fail
    from scenarios.quantity import Model
    from scenarios.scenario import Setting

    models: dict[str, type[Model]] = {"scenario": Setting, "plan": PlanFile}
    if kind not in models:
        raise fail(f"schema {kind}", f"no such schema; {allowed(list(models), kind)}")
    _print_json(models[kind].model_json_schema(by_alias=True))


@app.command("measures")
def measures_command(json: JsonOption = False) -> None:
    """List the measures that targets can name, with their definitions."""
    from scenarios.measure import MEASURES

    if json:
        _print_json(
            {
                m.name: {
                    "unit": m.unit,
                    "populations": m.populations,
                    "better": m.better,
                    "text": m.text,
                }
                for m in MEASURES.values()
            }
        )
        return
    for measure in MEASURES.values():
        populations = ", ".join(
            p if p == "overall" else f"each {p}" for p in measure.populations
        )
        within = ", takes within" if measure.within else ""
        better = "" if measure.better == "neither" else f"; {measure.better} is better"
        typer.echo(f"{measure.name} ({measure.unit}; {populations}{within}{better})")
        typer.echo(f"    {measure.text}")


@app.command("tables")
def tables_command(json: JsonOption = False) -> None:
    """List the tables of results: every column, its unit, what it says."""
    from analysis.column import TABLES, dictionary

    if not json:
        typer.echo("\n".join(dictionary()))
        return
    _print_json(
        {
            name: {
                column: {"unit": what.unit, "text": what.text}
                for column, what in table.columns.items()
            }
            for name, table in TABLES.items()
        }
    )


calibrate = typer.Typer(
    no_args_is_help=True,
    help="Inputs of a scenario from what was observed, and what stays open of them.",
)
app.add_typer(calibrate, name="calibrate")
TableArgument = Annotated[Path, typer.Argument(help="A CSV file, with a header or not")]
ColumnOption = Annotated[
    list[str] | None,
    typer.Option("--column", help="What stands where: time=hour; again for others"),
]
WhereOption = Annotated[
    list[str] | None,
    typer.Option("--where", help="Which rows: COLUMN=VALUE, * stands for anything"),
]
YamlOption = Annotated[
    Path | None,
    typer.Option("--out", help="YAML file to write; default muster-out/KIND.yaml"),
]
StationOption = Annotated[
    str, typer.Option("--station", help="Whose stage it is, a name of the scenario")
]


@calibrate.command("arrivals")
def calibrate_arrivals_command(
    file: TableArgument,
    column: ColumnOption = None,
    where: WhereOption = None,
    opens: Annotated[str | None, typer.Option(help="07:00")] = None,
    closes: Annotated[str | None, typer.Option(help="19:00")] = None,
    lag: Annotated[
        str | None,
        typer.Option(
            help="From what was counted to the time printed: 0..30 min; that is the "
            "default for shares"
        ),
    ] = None,
    final: Annotated[
        float | None,
        typer.Option(help="What there was in all; default: the last reading"),
    ] = None,
    voters: Annotated[
        float | None, typer.Option(help="How many voters stand behind shares")
    ] = None,
    every: Annotated[
        str | None,
        typer.Option(help="A smooth curve with a point every 30 min; default: lines"),
    ] = None,
    station: Annotated[
        list[str] | None, typer.Option("--station", help="Whose; may be given again")
    ] = None,
    out: YamlOption = None,
    json: JsonOption = False,
) -> None:
    """Find an arrival profile from cumulative turnout or counts of each hour."""
    from analysis.calibrate import Given, Told, calibrate_arrivals

    given = Given(file, tuple(column or ()), tuple(where or ()))
    told = Told(
        opens=opens, closes=closes, lag=lag, final=final, voters=voters, every=every
    )
    found = calibrate_arrivals(given, told, tuple(station or ()))
    _give(found, out, json=json)


@calibrate.command("service")
def calibrate_service_command(
    file: TableArgument,
    column: ColumnOption = None,
    where: WhereOption = None,
    unit: Annotated[
        str | None, typer.Option(help="Observed times: what numbers count: s, min, h")
    ] = None,
    servers: Annotated[
        int | None, typer.Option(help="Lines and turnout: places that were open")
    ] = None,
    opens: Annotated[str, typer.Option(help="Lines: from when")] = "07:00",
    cv: Annotated[
        float | None, typer.Option(help="Lines: deviation over mean, where known")
    ] = None,
    station: StationOption = "",
    stage: Annotated[str, typer.Option(help="Which stage it is")] = "",
    seed: Annotated[int, typer.Option(help="Of the plays that judge the fit")] = 1,
    out: YamlOption = None,
    json: JsonOption = False,
) -> None:
    """Find a service time from observed times (--unit), or from lines (--servers)."""
    from analysis.calibrate import Given, Owner, calibrate_lines, calibrate_times

    if (unit is None) == (servers is None):
        raise typer.BadParameter(
            "give --unit for a column of observed times, or --servers for lines "
            "counted now and then, one of the two"
        )
    given = Given(file, tuple(column or ()), tuple(where or ()))
    at = Owner(station, stage)
    if servers is None:
        found = calibrate_times(given, unit=unit or "", at=at, seed=seed)
    else:
        found = calibrate_lines(
            given, servers=servers, opens=opens, cv=cv, at=at, seed=seed
        )
    _give(found, out, json=json)


@calibrate.command("incidents")
def calibrate_incidents_command(
    file: TableArgument,
    column: ColumnOption = None,
    where: WhereOption = None,
    type_: Annotated[
        list[str] | None,
        typer.Option("--type", help="What a type of the file is here: 'FIRE*=fire'"),
    ] = None,
    place: Annotated[
        list[str] | None,
        typer.Option("--place", help="Place of the scenario; may be given again"),
    ] = None,
    days: Annotated[
        int | None, typer.Option(help="On how many days the list was kept")
    ] = None,
    begin: Annotated[
        str | None, typer.Option("--from", help="First day it was kept: 2021-05-01")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Last day it was kept")] = None,
    every: Annotated[int, typer.Option(help="Minutes that share one rate")] = 60,
    out: YamlOption = None,
    json: JsonOption = False,
) -> None:
    """Find incident rates by type and hour from a list of calls."""
    from analysis.calibrate import Given, Kept, calibrate_incidents

    found = calibrate_incidents(
        Given(file, tuple(column or ()), tuple(where or ())),
        types=tuple(type_ or ()),
        places=tuple(place or ()),
        kept=Kept(days, begin, until),
        every=every,
    )
    _give(found, out, json=json)


def _give(found: "Calibration", out: Path | None, *, json: bool) -> None:
    """Write a calibration, and tell it."""
    files = found.write(out or Path("muster-out") / f"{found.kind}.yaml")
    if json:
        _print_json(found.json(files))
        return
    for line in found.summary:
        typer.echo(line)
    for note in found.notes:
        typer.echo(f"  - {note}")
    typer.echo(f"Wrote {', '.join(str(path) for path in files.values())}")


@app.command("new")
def new_command(
    target: Annotated[Path, typer.Argument(help="Folder to make")],
    roads: Annotated[
        Path,
        typer.Option(help="A road file: OSM, GraphML, GeoJSON, tables or YAML"),
    ],
    stations: Annotated[int, typer.Option(help="Polling stations")] = 8,
    units: Annotated[int, typer.Option(help="Units on patrol")] = 6,
) -> None:
    """Lay a complete, commented scenario on a road file of your own."""
    from scenarios.template import write_template

    folder, report = write_template(target, roads, stations=stations, units=units)
    typer.echo(f"Read {roads}:")
    for line in report.lines():
        typer.echo(f"  {line}")
    typer.echo(f"Wrote {folder}. Edit {folder / 'scenario.yaml'}, then:")
    typer.echo(f"  muster run {folder}")


@app.command("roads")
def roads_command(
    file: Annotated[
        str, typer.Argument(help="A road file, or a scenario, whose roads to show")
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="PNG file or folder for the map; default muster-out"),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="How to read it: roads.on_foot=true"),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Say what a road file holds, what was assumed and left out, and draw its map."""
    from analysis.figure.road import roads_figure, write_map
    from scenarios.road.file import read_road_file

    graph, report, _, _ = read_road_file(file, tuple(set_ or ()))
    picture = write_map(roads_figure(graph), out, file)
    if json:
        _print_json({**report.json(), "map": str(picture)})
        return
    for line in report.lines():
        typer.echo(line)
    typer.echo(f"Map: {picture}")


@app.command("replay")
def replay_command(
    journal: Annotated[Path, typer.Argument(help="A journal of orders (.jsonl)")],
    raw: Annotated[
        bool, typer.Option("--raw", help="The log as it is, every record of it")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Play an exercise again from its journal: tell the day, and each order's fate."""
    from exercise.journal import read_journal, replay, scenario_of
    from exercise.report import told

    read = read_journal(journal)
    scenario = scenario_of(read)
    _warm_up(show=not json)
    log, results = replay(read, scenario)
    if json:
        _print_json({"orders": results, "log": log.lines()})
        return
    if raw:
        lines = log.lines()
        lines += [f"order {n}: {result}" for n, result in enumerate(results, start=1)]
    else:
        lines = [*told(read, scenario, log, results)]
    for line in lines:
        typer.echo(line)


def _warm_up(*, show: bool) -> None:
    """Compile what is not compiled yet, and say so; it takes some seconds, once."""
    text = "First use: compiling the simulator for this computer, once ..."
    from simulator.stream import warm_up

    warm_up((lambda: typer.echo(text, err=True)) if show else (lambda: None))


def _leave_workers() -> None:
    """Leave at once when workers are still there: at its end Python waits for them.

    A worker that was stopped amid its start may never answer.
    """
    import multiprocessing

    workers = multiprocessing.active_children()
    for worker in workers:
        worker.kill()
    if workers:
        sys.stderr.flush()
        os._exit(130)


@contextmanager
def _interrupts_noted() -> "Iterator[Callable[[], None]]":
    """Raise an interrupt as ever; give what raises it again where it was swallowed."""
    heard: list[int] = []

    def note(number: int, _: object) -> None:
        heard.append(number)
        raise KeyboardInterrupt

    def raise_noted() -> None:
        if heard:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield raise_noted
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(
    kept: Path, *, show: bool, title: str = "playing days"
) -> "Iterator[Progress]":
    """Show a bar with time left on standard error, where there is somebody to see.

    An interrupt says where what has been played is kept.
    """
    from rich.console import Console

    from analysis.report.console import progress_bar

    bar = progress_bar(Console(stderr=True), show=show, title=title)
    try:
        with bar as tell, _interrupts_noted() as raise_noted:

            def told(done: int, total: int, note: str) -> None:
                raise_noted()  # a library may have swallowed it
                tell(done, total, note)

            yield told
    except KeyboardInterrupt:
        text = "nothing was written"
        if kept.exists():
            text = f"the days played are kept in {kept}: the same command goes on"
        typer.echo(f"interrupted; {text}", err=True)
        _leave_workers()
        raise typer.Exit(130) from None


def _console() -> "Console":
    """Give the console: as wide as the terminal, or wide enough to be read whole."""
    from rich.console import Console

    # A title is text, whatever brackets and colons it has.
    width = None if sys.stdout.isatty() else 120
    return Console(width=width, markup=False, emoji=False)


def _print_result(result: "Result", folder: Path) -> None:
    from analysis.report.console import show_result

    show_result(result, folder, _console())


def _print_json(data: Any) -> None:
    import json

    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False))
    sys.stdout.write("\n")


def main() -> None:
    """Run the command line.

    Exit codes: 0 done, 1 some day could not be played, 2 bad input, 3 not met (with
    --strict), 130 interrupted.
    """
    from scenarios.problem import ScenarioError

    # What interrupted workers leave is cleared away without a word about it.
    sys.warnoptions.append("ignore:resource_tracker:UserWarning")
    try:
        app()
    except ScenarioError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
