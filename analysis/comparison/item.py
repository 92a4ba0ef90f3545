"""Items: what of two experiments is compared, and which of two values is better."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.difference import Floats
from analysis.experiment import Experiment
from analysis.measure import OVERALL
from analysis.pair import Pair
from analysis.replication import Key
from scenarios.clock import span
from scenarios.measure import MEASURES, Better, Population, population_of

# The measures that every comparison shows, and how people call them.
MAIN = {
    "wait.mean": "mean wait",
    "wait.p95": "95 % waited at most",
    "line.longest": "longest line",
    "votes.share": "voted, of the list",
    "voters.turned_away": "turned away",
    "suspended.total": "voting suspended",
    "response.mean": "mean response",
    "response.p90": "9 in 10 attended within",
    "incidents.hot_spots": "hot spots",
    "guard.gap": "unguarded",
    "duty.late": "latest duty late by",
    "result.at": "last result in",
    "staff.hours": "staff hours",
    "staff.cost": "cost of units",
}
WITHIN = {"wait.within": "waited at most", "response.within": "attended within"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One number a day that is compared.

    Parameters
    ----------
    measure, within, member
        Of a measure; within is -1 where it has no threshold.
    target
        Name of the target whose worst member is measured, in place of a member.
    better
        Which of two values is the better one.
    """

    measure: str
    within: float
    member: str
    better: Better
    target: str = ""

    @classmethod
    def of(cls, key: Key) -> "Item":
        """Compare a measure."""
        measure, within, member = key
        better = MEASURES[measure].better
        return cls(measure=measure, within=within, member=member, better=better)

    @classmethod
    def of_target(cls, name: str, experiment: Experiment) -> "Item":
        """Compare the value that a target is judged by."""
        target = experiment.setting.targets[name]
        return cls(
            measure=target.measure,
            within=-1.0 if target.within is None else target.within,
            member="",
            better="higher" if target.bound.sign == "at least" else "lower",
            target=name,
        )

    @property
    def key(self) -> Key:
        """The key of its values in a replication."""
        return self.measure, self.within, self.member

    @property
    def unit(self) -> str:
        """The unit of its measure."""
        return MEASURES[self.measure].unit

    @property
    def population(self) -> Population:
        """The population its member belongs to; overall for a target."""
        if self.target:
            return "overall"
        return population_of(MEASURES[self.measure], self.member)

    @property
    def main(self) -> bool:
        """Whether every comparison shows it."""
        return bool(self.target) or self.measure in MAIN or self.measure in WITHIN

    @property
    def family(self) -> str:
        """The table it stands in, whose intervals hold together."""
        if self.target:
            return "targets"
        if self.population == OVERALL:
            return "main" if self.main else "others overall"
        if self.main:
            return f"main, each {self.population}"
        return f"{self.measure}, each {self.population}"

    @property
    def words(self) -> str:
        """How people call it, without its member."""
        if self.target:
            return f"target {self.target}, worst"
        return words_of(self.measure, self.within)

    def values(self, pair: Pair) -> tuple[Floats, Floats]:
        """Give it on both sides of each pair, capped; each of shape (pairs,)."""
        return pair.worst(self.target) if self.target else pair.values(self.key)

    def never(self, pair: Pair) -> int:
        """Count the pairs on which it never ended."""
        if self.target:
            return pair.never_worst(self.target)
        return pair.never(self.key)


def words_of(measure: str, within: float) -> str:
    """Say a measure as people call it."""
    if measure in WITHIN:
        return f"{WITHIN[measure]} {span(within)}"
    return MAIN.get(measure, measure)


def items_of(experiments: Mapping[str, Experiment]) -> list[Item]:
    """List what can be compared: the value of each target, and every measure.

    The main measures come first, in the order in which they are shown.
    """
    first = next(iter(experiments.values()))
    keys = dict.fromkeys(key for e in experiments.values() for key in e.series)
    items = [Item.of(key) for key in keys]
    order = [*WITHIN, *MAIN]
    main = [item for item in items if item.main]
    main.sort(key=lambda item: (order.index(item.measure), item.within))
    targets = [Item.of_target(name, first) for name in first.setting.targets]
    return [*targets, *main, *(item for item in items if not item.main)]
