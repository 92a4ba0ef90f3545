"""The bench of a study: plays every point of a design on the same days."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from analysis.batch import Batches
from analysis.experiment import MOST_NAMED, Experiment, Progress
from analysis.replication import Key, Replication
from analysis.sensitivity.design import DesignTask, Levels, scenario_at
from analysis.store import Store
from analysis.worker import Backend, Failure
from scenarios.problem import fail
from scenarios.scenario import Scenario
from simulator.road import map_of

MOST_PLAYED = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where the points of a study are played, and how.

    Parameters
    ----------
    scenario, plan, seed
        What is played.
    backend
        Where.
    keys
        The measures that are kept; None: all.
    others_drawn
        See `scenario_at`.
    progress
        Called with days done and in all, and what is being done.
    kept
        Folder in which what has been played is kept until the study is finished, and
        what identifies it; None: nowhere.
    failures
        What has been left out so far, in sentences.
    """

    scenario: Scenario
    plan: str
    seed: int
    backend: Backend
    keys: tuple[Key, ...] | None
    others_drawn: bool = False
    progress: Progress = lambda done, total, note: None
    kept: Store | None = None
    failures: list[str] = field(default_factory=list)

    def play(
        self, points: Sequence[Levels], days: int, note: str
    ) -> list[tuple[Replication, ...]]:
        """Play every point on the same days.

        Returns
        -------
        list of tuple
            For each point its days, numbered from 0. A day that some point cannot play
            is left out at all of them, so that they differ by their inputs alone.

        Raises
        ------
        ScenarioError
            When it is too much, or no day is left.
        """
        total = len(points) * days
        if total > MOST_PLAYED:
            text = f"{total} days in all for {note}, at most {MOST_PLAYED}"
            raise fail("muster", f"{text}; fewer points or days, please")
        task = DesignTask(
            scenario=self.scenario,
            plan=self.plan,
            seed=self.seed,
            roads=map_of(self.scenario),
            points=tuple(points),
            days=days,
            keys=self.keys,
            others_drawn=self.others_drawn,
        )
        played, failed = self._played(task, total, note)
        lost = {one.number % days for one in failed}
        if lost:
            self._left_out(task, lost, failed, note)
        return [
            tuple(
                replace(played[point * days + day], number=day)
                for day in range(days)
                if day not in lost
            )
            for point in range(len(points))
        ]

    def _left_out(
        self, task: DesignTask, lost: set[int], failed: Sequence[Failure], note: str
    ) -> None:
        """Say which days are left out, and why."""
        point, day = divmod(failed[0].number, task.days)
        inputs = self.scenario.plans[self.plan].setting.uncertain
        levels = [
            f"{inputs[name].title} at {inputs[name].level_text(level)}"
            for name, level in task.points[point].items()
        ]
        reason = f"{day} with {', '.join(levels) or 'all as written'}"
        reason += f": {failed[0].reason}"
        if len(lost) == task.days:
            text = f"no day of the {note} could be played at every point; replication"
            raise fail("muster", f"{text} {reason}")
        days = "1 day is" if len(lost) == 1 else f"{len(lost)} days are"
        listed = ", ".join(map(str, sorted(lost)[:MOST_NAMED]))
        more = f" and {len(lost) - MOST_NAMED} more" if len(lost) > MOST_NAMED else ""
        self.failures.append(
            f"{note}: {days} left out at every point, as some could not be played: "
            f"replication {listed}{more} of seed {task.seed}; {reason}"
        )

    def _played(
        self, task: DesignTask, total: int, note: str
    ) -> tuple[dict[int, Replication], list[Failure]]:
        store = self._store(task, note)
        played = {r.number: r for r in ([] if store is None else store.load())}
        wanted = [number for number in range(total) if number not in played]
        failed: list[Failure] = []
        self.progress(len(played), total, note)
        for answer in Batches(self.backend, task).play(wanted):
            failed += [one for one in answer if isinstance(one, Failure)]
            found = [one for one in answer if isinstance(one, Replication)]
            if store is not None:
                store.keep(found)
            played |= {one.number: one for one in found}
            self.progress(len(played) + len(failed), total, note)
        return played, sorted(failed, key=lambda one: one.number)

    def _store(self, task: DesignTask, note: str) -> Store | None:
        if self.kept is None:
            return None
        points = [sorted(point.items()) for point in task.points]
        keys = None if task.keys is None else [list(key) for key in task.keys]
        more = {"points": points, "days": task.days, "measures": keys}
        return self.kept.part(note.replace(" ", "-"), more)


def experiment_of(
    bench: Bench, levels: Levels, replications: tuple[Replication, ...]
) -> Experiment:
    """Give the days of one point as an experiment of their own."""
    scenario = scenario_at(
        bench.scenario, bench.plan, levels, others_drawn=bench.others_drawn
    )
    return Experiment(
        scenario=scenario,
        plan=bench.plan,
        seed=bench.seed,
        replications=replications,
    )
