# What is not known beforehand: injects by chance, inputs drawn once a day.

from math import inf, isfinite

import numpy as np
import pytest
from scipy import stats

from analysis.column import TABLES
from analysis.day import Day
from analysis.experiment import run_experiment
from analysis.interval import proportion_interval
from analysis.measure import FUNCTIONS, Query
from analysis.measure.chance import CHANCES
from analysis.table import draws_table
from scenarios.input import at_levels
from scenarios.uncertain import CUT, Input
from simulator.log import Kind
from simulator.stream import Chance
from simulator.uncertain import levels_drawn, quantile
from simulator.world import World
from tests.laws.test_chance import bits
from tests.town import PATROL
from tests.worlds import scenario_of

WORLD = (
    PATROL
    + """
stations:
  KV1:
    place: school
    registered: 301
    turnout: 80 %
    arrivals: {hourly: [1, 1, 1]}
    opens: "06:00"
    closes: "09:00"
    officers: 4
    stages:
      desk: {servers: 2, voting: true, service: {law: exponential, mean: 60 s}}
  KV2:
    place: school
    registered: 200
    turnout: 80 %
    arrivals: {hourly: [1, 1, 1]}
    opens: "06:00"
    closes: "09:00"
    officers: 4
    stages:
      desk: {servers: 2, voting: true, service: 50 s}
incidents:
  fight:
    levels: [{needs: {order: 1}, on_scene: 10 min}]
    rates: [{places: [square], per_hour: 2}]
script:
  storm:
    title: Storm
    between: {from: "07:00", until: "08:30"}
    probability: 30 %
    effects: [{kind: delay_reports, delay: 1 min, for: 10 min}]
  flood:
    title: Flood
    after: storm
    delay: 5 min
    probability: 50 %
    effects: [{kind: incident, type: fight, place: square}]
  crowd:
    title: Crowd
    when: queue(KV1) > 1
    probability: 40 %
    effects: [{kind: delay_reports, delay: 1 min, for: 10 min}]
  drill:
    title: Drill
    at: "07:30"
    effects: [{kind: incident, type: fight, place: school}]
"""
)
UNCERTAIN = """
uncertain:
  list:
    title: Voters on the lists
    path: stations.*.registered
    factor: {law: triangular, low: 0.9, mode: 1, high: 1.2}
  check-in:
    title: Check-in
    path: stations.*.stages.desk.service.mean
    add: {law: uniform, low: -10 s, high: 20 s}
  fights:
    title: Fights
    path: incidents.fight.rates[0].per_hour
    value: {law: gamma, mean: 2, cv: 0.4}
"""


def days(scenario, number, plan="base"):
    for replication in range(number):
        world = World(scenario, plan, 1, replication)
        yield world, world.finish()


def drawn(log):
    return {r.subject: dict(r.details) for r in log.of(Kind.DRAWN)}


# ---- injects ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def logs():
    return [log for _, log in days(scenario_of(WORLD), 200)]


@pytest.mark.parametrize(
    ("name", "share"), [("storm", 0.3), ("crowd", 0.4), ("flood", 0.15)]
)
def test_an_inject_happens_on_its_share_of_days(logs, name, share):
    on = sum(drawn(log)[name]["happens"] for log in logs)
    low, high = proportion_interval(on, len(logs), 0.999)
    assert low < share < high


def test_it_happens_when_drawn_and_else_not(logs):
    for log in logs:
        told = drawn(log)
        happened = {r.subject: r.time for r in log.of(Kind.INJECT)}
        assert "drill" not in told
        assert happened["drill"] == 90.0
        for name, details in told.items():
            assert (name in happened) == bool(details["happens"])
        if "storm" in happened:
            assert happened["storm"] == told["storm"]["at"]
        if "flood" in happened:
            assert happened["flood"] == pytest.approx(happened["storm"] + 5)


def test_a_time_within_the_window_is_as_likely_as_another(logs):
    times = [
        r.time for log in logs for r in log.of(Kind.INJECT) if r.subject == "storm"
    ]
    assert all(60 <= time < 150 for time in times)
    assert stats.kstest((np.array(times) - 60) / 90, "uniform").pvalue > 0.001


def test_an_inject_that_does_not_happen_changes_nothing_else():
    data = WORLD + "  never: {title: N, at: '07:00', probability: 0 %, effects: "
    data += "[{kind: incident, type: fight, place: square}]}\n"
    for (_, log), (_, other) in zip(
        days(scenario_of(WORLD), 4), days(scenario_of(data), 4), strict=True
    ):
        assert bits(log) == bits(other, without="never")


def test_all_plans_meet_the_same_injects_and_inputs():
    scenario = scenario_of(
        WORLD + UNCERTAIN, {"other": {"stations": {"KV1": {"officers": 1}}}}
    )
    for number in range(10):
        worlds = [World(scenario, plan, 1, number) for plan in ("base", "other")]
        one, two = (drawn(world.finish()) for world in worlds)
        assert one == two


# ---- inputs ----------------------------------------------------------------------


def test_the_world_of_a_day_is_the_scenario_at_the_levels_drawn():
    scenario = scenario_of(WORLD + UNCERTAIN)
    for world, log in days(scenario, 5):
        levels = levels_drawn(scenario.setting, Chance(1, world.chance.replication))
        told = {n: d["level"] for n, d in drawn(log).items() if "level" in d}
        assert told == levels
        found = world.setting
        one, two = found.stations["KV1"], found.stations["KV2"]
        assert one.registered == round(301 * levels["list"])
        assert two.registered == round(200 * levels["list"])
        assert log.voters["KV1"].registered == one.registered
        assert one.stages["desk"].service.mean == pytest.approx(1 + levels["check-in"])
        assert (
            two.stages["desk"].service
            == scenario.setting.stations["KV2"].stages["desk"].service
        )
        assert found.incidents["fight"].rates[0].per_hour == levels["fights"]


def test_a_day_is_as_if_its_levels_had_been_written_in_the_file():
    scenario = scenario_of(WORLD + UNCERTAIN)
    levels = levels_drawn(scenario.setting, Chance(1, 3))
    text = WORLD.replace(
        "registered: 301", f"registered: {round(301 * levels['list'])}"
    )
    text = text.replace("registered: 200", f"registered: {round(200 * levels['list'])}")
    text = text.replace("mean: 60 s", f"mean: {(1 + levels['check-in']) * 60!r} s")
    text = text.replace("per_hour: 2", f"per_hour: {levels['fights']!r}")
    log = World(scenario, "base", 1, 3).finish()
    other = World(scenario_of(text), "base", 1, 3).finish()
    kept = [
        r for r in log.records if not (r.kind == Kind.DRAWN and r.subject in levels)
    ]
    assert len(kept) == len(other.records)
    for a, b in zip(kept, other.records, strict=True):
        assert (a.kind, a.subject) == (b.kind, b.subject)
        assert a.time == pytest.approx(b.time, abs=1e-9)


def test_a_clock_time_may_be_drawn():
    late = "{law: uniform, low: 0 min, high: 20 min}"
    data = WORLD + (
        f"uncertain:\n  late: {{title: L, path: script.drill.at, add: {late}}}\n"
        f"  crew: {{title: C, path: 'units.P1.shifts[0].from', add: {late}}}\n"
    )
    for world, log in days(scenario_of(data), 5):
        told = {n: d["level"] for n, d in drawn(log).items() if "level" in d}
        times = {r.subject: r.time for r in log.of(Kind.INJECT)}
        assert times["drill"] == 90 + told["late"]
        assert world.setting.units["P1"].shifts[0].from_ == told["crew"]


def test_observed_durations_may_be_drawn():
    data = WORLD.replace(
        "{law: exponential, mean: 60 s}", "{law: empirical, values: [60 s, 30 s]}"
    )
    path = "stations.KV1.stages.desk.service.values.*"
    law = "{law: empirical, values: [4]}"
    data += f"uncertain:\n  slow: {{title: S, path: '{path}', factor: {law}}}\n"
    for world, log in days(scenario_of(data), 2):
        assert world.setting.stations["KV1"].stages["desk"].service.ranked == (2.0, 4.0)
        table = log.voters["KV1"]
        served = (table.end - table.start).ravel()
        assert set(served[np.isfinite(served)].round(9)) == {2.0, 4.0}


def test_an_input_that_leaves_all_as_it_is_changes_nothing():
    data = WORLD + (
        "uncertain:\n  none: {title: N, path: stations.*.turnout, factor: "
        "{law: empirical, values: [1]}}\n"
    )
    for (_, log), (_, other) in zip(
        days(scenario_of(WORLD), 3), days(scenario_of(data), 3), strict=True
    ):
        assert bits(log) == bits(other, without="none")


def test_a_draw_reaches_the_tables():
    scenario = scenario_of(WORLD + UNCERTAIN)
    experiment = run_experiment(scenario, replications=6, workers=1)
    found = draws_table(experiment)
    levels = levels_drawn(scenario.setting, Chance(1, 4))
    own = found[(found["replication"] == 4) & (found["kind"] == "input")]
    assert list(TABLES["draws"].columns) == list(found.columns)
    assert dict(zip(own["subject"], own["level"], strict=True)) == levels
    assert ("input.level", -1.0, "list") in experiment.series
    injects = found[found["kind"] == "inject"]
    assert set(injects["subject"]) == {"storm", "flood", "crowd"}
    assert (np.isfinite(injects["minute"]) == (injects["level"] == 1)).all()
    assert all(isfinite(level) for level in found["level"])


def test_measures_of_chance_say_what_the_log_says():
    scenario = scenario_of(WORLD + UNCERTAIN)
    seen = set()
    for world, log in days(scenario, 12):
        day, told = Day(world.setting, log), drawn(log)
        happened = {r.subject: r.time for r in log.of(Kind.INJECT)}
        chances = {name for name, details in told.items() if "happens" in details}
        assert chances == {"storm", "flood", "crowd"}
        found = {name: FUNCTIONS[name](day, Query()) for name in CHANCES}
        assert found == {
            "input.level": levels_drawn(scenario.setting, world.chance),
            "inject.happened": {name: float(name in happened) for name in chances},
            "inject.time": {name: happened.get(name, inf) for name in chances},
        }
        seen |= set(found["inject.happened"].values())
    assert seen == {0.0, 1.0}


def law_of(**law):
    return Input.model_validate({"title": "", "path": "x", "value": law}).law


LAWS = [
    ({"law": "uniform", "low": -2, "high": 3}, stats.uniform(-2, 5)),
    ({"law": "triangular", "low": 1, "mode": 2, "high": 5}, stats.triang(0.25, 1, 4)),
    ({"law": "normal", "mean": 3, "sd": 2}, stats.norm(3, 2)),
    (
        {"law": "lognormal", "mean": 2, "cv": 0.5},
        stats.lognorm(s=np.sqrt(np.log(1.25)), scale=2 / np.sqrt(1.25)),
    ),
    ({"law": "gamma", "mean": 2, "cv": 0.5}, stats.gamma(4, scale=0.5)),
]


@pytest.mark.parametrize(("law", "known"), LAWS, ids=lambda x: str(x)[:30])
def test_levels_are_quantiles_of_the_law_between_its_ends(law, known):
    law = law_of(**law)
    low, high = law.bounds
    cut = 0.0 if law.law in ("uniform", "triangular") else CUT
    assert known.cdf([low, high]) == pytest.approx([cut, 1 - cut], abs=1e-9)
    for share in (0.0, 0.1, 0.5, 0.77, 0.999, 1.0):
        level = quantile(law, share)
        inside = cut + (1 - 2 * cut) * share
        assert level == pytest.approx(known.ppf(inside), rel=1e-9, abs=1e-9)
        assert low <= level <= high


def test_observed_levels_come_alike():
    law = law_of(law="empirical", values=[3, 1, 2])
    assert [quantile(law, s) for s in (0.0, 0.3, 0.34, 0.6, 0.7, 1.0)] == [
        1,
        1,
        2,
        2,
        3,
        3,
    ]


def test_a_scenario_at_no_levels_is_itself():
    setting = scenario_of(WORLD + UNCERTAIN).setting
    assert at_levels(setting, {}) is setting
