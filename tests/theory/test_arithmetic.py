# What follows from the rules by arithmetic, minute by minute, through the real engine
# from scenario files: a straight road on which a kilometre takes a minute, constant
# times, incidents that arise by script. The times are worked out here, from the inputs.

from math import inf

import pytest

from simulator.log import Kind
from simulator.world import World
from tests.worlds import Data, clock_text, scenario_of

END = 600


def near(*times):
    return pytest.approx(times, abs=1e-9)


def spot(kilometre):
    return f"km{kilometre}"


def crew(kilometre, **more):
    return {
        "agency": "police",
        "skills": ["order"],
        "base": spot(kilometre),
        "mode": "car",
        "turnout": "0 min",
        "shifts": [{"from": clock_text(0), "until": clock_text(END)}],
        **more,
    }


def call(work="10 min", needs=1, **more):
    return {"levels": [{"needs": {"order": needs}, "on_scene": work}], **more}


def line(units, types, incidents, dispatch=None, **more) -> Data:
    """Write a road of 60 km; incidents are named (type, kilometre, minute)."""
    script = {
        name: {
            "title": name,
            "at": clock_text(minute),
            "effects": [{"kind": "incident", "type": type_, "place": spot(kilometre)}],
        }
        for name, (type_, kilometre, minute) in incidents.items()
    }
    nodes = {spot(k): [1000 * k, 0] for k in range(61)}
    return {
        "title": "A straight road",
        "clock": {"day": "2021-05-23", "start": "06:00", "end": clock_text(END)},
        "roads": {
            "network": {
                "nodes": nodes,
                "edges": [
                    {"id": f"r{k}", "from": spot(k), "to": spot(k + 1), "road": "way"}
                    for k in range(60)
                ],
            },
            "classes": {"way": {"car": "60 km/h"}},
        },
        "places": {name: {"node": name} for name in nodes},
        "agencies": {"police": {}},
        "units": units,
        "incidents": types,
        "dispatch": dispatch or {},
        "script": script,
        **more,
    }


class Story:
    """What the log says of incidents (by the inject that placed each) and units."""

    def __init__(self, data, seed=1):
        self.log = World(scenario_of(data), seed=seed).finish()

    def when(self, kind, incident, **details):
        """Give the times of records of an incident, with these details."""
        return [
            r.time
            for r in self.log.of(kind)
            if r.subject.startswith(incident)
            and all(r.details.get(k) == v for k, v in details.items())
        ]

    def first(self, kind, incident, **details):
        return min(self.when(kind, incident, **details), default=inf)

    def arrival(self, incident):
        return self.first(Kind.ARRIVED, incident)

    def bound(self, unit):
        """Give from when to when a unit was bound by an incident, in one stretch."""
        found, since = [], None
        for record in self.log.of(Kind.STATUS):
            if record.subject == unit:
                bound = record.details["job"] != ""
                if bound and since is None:
                    since = record.time
                elif not bound and since is not None:
                    found.append((since, record.time))
                    since = None
        return found


# ---- ageing ------------------------------------------------------------------------


def counted(priority, age, ageing):
    """Give the priority that counts: one higher for every full stretch waited."""
    return max(1, priority - int(age // ageing)) if ageing else priority


@pytest.mark.parametrize("ageing", [None, 15, 20, 28, 40, 56])
def test_who_has_waited_long_enough_goes_first(ageing):
    types = {f"p{p}": call("60 min", priority=p) for p in (1, 2, 3)}
    dispatch = {"ageing": f"{ageing} min"} if ageing else {}
    incidents = {"A": ("p1", 0, 0), "B": ("p3", 0, 5), "C": ("p2", 0, 30)}
    story = Story(line({"U": crew(0)}, types, incidents, dispatch))
    b = counted(3, 60 - 5, ageing), 5, "B"
    c = counted(2, 60 - 30, ageing), 30, "C"
    first, second = (name for *_, name in sorted([b, c]))
    assert story.arrival(first) == 60.0
    assert story.arrival(second) == 120.0


# ---- mutual aid --------------------------------------------------------------------

DISTRICT, PROVINCE, CALL_UP, TURNOUT, WAY = 5, 10, 20, 2, 6


def aided(incidents, stays=0, units=3, **more):
    """Write a road whose only units are those of an army 6 km off."""
    army = {
        "call_up": f"{CALL_UP} min",
        "agree": {"district": f"{DISTRICT} min", "province": f"{PROVINCE} min"},
        "stays": f"{stays} min",
    }
    aid = {"agency": "army", "turnout": f"{TURNOUT} min"}
    return line(
        {f"A{i + 1}": crew(WAY, **aid) for i in range(units)},
        {"call": call(**more)},
        {name: ("call", 0, minute) for name, minute in incidents.items()},
        agencies={"police": {}, "army": army},
    )


def test_mutual_aid_comes_when_every_level_has_agreed_and_its_call_up_is_over():
    story = Story(aided({"A": 59, "B": 63, "C": 80}, call_handling="1 min"))
    agreed = 60 + DISTRICT + PROVINCE
    arrivals = []
    for asked in (60, 64, 81):
        # The agreement is for the agency: who asks later waits for what is left.
        at_hand = max(agreed, asked) + CALL_UP
        arrivals.append(at_hand + TURNOUT + WAY)
    assert [story.arrival(name) for name in "ABC"] == near(*arrivals)


def test_a_unit_that_stays_needs_no_new_call_up():
    story = Story(aided({"A": 60, "B": 120, "C": 200}, stays=60, units=1))
    at_hand = 60 + DISTRICT + PROVINCE + CALL_UP
    first = at_hand + TURNOUT + WAY
    # Back at its base by then, and at hand until 155.
    assert first + 10 + WAY < 120
    assert at_hand + 60 > 120
    second = 120 + TURNOUT + WAY
    # Stood down at 155 and asked again; its command levels have agreed for good.
    third = 200 + CALL_UP + TURNOUT + WAY
    assert [story.arrival(n) for n in "ABC"] == near(first, second, third)


def test_a_unit_that_does_not_stay_is_asked_again():
    story = Story(aided({"A": 60, "B": 120}, units=1))
    again = CALL_UP + TURNOUT + WAY
    first = 60 + DISTRICT + PROVINCE + again
    assert [story.arrival(n) for n in "AB"] == near(first, 120 + again)


# ---- several units at one incident -------------------------------------------------

SPREAD = {"law": "uniform", "low": "10 min", "high": "40 min"}


def works(seed):
    """Learn what each need takes from a run in which each is on its own."""
    story = three("first", "independently", seed)
    return [
        story.first(Kind.WORKED, "A", slot=i) - story.first(Kind.ARRIVED, "A", slot=i)
        for i in range(3)
    ]


def three(starts, leaves, seed):
    units = {"near": crew(2), "farther": crew(5), "far": crew(9)}
    types = {"call": call(SPREAD, needs=3, starts=starts, leaves=leaves)}
    return Story(line(units, types, {"A": ("call", 0, 60)}), seed)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("leaves", ["independently", "together"])
@pytest.mark.parametrize("starts", ["first", "all"])
def test_work_begins_with_the_first_or_the_last_and_ends_alone_or_together(
    starts, leaves, seed
):
    story = three(starts, leaves, seed)
    came = [story.first(Kind.ARRIVED, "A", slot=i) for i in range(3)]
    assert sorted(came) == near(62, 65, 69)
    begin = came if starts == "first" else [max(came)] * 3
    ends = [b + w for b, w in zip(begin, works(seed), strict=True)]
    if leaves == "together":
        ends = [max(ends)] * 3
    assert story.first(Kind.CLEARED, "A") == pytest.approx(max(ends), abs=1e-9)
    free = [
        story.bound(str(r.details["unit"]))[0][1]
        for r in sorted(story.log.of(Kind.ASSIGNED), key=lambda r: r.details["slot"])
    ]
    assert free == near(*ends)


# ---- levels ------------------------------------------------------------------------


@pytest.mark.parametrize("falls", [10, 20, 39, 41, 50, 70, None])
def test_a_level_falls_when_all_have_been_there_for_so_long(falls):
    level = {"needs": {"order": 1}, "on_scene": "60 min"}
    upper = {"needs": {"order": 2}, "on_scene": "60 min", "after": "10 min"}
    if falls:
        upper["falls_after"] = f"{falls} min"
    units = {"near": crew(15), "far": crew(25)}
    types = {"grows": {"levels": [level, upper]}}
    story = Story(line(units, types, {"A": ("grows", 0, 60)}))
    risen, first = 60 + 10, 60 + 15
    second = risen + 25
    assert story.when(Kind.ESCALATED, "A") == near(risen)
    assert story.when(Kind.ARRIVED, "A") == near(first, second)
    fallen = second + falls if falls else inf
    ends = [first + 60, min(second + 60, fallen)]
    assert story.bound("near") == [near(60, ends[0])]
    assert story.bound("far") == [near(risen, ends[1])]
    assert story.when(Kind.CLEARED, "A") == near(max(ends))


@pytest.mark.parametrize(("patience", "gone"), [(30, True), (41, False)])
def test_an_incident_goes_when_nobody_has_come_in_its_time(patience, gone):
    more = {"gone_after": f"{patience} min", "report_delay": "5 min"}
    types = {"call": call(**more)}
    story = Story(line({"U": crew(35)}, types, {"A": ("call", 0, 60)}))
    if gone:
        assert story.arrival("A") == inf
        # It drove 25 km and turns back there.
        assert story.bound("U") == [near(65, 90)]
        drives = [r.details["km"] for r in story.log.of(Kind.DROVE)]
        assert drives == near(25, 25)
        assert not story.when(Kind.CLEARED, "A")
        assert not story.when(Kind.UNFINISHED, "A")
    else:
        assert story.arrival("A") == 100
        assert story.when(Kind.CLEARED, "A") == near(110)


# ---- transport ---------------------------------------------------------------------


def test_a_unit_is_free_where_it_has_handed_over():
    taken = {"share": 1, "to": ["km30", "km16"], "hand_over": "7 min"}
    types = {"call": call(transport=taken), "next": call()}
    incidents = {"A": ("call", 20, 60), "B": ("next", 10, 70), "C": ("next", 14, 120)}
    unit = crew(11, turnout="2 min")
    story = Story(line({"U": unit}, types, incidents))
    there = 60 + 2 + 9
    left = there + 10
    free = left + 4 + 7  # the nearer of the two, then the hand-over
    assert story.when(Kind.CLEARED, "A") == near(left)
    assert story.arrival("B") == pytest.approx(free + 6)  # from there, without turnout
    # It has driven the kilometre back to its base by 120.
    assert free + 6 + 10 + 1 < 120
    assert story.arrival("C") == pytest.approx(120 + 2 + 3)


# ---- shift ends --------------------------------------------------------------------


def shift(*hours):
    return [{"from": clock_text(a), "until": clock_text(b)} for a, b in hours]


def ending(how, second=False):
    units = {"U": crew(10, shift_end=how, shifts=shift((0, 100), (300, END)))}
    if second:
        units["V"] = crew(18, turnout="3 min", shifts=shift((95, END)))
    return Story(line(units, {"call": call("60 min")}, {"A": ("call", 0, 60)}))


def test_at_the_end_of_a_shift_work_is_finished():
    story = ending("finish")
    assert story.bound("U") == [near(60, 60 + 10 + 60)]
    assert story.when(Kind.CLEARED, "A") == near(130)


def test_at_the_end_of_a_shift_work_is_paused_until_the_next():
    story = ending("pause")
    left = 70 + 60 - 100
    assert story.when(Kind.CLEARED, "A") == near(300 + 10 + left)


def test_at_the_end_of_a_shift_another_takes_over_what_is_left():
    story = ending("relieve", second=True)
    relieved = 100 + 3 + 18
    assert story.bound("U")[0] == near(60, relieved)
    assert story.when(Kind.CLEARED, "A") == near(70 + 60)
    assert story.bound("V") == [near(100, 130)]


# ---- the way there -----------------------------------------------------------------


@pytest.mark.parametrize("share", [0.3, 0.65, 0.75])
def test_another_is_sent_when_it_saves_more_than_the_share(share):
    # U has 20 km to go; V comes on shift at 64, when 16 are left, and has 5.
    units = {"U": crew(20), "V": crew(5, shifts=shift((64, END)))}
    dispatch = {"switch": share}
    story = Story(line(units, {"call": call()}, {"A": ("call", 0, 60)}, dispatch))
    if share < (16 - 5) / 16:
        assert story.arrival("A") == 64 + 5
        assert story.bound("U") == [near(60, 64)]
        assert story.when(Kind.CANCELLED, "A", unit="U") == near(64)
    else:
        assert story.arrival("A") == 80
        assert story.bound("V") == []


def test_who_is_robbed_of_a_unit_gets_it_back_when_it_is_free():
    types = {"small": call(priority=3), "great": call(priority=1)}
    incidents = {"A": ("small", 0, 60), "B": ("great", 30, 64)}
    dispatch = {"preempt": {"3": [1]}}
    story = Story(line({"U": crew(20)}, types, incidents, dispatch))
    # It is at km 16 by then; 14 to go.
    great = 64 + (30 - 16)
    assert story.when(Kind.CANCELLED, "A") == near(64)
    assert story.arrival("B") == pytest.approx(great)
    assert story.arrival("A") == pytest.approx(great + 10 + 30)
    # Its twin without the table: first come, first served.
    story = Story(line({"U": crew(20)}, types, incidents))
    assert story.arrival("A") == 80
    assert story.arrival("B") == 80 + 10 + 30


# ---- breaks, communications --------------------------------------------------------


@pytest.mark.parametrize("above", [None, 1, 2])
def test_a_break_waits_for_the_work_and_a_call_for_the_break(above):
    rest = {"from": clock_text(100), "latest": clock_text(160), "lasts": "30 min"}
    if above:
        rest["above"] = above
    units = {"U": crew(0, breaks=[rest])}
    incidents = {"A": ("call", 0, 90), "B": ("call", 0, 115), "C": ("call", 0, 300)}
    story = Story(line(units, {"call": call("20 min", priority=2)}, incidents))
    begins = 90 + 20
    if above == 2:
        assert story.arrival("B") == 115
        # 25 min of it are left, and begin as the unit is free, by the latest.
        taken = [(begins, 115), (135, 160)]
    else:
        assert story.arrival("B") == begins + 30
        taken = [(begins, begins + 30)]
    found, since = [], None
    for record in story.log.of(Kind.STATUS):
        if since is not None:
            found.append((since, record.time))
        since = record.time if "break" in str(record.details["status"]) else None
    assert found == [near(*stretch) for stretch in taken]


@pytest.mark.parametrize(("minute", "late"), [(59, 0), (60, 25), (89, 25), (90, 0)])
def test_while_reports_are_delayed_what_arises_is_reported_later(minute, late):
    data = line({"U": crew(4)}, {"call": call()}, {"A": ("call", 0, minute)})
    effect = {"kind": "delay_reports", "delay": "25 min", "for": "30 min"}
    delays = {"title": "Lines down", "at": clock_text(60), "effects": [effect]}
    story = Story(data | {"script": {"D": delays, **data["script"]}})
    assert story.when(Kind.REPORTED, "A") == near(minute + late)
    assert story.arrival("A") == minute + late + 4


def test_who_is_out_of_touch_finishes_and_is_sent_only_when_in_touch_again():
    incidents = {"A": ("call", 0, 50), "B": ("call", 0, 70)}
    data = line({"U": crew(4)}, {"call": call("20 min")}, incidents)
    effect = {"kind": "radio_loss", "units": ["U"], "for": "60 min"}
    lost = {"title": "No radio", "at": clock_text(60), "effects": [effect]}
    story = Story(data | {"script": {"R": lost, **data["script"]}})
    assert story.when(Kind.CLEARED, "A") == near(50 + 4 + 20)
    assert story.arrival("B") == 120 + 4
