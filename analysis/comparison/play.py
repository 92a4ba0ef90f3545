"""Playing for a comparison: each plan in each scenario, on common chance."""

from collections.abc import Sequence
from pathlib import Path

from analysis.comparison.choice import (
    measure_of,
    part_of,
    plan_names,
    refuse_member,
    store_of,
)
from analysis.comparison.comparison import Comparison
from analysis.experiment import Experiment, Progress, open_backend, run_experiment
from scenarios.file.reader import loaded
from scenarios.scenario import Scenario


def compare(  # noqa: PLR0913 - what a user may choose
    scenarios: Scenario | str | Path | Sequence[Scenario | str | Path],
    plans: Sequence[str] = (),
    *,
    baseline: str | None = None,
    measure: str | None = None,
    seed: int = 1,
    replications: int = 100,
    workers: int | None = None,
    progress: Progress | None = None,
    cluster: str | None = None,
    parts: Path | None = None,
) -> Comparison:
    """Play plans of one scenario or several on common chance.

    Parameters
    ----------
    scenarios
        One or several, as loaded, or paths, or names of bundled ones; their own names
        must differ.
    plans
        Their names, the same in each scenario; default: all that each scenario has.
    baseline
        The plan that the others are compared with; default: the first.
    measure
        Stands for service: ``wait.mean``, ``response.p90 of fire``, ``wait.within at 30
        min of KV1``; default: wait.mean, or response.mean without stations.
    seed
        With the number of each replication it fixes every chance event.
    replications
        Of each plan in each scenario.
    workers
        Processes; default: one for each core. The result does not depend on it.
    progress
        Called with replications done and in all, and whose they are.
    cluster
        Address of a Dask scheduler, in place of processes here.
    parts
        Folder in which what has been played is kept until the comparison is written.

    Raises
    ------
    ScenarioError
        When there is no such plan or measure, or there are not two plans.
    """
    if isinstance(scenarios, Scenario | str | Path):
        scenarios = [scenarios]
    row = [loaded(one) for one in scenarios]
    names = plan_names(row, plans, baseline)
    key = measure_of(measure, row[0], names[0])
    if measure is not None:
        refuse_member(key, row[0], names[0], seed, replications)
    jobs = [(scenario, plan) for scenario in row for plan in names]
    total = replications * len(jobs)
    cases: dict[str, dict[str, Experiment]] = {s.name: {} for s in row}
    tell = progress or (lambda done, total, note: None)
    with open_backend(workers, replications, cluster) as backend:
        for number, (scenario, plan) in enumerate(jobs):
            note = f"of {plan}" + (f" in {scenario.name}" if len(row) > 1 else "")
            cases[scenario.name][plan] = run_experiment(
                scenario,
                plan,
                seed=seed,
                replications=replications,
                workers=workers,
                progress=part_of(tell, number * replications, total, note),
                store=store_of(parts, scenario, plan, seed),
                backend=backend,
            )
    return Comparison(cases=cases, measure=key)
