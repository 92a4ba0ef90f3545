# Chance and order: the same whatever is cut, added, refused or counted on the side.

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.experiment import run_experiment
from scenarios.order import KINDS, MoveOfficers, Order, Send
from simulator.log import Kind, Log, Record
from simulator.voter import Voters
from simulator.world import World
from tests.worlds import END, Data, scenario_of, worlds

ordinary = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
many = settings(ordinary, max_examples=150, derandomize=False)
moments = st.lists(st.floats(0, END) | st.integers(0, END).map(float), max_size=12)


def bits(log: Log, *, without: str = "") -> dict[str, Any]:
    """Give everything a log holds, to the bit; but for one subject.

    What it adds to the cover of the whole is its own doing, too.
    """
    return {
        "records": [
            (r.time, r.kind, r.subject, r.place, dict(r.details))
            for r in log.records
            if r.subject != without and not (without and r.kind == Kind.COVER)
        ],
        "voters": {
            name: [
                value.tobytes() if isinstance(value, np.ndarray) else value
                for value in (getattr(table, f.name) for f in fields(table))
            ]
            for name, table in log.voters.items()
            if name != without
        },
        "end": log.end,
    }


def assert_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    for a, b in zip(one["records"], other["records"], strict=False):
        assert a == b
    assert len(one["records"]) == len(other["records"])
    assert one == other


# ---- pieces ----------------------------------------------------------------------


def check_pieces(data: Data, moments: list[float]) -> None:
    scenario = scenario_of(data)
    whole = World(scenario).finish()
    world = World(scenario)
    for moment in sorted(moments):
        world.advance(moment)
        # What is due at the moment is still to come: orders given now act before it.
        assert all(record.time < moment for record in world.log().records)
    assert_same(bits(world.finish()), bits(whole))


@ordinary
@given(worlds(), moments)
def test_a_day_played_in_any_pieces_is_the_same_day(data, moments):
    check_pieces(data, moments)


@st.composite
def orders(draw: st.DrawFn, data: Data) -> list[tuple[float, Order]]:
    """Give orders at random moments, good and bad ones."""
    incidents = [*data["script"], "T0@p0#1", "T0@p1#1", "T1@p0#1", "nothing"]
    stations = st.sampled_from([*data["stations"], "KV9"])
    given = []
    for _ in range(draw(st.integers(0, 8))):
        time = float(draw(st.integers(0, END - 1)))
        if draw(st.booleans()):
            unit = draw(st.sampled_from([*data["units"], "U9"]))
            name = draw(st.sampled_from(incidents))
            given.append((time, Send(unit=unit, incident=name)))
        else:
            ends = {"from_": draw(stations), "to": draw(stations)}
            number = draw(st.integers(1, 3))
            given.append((time, MoveOfficers(**ends, officers=number)))
    return sorted(given, key=lambda pair: pair[0])


def commanded(
    data: Data, given: list[tuple[float, Order]], moments: list[float]
) -> World:
    world = World(scenario_of(data))
    cuts = sorted(moments)
    for time, order in given:
        for cut in [c for c in cuts if world.now <= c <= time]:
            world.advance(cut)
        world.advance(time)
        world.apply(order)
    return world


@ordinary
@given(worlds().flatmap(lambda d: st.tuples(st.just(d), orders(d))), moments)
def test_the_same_orders_make_the_same_day_in_any_pieces(case, moments):
    data, given = case
    whole = commanded(data, given, []).finish()
    assert_same(bits(commanded(data, given, moments).finish()), bits(whole))
    back = sum(r.subject in KINDS for r in whole.of(Kind.ORDER, Kind.REFUSED))
    # One for a unit out of touch is held, and then given, if the unit ever is in touch.
    held = len(whole.of(Kind.ORDER_HELD))
    assert back <= len(given) <= back + held, "every order is in the log"


def check_refused(data: Data, given: list[tuple[float, Order]]) -> None:
    """Give only orders that are refused; but for their lines nothing changes."""
    world = World(scenario_of(data))
    for time, order in given:
        world.advance(time)
        if isinstance(order, Send):
            unit = world.units.get(order.unit)
            # To who is out of touch an order is held, and refused later.
            name = "nobody" if unit is not None and unit.silent else order.unit
            world.apply(Send(unit=name, incident="nothing"))
        else:
            world.apply(MoveOfficers(from_=order.from_, to=order.from_))
    log = world.finish()
    # An effect may be refused, too.
    refused = [r for r in log.of(Kind.REFUSED) if r.subject in KINDS]
    kept = [r for r in log.records if r not in refused]
    assert len(log.records) == len(kept) + len(given)
    commanded_log = Log(records=tuple(kept), voters=log.voters, end=log.end)
    assert_same(bits(commanded_log), bits(World(scenario_of(data)).finish()))


@ordinary
@given(worlds().flatmap(lambda d: st.tuples(st.just(d), orders(d))))
def test_a_refused_order_changes_nothing_else(case):
    check_refused(*case)


# ---- what does nothing changes nothing -------------------------------------------


# A free unit counts for cover and stand-by moves whatever it can do, and each of its
# comings and goings is a moment at which the queue is looked at, which matters where
# the choice changes with time. Behind: strict hides from the log what cannot be reached
# behind the head, but only while somebody stands free.
COUNTED = ("standby", "cover", "switch", "behind")


def plain_rules(data: Data) -> Data:
    """Leave out the rules under which every unit counts; say who loses touch."""
    rules = {k: v for k, v in data["dispatch"].items() if k not in COUNTED}
    if rules["policy"] in ("keep-cover", "nearest-or-busy"):
        rules["policy"] = "nearest"
    named = {"units": list(data["units"])}
    script = {
        name: {
            **inject,
            "effects": [
                effect | (named if effect["kind"] == "radio_loss" else {})
                for effect in inject["effects"]
            ],
        }
        for name, inject in data["script"].items()
    }
    return {**data, "dispatch": rules, "script": script}


def spare_unit(data: Data) -> Data:
    spare = {
        "agency": "police",
        "skills": ["juggling"],
        "base": "p0",
        "shifts": [
            {"from": "06:00", "until": "08:00"},
            {"from": "09:00", "until": "13:00"},
        ],
        "posts": [{"place": "p1", "from": "07:00", "until": "09:30"}],
    }
    return {**data, "units": {"spare": spare, **data["units"]}}


def check_spare_unit(data: Data) -> None:
    data = plain_rules(data)
    without = World(scenario_of(data)).finish()
    with_it = World(scenario_of(spare_unit(data))).finish()
    assert any(r.subject == "spare" for r in with_it.records)
    assert_same(bits(with_it, without="spare"), bits(without, without="-"))


@ordinary
@given(worlds())
def test_a_unit_that_nothing_needs_changes_nothing_else(data):
    check_spare_unit(data)


def spare_station(data: Data) -> Data:
    """Add a station where nobody else has anything to do, first in the file."""
    place = {"node": next(iter(data["roads"]["network"]["nodes"]))}
    station = {
        "place": "apart",
        "registered": 40,
        "turnout": 0.9,
        "arrivals": {"hourly": [1, 1]},
        "opens": "07:00",
        "closes": "09:00",
        "officers": 2,
        "stages": {"s0": {"servers": 2, "service": "3 min", "voting": True}},
    }
    return {
        **data,
        "places": {**data["places"], "apart": place},
        "stations": {"apart-1": station, **data["stations"]},
    }


def check_spare_station(data: Data) -> None:
    without = World(scenario_of(data)).finish()
    with_it = World(scenario_of(spare_station(data))).finish()
    assert_same(bits(with_it, without="apart-1"), bits(without, without="-"))


@ordinary
@given(worlds())
def test_a_station_of_its_own_changes_nothing_elsewhere(data):
    check_spare_station(data)


def check_spare_inject(data: Data) -> None:
    """Speeds multiplied by 1 where nobody drives: only the inject's own lines."""
    effect = {"kind": "balking", "station": "KV0", "factor": 1.0, "for": "30 min"}
    inject = {"title": "Nothing", "at": "07:30", "effects": [effect]}
    script = {"nothing": inject, **data["script"]}
    log = World(scenario_of({**data, "script": script})).finish()
    kept = [r for r in log.records if r.subject not in ("nothing", "nothing/1")]
    stripped = Log(records=tuple(kept), voters=log.voters, end=log.end)
    assert_same(bits(stripped), bits(World(scenario_of(data)).finish()))


@ordinary
@given(worlds())
def test_an_inject_that_changes_nothing_changes_nothing_else(data):
    check_spare_inject(data)


# ---- the same chance under every plan --------------------------------------------


def other_plan(data: Data) -> Data:
    helper = {
        "agency": "police",
        "skills": ["order", "medical", "fire"],
        "base": "p1",
        "mode": "car",
        "shifts": [{"from": "06:00", "until": "13:00"}],
    }
    stage = {"s0": {"servers": 5}}
    return {
        "units": {"helper": helper, next(iter(data["units"])): None}
        if len(data["units"]) > 1 and not data["duties"]
        else {"helper": helper},
        "stations": {
            name: {"officers": 9, "stages": stage} for name in data["stations"]
        },
        # The lists may name the unit that is taken out.
        "dispatch": {
            "policy": "nearest-idle",
            **({"lists": None} if "lists" in data["dispatch"] else {}),
        },
    }


def outside(log: Log) -> list[Record]:
    return [r for r in log.of(Kind.ARISES) if "@" in r.subject]


def bits_of(voters: Voters) -> list[bytes]:
    drawn = ("order", "arrival", "priority", "patience", "service")
    used_by_effects = ("balk", "surge", "drop", "drop_return", "away", "away_delay")
    return [getattr(voters, name).tobytes() for name in (*drawn, *used_by_effects)]


def check_plans(data: Data) -> None:
    scenario = scenario_of(data, plans={"other": other_plan(data)})
    base, other = World(scenario, "base"), World(scenario, "other")
    for name, station in base.stations.items():
        assert bits_of(other.stations[name].voters) == bits_of(station.voters)
    assert outside(other.finish()) == outside(base.finish())
    drawn = {n: i.draw for n, i in base.incidents.items() if "@" in n}
    for name, draw in drawn.items():
        same = other.incidents[name].draw
        assert (same.arises, same.report_delay) == (draw.arises, draw.report_delay)
        assert (same.on_scene == draw.on_scene).all()


@ordinary
@given(worlds())
def test_two_plans_meet_the_same_voters_and_the_same_outside_incidents(data):
    check_plans(data)


# ---- seeds -----------------------------------------------------------------------


def check_seeds(data: Data) -> None:
    scenario = scenario_of(data)
    log = World(scenario, seed=3, replication=4).finish()
    assert_same(bits(World(scenario, seed=3, replication=4).finish()), bits(log))
    arrival = World(scenario, seed=3, replication=4).stations["KV0"].voters.arrival
    for seed, replication in ((3, 5), (4, 4), (4, 3), (34, 0)):
        other = World(scenario, seed=seed, replication=replication)
        others = other.stations["KV0"].voters.arrival
        # Two days on which none of five come are the same.
        come = np.isfinite(arrival).any() or np.isfinite(others).any()
        assert not come or arrival.tolist() != others.tolist()


@ordinary
@given(worlds())
def test_a_seed_and_a_number_fix_the_day_and_others_make_another(data):
    check_seeds(data)


def test_the_number_of_workers_changes_no_measure():
    data = {
        "title": "Two workers",
        "clock": {"day": "2021-05-23", "start": "06:00", "end": "13:00"},
        "roads": {
            "network": {
                "nodes": {"a": [0, 0], "b": [3000, 0]},
                "edges": [{"id": "ab", "from": "a", "to": "b", "road": "tertiary"}],
            }
        },
        "places": {"p0": {"node": "a"}, "p1": {"node": "b"}},
        "agencies": {"police": {}},
        "stations": {"KV0": {**spare_station(BARE)["stations"]["apart-1"]}},
        "units": {"U0": {**spare_unit(BARE)["units"]["spare"]}},
        "incidents": {
            "T0": {
                "levels": [{"needs": {"juggling": 1}, "on_scene": "20 min"}],
                "rates": [{"places": ["p1"], "per_hour": 1.0}],
            }
        },
    }
    data["stations"]["KV0"]["place"] = "p1"
    scenario = scenario_of(data)
    alone, together = (
        run_experiment(scenario, replications=6, workers=workers).series
        for workers in (1, 2)
    )
    assert alone.keys() == together.keys()
    for key, values in alone.items():
        assert values.tobytes() == together[key].tobytes(), key


BARE: Data = {
    "roads": {"network": {"nodes": {"a": [0, 0]}}},
    "places": {},
    "stations": {},
    "units": {},
}


@pytest.mark.deep
@many
@given(worlds().flatmap(lambda d: st.tuples(st.just(d), orders(d))), moments)
def test_the_laws_of_chance_hold_in_many_worlds(case, moments):
    data, given = case
    check_pieces(data, moments)
    whole = commanded(data, given, []).finish()
    assert_same(bits(commanded(data, given, moments).finish()), bits(whole))
    check_refused(data, given)
    check_spare_unit(data)
    check_spare_station(data)
    check_spare_inject(data)
    check_plans(data)
    check_seeds(data)
