"""A world: one replication of a scenario under a plan, at play.

It is moved by `advance` and `apply` alone, and what it leaves is its log.
"""

from collections.abc import Callable, Mapping

import simpy

from scenarios.duty import AuxiliaryRound, Delivery
from scenarios.order import Order
from scenarios.plan import BASE
from scenarios.scenario import Scenario
from simulator.call import draws_of
from simulator.dispatch import Dispatcher
from simulator.duty import DUTIES
from simulator.incident import Draw, Incident, draw_incident
from simulator.log import Detail, Kind, Log, Record
from simulator.order import apply_order
from simulator.policy import POLICIES, Policy
from simulator.road import RoadMap, RoadState, keep_hours, map_of
from simulator.script import Script
from simulator.standing import StandingOrders
from simulator.station import Station
from simulator.station.diversion import Diversions
from simulator.station.flow import make_flows
from simulator.stream import Chance, shift_of
from simulator.tie import Rank, Timeline
from simulator.uncertain import drawn
from simulator.unit import Unit
from simulator.voter import draw_voters


class World:
    """One replication at play.

    Parameters
    ----------
    scenario
        The world that is asked for.
    plan
        Name of one of its plans.
    seed, replication
        Together they fix every chance event.
    roads
        Its road map, when it has been made before; see `map_of`.
    policy
        A dispatch policy of your own, in place of the one the plan names; see
        `simulator.policy`.
    """

    def __init__(
        self,
        scenario: Scenario,
        plan: str = BASE,
        seed: int = 1,
        replication: int = 0,
        *,
        roads: RoadMap | None = None,
        policy: Policy | None = None,
    ) -> None:
        self.scenario = scenario
        self.clock = Timeline()
        self.chance = Chance(seed, replication)
        self.setting, levels = drawn(scenario.plans[plan].setting, self.chance)
        self.end = self.setting.clock.minutes
        self.road_map = map_of(scenario) if roads is None else roads
        self.roads = RoadState(self.road_map)
        self.roads_changed = simpy.Event(self.clock)
        self.incidents: dict[str, Incident] = {}
        self.report_delays: list[float] = []
        self._held: list[Order] = []
        self._records: list[Record] = []
        self._finished = False
        self._record_drawn(levels)
        keep_hours(self)
        self.stations = self._make_stations()
        self.diversions = Diversions(self)
        named = self.setting.dispatch.policy
        self.policy_name = named if policy is None else policy.__name__
        self.dispatcher = Dispatcher(self, policy or POLICIES[named])
        self.units = {
            name: Unit(name, unit, self, order)
            for order, (name, unit) in enumerate(self.setting.units.items())
        }
        self.script = Script(self, self.setting.script)
        StandingOrders(self, self.setting.orders)
        for draw in draws_of(scenario, self.setting, self.chance):
            self._expect(draw)
        for name, duty in self.setting.duties.items():
            DUTIES[duty.kind](self, name, duty)

    # ---- the door --------------------------------------------------------------

    @property
    def now(self) -> float:
        """Minutes from the scenario's start."""
        return float(self.clock.now)

    def advance(self, until: float) -> None:
        """Play all that is due before a moment.

        Parameters
        ----------
        until
            Minutes from the start; orders given then come before all that is due
            then.

        Raises
        ------
        ValueError
            When the moment is past.
        """
        if until < self.now:
            raise ValueError(
                f"the clock does not run back: {until} is before {self.now}"
            )
        self.clock.advance(min(until, self.end))

    def apply(self, order: Order) -> str | None:
        """Give an order.

        Returns
        -------
        str or None
            Why it is refused, None when it stands; either way it is in the log.
        """
        return apply_order(self, order)

    def finish(self) -> Log:
        """Play to the end and say what is unfinished."""
        self.advance(self.end)
        if not self._finished:
            self._finished = True
            for unit in self.units.values():
                unit.halt()
            self.diversions.finish()
            self._record_unfinished()
            self.record(Kind.END, self.setting.title)
        return self.log()

    def log(self) -> Log:
        """Give the log as it stands now."""
        return Log(
            records=tuple(self._records),
            voters={name: station.table() for name, station in self.stations.items()},
            end=self.now,
        )

    # ---- for the parts of the world --------------------------------------------

    def record(
        self, kind: Kind, subject: str, place: str = "", /, **details: Detail
    ) -> None:
        """Write to the log, at the present time."""
        self._records.append(Record(self.now, kind, subject, place, details))

    def hold(self, order: Order) -> None:
        """Keep an order for a unit that is out of touch."""
        self._held.append(order)

    def deliver_held(self, unit: str) -> None:
        """Give the orders that were held for a unit, in their order."""
        held = [o for o in self._held if getattr(o, "unit", "") == unit]
        self._held = [o for o in self._held if o not in held]
        for order in held:
            self.apply(order)

    def change_roads(self, change: Callable[[], None]) -> None:
        """Change the roads; whoever is on the move is re-routed."""
        change()
        self.diversions.look()
        changed, self.roads_changed = self.roads_changed, simpy.Event(self.clock)
        changed.succeed()
        self.dispatcher.look_at_roads()

    def place_incident(self, name: str, type_name: str, place: str) -> None:
        """Have an incident arise now."""
        kind = self.setting.incidents[type_name]
        draw = draw_incident(name, type_name, place, self.now, kind, self.chance)
        self._arise(draw)

    def auxiliary_voters(self, station: str) -> dict[str, range]:
        """Say who votes at the auxiliary box, by duty: the last on the list."""
        end = self.setting.stations[station].registered
        voters: dict[str, range] = {}
        for name, duty in self.setting.duties.items():
            if isinstance(duty, AuxiliaryRound) and duty.station == station:
                begin = max(end - duty.voters, 0)
                voters[name] = range(begin, end)
                end = begin
        return voters

    # ---- inside ----------------------------------------------------------------

    def _record_drawn(self, levels: Mapping[str, float]) -> None:
        for name, level in levels.items():
            one = self.setting.uncertain[name]
            text = f"{one.title}, {one.level_text(level)}"
            self.record(Kind.DRAWN, name, level=level, text=text)

    def _make_stations(self) -> dict[str, Station]:
        wanting = {
            name
            for duty in self.setting.duties.values()
            if isinstance(duty, Delivery)
            for name in duty.stations
        }
        shock, shift = self.setting.turnout_shock, 0.0
        if shock is not None:
            number = self.chance.uniform("scenario", "", "turnout shock")
            shift = shift_of(shock, number)
        specs = self.setting.stations
        voters = [
            draw_voters(
                name,
                spec,
                self.chance,
                auxiliary=sum(map(len, self.auxiliary_voters(name).values())),
                shift=shift,
            )
            for name, spec in specs.items()
        ]
        flows = make_flows(list(specs.values()), voters, self.clock, list(specs))
        return {
            name: Station(name, flow, self.record, needs_ballots=name in wanting)
            for name, flow in zip(specs, flows, strict=True)
        }

    def _expect(self, draw: Draw) -> None:
        self.clock.call_at(draw.arises, Rank.UNIT, lambda: self._arise(draw))

    def _arise(self, draw: Draw) -> None:
        incident = Incident(draw, self.setting.incidents[draw.type], self)
        self.incidents[draw.name] = incident
        incident.arise()

    def _record_unfinished(self) -> None:
        for name, incident in self.incidents.items():
            if incident.is_open:
                came = "attended" if incident.attended is not None else "nobody came"
                self.record(Kind.UNFINISHED, name, incident.draw.place, state=came)
        ended = {r.subject for r in self._records if r.kind == Kind.DUTY_ENDS}
        for name, duty in self.setting.duties.items():
            if duty.kind != "guard" and name not in ended:
                self.record(Kind.UNFINISHED, name, state="duty not done")
