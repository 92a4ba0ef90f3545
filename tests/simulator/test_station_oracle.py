# The engine's station against a plain one, written from DESIGN section 5 alone and fed
# the same draws: every visit and every moment of it must agree, whole minutes (where
# ties are common) and odd ones, in one run and in pieces.

from dataclasses import replace
from itertools import chain, combinations
from math import isnan
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.clock import Clock
from scenarios.effect import Drop, HealthCase, Surge, Suspend
from scenarios.station import Station as StationSpec
from simulator.effect import apply_effect
from simulator.log import Outcome, VoterTable
from simulator.station import Station
from simulator.station.flow import make_flows
from simulator.station.guest import Diversion
from simulator.tie import Rank, Timeline
from simulator.voter import Voters, _pass_by
from tests.simulator.people import people as people_of
from tests.simulator.plain_station import (
    EVERYBODY,
    GUEST,
    Control,
    House,
    Line,
    PlainStation,
    Tally,
)
from tests.simulator.simpy_flow import make_simpy_flows

END = 240.0
CLOCK = Clock(day="2021-05-23", start="00:00", end="04:00")
RANKS = {"end": Rank.SCRIPT, "inject": Rank.INJECT, "unit": Rank.UNIT}
NOTED = ("opened", "closed", "resumed", "last voter left", "counted")

shares = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])


def powerset(items):
    return chain.from_iterable(combinations(items, n) for n in range(len(items) + 1))


# ---- days ------------------------------------------------------------------------


@st.composite
def houses(draw):
    opens = draw(st.integers(0, 5))
    closes = opens + draw(st.sampled_from([8, 20, 30, 45]))
    stages = []
    for _ in range(draw(st.integers(1, 4))):
        times = sorted(draw(st.sets(st.integers(opens + 1, closes + 5), max_size=2)))
        steps = tuple(
            (float(time), draw(st.sampled_from([2, 1, 3, 0])))
            for time in (opens, *times)
        )
        limit = draw(st.sampled_from([np.inf, np.inf, 0, 1, 2])) if stages else np.inf
        officers = draw(st.sampled_from([0, 1, 2]))
        stages.append(Line(steps=steps, officers=officers, limit=limit))
    team = draw(st.sampled_from([6, 3, 2, 9, 0]))
    return House(
        opens=float(opens),
        closes=float(closes),
        close_rule=draw(st.sampled_from(["stop", "serve_queue"])),
        officers=team,
        stages=draw(for_classes(stages)),
        breaks=draw(breaks(team)),
        count=draw(st.sampled_from([None, *TALLIES])),
        balk=draw(st.sampled_from([(), ((1, 0.5),), ((0, 0.25), (3, 1.0))])),
        balk_wait=draw(
            st.sampled_from([(), (), ((2.3, 0.5),), ((0.7, 0.25), (4.1, 1.0))])
        ),
        reopen=float(draw(st.integers(0, 5))),
        needs_ballots=draw(st.sampled_from([False, False, True])),
        room=draw(st.sampled_from([np.inf, np.inf, 1, 2, 4])),
        clears=draw(st.sampled_from([np.inf, np.inf, 0.0, 1.0, 2.5, 7.0])),
    )


CLASSES = {"c1": {"share": "10 %"}, "c2": {"share": "20 %"}}
TALLIES = (
    Tally(set_up=3.0, per_ballot=0.5, officers=None),
    Tally(set_up=0.0, per_ballot=1.0, officers=2),
    Tally(set_up=4.0, per_ballot=0.75, officers=3),
)
some_classes = st.sampled_from([s for s in map(frozenset, powerset((0, 1, 2))) if s])


@st.composite
def for_classes(draw, stages: list[Line]):
    """Have some stages be for some classes, and often two where either votes."""
    first, *later = stages
    later = [
        replace(line, passes=draw(some_classes)) if draw(st.booleans()) else line
        for line in later
    ]
    own = draw(some_classes)
    if len(later) < 2 or own == EVERYBODY:
        return (replace(first, voting=True), *later)
    here, there = draw(st.permutations(range(len(later))))[:2]
    later[here] = replace(later[here], passes=own, voting=True)
    later[there] = replace(later[there], passes=EVERYBODY - own, voting=True)
    return (first, *later)


@st.composite
def breaks(draw, team: int):
    found, begins = [], draw(st.integers(0, 25))
    for _ in range(draw(st.sampled_from([0, 1, 2])) if team else 0):
        lasts = draw(st.integers(1, 12))
        found.append((float(begins), float(begins + lasts), draw(st.integers(1, team))))
        # The next one right after it, or while it lasts.
        begins += draw(st.sampled_from([lasts, lasts // 2, lasts + 3]))
    return tuple(found)


def odd(minutes: int, number: int) -> float:
    """Make a time that ties with no other; the same number gives the same fraction."""
    return minutes + (number * 0.6180339887498949) % 1


def parts(number: int, step: int) -> list[float]:
    """Make different uniform numbers; times that use them never tie."""
    return [(step * k % 997 + 0.5) / 997 for k in range(1, number + 1)]


def skipped(minutes: list[float], uniforms: list[float]) -> list[float]:
    """Have some voters skip a stage."""
    for voter, uniform in enumerate(uniforms):
        if uniform < 0.4:
            minutes[voter] = np.nan
    return minutes


@st.composite
def people(draw, stages: int, *, whole: bool):
    number = draw(st.sampled_from([1, 3, 8, 16, 24]))

    def times(most: int, salt: int) -> list[float]:
        minutes = draw(st.lists(st.integers(0, most), min_size=number, max_size=number))
        if whole:
            return [float(m) for m in minutes]
        return [odd(m, salt * 1000 + k) for k, m in enumerate(minutes)]

    arrival = times(draw(st.sampled_from([10, 30, 50])), 1)
    impatient = draw(st.booleans())
    uniform = st.lists(shares, min_size=number, max_size=number)
    return people_of(
        order=sorted(range(number), key=lambda voter: arrival[voter]),
        arrival=arrival,
        priority=draw(st.lists(st.booleans(), min_size=number, max_size=number)),
        class_=draw(st.lists(st.integers(0, 2), min_size=number, max_size=number)),
        balk=[u + 0.1 for u in draw(uniform)],
        patience=times(12, 2) if impatient else [np.inf] * number,
        service=[
            skipped(
                times(draw(st.sampled_from([2, 6, 12])), 3 + i),
                draw(uniform) if i and draw(st.booleans()) else (),
            )
            for i in range(stages)
        ],
        surge=parts(number, 31),
        drop=[u + 0.1 for u in draw(uniform)],
        drop_return=[u + 0.1 for u in draw(uniform)],
        drop_delay=parts(number, 37),
        away=[u + 0.1 for u in draw(uniform)],
        away_delay=parts(number, 41),
        move=[u + 0.1 for u in draw(uniform)],
    )


@st.composite
def lasting(draw, on: str, off: str, **details: object):
    """Make an effect with its end, which may never come."""
    begins = draw(st.integers(0, 35))
    lasts = draw(st.sampled_from([0, 1, 2, 4, 7, 12, 500]))
    rank = draw(st.sampled_from(["inject", "unit"]))
    end_rank = rank if lasts == 0 else draw(st.sampled_from(["end", "unit"]))
    return [
        Control(time=float(begins), rank=rank, action=on, **details),
        Control(time=float(begins + lasts), rank=end_rank, action=off, **details),
    ]


@st.composite
def disruptions(draw, house: House):
    controls: list[Control] = []
    if house.needs_ballots:
        time = float(draw(st.integers(0, 20)))
        controls.append(Control(time=time, rank="unit", action="ballots"))
    for i in range(draw(st.integers(0, 4))):
        kind = draw(
            st.sampled_from(
                [
                    "suspend",
                    "suspend",
                    "suspend",
                    "lose",
                    "slow",
                    "balking",
                    "untold",
                    "drop",
                    "surge",
                    "officers",
                    "extend",
                    "give_up",
                    "health",
                    "box",
                ]
            )
        )
        controls += draw(DISRUPTIONS[kind](f"C{i}", house))
    return sorted(controls, key=lambda c: c.time)


def stage_of(house: House):
    return st.integers(0, len(house.stages) - 1)


@st.composite
def suspensions(draw, cause, house):
    mode = draw(st.sampled_from(["drain", "freeze", "abandon"]))
    details = {"cause": cause, "mode": mode, "returns": draw(shares), "within": 20.0}
    return draw(lasting("suspend", "lift", **details))


@st.composite
def losses(draw, cause, house):
    on, off = draw(lasting("lose", "lose", stage=draw(stage_of(house))))
    number = draw(st.integers(1, 3))
    return [
        Control(**{**vars(on), "number": number}),
        Control(**{**vars(off), "number": -number}),
    ]


@st.composite
def slowings(draw, cause, house):
    factor = draw(st.sampled_from([0.5, 2.0, 3.0]))
    stage = min(draw(stage_of(house)), 1)
    return draw(lasting("slow", "unslow", stage=stage, factor=factor))


@st.composite
def balkings(draw, cause, house):
    factor = draw(st.sampled_from([0.5, 2.0]))
    return draw(lasting("balking", "unbalking", factor=factor))


@st.composite
def untold(draw, cause, house):
    share = draw(st.sampled_from([0.3, 0.7, 1.0]))
    return draw(lasting("mislead", "tell", share=share))


@st.composite
def drops(draw, cause, house):
    details = {"cause": cause, "share": draw(shares), "returns": draw(shares)}
    return draw(lasting("drop", "undrop", within=30.0, **details))


@st.composite
def surges(draw, cause, house):
    on, _ = draw(lasting("surge", "surge", within=float(draw(st.integers(0, 9)))))
    return [Control(**{**vars(on), "number": draw(st.integers(1, 8))})]


@st.composite
def additions(draw, cause, house):
    on, _ = draw(lasting("officers", "officers", number=draw(st.integers(1, 2))))
    return [on]


@st.composite
def extensions(draw, cause, house):
    on, _ = draw(lasting("extend", "extend"))
    until = house.closes + draw(st.sampled_from([-1.0, 0.0, 1.0, 5.0, 12.0]))
    return [Control(**{**vars(on), "until": until})]


@st.composite
def givings_up(draw, cause, house):
    on, _ = draw(lasting("give_up", "give_up", share=draw(shares)))
    return [on]


@st.composite
def boxes(draw, cause, house):
    number = draw(st.integers(0, 4))
    return draw(lasting("box_out", "box_in", cause=cause, number=number))


@st.composite
def health_cases(draw, cause, house):
    on, _ = draw(lasting("health", "health", stage=draw(stage_of(house))))
    cleaned, away = draw(st.integers(1, 15)), draw(st.integers(0, 15))
    details = {"until": float(cleaned), "within": float(away)}
    return [Control(**{**vars(on), **details, "number": draw(st.integers(0, 3))})]


DISRUPTIONS = {
    "box": boxes,
    "health": health_cases,
    "suspend": suspensions,
    "lose": losses,
    "slow": slowings,
    "balking": balkings,
    "untold": untold,
    "drop": drops,
    "surge": surges,
    "officers": additions,
    "extend": extensions,
    "give_up": givings_up,
}


@st.composite
def days(draw):
    house = draw(houses())
    voters = draw(people(len(house.stages), whole=draw(st.booleans())))
    return house, voters, draw(disruptions(house))


# ---- the engine's station --------------------------------------------------------


def text_of(minute: float) -> str:
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"


def law_of(longest: float) -> dict[str, str]:
    return {"law": "uniform", "low": "0 min", "high": f"{longest} min"}


def spec_of(house: House, registered: int) -> StationSpec:
    stages = {
        f"stage-{i}": {
            "servers": [{"from": text_of(t), "servers": n} for t, n in stage.steps],
            "officers": stage.officers,
            "service": law_of(house.longest) if house.longest else "1 min",
            "voting": stage.voting,
            **classes_of(stage),
            **({} if stage.limit == np.inf else {"limit": int(stage.limit)}),
        }
        for i, stage in enumerate(house.stages)
    }
    data = {
        "place": "school",
        "registered": registered,
        "turnout": 1.0,
        "arrivals": {"hourly": [1]},
        "opens": text_of(house.opens),
        "closes": text_of(house.closes),
        "close_rule": house.close_rule,
        "officers": house.officers,
        "classes": {} if house.priority else CLASSES,
        "breaks": [
            {"from": text_of(begin), "lasts": f"{end - begin} min", "officers": number}
            for begin, end, number in house.breaks
        ],
        "balk": [
            *({"line": line, "share": share} for line, share in house.balk),
            *({"wait": f"{w} min", "share": share} for w, share in house.balk_wait),
        ],
        "stages": stages,
        "interruption": {"reopen": f"{house.reopen} min"},
        **({} if house.room == np.inf else {"room": int(house.room)}),
        **({} if house.clears == np.inf else {"clears": f"{house.clears} min"}),
        **({} if house.count is None else {"count": count_of(house.count)}),
        **({} if house.patience == np.inf else {"patience": law_of(house.patience)}),
        "priority": house.priority,
    }
    return StationSpec.model_validate(data, context={"clock": CLOCK})


def classes_of(stage: Line) -> dict[str, object]:
    """Say for whom a stage is; one class alone as only, others as except."""
    names = dict(enumerate(("ordinary", "c1", "c2")))
    if stage.passes == EVERYBODY:
        return {}
    if len(stage.passes) == 1:
        return {"only": [names[n] for n in stage.passes]}
    return {"except": [names[n] for n in EVERYBODY - stage.passes]}


def count_of(tally: Tally) -> dict[str, object]:
    return {
        "set_up": f"{tally.set_up} min",
        "per_ballot": f"{tally.per_ballot} min",
        **({} if tally.officers is None else {"officers": tally.officers}),
    }


def passing(spec: StationSpec, voters: Voters) -> Voters:
    """Have voters skip the stages that are not for their class."""
    service = voters.service.copy()
    _pass_by(spec, voters.class_, service)
    return replace(voters, service=service)


class Play:
    """The engine's station on a timeline of its own."""

    def __init__(
        self,
        house: House,
        voters: Voters,
        controls: list[Control],
        *,
        simpy: bool = False,
        flow: Any = None,
    ) -> None:
        self.clock = Timeline() if flow is None else flow.clock
        self.records: list[tuple[float, str, dict[str, object]]] = []
        if flow is None:
            spec = spec_of(house, len(voters.arrival))
            make = make_simpy_flows if simpy else make_flows
            (flow,) = make([spec], [passing(spec, voters)], self.clock)
        self.diversions: dict[str, Diversion] = {}
        self.went: dict[str, Diversion] = {}
        self.station = Station(
            "KV1",
            flow,
            lambda kind, _, __, **details: self.records.append(
                (self.clock.now, str(kind), details)
            ),
            needs_ballots=house.needs_ballots,
        )
        self.boxes: dict[str, int] = {}
        self.world = SimpleNamespace(
            clock=self.clock,
            stations={"KV1": self.station},
            record=lambda *_, **__: None,
        )
        for control in controls:
            self.clock.call_at(
                control.time,
                RANKS[control.rank],
                lambda control=control: self.act(control),
            )

    def act(self, c: Control) -> None:
        station, stage = self.station, f"stage-{c.stage}"
        returns = {"return_share": c.returns, "return_within": f"{c.within} min"}
        {
            "suspend": lambda: station.suspend(
                c.cause,
                Suspend(kind="suspend", station="KV1", mode=c.mode, **returns),
            ),
            "lift": lambda: station.lift(c.cause),
            "lose": lambda: station.lose(stage, c.number),
            "slow": lambda: station.slow(stage, c.factor),
            "unslow": lambda: station.unslow(stage, c.factor),
            "officers": lambda: station.change_officers(c.number),
            "balking": lambda: station.change_balking(c.factor),
            "unbalking": lambda: station.change_balking(c.factor, undo=True),
            "mislead": lambda: station.mislead(c.share),
            "tell": lambda: station.tell(c.share),
            "drop": lambda: station.drop(
                c.cause, Drop(kind="drop", station="KV1", share=c.share, **returns)
            ),
            "undrop": lambda: station.undrop(c.cause),
            "surge": lambda: station.surge(
                Surge(
                    kind="surge",
                    station="KV1",
                    voters=c.number,
                    over=f"{c.within} min",
                )
            ),
            "ballots": station.deliver_ballots,
            "extend": lambda: self.extend(c.until),
            "box_out": lambda: self.boxes.update(
                {c.cause: station.take_box_out(c.number)}
            ),
            "box_in": lambda: station.bring_box_back(self.boxes.pop(c.cause)),
            "health": lambda: apply_effect(
                self.world,
                HealthCase(
                    kind="health_case",
                    station="KV1",
                    stage=stage,
                    cleaned=f"{c.until} min",
                    away=f"{c.within} min",
                    officers=c.number,
                ),
                "C",
            ),
            "give_up": lambda: station.leave_for("hall", c.share),
            "divert": lambda: self.divert(c),
            "undivert": lambda: self.undivert(c),
            "way": lambda: self.change_way(c),
        }[c.action]()

    def divert(self, c: Control) -> None:
        diversion = Diversion(to=c.to, share=c.share, minutes=c.minutes)
        self.diversions[c.cause] = self.went[c.cause] = diversion
        self.station.flow.divert(list(self.diversions.values()))
        self.station.send_line(diversion, c.returns)

    def undivert(self, c: Control) -> None:
        del self.diversions[c.cause]
        self.station.flow.divert(list(self.diversions.values()))

    def change_way(self, c: Control) -> None:
        self.station.flow.settle()
        self.went[c.cause].minutes = c.minutes

    def extend(self, until: float) -> None:
        # What the order asks before it stands; see simulator.order.
        if not self.station.is_closed and until > self.station.closes:
            self.station.extend(until)

    def visits(self) -> dict[tuple[int, int], tuple[object, ...]]:
        table = self.station.table()
        voting = table.voting_starts()
        return {
            (identity(table, k), int(table.visit[k])): (
                float(voting[k]),
                float(table.arrival[k]),
                *table.start[k].tolist(),
                *table.end[k].tolist(),
                float(table.left[k]),
                Outcome(table.outcome[k]).name,
            )
            for k in range(len(table.voter))
        }

    def notes(self) -> list[tuple[float, str, int]]:
        return [
            (time, kind, int(details.get("line", 0)))
            for time, kind, details in self.records
            if kind in NOTED
        ]


def identity(table: VoterTable, row: int) -> int:
    """Number the voter of a visit as the plain station does."""
    voter = int(table.voter[row])
    if voter < table.registered:
        return voter
    guest = table.guests[voter - table.registered]
    return GUEST * (int(guest.home) + 1) + guest.voter


def same(one: object, other: object) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return (isnan(one) and isnan(other)) or abs(one - other) <= 1e-9


def agree(engine: Play, plain: PlainStation) -> None:
    visits = engine.visits()
    expected = {
        (p.voter, p.number): (plain.began_voting(p), *p.row()) for p in plain.people
    }
    differ = {
        key: (visits.get(key), row)
        for key, row in expected.items()
        if key not in visits or not all(map(same, visits[key], row))
    }
    assert not differ, f"engine, oracle by (voter, visit): {differ}"
    assert visits.keys() == expected.keys()
    notes = engine.notes()
    assert [what[1:] for what in notes] == [what[1:] for what in plain.notes]
    assert all(map(same, (n[0] for n in notes), (n[0] for n in plain.notes)))


def bits(play: Play) -> list[object]:
    table = play.station.table()
    arrays = (table.arrival, table.start, table.end, table.left, table.outcome)
    return [play.records, table.voter.tolist(), *(a.tobytes() for a in arrays)]


# ---- what must hold --------------------------------------------------------------


def compare(day) -> None:
    house, voters, controls = day
    engine = Play(house, voters, controls)
    engine.clock.advance(END)
    agree(engine, PlainStation(house, voters, list(controls), END).play())


@settings(max_examples=800, deadline=None, derandomize=True)
@given(days())
def test_every_visit_agrees_with_a_station_written_plainly(day):
    compare(day)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(days())
def test_every_visit_agrees_with_a_station_in_simpy(day):
    engine, simpy = Play(*day), Play(*day, simpy=True)
    for play in (engine, simpy):
        play.clock.advance(END)
    visits, expected = engine.visits(), simpy.visits()
    assert visits.keys() == expected.keys()
    differ = {
        key: (row, expected[key])
        for key, row in visits.items()
        if not all(map(same, row, expected[key]))
    }
    assert not differ, f"engine, SimPy by (voter, visit): {differ}"
    assert engine.notes() == simpy.notes()


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    days(),
    st.lists(
        st.tuples(
            st.integers(0, 60), st.booleans(), st.integers(0, 2), st.integers(1, 9)
        ),
        min_size=1,
        max_size=8,
    ),
)
def test_places_opened_and_closed_by_order_agree_with_a_station_in_simpy(day, orders):
    engine, simpy = Play(*day), Play(*day, simpy=True)
    stages = list(engine.station.spec.stages)
    refused: list[list[str | None]] = [[], []]
    for play, found in zip((engine, simpy), refused, strict=True):
        for minute, opens, stage, number in orders:
            play.clock.advance(max(float(minute), play.clock.now))
            change = play.station.open_places if opens else play.station.close_places
            found.append(change(stages[stage % len(stages)], number))
        play.clock.advance(END)
    assert refused[0] == refused[1]
    visits, expected = engine.visits(), simpy.visits()
    assert visits.keys() == expected.keys()
    assert all(all(map(same, row, expected[key])) for key, row in visits.items())
    assert engine.records == simpy.records


@pytest.mark.deep
@settings(max_examples=10_000, deadline=None)
@given(days())
def test_every_visit_agrees_with_a_station_written_plainly_on_many_days(day):
    compare(day)


def no_chance(**given: list[object]) -> Voters:
    number = len(given["arrival"])
    zeros, ones = [0.0] * number, [1.0] * number
    drawn = {
        "order": list(range(number)),
        "priority": [False] * number,
        "balk": ones,
        "patience": [np.inf] * number,
        "surge": zeros,
        "drop": ones,
        "drop_return": ones,
        "drop_delay": zeros,
        "away": ones,
        "away_delay": zeros,
        "move": ones,
    }
    return people_of(**{**drawn, **given})


def two_stages(desks: int, boxes: int) -> House:
    return House(
        opens=0.0,
        closes=200.0,
        close_rule="stop",
        officers=9,
        stages=(
            Line(steps=((0.0, desks),), officers=1, voting=True),
            Line(steps=((0.0, boxes),), officers=1),
        ),
    )


def test_frozen_services_that_then_end_together_end_in_the_order_of_their_start():
    voters = no_chance(
        arrival=[0.0, 1.0, 2.0],
        service=[[2.0, 9.0, 8.0], [1.0, 5.0, 5.0]],
    )
    freeze = {"cause": "C", "mode": "freeze", "rank": "inject"}
    controls = [
        Control(time=5.0, action="suspend", **freeze),
        Control(time=9.0, action="lift", **freeze),
    ]
    house = two_stages(2, 1)
    compare((house, voters, controls))
    engine = Play(house, voters, controls)
    engine.clock.advance(END)
    # Both would end at 10 and end at 14; the first to start is the first at the box.
    assert engine.station.table().start[:, 1].tolist() == [2.0, 14.0, 19.0]


def test_who_gives_up_after_others_have_left_the_line_leaves_alone():
    # One desk of ten minutes. The second leaves at 2 when asked to, the fourth at 5.
    voters = no_chance(
        arrival=[0.0] * 5,
        service=[[10.0] * 5, [0.0] * 5],
        patience=[np.inf, np.inf, np.inf, 5.0, np.inf],
        move=[1.0, 0.1, 1.0, 1.0, 1.0],
    )
    asked = Control(time=2.0, rank="inject", action="give_up", share=0.5)
    compare((two_stages(1, 1), voters, [asked]))
    engine = Play(two_stages(1, 1), voters, [asked])
    engine.clock.advance(END)
    table = engine.station.table()
    assert table.left.tolist() == [10.0, 2.0, 20.0, 5.0, 30.0]
    assert np.isnan(table.start[[1, 3], 0]).all()


def test_at_one_minute_surges_come_before_those_who_come_again_each_as_asked_for():
    # Kept away from 1 to 10, the first four come again at 12; the others at 11 are
    # brought forward to 12, and one comes then of itself.
    voters = no_chance(
        arrival=[2.0, 3.0, 4.0, 5.0, 12.0, 30.0, 31.0, 32.0],
        service=[[1.0] * 8, [0.0] * 8],
        drop=[0.0] * 4 + [1.0] * 4,
        drop_return=[0.0] * 8,
        drop_delay=[0.4] * 8,
        surge=[1.0] * 8,
        order=[0, 1, 2, 3, 4, 5, 6, 7],
    )
    drop = {"rank": "inject", "cause": "C", "share": 0.5, "returns": 1.0, "within": 5.0}
    surge = {"rank": "inject", "action": "surge", "number": 4, "within": 1.0}
    controls = [
        Control(time=1.0, action="drop", **drop),
        Control(time=10.0, action="undrop", **drop),
        Control(time=11.0, **surge),
    ]
    compare((two_stages(1, 1), voters, controls))
    engine = Play(two_stages(1, 1), voters, controls)
    engine.clock.advance(END)
    table = engine.station.table()
    served = table.voter[np.argsort(table.start[:, 0])]
    assert served.tolist() == [4, 5, 6, 7, 0, 1, 2, 3]
    assert np.nanmin(table.start[:, 0]) == 12.0


def test_who_would_have_come_before_the_clock_starts_comes_with_it():
    voters = no_chance(arrival=[-5.0, 1.0], service=[[2.0] * 2, [0.0] * 2])
    compare((two_stages(1, 1), voters, []))
    engine = Play(two_stages(1, 1), voters, [])
    engine.clock.advance(END)
    assert engine.station.table().arrival.tolist() == [0.0, 1.0]


def test_two_slowings_of_one_stage_multiply_and_each_ends_by_itself():
    voters = no_chance(arrival=[0.0, 3.0, 20.0], service=[[2.0] * 3, [0.0] * 3])
    slow = {"rank": "inject", "stage": 0}
    controls = [
        Control(time=0.0, action="slow", factor=2.0, **slow),
        Control(time=1.0, action="slow", factor=3.0, **slow),
        Control(time=19.0, action="unslow", factor=2.0, **slow),
    ]
    compare((two_stages(1, 1), voters, controls))
    engine = Play(two_stages(1, 1), voters, controls)
    engine.clock.advance(END)
    assert engine.station.table().end[:, 0].tolist() == [4.0, 16.0, 26.0]


def test_a_full_line_holds_the_voter_at_the_desk_and_the_desk_with_it():
    # One desk of 1 minute, a box of 3 minutes, at which one may wait.
    house = two_stages(1, 1)
    house = replace(house, stages=(house.stages[0], replace(house.stages[1], limit=1)))
    voters = no_chance(arrival=[0.0] * 4, service=[[1.0] * 4, [3.0] * 4])
    compare((house, voters, []))
    engine = Play(house, voters, [])
    engine.clock.advance(END)
    table = engine.station.table()
    # The third is done at 3, and keeps the desk until the box takes the second at 4.
    assert table.start[:, 0].tolist() == [0.0, 1.0, 2.0, 4.0]
    assert table.end[:, 0].tolist() == [1.0, 2.0, 3.0, 5.0]
    assert table.start[:, 1].tolist() == [1.0, 4.0, 7.0, 10.0]


def test_a_full_room_keeps_voters_outside():
    house = replace(two_stages(4, 1), room=2)
    voters = no_chance(arrival=[0.0] * 4, service=[[1.0] * 4, [3.0] * 4])
    compare((house, voters, []))
    engine = Play(house, voters, [])
    engine.clock.advance(END)
    assert engine.station.table().start[:, 0].tolist() == [0.0, 0.0, 4.0, 7.0]


def test_who_skips_a_stage_goes_on_to_the_next():
    house = two_stages(1, 1)
    voters = no_chance(arrival=[0.0, 0.5], service=[[1.0] * 2, [np.nan, 2.0]])
    compare((house, voters, []))
    engine = Play(house, voters, [])
    engine.clock.advance(END)
    table = engine.station.table()
    assert table.left.tolist() == [1.0, 4.0]
    assert np.isnan(table.start[0, 1])


@settings(max_examples=100, deadline=None, derandomize=True)
@given(days(), st.lists(st.floats(0, END), max_size=12))
def test_cutting_the_day_anywhere_changes_no_bit(day, cuts):
    whole, cut = Play(*day), Play(*day)
    whole.clock.advance(END)
    for moment in sorted(cuts):
        cut.clock.advance(moment)
        cut.station.table()
    cut.clock.advance(END)
    assert bits(cut) == bits(whole)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(days())
def test_cutting_the_day_at_every_minute_changes_no_bit(day):
    whole, cut = Play(*day), Play(*day)
    whole.clock.advance(END)
    for minute in range(int(END) + 1):
        cut.clock.advance(float(minute))
    assert bits(cut) == bits(whole)
