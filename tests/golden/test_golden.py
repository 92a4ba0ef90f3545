# The shipped scenarios, replication 0 of each plan: what may change only on purpose.
# `python -m tests.golden` writes the file anew; a person reads the difference, and the
# changelog says "Results change".

import hashlib
import json
from pathlib import Path

import pytest

from analysis.day import Day
from analysis.target import judge
from scenarios.file.folder import bundled
from scenarios.file.reader import load
from simulator.world import World

FILE = Path(__file__).parent / "golden.json"


def of_plan(name: str, plan: str) -> dict[str, object]:
    scenario = load(name, plan=plan)
    world = World(scenario, plan, seed=1, replication=0)
    log = world.finish()
    day = Day(world.setting, log)
    lines = log.lines()
    return {
        "lines": len(lines),
        "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        "voters": {
            name: {outcome: n for outcome, n in table.account().items() if n}
            for name, table in log.voters.items()
        },
        "targets": {
            name: f"{judgement.held} {judgement.value:.4g} {judgement.worst}"
            for name, target in world.setting.targets.items()
            for judgement in [judge(day, name, target)]
        },
    }


def found() -> dict[str, dict[str, object]]:
    return {
        f"{name} {plan}": of_plan(name, plan)
        for name in bundled()
        for plan in load(name).plans
    }


@pytest.mark.parametrize("key", list(json.loads(FILE.read_text(encoding="utf-8"))))
def test_a_shipped_scenario_plays_the_day_it_played_before(key):
    golden = json.loads(FILE.read_text(encoding="utf-8"))
    assert of_plan(*key.split()) == golden[key]


def test_every_shipped_plan_has_its_golden_day():
    golden = json.loads(FILE.read_text(encoding="utf-8"))
    plans = [f"{name} {plan}" for name in bundled() for plan in load(name).plans]
    assert sorted(golden) == sorted(plans)
