# What is not known beforehand, as it is written: read, told, and refused.

import pytest

from scenarios.amount import amount_of
from scenarios.check import check_text
from scenarios.describe import describe
from scenarios.input import leaves, moved
from scenarios.problem import ScenarioError
from tests.simulator.test_uncertain import UNCERTAIN, WORLD
from tests.worlds import scenario_of


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        (1.2, 1.2, ""),
        (-3, -3.0, ""),
        ("5 %", 0.05, "%"),
        ("-10%", -0.1, "%"),
        ("+ 120 %", 1.2, "%"),
        ("90 s", 1.5, "min"),
        ("-1 h 30 min", -90.0, "min"),
        ("\u221210 %", -0.1, "%"),  # a minus and a dash, as writing programs have them
        ("\u2013 90 s", -1.5, "min"),
    ],
)
def test_an_amount_is_a_number_a_share_or_a_duration(text, number, unit):
    amount = amount_of(text)
    assert amount.number == pytest.approx(number)
    assert amount.unit == unit


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("90 s", "90 s"),
        ("84.375 s", "84.38 s"),
        ("84.844 s", "84.84 s"),  # the next of 64 levels from 60 to 90 s
        ("2 min", "2 min"),
        ("232.4 s", "3.873 min"),
        ("-30 s", "-30 s"),
        ("12.25 min", "12.25 min"),
        ("2 h", "2 h 00 min"),
        ("12.5 %", "12.5 %"),
    ],
)
def test_an_amount_is_written_so_that_neighbours_differ(text, told):
    assert amount_of(text).text() == told


@pytest.mark.parametrize("text", ["", "x", "5", "1,5 %", True, None, "5 km", "1e3 %"])
def test_nothing_else_is_an_amount(text):
    with pytest.raises(ValueError, match=r"write 1.2, 5 % or 90 s"):
        amount_of(text)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("stations.*.turnout", [("share", 0.8), ("share", 0.8)]),
        ("stations.KV2.registered", [("whole number", 200.0)]),
        ("stations.*.stages.desk.service.mean", [("duration", 1.0)]),
        ("units.*.turnout.value", [("duration", 2.0)]),
        ("script.*.probability", [("share", p) for p in (0.3, 0.5, 0.4, 1.0)]),
        ("incidents.*.rates[0].per_hour", [("number", 2.0)]),
        ("incidents.fight.rates.*.per_hour", [("number", 2.0)]),
        ("stations.KV1.arrivals.hourly.1", [("number", 1.0)]),
        ("script.flood.delay", [("duration", 5.0)]),
        ("script.*.at", [("time", 90.0)]),
        ("stations.*.opens", [("time", 0.0), ("time", 0.0)]),
        ("units.P1.shifts[0].from", [("time", 0.0)]),
        ("script.storm.between.until", [("time", 150.0)]),
    ],
)
def test_a_path_leads_to_values(path, found):
    setting = scenario_of(WORLD).setting
    assert [(leaf.kind, leaf.value) for leaf in leaves(setting, path)] == found


@pytest.mark.parametrize(
    ("way", "level", "value"),
    [("add", 0.5, 302), ("add", -0.5, 301), ("add", 0.4, 301), ("value", 2.5, 3)],
)
def test_whole_numbers_are_rounded_and_halves_up(way, level, value):
    (leaf,) = leaves(scenario_of(WORLD).setting, "stations.KV1.registered")
    assert moved(leaf, way, level) == value


def one(path: str, law: str) -> str:
    return f"uncertain:\n  it: {{title: It, path: '{path}', {law}}}\n"


RANGE = "{law: uniform, low: 1, high: 2}"
ON_DESK = "stations.*.stages.desk.service"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (one("stations.*.size", f"factor: {RANGE}"), "no 'size' in stations.*; "),
        (one("station.*.turnout", f"factor: {RANGE}"), "did you mean 'stations'?"),
        (one("targets.x.days", f"factor: {RANGE}"), "'targets' is the same on all"),
        (one("*", f"factor: {RANGE}"), "leads to no value, found '*'"),
        (one("*.day", f"factor: {RANGE}"), "leads to no value, found '*.day'"),
        (
            one(ON_DESK, f"factor: {RANGE}"),
            f"uncertain.it.path: leads to no value, found '{ON_DESK}': what stands "
            "there is no number, share, duration or time",
        ),
        (
            one("stations.*.opens", f"factor: {RANGE}"),
            "does not fit stations.KV1.opens, a clock time; write add, such as 5 min",
        ),
        (
            one("script.drill.at", "value: {law: uniform, low: 1 min, high: 2 min}"),
            "does not fit script.drill.at, a clock time; write add",
        ),
        (
            one("script.drill.at", f"add: {RANGE}"),
            "does not fit script.drill.at, a time, found 1; write 5 min",
        ),
        (
            one(
                "units.P1.shifts[0].from", "add: {law: uniform, low: 0 min, high: 5 h}"
            ),
            "at its highest, +5 h 00 min: units.P1.shifts[0].until: must be after from",
        ),
        (one("stations.*.room", f"factor: {RANGE}"), "does not say it; write it there"),
        (
            one("stations.*.turnout", "factor: {law: uniform, low: 1, high: 1.5}"),
            "uncertain.it.factor: at its highest, +50 %: stations.KV1.turnout: not a "
            "share, found 1.2",
        ),
        (
            one("stations.*.turnout", "add: {law: normal, mean: 0 %, sd: 30 %}"),
            "at its lowest, -92.71 %: stations.KV1.turnout: not a share, found -0.127",
        ),
        (
            one("stations.*.turnout", "value: {law: uniform, low: 1 min, high: 2 min}"),
            "does not fit stations.KV1.turnout, a share, found 1 min; write 5 %",
        ),
        (
            one("units.P1.turnout.value", f"add: {RANGE}"),
            "does not fit units.P1.turnout.value, a duration, found 1; write 90 s",
        ),
        (
            one("stations.*.turnout", "factor: {law: uniform, low: 2, high: 1}"),
            "uncertain.it.factor: low must be below high, found 2 and 1",
        ),
        (
            one("stations.*.turnout", "factor: {law: uniform, low: 1 s, high: 2 s}"),
            "uncertain.it.factor: must be numbers or shares, found durations",
        ),
        (
            one("stations.*.turnout", "factor: {law: uniform, low: 1, high: 2 min}"),
            "amounts of two kinds, found '1' and '2 min'; write all alike",
        ),
        (one("stations.*.turnout", "factor: {law: poisson}"), "no such law"),
        (
            "uncertain: {it: {title: It, path: stations.*.turnout}}\n",
            "give exactly one of value, add and factor, found none",
        ),
        (
            one("stations.*.turnout", f"factor: {RANGE}, add: {RANGE}"),
            "exactly one of value, add and factor, found add and factor",
        ),
        (
            UNCERTAIN + "  more: {title: M, path: stations.KV2.registered, factor: "
            "{law: uniform, low: 1, high: 2}}\n",
            "stations.KV2.registered is drawn by 'list' already; one value, one input",
        ),
        (
            "uncertain:\n"
            "  a: {title: A, path: 'stations.KV1.arrivals.hourly.0', factor: &f "
            "{law: uniform, low: 0, high: 1}}\n"
            "  b: {title: B, path: 'stations.KV1.arrivals.hourly.1', factor: *f}\n"
            "  c: {title: C, path: 'stations.KV1.arrivals.hourly.2', factor: *f}\n",
            "all at their lowest together: stations.KV1.arrivals.hourly: at least one",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_place(text, told):
    with pytest.raises(ScenarioError) as error:
        scenario_of(WORLD + text)
    assert told in str(error.value)
    assert "scenario.yaml:" in str(error.value)


def test_an_end_that_a_plan_does_not_stand_is_refused_under_the_plan():
    data = WORLD + one("stations.KV1.officers", "add: {law: uniform, low: -3, high: 0}")
    assert scenario_of(data).plans
    with pytest.raises(ScenarioError, match="under plan few, at its lowest, -3"):
        scenario_of(data, {"few": {"stations": {"KV1": {"officers": 2}}}})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("probability: 130 %", "script.x.probability: not a share, found '130 %'"),
        ("at: '07:00'", "one of at, between, after and when, found at and between"),
    ],
)
def test_an_inject_by_chance_that_is_not_sound_is_refused(change, told):
    between = "between: {from: '07:00', until: '08:00'}"
    head = f"  x: {{title: X, {between}, {change}, effects: "
    data = WORLD + head + "[{kind: incident, type: fight, place: square}]}\n"
    with pytest.raises(ScenarioError) as error:
        scenario_of(data)
    assert told in str(error.value)


def test_a_window_must_run_forward():
    data = WORLD.replace('until: "08:30"', 'until: "06:30"')
    with pytest.raises(ScenarioError, match=r"storm.between.until: must be after from"):
        scenario_of(data)


def findings(text: str) -> list[str]:
    return [str(found) for found in check_text(scenario_of(WORLD + text), "base")]


def test_the_check_tells_injects_that_chance_makes_vain():
    effect = "{kind: delay_reports, delay: 1 min, until: '07:30'}"
    fight = "{kind: incident, type: fight, place: square}"
    found = findings(
        f"  never: {{title: N, at: '07:00', probability: 0 %, effects: [{fight}]}}\n"
        "  late: {title: L, between: {from: '09:00', until: '11:00'}, effects: "
        f"[{fight}]}}\n"
        "  gone: {title: G, between: {from: '10:00', until: '11:00'}, effects: "
        f"[{fight}]}}\n"
        "  some: {title: S, between: {from: '07:00', until: '08:00'}, effects: "
        f"[{effect}]}}\n"
        "  none: {title: S, between: {from: '08:00', until: '09:00'}, effects: "
        f"[{effect}]}}\n"
    )
    for text in (
        "script.never.probability: 0 %: it never happens",
        "script.late.between: 09:00 to 11:00 reaches outside the clock: on days",
        "script.gone.between: 10:00 to 11:00 lies outside the clock: it never happens",
        "script.some.effects[0]: ends at 07:30: on days on which it comes later",
        "script.none.effects[0]: ends at 07:30, before it begins",
    ):
        assert [line for line in found if text in line], (text, found)
    assert not [line for line in findings("") if "script" in line]


@pytest.mark.parametrize(
    ("path", "law", "told"),
    [
        (
            "stations.*.stages.desk.servers",
            "factor: {law: uniform, low: 0.9, high: 1.1}",
            "uncertain.it.factor: from -10 % to +10 % stations.KV1.stages.desk.servers "
            "stays 2, rounded, and the others likewise: it changes nothing",
        ),
        (
            "stations.KV1.priority",
            "factor: {law: uniform, low: 0.9, high: 1.1}",
            "from -10 % to +10 % stations.KV1.priority stays 0: it changes nothing",
        ),
        ("stations.*.turnout", "factor: {law: uniform, low: 0.9, high: 1.1}", ""),
        ("stations.*.turnout", "factor: {law: empirical, values: [1]}", ""),
    ],
)
def test_the_check_tells_inputs_that_change_nothing(path, law, told):
    found = [line for line in findings(one(path, law)) if "uncertain" in line]
    assert bool(found) == bool(told)
    assert not told or told in found[0]


def test_a_scenario_is_described_with_what_is_not_known():
    text = describe(scenario_of(WORLD + UNCERTAIN), "base")
    for line in (
        "- At any minute between 07:00 and 08:30, on 30 % of days, storm: Storm.",
        "- 5 min after storm, on 50 % of days with storm, flood: Flood.",
        "- When queue(KV1) > 1, on 40 % of days, crowd: Crowd.",
        "- list: Voters on the lists is multiplied by something from 0.9 to 1.2, "
        "likeliest 1; once a day, the same under every plan (2 values, "
        "stations.*.registered).",
        "- check-in: Check-in is moved by anything from -10 s to 20 s;",
        "- fights: Fights is a gamma amount with mean 2 and cv 0.4, cut off where one "
        "day in a thousand lies beyond: ",
    ):
        assert line in text
