# A dispatch policy of the user's own, through the front door.

import pytest

import muster
from scenarios.problem import ScenarioError
from tests.simulator.test_dispatch_rules import at, kind, unit, world


def farthest(call, candidates, view):
    found = max(candidates, key=lambda c: (c.estimate, c.unit), default=None)
    return [found] + [None] * (len(call.needs) - 1)


@pytest.fixture
def scenario():
    units = {"A": unit("k0"), "B": unit("k5")}
    script = {"S1": at("07:00", "brawl", "k10")}
    return world(units, {"brawl": kind()}, script).scenario


def first_response(result):
    rows = result.measures.query("measure == 'response.mean' and subject == 'overall'")
    return rows["value"].tolist()


@pytest.mark.parametrize("workers", [1, 2])
def test_it_is_played_by_any_number_of_workers(scenario, workers):
    own = muster.run(scenario, replications=2, workers=workers, policy=farthest)
    assert first_response(own) == [12.0, 12.0]
    named = muster.run(scenario, replications=2, workers=1)
    assert first_response(named) == [7.0, 7.0]
    log = own.experiment.play(0).log
    assert "farthest" in "\n".join(log.lines())


def test_it_is_named_in_the_manifest_and_cannot_be_repeated_without_it(
    scenario, tmp_path
):
    from analysis.result import again

    muster.run(scenario, replications=1, policy=farthest).write(tmp_path / "out")
    with pytest.raises(
        ScenarioError, match="played with a policy of its own, farthest"
    ):
        again(tmp_path / "out" / "run.json")


def test_a_function_that_cannot_travel_is_refused(scenario):
    with pytest.raises(ScenarioError, match="define it in a module, or take workers=1"):
        muster.run(scenario, replications=2, workers=2, policy=lambda *_: [None])
