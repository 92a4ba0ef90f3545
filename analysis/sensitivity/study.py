"""A study of what moves what: chosen, refused, played."""

from collections.abc import Sequence
from pathlib import Path

from analysis.experiment import Progress, no_such_plan, open_backend
from analysis.sensitivity.bench import Bench
from analysis.sensitivity.breakeven import play_edges
from analysis.sensitivity.outcome import keys_of, outcomes_of
from analysis.sensitivity.result import Sensitivity
from analysis.sensitivity.sobol import Share, play_sobol
from analysis.sensitivity.span import studied
from analysis.sensitivity.tornado import play_tornado
from analysis.store import Store
from scenarios.file.reader import loaded
from scenarios.problem import fail
from scenarios.scenario import Scenario

MOST_DAYS = 100_000


def sensitivity(  # noqa: PLR0913 - what a user may choose
    scenario: Scenario | str | Path,
    plan: str = "base",
    *,
    vary: Sequence[str] = (),
    measures: Sequence[str] = (),
    seed: int = 1,
    replications: int = 100,
    sobol: int = 64,
    point_days: int = 10,
    workers: int | None = None,
    progress: Progress | None = None,
    parts: Path | None = None,
    cluster: str | None = None,
) -> Sensitivity:
    """Find which input moves which outcome, and where targets break.

    Parameters
    ----------
    scenario
        As loaded, or a path, or the name of a bundled one. Its ``uncertain``
        inputs are studied.
    plan
        Name of one of its plans.
    vary
        Further inputs, as ``stations.*.turnout=-10%..+10%``.
    measures
        Outcomes beside those of the targets, as ``wait.p90 of KV1``.
    seed
        Of the days, and of the Sobol design.
    replications
        Days at each point of the tornado and of the break-even values.
    sobol
        Base size of the Sobol design, a power of 2; 0 for none. It has so many points
        times (inputs + 2).
    point_days
        Days at each point of that design.
    workers, progress, cluster
        As of `analysis.experiment.run_experiment`.
    parts
        Folder in which what has been played is kept until the study is finished.

    Raises
    ------
    ScenarioError
        With everything that is wrong.
    """
    scenario = loaded(scenario)
    refuse(scenario, plan, replications)
    _refuse_design(sobol, point_days)
    scenario, spans = studied(scenario, plan, vary)
    if not spans:
        text = "the scenario has no uncertain inputs; add some, or name one with --vary"
        raise fail("muster sensitivity", f"{text} PATH=LOW..HIGH")
    setting = scenario.plans[plan].setting
    outcomes = outcomes_of(setting, measures)
    if not outcomes:
        raise fail("muster sensitivity", "the scenario has no targets; give --measure")
    with open_backend(workers, replications, cluster) as backend:
        bench = Bench(
            scenario=scenario,
            plan=plan,
            seed=seed,
            backend=backend,
            keys=keys_of(outcomes),
            progress=progress or (lambda done, total, note: None),
            kept=None if parts is None else Store.of(parts, scenario, plan, seed),
        )
        bars = play_tornado(bench, spans, outcomes, replications)
        shares: tuple[Share, ...] = ()
        if sobol and len(spans) > 1:
            shares = play_sobol(bench, spans, outcomes, size=sobol, days=point_days)
        edges = play_edges(bench, spans, setting.targets, replications)
    return Sensitivity(
        scenario=scenario,
        plan=plan,
        seed=seed,
        days=replications,
        points=sobol * (len(spans) + 2) if shares else 0,
        point_days=point_days if shares else 0,
        spans=spans,
        bars=bars,
        shares=shares,
        edges=edges,
        left_out=tuple(bench.failures),
    )


def refuse(scenario: Scenario, plan: str, days: int, option: str = "-n") -> None:
    """Refuse a plan that is not there, and too many days.

    Raises
    ------
    ScenarioError
        Says which.
    """
    if plan not in scenario.plans:
        raise no_such_plan(scenario, plan)
    if not 1 <= days <= MOST_DAYS:
        text = f"days must be from 1 to {MOST_DAYS}, found {days}"
        raise fail(f"{option} {days}", text)


def _refuse_design(sobol: int, point_days: int) -> None:
    if not 1 <= point_days <= MOST_DAYS:
        text = f"days must be from 1 to {MOST_DAYS}, found {point_days}"
        raise fail(f"--point-days {point_days}", text)
    if sobol and not (2 <= sobol <= 2**16 and sobol & (sobol - 1) == 0):
        text = f"must be a power of 2 from 2 to 65536, or 0 for none, found {sobol}"
        raise fail(f"--sobol {sobol}", text)
