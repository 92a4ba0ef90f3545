# What holds for dispatch in every world, whatever the policy and the rules.

from collections.abc import Iterator
from itertools import pairwise
from math import dist, inf, isinf
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.scenario import Setting
from simulator.incident import Incident, Slot
from simulator.log import Kind, Log, Record
from simulator.stream import Chance
from simulator.unit import Unit
from simulator.world import World
from tests.laws.test_units import fastest, many, ordinary, play
from tests.worlds import END, Data, dispatches, patrols, scenario_of, worlds

# Busy units alone, or a whole polling day.
days = st.one_of(patrols(), patrols(), worlds())
CHOSEN = (Kind.ASSIGNED, Kind.CANCELLED)

# ---- one place at a time -----------------------------------------------------------


def sightings(log: Log, unit: str) -> Iterator[list[Record]]:
    """Give a unit's records between one known place and the next, both included."""
    # The record of a stripped post names a place, the others a node.
    own = [r for r in log.records if r.subject == unit and r.kind != Kind.STRIPPED]
    marks = [i for i, r in enumerate(own) if r.place]
    for begin, end in pairwise(marks):
        yield own[begin : end + 1]


def check_one_place(data: Data, world: World, log: Log) -> None:
    """Between two places lies a drive that is long and slow enough for the way."""
    where = world.road_map.position
    for name, spec in data["units"].items():
        speed = fastest(data, spec["mode"])
        for before, *between, after in sightings(log, name):
            a, b = (where[world.road_map.index[r.place]] for r in (before, after))
            drives = [r for r in (*between, after) if r.kind == Kind.DROVE]
            if before.place != after.place:
                assert drives, (before, after)
            metres = sum(1000 * float(r.details["km"]) for r in drives)
            # Roads are straight or longer; places are put on them to a millimetre.
            assert metres >= dist(a, b) - 0.01, (before, after)
            assert speed * (after.time - before.time) >= metres - 0.01, (before, after)


@ordinary
@given(days)
def test_no_unit_is_in_two_places(data):
    world, log, _ = play(data)
    check_one_place(data, world, log)


# ---- the legs of a response --------------------------------------------------------


def chain(log: Log, incident: str) -> dict[str, float] | None:
    """Split a response by the records of the need that was attended first."""
    own = [r for r in log.records if r.subject == incident]
    first = next((r for r in own if r.kind == Kind.ARRIVED), None)
    if first is None:
        return None
    mine = [r for r in own if r.details.get("slot") == first.details["slot"]]
    mine = mine[: mine.index(first)]
    legs = {"handling": 0.0, "queue": 0.0, "turnout": 0.0, "travel": 0.0, "lost": 0.0}
    at = {r.kind: r.time for r in own if r.kind in (Kind.REPORTED, Kind.READY)}
    legs["handling"] = at[Kind.READY] - at[Kind.REPORTED]
    free_since = at[Kind.READY]
    for record in mine:
        if record.kind == Kind.ASSIGNED:
            legs["queue"] += record.time - free_since
            assigned = record.time
        elif record.kind == Kind.MOVING:
            legs["turnout"] = record.time - assigned
            legs["travel"] = first.time - record.time
        elif record.kind == Kind.CANCELLED:
            legs["lost"] += record.time - assigned
            free_since = record.time
    return legs


def check_chains(world: World, log: Log) -> None:
    from analysis.day import Day

    for call in Day(world.setting, log).calls:
        legs = chain(log, call.name)
        assert (legs is None) == isinf(call.response), call
        if legs is not None:
            assert abs(sum(legs.values()) - call.response) <= 1e-9, (call, legs)
            for leg, minutes in legs.items():
                assert minutes >= -1e-9, (call, legs)
                assert abs(minutes - call.legs[leg]) <= 1e-9, (call, legs)


@ordinary
@given(days)
def test_a_response_is_handling_queue_turnout_travel_and_what_was_lost(data):
    world, log, _ = play(data)
    check_chains(world, log)


# ---- who may be sent ---------------------------------------------------------------


def silences(log: Log, unit: str) -> list[tuple[float, float]]:
    """Give from when to when a unit was out of touch."""
    found, since = [], None
    for record in log.of(Kind.RADIO_LOST, Kind.RADIO_BACK):
        if record.subject != unit:
            continue
        if record.kind == Kind.RADIO_LOST:
            since = record.time
        elif since is not None:
            found.append((since, record.time))
            since = None
    return found if since is None else [*found, (since, inf)]


def check_touch(world: World, log: Log) -> None:
    """Nobody is sent, redirected or preempted while out of touch."""
    redirected = ("preempted", "switched")
    for name in world.units:
        spells = silences(log, name)
        for record in log.of(*CHOSEN):
            if record.details["unit"] != name:
                continue
            chosen = record.kind == Kind.ASSIGNED and record.details["why"] != "resumes"
            if chosen or record.details["why"] in redirected:
                # At the ends of a spell the order of what is due decides.
                assert not any(a < record.time < b for a, b in spells), record


def check_preemption(world: World, log: Log) -> None:
    """The table allows it, nobody had arrived, and the robber gets the unit."""
    rules, kinds = world.setting.dispatch, world.setting.incidents
    types = {r.subject: str(r.details["type"]) for r in log.of(Kind.ARISES)}
    there: set[tuple[object, ...]] = set()
    for i, record in enumerate(log.records):
        key = (record.subject, *map(record.details.get, ("slot", "unit", "attempt")))
        if record.kind == Kind.ARRIVED:
            there.add(key)
        elif record.kind == Kind.CANCELLED:
            if record.details["why"] in ("preempted", "switched"):
                assert key not in there, record
            if record.details["why"] == "preempted":
                by = str(record.details["by"])
                now, new = (
                    kinds[types[name]].priority for name in (record.subject, by)
                )
                assert rules.may_preempt(now, new), record
                sent = next(r for r in log.records[i:] if r.kind == Kind.ASSIGNED)
                same = sent.details["unit"] == record.details["unit"]
                assert (sent.time, sent.subject, same) == (record.time, by, True)
            there.discard(key)


def check_aid(world: World, log: Log) -> None:
    """Mutual aid goes only while it is at hand, and is so no sooner than agreed."""
    for name, unit in world.units.items():
        if not unit.is_aid:
            continue
        agency = world.setting.agencies[unit.spec.agency]
        at_hand, asked = False, -inf
        for record in log.records:
            if record.subject == name and record.kind == Kind.AID_ASKED:
                asked = record.time
            elif record.subject == name and record.kind == Kind.AT_HAND:
                at_hand = True
                assert record.time >= asked + (agency.call_up or 0.0) - 1e-9, record
            elif record.subject == name and record.kind == Kind.STOOD_DOWN:
                at_hand = False
            elif record.kind == Kind.ASSIGNED and record.details["unit"] == name:
                assert at_hand or record.details["why"] == "resumes", record


def check_together(world: World, log: Log) -> None:
    """All who go to a new incident go at one time."""
    if world.setting.dispatch.send != "together":
        return
    kinds = world.setting.incidents
    for arisen in log.of(Kind.ARISES):
        own = [r for r in log.records if r.subject == arisen.subject]
        sent = [r for r in own if r.kind == Kind.ASSIGNED]
        risen = [r for r in own if r.kind == Kind.ESCALATED]
        if not sent or (risen and risen[0].time <= sent[0].time):
            continue
        needs = kinds[str(arisen.details["type"])].levels[0].needs
        at_once = [r for r in sent if r.time == sent[0].time]
        assert len(at_once) >= sum(needs.values()), arisen


def check_sent(world: World, log: Log) -> None:
    check_touch(world, log)
    check_preemption(world, log)
    check_aid(world, log)
    check_together(world, log)


@ordinary
@given(days)
def test_nobody_is_sent_or_taken_away_against_the_rules(data):
    world, log, _ = play(data)
    check_sent(world, log)


# ---- nobody waits for nothing ------------------------------------------------------

IDLE = ("standing by", "on patrol", "returning", "moving to stand by")


def could_go(world: World, unit: Unit, incident: Incident, priority: int) -> bool:
    """Tell, from what the scenario says, whether a unit could go at this moment."""
    spec, now = unit.spec, world.now
    shift = next((s for s in spec.shifts if s.from_ <= now < s.until), None)
    status = unit.status.value
    yields = status in IDLE
    if status == "on a break":
        begun = [b for b in spec.breaks if b.from_ <= now <= b.latest + b.lasts]
        yields = all(b.above is not None and priority <= b.above for b in begun)
    if status == "at own work" and spec.self_initiated is not None:
        yields = priority <= spec.self_initiated.yields_to
    late = spec.closing is not None and shift is not None
    if late and now >= shift.until - spec.closing.minutes:
        yields = yields and priority <= spec.closing.priority
    post = next((p for p in spec.posts if p.from_ <= now < p.until), None)
    if post is not None:
        strips = post.strip == "last" and priority <= (post.strip_above or 9)
        yields = yields and strips
    can = yields and shift is not None and not unit.job and not unit.out
    reached = not isinf(unit.minutes_to(incident.node))
    return can and not unit.silent and unit.at_hand and reached


def wanted(world: World, unit: Unit, incident: Incident) -> bool:
    """Tell whether the policy would have the unit at all."""
    rules = world.setting.dispatch
    if rules.policy == "nearest-idle":
        return unit.status.value not in ("returning", "moving to stand by")
    if rules.policy == "home-area":
        place = incident.draw.place
        area = world.setting.places[place].area or ""
        listed = rules.lists.get(place) or rules.lists.get(area, ())
        return area in unit.spec.areas or unit.name in listed
    return True


def kept(world: World, slot: Slot, priority: int) -> bool:
    """Tell whether the reserve may keep a need waiting."""
    asked = world.setting.dispatch.reserve.get(str(priority), 0)
    spare = [u for u in world.units.values() if slot.skill in u.spec.skills]
    return bool(asked) and len(spare) > 0


def check_nobody_idle(world: World) -> None:
    """No incident waits while a unit it could have stands free."""
    rules = world.setting.dispatch
    if rules.send == "together" or rules.policy == "nearest-or-busy":
        return
    for moment in range(1, END, 4):
        world.advance(moment + 0.37)
        for incident in world.incidents.values():
            if not (incident.ready and incident.is_open):
                continue
            priority = aged(world, incident)
            for slot in incident.open_slots():
                if kept(world, slot, priority):
                    continue
                for unit in world.units.values():
                    able = slot.skill in unit.spec.skills
                    idle = able and could_go(world, unit, incident, priority)
                    assert not (idle and wanted(world, unit, incident)), (
                        *(moment, incident.name, unit.name, unit.status),
                    )


def aged(world: World, incident: Incident) -> int:
    """Work out the priority that counts."""
    ageing, own = world.setting.dispatch.ageing, incident.kind.priority
    assert incident.reported is not None
    steps = 0 if ageing is None else int((world.now - incident.reported) // ageing)
    return max(own - steps, 1)


@ordinary
@given(days)
def test_no_incident_waits_while_a_unit_it_could_have_stands_free(data):
    check_nobody_idle(World(scenario_of(data)))


# ---- the same incidents ------------------------------------------------------------


@st.composite
def two_plans(draw: st.DrawFn) -> tuple[Data, dict[str, Data]]:
    data = draw(days)
    return data, {"other": {"dispatch": draw(dispatches(data))}}


def outside(log: Log) -> dict[str, tuple[float, str]]:
    """Give when and where what arises by chance arose."""
    return {
        r.subject: (r.time, r.place) for r in log.of(Kind.ARISES) if "@" in r.subject
    }


def delays(setting: Setting, log: Log) -> dict[str, float]:
    """Give the reporting delays, unless the script prolongs them."""
    effects = [e.kind for inject in setting.script.values() for e in inject.effects]
    if "delay_reports" in effects:
        return {}
    arose = {r.subject: r.time for r in log.of(Kind.ARISES)}
    return {
        r.subject: r.time - arose[r.subject]
        for r in log.of(Kind.REPORTED)
        if "@" in r.subject
    }


def check_outside(data: Data, plans: dict[str, Data]) -> None:
    scenario = scenario_of(data, plans=plans)
    worlds_ = [World(scenario, plan) for plan in ("base", "other")]
    first, second = (world.finish() for world in worlds_)
    assert outside(first) == outside(second)
    late = [
        delays(world.setting, log)
        for world, log in zip(worlds_, (first, second), strict=True)
    ]
    for name in late[0].keys() & late[1].keys():
        assert late[0][name] == late[1][name], name


@ordinary
@given(two_plans())
def test_every_policy_meets_the_same_outside_incidents(both):
    check_outside(*both)


# ---- a policy never sees a draw ----------------------------------------------------


def other_chance(kinds: dict[str, tuple[str, ...]]) -> type[Chance]:
    """Make a chance that draws other numbers for some kinds and purposes."""

    class Other(Chance):
        def uniforms(self, kind, name, purpose, number):
            found = super().uniforms(kind, name, purpose, number)
            return 1 - found if purpose in kinds.get(kind, ()) else found

    return Other


def before(log: Log, *kinds: Kind) -> list[str]:
    """Write down who was sent where, why and instead of whom, until a record."""
    found = []
    for record in log.records:
        if record.kind in kinds:
            break
        if record.kind in CHOSEN:
            found.append(str(record))
    return found


# What is drawn, and with which records it first shows. Numbers are turned round: what
# took long is short.
UNSEEN = {
    "turnout": ({"turnout": ("",)}, (Kind.MOVING,)),
    "on scene": (
        {"incident": ("on scene", "transport", "hand over")},
        (Kind.WORKED, Kind.HANDED_OVER, Kind.PAUSED, Kind.RELIEVED, Kind.CLEARED),
    ),
}


def check_unseen(data: Data, what: str) -> int:
    """Change draws; what was chosen before they showed must stay."""
    drawn, shows = UNSEEN[what]
    scenario = scenario_of(data)
    first = World(scenario).finish()
    with mock.patch("simulator.world.Chance", other_chance(drawn)):
        second = World(scenario).finish()
    chosen = [before(log, *shows) for log in (first, second)]
    both = min(map(len, chosen))
    # In one of them nothing may have shown yet, for it shows later there.
    assert chosen[0][:both] == chosen[1][:both]
    return both


@ordinary
@given(days, st.sampled_from(list(UNSEEN)))
def test_a_policy_never_sees_a_draw(data, what):
    check_unseen(data, what)


def test_the_draws_are_changed_and_much_is_chosen_before_they_show():
    chance, other = Chance(1, 0), other_chance({"turnout": ("",)})(1, 0)
    key = ("turnout", "T 0 U", "", 3)
    assert np.allclose(chance.uniforms(*key) + other.uniforms(*key), 1)
    assert (chance.uniforms(*key) != other.uniforms(*key)).all()
    key = ("incident", "T", "report delay", 3)
    assert (chance.uniforms(*key) == other.uniforms(*key)).all()


@pytest.mark.deep
@many
@given(two_plans())
def test_the_laws_of_dispatch_hold_in_many_worlds(both):
    data, plans = both
    world, log, _ = play(data, seed=3)
    check_one_place(data, world, log)
    check_chains(world, log)
    check_sent(world, log)
    check_nobody_idle(World(scenario_of(data), seed=3))
    check_outside(data, plans)
    for what in UNSEEN:
        check_unseen(data, what)
