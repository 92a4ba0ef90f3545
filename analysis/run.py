"""A run: a scenario played many times under one plan."""

from pathlib import Path

from analysis.experiment import Progress, no_such_plan, run_experiment
from analysis.precision import Precision
from analysis.result import Result
from analysis.store import Store
from scenarios.file.reader import loaded
from scenarios.scenario import Scenario
from simulator.policy import Policy


def run(  # noqa: PLR0913 - what a user may choose
    scenario: Scenario | str | Path,
    plan: str = "base",
    *,
    seed: int = 1,
    replications: int = 100,
    workers: int | None = None,
    progress: Progress | None = None,
    policy: Policy | None = None,
    until: str | None = None,
    parts: Path | None = None,
    cluster: str | None = None,
) -> Result:
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
    parts
        Folder ``OUT.unfinished`` in which what has been played is kept until the run
        is written.
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
    scenario = loaded(scenario)
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
        store=None if parts is None else Store.of(parts, scenario, plan, seed),
        cluster=cluster,
    )
    return Result(experiment=experiment)
