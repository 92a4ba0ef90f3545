"""Proof: the winner's neighbours one step cheaper, and which target each breaks."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.staff.choice import Candidate, Space
from analysis.staff.trial import Trials
from analysis.target import LEAST, Verdict, verdict_of

MOST = 480  # days that a neighbour is played, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """The winner with one choice a step cheaper.

    Parameters
    ----------
    option
        Name of the choice.
    before, after
        Its value in the winner, and here.
    saving
        How much cheaper it is.
    candidate
        The whole plan.
    days
        Days played.
    verdicts
        On each target, in file order.
    broken
        The target it misses, by the furthest when there are several; None when no
        target is told to be missed.
    nearest
        The target that holds on the least days above those asked.
    reason
        Why it cannot be, though each of its values can; empty when it can.
    """

    option: str
    before: str
    after: str
    saving: float
    candidate: Candidate
    days: int
    verdicts: tuple[Verdict, ...]
    broken: Verdict | None
    nearest: Verdict | None = None
    reason: str = ""

    @property
    def word(self) -> str:
        """``breaks``, ``holds``, ``not told`` (by these days), or ``cannot be``."""
        if self.reason:
            return "cannot be"
        if self.broken is not None:
            return "breaks"
        met = all(verdict.verdict == "met" for verdict in self.verdicts)
        return "holds" if met else "not told"

    @property
    def weakest(self) -> Verdict | None:
        """The target it breaks, or the one that comes nearest to breaking."""
        return self.broken or self.nearest


def judged(trials: Trials, candidate: Candidate, days: int) -> list[Verdict]:
    """Judge every target over the first days of a candidate, as a run of them does."""
    played = trials.play(candidate, range(days))
    targets = trials.space.setting.targets
    return [
        verdict_of(name, target, [played[n][i] for n in range(days)])
        for i, (name, target) in enumerate(targets.items())
    ]


def neighbours(trials: Trials, winner: Candidate) -> list[Neighbour]:
    """Play each neighbour that is one step cheaper until it is told that it breaks.

    Parameters
    ----------
    trials
        Plays them.
    winner
        The plan that was chosen.
    """
    found = []
    for place, option in enumerate(trials.space.options):
        index = _cheaper(option.costs, winner[place])
        if index is not None:
            lower = (*winner[:place], index, *winner[place + 1 :])
            trials.note = f"proof: {option.name} {option.text(index)}"
            found.append(_neighbour(trials, (winner, lower), place))
    return found


def _cheaper(costs: Sequence[float], index: int) -> int | None:
    """Give the next value that costs less; None when there is none."""
    lower = [i for i in range(index) if costs[i] < costs[index] - 1e-9]
    return lower[-1] if lower else None


def _neighbour(
    trials: Trials, pair: tuple[Candidate, Candidate], place: int
) -> Neighbour:
    winner, lower = pair
    reason = trials.impossible(lower)
    days, verdicts = (0, []) if reason else _until_told(trials, lower)
    option = trials.space.options[place]
    return Neighbour(
        option=option.name,
        before=option.text(winner[place]),
        after=option.text(lower[place]),
        saving=trials.space.cost(winner) - trials.space.cost(lower),
        candidate=lower,
        days=days,
        verdicts=tuple(verdicts),
        broken=_furthest(trials.space, verdicts),
        nearest=_furthest(trials.space, verdicts, only_missed=False),
        reason=reason,
    )


def _until_told(trials: Trials, lower: Candidate) -> tuple[int, list[Verdict]]:
    """Play more and more days until a target is told to be missed."""
    days = LEAST
    while True:
        verdicts = judged(trials, lower, days)
        if _furthest(trials.space, verdicts) is not None or days >= MOST:
            return days, verdicts
        days = min(2 * days, MOST)


def _furthest(
    space: Space, verdicts: Sequence[Verdict], *, only_missed: bool = True
) -> Verdict | None:
    missed = [v for v in verdicts if v.verdict == "missed" or not only_missed]
    asked = {name: target.days for name, target in space.setting.targets.items()}
    return min(missed, key=lambda v: v.value / asked[v.target], default=None)
