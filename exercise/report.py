"""An exercise told to people: the day, then what came of each order."""

from collections.abc import Iterator, Sequence

from analysis.day import Day
from analysis.report.event import said_of
from analysis.report.telling import telling_lines
from exercise.journal import Journal
from scenarios.road.tag import plain
from scenarios.scenario import Scenario
from simulator.log import Log
from simulator.stream import Chance
from simulator.uncertain import drawn


def told(
    journal: Journal, scenario: Scenario, log: Log, results: Sequence[str]
) -> Iterator[str]:
    """Tell an exercise line by line, as `replay` has played it again."""
    chance = Chance(journal.seed, journal.replication)
    setting, _ = drawn(scenario.plans[journal.plan].setting, chance)
    day = Day(setting, log)
    yield f"{scenario.setting.title}: plan {journal.plan}, seed {journal.seed}"
    yield from telling_lines(day)
    yield "Orders:" if results else "No orders were given."
    for entry, result in zip(journal.entries, results, strict=True):
        time = day.setting.clock.text(entry.scenario_time)
        said = said_of(entry.order.model_dump(by_alias=True), day)
        by = f" ({plain(entry.actor)})" if entry.actor else ""
        yield f"{entry.seq:>3}. {time}{by} {said}: {result}"
