"""Engines side by side: rounds in turn, medians, the worst round, memory.

The computer may be busy, so what counts is the ratio within a round.
"""

import gc
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import process_time

Engine = Callable[[], object]


@dataclass(frozen=True)
class Side:
    """What one engine took.

    Parameters
    ----------
    seconds
        Processor time of one play, round by round.
    megabytes
        The most memory a play held at once, beyond what it was given.
    """

    seconds: list[float]
    megabytes: float

    @property
    def middle(self) -> float:
        """Median over the rounds, seconds."""
        return median(self.seconds)


def compare(
    engines: Mapping[str, Engine], rounds: int, repeats: Mapping[str, int] | None = None
) -> dict[str, Side]:
    """Time engines round by round, each in its turn.

    Parameters
    ----------
    engines
        By name; each plays once when called.
    rounds
        How often each has its turn.
    repeats
        Plays in a turn, measured together, for those that are short; else one.
    """
    found: dict[str, list[float]] = {name: [] for name in engines}
    megabytes = {name: memory(engine) for name, engine in engines.items()}
    for _ in range(rounds):
        for name, engine in engines.items():
            times = (repeats or {}).get(name, 1)
            gc.collect()
            begin = process_time()
            for _ in range(times):
                engine()
            found[name].append((process_time() - begin) / times)
    return {name: Side(found[name], megabytes[name]) for name in engines}


def memory(engine: Engine) -> float:
    """Give the most that a play holds at once, MB, arrays included."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    kept = engine()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return (most - before) / 1e6


def ratios(slow: Side, quick: Side) -> tuple[float, float]:
    """Give how many times as long the slow one took: median and worst round."""
    each = [a / b for a, b in zip(slow.seconds, quick.seconds, strict=True)]
    return median(each), min(each)


def report(slow: str, quick: str, sides: Mapping[str, Side], goal: float) -> None:
    """Print a ratio beside its goal."""
    middle, worst = ratios(sides[slow], sides[quick])
    verdict = "met" if middle >= goal else "MISSED"
    print(
        f"  {slow} / {quick}: {middle:.0f} (worst round {worst:.0f}); goal {goal:.0f}, "
        f"{verdict}"
    )
