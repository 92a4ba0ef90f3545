# What is drawn for a day: the day is as if it had been written so in the file.

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scenarios.input import Leaf, NoSuchPathError, leaves
from scenarios.problem import ScenarioError
from scenarios.scenario import Scenario
from simulator.log import Kind, Log
from simulator.world import World
from tests.laws.test_chance import assert_same, bits
from tests.worlds import END, Data, clock_text, scenario_of, worlds

ordinary = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
many = settings(ordinary, max_examples=300, derandomize=False)
NEVER = END + 60.0  # the clock has run out by then
DAYS = 3


def undrawn(log: Log) -> dict[str, Any]:
    """Give a day but for the telling of what was drawn."""
    kept = tuple(r for r in log.records if r.kind != Kind.DRAWN)
    return bits(replace(log, records=kept))


# ---- injects by chance -----------------------------------------------------------


@st.composite
def by_chance(draw: st.DrawFn, data: Data) -> Data:
    """Leave to chance whether injects of a world happen, and when within a span."""
    script: Data = {}
    for name, inject in data["script"].items():
        own = dict(inject)
        own["probability"] = draw(st.sampled_from([0.0, 0.3, 0.7, 1.0]))
        if "at" in own and draw(st.booleans()):
            begin = draw(st.integers(0, 300))
            until = begin + draw(st.integers(1, 100))
            del own["at"]
            own["between"] = {"from": clock_text(begin), "until": clock_text(until)}
        script[name] = own
    return {**data, "script": script}


def certain(scenario: Scenario, log: Log) -> Scenario:
    """Write into a scenario what was drawn for a day: at that time, or never."""
    plan = scenario.plans["base"]
    told = {r.subject: r.details for r in log.of(Kind.DRAWN)}
    script = {}
    for name, inject in plan.setting.script.items():
        change: dict[str, Any] = {"probability": 1.0, "between": None}
        if not told.get(name, {"happens": 1})["happens"]:
            change |= {"at": NEVER, "after": None, "when": None, "delay": 0.0}
        elif inject.between is not None:
            change["at"] = told[name]["at"]
        script[name] = inject.model_copy(update=change)
    setting = plan.setting.model_copy(update={"script": script})
    return replace(scenario, plans={"base": replace(plan, setting=setting)})


def check_drawn_injects(data: Data) -> None:
    scenario = scenario_of(data)
    for number in range(DAYS):
        log = World(scenario, replication=number).finish()
        other = World(certain(scenario, log), replication=number).finish()
        assert not other.of(Kind.DRAWN)
        assert_same(undrawn(log), bits(other))


@ordinary
@given(worlds().flatmap(by_chance))
def test_a_day_is_as_if_its_injects_had_been_written_at_their_times(data):
    check_drawn_injects(data)


def check_followers(data: Data) -> None:
    """Nothing happens after what does not happen; all else may."""
    scenario = scenario_of(data)
    script = scenario.setting.script
    for number in range(DAYS):
        log = World(scenario, replication=number).finish()
        times = {r.subject: r.time for r in log.of(Kind.INJECT)}
        for name, inject in script.items():
            if inject.after is not None and name in times:
                assert times[name] >= times[inject.after] + inject.delay - 1e-9
            if inject.between is not None and name in times:
                assert inject.between.from_ <= times[name] < inject.between.until


@ordinary
@given(worlds().flatmap(by_chance))
def test_who_follows_waits_for_the_other_and_a_span_holds_its_inject(data):
    check_followers(data)


def check_spare_chance(data: Data, probability: float) -> None:
    """Add an inject by chance that changes nothing: only its own lines are new."""
    effect = {"kind": "balking", "station": "KV0", "factor": 1.0, "for": "30 min"}
    spare = {
        "title": "Nothing",
        "between": {"from": "07:00", "until": "09:00"},
        "probability": probability,
        "effects": [effect],
    }
    added = scenario_of({**data, "script": {"spare": spare, **data["script"]}})
    scenario = scenario_of(data)
    for number in range(DAYS):
        log = World(added, replication=number).finish()
        kept = [r for r in log.records if r.subject not in ("spare", "spare/1")]
        plain = World(scenario, replication=number).finish()
        assert_same(bits(replace(log, records=tuple(kept))), bits(plain))


@ordinary
@given(worlds().flatmap(by_chance), st.sampled_from([0.0, 0.5, 1.0]))
def test_an_inject_by_chance_that_changes_nothing_changes_nothing_else(data, chance):
    check_spare_chance(data, chance)


# ---- uncertain inputs ------------------------------------------------------------

DEEPEST = 9


def all_leaves(scenario: Scenario) -> list[Leaf]:
    """List all values of a scenario that can be drawn."""
    found: list[Leaf] = []
    for depth in range(2, DEEPEST):
        try:
            found += leaves(scenario.setting, ".".join("*" * depth))
        except NoSuchPathError:
            continue
    return found


# Of each kind a level that files can write to the bit: what is drawn, what is written.
def level_of(leaf: Leaf, size: int) -> tuple[str, Any, Any]:
    if leaf.kind == "duration":
        return "value", f"{30 * size} s", f"{30 * size} s"
    if leaf.kind == "share":
        return "value", f"{10 * size % 110} %", f"{10 * size % 110} %"
    if leaf.kind == "number":
        return "value", size / 4, size / 4
    if leaf.kind == "whole number":
        return "value", size, size
    if leaf.kind == "time":
        return "add", f"{size} min", clock_text(round(leaf.value) + size)
    return "factor", 1, None


def put(data: Any, place: tuple[str | int, ...], value: object) -> Any:
    """Write a value into the plain data of a world."""
    if not place:
        return value
    key, rest = place[0], place[1:]
    if isinstance(data, list):
        return [put(v, rest, value) if i == key else v for i, v in enumerate(data)]
    if isinstance(data, str):  # a bare duration is a law of one value
        data = {"law": "constant", "value": data}
    data = data or {}
    # Keys of numbers are numbers in plain data.
    same = [k for k in data if str(k) == str(key)]
    key = same[0] if same else key
    return {**data, key: put(data.get(key), rest, value)}


def uncertain(place: tuple[str | int, ...], way: str, level: object) -> Data:
    path = ".".join(map(str, place))
    law = {"law": "empirical", "values": [level]}
    return {"it": {"title": "It", "path": path, way: law}}


def check_level(data: Data, pick: int, size: int) -> None:
    scenario = scenario_of(data)
    found = all_leaves(scenario)
    leaf = found[pick % len(found)]
    way, level, text = level_of(leaf, size)
    whole = data if text is None else put(data, leaf.place, text)
    drawn_data = {**data, "uncertain": uncertain(leaf.place, way, level)}
    try:
        other = scenario_of(whole)
    except ScenarioError:
        # What cannot be written cannot be drawn either.
        with pytest.raises(ScenarioError):
            scenario_of(drawn_data)
        assume(False)
    drawn = scenario_of(drawn_data)
    for number in range(DAYS):
        world, plain = (
            World(drawn, replication=number),
            World(other, replication=number),
        )
        assert world.setting.model_copy(update={"uncertain": {}}) == plain.setting
        assert_same(undrawn(world.finish()), undrawn(plain.finish()))


@ordinary
@given(worlds(), st.integers(0, 10_000), st.integers(0, 12))
def test_a_day_is_as_if_its_level_had_been_written_at_the_path(data, pick, size):
    check_level(data, pick, size)


def test_every_kind_of_value_can_be_drawn_somewhere():
    # Over some worlds, as the law above picks them; and no place is listed twice.
    kinds: set[str] = set()

    @settings(ordinary, max_examples=10)
    @given(worlds())
    def collect(data: Data) -> None:
        found = all_leaves(scenario_of(data))
        kinds.update(leaf.kind for leaf in found)
        assert not [one for one, two in pairwise(sorted(map(str, found))) if one == two]
        assert "clock" not in {leaf.place[0] for leaf in found}

    collect()
    assert {"number", "whole number", "share", "duration", "time"} <= kinds


@pytest.mark.deep
@many
@given(
    worlds().flatmap(by_chance),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.integers(0, 10_000),
    st.integers(0, 12),
)
def test_the_laws_of_what_is_drawn_hold_in_many_worlds(data, chance, pick, size):
    check_drawn_injects(data)
    check_followers(data)
    check_spare_chance(data, chance)
    check_level(data, pick, size)
