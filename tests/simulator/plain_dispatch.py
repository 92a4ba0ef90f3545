# A plain simulation of units and incidents, written from docs/dispatch.md alone: an
# oracle for the engine. One heap of events, one review after each event that calls for
# one, networkx for the roads, brute force for assignments. Slow, and meant to be read
# beside the page. No stations, no duties, no orders.

import heapq
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise, product

import networkx as nx

from scenarios.distribution import Law
from scenarios.force import Post, SelfInitiated
from scenarios.force import Unit as UnitSpec
from scenarios.incident import IncidentType, Level
from scenarios.policy import CoverStandby, TableStandby
from scenarios.scenario import Setting
from simulator.road import RoadMap
from simulator.stream import Chance, duration

# What is due at one time: effects that end, injects, units and incidents, deadlines.
ENDS, INJECTS, EVENTS, DEADLINES = range(4)
SLOTS = 64
NEVER = math.inf
EPSILON = 1e-9

OFF = "off shift"
AWAY = "not called up"
CALLED = "called up"
STANDBY = "standing by"
PATROL = "on patrol"
RETURNING = "returning"
MOVE = "moving to stand by"
BREAK = "on a break"
BUSY = "at own work"
TURNOUT = "turning out"
EN_ROUTE = "en route"
SCENE = "on scene"
TRANSPORT = "transporting"
HAND_OVER = "handing over"
OUT = "out of service"
# A free unit stands by, patrols, returns or moves.
FREE = (STANDBY, PATROL, RETURNING, MOVE)
UNDER_WAY = (TURNOUT, EN_ROUTE)


# ---- what happened ---------------------------------------------------------------


@dataclass(eq=False)
class Dispatch:
    """One dispatch of a unit to a slot."""

    incident: str
    slot: int
    unit: str
    attempt: int
    assigned: float
    moving: float | None = None
    arrived: float | None = None
    cancelled: float | None = None
    why: str = ""
    also: str = ""  # further slots that it fills


@dataclass
class Story:
    """All that happened."""

    incidents: "dict[str, Incident]"
    units: "dict[str, Unit]"
    dispatches: list[Dispatch]


# ---- roads -----------------------------------------------------------------------


@dataclass(frozen=True)
class Spot:
    """At a node, or a part of the way along an arc (whose tail is the node)."""

    node: int
    arc: int = -1
    part: float = 0.0


@dataclass(frozen=True)
class Leg:
    arc: int
    start: float
    stop: float
    minutes: float


class Roads:
    """Travel over the roads as they are, by networkx."""

    def __init__(self, road_map: RoadMap) -> None:
        self.map = road_map
        self.closed: list[str] = []
        self.slow: list[tuple[str, float]] = []
        self.found: dict[tuple[str, int], tuple[dict, dict]] = {}

    def passing(self, arc: int, mode: str) -> float:
        """Minutes on an arc, closed or not."""
        minutes = float(self.map.minutes[mode][arc])
        for road, factor in self.slow:
            if road == self.map.road[arc]:
                minutes /= factor
        return minutes

    def changed(self) -> None:
        self.found.clear()

    def arcs(self, mode: str) -> Iterator[tuple[int, int, int, float]]:
        for arc, road in enumerate(self.map.road):
            minutes = self.passing(arc, mode)
            if road not in self.closed and minutes < NEVER:
                tail, head = int(self.map.tail[arc]), int(self.map.head[arc])
                yield arc, tail, head, minutes

    def from_node(self, node: int, mode: str) -> tuple[dict, dict]:
        if (mode, node) not in self.found:
            graph = nx.DiGraph()
            graph.add_node(node)
            for arc, tail, head, minutes in self.arcs(mode):
                known = graph.get_edge_data(tail, head)
                if known is None or minutes < known["minutes"]:
                    graph.add_edge(tail, head, minutes=minutes, arc=arc)
            times, paths = nx.single_source_dijkstra(graph, node, weight="minutes")
            ways = {}
            for end, path in paths.items():
                hops = [graph.edges[hop] for hop in pairwise(path)]
                ways[end] = [Leg(hop["arc"], 0.0, 1.0, hop["minutes"]) for hop in hops]
            self.found[mode, node] = times, ways
        return self.found[mode, node]

    def way(self, spot: Spot, target: int, mode: str) -> tuple[float, list[Leg]]:
        """Find minutes and legs from where somebody is; infinite if there is no way."""
        if spot.arc < 0:
            times, ways = self.from_node(spot.node, mode)
            return times.get(target, NEVER), ways.get(target, [])
        twin, found = int(self.map.twin[spot.arc]), []
        on = Leg(spot.arc, spot.part, 1, (1 - spot.part) * self.passing(spot.arc, mode))
        ahead = self.way(Spot(int(self.map.head[spot.arc])), target, mode)
        found.append((on.minutes + ahead[0], [on, *ahead[1]]))
        if twin >= 0:
            back = Leg(twin, 1 - spot.part, 1, spot.part * self.passing(twin, mode))
            behind = self.way(Spot(spot.node), target, mode)
            found.append((back.minutes + behind[0], [back, *behind[1]]))
        return min(found, key=lambda way: way[0])

    def minutes(self, spot: Spot, target: int, mode: str) -> float:
        return self.way(spot, target, mode)[0]

    def after(self, legs: list[Leg], minutes: float) -> Spot:
        """Tell where somebody is so many minutes along a way."""
        for leg in legs:
            if minutes < leg.minutes:
                part = leg.start + (leg.stop - leg.start) * minutes / leg.minutes
                tail = int(self.map.tail[leg.arc])
                return Spot(tail, leg.arc, part) if part > 0 else Spot(tail)
            minutes -= leg.minutes
        return Spot(int(self.map.head[legs[-1].arc]))


# ---- incidents and units ---------------------------------------------------------


@dataclass(eq=False)
class Slot:
    """A need for one unit of a skill."""

    index: int
    skill: str
    attempt: int = 0
    unit: "Unit | None" = None  # under way or on scene
    relief: "Unit | None" = None  # under way to take over
    relief_wanted: bool = False
    keeper: "Unit | None" = None  # has paused its work, and will be back
    left: float | None = None  # of the work; None: all of it
    begun: float | None = None
    length: float = 0.0  # of the work under way, at 100 %
    progress: float = 0.0  # of it, until `counted`
    counted: float = 0.0
    ends: float | None = None
    worked: bool = False  # its unit waits to leave together
    done: bool = False
    dropped: bool = False  # by a fall
    request: "Unit | None" = None  # mutual aid asked for on its behalf

    @property
    def live(self) -> bool:
        return not self.dropped

    @property
    def on_scene(self) -> bool:
        return self.unit is not None and self.unit.status == SCENE

    @property
    def open(self) -> bool:
        if self.done or self.dropped or self.worked or self.keeper:
            return False
        return self.unit is None or (self.relief_wanted and self.relief is None)


@dataclass(eq=False)
class Incident:
    name: str
    type: str
    kind: IncidentType
    place: str
    node: int
    arises: float
    slots: list[Slot] = field(default_factory=list)
    reliefs: list[Slot] = field(default_factory=list)  # wanted, in that order
    level: int = 0
    levels: list[tuple[float, int]] = field(default_factory=list)
    reported: float | None = None
    ready: float | None = None
    fresh: bool = False  # has not been through a review
    unattended: bool = True  # the clock of the levels runs
    clock_from: float = 0.0
    attended: float | None = None
    deadlines: int = 0  # version of the deadlines
    full: int = 0  # version of the deadline to fall
    full_since: float | None = None
    pace: float = 1.0
    outcome: str = "unfinished"
    over: float | None = None

    @property
    def spec(self) -> Level:
        return self.kind.levels[self.level]

    def live_slots(self) -> list[Slot]:
        return [slot for slot in self.slots if slot.live]

    def open_slots(self) -> list[Slot]:
        reliefs = [slot for slot in self.reliefs if slot.open and slot.relief_wanted]
        return [s for s in self.slots if s.open and not s.relief_wanted] + reliefs

    def want_relief(self, slot: Slot) -> None:
        slot.relief_wanted = True
        self.reliefs.append(slot)

    def stand_last(self, slot: Slot) -> None:
        """Have a slot whose relief is the only one there be where the relief was."""
        if slot.relief_wanted:
            slot.relief_wanted = False
            self.reliefs.remove(slot)
            self.slots.remove(slot)
            self.slots.append(slot)


@dataclass(eq=False)
class Rest:
    """A break, and what is left of it."""

    begins: float
    latest: float
    left: float
    above: int | None


@dataclass(eq=False)
class Unit:
    name: str
    order: int
    spec: UnitSpec
    base: int
    spot: Spot
    aid: bool
    status: str = OFF
    since: float = 0.0
    timeline: list[tuple[str, float, float]] = field(default_factory=list)
    version: int = 0  # of what it is about; later events of before are void
    legs: list[Leg] | None = None
    set_out: float = 0.0
    target: int | None = None
    then: Callable[[], None] | None = None
    outs: int = 0
    losses: int = 0
    incident: Incident | None = None
    slot: Slot | None = None
    further: list[Slot] = field(default_factory=list)  # that it fills, too
    dispatch: Dispatch | None = None
    turnout_began: float = 0.0
    turnout_mean: float = 0.0  # as it was expected when it began
    moves_at: float = 0.0
    paused: "tuple[Incident, Slot] | None" = None
    paused_further: list[Slot] = field(default_factory=list)
    rests: list[Rest] = field(default_factory=list)
    rest: Rest | None = None
    rest_ends: float = 0.0
    beat: int = 0
    given: int | None = None  # node of the stand-by place it was given
    freed: float = -1.0
    just_freed: bool = False
    asked: bool = False  # until it is stood down
    asked_for: Slot | None = None
    called: bool = False  # all have agreed; it gets ready
    at_hand: bool = False
    at_hand_at: float = 0.0
    stays_until: float = 0.0

    def on_shift(self, now: float) -> bool:
        return any(s.from_ <= now < s.until for s in self.spec.shifts)

    def post(self, now: float) -> Post | None:
        return next((p for p in self.spec.posts if p.from_ <= now < p.until), None)

    def turnout(self, now: float) -> Law:
        """Give the law of its turnout: that of the shift it is on, else its own."""
        laws = [s.turnout for s in self.spec.shifts if s.from_ <= now < s.until]
        return next((law for law in laws if law is not None), self.spec.turnout)

    def closing(self, now: float) -> bool:
        closing = self.spec.closing
        return closing is not None and any(
            s.from_ <= now < s.until and now >= s.until - closing.minutes
            for s in self.spec.shifts
        )


# ---- the play --------------------------------------------------------------------


class Play:
    """One replication.

    Parameters
    ----------
    setting
        The scenario under a plan.
    road_map
        Its roads and places as arrays.
    seed, replication
        Fix every chance event.
    """

    def __init__(
        self, setting: Setting, road_map: RoadMap, seed: int = 1, replication: int = 0
    ) -> None:
        self.setting, self.rule = setting, setting.dispatch
        self.chance = Chance(seed, replication)
        self.roads, self.places = Roads(road_map), road_map.places
        self.end, self.now = setting.clock.minutes, 0.0
        self.heap: list[tuple[float, int, int, Callable[[], None]]] = []
        self.serial = 0
        self.review_due = self.moves_due = self.robbed = False
        self.incidents: dict[str, Incident] = {}
        self.under: dict[str, Incident] = {}  # those that are not over
        self.dispatches: list[Dispatch] = []
        self.agreed: dict[str, float] = {}
        self.delays: list[float] = []
        self.injected: dict[str, float] = {}
        self.units = {
            name: self.make_unit(i, name, spec)
            for i, (name, spec) in enumerate(setting.units.items())
        }
        self.plan_script()
        for unit in self.units.values():
            self.plan_unit(unit)
        self.plan_incidents()

    def finish(self) -> Story:
        """Play all that is due before the end."""
        while self.heap and self.heap[0][0] < self.end:
            self.now, _, _, action = heapq.heappop(self.heap)
            action()
            if self.review_due:
                self.review()
            # Stand-by moves wait until all that is due at this moment has happened.
            while self.moves_due and (not self.heap or self.heap[0][0] > self.now):
                self.stand_by_moves()
                if self.review_due:
                    self.review()
        self.now = self.end
        for unit in self.units.values():
            self.turn(unit, "")
        return Story(self.incidents, self.units, self.dispatches)

    def at(self, time: float, rank: int, action: Callable[[], None]) -> None:
        if time >= self.now:
            self.serial += 1
            heapq.heappush(self.heap, (time, rank, self.serial, action))

    def later(self, unit: Unit, time: float, action: Callable[[], None]) -> None:
        """Plan something for a unit, void when it turns to something else."""
        version = unit.version
        self.at(time, EVENTS, lambda: action() if unit.version == version else None)

    # ---- what is known beforehand ------------------------------------------------

    def make_unit(self, order: int, name: str, spec: UnitSpec) -> Unit:
        base = self.places[spec.base]
        aid = self.setting.agencies[spec.agency].call_up is not None
        rests = [Rest(b.from_, b.latest, b.lasts, b.above) for b in spec.breaks]
        return Unit(name, order, spec, base, Spot(base), aid, rests=rests)

    def plan_unit(self, unit: Unit) -> None:
        for shift in unit.spec.shifts:
            self.at(shift.from_, EVENTS, lambda: self.come_on(unit))
            self.at(shift.until, EVENTS, lambda: self.go_off(unit))
        for post in unit.spec.posts:
            self.at(post.from_, EVENTS, lambda: self.post_changes(unit))
            self.at(post.until, EVENTS, lambda: self.post_changes(unit, ends=True))
        for rest in unit.rests:
            self.at(rest.begins, EVENTS, lambda: self.break_due(unit))
        if unit.spec.self_initiated:
            for time, lasts in self.self_initiated(unit, unit.spec.self_initiated):
                self.at(time, EVENTS, lambda d=lasts: self.start_work(unit, d))

    def self_initiated(
        self, unit: Unit, spec: SelfInitiated
    ) -> Iterator[tuple[float, float]]:
        """Give times and lengths: gaps run over the minutes on shift alone."""
        total = sum(s.until - s.from_ for s in unit.spec.shifts)
        number, worked = 0, 0.0
        while True:
            gap = self.chance.uniform("unit", unit.name, "self-initiated gap", number)
            worked += -math.log1p(-gap) * 60 / spec.per_hour
            if worked >= total:
                return
            lasts = self.chance.uniform(
                "unit", unit.name, "self-initiated lasts", number
            )
            left = worked
            for shift in unit.spec.shifts:
                if left < shift.until - shift.from_:
                    yield shift.from_ + left, duration(spec.lasts, lasts)
                    break
                left -= shift.until - shift.from_
            number += 1

    def plan_incidents(self) -> None:
        for type_name, kind in self.setting.incidents.items():
            for number, rate in enumerate(kind.rates):
                for place in rate.places:
                    source = f"{type_name}@{place}" + (f"/{number + 1}" * (number > 0))
                    for i, time in enumerate(self.times(rate, source)):
                        name = f"{source}#{i + 1}"
                        self.at(
                            time,
                            EVENTS,
                            lambda n=name, t=type_name, p=place: self.arise(n, t, p),
                        )

    def times(self, rate, source: str) -> Iterator[float]:
        clock = self.setting.clock
        begin, end = clock.window(rate.phase) if rate.phase else (0.0, clock.minutes)
        begin = max(begin, begin if rate.from_ is None else rate.from_)
        end = min(end, end if rate.until is None else rate.until)
        time, number, gaps = begin, 0, self.chance.uniforms("rate", source, "gap", 64)
        while True:
            if number == len(gaps):
                gaps = self.chance.uniforms("rate", source, "gap", 2 * number)
            time += -math.log1p(-float(gaps[number])) / (rate.per_hour / 60)
            if time >= end:
                return
            yield time
            number += 1

    # ---- script ------------------------------------------------------------------

    def plan_script(self) -> None:
        for name, inject in self.setting.script.items():
            if inject.at is not None:
                self.at(inject.at, INJECTS, lambda n=name: self.inject(n))

    def inject(self, name: str) -> None:
        placed = 0
        for effect in self.setting.script[name].effects:
            if effect.kind == "incident":
                placed += 1
                called = name if placed == 1 else f"{name}#{placed}"
                self.arise(called, effect.type, effect.place)
                continue
            undo = self.begin_effect(effect)
            if effect.for_ is not None:
                self.at(self.now + effect.for_, ENDS, undo)
            elif effect.until is not None:
                self.at(max(effect.until, self.now), ENDS, undo)
        for later, inject in self.setting.script.items():
            if inject.after == name:
                time = self.now + inject.delay
                self.at(time, INJECTS, lambda n=later: self.inject(n))

    def begin_effect(self, effect) -> Callable[[], None]:
        """Do what an effect does, and give what undoes it."""
        if effect.kind == "out_of_service":
            unit = self.units[effect.unit]
            self.go_out(unit)
            return lambda: self.come_back(unit)
        if effect.kind == "radio_loss":
            units = [self.units[name] for name in effect.units or self.units]
            for unit in units:
                unit.losses += 1
            return lambda: self.in_touch(units)
        if effect.kind == "delay_reports":
            self.delays.append(effect.delay)
            return lambda: self.delays.remove(effect.delay)
        if effect.kind == "close_road":
            self.roads.closed += effect.roads
            self.roads_change()
            return lambda: self.open_roads(effect.roads)
        assert effect.kind == "slow_road", effect.kind
        slow = [(road, effect.factor) for road in effect.roads]
        self.roads.slow += slow
        self.roads_change()
        return lambda: self.unslow_roads(slow)

    def open_roads(self, roads: tuple[str, ...]) -> None:
        for road in roads:
            self.roads.closed.remove(road)
        self.roads_change()

    def unslow_roads(self, slow: list[tuple[str, float]]) -> None:
        for pair in slow:
            self.roads.slow.remove(pair)
        self.roads_change()

    def in_touch(self, units: list[Unit]) -> None:
        for unit in units:
            unit.losses -= 1
        self.review_due = True

    def roads_change(self) -> None:
        """Re-route whoever is on the move from where it is."""
        spots = {unit.name: self.where(unit) for unit in self.units.values()}
        self.roads.changed()
        for unit in self.units.values():
            unit.spot, unit.legs = spots[unit.name], None
            if unit.target is not None:
                unit.version += 1
                self.go(unit)
        self.review_due = True

    # ---- travelling --------------------------------------------------------------

    def where(self, unit: Unit) -> Spot:
        if unit.legs:
            return self.roads.after(unit.legs, self.now - unit.set_out)
        return unit.spot

    def minutes_to(self, unit: Unit, node: int) -> float:
        return self.roads.minutes(self.where(unit), node, unit.spec.mode)

    def stop(self, unit: Unit) -> None:
        """Stop where it is; whatever was planned for it is void."""
        unit.spot, unit.legs = self.where(unit), None
        unit.target = unit.then = None
        unit.version += 1

    def drive(self, unit: Unit, node: int, then: Callable[[], None]) -> None:
        self.stop(unit)
        unit.target, unit.then = node, then
        self.go(unit)

    def go(self, unit: Unit) -> None:
        assert unit.target is not None
        minutes, legs = self.roads.way(unit.spot, unit.target, unit.spec.mode)
        if minutes < NEVER:
            unit.legs, unit.set_out = legs, self.now
            self.later(unit, self.now + minutes, lambda: self.there(unit))

    def there(self, unit: Unit) -> None:
        assert unit.target is not None
        assert unit.then is not None
        then = unit.then
        unit.spot, unit.legs = Spot(unit.target), None
        unit.target = unit.then = None
        then()

    def turn(self, unit: Unit, status: str) -> None:
        """Change its status."""
        if status != unit.status:
            if self.now > unit.since:
                unit.timeline.append((unit.status, unit.since, self.now))
            unit.status, unit.since = status, self.now

    # ---- when nothing is asked of a unit -----------------------------------------

    def is_free(self, unit: Unit) -> bool:
        on = unit.on_shift(self.now) and (unit.at_hand or not unit.aid)
        return on and not unit.outs and unit.status in FREE

    def become_free(self, unit: Unit) -> None:
        unit.freed, unit.just_freed = self.now, True
        # Who was only turning out, or on a break, has not left.
        self.settle(unit, on_the_road=unit.status not in (TURNOUT, BREAK))
        self.review_due = True

    def settle(self, unit: Unit, *, on_the_road: bool = False) -> None:
        """Have a unit do what it does when nothing is asked of it.

        Who becomes free is on the road at that moment, even at its own base: it can be
        sent without turnout, and stands by once that moment's review is over.
        """
        on = unit.on_shift(self.now)
        if unit.outs:
            self.stop(unit)
            self.turn(unit, OUT)
        elif not on or (unit.aid and not unit.at_hand):
            if not on:  # a stand-by place, too, is for the shift
                unit.given = None
                self.end_of_aid(unit)
            self.go_home(unit)
        elif rest := self.rest_now(unit):
            self.begin_break(unit, rest)
        elif unit.post(self.now) is None and unit.spec.beat:
            if unit.status != PATROL:
                self.turn(unit, PATROL)
                self.patrol(unit)
        else:
            self.head_for_station(unit, on_the_road=on_the_road)

    def end_of_aid(self, unit: Unit) -> None:
        """Who is off shift is at hand no more, unless paused work waits for it."""
        if not unit.paused:
            unit.asked &= not unit.at_hand
            unit.at_hand = False

    def go_home(self, unit: Unit) -> None:
        """Who is off shift, or not called up, goes to its base and is gone."""
        idle = AWAY if unit.on_shift(self.now) else OFF
        if unit.on_shift(self.now) and unit.called:
            idle = CALLED
        if self.where(unit) == Spot(unit.base):
            self.stop(unit)
            self.turn(unit, idle)
            self.review_due |= idle == AWAY  # it can be asked for again
        else:
            self.turn(unit, RETURNING)
            self.drive(unit, unit.base, lambda: self.settle(unit))

    def head_for_station(self, unit: Unit, *, on_the_road: bool = False) -> None:
        """Go to its post, else its stand-by place, else its base, and stand by."""
        post = unit.post(self.now)
        node, status = unit.base, RETURNING
        if post:
            node = self.places[post.place]
        elif unit.given is not None:
            node, status = unit.given, MOVE
        arriving = unit.target == node and unit.status in (RETURNING, MOVE)
        if self.where(unit) == Spot(node) and not on_the_road and not arriving:
            self.stop(unit)
            self.review_due |= unit.status in (RETURNING, MOVE)
            self.turn(unit, STANDBY)
        else:
            self.turn(unit, status)
            if not arriving:
                self.drive(unit, node, lambda: self.stand_by(unit))

    def stand_by(self, unit: Unit) -> None:
        """It has come home (or to its post, or its stand-by place)."""
        self.turn(unit, STANDBY)
        self.review_due = True

    def patrol(self, unit: Unit) -> None:
        assert unit.spec.beat is not None
        node = self.places[unit.spec.beat.places[unit.beat]]
        self.drive(unit, node, lambda: self.stay(unit))

    def stay(self, unit: Unit) -> None:
        assert unit.spec.beat is not None
        # A place that it has reached is done, even if its stay is cut short.
        unit.beat = (unit.beat + 1) % len(unit.spec.beat.places)
        until = self.now + unit.spec.beat.stay
        self.later(unit, until, lambda: self.patrol(unit))

    # ---- shifts, posts, breaks, work of its own ----------------------------------

    def come_on(self, unit: Unit) -> None:
        self.review_due = True
        unit.just_freed = unit.status in (OFF, *FREE)
        if unit.outs:
            self.settle(unit)
        elif unit.paused:
            self.come_back_to_work(unit)
        elif unit.status in (OFF, *FREE):
            self.settle(unit)

    def go_off(self, unit: Unit) -> None:
        if unit.on_shift(self.now) or unit.outs:
            return  # the next shift follows at once, or it is out until it is back
        if unit.status == SCENE:
            self.shift_ends_on_scene(unit)
        elif unit.status in (AWAY, CALLED, BREAK, BUSY, *FREE):
            if unit.status == BREAK:
                unit.rest = None
            self.settle(unit)

    def shift_ends_on_scene(self, unit: Unit) -> None:
        incident, slot = unit.incident, unit.slot
        assert incident is not None
        assert slot is not None
        if unit.spec.shift_end == "finish":
            return
        if slot.worked:  # it waits for the others alone
            further = list(unit.further)
            self.leave(unit)
            for each in (slot, *further):
                self.slot_done(incident, each)
            self.become_free(unit)
        elif unit.spec.shift_end == "relieve":
            incident.want_relief(slot)
            self.review_due = True
        else:
            self.pause(unit, incident, slot)

    def pause(self, unit: Unit, incident: Incident, slot: Slot) -> None:
        further = list(unit.further)
        self.leave(unit)
        if slot.ends is not None:
            for each in (slot, *further):
                each.left = slot.length - self.progress(incident, slot)
        for each in (slot, *further):
            each.unit, each.begun, each.ends = None, None, None
        self.set_pace(incident)
        if any(shift.from_ > self.now for shift in unit.spec.shifts):
            unit.paused, unit.paused_further = (incident, slot), further
            for each in (slot, *further):
                each.keeper = unit
        else:
            self.lost_on_scene(incident)
        self.watch_fall(incident)
        self.settle(unit)

    def come_back_to_work(self, unit: Unit) -> None:
        assert unit.paused is not None
        incident, slot = unit.paused
        further = self.end_pause(unit)
        if unit.status == OFF:
            post = unit.post(self.now)
            away = post and self.where(unit) != Spot(self.places[post.place])
            idle = PATROL if unit.spec.beat and not post else STANDBY
            self.turn(unit, RETURNING if away else idle)
        self.send(incident, slot, unit, further)

    def end_pause(self, unit: Unit) -> list[Slot]:
        """Have nobody keep the slots any more; give the further ones."""
        assert unit.paused is not None
        _, slot = unit.paused
        further, unit.paused_further, unit.paused = unit.paused_further, [], None
        for each in (slot, *further):
            each.keeper = None
        return further

    def post_changes(self, unit: Unit, *, ends: bool = False) -> None:
        if self.is_free(unit):
            self.settle(unit)
        self.review_due |= ends

    def rest_now(self, unit: Unit) -> Rest | None:
        return next(
            (
                rest
                for rest in unit.rests
                if rest.begins <= self.now <= rest.latest and rest.left > 0
            ),
            None,
        )

    def break_due(self, unit: Unit) -> None:
        if self.is_free(unit):
            self.settle(unit)

    def begin_break(self, unit: Unit, rest: Rest) -> None:
        self.stop(unit)
        self.turn(unit, BREAK)
        unit.rest, unit.rest_ends = rest, self.now + rest.left

        def over() -> None:
            rest.left, unit.rest = 0.0, None
            self.become_free(unit)

        self.later(unit, unit.rest_ends, over)

    def interrupt_break(self, unit: Unit) -> None:
        if unit.status == BREAK and unit.rest is not None:
            unit.rest.left = unit.rest_ends - self.now
            unit.rest = None

    def start_work(self, unit: Unit, lasts: float) -> None:
        if self.is_free(unit) and unit.status in (STANDBY, PATROL):
            self.stop(unit)
            self.turn(unit, BUSY)
            self.later(unit, self.now + lasts, lambda: self.become_free(unit))

    # ---- out of service ----------------------------------------------------------

    def go_out(self, unit: Unit) -> None:
        unit.outs += 1
        if unit.outs > 1:
            return
        self.interrupt_break(unit)
        incident, slot = unit.incident, unit.slot
        was_on_scene = unit.status == SCENE
        self.stop(unit)
        if unit.status != OFF:
            self.turn(unit, OUT)
        if unit.paused:  # nobody will be back: the slot is open with what was left
            self.drop_pause(unit)
        if incident is None or slot is None:
            return
        if was_on_scene:
            self.lose_on_scene(unit, incident, slot)
        else:
            self.cancel(unit, "out of service")

    def lose_on_scene(self, unit: Unit, incident: Incident, slot: Slot) -> None:
        further = list(unit.further)
        self.leave(unit)
        if slot.worked:
            for each in (slot, *further):
                self.slot_done(incident, each)
            self.review_due = True  # a unit leaves the scene
        else:
            for each in further:
                each.unit, each.left = None, None
            slot.unit, slot.begun, slot.ends, slot.left = None, None, None, None
            incident.stand_last(slot)
            slot.unit, slot.relief = slot.relief, None
            self.lost_on_scene(incident)
        self.set_pace(incident)
        self.watch_fall(incident)

    def drop_pause(self, unit: Unit) -> None:
        assert unit.paused is not None
        incident, _ = unit.paused
        self.end_pause(unit)
        self.lost_on_scene(incident)

    def come_back(self, unit: Unit) -> None:
        unit.outs -= 1
        if not unit.outs:
            unit.just_freed = True
            self.settle(unit)
            self.review_due = True

    # ---- incidents ---------------------------------------------------------------

    def arise(self, name: str, type_name: str, place: str) -> None:
        kind = self.setting.incidents[type_name]
        incident = Incident(name, type_name, kind, place, self.places[place], self.now)
        self.incidents[name] = self.under[name] = incident
        incident.clock_from = self.now
        self.add_slots(incident)

        def draw(law, purpose: str) -> float:
            return duration(law, self.chance.uniform("incident", name, purpose))

        reported = self.now + draw(kind.report_delay, "report delay") + sum(self.delays)
        ready = reported + draw(kind.call_handling, "call handling")
        self.at(reported, EVENTS, lambda: self.report(incident, ready))
        self.plan_rises(incident)
        if kind.gone_after is not None:
            gone = self.now + draw(kind.gone_after, "gone")
            self.at(gone, DEADLINES, lambda: self.go_by_itself(incident))

    def report(self, incident: Incident, ready: float) -> None:
        if incident.over is None:
            incident.reported = self.now
            self.at(ready, EVENTS, lambda: self.be_ready(incident))

    def be_ready(self, incident: Incident) -> None:
        if incident.over is not None:
            return
        assert incident.reported is not None
        incident.ready, incident.fresh = self.now, True
        self.review_due = True
        if self.rule.ageing:
            for steps in range(1, incident.kind.priority):
                time = incident.reported + steps * self.rule.ageing
                if time > self.now:
                    self.at(time, EVENTS, lambda: self.age(incident))

    def age(self, incident: Incident) -> None:
        if incident.over is None and incident.open_slots():
            self.review_due = True

    def add_slots(self, incident: Incident) -> None:
        """Open the slots that the level needs beyond those there are."""
        for skill, number in incident.spec.needs.items():
            have = sum(slot.skill == skill for slot in incident.live_slots())
            for _ in range(number - have):
                dropped = [s for s in incident.slots if s.dropped and s.skill == skill]
                if dropped:
                    again = dropped[0]
                    place = incident.slots.index(again)
                    incident.slots[place] = Slot(again.index, skill, again.attempt)
                else:
                    incident.slots.append(Slot(len(incident.slots), skill))

    def plan_rises(self, incident: Incident) -> None:
        """Plan the deadlines of the levels above, from the clock's beginning."""
        incident.deadlines += 1
        version = incident.deadlines

        def rise(level: int) -> None:
            due = incident.over is None and incident.deadlines == version
            if due and incident.unattended and incident.level == level - 1:
                incident.level = level
                incident.levels.append((self.now, level))
                self.add_slots(incident)
                self.watch_fall(incident)
                self.review_due |= incident.ready is not None

        for level, spec in enumerate(incident.kind.levels):
            if level > incident.level:
                assert spec.after is not None
                time = incident.clock_from + spec.after
                self.at(time, DEADLINES, lambda n=level: rise(n))

    def lost_on_scene(self, incident: Incident) -> None:
        """A unit on scene is lost; with the last of them the clock begins again."""
        self.review_due = True
        slots = incident.slots
        if not any(slot.on_scene or slot.done for slot in slots):
            # At the present level: its own `after` counts as passed.
            passed = incident.spec.after or 0.0
            incident.unattended, incident.clock_from = True, self.now - passed
            self.plan_rises(incident)

    def watch_fall(self, incident: Incident) -> None:
        """Begin, or break off, the time in which every slot has its unit."""
        falls_after = incident.spec.falls_after
        full = all(slot.on_scene or slot.done for slot in incident.live_slots())
        if not full or falls_after is None or incident.over is not None:
            incident.full_since = None
            incident.full += 1
        elif incident.full_since is None:
            incident.full_since = self.now
            incident.full += 1
            version = incident.full
            self.at(
                self.now + falls_after,
                DEADLINES,
                lambda: self.fall(incident) if incident.full == version else None,
            )

    def fall(self, incident: Incident) -> None:
        if incident.over is not None:
            return
        incident.level -= 1
        incident.levels.append((self.now, incident.level))
        needs = incident.spec.needs
        for skill in incident.kind.levels[incident.level + 1].needs:
            same = [slot for slot in incident.live_slots() if slot.skill == skill]
            for slot in reversed(same[needs.get(skill, 0) :]):
                self.drop_slot(incident, slot)
        self.set_pace(incident)
        incident.full_since = None
        self.watch_fall(incident)
        self.leave_together(incident)
        self.close_if_done(incident)
        self.review_due = True

    def drop_slot(self, incident: Incident, slot: Slot) -> None:
        slot.dropped = True
        unit, relief, slot.unit = slot.unit, slot.relief, None
        if slot.keeper:
            keeper, slot.keeper = slot.keeper, None
            keeper.paused = None
            if not keeper.on_shift(self.now):
                self.end_of_aid(keeper)
        if relief:
            self.cancel(relief, "slot ends")
        if unit and slot in unit.further:
            unit.further.remove(slot)
        elif unit and unit.further:
            self.stay_for(slot, unit)
        elif unit:
            self.leave(unit)
            self.become_free(unit)

    def stay_for(self, slot: Slot, unit: Unit) -> None:
        """Have a unit whose slot ends stay for the further ones that it fills."""
        incident, other = unit.incident, unit.further.pop(0)
        assert incident is not None
        unit.slot = other
        other.worked = slot.worked
        if slot.relief_wanted and not slot.worked:
            incident.want_relief(other)
        other.left, other.begun, other.length = slot.left, slot.begun, slot.length
        other.progress, other.counted = slot.progress, slot.counted
        begun, slot.ends = slot.ends is not None, None
        if begun and not slot.worked:
            self.plan_end(incident, other)

    def go_by_itself(self, incident: Incident) -> None:
        if incident.over is not None or incident.attended is not None:
            return
        self.end_incident(incident, "gone")
        for slot in incident.slots:
            if slot.unit:
                self.cancel(slot.unit, "gone")
        self.review_due = True

    def end_incident(self, incident: Incident, outcome: str) -> None:
        incident.outcome, incident.over = outcome, self.now
        del self.under[incident.name]

    def close_if_done(self, incident: Incident) -> None:
        if all(slot.done for slot in incident.live_slots()) and incident.over is None:
            self.end_incident(incident, "cleared")

    # ---- at work -----------------------------------------------------------------

    def send(self, incident: Incident, slot: Slot, unit: Unit, further=()) -> None:
        """Send a unit to a slot, and further ones; a turnout begun goes on."""
        turning_out = unit.status == TURNOUT
        if unit.incident is not None:
            self.cancel(unit, "preempted", free=False)
            self.robbed = True
        self.interrupt_break(unit)
        slot.attempt += 1
        if slot.unit is None:
            slot.unit = unit
        else:
            slot.relief = unit
        unit.incident, unit.slot, unit.further = incident, slot, list(further)
        for each in further:
            each.unit = unit
        unit.dispatch = Dispatch(
            incident.name, slot.index, unit.name, slot.attempt, self.now
        )
        unit.dispatch.also = ", ".join(f"{s.index} {s.skill}" for s in further)
        self.dispatches.append(unit.dispatch)
        if not turning_out:
            law = unit.turnout(self.now)
            unit.turnout_began = unit.moves_at = self.now
            unit.turnout_mean = law.mean_minutes
            if unit.status in (STANDBY, BREAK):
                key = f"{incident.name} {slot.index} {unit.name}"
                uniform = self.chance.uniform("turnout", key, "", slot.attempt)
                unit.moves_at = self.now + duration(law, uniform)
        self.stop(unit)
        self.turn(unit, TURNOUT)
        if unit.moves_at > self.now:
            self.later(unit, unit.moves_at, lambda: self.move(unit))
        else:
            self.move(unit)

    def move(self, unit: Unit) -> None:
        assert unit.incident is not None
        assert unit.dispatch is not None
        unit.dispatch.moving = self.now
        self.turn(unit, EN_ROUTE)
        self.drive(unit, unit.incident.node, lambda: self.arrive(unit))

    def cancel(self, unit: Unit, why: str, *, free: bool = True) -> None:
        """Take a unit under way from its slot; it is free where it is."""
        incident, slot, dispatch = unit.incident, unit.slot, unit.dispatch
        assert incident is not None
        assert slot is not None
        assert dispatch is not None
        dispatch.cancelled, dispatch.why = self.now, why
        if slot.relief is unit:
            slot.relief = None
        elif slot.unit is unit:
            slot.unit = None
        for each in unit.further:
            each.unit = None
        self.leave(unit)
        self.review_due = True
        if free:
            self.become_free(unit)

    def leave(self, unit: Unit) -> None:
        """Have a unit no longer belong to an incident; its next status follows."""
        self.stop(unit)
        unit.incident = unit.slot = unit.dispatch = None
        unit.further = []

    def arrive(self, unit: Unit) -> None:
        incident, slot, dispatch = unit.incident, unit.slot, unit.dispatch
        assert incident is not None
        assert slot is not None
        assert dispatch is not None
        dispatch.arrived = self.now
        self.turn(unit, SCENE)
        incident.unattended = False
        if incident.attended is None:
            incident.attended = self.now
        if slot.relief is unit:
            self.take_over(incident, slot, unit)
        begun = all(each.left is not None for each in (slot, *unit.further))
        if incident.kind.starts == "first" or begun:
            self.begin_work(incident, slot)
        elif all(s.on_scene or s.done for s in incident.live_slots()):
            for each in incident.live_slots():
                lead = each.on_scene and each.unit and each.unit.slot is each
                if lead and each.begun is None:
                    self.begin_work(incident, each)
        self.watch_fall(incident)

    def take_over(self, incident: Incident, slot: Slot, unit: Unit) -> None:
        """Relieve the unit on scene; its work goes on with what is left."""
        before = slot.unit
        assert before is not None
        further = list(before.further)
        if slot.ends is not None:
            for each in (slot, *further):
                each.left = slot.length - self.progress(incident, slot)
        slot.unit, slot.relief = unit, None
        incident.stand_last(slot)
        slot.begun = slot.ends = None
        for each in further:
            each.unit = None
            room = len(unit.further) + 1 < unit.spec.fills
            if room and each.skill in unit.spec.skills:
                each.unit = unit
                unit.further.append(each)
            else:
                self.review_due = True
        self.leave(before)
        self.become_free(before)

    def begin_work(self, incident: Incident, slot: Slot) -> None:
        unit = slot.unit
        assert unit is not None
        slot.begun = slot.counted = self.now
        slot.length, slot.progress = 0.0, 0.0
        for each in (slot, *unit.further):
            length = each.left
            if length is None:
                uniforms = self.chance.uniforms(
                    "incident", incident.name, "on scene", SLOTS
                )
                length = duration(incident.spec.on_scene, float(uniforms[each.index]))
            slot.length = max(slot.length, length)
        self.plan_end(incident, slot)
        self.set_pace(incident)

    def plan_end(self, incident: Incident, slot: Slot) -> None:
        assert slot.unit is not None
        left = slot.length - slot.progress
        ends = slot.ends = slot.counted + left / incident.pace

        def end() -> None:
            if slot.ends == ends and not slot.worked:  # else the pace has changed since
                self.work_done(incident, slot)

        self.later(slot.unit, max(ends, self.now), end)

    def progress(self, incident: Incident, slot: Slot) -> float:
        """Count the work since it began, at 100 %; it goes on while its unit waits."""
        return slot.progress + (self.now - slot.counted) * incident.pace

    def set_pace(self, incident: Incident) -> None:
        """Count anew how many are at work, and how fast it goes from now on."""
        begun = [s for s in incident.slots if s.live and s.unit and s.begun is not None]
        number = sum(not slot.worked for slot in begun)
        table = {int(size): pace for size, pace in incident.spec.pace.items()}
        pace = 1.0
        if table:
            pace = table[max((n for n in table if n <= number), default=min(table))]
        if pace == incident.pace:
            return
        for slot in begun:
            slot.progress, slot.counted = self.progress(incident, slot), self.now
        incident.pace = pace
        for slot in begun:
            if not slot.worked:
                self.plan_end(incident, slot)

    def work_done(self, incident: Incident, slot: Slot) -> None:
        assert slot.unit is not None
        for each in (slot, *slot.unit.further):
            each.worked = True
        self.set_pace(incident)
        if slot.relief:
            self.cancel(slot.relief, "done before")
        if incident.kind.leaves == "independently":
            self.depart(incident, slot)
        else:
            self.leave_together(incident)

    def leave_together(self, incident: Incident) -> None:
        live = incident.live_slots()
        if incident.kind.leaves == "together" and all(s.worked or s.done for s in live):
            for slot in live:
                if not slot.done and slot.unit and slot.unit.slot is slot:
                    self.depart(incident, slot)

    def depart(self, incident: Incident, slot: Slot) -> None:
        """Have a unit leave the scene when its work is done."""
        unit, transport = slot.unit, incident.kind.transport
        assert unit is not None
        further = list(unit.further)
        self.leave(unit)
        taken = transport is not None and transport.share > float(
            self.chance.uniforms("incident", incident.name, "transport", SLOTS)[
                slot.index
            ]
        )
        if taken:
            self.transport(incident, slot, unit)
            self.review_due = True  # who waited for it has to look further
        else:
            self.become_free(unit)
        for each in (slot, *further):
            self.slot_done(incident, each)

    def slot_done(self, incident: Incident, slot: Slot) -> None:
        slot.done, slot.unit = True, None
        self.close_if_done(incident)

    def transport(self, incident: Incident, slot: Slot, unit: Unit) -> None:
        spec = incident.kind.transport
        assert spec is not None
        nodes = [self.places[place] for place in spec.to]
        node = min(nodes, key=lambda node: self.minutes_to(unit, node))
        uniforms = self.chance.uniforms("incident", incident.name, "hand over", SLOTS)
        lasts = duration(spec.hand_over, float(uniforms[slot.index]))

        def hand_over() -> None:
            self.turn(unit, HAND_OVER)
            self.later(unit, self.now + lasts, lambda: self.become_free(unit))

        self.turn(unit, TRANSPORT)
        self.drive(unit, node, hand_over)

    # ---- who may be sent ---------------------------------------------------------

    def reachable(self, unit: Unit) -> bool:
        """On shift, in service, in touch, and at hand."""
        on = unit.on_shift(self.now) and (unit.at_hand or not unit.aid)
        return on and not unit.outs and not unit.losses

    def available(self, unit: Unit, incident: Incident) -> str:
        """Say whether it is ``free`` for an incident, to ``preempt``, or neither."""
        priority = self.aged(incident)
        if not self.reachable(unit) or self.held_by_closing(unit, priority):
            return ""
        if unit.status in FREE:
            return "free"
        if unit.status == BREAK and unit.rest is not None:
            above = unit.rest.above
            return "free" if above is not None and priority <= above else ""
        if unit.status == BUSY and unit.spec.self_initiated is not None:
            return "free" if priority <= unit.spec.self_initiated.yields_to else ""
        if unit.status in UNDER_WAY and unit.incident is not None:
            # The types' own priorities, never aged ones.
            robbers = self.rule.preempt.get(str(unit.incident.kind.priority), ())
            return "preempt" if incident.kind.priority in robbers else ""
        return ""

    def held_by_closing(self, unit: Unit, priority: int) -> bool:
        closing = unit.spec.closing
        return (
            closing is not None
            and unit.closing(self.now)
            and priority > closing.priority
        )

    def tier(self, unit: Unit, priority: int) -> int | None:
        """1: own units, 2: posts that may be stripped, 3: mutual aid; None: none."""
        post = unit.post(self.now)
        if post is not None:
            above = post.strip_above
            if post.strip == "never" or (above is not None and priority > above):
                return None
        if unit.aid:
            return 3
        return 1 if post is None else 2

    def estimate(self, unit: Unit, node: int) -> float:
        """Expected minutes to arrival; no drawn time is seen."""
        turnout = 0.0
        if unit.status == TURNOUT:
            gone = self.now - unit.turnout_began
            turnout = max(unit.turnout_mean - gone, 0.0)
        elif unit.status in (STANDBY, BREAK):
            turnout = unit.turnout(self.now).mean_minutes
        return turnout + self.minutes_to(unit, node)

    # ---- policies ----------------------------------------------------------------
    # Each gives the units for open slots, of one tier; and the slots that shall wait.

    def choose(self, incident: Incident) -> dict[int, tuple[Slot, Unit, float]]:
        """Choose for each open slot, tier by tier."""
        chosen: dict[int, tuple[Slot, Unit, float]] = {}
        waits: set[int] = set()
        for tier in (1, 2, 3):
            slots = [
                slot
                for slot in incident.open_slots()
                if slot.index not in chosen and slot.index not in waits
            ]
            taken = [unit for _, unit, _ in chosen.values()]
            units = [
                unit
                for unit in self.units.values()
                if unit not in taken
                and self.tier(unit, self.aged(incident)) == tier
                and self.available(unit, incident)
                and self.minutes_to(unit, incident.node) < NEVER
            ]
            before = set(chosen)
            self.by_policy(incident, tier, slots, units, chosen, waits)
            self.keep_reserve(incident, chosen, before)
        return chosen

    def by_policy(
        self, incident, tier, slots, units, chosen, waits, *, free_alone=False
    ) -> None:
        costs = {unit.name: self.estimate(unit, incident.node) for unit in units}
        policy = self.rule.policy
        units = self.eligible(incident, units)
        if policy in ("nearest", "nearest-idle"):
            for slot, unit in least_total(slots, units, costs):
                chosen[slot.index] = (slot, unit, costs[unit.name])
            return
        busy_taken: list[Unit] = []
        for slot in slots:
            able = [u for u in units if slot.skill in u.spec.skills]
            if policy == "home-area":
                unit = self.home_area(incident, able, costs)
            elif policy == "keep-cover":
                gone = [u for _, u, _ in chosen.values()]
                unit = self.keep_cover(able, costs, gone)
            else:
                unit = first(able, costs)
                busy = self.best_busy(incident, tier, slot, busy_taken)
                sooner = busy and (unit is None or busy[0] < costs[unit.name])
                if busy and sooner and not free_alone:
                    busy_taken.append(busy[1])
                    waits.add(slot.index)
                    continue
            if unit is not None:
                chosen[slot.index] = (slot, unit, costs[unit.name])
                units = [u for u in units if u is not unit]

    def eligible(self, incident: Incident, units: list[Unit]) -> list[Unit]:
        """Leave out whom the policy never chooses."""
        policy = self.rule.policy
        if policy == "nearest-idle":
            driving = (RETURNING, MOVE)
            return [u for u in units if u.status not in driving or u.freed == self.now]
        if policy == "home-area":
            area, listed = self.home(incident)
            return [u for u in units if area in u.spec.areas or u.name in listed]
        return units

    def home(self, incident: Incident) -> tuple[str | None, tuple[str, ...]]:
        """Give the area of its place, and the list of the place or else the area."""
        area, lists = self.setting.places[incident.place].area, self.rule.lists
        return area, lists.get(incident.place, lists.get(area, ()) if area else ())

    def home_area(self, incident, units, costs) -> Unit | None:
        area, listed = self.home(incident)
        own = [u for u in units if area in u.spec.areas]
        if own:
            return first(own, costs)
        able = {unit.name: unit for unit in units}
        return next((able[name] for name in listed if name in able), None)

    def best_busy(self, incident, tier, slot, taken) -> tuple[float, Unit] | None:
        """Of the units on scene the one that can be there first, and its estimate."""
        priority = self.aged(incident)
        found = [
            (self.expected_left(unit) + self.minutes_to(unit, incident.node), unit)
            for unit in self.units.values()
            if unit.status == SCENE
            and unit not in taken
            and slot.skill in unit.spec.skills
            and self.tier(unit, priority) == tier
            and self.reachable(unit)
            and not self.held_by_closing(unit, priority)
        ]
        found = [pair for pair in found if pair[0] < NEVER]
        return min(found, key=lambda pair: pair[0], default=None)

    def expected_left(self, unit: Unit) -> float:
        incident, slot = unit.incident, unit.slot
        assert incident is not None
        assert slot is not None
        mean = incident.spec.on_scene.mean_minutes
        if slot.begun is None:
            return mean
        return max(mean - self.progress(incident, slot), 0.0) / incident.pace

    # ---- cover -------------------------------------------------------------------

    def weights(self) -> dict[str, float]:
        """Sum the rates in force at each place."""
        weights = dict.fromkeys(self.setting.places, 0.0)
        clock = self.setting.clock
        for kind in self.setting.incidents.values():
            for rate in kind.rates:
                begin, end = (
                    clock.window(rate.phase)
                    if rate.phase
                    else (rate.from_ or 0.0, rate.until or NEVER)
                )
                if begin <= self.now < end:
                    for place in rate.places:
                        weights[place] += rate.per_hour
        return weights

    def free_own(self) -> list[Unit]:
        return [u for u in self.units.values() if not u.aid and self.is_free(u)]

    def known_free(self) -> list[Unit]:
        """Free own units of which the dispatcher knows where they are."""
        return [unit for unit in self.free_own() if not unit.losses]

    def covers(self, spot: Spot, place: str, mode: str) -> bool:
        assert self.rule.cover is not None
        minutes = self.roads.minutes(spot, self.places[place], mode)
        return minutes <= self.rule.cover.within

    def keep_cover(self, units, costs, gone) -> Unit | None:
        assert self.rule.cover is not None
        near = [u for u in units if costs[u.name] <= self.rule.cover.within]
        if not near:
            return first(units, costs)
        free = [u for u in self.free_own() if u not in gone]
        weights = self.weights()

        def loss(unit: Unit) -> float:
            if unit not in free:
                return 0.0
            return sum(
                weight
                for place, weight in weights.items()
                if self.covers(self.where(unit), place, unit.spec.mode)
                and not any(
                    self.covers(self.where(other), place, other.spec.mode)
                    for other in free
                    if other is not unit
                )
            )

        return min(near, key=lambda u: (round(loss(u), 9), costs[u.name], u.order))

    # ---- the queue ---------------------------------------------------------------

    def aged(self, incident: Incident) -> int:
        priority = incident.kind.priority
        if self.rule.ageing:
            assert incident.reported is not None
            waited = (self.now - incident.reported) / self.rule.ageing
            priority -= math.floor(waited + EPSILON)
        return max(priority, 1)

    def queue(self) -> list[Incident]:
        waiting = [
            incident
            for incident in self.under.values()
            if incident.ready is not None and incident.open_slots()
        ]
        return sorted(
            waiting, key=lambda i: (self.aged(i), i.reported, i.ready, i.name)
        )

    def review(self) -> None:
        while True:
            self.review_due = False
            self.go_through_queue()
            self.review_due = False
            if self.rule.switch is None or not self.switch(self.rule.switch):
                break
        self.moves_due = self.rule.standby is not None
        for unit in self.units.values():
            self.stand_down(unit)
        self.review_due = False

    def go_through_queue(self) -> None:
        changes = True
        while changes:
            changes, seen, self.robbed = False, [], False
            while waiting := [i for i in self.queue() if i not in seen]:
                seen.append(waiting[0])
                happened = self.serve(waiting[0])
                changes |= happened == "sent"
                # Who was preempted has its place again: from the front.
                if happened == "blocks" or self.robbed:
                    break
        for incident in list(self.under.values()):
            self.pass_on(incident)
            incident.fresh = False

    def pass_on(self, incident: Incident) -> bool:
        """Have an incident that may pass do so if its first review gave it nobody."""
        passes = (
            incident.kind.none_free == "pass"
            and incident.fresh
            and incident.over is None
            and not any(slot.unit for slot in incident.slots)
        )
        if passes:
            self.end_incident(incident, "passed")
        return passes

    def serve(self, incident: Incident) -> str:
        slots, waits = incident.open_slots(), incident.kind.none_free == "wait"
        chosen = self.choose(incident)
        further = self.fill_further(slots, chosen)
        filled = len(chosen) + sum(map(len, further.values()))
        held = self.rule.send == "together" and filled < len(slots)
        if held:
            chosen = {}
        for index in sorted(chosen):
            slot, unit, estimate = chosen[index]
            self.send(incident, slot, unit, further[index])
            far = self.rule.aid_beyond is not None and estimate > self.rule.aid_beyond
            if far and waits:
                self.ask(incident, slot)
        if waits:
            for slot in incident.open_slots():
                self.ask(incident, slot)
        if self.pass_on(incident):
            return "sent"
        if held and self.rule.behind == "strict" and self.can_be_reached(incident):
            return "blocks"
        return "sent" if chosen else "nothing"

    def fill_further(self, slots: list[Slot], chosen) -> dict[int, list[Slot]]:
        """Share out the slots that got nobody among those chosen for others."""
        further: dict[int, list[Slot]] = {index: [] for index in chosen}
        for slot in slots:
            if slot.index in chosen or slot.relief_wanted:
                continue
            for first_slot in slots:
                if first_slot.index not in chosen or first_slot.relief_wanted:
                    continue
                unit, more = chosen[first_slot.index][1], further[first_slot.index]
                if slot.skill in unit.spec.skills and len(more) + 1 < unit.spec.fills:
                    more.append(slot)
                    break
        return further

    def keep_reserve(self, incident: Incident, chosen, before: set[int]) -> None:
        """Leave slots to the next tier for which too few own units would stay free."""
        priority = self.aged(incident)
        sent = [chosen[index][1] for index in before]
        keep = self.rule.reserve.get(str(priority), 0)
        for index in sorted(set(chosen) - before):
            slot, unit, _ = chosen[index]
            others = [
                other
                for other in self.units.values()
                if other is not unit
                and other not in sent
                and slot.skill in other.spec.skills
                and self.tier(other, priority) in (1, 2)
                and self.available(other, incident) == "free"
            ]
            stands_free = not unit.aid and self.available(unit, incident) == "free"
            if stands_free and len(others) < keep:
                del chosen[index]
            else:
                sent.append(unit)

    def can_be_reached(self, incident: Incident) -> bool:
        """Tell whether whoever is on shift with the skill of a slot has a way there."""
        for slot in incident.open_slots():
            at_work = [
                unit
                for unit in self.units.values()
                if slot.skill in unit.spec.skills and unit.on_shift(self.now)
            ]
            times = [self.minutes_to(unit, incident.node) for unit in at_work]
            if times and min(times) >= NEVER:
                return False
        return True

    def switch(self, share: float) -> bool:
        """Replace units under way by much better ones; tell whether any was."""
        switched = False
        incidents = [i for i in self.under.values() if i.ready is not None]
        incidents.sort(key=lambda i: (self.aged(i), i.reported, i.ready, i.name))
        for incident in incidents:
            for slot in incident.live_slots():
                unit = slot.relief or slot.unit
                under_way = unit and unit.status in UNDER_WAY and unit.slot is slot
                if under_way and not unit.losses:
                    switched |= self.switch_slot(incident, slot, unit, share)
        return switched

    def switch_slot(
        self, incident: Incident, slot: Slot, unit: Unit, share: float
    ) -> bool:
        costs = {u.name: self.estimate(u, incident.node) for u in self.units.values()}
        able = [
            other
            for other in self.units.values()
            if all(s.skill in other.spec.skills for s in (slot, *unit.further))
            and len(unit.further) < other.spec.fills
            and self.tier(other, self.aged(incident)) == 1
            and self.available(other, incident) == "free"
            and other.status in FREE
            and costs[other.name] < NEVER
        ]
        chosen: dict[int, tuple[Slot, Unit, float]] = {}
        self.by_policy(incident, 1, [slot], able, chosen, set(), free_alone=True)
        if unit.aid:
            self.keep_reserve(incident, chosen, set())
        best, left = chosen.get(slot.index, (slot, None, NEVER))[1], costs[unit.name]
        if best is None or not left - costs[best.name] > share * left:
            return False
        further = list(unit.further)
        self.cancel(unit, "switched")
        self.send(incident, slot, best, further)
        return True

    # ---- mutual aid --------------------------------------------------------------

    def ask(self, incident: Incident, slot: Slot) -> None:
        """Ask for mutual aid for a slot, unless a request for it is under way."""
        known = slot.request
        if known and (self.under_way(known) or (known.at_hand and self.is_free(known))):
            return
        orphans = [
            unit
            for unit in self.units.values()
            if self.under_way(unit)
            and slot.skill in unit.spec.skills
            and not any(s.request is unit for s in self.all_open_slots())
        ]
        if orphans:
            slot.request = min(orphans, key=lambda u: (u.at_hand_at, u.order))
            slot.request.asked_for = slot
            return
        costs = {}
        for unit in self.units.values():
            # Who is on its way home from the last time cannot be asked yet.
            ready = unit.status == AWAY and not unit.losses and not unit.asked
            if ready and slot.skill in unit.spec.skills:
                travel = self.roads.minutes(
                    Spot(unit.base), incident.node, unit.spec.mode
                )
                mean = unit.turnout(self.now).mean_minutes
                costs[unit.name] = self.call_up_left(unit) + mean + travel
        able = [self.units[name] for name, cost in costs.items() if cost < NEVER]
        unit = first(self.eligible(incident, able), costs)
        if unit is not None:
            self.call_up(unit, slot)

    def under_way(self, unit: Unit) -> bool:
        """Tell whether a request for a unit is under way."""
        return unit.asked and not unit.at_hand

    def all_open_slots(self) -> list[Slot]:
        return [
            slot for incident in self.under.values() for slot in incident.open_slots()
        ]

    def call_up_left(self, unit: Unit) -> float:
        """Give what is left of the agreement of its agency, and its own call-up."""
        agency = self.setting.agencies[unit.spec.agency]
        assert agency.call_up is not None
        whole = self.now + sum(agency.agree.values())
        agreed = self.agreed.get(unit.spec.agency, whole)
        return max(agreed - self.now, 0.0) + agency.call_up

    def call_up(self, unit: Unit, slot: Slot) -> None:
        agency = self.setting.agencies[unit.spec.agency]
        unit.at_hand_at = self.now + self.call_up_left(unit)
        whole = self.now + sum(agency.agree.values())
        agreed = max(self.agreed.setdefault(unit.spec.agency, whole), self.now)
        unit.asked, unit.asked_for, slot.request = True, slot, unit
        self.at(agreed, EVENTS, lambda: self.agree(unit))
        self.at(unit.at_hand_at, EVENTS, lambda: self.be_at_hand(unit))

    def agree(self, unit: Unit) -> None:
        unit.called = True
        if unit.status == AWAY:
            self.turn(unit, CALLED)

    def be_at_hand(self, unit: Unit) -> None:
        stays = self.setting.agencies[unit.spec.agency].stays
        unit.called = False
        if not unit.on_shift(self.now):
            unit.asked = False
            return
        unit.at_hand, unit.stays_until = True, self.now + stays
        self.at(unit.stays_until, EVENTS, lambda: self.stand_down(unit))
        if not unit.outs:
            self.settle(unit)
        self.review_due = True

    def stand_down(self, unit: Unit) -> None:
        """Stand mutual aid down that has stayed, is free, and is not waited for."""
        over = unit.aid and unit.at_hand and self.now >= unit.stays_until
        if over and self.is_free(unit) and not self.waited_for(unit):
            unit.at_hand = unit.asked = False
            self.settle(unit)

    def waited_for(self, unit: Unit) -> bool:
        """Tell whether the slot it was asked for is open."""
        return unit.asked_for in self.all_open_slots()

    # ---- stand-by moves ----------------------------------------------------------

    def stand_by_moves(self) -> None:
        """Give places to the free units of own agencies without post or beat."""
        units = [
            unit
            for unit in self.free_own()
            if unit.post(self.now) is None and not unit.spec.beat and not unit.losses
        ]
        standby = self.rule.standby
        assert standby is not None
        freed = [unit for unit in units if unit.just_freed]
        for unit in self.units.values():
            unit.just_freed = False
        self.moves_due = False
        if isinstance(standby, TableStandby):
            bases = [self.places[p] for p in standby.table.get(str(len(units)), ())]
            held = dict(self.least_travel(bases, units))
            for unit in units:
                self.give(unit, held.get(unit.name))
            return
        for unit in freed:
            bases = [self.places[place] for place in standby.places]
            if isinstance(standby, CoverStandby):
                self.give(unit, max(bases, key=lambda b: self.gain(unit, b)))
                continue
            held_nodes = [self.heads_for(u) for u in self.known_free() if u is not unit]
            self.give(unit, next((b for b in bases if b not in held_nodes), None))

    def give(self, unit: Unit, node: int | None) -> None:
        unit.given = node
        self.settle(unit)

    def heads_for(self, unit: Unit) -> int | None:
        if unit.target is not None:
            return unit.target
        return unit.spot.node if unit.spot.arc < 0 else None

    def least_travel(self, bases: list[int], units: list[Unit]):
        slots = [Slot(i, "") for i in range(len(bases))]
        costs = {
            (i, u.name): self.minutes_to(u, base)
            for i, base in enumerate(bases)
            for u in units
        }
        for slot, unit in least_total(slots, units, costs):
            yield unit.name, bases[slot.index]

    def gain(self, unit: Unit, base: int) -> float:
        """Give the expected cover that a unit at a base would add."""
        assert self.rule.cover is not None
        total = 0.0
        for place, weight in self.weights().items():
            if not self.covers(Spot(base), place, unit.spec.mode):
                continue
            others = 0
            for other in self.known_free():
                if other is not unit:
                    node = self.heads_for(other)
                    spot = self.where(other) if node is None else Spot(node)
                    others += self.covers(spot, place, other.spec.mode)
            total += weight * self.rule.cover.busy**others
        return round(total, 9)


def first(units: list[Unit], costs: dict[str, float]) -> Unit | None:
    """Give the unit of the least cost; equal costs go to the order in the file."""
    return min(units, key=lambda u: (costs[u.name], u.order), default=None)


def least_total(slots: list[Slot], units: list[Unit], costs):
    """Try every assignment: most slots filled, then least total.

    Of equal ones the first in order: each slot in turn its nearest unit.
    """

    def cost(slot: Slot, unit: Unit) -> float:
        return costs[slot.index, unit.name] if not slot.skill else costs[unit.name]

    choices: list[list[Unit | None]] = []
    for slot in slots:
        able = [u for u in units if not slot.skill or slot.skill in u.spec.skills]
        able = [u for u in able if cost(slot, u) < NEVER]
        row = sorted(able, key=lambda u, s=slot: (cost(s, u), u.order))
        choices.append([*row, None])
    best, best_key = [], (0, 0.0)
    for way in product(*choices):
        pairs = [(s, u) for s, u in zip(slots, way, strict=True) if u is not None]
        if len({unit.name for _, unit in pairs}) < len(pairs):
            continue
        key = (len(pairs), sum(cost(s, u) for s, u in pairs))
        more = key[0] > best_key[0]
        if more or (key[0] == best_key[0] and key[1] < best_key[1] - EPSILON):
            best, best_key = pairs, key
    return best
