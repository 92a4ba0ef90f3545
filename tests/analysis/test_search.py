# The search alone: which plans it comes to where it is known which plans hold.

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from analysis.staff.choice import Space
from analysis.staff.search import Search
from scenarios.file.reader import load
from tests.analysis.shop import LARGE, SMALL


class Known:
    """Stands in for days played: a rule tells whether a plan holds."""

    asked = ()

    def __init__(self, rule):
        self.rule, self.looked_at = rule, []
        self.trials = SimpleNamespace(spent=0, note="", impossible=lambda plan: "")

    def holds(self, candidate, level):
        if candidate not in self.looked_at:
            self.looked_at.append(candidate)
        return self.rule(candidate)

    def misses(self, candidate, level):
        return not self.rule(candidate)

    def score(self, candidate):
        margin = 1.0 if self.rule(candidate) else -1.0
        return SimpleNamespace(days=240, margin=lambda asked: margin)

    def scores(self):
        return {candidate: self.score(candidate) for candidate in self.looked_at}


def space_of(tmp_path, text):
    (tmp_path / "day").mkdir(exist_ok=True)
    (tmp_path / "day/scenario.yaml").write_text(text)
    return Space.of(load(tmp_path / "day"), "base")


def cheapest(space, rule, plans=600):
    known = Known(rule)
    found = Search(space, known, 10**6, plans).run()
    assert rule(found.listed[0])
    return found, known


@pytest.fixture
def step_by_step(monkeypatch):
    monkeypatch.setattr("analysis.staff.search.ENOUGH", 1)


def test_where_everything_holds_it_comes_to_the_least_of_all(tmp_path):
    space = space_of(tmp_path, LARGE)
    found, known = cheapest(space, lambda plan: True)
    assert space.rank(found.listed[0])[0] == min(map(space.cost, space.all()))
    assert len(known.looked_at) < 60 < space.size


@pytest.mark.usefixtures("step_by_step")
def test_less_of_one_is_made_good_by_more_of_another(tmp_path):
    space = space_of(tmp_path, SMALL)
    desks, booths = space.options
    # what the first choice saves alone leads to (1, 3) for 40; (2, 0) costs 20
    desks = replace(desks, costs=(0.0, 10.0, 20.0, 30.0))
    booths = replace(booths, costs=(0.0, 4.0, 8.0, 30.0))
    space = replace(space, options=(desks, booths))

    def rule(plan):
        return plan[0] >= 2 or (plan[0] == 1 and plan[1] == 3)

    assert cheapest(space, rule)[0].listed[0] == (2, 0)


@pytest.mark.parametrize("seed", range(20))
def test_no_single_step_from_what_it_comes_to_holds_and_saves(tmp_path, seed):
    space = space_of(tmp_path, LARGE)
    random = np.random.Generator(np.random.PCG64(seed))
    # each of three targets asks some of several choices, the more the better
    worth = random.integers(0, 4, size=(3, len(space.options)))
    asked = (worth * np.array(space.generous)).sum(axis=1) * random.uniform(0.3, 0.9)

    def rule(plan):
        return bool((worth @ np.array(plan) >= asked).all())

    found, _ = cheapest(space, rule)
    best = found.listed[0]
    for place, index in enumerate(best):
        for lower in range(index):
            plan = (*best[:place], lower, *best[place + 1 :])
            assert not rule(plan) or space.cost(plan) >= space.cost(best)


def test_looking_at_all_it_goes_on_past_a_plan_that_may_hold_to_one_that_does(tmp_path):
    space = space_of(tmp_path, SMALL)
    first, second, third, *_ = sorted(space.all(), key=space.rank)
    surer = {first: -1.0, second: 0.4, third: 2.0}

    class Near(Known):
        def holds(self, candidate, level):
            super().holds(candidate, level)
            return surer.get(candidate, 3.0) >= level.margin

        def score(self, candidate):
            margin = surer.get(candidate, 3.0)
            return SimpleNamespace(days=240, margin=lambda asked: margin)

    known = Near(lambda plan: True)
    found = Search(space, known, 10**6, 600).run()
    assert found.whole
    assert found.listed[:2] == (second, third)
    # the plan with most of all, and those up to the first that surely holds
    assert known.looked_at == [space.generous, first, second, third]


def test_it_stops_at_as_many_plans_as_it_may_look_at(tmp_path):
    space = space_of(tmp_path, LARGE)
    found, known = cheapest(space, lambda plan: sum(plan) > 6, plans=5)
    assert found.stopped
    assert len(known.looked_at) <= 5
