"""An attribution: the days as scripted, without each inject, and without all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.attribution import answer, table
from analysis.comparison.choice import part_of, store_of
from analysis.experiment import (
    Experiment,
    Progress,
    no_such_plan,
    open_backend,
    run_experiment,
)
from analysis.study import plain
from scenarios.file.reader import loaded, vary
from scenarios.problem import fail
from scenarios.scenario import Scenario
from scenarios.script import Inject

ALL = "all injects"


@dataclass(frozen=True, kw_only=True)
class Attribution:
    """One plan on the same days, as scripted and without injects.

    Parameters
    ----------
    scripted
        With every inject.
    without
        Without each inject, by its name, and those that start after it; and without
        all of them, where there are several.
    removed
        What each of these left out, in file order.
    """

    scripted: Experiment
    without: Mapping[str, Experiment]
    removed: Mapping[str, tuple[str, ...]]

    @property
    def days(self) -> int:
        """The days that all of them have."""
        return len(self.scripted.replications)

    @property
    def injects(self) -> Mapping[str, Inject]:
        """The script."""
        return self.scripted.setting.script

    @property
    def roots(self) -> list[str]:
        """The injects that start after no other one: these make up the sum."""
        return [name for name in self.injects if self.injects[name].after is None]

    @cached_property
    def effects(self) -> pd.DataFrame:
        """What each inject costs; see `table.effects_table`."""
        return table.effects_table(self.scripted, self.without)

    @cached_property
    def targets(self) -> pd.DataFrame:
        """Which inject breaks which target; see `table.saved_table`."""
        return table.saved_table(self.scripted, self.without, ALL)

    @cached_property
    def interaction(self) -> pd.DataFrame:
        """The joint effect against the sum; see `table.interaction_table`."""
        if ALL not in self.without:
            return pd.DataFrame(columns=table.INTERACTION)
        singles = {name: self.without[name] for name in self.roots}
        return table.interaction_table(self.scripted, singles, self.without[ALL])

    def followers(self) -> list[str]:
        """Say which injects went with another one."""
        return [
            f"{', '.join(others)} would start after {name} and is left out with it"
            for name, group in self.removed.items()
            if name != ALL and (others := [one for one in group if one != name])
        ]

    def sentences(self) -> list[str]:
        """Say which inject breaks which target, and what each costs."""
        return [
            *answer.target_sentences(self.scripted, self.targets, ALL),
            *answer.inject_sentences(self.effects, self.injects),
            *answer.joint_sentences(self.interaction),
        ]

    def holding(self) -> bool:
        """Tell whether every target is met as scripted."""
        return all(v.verdict == "met" for v in self.scripted.verdicts())

    def failures(self) -> list[str]:
        """Name the days that could not be played."""
        every = {"as scripted": self.scripted, **self.without}
        return [f"{name}: {e.failures_text()}" for name, e in every.items() if e.failed]

    def json(self, out: Path | None = None) -> dict[str, Any]:
        """Give it for machines; what is infinite or missing is null."""
        shown = self.effects["family"].str.startswith(("main", "targets"))
        return {
            "scenario": self.scripted.scenario.name,
            "plan": self.scripted.plan,
            "seed": self.scripted.seed,
            "replications": self.days,
            "out": None if out is None else str(out),
            "removed": {name: list(group) for name, group in self.removed.items()},
            "answer": self.sentences(),
            "failed": self.failures(),
            "targets": plain(self.targets),
            "effects": plain(self.effects[shown]),
            "interaction": plain(self.interaction),
        }

    def write(self, out: Path, *, command: str = "") -> Path:
        """Write report, figures, tables, `attribute.json` and `run.json` to a folder.

        The folder appears whole or not at all; an earlier result there is replaced.

        Raises
        ------
        ScenarioError
            When something else is there.
        """
        from analysis.attribution.output import write_attribution

        return write_attribution(self, out, command)


def attribute(  # noqa: PLR0913 - what a user may choose
    scenario: Scenario | str | Path,
    plan: str = "base",
    *,
    seed: int = 1,
    replications: int = 100,
    workers: int | None = None,
    progress: Progress | None = None,
    cluster: str | None = None,
    parts: Path | None = None,
) -> Attribution:
    """Play the same days as scripted, without each inject, and without all.

    Parameters
    ----------
    scenario
        As loaded, or a path, or the name of a bundled one; with a script.
    plan
        Name of one of its plans.
    seed
        With the number of each replication it fixes every chance event.
    replications
        Of each.
    workers
        Processes; default: one for each core. The result does not depend on it.
    progress
        Called with replications done and in all, and without what they are played.
    cluster
        Address of a Dask scheduler, in place of processes here.
    parts
        Folder in which what has been played is kept until it is written.

    Raises
    ------
    ScenarioError
        When there is no such plan, or no script.
    """
    scenario = loaded(scenario)
    if plan not in scenario.plans:
        raise no_such_plan(scenario, plan)
    if not scenario.setting.script:
        raise fail(scenario.name, "has no script: there is no inject to leave out")
    removed = groups_of(scenario.setting.script)
    variants = {
        name: vary(scenario, tuple(f"script.{one}=" for one in group), plan)
        for name, group in removed.items()
    }
    every = {"": scenario, **variants}
    tell = progress or (lambda done, total, note: None)
    played: dict[str, Experiment] = {}
    with open_backend(workers, replications, cluster) as backend:
        for number, (name, variant) in enumerate(every.items()):
            note = f"without {name}" if name else "as scripted"
            before, total = number * replications, len(every) * replications

            played[name] = run_experiment(
                variant,
                plan,
                seed=seed,
                replications=replications,
                workers=workers,
                progress=part_of(tell, before, total, note),
                store=store_of(parts, variant, plan, seed, name and f"without-{name}"),
                backend=backend,
            )
    shared = in_common(played)
    return Attribution(
        scripted=shared.pop(""),
        without=shared,
        removed=removed,
    )


def groups_of(script: Mapping[str, Inject]) -> dict[str, tuple[str, ...]]:
    """Say what is left out with each inject: those that start after it go with it.

    Parameters
    ----------
    script
        The injects by name.

    Returns
    -------
    dict
        Of each inject, in file order; and of all, where that is something else.
    """
    groups = {name: tuple(_with_followers(name, script)) for name in script}
    if all(len(group) < len(script) for group in groups.values()):
        groups[ALL] = tuple(script)
    return groups


def _with_followers(name: str, script: Mapping[str, Inject]) -> list[str]:
    gone, before = {name}, 0
    while len(gone) > before:
        before = len(gone)
        gone |= {one for one, inject in script.items() if inject.after in gone}
    return [one for one in script if one in gone]


def in_common(played: Mapping[str, Experiment]) -> dict[str, Experiment]:
    """Keep the days that all experiments have."""
    numbers = set.intersection(
        *({r.number for r in experiment.replications} for experiment in played.values())
    )
    return {
        name: replace(
            experiment,
            replications=tuple(
                r for r in experiment.replications if r.number in numbers
            ),
        )
        for name, experiment in played.items()
    }
