"""Muster: play a day that can go wrong, thousands of times, under each staffing plan.

>>> import muster
>>> scenario = muster.load("khanh-thuong")
>>> result = muster.run(scenario, replications=3, workers=1)
>>> result.targets["verdict"].unique().tolist()
['no verdict']

`load` reads a scenario, `run` plays it and gives a `Result` with pandas tables,
`replay` repeats an exercise from its journal. Everything else is in the packages
`scenarios`, `simulator`, `analysis` and `exercise`.
"""

import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rich.console import Console

    from analysis.attribution import attribute
    from analysis.calibrate import Calibration
    from analysis.comparison import compare
    from analysis.experiment import Progress
    from analysis.run import run
    from analysis.sensitivity.study import sensitivity
    from analysis.sensitivity.sweep import sweep
    from analysis.staff import find_plan as staff
    from exercise.journal import replay
    from scenarios.check.finding import Finding
    from scenarios.file.reader import load
    from scenarios.problem import ScenarioError
    from scenarios.scenario import Scenario
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
    "ScenarioError": "scenarios.problem.ScenarioError",
    "World": "simulator.world.World",
    "attribute": "analysis.attribution.attribute",
    "compare": "analysis.comparison.compare",
    "load": "scenarios.file.reader.load",
    "replay": "exercise.journal.replay",
    "run": "analysis.run.run",
    "sensitivity": "analysis.sensitivity.study.sensitivity",
    "staff": "analysis.staff.find_plan",
    "sweep": "analysis.sensitivity.sweep.sweep",
}


def __getattr__(name: str) -> object:
    if name in _LAZY:
        from importlib import import_module

        module, _, found = _LAZY[name].rpartition(".")
        return getattr(import_module(module), found)
    raise AttributeError(f"module 'muster' has no attribute {name!r}")


# ---- the command line ------------------------------------------------------------

INTERRUPTED = "interrupted; nothing was written"


class _Door(TyperGroup):
    """All commands; one that is interrupted says so."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        from simulator.interrupt import interrupted, interrupts_noted

        with interrupts_noted():
            try:
                return super().invoke(ctx)
            except typer.Exit:
                raise
            except (KeyboardInterrupt, Exception):
                if not interrupted():
                    raise
                typer.echo(INTERRUPTED, err=True)
                raise typer.Exit(130) from None


app = typer.Typer(
    cls=_Door,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Play a day that can go wrong, thousands of times, under each staffing plan.",
)
MOST_UNTIL = 10_000
ScenarioArgument = Annotated[
    str, typer.Argument(help="A bundled scenario, a folder or a file")
]
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
    _make_ready(cluster, workers, replications)
    if again is not None:
        _run_again(again, scenario, workers, out, json=json, fresh=fresh)
        return
    if scenario is None:
        raise typer.BadParameter("name a scenario, such as: muster run khanh-thuong")
    from scenarios.file.reader import load

    loaded = load(scenario, changes=tuple(set_ or ()), plan=plan, calls=calls)
    chosen: dict[str, Any] = {"seed": seed, "workers": workers, "cluster": cluster}
    chosen |= {"replications": _days(replications, until), "fresh": fresh}
    folder = out or Path("muster-out") / f"{loaded.name}-{plan}"
    if vary:
        _sweep(loaded, plan, out, vary, until, json=json, strict=strict, **chosen)
        return
    from analysis.report.console import show_result
    from analysis.run import run

    result = _study(
        run, loaded, plan, folder=folder, show=not json, until=until, **chosen
    )
    failed = bool(result.failures())
    _tell(result, folder, show_result, json=json, strict=strict, failed=failed)


def _sweep(
    scenario: "Scenario",
    plan: str,
    out: Path | None,
    vary: "Sequence[str]",
    until: str | None,
    *,
    json: bool,
    strict: bool,
    **chosen: Any,
) -> None:
    """Play a grid over what ``--vary`` says."""
    if until is not None:
        raise typer.BadParameter("a sweep plays -n days at each point; no --until")
    from analysis.sensitivity.grid import show_sweep
    from analysis.sensitivity.sweep import sweep

    folder = out or Path("muster-out") / f"{scenario.name}-{plan}-sweep"
    chosen |= {"vary": tuple(vary), "folder": folder, "show": not json}
    found = _study(sweep, scenario, plan, **chosen)
    failed = bool(found.failures())
    _tell(found, folder, show_sweep, json=json, strict=strict, failed=failed)


def _days(replications: int | None, until: str | None) -> int:
    """Give how many days are played, at most."""
    if replications is not None:
        return replications
    return 100 if until is None else MOST_UNTIL


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
    from analysis.report.console import show_result
    from analysis.result import again, differing, source_of
    from analysis.run import run
    from scenarios.file.reader import load

    if scenario is not None:
        raise typer.BadParameter("--again names its own scenario; leave it out")
    before = again(path)
    loaded = load(
        source_of(before),
        changes=tuple(before["set"]),
        plan=before["plan"],
        calls=before["calls"] and Path(before["folder"]) / before["calls"],
    )
    source = path if path.is_dir() else path.parent
    folder = out or source.with_name(f"{source.resolve().name}-again")
    chosen = {name: before[name] for name in ("seed", "replications")}
    chosen |= {"folder": folder, "show": not json, "fresh": fresh, "workers": workers}
    result = _study(run, loaded, before["plan"], **chosen)
    differ, text = differing(before, folder)
    if json:
        _print_json({**result.json(folder), "differ": differ})
    else:
        show_result(result, folder, _console())
        typer.echo(text)
    if differ:
        raise typer.Exit(3)


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
    _make_ready(cluster, workers, replications)
    from analysis.comparison import compare
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
    failed = bool(comparison.failures())
    _tell(comparison, folder, show_comparison, json=json, strict=strict, failed=failed)


@app.command("attribute")
def attribute_command(
    scenario: ScenarioArgument,
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
    _make_ready(cluster, workers, replications)
    from analysis.attribution import attribute
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
    failed = bool(attribution.failures())
    _tell(
        attribution, folder, show_attribution, json=json, strict=strict, failed=failed
    )


def _study(
    play: "Callable[..., Any]",
    *given: Any,
    folder: Path,
    show: bool,
    fresh: bool,
    title: str = "playing days",
    **chosen: Any,
) -> Any:
    """Play and write it; go on where the same command was stopped."""
    import shutil

    from analysis.lock import locked
    from analysis.result import command_line, earlier, refuse_out, repeated_text

    refuse_out(folder)
    parts = folder.with_name(f"{folder.name}.unfinished")
    with locked(folder):
        if fresh:
            shutil.rmtree(parts, ignore_errors=True)
        before = earlier(folder)
        with _progress(parts, show=show, title=title) as progress:
            _warm_up(show=show)
            study = play(*given, progress=progress, parts=parts, **chosen)
            study.write(folder, command=command_line())
        if text := repeated_text(before, folder):
            typer.echo(text, err=True)
        shutil.rmtree(parts, ignore_errors=True)
    return study


def _tell(
    study: Any,
    folder: Path,
    show: "Callable[[Any, Path, Console], None]",
    *,
    json: bool,
    strict: bool,
    failed: bool = False,
) -> None:
    """Show what came of it; leave with what the exit code says of it."""
    if json:
        _print_json(study.json(folder))
    else:
        show(study, folder, _console())
    if failed:
        raise typer.Exit(1)
    if strict and not study.holding():
        raise typer.Exit(3)


def _make_ready(cluster: str | None, *numbers: int | None) -> None:
    """Start what workers are copies of, where there will be any."""
    if cluster is None and 1 not in numbers:
        from analysis.forkserver import start

        start()


@app.command("sensitivity")
def sensitivity_command(
    scenario: ScenarioArgument,
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
    _make_ready(cluster, workers, replications)
    from analysis.sensitivity.console import show_sensitivity
    from analysis.sensitivity.study import sensitivity
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
    failed = bool(study.failures())
    _tell(study, folder, show_sensitivity, json=json, strict=strict, failed=failed)


@app.command("staff")
def staff_command(
    scenario: ScenarioArgument,
    plan: PlanOption = "base",
    seed: SeedOption = 1,
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
    workers: WorkersOption = None,
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
    cluster: ClusterOption = None,
    fresh: FreshOption = False,
    set_: SetOption = None,
    calls: CallsOption = None,
    json: JsonOption = False,
    strict: StrictOption = False,
) -> None:
    """Find the cheapest plan that meets every target; say what a cheaper one breaks."""
    _make_ready(cluster, workers)
    from analysis.staff import Effort, find_plan, refuse_effort
    from analysis.staff.console import show_staffing
    from analysis.staff.result import refuse_plan, write_plan
    from scenarios.file.reader import load

    effort = Effort(budget=budget, plans=plans, zone=zone)
    refuse_effort(effort, seed, workers)
    loaded = load(scenario, changes=tuple(set_ or ()), plan=plan, calls=calls)
    folder = out or Path("muster-out") / f"{loaded.name}-staff"
    path = None if write is None else refuse_plan(loaded, write, force=force)
    staffing = _study(
        find_plan,
        loaded,
        plan,
        folder=folder,
        show=not json,
        fresh=fresh,
        title="days, at most",
        seed=seed,
        effort=effort,
        workers=workers,
        cluster=cluster,
    )
    if path is not None and staffing.winner is not None:
        write_plan(staffing, path)
    shown = partial(show_staffing, path=path)
    failed = bool(staffing.failures())
    _tell(staffing, folder, shown, json=json, strict=strict, failed=failed)


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
    path: ScenarioArgument,
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
    path: ScenarioArgument,
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
    str, typer.Option("--station", help="Whose stage it is; default: of all stations")
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
    pool: Annotated[
        bool,
        typer.Option("--pool", help="All polls chosen: their mean, how they differ"),
    ] = False,
    station: Annotated[
        list[str] | None,
        typer.Option("--station", help="Whose; may be given again; default: all"),
    ] = None,
    out: YamlOption = None,
    json: JsonOption = False,
) -> None:
    """Find an arrival profile from cumulative turnout or counts of each hour."""
    from analysis.calibrate import Given, Told, calibrate_arrivals

    given = Given(file, tuple(column or ()), tuple(where or ()))
    told = Told(
        opens=opens, closes=closes, lag=lag, final=final, voters=voters, every=every,
        pool=pool,
    )  # fmt: skip
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
        str | None,
        typer.Option(help="Lines and turnout: places open, 6 or 07:00=4,09:00=6"),
    ] = None,
    opens: Annotated[
        str | None,
        typer.Option(help="Lines: from when voters come; default 07:00"),
    ] = None,
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
    typer.echo(found.use(files["yaml"].name))


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


@contextmanager
def _progress(
    kept: Path, *, show: bool, title: str = "playing days"
) -> "Iterator[Progress]":
    """Show a bar with time left on standard error, where there is somebody to see.

    An interrupt says where what has been played is kept.
    """
    from rich.console import Console

    from analysis.report.console import progress_bar
    from simulator.interrupt import raise_swallowed

    bar = progress_bar(Console(stderr=True), show=show, title=title)
    try:
        with bar as tell:

            def told(done: int, total: int, note: str) -> None:
                raise_swallowed()
                tell(done, total, note)

            yield told
    except KeyboardInterrupt:
        text = INTERRUPTED
        if kept.exists():
            text = f"interrupted; the days played are kept in {kept}: the same command "
            text += "goes on"
        typer.echo(text, err=True)
        raise typer.Exit(130) from None


def _console() -> "Console":
    """Give the console: as wide as the terminal, or wide enough to be read whole."""
    from rich.console import Console

    # A title is text, whatever brackets and colons it has.
    width = None if sys.stdout.isatty() else 120
    return Console(width=width, markup=False, emoji=False)


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
        typer.echo(INTERRUPTED, err=True)
        _leave_workers()
        sys.exit(130)
    except SystemExit as left:
        if left.code == 130:
            _leave_workers()
        raise


def _leave_workers() -> None:
    # Last of all, as it may end the process where it stands.
    from analysis.forkserver import leave_workers

    leave_workers()


if __name__ == "__main__":
    main()
