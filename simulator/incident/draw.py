"""Incidents made beforehand: everything chance decides about them, drawn at once."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from scenarios.distribution import Law
from scenarios.incident import IncidentType, Rate
from scenarios.scenario import Setting
from simulator.stream import Chance, Floats, duration

MOST_SLOTS = 64
PURPOSES = (
    *("report delay", "call handling", "on scene", "transport", "hand over", "gone"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """An incident with all its chance, drawn when it is made.

    Parameters
    ----------
    name
        Unique in the replication, and the same under every plan.
    type
        Name of its type.
    place
        Name of its place.
    arises
        Minutes from the start.
    report_delay, call_handling
        Minutes.
    on_scene, transport, hand_over
        Uniform numbers, one for each unit it may need.
    gone_after
        Minutes after which it ends by itself when nobody has come; infinite: never.
    priority
        Stands for that of its type; None: the type's.
    turnout
        Minutes, of each unit that is sent; None: the unit's own.
    stated
        Minutes on scene that are known; see `work`.
    area
        The area it lies in; empty: that of its place.
    carried
        Whether the first unit needed takes somebody to a place, and no other; None: by
        chance, as its type says.
    destination
        That place; empty: the nearest of its type.
    handed_over
        Minutes there; None: by chance.
    """

    name: str
    type: str
    place: str
    arises: float
    report_delay: float
    call_handling: float
    on_scene: Floats
    transport: Floats
    hand_over: Floats
    gone_after: float
    priority: int | None = None
    turnout: float | None = None
    stated: tuple[float | None, ...] = ()
    area: str = ""
    carried: bool | None = None
    destination: str = ""
    handed_over: float | None = None

    def work(self, slot: int, law: Law) -> float:
        """Minutes on scene of the unit of a slot: as stated, else drawn from a law.

        One value that is stated holds for every unit, several for the first unit
        needed, the second and so on.
        """
        place = 0 if len(self.stated) == 1 else slot
        stated = self.stated[place] if place < len(self.stated) else None
        chance = self.on_scene[slot % MOST_SLOTS]
        return duration(law, chance) if stated is None else stated

    def carries(self, slot: int, share: float) -> bool:
        """Tell whether the unit of a slot takes somebody to a place."""
        if self.carried is None:
            return bool(self.transport[slot % MOST_SLOTS] < share)
        return self.carried and slot == 0

    def hand_over_minutes(self, slot: int, law: Law) -> float:
        """Minutes of handing over: as stated, else drawn from a law."""
        if self.handed_over is not None:
            return self.handed_over
        return duration(law, self.hand_over[slot % MOST_SLOTS])


def draw_incident(
    name: str,
    type_name: str,
    place: str,
    arises: float,
    kind: IncidentType,
    chance: Chance,
) -> Draw:
    """Make an incident and draw all its attributes."""
    rows = chance.rows("incident", name, PURPOSES, MOST_SLOTS)
    report, handling, on_scene, transport, hand_over, gone = rows
    return Draw(
        name=name,
        type=type_name,
        place=place,
        arises=arises,
        report_delay=duration(kind.report_delay, report[0]),
        call_handling=duration(kind.call_handling, handling[0]),
        on_scene=on_scene,
        transport=transport,
        hand_over=hand_over,
        gone_after=math.inf
        if kind.gone_after is None
        else duration(kind.gone_after, gone[0]),
    )


def draw_incidents(setting: Setting, chance: Chance) -> list[Draw]:
    """Draw every incident that arises by chance; the same under every plan."""
    draws: list[Draw] = []
    for type_name, kind in setting.incidents.items():
        for number, rate in enumerate(kind.rates):
            for place in rate.places:
                source = f"{type_name}@{place}" + (f"/{number + 1}" if number else "")
                for i, time in enumerate(_times(rate, source, setting, chance)):
                    name = f"{source}#{i + 1}"
                    draws.append(
                        draw_incident(name, type_name, place, time, kind, chance)
                    )
    return sorted(draws, key=lambda draw: draw.arises)


def _times(
    rate: Rate, source: str, setting: Setting, chance: Chance
) -> Iterator[float]:
    """Arrival times of a Poisson process on the rate's window."""
    begin, end = rate.window(setting.clock)
    per_minute, block, done = rate.per_hour / 60, 64, 0
    time = begin
    while True:
        gaps = chance.uniforms("rate", source, "gap", done + block)[done:]
        for gap in gaps:
            time += -math.log1p(-gap) / per_minute
            if time >= end:
                return
            yield time
        done += block
        block *= 2
