"""What an unfinished search has played: a line a day, in a folder that says of what."""

import json
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

from analysis.staff.choice import Candidate
from analysis.staff.trial import Days
from analysis.store import Store
from analysis.target import Judgement
from scenarios.scenario import Scenario

DAYS = "days.jsonl"


class Kept:
    """Keeps the days of candidates until the search is finished.

    Parameters
    ----------
    folder
        Where.
    scenario, plan, seed
        What is played; another one is refused.
    """

    def __init__(self, folder: Path, scenario: Scenario, plan: str, seed: int) -> None:
        self._store = Store.of(folder, scenario, plan, seed)
        self.folder = folder

    def load(self) -> dict[Candidate, Days]:
        """Give what an earlier search of the same kind has played.

        Raises
        ------
        ScenarioError
            When another one was stopped here; says what differs.
        """
        self._store.load()
        found: dict[Candidate, Days] = {}
        for candidate, number, judgements in self._lines():
            found.setdefault(candidate, {})[number] = judgements
        return found

    def keep(self, candidate: Candidate, days: Days) -> None:
        """Write days that were played."""
        self._store.open()
        lines = [
            json.dumps([candidate, number, [astuple(j) for j in judgements]])
            for number, judgements in days.items()
        ]
        with (self.folder / DAYS).open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))

    def drop(self) -> None:
        """Throw away what has been kept."""
        self._store.drop()

    def _lines(self) -> Iterator[tuple[Candidate, int, tuple[Judgement, ...]]]:
        path = self.folder / DAYS
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for line in text.split("\n"):
            try:
                candidate, number, judgements = json.loads(line)
            except ValueError:
                continue  # empty, or cut short as the process was killed
            yield tuple(candidate), number, tuple(map(_judgement, judgements))


def _judgement(values: list[Any]) -> Judgement:
    return Judgement(**dict(zip(Judgement.__slots__, values, strict=True)))
