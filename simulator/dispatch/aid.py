"""Mutual aid: asked for, agreed to by each level in turn, called up, stood down."""

from functools import partial
from math import isinf
from typing import TYPE_CHECKING

from simulator.log import Kind, Status
from simulator.tie import Rank

if TYPE_CHECKING:
    from scenarios.force import Agency
    from simulator.incident import Incident, Slot
    from simulator.unit import Unit
    from simulator.world import World


class Aid:
    """The requests for mutual aid of one world.

    Parameters
    ----------
    world
        Whose units may be asked for.
    """

    def __init__(self, world: "World") -> None:
        self.world = world
        agencies = world.setting.agencies
        self.exists = any(
            agencies[unit.agency].call_up is not None
            for unit in world.setting.units.values()
        )
        # When all levels of an agency will have agreed; asked once.
        self._agreed: dict[str, float] = {}
        # Units asked for and not yet at hand.
        self._coming: set[str] = set()
        # For what a unit was asked for; nothing when an order asked.
        self._wanted: dict[str, tuple[Incident, Slot]] = {}
        self._stays: dict[str, float] = {}

    def ask(self, incident: "Incident", slot: "Slot") -> None:
        """Ask for a unit for a slot, unless one is already on the way to be at hand."""
        passes = incident.kind.none_free == "pass"
        if passes or not self.exists or self._is_coming(slot):
            return
        able = [unit for unit in self._units() if slot.skill in unit.skills]
        coming = [u for u in able if u.name in self._coming]
        spare = next((u for u in coming if self._is_spare(u.name)), None)
        if spare is not None:
            self._promise(spare, incident, slot)
            return
        fresh = [u for u in able if u.name not in self._coming and self._can_come(u)]
        fresh = [u for u in fresh if self._would_go(u, incident, slot)]
        times = {unit.name: self._expect(unit, incident.node) for unit in fresh}
        best = min(fresh, key=lambda u: (times[u.name], u.order), default=None)
        if best is not None and not isinf(times[best.name]):
            self._promise(best, incident, slot)
            self.call(best, incident.name)

    def call(self, unit: "Unit", why: str) -> None:
        """Ask for a unit: its agency's levels agree in turn, then it is called up."""
        clock, agency = self.world.clock, self._agency(unit)
        unit.note(Kind.AID_ASKED, agency=unit.spec.agency, why=why)
        self._coming.add(unit.name)
        if unit.spec.agency not in self._agreed:
            time = clock.now
            for level, delay in agency.agree.items():
                time += delay
                agree = partial(self._agree, unit.spec.agency, level)
                clock.call_at(time, Rank.UNIT, agree)
            self._agreed[unit.spec.agency] = time
        begin = max(self._agreed[unit.spec.agency], clock.now)
        if begin > clock.now:
            clock.call_at(begin, Rank.UNIT, partial(self._call_up, unit))
        else:
            self._call_up(unit)

    def is_asked(self, unit: "Unit") -> bool:
        """Tell whether a unit has been asked for and is not yet at hand."""
        return unit.name in self._coming

    def stand_down_all(self) -> None:
        """Stand down all for whom there is nothing any more."""
        if self.exists:
            for unit in self.world.units.values():
                self.stand_down(unit)

    def stand_down(self, unit: "Unit") -> None:
        """Stand a unit down when it has stayed long enough and nothing is for it.

        Who has paused its work is to come back to it, and so stays at hand.
        """
        if not unit.is_aid or not unit.at_hand or unit.job or unit.paused:
            return
        over = unit.free() and self.world.clock.now >= self._stays[unit.name]
        if (over and not self._is_wanted(unit.name)) or not unit.on_shift():
            unit.at_hand = False
            self._wanted.pop(unit.name, None)
            unit.note(Kind.STOOD_DOWN)
            if unit.free():
                unit.change(unit.idle.status())
                unit.reposition()

    # ---- inside ----------------------------------------------------------------

    def _units(self) -> list["Unit"]:
        return [u for u in self.world.units.values() if u.is_aid and not u.at_hand]

    def _agency(self, unit: "Unit") -> "Agency":
        return self.world.setting.agencies[unit.spec.agency]

    def _is_coming(self, slot: "Slot") -> bool:
        """Tell whether the unit that was asked for is to come, or waits at hand."""
        wanted = self._wanted.get(slot.asked)
        if wanted is None or wanted[1] is not slot:
            return False
        unit = self.world.units[slot.asked]
        return unit.name in self._coming or (unit.at_hand and unit.free())

    def _is_wanted(self, name: str) -> bool:
        """Tell whether what a unit was asked for is still open."""
        if name not in self._wanted:
            return False
        incident, slot = self._wanted[name]
        return incident.is_open and slot.state == "open" and slot in incident.slots

    def _is_spare(self, name: str) -> bool:
        return name in self._wanted and not self._is_wanted(name)

    def _can_come(self, unit: "Unit") -> bool:
        return unit.status == Status.UNCALLED and unit.free() and not unit.silent

    def _would_go(self, unit: "Unit", incident: "Incident", slot: "Slot") -> bool:
        """Tell whether the policy would send a unit, were it at hand."""
        dispatcher = self.world.dispatcher
        candidate = dispatcher.candidate(unit, incident.node)
        return dispatcher.choose_one(incident, slot, [candidate]) is not None

    def _promise(self, unit: "Unit", incident: "Incident", slot: "Slot") -> None:
        self._wanted[unit.name] = (incident, slot)
        slot.asked = unit.name

    def _expect(self, unit: "Unit", node: int) -> float:
        """Expect how long until a unit could be there, minutes."""
        now, agency = self.world.clock.now, self._agency(unit)
        agreed = self._agreed.get(unit.spec.agency, now + sum(agency.agree.values()))
        wait = max(agreed - now, 0.0) + (agency.call_up or 0.0)
        return wait + unit.turnout.mean_minutes + unit.minutes_to(node)

    def _agree(self, agency: str, level: str) -> None:
        self.world.record(Kind.AGREED, agency, level=level)

    def _call_up(self, unit: "Unit") -> None:
        clock = self.world.clock
        unit.note(Kind.CALLED_UP)
        unit.called = True
        if unit.status == Status.UNCALLED:
            unit.change(Status.CALLED_UP)
        ready = clock.now + (self._agency(unit).call_up or 0.0)
        clock.call_at(ready, Rank.UNIT, partial(self._be_at_hand, unit))

    def _be_at_hand(self, unit: "Unit") -> None:
        now, stays = self.world.clock.now, self._agency(unit).stays
        self._coming.discard(unit.name)
        unit.called = False
        if not unit.on_shift():
            return
        unit.at_hand = True
        self._stays[unit.name] = now + stays
        unit.note(Kind.AT_HAND)
        if stays:
            over = partial(self.stand_down, unit)
            self.world.clock.call_at(now + stays, Rank.TICK, over)
        if unit.status == Status.CALLED_UP or unit.free():
            unit.finish_rest()
