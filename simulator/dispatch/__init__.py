"""Dispatch: the queue of incidents of one world, and who is sent."""

from collections.abc import Iterator, Sequence
from functools import partial
from heapq import nsmallest
from math import inf, isinf
from typing import TYPE_CHECKING, NamedTuple

from scenarios.policy import Dispatch
from simulator.dispatch.aid import Aid
from simulator.dispatch.cover import Cover
from simulator.dispatch.relief import Reliefs
from simulator.dispatch.standby import STANDBYS
from simulator.dispatch.switch import better_unit, under_way
from simulator.incident.slot import told_further
from simulator.log import Kind, Status
from simulator.policy import MOST_RUNNERS, WEIGH_BUSY, Call, Candidate, Policy, rank
from simulator.stream import duration
from simulator.tie import Rank
from simulator.unit import ON_THE_ROAD, UNDER_WAY

if TYPE_CHECKING:
    from simulator.incident import Incident, Slot
    from simulator.unit import Unit
    from simulator.world import World


class Pick(NamedTuple):
    """Who is chosen for a slot, among whom, and which slots it fills beside it."""

    slot: "Slot"
    candidate: Candidate
    runners: Sequence[Candidate]
    further: "list[Slot]"


class Dispatcher:
    """The queue of incidents of one world, and who is sent.

    Parameters
    ----------
    world
        Where it works.
    policy
        Chooses among candidates.
    """

    def __init__(self, world: "World", policy: Policy) -> None:
        self.world = world
        self.policy = policy
        self.rules: Dispatch = world.setting.dispatch
        self.aid = Aid(world)
        self.cover = Cover(world)
        self.reliefs = Reliefs(world)
        self.cover.watch()
        self._reserve = {int(p): n for p, n in self.rules.reserve.items()}
        self._weighs_busy = policy in WEIGH_BUSY
        self._queue: list[Incident] = []
        self._newcomers: list[Incident] = []
        self._ready: list[Unit] = []
        self._may_pass: list[Incident] = []
        self._freed: list[Unit] = []
        self._unplaced: list[Unit] = []
        self._due = False
        self._reviewing = False
        self._again = False
        self._robbed = False
        self._moves_due = False

    # ---- what happens to the queue ---------------------------------------------

    def take(self, incident: "Incident") -> None:
        """Take an incident that is ready into the queue; it may pass at once."""
        self._age(incident)
        if incident.kind.none_free == "pass":
            self._may_pass.append(incident)
        self.add(incident)

    def add(self, incident: "Incident") -> None:
        """Take an incident with an open slot into the queue."""
        if incident.ready and incident.is_open and incident not in self._queue:
            self._queue.append(incident)
        self._newcomers.append(incident)
        self.review()

    def freed(self, unit: "Unit") -> None:
        """Take note that a unit is free; after a review it goes where it belongs."""
        self._freed.append(unit)
        self.review()

    def look_at_roads(self) -> None:
        """Look again at all that wait, for the roads have changed."""
        self._newcomers = list(self._queue)
        self.review()

    def review(self) -> None:
        """Have the queue gone through, once what happens now has wholly happened."""
        if self._reviewing:
            self._again = True
        elif not self._due:
            self._due = True
            clock = self.world.clock
            clock.call_at(clock.now, Rank.REVIEW, self._review)

    def send(
        self,
        incident: "Incident",
        slot: "Slot",
        unit: "Unit",
        why: str,
        further: Sequence["Slot"] = (),
    ) -> None:
        """Assign a unit to slots of an incident; an order may do so, too."""
        own = Candidate(
            unit=unit.name,
            order=0,
            status=unit.status,
            skills=frozenset(unit.spec.skills),
            areas=frozenset(unit.spec.areas),
            clearing=False,
            estimate=self.estimate(unit, incident.node),
        )
        self._send(incident, Pick(slot, own, (), list(further)), why)

    # ---- what others may ask ---------------------------------------------------

    def look_who_is_at_work(self) -> None:
        """Say which of those that wait nobody can reach: a shift has begun or ended."""
        for incident in self.queue():
            for slot in incident.open_slots():
                self._tell_reach(incident, slot.skill)

    def priority(self, incident: "Incident") -> int:
        """Give the priority of an incident as it counts now, aged."""
        ageing, reported = self.rules.ageing, incident.reported
        if ageing is None or reported is None:
            return incident.priority
        steps = int((self.world.clock.now - reported) / ageing + 1e-9)
        return max(incident.priority - steps, 1)

    def estimate(self, unit: "Unit", node: int) -> float:
        """Estimate the minutes to arrival, by what a dispatcher knows."""
        return self._turnout(unit) + unit.minutes_to(node)

    def choose_one(
        self, incident: "Incident", slot: "Slot", candidates: list[Candidate]
    ) -> Candidate | None:
        """Ask the policy whom it would send to one slot."""
        able = [c for c in candidates if not isinf(c.estimate)]
        if not able:
            return None
        return self.policy(self._call(incident, [slot]), able, self.cover)[0]

    def held(
        self,
        incident: "Incident",
        slot: "Slot",
        chosen: Candidate | None,
        taken: set[str],
    ) -> str:
        """Say why the choice is not sent now; empty when it is, or is nobody."""
        if chosen is None:
            return ""
        if chosen.status == Status.ON_SCENE:
            return f"waits for {chosen.unit}"
        priority = self.priority(incident)
        asked = self._reserve.get(priority, 0)
        unit = self.world.units[chosen.unit]
        if not asked or unit.is_aid or unit.mission is not None:
            return ""
        stay = self._left_free(slot.skill, priority, taken | {unit.name})
        return "reserve" if stay < asked else ""

    def queue(self) -> list["Incident"]:
        """Give the incidents that wait for a unit, the first to be served first."""
        waiting = (i for i in self._queue if i.is_open and i.open_slots())
        return sorted(waiting, key=self._place)

    def _place(self, incident: "Incident") -> tuple[int, float, float, str]:
        """Order the queue."""
        reported = incident.reported or 0.0
        return self.priority(incident), reported, incident.ready_at, incident.name

    # ---- a review --------------------------------------------------------------

    def _review(self) -> None:
        """Go through the queue from the front until a pass changes nothing."""
        self._due, self._reviewing, self._again = False, True, True
        while self._again:
            self._again = False
            self._pass()
            if not self._again and self.rules.switch is not None:
                self._switch(self.rules.switch)
        self._reviewing = False
        self._let_pass()
        self._let_go()

    def _let_pass(self) -> None:
        """Lose incidents that may pass and found nobody in their first review."""
        incidents, self._may_pass = self._may_pass, []
        for incident in incidents:
            nobody = all(slot.state == "open" for slot in incident.slots)
            if incident.is_open and nobody:
                incident.pass_on()

    def _let_go(self) -> None:
        """Let units for which there is nothing go where they belong."""
        freed, self._freed = dict.fromkeys(self._freed), []
        self.aid.stand_down_all()
        self.reliefs.let_go()
        for unit in freed:
            unit.reposition()
        if self.rules.standby is not None:
            self._unplaced += freed
            if not self._moves_due:
                # Once all that is due now has happened, not after each part of it.
                self._moves_due = True
                clock = self.world.clock
                clock.call_at(clock.now, Rank.TICK, self._stand_by)

    # ---- a pass through the queue ----------------------------------------------

    def _age(self, incident: "Incident") -> None:
        """Look again whenever its priority ages."""
        if self.rules.ageing is None or incident.reported is None:
            return
        for step in range(1, incident.priority):
            time = incident.reported + step * self.rules.ageing
            self.world.clock.call_at(time, Rank.UNIT, partial(self._look, incident))

    def _look(self, incident: "Incident") -> None:
        if incident.is_open and incident.open_slots():
            self.review()

    def _pass(self) -> None:
        newcomers, self._newcomers, self._robbed = self._newcomers, [], False
        if not self._queue:
            return
        units = self.world.units.values()
        self._ready = [
            unit
            for unit in units
            if (self._is_under_way(unit) if unit.job else unit.available(1))
        ]
        if not self._ready and not self.aid.exists:
            # Nobody to send and nobody to ask: those who wait go on waiting.
            still = (incident for incident in newcomers if incident.is_open)
            for incident in sorted(still, key=self._place):
                self._look_beyond(incident)
            return
        self._queue = self.queue()
        for incident in self._queue:
            behind = self._serve(incident)
            # Who has lost a unit has its place in the queue again: from the front.
            if self._robbed or behind == "strict":
                return

    def _is_under_way(self, unit: "Unit") -> bool:
        """Tell whether a unit with a job could be taken from it, or be waited for."""
        if unit.mission is None:
            return False
        under_way = bool(self.rules.preempt) and unit.status in UNDER_WAY
        return under_way or (self._weighs_busy and unit.status == Status.ON_SCENE)

    def _serve(self, incident: "Incident") -> str:
        """Send whom the policy chooses; say `strict` when those behind must wait."""
        slots = incident.open_slots()
        picks = self._choose(incident, slots)
        if self.rules.send == "together" and _filled(picks) < len(slots):
            if picks:
                self._hold(incident, "together")
            return self._hold_together(incident, slots)
        for pick in picks:
            self._send(incident, pick, self.world.policy_name)
            # Who has just been sent may be taken again by a more pressing one; mutual
            # aid may have waited at hand for another, which has to ask anew.
            sent_aid = self.world.units[pick.candidate.unit].is_aid
            self._again = self._again or sent_aid or bool(self.rules.preempt)
            beyond = self.rules.aid_beyond
            if beyond is not None and pick.candidate.estimate > beyond:
                self.aid.ask(incident, pick.slot)
        self._look_beyond(incident)
        return ""

    def _choose(self, incident: "Incident", slots: list["Slot"]) -> list[Pick]:
        """Choose tier by tier; a slot that waits for a busy unit looks no further."""
        picks: list[Pick] = []
        left, why = list(slots), set[str]()
        for units in self._tiers(incident):
            taken = {pick.candidate.unit for pick in picks}
            candidates = self._candidates(incident, left, units, taken)
            if not left or not candidates:
                continue
            chosen = self.policy(self._call(incident, left), candidates, self.cover)
            still: list[Slot] = []
            for slot, candidate in zip(left, chosen, strict=True):
                held = self.held(incident, slot, candidate, taken)
                if candidate is not None and not held:
                    taken.add(candidate.unit)
                    picks.append(Pick(slot, candidate, candidates, []))
                elif not held.startswith("waits"):
                    still.append(slot)
                why |= {held} - {""}
            left = still
        self._fill_further(picks, slots)
        if _filled(picks) < len(slots):
            for each in sorted(why):
                self._hold(incident, each)
        return picks

    def _fill_further(self, picks: list[Pick], slots: list["Slot"]) -> None:
        """Give slots that nobody is chosen for to those chosen for others."""
        taken = {id(pick.slot) for pick in picks}
        by_slot = sorted(picks, key=lambda pick: slots.index(pick.slot))
        for slot in slots:
            if id(slot) not in taken and slot.relieves is None:
                able = (pick for pick in by_slot if self._has_room(pick, slot.skill))
                pick = next(able, None)
                if pick is not None:
                    pick.further.append(slot)

    def _has_room(self, pick: Pick, skill: str) -> bool:
        unit = self.world.units[pick.candidate.unit]
        room = len(pick.further) + 1 < unit.spec.fills
        return room and skill in unit.skills and pick.slot.relieves is None

    def _tiers(self, incident: "Incident") -> Iterator[list["Unit"]]:
        """Give own units, then posts, then mutual aid that is at hand."""
        priority = self.priority(incident)
        tiers: tuple[list[Unit], ...] = ([], [], [])
        for unit in self._ready:
            gone = unit.name in incident.recalled
            if gone or not self._may_go(unit, incident, priority):
                continue
            post = unit.post()
            if unit.is_aid:
                tiers[2].append(unit)
            elif post is None:
                tiers[0].append(unit)
            elif self.reliefs.may_go(unit, post, priority):
                tiers[1].append(unit)
        yield from tiers

    def _may_go(self, unit: "Unit", incident: "Incident", priority: int) -> bool:
        if unit.mission is None:
            return unit.available(priority)
        if unit.silent or not unit.on_shift() or unit.closes(priority):
            return False
        if unit.status in UNDER_WAY:
            lesser = unit.mission[0]
            return lesser is not incident and self.rules.may_preempt(
                lesser.priority, incident.priority
            )
        return self._weighs_busy and unit.status == Status.ON_SCENE

    def _candidates(
        self,
        incident: "Incident",
        slots: list["Slot"],
        units: list["Unit"],
        taken: set[str],
    ) -> list[Candidate]:
        skills = {slot.skill for slot in slots}
        found = (
            self.candidate(unit, incident.node)
            for unit in units
            if unit.name not in taken and not skills.isdisjoint(unit.skills)
        )
        return [candidate for candidate in found if not isinf(candidate.estimate)]

    def candidate(self, unit: "Unit", node: int) -> Candidate:
        """Say what a policy may know of a unit that could go to a node."""
        rest = 0.0
        if unit.mission is not None and unit.status == Status.ON_SCENE:
            rest = unit.mission[0].expected_end(unit.mission[1])
        return Candidate(
            unit=unit.name,
            order=unit.order,
            status=unit.status,
            skills=unit.skills,
            areas=unit.areas,
            clearing=unit.cleared_at == self.world.clock.now,
            estimate=rest + self.estimate(unit, node),
        )

    def _call(self, incident: "Incident", slots: list["Slot"]) -> Call:
        place, lists = incident.draw.place, self.rules.lists
        spot = self.world.setting.places.get(place)
        area = incident.draw.area or (spot.area if spot else None) or ""
        assert incident.reported is not None
        return Call(
            incident=incident.name,
            type=incident.draw.type,
            place=place,
            area=area,
            priority=self.priority(incident),
            level=incident.level + 1,
            needs=tuple(slot.skill for slot in slots),
            waited=self.world.clock.now - incident.reported,
            listed=lists.get(place) or lists.get(area, ()),
        )

    # ---- reserve, together, aid ------------------------------------------------

    def _left_free(self, skill: str, priority: int, gone: set[str]) -> int:
        return sum(
            skill in unit.skills
            and unit.name not in gone
            and not unit.is_aid
            and unit.available(priority)
            and self._may_leave_post(unit, priority)
            for unit in self.world.units.values()
        )

    def _may_leave_post(self, unit: "Unit", priority: int) -> bool:
        post = unit.post()
        return post is None or self.reliefs.may_go(unit, post, priority)

    def _hold_together(self, incident: "Incident", slots: list["Slot"]) -> str:
        """Send nobody, since not all can go; unless one of them never could."""
        self._look_beyond(incident)
        if any(self._reached(incident, slot.skill) is False for slot in slots):
            return ""
        return self.rules.behind

    def _hold(self, incident: "Incident", why: str) -> None:
        """Say, once, that it waits although units are free."""
        if why not in incident.told:
            incident.told.add(why)
            incident.record(Kind.HELD, why=why)

    def _look_beyond(self, incident: "Incident") -> None:
        """Say what no unit can reach; ask for mutual aid."""
        for slot in incident.open_slots():
            self._tell_reach(incident, slot.skill)
            self.reliefs.ask(incident, slot, self.priority(incident))
            self.aid.ask(incident, slot)

    def _tell_reach(self, incident: "Incident", skill: str) -> None:
        """Say, once, that no unit at work can get there."""
        key = f"unreachable {skill}"
        reached = self._reached(incident, skill)
        if reached:
            incident.told.discard(key)
        elif reached is False and key not in incident.told:
            incident.told.add(key)
            incident.record(Kind.UNREACHABLE, skill=skill)

    def _reached(self, incident: "Incident", skill: str) -> bool | None:
        """Tell whether a unit could get there; None when none at work has the skill."""
        reached = None
        for unit in self.world.units.values():
            if unit.at_work and skill in unit.skills:
                reached = not isinf(unit.minutes_to(incident.node))
                if reached:
                    return True
        return reached

    # ---- sending ---------------------------------------------------------------

    def _send(self, incident: "Incident", pick: Pick, why: str) -> None:
        slot, chosen, candidates, further = pick
        unit = self.world.units[chosen.unit]
        incident.told.clear()
        if unit.mission is not None:
            self._take_from(unit, incident)
        turnout = self._draw_turnout(unit, incident, slot)
        incident.assign(slot, unit, further)
        others = [c for c in candidates if c is not chosen and slot.skill in c.skills]
        runners = nsmallest(MOST_RUNNERS, others, key=rank)
        told = {"runners": ", ".join(f"{c.unit} {c.estimate:.1f}" for c in runners)}
        incident.record(
            Kind.ASSIGNED,
            unit=unit.name,
            slot=slot.index,
            skill=slot.skill,
            attempt=slot.attempt,
            estimate=chosen.estimate,
            was=chosen.status.value,
            why=why,
            **(told if runners else {}),
            **told_further(further),
        )
        post = unit.post()
        if post is not None and unit.at_home():
            self.world.record(
                Kind.STRIPPED, unit.name, post.place, incident=incident.name
            )
        unit.attend(incident, slot, incident.attend(slot, unit, turnout))

    def _take_from(self, unit: "Unit", incident: "Incident") -> None:
        """Take a unit from the lesser incident it is under way to."""
        assert unit.mission is not None
        lesser, slot = unit.mission
        unit.halt()
        self._again = self._robbed = True
        lesser.lose(slot, unit, "preempted", by=incident.name)

    def _turnout(self, unit: "Unit") -> float:
        """Expect how long until the wheels turn."""
        if unit.status == Status.TURNOUT:
            begun = unit.turnout_begun
            gone = self.world.clock.now - begun
            return max(unit.turnout_mean - gone, 0.0)
        if unit.status in ON_THE_ROAD or unit.status == Status.ON_SCENE:
            return 0.0
        return unit.turnout.mean_minutes

    def _draw_turnout(self, unit: "Unit", incident: "Incident", slot: "Slot") -> float:
        """Set when the wheels turn; a turnout that has begun goes on."""
        now = self.world.clock.now
        if unit.status == Status.TURNOUT:
            return max(unit.turnout_ends - now, 0.0)
        if unit.status in ON_THE_ROAD:
            # None is left of it, and none is expected either.
            unit.turnout_begun, unit.turnout_ends = -inf, now
            return 0.0
        key = f"{incident.name} {slot.index} {unit.name}"
        chance = self.world.chance.uniform("turnout", key, "", slot.attempt + 1)
        turnout = incident.draw.turnout
        if turnout is None:
            turnout = duration(unit.turnout, chance)
        unit.turnout_mean = unit.turnout.mean_minutes
        unit.turnout_begun, unit.turnout_ends = now, now + turnout
        return turnout

    # ---- after a pass ----------------------------------------------------------

    def _switch(self, share: float) -> None:
        """Replace units under way by others that save more than a share."""
        for incident, slot in under_way(self):
            found = better_unit(self, incident, slot, share)
            if found is not None and slot.unit is not None:
                old, further = slot.unit, incident.filled(slot)[1:]
                old.halt()
                incident.lose(slot, old, "switched", to=found.unit)
                self._send(incident, Pick(slot, found, (), further), "switch")
                old.drop()

    def _stand_by(self) -> None:
        freed = sorted(set(self._unplaced), key=lambda unit: unit.order)
        self._unplaced = []
        self._moves_due = False
        standby = self.rules.standby
        assert standby is not None
        for unit, place in STANDBYS[standby.kind](self, standby, freed):
            unit.idle.move(place)


def _filled(picks: list[Pick]) -> int:
    """Count the slots that are filled."""
    return sum(1 + len(pick.further) for pick in picks)
