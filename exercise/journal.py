"""The journal of an exercise: what people ordered, and its replay.

A journal and a scenario give the same log bit for bit: the world is advanced to the
time of each record, and the order is applied. A line is one record; the first names
the scenario (with checksums), plan, seed and replication.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from scenarios.file.reader import load
from scenarios.order import Order, data_of, order_of
from scenarios.problem import OrderError, Problem, ScenarioError, allowed, fail
from scenarios.scenario import Scenario
from simulator.log import Log
from simulator.world import World

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An order of the journal.

    Parameters
    ----------
    seq
        1, 2, 3, ... without gaps; decides ties.
    scenario_time
        When it takes effect, minutes from the scenario's start.
    order
        As data.
    actor
        Cell or desk that gave it; never an input to the world.
    """

    seq: int
    scenario_time: float
    order: Order
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """Everything that is needed to play an exercise again.

    Parameters
    ----------
    scenario
        Path or name.
    plan, seed, replication
        What was played.
    inputs
        Checksum of each file of the scenario.
    changes
        The ``--set`` options that were laid over it.
    calls
        The file that ``--calls`` named; empty when the scenario names its own.
    entries
        In order of `seq`; their times do not fall.
    """

    scenario: str
    plan: str
    seed: int
    replication: int
    inputs: dict[str, str]
    changes: tuple[str, ...] = ()
    calls: str = ""
    entries: tuple[Entry, ...] = ()


class Session:
    """An exercise at play: a world, and a journal that grows on disk.

    Parameters
    ----------
    scenario
        As loaded.
    where
        The scenario's path or name, for the journal.
    path
        The journal's file; must not exist.
    plan, seed, replication
        What is played.

    Raises
    ------
    ScenarioError
        When the file exists.
    """

    def __init__(
        self,
        scenario: Scenario,
        where: str,
        path: Path,
        *,
        plan: str = "base",
        seed: int = 1,
        replication: int = 0,
    ) -> None:
        self.world = World(scenario, plan, seed, replication)
        self.path = path
        self._seq = 0
        header = {
            "format": FORMAT,
            "scenario": where,
            "plan": plan,
            "seed": seed,
            "replication": replication,
            "inputs": checksums(scenario),
            "set": list(scenario.changes),
            "calls": scenario.recorded.given,
        }
        try:
            with path.open("x", encoding="utf-8") as file:
                _append(file, header)
        except FileExistsError:
            raise fail(str(path), "exists; a journal is never written over") from None

    def advance(self, until: float) -> None:
        """Let time pass; see `World.advance`."""
        self.world.advance(until)

    def give(self, order: Order, actor: str = "") -> str | None:
        """Give an order now: on disk first, then in the world.

        Returns
        -------
        str or None
            Why it is refused, None when it stands. Refused orders stay in the journal
            and have no effect.
        """
        self._seq += 1
        record = {
            "seq": self._seq,
            "scenario_time": self.world.now,
            "actor": actor,
            "order": data_of(order),
        }
        with self.path.open("a", encoding="utf-8") as file:
            _append(file, record)
        return self.world.apply(order)


def checksums(scenario: Scenario) -> dict[str, str]:
    """Give the checksum of each file of a scenario."""
    return {source.path: source.sha256 for source in scenario.sources}


def read_journal(path: Path) -> Journal:
    """Read a journal.

    A torn last line, left by a crash before the order was acknowledged, is dropped.

    Raises
    ------
    ScenarioError
        When it cannot be read; names the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise fail(str(path), f"cannot be read: {error}") from None
    lines = text.split("\n")[:-1]  # what follows the last line end is torn, or nothing
    if not lines:
        raise fail(str(path), "the journal is empty")
    header = _json(path, 1, lines[0])
    entries = [_entry(path, i, line) for i, line in enumerate(lines[1:], start=2)]
    _refuse_disorder(path, entries)
    try:
        return Journal(
            scenario=str(header["scenario"]),
            plan=str(header["plan"]),
            seed=int(header["seed"]),
            replication=int(header["replication"]),
            inputs=dict(header["inputs"]),
            changes=tuple(map(str, header["set"])),
            calls=str(header.get("calls", "")),
            entries=tuple(entries),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _at(path, 1, f"not the first line of a journal: {error}") from None


def scenario_of(journal: Journal) -> Scenario:
    """Load the scenario that a journal names, as it was played."""
    changes, calls = journal.changes, journal.calls or None
    return load(journal.scenario, changes=changes, calls=calls)


def replay(journal: Journal, scenario: Scenario | None = None) -> tuple[Log, list[str]]:
    """Play an exercise again.

    Parameters
    ----------
    journal
        As read.
    scenario
        As loaded; default: what the journal names, refused if its files have changed.

    Returns
    -------
    Log, list of str
        The whole log, and for each order ``stands`` or why it was refused.

    Raises
    ------
    ScenarioError
        When the scenario differs from the one that was played; names the file.
    """
    if scenario is None:
        scenario = scenario_of(journal)
    _refuse_other_inputs(journal, scenario)
    world = World(scenario, journal.plan, journal.seed, journal.replication)
    results = []
    for entry in journal.entries:
        world.advance(entry.scenario_time)
        refused = world.apply(entry.order)
        results.append("stands" if refused is None else f"refused: {refused}")
    return world.finish(), results


def _refuse_other_inputs(journal: Journal, scenario: Scenario) -> None:
    now = checksums(scenario)
    for name, checksum in sorted(journal.inputs.items()):
        if now.get(name) != checksum:
            raise fail(
                f"{scenario.name}/{name}",
                "differs from the file that was played; the journal cannot be replayed",
            )
    if scenario.changes != journal.changes:
        raise fail(
            scenario.name,
            f"was played with --set {journal.changes}, found {scenario.changes}; the "
            "journal cannot be replayed",
        )
    if journal.plan not in scenario.plans:
        names = allowed(list(scenario.plans), journal.plan)
        raise fail(scenario.name, f"no such plan, found '{journal.plan}'; {names}")


def _append(file: TextIO, record: dict[str, Any]) -> None:
    """Write a line and have it on disk before going on."""
    file.write(json.dumps(record, ensure_ascii=False) + "\n")
    file.flush()
    os.fsync(file.fileno())


def _at(path: Path, line: int, text: str) -> ScenarioError:
    return ScenarioError((Problem(file=str(path), line=line, column=1, text=text),))


def _json(path: Path, line: int, text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise _at(path, line, f"not JSON: {error}") from None
    if not isinstance(data, dict):
        raise _at(path, line, "not a record: a mapping of keys to values is needed")
    return data


def _entry(path: Path, line: int, text: str) -> Entry:
    data = _json(path, line, text)
    try:
        return Entry(
            seq=int(data["seq"]),
            scenario_time=float(data["scenario_time"]),
            order=order_of(data["order"]),
            actor=str(data.get("actor", "")),
        )
    except OrderError as error:
        raise _at(path, line, f"order: {error}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise _at(path, line, f"not a record of an order: {error}") from None


def _refuse_disorder(path: Path, entries: list[Entry]) -> None:
    time = 0.0
    for number, entry in enumerate(entries, start=1):
        if entry.seq != number:
            raise _at(path, number + 1, f"seq must be {number}, found {entry.seq}")
        if not time <= entry.scenario_time < float("inf"):
            raise _at(path, number + 1, "scenario_time must not fall")
        time = entry.scenario_time
