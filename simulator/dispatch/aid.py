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
        self._coming: dict[str, Slot | None] = {}
        self._stays: dict[str, float] = {}

    def ask(self, incident: "Incident", slot: "Slot") -> None:
        """Ask for a unit for a slot, unless one is already on the way to be at hand."""
        passes = incident.kind.none_free == "pass"
        if passes or not self.exists or self._is_coming(slot):
            return
        able = [unit for unit in self._units() if slot.skill in unit.skills]
        spare = [u for u in able if u.name in self._coming and self._is_spare(u.name)]
        if spare:
            self._promise(spare[0], slot)
            return
        fresh = [u for u in able if u.name not in self._coming and self._can_come(u)]
        times = {unit.name: self._expect(unit, incident.node) for unit in fresh}
        best = min(fresh, key=lambda u: (times[u.name], u.order), default=None)
        if best is not None and not isinf(times[best.name]):
            self._promise(best, slot)
            self.call(best, incident.name)

    def call(self, unit: "Unit", why: str) -> None:
        """Ask for a unit: its agency's levels agree in turn, then it is called up."""
        clock, agency = self.world.clock, self._agency(unit)
        unit.note(Kind.AID_ASKED, agency=unit.spec.agency, why=why)
        self._coming.setdefault(unit.name, None)
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

    def stand_down(self, unit: "Unit") -> None:
        """Stand a unit down when it has stayed long enough and nothing is for it."""
        if not unit.is_aid or not unit.at_hand or unit.job:
            return
        over = self.world.clock.now >= self._stays[unit.name]
        if over or not unit.on_shift():
            unit.at_hand = False
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
        return bool(slot.asked) and self._coming.get(slot.asked) is slot

    def _is_spare(self, name: str) -> bool:
        """Tell whether what a unit was asked for has been filled meanwhile."""
        slot = self._coming[name]
        return slot is not None and slot.state != "open"

    def _can_come(self, unit: "Unit") -> bool:
        return unit.status == Status.UNCALLED and unit.free() and not unit.silent

    def _promise(self, unit: "Unit", slot: "Slot") -> None:
        self._coming[unit.name] = slot
        slot.asked = unit.name

    def _expect(self, unit: "Unit", node: int) -> float:
        """Expect how long until a unit could be there, minutes."""
        now, agency = self.world.clock.now, self._agency(unit)
        agreed = self._agreed.get(unit.spec.agency, now + sum(agency.agree.values()))
        wait = max(agreed - now, 0.0) + (agency.call_up or 0.0)
        return wait + unit.spec.turnout.mean_minutes + unit.minutes_to(node)

    def _agree(self, agency: str, level: str) -> None:
        self.world.record(Kind.AGREED, agency, level=level)

    def _call_up(self, unit: "Unit") -> None:
        clock = self.world.clock
        unit.note(Kind.CALLED_UP)
        if unit.status == Status.UNCALLED:
            unit.change(Status.CALLED_UP)
        ready = clock.now + (self._agency(unit).call_up or 0.0)
        clock.call_at(ready, Rank.UNIT, partial(self._be_at_hand, unit))

    def _be_at_hand(self, unit: "Unit") -> None:
        now, stays = self.world.clock.now, self._agency(unit).stays
        self._coming.pop(unit.name, None)
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
