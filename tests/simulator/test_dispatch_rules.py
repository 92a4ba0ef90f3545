# The rules of docs/dispatch.md, each worked out by hand on a road of 20 km at 60 km/h:
# a kilometre is a minute. Places lie at kilometres 0, 5, 10, 15 and 20.

from math import inf

import pytest

from scenarios.order import CallUp, Move, Recall, Send
from simulator.log import Kind
from simulator.policy import least_total
from simulator.world import World
from tests.worlds import scenario_of

SPOTS = ("k0", "k5", "k10", "k15", "k20")


def unit(base, **more):
    return {
        "agency": "police",
        "skills": ["order"],
        "base": base,
        "mode": "car",
        "turnout": "2 min",
        "shifts": [{"from": "06:00", "until": "14:00"}],
        **more,
    }


def kind(priority=2, needs=1, on_scene="10 min", **more):
    levels = more.pop("levels", None) or [
        {"needs": {"order": needs}, "on_scene": on_scene}
    ]
    return {"priority": priority, "levels": levels, **more}


def at(clock, what, place):
    effect = {"kind": "incident", "type": what, "place": place}
    return {"title": "t", "at": clock, "effects": [effect]}


def effect(clock, **data):
    return {"title": "t", "at": clock, "effects": [data]}


def world(units, incidents, script, **more):
    nodes = {f"n{i}": [5000.0 * i, 0.0] for i in range(5)}
    edges = [
        {"id": f"r{i}", "from": f"n{i}", "to": f"n{i + 1}", "road": "lane"}
        for i in range(4)
    ]
    places = {name: {"node": f"n{i}"} for i, name in enumerate(SPOTS)}
    for i, area in enumerate(more.pop("areas", ())):
        places[SPOTS[i]]["area"] = area
    policy, seed = more.pop("policy", None), more.pop("seed", 1)
    return World(
        policy=policy,
        seed=seed,
        scenario=scenario_of(
            {
                "title": "Line",
                "clock": {"day": "2021-05-23", "start": "06:00", "end": "14:00"},
                "roads": {
                    "network": {"nodes": nodes, "edges": edges},
                    "classes": {"lane": {"car": "60 km/h"}},
                },
                "places": places,
                "agencies": {"police": {}, **more.pop("agencies", {})},
                "units": units,
                "incidents": incidents,
                "script": script,
                **more,
            }
        ),
    )


def told(log, *kinds):
    """Give (minute, subject, unit or why) of some records."""
    return [
        (r.time, r.subject, r.details.get("unit", r.details.get("why", "")))
        for r in log.of(*kinds)
    ]


def sent(log):
    return told(log, Kind.ASSIGNED)


def arrived(log):
    return told(log, Kind.ARRIVED)


def doing(log, name, *, begin=-1.0):
    """Give (minute, status) of a unit, the last of each minute."""
    found = {
        r.time: str(r.details["status"])
        for r in log.of(Kind.STATUS)
        if r.subject == name and r.time > begin
    }
    return list(found.items())


# ---- preempting, switching, recalling ------------------------------------------------


def test_a_more_pressing_incident_takes_a_unit_under_way_where_the_table_says_so():
    # Sent at 60 from k0 to k20, wheels at 62; at 67 it is at k5 and turns to k10.
    script = {"S1": at("07:00", "brawl", "k20"), "S2": at("07:07", "attack", "k10")}
    kinds = {"brawl": kind(3), "attack": kind(1)}
    units = {"A": unit("k0")}
    log = world(units, kinds, script, dispatch={"preempt": {3: [1, 2]}}).finish()
    assert sent(log) == [(60, "S1", "A"), (67, "S2", "A"), (82, "S1", "A")]
    assert arrived(log) == [(72, "S2", "A"), (92, "S1", "A")]
    (lost,) = log.of(Kind.CANCELLED)
    assert (lost.time, lost.details["why"], lost.details["by"]) == (
        67, "preempted", "S2",
    )  # fmt: skip


def test_who_is_taken_in_the_review_that_sent_it_never_departs():
    # The one unit comes back into touch while both wait: sent to neither twice.
    script = {
        "R": effect("06:50", kind="radio_loss", units=["A"], until="07:10"),
        "S1": at("07:00", "attack", "k20"),
        "S2": at("07:01", "brawl", "k10"),
    }
    # A brawl (2) may rob an attack (1): the attack is served first, and robbed at once.
    kinds = {"brawl": kind(2), "attack": kind(1)}
    log = world({"A": unit("k0")}, kinds, script, dispatch={"preempt": {1: [2]}})
    log = log.finish()
    assert sent(log)[:2] == [(70, "S1", "A"), (70, "S2", "A")]
    assert told(log, Kind.MOVING)[0] == (72, "S2", "A")
    assert arrived(log)[0] == (82, "S2", "A")


def test_without_the_table_or_for_another_pair_nobody_is_taken():
    script = {"S1": at("07:00", "brawl", "k20"), "S2": at("07:07", "attack", "k10")}
    kinds = {"brawl": kind(3), "attack": kind(2)}
    for dispatch in ({}, {"preempt": {3: [1]}}):
        log = world({"A": unit("k0")}, kinds, script, dispatch=dispatch).finish()
        assert sent(log)[:2] == [(60, "S1", "A"), (92, "S2", "A")]


def test_a_turnout_that_has_begun_goes_on_and_is_not_drawn_again():
    script = {"S1": at("07:00", "brawl", "k20"), "S2": at("07:01", "attack", "k10")}
    kinds = {"brawl": kind(3), "attack": kind(1)}
    units = {"A": unit("k0")}
    log = world(units, kinds, script, dispatch={"preempt": {3: [1]}}).finish()
    assert arrived(log)[0] == (72, "S2", "A")


def test_a_preempted_incident_is_considered_at_once():
    # B at k20 is free too, but A under way at k9 is nearer to k10 than B (turnout).
    script = {"S1": at("07:00", "brawl", "k20"), "S2": at("07:11", "attack", "k10")}
    units = {"A": unit("k0"), "B": unit("k20", shifts=[SHIFT_LATE])}
    kinds = {"brawl": kind(3), "attack": kind(1)}
    log = world(units, kinds, script, dispatch={"preempt": {3: [1]}}).finish()
    assert sent(log) == [(60, "S1", "A"), (71, "S2", "A"), (71, "S1", "B")]


SHIFT_LATE = {"from": "07:05", "until": "14:00"}


def test_a_unit_is_replaced_when_another_saves_more_than_the_share():
    # A leaves k0 at 62 for k20 and would be there at 82. B comes on at 65 at k15:
    # 2 + 5 minutes against 17 saves 59 %.
    script = {"S1": at("07:00", "brawl", "k20")}
    units = {"A": unit("k0"), "B": unit("k15", shifts=[SHIFT_LATE])}
    for share, who in ((0.5, "B"), (0.6, "A")):
        log = world(units, {"brawl": kind()}, script, dispatch={"switch": share})
        log = log.finish()
        assert [u for _, _, u in arrived(log)] == [who]
    log = world(units, {"brawl": kind()}, script, dispatch={"switch": 0.5}).finish()
    assert arrived(log) == [(72, "S1", "B")]
    assert [
        (r.time, r.details["why"], r.details["to"]) for r in log.of(Kind.CANCELLED)
    ] == [(65, "switched", "B")]
    # A has done 3 km, turns back, and is home at 68.
    assert doing(log, "A", begin=62) == [
        (65, "returning"), (68, "standing by"), (480, "standing by"),
    ][:2]  # fmt: skip


def test_a_unit_that_is_recalled_is_not_sent_back_and_can_be_moved():
    script = {"S1": at("07:00", "brawl", "k20")}
    play = world({"A": unit("k0"), "B": unit("k5")}, {"brawl": kind()}, script)
    play.advance(66.0)  # B has done 4 km, to k9
    assert play.apply(Recall(unit="B")) is None
    assert play.apply(Move(unit="B", to="k15")) is None
    play.advance(68.0)
    assert play.apply(Recall(unit="B")) is None  # from k11, home at k5
    play.advance(69.0)
    assert play.apply(Recall(unit="B")) == "B is at no incident: returning"
    log = play.finish()
    assert sent(log) == [(60, "S1", "B"), (66, "S1", "A")]
    assert doing(log, "B", begin=65)[:3] == [
        (66, "moving to stand by"), (68, "returning"), (74, "standing by"),
    ]  # fmt: skip
    assert [(r.subject, r.details["to"]) for r in log.of(Kind.STANDBY_MOVE)] == [
        ("B", "k15")
    ]


def test_an_order_redirects_a_unit_under_way():
    script = {"S1": at("07:00", "brawl", "k20"), "S2": at("07:01", "brawl", "k5")}
    play = world({"A": unit("k0")}, {"brawl": kind()}, script)
    play.advance(64.0)
    assert play.apply(Send(unit="A", incident="S2")) is None
    log = play.finish()
    assert arrived(log)[0] == (67, "S2", "A")
    assert arrived(log)[1] == (92, "S1", "A")


# ---- turnout by hour -----------------------------------------------------------------

EARLY = {"from": "06:00", "until": "08:00"}
LATER = {"from": "08:00", "until": "14:00"}


def test_turnout_and_what_is_expected_of_it_are_those_of_the_shift_in_force():
    # From k0 to k10: 10 minutes. Turnout 2 before 08:00, then 9; B's is always 4.
    units = {
        "A": unit("k0", shifts=[EARLY, {**LATER, "turnout": "9 min"}]),
        "B": unit("k0", turnout="4 min"),
    }
    script = {"S1": at("07:00", "brawl", "k10"), "S2": at("08:00", "brawl", "k10")}
    log = world(units, {"brawl": kind()}, script).finish()
    assert arrived(log) == [(72, "S1", "A"), (134, "S2", "B")]
    first, second = log.of(Kind.ASSIGNED)
    assert first.details["estimate"] == 12
    assert (second.details["estimate"], second.details["runners"]) == (14, "A 19.0")
    alone = world({"A": units["A"]}, {"brawl": kind()}, script).finish()
    assert arrived(alone) == [(72, "S1", "A"), (139, "S2", "A")]


def test_a_turnout_that_has_begun_is_expected_as_it_began():
    # A turns out from 119, for 10 minutes by its first shift; at 121 the attack takes
    # it: 8 minutes are left, whatever the shift that began at 120 says.
    first = {**EARLY, "turnout": "10 min"}
    units = {"A": unit("k0", shifts=[first, {**LATER, "turnout": "1 min"}])}
    script = {"S1": at("07:59", "brawl", "k20"), "S2": at("08:01", "attack", "k5")}
    kinds = {"brawl": kind(3), "attack": kind(1)}
    log = world(units, kinds, script, dispatch={"preempt": {3: [1]}}).finish()
    assert [r.details["estimate"] for r in log.of(Kind.ASSIGNED)[:2]] == [30, 13]
    assert arrived(log)[0] == (134, "S2", "A")


def test_aid_is_asked_for_by_the_turnout_of_its_shift():
    # Both stand at k0; by their own turnout X would be there first, by the shift's Y.
    slow = {"from": "06:00", "until": "14:00", "turnout": "20 min"}
    units = {
        "X": unit("k0", agency="district", turnout="1 min", shifts=[slow]),
        "Y": unit("k0", agency="district", turnout="3 min"),
    }
    script = {"S1": at("07:00", "brawl", "k10")}
    log = world(units, {"brawl": kind()}, script, agencies=AID).finish()
    assert [r.subject for r in log.of(Kind.AID_ASKED)] == ["Y"]


# ---- pace: how fast the work goes with so many ---------------------------------------


def brawl_for(number, pace, **more):
    level = {"needs": {"order": number}, "on_scene": "10 min", "pace": pace}
    return kind(levels=[level], **more)


def worked(log):
    return told(log, Kind.WORKED)


PAIR = {"A": unit("k5"), "B": unit("k15")}
MOB = {"S1": at("07:00", "brawl", "k10")}
FAR = {"A": unit("k5"), "B": unit("k0")}


def test_work_goes_faster_when_another_comes_and_slower_when_it_leaves():
    # A is there at 67, B at 72. A has done 2.5 of 10 by then; the rest ends at 79.5. By
    # then B has done 7.5; the other 2.5 minutes take it 5: at 84.5.
    log = world(FAR, {"brawl": brawl_for(2, {1: "50 %", 2: "100 %"})}, MOB).finish()
    assert arrived(log) == [(67, "S1", "A"), (72, "S1", "B")]
    assert worked(log) == [(79.5, "S1", "A"), (84.5, "S1", "B")]
    assert told(log, Kind.CLEARED) == [(84.5, "S1", "")]


@pytest.mark.parametrize(
    ("pace", "ends"),
    [
        ({}, (77, 82)),
        ({1: "100 %"}, (77, 82)),  # above the largest: as the largest
        ({2: "200 %"}, (72, 77)),  # below the least: as the least
        ({1: "100 %", 3: "500 %"}, (77, 82)),  # between: as the lower
        ({2: 2, 1: "100 %"}, (74.5, 79.5)),  # in any order
    ],
)
def test_a_number_that_is_not_given_counts_as_the_nearest_below(pace, ends):
    log = world(FAR, {"brawl": brawl_for(2, pace)}, MOB).finish()
    assert tuple(time for time, _, _ in worked(log)) == ends


def test_who_waits_to_leave_with_the_others_is_not_at_work():
    # As above, but A stays: it does not speed B up.
    pace = {1: "50 %", 2: "100 %"}
    log = world(FAR, {"brawl": brawl_for(2, pace, leaves="together")}, MOB).finish()
    assert worked(log) == [(84.5, "S1", "B"), (84.5, "S1", "A")]


def test_all_who_begin_together_work_at_the_pace_of_all():
    # Both begin at 72 with B's arrival, twice as fast.
    pace = {1: "50 %", 2: "200 %"}
    log = world(FAR, {"brawl": brawl_for(2, pace, starts="all")}, MOB).finish()
    assert worked(log) == [(77, "S1", "A"), (77, "S1", "B")]


def test_paused_work_keeps_what_is_left_at_the_usual_pace():
    # Alone at half the pace, A has done 1.5 of 10 when its shift ends at 70. It resumes
    # at 90 from its base, is there at 97, and needs 17 minutes for the other 8.5.
    shifts = [{"from": "06:00", "until": "07:10"}, {"from": "07:30", "until": "14:00"}]
    units = {"A": unit("k5", shift_end="pause", shifts=shifts)}
    log = world(units, {"brawl": brawl_for(1, {1: "50 %"})}, MOB).finish()
    assert [r.details["left"] for r in log.of(Kind.PAUSED)] == [8.5]
    assert arrived(log)[-1] == (97, "S1", "A")
    assert worked(log) == [(114, "S1", "A")]


def test_a_relief_takes_over_what_is_left_at_the_usual_pace():
    # A's shift ends at 70: B leaves k15 then, is there at 77, A has done 5 of 10.
    early = [{"from": "06:00", "until": "07:10"}]
    units = {"A": unit("k5", shift_end="relieve", shifts=early), "B": unit("k15")}
    log = world(units, {"brawl": brawl_for(1, {1: "50 %"})}, MOB).finish()
    assert told(log, Kind.RELIEVED) == [(77, "S1", "A")]
    assert worked(log) == [(87, "S1", "B")]


def test_the_loss_of_one_slows_the_others_at_once():
    # B is lost at 74. A has done 2.5 by 72 and 4.5 by 74; the other 5.5 take 11.
    script = {**MOB, "O": effect("07:14", kind="out_of_service", unit="B")}
    log = world(FAR, {"brawl": brawl_for(2, {1: "50 %", 2: "100 %"})}, script).finish()
    assert worked(log)[0] == (85, "S1", "A")


def test_a_level_that_falls_brings_its_own_pace():
    # It rises at 65, and B is sent; A is there at 67, B at 77. At 79 the level falls: B
    # goes, A has done 6 + 2 of 30, and does the other 22 in 11 minutes.
    levels = [
        {"needs": {"order": 1}, "on_scene": "30 min", "pace": {1: 2}},
        {
            "needs": {"order": 2},
            "on_scene": "30 min",
            "after": "5 min",
            "falls_after": "2 min",
            "pace": {1: "60 %", 2: "100 %"},
        },
    ]
    log = world(FAR, {"brawl": kind(levels=levels)}, MOB).finish()
    assert told(log, Kind.FELL) == [(79, "S1", "")]
    assert worked(log) == [(90, "S1", "A")]


def test_whoever_waits_for_a_busy_unit_counts_with_the_pace_now_in_force():
    # A and B work at k10 from 67, at double pace: expected to end at 72, so S2 at k10
    # waits for A from 69 rather than calling C, ten minutes away.
    units = {"A": unit("k5"), "B": unit("k15"), "C": unit("k20")}
    kinds = {"brawl": brawl_for(2, {2: "200 %"}), "theft": kind()}
    script = {**MOB, "S2": at("07:09", "theft", "k10")}
    by = {"policy": "nearest-or-busy"}
    log = world(units, kinds, script, dispatch=by).finish()
    assert sent(log)[2] == (72, "S2", "A")
    # Without the pace they end at 77, at 100 % as C would be there at 81; at half the
    # pace, at 87: C goes.
    kinds["brawl"] = brawl_for(2, {2: "50 %"})
    log = world(units, kinds, script, dispatch=by).finish()
    assert sent(log)[2] == (69, "S2", "C")
    # At double pace A is expected to need 3 minutes more, and D at the scene 2: D goes.
    units |= {"D": unit("k10", skills=["medical"])}
    units["A"] = unit("k5", skills=["order", "medical"])
    kinds["theft"] = kind(levels=[{"needs": {"medical": 1}, "on_scene": "1 min"}])
    kinds["brawl"] = brawl_for(2, {2: "200 %"})
    log = world(units, kinds, script, dispatch=by).finish()
    assert sent(log)[2] == (69, "S2", "D")


def test_nobody_relieves_a_unit_that_only_waits_to_leave_with_the_others():
    # A's shift ends at 70, when nobody is free; its work is done at 77, B's at 82. C
    # comes on shift at 78.
    early = [{"from": "06:00", "until": "07:10"}]
    units = {
        "A": unit("k5", shift_end="relieve", shifts=early),
        "B": unit("k0"),
        "C": unit("k10", shifts=[{"from": "07:18", "until": "14:00"}]),
    }
    log = world(units, {"brawl": brawl_for(2, {}, leaves="together")}, MOB).finish()
    assert told(log, Kind.RELIEF) == [(70, "S1", "A")]
    assert [unit for _, _, unit in sent(log)] == ["A", "B"]
    assert told(log, Kind.CLEARED) == [(82, "S1", "")]


# ---- a unit that fills several needs -------------------------------------------------

BOTH = ["order", "medical"]


def crash(on_scene="10 min", **more):
    level = {"needs": {"order": 1, "medical": 1}, "on_scene": on_scene}
    return kind(levels=[level], **more)


def filled(log):
    """Give (minute, incident, unit, slot, further slots) of the dispatches."""
    return [
        (r.time, r.subject, r.details["unit"], r.details["slot"], r.details.get("also"))
        for r in log.of(Kind.ASSIGNED)
    ]


CRASH = {"S1": at("07:00", "crash", "k10")}
NIGHT = {"from": "22:00", "until": "23:00"}


def test_a_unit_fills_further_needs_that_nobody_else_is_chosen_for():
    units = {"A": unit("k5", skills=BOTH, fills=2)}
    log = world(units, {"crash": crash()}, CRASH).finish()
    assert filled(log) == [(60, "S1", "A", 0, "1 medical")]
    assert arrived(log) == [(67, "S1", "A")]
    assert worked(log) == [(77, "S1", "A")]
    assert told(log, Kind.CLEARED) == [(77, "S1", "")]
    # One that fills one need only comes for each in turn.
    units = {"A": unit("k5", skills=BOTH)}
    log = world(units, {"crash": crash()}, CRASH).finish()
    assert [(t, slot) for t, _, _, slot, _ in filled(log)] == [(60, 0), (77, 1)]


def test_it_takes_no_need_that_another_is_chosen_for_nor_one_it_has_no_skill_for():
    units = {"A": unit("k5", skills=BOTH, fills=2), "B": unit("k0", skills=BOTH)}
    log = world(units, {"crash": crash()}, CRASH).finish()
    assert filled(log) == [(60, "S1", "A", 0, None), (60, "S1", "B", 1, None)]
    units = {"A": unit("k5", fills=2), "B": unit("k0", skills=BOTH, shifts=[NIGHT])}
    log = world(units, {"crash": crash()}, CRASH).finish()
    assert filled(log) == [(60, "S1", "A", 0, None)]


def test_needs_left_over_go_in_order_to_the_first_that_has_skill_and_room():
    # A (two needs in all) and B (three) are the nearest; five needs for order.
    units = {"B": unit("k0", fills=3), "A": unit("k5", fills=2)}
    log = world(units, {"brawl": kind(needs=6)}, MOB).finish()
    assert filled(log)[:2] == [
        (60, "S1", "A", 0, "2 order"), (60, "S1", "B", 1, "3 order, 4 order"),
    ]  # fmt: skip
    assert filled(log)[2][3:] == (5, None)


def test_its_work_is_the_longest_of_the_needs_it_fills():
    law = {"law": "exponential", "mean": "10 min"}
    units = {"A": unit("k5", skills=BOTH, fills=2)}
    longest = set()
    for seed in range(9):
        play = world(units, {"crash": crash(law)}, CRASH, seed=seed)
        log = play.finish()
        on_scene = play.setting.incidents["crash"].levels[0].on_scene
        draws = [play.incidents["S1"].draw.work(i, on_scene) for i in (0, 1)]
        ((time, _, _),) = worked(log)
        assert time == 67 + max(draws)
        longest.add(draws.index(max(draws)))
    assert longest == {0, 1}


def test_all_together_counts_the_needs_that_one_unit_fills():
    units = {"A": unit("k5", skills=BOTH, fills=2)}
    by = {"send": "together"}
    log = world(units, {"crash": crash()}, CRASH, dispatch=by).finish()
    assert filled(log) == [(60, "S1", "A", 0, "1 medical")]
    assert not log.of(Kind.HELD)
    units = {"A": unit("k5", skills=BOTH)}
    log = world(units, {"crash": crash()}, CRASH, dispatch=by).finish()
    assert not sent(log)


def test_it_is_all_there_for_work_that_starts_or_leaves_with_all():
    units = {"A": unit("k5", skills=BOTH, fills=2)}
    for more in ({"starts": "all"}, {"leaves": "together"}):
        log = world(units, {"crash": crash(**more)}, CRASH).finish()
        assert told(log, Kind.CLEARED) == [(77, "S1", "")]


def test_it_is_one_unit_at_work():
    units = {"A": unit("k5", skills=BOTH, fills=2)}
    kinds = {"crash": crash()}
    kinds["crash"]["levels"][0]["pace"] = {1: "50 %", 2: "100 %"}
    log = world(units, kinds, CRASH).finish()
    assert worked(log) == [(87, "S1", "A")]


def test_when_it_is_taken_all_its_needs_are_open_again():
    # Taken at 64, it goes back to both needs at 76, when the attack is over.
    units = {"A": unit("k0", skills=BOTH, fills=2)}
    kinds = {"crash": crash(priority=3), "attack": kind(1, on_scene="9 min")}
    script = {**CRASH, "S2": at("07:04", "attack", "k5")}
    log = world(units, kinds, script, dispatch={"preempt": {3: [1]}}).finish()
    assert filled(log) == [
        (60, "S1", "A", 0, "1 medical"), (64, "S2", "A", 0, None),
        (76, "S1", "A", 0, "1 medical"),
    ]  # fmt: skip
    assert told(log, Kind.CLEARED)[1] == (91, "S1", "")


def test_when_it_is_lost_on_scene_others_do_all_the_work_of_each_need():
    units = {
        "A": unit("k5", skills=BOTH, fills=2),
        "B": unit("k0", skills=["medical"], shifts=[SHIFT_LATE]),
        "C": unit("k0", shifts=[SHIFT_LATE]),
    }
    script = {**CRASH, "O": effect("07:10", kind="out_of_service", unit="A")}
    log = world(units, {"crash": crash()}, script).finish()
    assert filled(log)[1:] == [(70, "S1", "C", 0, None), (70, "S1", "B", 1, None)]
    assert worked(log) == [(92, "S1", "C"), (92, "S1", "B")]


def test_what_it_pauses_it_resumes_for_all():
    shifts = [{"from": "06:00", "until": "07:10"}, {"from": "07:30", "until": "14:00"}]
    units = {
        "A": unit("k5", skills=BOTH, fills=2, shift_end="pause", shifts=shifts),
        "B": unit("k15", skills=["medical"], shifts=[{**SHIFT_LATE, "from": "07:01"}]),
    }
    log = world(units, {"crash": crash()}, CRASH).finish()
    assert filled(log)[1] == (90, "S1", "A", 0, "1 medical")
    assert worked(log) == [(104, "S1", "A")]  # 7 minutes from 97
    # Without a later shift B does what is left of its own need, 7 minutes from 77.
    units["A"]["shifts"] = shifts[:1]
    log = world(units, {"crash": crash()}, CRASH).finish()
    assert filled(log)[1:] == [(70, "S1", "B", 1, None)]
    assert worked(log) == [(84, "S1", "B")]


def relieved(fills):
    """Make A, which can do both until 07:10, and B, who relieves it."""
    early = [{"from": "06:00", "until": "07:10"}]
    return {
        "A": unit("k5", skills=BOTH, fills=2, shift_end="relieve", shifts=early),
        "B": unit("k15", skills=BOTH, fills=fills, shifts=[SHIFT_LATE]),
    }


@pytest.mark.parametrize("fills", [1, 2])
def test_who_relieves_it_takes_over_what_it_can_fill(fills):
    # At 70 A asks for relief; B is there at 77, as A has done all of its 10 of 30.
    spare = unit("k0", skills=["medical"], shifts=[SHIFT_LATE])
    units = relieved(fills) | {"C": spare}
    log = world(units, {"crash": crash("30 min")}, CRASH).finish()
    (record,) = log.of(Kind.RELIEVED)
    assert (record.time, record.details["by"]) == (77, "B")
    if fills == 2:
        assert record.details["also"] == "1 medical"
        assert worked(log) == [(97, "S1", "B")]
    else:
        # C is sent to the other need then: there at 89, it works the other 20 minutes.
        assert "also" not in record.details
        assert worked(log) == [(97, "S1", "B"), (109, "S1", "C")]


def test_it_is_switched_only_for_one_that_can_fill_all_it_fills():
    # B and C come on shift beside the crash while A drives: each saves half the time.
    units = {
        "A": unit("k0", skills=BOTH, fills=2),
        "B": unit("k15", skills=BOTH, shifts=[SHIFT_LATE]),
        "C": unit("k15", fills=2, shifts=[SHIFT_LATE]),
    }
    by, script = {"switch": 0.2}, {"S1": at("07:00", "crash", "k20")}
    log = world(units, {"crash": crash()}, script, dispatch=by).finish()
    assert filled(log) == [(60, "S1", "A", 0, "1 medical")]
    units["B"]["fills"] = 2
    log = world(units, {"crash": crash()}, script, dispatch=by).finish()
    assert filled(log)[1:] == [(65, "S1", "B", 0, "1 medical")]


@pytest.mark.parametrize("lower", ["order", "medical"])
def test_when_the_level_falls_it_stays_for_the_need_that_is_left(lower):
    levels = [
        {"needs": {lower: 1}, "on_scene": "10 min"},
        {
            "needs": {lower: 1, "medical" if lower == "order" else "order": 1},
            "on_scene": "10 min",
            "after": "1 min",
            "falls_after": "3 min",
        },
    ]
    skills = ["medical", "order"]
    units = {"A": unit("k5", skills=skills, fills=2, shifts=[SHIFT_LATE])}
    log = world(units, {"crash": kind(levels=levels)}, CRASH).finish()
    assert filled(log)[0][4] is not None
    assert told(log, Kind.FELL) == [(75, "S1", "")]
    assert worked(log) == [(82, "S1", "A")]
    assert told(log, Kind.CLEARED) == [(82, "S1", "")]


def the_last(call, candidates, view):
    """Choose somebody for the last need alone."""
    return [None] * (len(call.needs) - 1) + [candidates[0] if candidates else None]


def test_who_stays_after_a_fall_goes_on_as_the_need_that_is_left():
    # A is chosen for the second need, and fills the first; the second ends at 75, and
    # A with the other when its 20 minutes are done.
    levels = [
        {"needs": {"order": 1}, "on_scene": "20 min"},
        {
            "needs": {"order": 1, "medical": 1},
            "on_scene": "20 min",
            "after": "1 min",
            "falls_after": "3 min",
        },
    ]
    kinds = {"crash": kind(levels=levels)}
    units = {"A": unit("k5", skills=BOTH, fills=2, shifts=[SHIFT_LATE])}
    log = world(units, kinds, CRASH, policy=the_last).finish()
    assert filled(log) == [(65, "S1", "A", 1, "0 order")]
    assert told(log, Kind.FELL) == [(75, "S1", "")]
    assert [(r.time, r.details["slot"]) for r in log.of(Kind.WORKED)] == [(92, 0)]
    assert told(log, Kind.CLEARED) == [(92, "S1", "")]
    # Its shift ends at 73, and B is asked for the need that ends: for the other, then.
    units["A"] |= {
        "shift_end": "relieve",
        "shifts": [{"from": "07:05", "until": "07:13"}],
    }
    units["B"] = unit("k20", skills=BOTH, shifts=[{"from": "07:11", "until": "14:00"}])
    log = world(units, kinds, CRASH, policy=the_last).finish()
    assert [r.details["slot"] for r in log.of(Kind.RELIEF)] == [1, 0]
    assert filled(log)[1:] == [(73, "S1", "B", 1, None), (75, "S1", "B", 0, None)]
    assert told(log, Kind.RELIEVED) == [(85, "S1", "A")]
    assert worked(log) == [(92, "S1", "B")]


def test_an_order_has_it_take_the_open_needs_that_it_can_fill():
    units = {"A": unit("k5", skills=BOTH, fills=2, posts=[POST])}
    play = world(units, {"crash": crash()}, CRASH)
    play.advance(70)
    assert play.apply(Send(unit="A", incident="S1")) is None
    log = play.finish()
    assert filled(log) == [(70, "S1", "A", 0, "1 medical")]
    assert told(log, Kind.CLEARED) == [(87, "S1", "")]


POST = {"place": "k5", "from": "06:00", "until": "14:00"}


def test_no_aid_is_asked_for_a_need_that_is_filled():
    units = {
        "A": unit("k5", skills=BOTH, fills=2),
        "X": unit("k5", skills=BOTH, agency="district"),
    }
    log = world(units, {"crash": crash()}, CRASH, agencies=AID).finish()
    assert not log.of(Kind.AID_ASKED)
    units["A"] = unit("k5", skills=BOTH)
    log = world(units, {"crash": crash()}, CRASH, agencies=AID).finish()
    assert len(log.of(Kind.AID_ASKED)) == 1


# ---- home areas, reserve, together, ageing -------------------------------------------


def test_a_unit_that_the_policy_would_not_send_replaces_nobody():
    # B stands by next to S1, but is neither of the area nor on the list.
    areas = ("west", "west")
    units = {"A": unit("k20", areas=["west"]), "B": unit("k5")}
    script = {"S1": at("07:00", "brawl", "k5")}
    by = {"policy": "home-area", "switch": 0.1}
    log = world(units, {"brawl": kind()}, script, dispatch=by, areas=areas).finish()
    assert sent(log) == [(60, "S1", "A")]


def test_what_a_review_has_sent_is_compared_in_it():
    # By the list A goes first; with a switch B, who is on it too, goes at once... if it
    # is what the policy would choose among those who are free then.
    by = {"policy": "home-area", "lists": {"k5": ["A", "B"]}, "switch": 0.1}
    units = {"A": unit("k20"), "B": unit("k5")}
    script = {"S1": at("07:00", "brawl", "k5")}
    log = world(units, {"brawl": kind()}, script, dispatch=by).finish()
    assert sent(log) == [(60, "S1", "A"), (60, "S1", "B")]


def test_an_order_to_move_outlasts_the_table_and_a_unit_may_be_replaced_by_order():
    units = {"A": unit("k0"), "B": unit("k10")}
    by = {"standby": {"kind": "table", "table": {2: ["k0", "k10"]}}}
    script = {"S1": at("07:30", "brawl", "k15"), "S2": at("08:30", "brawl", "k0")}
    play = world(units, {"brawl": kind()}, script, dispatch=by)
    play.advance(60.0)
    assert play.apply(Move(unit="A", to="k5")) is None
    play.advance(91.0)
    assert sent(play.log()) == [(90, "S1", "B")]
    assert play.apply(Send(unit="A", incident="S1")) is None
    log = play.finish()
    assert sent(log)[:2] == [(90, "S1", "B"), (91, "S1", "A")]
    assert [r.details["why"] for r in log.of(Kind.CANCELLED)] == ["replaced"]
    # There at 103, free at 113, back where it was ordered to, not where the table says.
    assert [(r.subject, r.details["to"]) for r in log.of(Kind.STANDBY_MOVE)] == [
        ("A", "k5")
    ]


def test_home_area_first_then_the_list_then_the_queue():
    areas = ("west", "west", "mid", "east", "east")
    units = {
        "A": unit("k0", areas=["west"]),
        "B": unit("k10", areas=["mid"]),
        "C": unit("k20", areas=["east"]),
    }
    dispatch = {"policy": "home-area", "lists": {"west": ["A", "C"], "k15": ["C"]}}
    script = {
        "S1": at("07:00", "brawl", "k5"),  # own unit A, though B is as near
        "S2": at("07:01", "brawl", "k5"),  # A is away: C by the list, B is not on it
        "S3": at("07:02", "brawl", "k5"),  # nobody left on the list
        "S4": at("07:03", "brawl", "k10"),  # its own unit
    }
    log = world(units, {"brawl": kind()}, script, dispatch=dispatch, areas=areas)
    log = log.finish()
    assert sent(log) == [
        (60, "S1", "A"), (61, "S2", "C"), (63, "S4", "B"), (77, "S3", "A"),
    ]  # fmt: skip


def test_a_reserve_is_kept_for_the_pressing():
    units = {"A": unit("k0"), "B": unit("k0")}
    kinds = {"brawl": kind(2), "attack": kind(1)}
    script = {
        "S1": at("07:00", "brawl", "k5"),
        "S2": at("07:01", "brawl", "k5"),
        "S3": at("07:02", "attack", "k5"),
    }
    log = world(units, kinds, script, dispatch={"reserve": {2: 1}}).finish()
    # S2 must leave one free; A clears S1 at 77, and with B busy it stays the reserve;
    # B clears S3 at 79 where S2 is.
    assert sent(log) == [(60, "S1", "A"), (62, "S3", "B"), (79, "S2", "B")]
    assert told(log, Kind.HELD) == [(61, "S2", "reserve")]


def test_what_the_reserve_holds_goes_to_mutual_aid():
    units = {"A": unit("k5"), "X": unit("k5", agency="district")}
    by = {"reserve": {2: 1}}
    agencies = {"district": {"call_up": "10 min"}}
    script = {"S1": at("07:00", "brawl", "k10")}
    log = world(units, {"brawl": kind()}, script, agencies=agencies, dispatch=by)
    log = log.finish()
    assert told(log, Kind.HELD) == [(60, "S1", "reserve")]
    assert sent(log) == [(70, "S1", "X")]


def test_together_waits_for_all_and_those_behind_may_pass_or_not():
    units = {"A": unit("k0"), "B": unit("k0")}
    kinds = {"brawl": kind(2), "riot": kind(2, needs=2)}
    script = {
        "S1": at("07:00", "brawl", "k5"),
        "S2": at("07:01", "riot", "k5"),
        "S3": at("07:02", "brawl", "k5"),
    }
    by = {"send": "together", "behind": "pass"}
    log = world(units, kinds, script, dispatch=by).finish()
    # A clears S1 at 77, B clears S3 at 79; both for S2.
    assert sent(log) == [
        (60, "S1", "A"), (62, "S3", "B"), (79, "S2", "B"), (79, "S2", "A"),
    ]  # fmt: skip
    log = world(units, kinds, script, dispatch={**by, "behind": "strict"}).finish()
    assert sent(log) == [
        (60, "S1", "A"), (77, "S2", "A"), (77, "S2", "B"), (87, "S3", "A"),
    ]  # fmt: skip
    assert told(log, Kind.HELD) == [(61, "S2", "together")]


def test_an_old_incident_rises_in_the_queue():
    # Without ageing S2 (priority 1) goes before S1 (priority 2); with it S1 has risen.
    kinds = {"long": kind(1, on_scene="60 min"), "brawl": kind(2), "attack": kind(1)}
    script = {
        "S0": at("06:30", "long", "k5"),
        "S1": at("06:40", "brawl", "k5"),
        "S2": at("07:30", "attack", "k5"),
    }
    units = {"A": unit("k0")}
    log = world(units, kinds, script).finish()
    assert [s for _, s, _ in sent(log)] == ["S0", "S2", "S1"]
    log = world(units, kinds, script, dispatch={"ageing": "20 min"}).finish()
    assert [s for _, s, _ in sent(log)] == ["S0", "S1", "S2"]


def test_a_held_incident_is_sent_to_as_it_ages_past_the_reserve():
    units = {"A": unit("k0"), "B": unit("k0")}
    script = {"S1": at("07:00", "brawl", "k5"), "S2": at("07:01", "brawl", "k5")}
    kinds = {"brawl": kind(2, on_scene="2 h")}
    by = {"reserve": {2: 1}, "ageing": "15 min"}
    log = world(units, kinds, script, dispatch=by).finish()
    assert sent(log) == [(60, "S1", "A"), (76, "S2", "B")]


def test_needs_of_several_skills_are_met_by_least_total_time():
    # Greedily A (both skills, nearest) would go for order, and medical would wait.
    units = {
        "A": unit("k5", skills=["order", "medical"]),
        "B": unit("k10", skills=["order"]),
    }
    levels = [{"needs": {"order": 1, "medical": 1}, "on_scene": "5 min"}]
    log = world(
        units, {"crash": kind(levels=levels)}, {"S1": at("07:00", "crash", "k0")}
    ).finish()
    assert {(r.details["skill"], r.details["unit"]) for r in log.of(Kind.ASSIGNED)} == {
        ("order", "B"), ("medical", "A"),
    }  # fmt: skip


def test_a_unit_on_scene_near_by_beats_a_free_one_far_away():
    # A is on scene at k20 until 87 (5 + 2 + ... ): sent 60, there 67, ends 77.
    units = {"A": unit("k15"), "B": unit("k0")}
    script = {"S1": at("07:00", "brawl", "k20"), "S2": at("07:10", "brawl", "k20")}
    by = {"policy": "nearest-or-busy"}
    log = world(units, {"brawl": kind()}, script, dispatch=by).finish()
    assert sent(log) == [(60, "S1", "A"), (77, "S2", "A")]
    assert told(log, Kind.HELD) == [(70, "S2", "waits for A")]
    log = world(units, {"brawl": kind()}, script).finish()
    assert sent(log) == [(60, "S1", "A"), (70, "S2", "B")]


def test_the_unit_goes_whose_leaving_uncovers_least():
    # Incidents arise at k0 (often) and k20; A covers k0 alone, B and C are both east.
    rates = [{"places": ["k0"], "per_hour": 0.0001}]
    kinds = {"brawl": kind(), "theft": kind(rates=rates)}
    units = {"A": unit("k5"), "B": unit("k20"), "C": unit("k20")}
    script = {"S1": at("07:00", "brawl", "k10")}
    by = {"policy": "keep-cover", "cover": {"within": "15 min"}}
    log = world(units, kinds, script, dispatch=by).finish()
    assert sent(log)[0] == (60, "S1", "B")
    by = {"policy": "keep-cover", "cover": {"within": "9 min"}}
    log = world(units, kinds, script, dispatch=by).finish()
    # B and C cannot be there within 9 minutes (2 + 10): the only one that can, goes.
    assert sent(log)[0] == (60, "S1", "A")


def test_a_guard_goes_when_another_unit_has_come_to_stand_there():
    post = {"place": "k10", "from": "06:00", "until": "14:00", "strip": "last"}
    units = {
        "G": unit("k10", posts=[{**post, "relief": True}]),
        "M": unit("k5", skills=["medical"]),
    }
    script = {"S1": at("07:00", "brawl", "k15")}
    more = {"riders": kind(levels=[{"needs": {"medical": 1}, "on_scene": "1 min"}])}
    log = world(units, {"brawl": kind(), **more}, script).finish()
    # M is there at 65; the guard leaves then, is there at 72, back at 87; M goes home.
    assert sent(log) == [(65, "S1", "G")]
    assert told(log, Kind.STRIPPED)[0][:2] == (65, "G")
    assert [(t, s) for t, s in doing(log, "M", begin=1)] == [
        (60, "moving to stand by"), (65, "standing by"), (87, "returning"),
        (92, "standing by"),
    ]  # fmt: skip
    units["G"]["posts"][0]["relief"] = False
    log = world(units, {"brawl": kind(), **more}, script).finish()
    assert sent(log) == [(60, "S1", "G")]


# ---- mutual aid ----------------------------------------------------------------------


AID = {
    "district": {
        "call_up": "10 min",
        "agree": {"district": "5 min", "province": "8 min"},
        "stays": "1 h",
    }
}


def test_mutual_aid_is_agreed_to_level_by_level_called_up_and_stood_down():
    units = {"X": unit("k5", agency="district"), "Y": unit("k5", agency="district")}
    script = {"S1": at("07:00", "brawl", "k10"), "S2": at("07:10", "brawl", "k10")}
    log = world(units, {"brawl": kind()}, script, agencies=AID).finish()
    assert told(log, Kind.AID_ASKED) == [(60, "X", "S1"), (70, "Y", "S2")]
    assert [(r.time, r.details["level"]) for r in log.of(Kind.AGREED)] == [
        (65, "district"), (73, "province"),
    ]  # fmt: skip
    # Both are called up at 73, and at hand at 83; 2 + 5 minutes.
    assert told(log, Kind.AT_HAND) == [(83, "X", ""), (83, "Y", "")]
    assert arrived(log) == [(90, "S1", "X"), (90, "S2", "Y")]
    assert told(log, Kind.STOOD_DOWN) == [(143, "X", ""), (143, "Y", "")]


def test_asking_early_is_an_order():
    units = {"X": unit("k5", agency="district")}
    script = {"S1": at("07:00", "brawl", "k10"), "S2": at("09:00", "brawl", "k10")}
    play = world(units, {"brawl": kind()}, script, agencies=AID)
    play.advance(30.0)
    assert play.apply(CallUp(unit="X")) is None
    assert play.apply(CallUp(unit="X")) == "X is at hand or has been asked for"
    log = play.finish()
    assert told(log, Kind.AT_HAND)[0] == (53, "X", "")
    # At hand until 113 at least; then stood down, and asked for again at 180: the
    # levels have agreed, its own call-up takes 10 minutes.
    assert arrived(log) == [(67, "S1", "X"), (197, "S2", "X")]


def test_an_own_unit_that_is_free_sooner_goes_and_the_aid_serves_the_next():
    units = {"A": unit("k5"), "X": unit("k5", agency="district")}
    script = {
        "S1": at("07:00", "brawl", "k5"),
        "S2": at("07:01", "siege", "k5"),
        "S3": at("07:13", "brawl", "k10"),
    }
    kinds = {"brawl": kind(), "siege": kind(on_scene="40 min")}
    log = world(units, kinds, script, agencies=AID).finish()
    # Asked for by S2, which A takes as it clears; at hand at 61 + 13 + 10.
    assert told(log, Kind.AID_ASKED) == [(61, "X", "S2")]
    assert sent(log) == [(60, "S1", "A"), (72, "S2", "A"), (84, "S3", "X")]


def test_aid_that_the_policy_never_sends_is_not_asked_for():
    units = {"X": unit("k5", agency="district")}
    script = {"S1": at("07:00", "brawl", "k10")}
    agencies = {"district": {"call_up": "0 min"}}
    kinds = {"brawl": kind()}
    by = {"policy": "home-area"}
    log = world(units, kinds, script, agencies=agencies, dispatch=by).finish()
    assert told(log, Kind.AID_ASKED) == []
    by = {**by, "lists": {"k10": ["X"]}}
    log = world(units, kinds, script, agencies=agencies, dispatch=by).finish()
    assert arrived(log) == [(67, "S1", "X")]


def test_aid_waits_at_hand_until_all_can_go_together():
    units = {
        "X": unit("k5", agency="district"),
        "Y": unit("k5", agency="army"),
    }
    agencies = {"district": {"call_up": "5 min"}, "army": {"call_up": "30 min"}}
    by = {"send": "together"}
    script = {"S1": at("07:00", "riot", "k10")}
    kinds = {"riot": kind(needs=2)}
    log = world(units, kinds, script, agencies=agencies, dispatch=by).finish()
    assert told(log, Kind.AT_HAND) == [(65, "X", ""), (90, "Y", "")]
    assert sent(log) == [(90, "S1", "X"), (90, "S1", "Y")]
    assert told(log, Kind.STOOD_DOWN) == [(107, "X", ""), (107, "Y", "")]


def test_an_incident_whose_aid_goes_elsewhere_asks_anew_at_once():
    units = {
        "X": unit("k5", agency="district"),
        "Y": unit("k15", agency="district"),
        "Z": unit("k20", agency="army"),
    }
    agencies = {"district": {"call_up": "5 min"}, "army": {"call_up": "90 min"}}
    by = {"send": "together"}
    script = {
        "S1": at("07:00", "riot", "k10"),
        "S2": at("07:20", "fire", "k15"),
    }
    units["Z"]["skills"] = ["fire"]
    riot = [{"needs": {"order": 1, "fire": 1}, "on_scene": "10 min"}]
    kinds = {"riot": kind(1, levels=riot), "fire": kind(3)}
    log = world(units, kinds, script, agencies=agencies, dispatch=by).finish()
    # X waits at hand for Z until S2 takes it at 80.
    assert told(log, Kind.AID_ASKED) == [
        *((60, "X", "S1"), (60, "Z", "S1"), (80, "Y", "S1"))
    ]


def test_aid_is_asked_for_when_the_own_unit_is_too_far():
    units = {"A": unit("k0"), "X": unit("k15", agency="district")}
    script = {"S1": at("07:00", "brawl", "k20")}
    by = {"aid_beyond": "20 min"}
    log = world(units, {"brawl": kind()}, script, agencies=AID, dispatch=by).finish()
    assert told(log, Kind.AID_ASKED) == [(60, "X", "S1")]
    assert arrived(log) == [(82, "S1", "A")]


def test_whom_the_reserve_holds_does_not_replace_mutual_aid():
    units = {"B": unit("k10"), "X": unit("k20", agency="district")}
    agencies = {"district": {"call_up": "0 min"}}
    by = {"reserve": {2: 1}, "switch": "20 %"}
    script = {"S1": at("07:00", "brawl", "k10")}
    kinds = {"brawl": kind(2)}
    log = world(units, kinds, script, agencies=agencies, dispatch=by).finish()
    assert arrived(log) == [(72, "S1", "X")]
    units["C"] = unit("k10", shifts=[{"from": "07:01", "until": "14:00"}])
    log = world(units, kinds, script, agencies=agencies, dispatch=by).finish()
    # A second one stays behind from 61: whom it lets go is there at 63.
    assert arrived(log) == [(63, "S1", "B")]


def test_aid_whose_stay_is_over_is_sent_as_its_break_ends():
    rest = {"from": "07:00", "latest": "07:00", "lasts": "40 min"}
    units = {"X": unit("k5", agency="district", breaks=[rest])}
    agencies = {"district": {"call_up": "10 min", "stays": "20 min"}}
    play = world(
        *(units, {"brawl": kind()}, {"S1": at("07:20", "brawl", "k10")}),
        agencies=agencies,
    )
    play.advance(45.0)
    assert play.apply(CallUp(unit="X")) is None
    log = play.finish()
    # At hand at 55 and to stay until 75, when it is on its break, until 100.
    assert arrived(log) == [(107, "S1", "X")]
    assert told(log, Kind.STOOD_DOWN) == [(117, "X", "")]


def test_aid_that_has_paused_its_work_stays_at_hand_for_it():
    shifts = [
        {"from": "06:00", "until": "07:30"},
        {"from": "09:00", "until": "14:00"},
    ]
    by = {"agency": "district", "shifts": shifts, "shift_end": "pause"}
    script = {
        "S1": at("07:00", "theft", "k5"),
        "S2": at("08:30", "brawl", "k10"),
    }
    kinds = {"theft": kind(3, on_scene="60 min"), "brawl": kind(1)}
    more = {"agencies": AID, "dispatch": {"preempt": {3: [1]}}}
    log = world({"X": unit("k5", **by)}, kinds, script, **more).finish()
    # There from 85 to 90; back at 180, and taken from it for what is more pressing.
    assert sent(log) == [
        *((83, "S1", "X"), (180, "S1", "X"), (180, "S2", "X"), (197, "S1", "X"))
    ]
    assert told(log, Kind.STOOD_DOWN) == [(257, "X", "")]


def test_who_is_on_the_way_home_as_its_next_shift_begins_is_idle_again():
    shifts = [
        {"from": "06:00", "until": "07:10"},
        {"from": "07:30", "until": "14:00"},
    ]
    beat = {"places": ["k0", "k5"], "stay": "10 min"}
    units = {"A": unit("k0", shifts=shifts, beat=beat)}
    script = {"S1": at("07:00", "brawl", "k10"), "S2": at("07:25", "brawl", "k20")}
    by = {"policy": "nearest-idle"}
    log = world(units, {"brawl": kind()}, script, dispatch=by).finish()
    # There at 62 + 10, done at 82, and at kilometre 2 as its second shift begins.
    assert sent(log) == [(60, "S1", "A"), (90, "S2", "A")]


def test_who_works_past_its_shift_is_not_taken_for_another_incident():
    units = {"A": unit("k0", shifts=[{"from": "06:00", "until": "07:10"}])}
    script = {"S1": at("07:00", "theft", "k20"), "S2": at("07:12", "brawl", "k0")}
    kinds = {"theft": kind(3), "brawl": kind(1)}
    more = {"dispatch": {"preempt": {3: [1]}}}
    log = world(units, kinds, script, **more).finish()
    assert arrived(log) == [(82, "S1", "A")]
    assert sent(log) == [(60, "S1", "A")]


# ---- what units do by themselves -----------------------------------------------------


def test_a_beat_is_driven_round_and_the_unit_is_sent_from_where_it_is():
    beat = {"places": ["k5", "k15"], "stay": "10 min"}
    units = {"A": unit("k0", beat=beat)}
    # 5 min to k5, stands until 15, at k15 at 25, stands until 35, on its way to k5:
    # at 41 it is at k9, and needs no turnout: 9 minutes to k0.
    log = world(units, {"brawl": kind()}, {"S1": at("06:41", "brawl", "k0")}).finish()
    assert [(r.time, r.details["at"]) for r in log.of(Kind.ON_BEAT)][:2] == [
        (5, "k5"), (25, "k15"),
    ]  # fmt: skip
    assert arrived(log) == [(50, "S1", "A")]
    assert doing(log, "A")[:4] == [
        (0, "on patrol"), (41, "en route"), (50, "on scene"), (60, "on patrol"),
    ]  # fmt: skip


def test_a_break_that_is_gone_back_to_at_once_still_ends_for_a_call():
    rest = {"from": "07:00", "latest": "08:00", "lasts": "60 min", "above": 2}
    rates = [{"places": ["k20"], "per_hour": 0.001}]
    units = {"A": unit("k10", breaks=[rest]), "B": unit("k10", turnout="1 min")}
    by = {"policy": "keep-cover", "switch": "0 %", "cover": {"within": "11 min"}}
    script = {"S1": at("07:10", "brawl", "k5"), "S2": at("07:20", "brawl", "k10")}
    kinds = {"brawl": kind(2, on_scene="60 min", rates=rates)}
    log = world(units, kinds, script, dispatch=by).finish()
    # A would not be missed at k20, for it is on its break; but B is quicker.
    assert sent(log) == [(70, "S1", "A"), (70, "S1", "B"), (80, "S2", "A")]


def test_a_break_is_taken_when_free_and_goes_on_after_a_call():
    rest = {"from": "07:00", "latest": "08:00", "lasts": "30 min", "above": 1}
    units = {"A": unit("k0", breaks=[rest])}
    kinds = {"brawl": kind(2), "attack": kind(1)}
    script = {"S1": at("07:05", "brawl", "k0"), "S2": at("07:10", "attack", "k0")}
    log = world(units, kinds, script).finish()
    # 60 to 70 on the break (10 of 30), S2 with turnout 72 to 82, the rest of the break
    # from 82 to 102, though S1 waits; then S1.
    assert sent(log) == [(70, "S2", "A"), (102, "S1", "A")]
    spans = doing(log, "A", begin=59)
    assert (60, "on a break") in spans
    assert (82, "on a break") in spans
    assert (102, "turning out") in spans or (104, "on scene") in spans


def test_a_break_that_cannot_begin_in_its_window_is_lost():
    rest = {"from": "07:00", "latest": "07:20", "lasts": "30 min"}
    units = {"A": unit("k0", breaks=[rest])}
    script = {"S1": at("06:55", "brawl", "k0")}
    log = world(units, {"brawl": kind(on_scene="40 min")}, script).finish()
    assert [(r.time, r.details["minutes"]) for r in log.of(Kind.BREAK_LOST)] == [
        (80, 30)
    ]


def test_own_work_begins_by_itself_and_ends_for_a_call():
    own = {"per_hour": 60, "lasts": "3 h", "yields_to": 1}
    units = {"A": unit("k0", self_initiated=own)}
    kinds = {"brawl": kind(2), "attack": kind(1)}
    script = {"S1": at("07:05", "brawl", "k0"), "S2": at("07:10", "attack", "k0")}
    log = world(units, kinds, script).finish()
    begun = next(t for t, s in doing(log, "A") if s == "at own work")
    assert begun < 60
    # It yields to the attack alone, and then goes to the brawl as it clears.
    assert sent(log) == [(70, "S2", "A"), (80, "S1", "A")]


def test_near_the_end_of_a_shift_only_the_pressing_is_begun():
    units = {
        "A": unit(
            "k0",
            shifts=[{"from": "06:00", "until": "07:30"}],
            closing={"minutes": "30 min", "priority": 1},
        )
    }
    kinds = {"brawl": kind(2), "attack": kind(1)}
    script = {"S1": at("07:05", "brawl", "k0"), "S2": at("07:10", "attack", "k0")}
    log = world(units, kinds, script).finish()
    assert sent(log) == [(70, "S2", "A")]


# ---- shift end, radio, stand-by ------------------------------------------------------


SHIFTS = [{"from": "06:00", "until": "07:10"}, {"from": "09:00", "until": "14:00"}]


def test_paused_work_is_taken_up_by_its_own_crew():
    units = {"A": unit("k5", shifts=SHIFTS, shift_end="pause"), "B": unit("k20")}
    script = {"S1": at("07:00", "brawl", "k5")}
    log = world(units, {"brawl": kind(on_scene="30 min")}, script).finish()
    # There at 62, paused at 70 with 22 left; back at 180, wheels at 182, no way to go.
    assert [(r.time, r.details["left"]) for r in log.of(Kind.PAUSED)] == [(70, 22)]
    assert told(log, Kind.CLEARED) == [(204, "S1", "")]
    assert [u for _, _, u in sent(log)] == ["A", "A"]


def test_who_begins_a_shift_away_from_its_post_goes_back_to_work_without_turnout():
    post = {"place": "k10", "from": "08:30", "until": "09:30", "strip": "last"}
    units = {"A": unit("k5", shifts=SHIFTS, shift_end="pause", posts=[post])}
    script = {"S1": at("07:00", "brawl", "k5")}
    log = world(units, {"brawl": kind(on_scene="30 min")}, script).finish()
    # Paused at 70 with 22 left; at 180 it is on its way to k10 at once, and goes back.
    assert told(log, Kind.CLEARED) == [(202, "S1", "")]


def test_a_relief_takes_over_what_is_left():
    units = {"A": unit("k5", shifts=SHIFTS, shift_end="relieve"), "B": unit("k20")}
    script = {"S1": at("07:00", "brawl", "k5")}
    log = world(units, {"brawl": kind(on_scene="60 min")}, script).finish()
    # B leaves k20 at 72, is there at 87, with 62 + 60 - 87 = 35 minutes left.
    assert told(log, Kind.RELIEVED) == [(87, "S1", "A")]
    assert told(log, Kind.CLEARED) == [(122, "S1", "")]
    assert doing(log, "A", begin=62)[0] == (87, "off shift")
    # Done before the relief is there: it turns back.
    log = world(units, {"brawl": kind(on_scene="15 min")}, script).finish()
    assert told(log, Kind.CLEARED) == [(77, "S1", "")]
    assert told(log, Kind.CANCELLED) == [(77, "S1", "B")]


def test_a_need_that_has_nobody_comes_before_a_relief():
    units = {"B": unit("k5"), "A": unit("k5", shifts=SHIFTS, shift_end="relieve")}
    script = {"S1": at("06:59", "brawl", "k5"), "S2": at("07:00", "riot", "k5")}
    riot = kind(needs=2, on_scene="60 min", starts="first")
    kinds = {"brawl": kind(on_scene="30 min"), "riot": riot}
    log = world(units, kinds, script).finish()
    # A is there from 62 and past its shift's end from 70; B is free at 91.
    assert told(log, Kind.RELIEF) == [(70, "S2", "A")]
    to = [(r.time, r.details["unit"], r.details["slot"]) for r in log.of(Kind.ASSIGNED)]
    assert to == [(59, "B", 0), (60, "A", 0), (91, "B", 1)]


def test_a_unit_out_of_touch_finishes_what_it_has_and_gets_no_order():
    units = {"A": unit("k0"), "B": unit("k20")}
    script = {
        "R": effect("06:50", kind="radio_loss", units=["A"], **{"for": "30 min"}),
        "S1": at("07:00", "brawl", "k5"),
    }
    play = world(units, {"brawl": kind()}, script)
    play.advance(65.0)
    assert play.apply(Move(unit="A", to="k10")) is None
    log = play.finish()
    assert sent(log) == [(60, "S1", "B")]
    assert told(log, Kind.ORDER_HELD) == [(65, "move", "A")]
    assert [(r.time, r.details["to"]) for r in log.of(Kind.STANDBY_MOVE)] == [
        (80, "k10")
    ]


def test_reports_are_late_while_communications_are_down():
    script = {
        "R": effect("06:50", kind="delay_reports", delay="12 min", until="07:05"),
        "S1": at("07:00", "brawl", "k0"),
        "S2": at("07:05", "brawl", "k0"),
    }
    log = world({"A": unit("k0")}, {"brawl": kind()}, script).finish()
    assert told(log, Kind.REPORTED) == [(65, "S2", ""), (72, "S1", "")]


def moves(log):
    return [(r.time, r.subject, r.details["to"]) for r in log.of(Kind.STANDBY_MOVE)]


def test_a_table_of_stand_by_places_is_kept():
    units = {"A": unit("k0"), "B": unit("k0"), "C": unit("k0")}
    by = {"standby": {"kind": "table", "table": {2: ["k0", "k10"], 1: ["k5"]}}}
    script = {"S1": at("07:00", "brawl", "k0"), "S2": at("07:30", "brawl", "k0")}
    kinds = {"brawl": kind(on_scene="2 h")}
    log = world(units, kinds, script, dispatch=by).finish()
    # Three free: no row, all at base. Two: B holds k0, C goes to k10. S2 takes B; C,
    # alone at k10, goes to k5 until A is free at 182 and takes k0; C goes to k10 again,
    # until B is free at 212: no row, all go home.
    assert moves(log) == [(60, "C", "k10"), (90, "C", "k5"), (182, "C", "k10")]
    assert doing(log, "C") == [
        (0, "standing by"), (60, "moving to stand by"), (70, "standing by"),
        (90, "moving to stand by"), (95, "standing by"), (182, "moving to stand by"),
        (187, "standing by"), (212, "returning"), (222, "standing by"),
    ]  # fmt: skip


def test_a_freed_unit_goes_to_the_first_place_at_which_nobody_stands():
    units = {"A": unit("k0"), "B": unit("k5")}
    script = {"S1": at("07:00", "brawl", "k5")}
    by = {"standby": {"kind": "list", "places": ["k5", "k10"]}}
    log = world(units, {"brawl": kind()}, script, dispatch=by).finish()
    # As it comes on shift A goes to k10, for B's own base is k5; B goes to the brawl,
    # is free at 72, and k5 is empty.
    assert moves(log) == [(0, "A", "k10")]
    script = {"S1": at("07:00", "brawl", "k10")}
    log = world(units, {"brawl": kind()}, script, dispatch=by).finish()
    # A is free at 72 where it stood.
    assert moves(log) == [(0, "A", "k10")]


def test_a_freed_unit_goes_where_expected_cover_gains_most():
    rates = [
        {"places": ["k0"], "per_hour": 0.0002},
        {"places": ["k20"], "per_hour": 0.0001},
    ]
    kinds = {"brawl": kind(), "theft": kind(rates=rates)}
    by = {
        "standby": {"kind": "cover", "places": ["k0", "k15"]},
        "cover": {"within": "6 min", "busy": 0.3},
    }
    # Alone it covers k0, which is more; with another at k0 it gains 0.3 x 2 against 1.
    log = world({"A": unit("k0")}, kinds, {}, dispatch=by).finish()
    assert moves(log) == []
    units = {"A": unit("k0"), "B": unit("k5")}
    log = world(units, kinds, {}, dispatch=by).finish()
    # Both come on: A, with B at k5 near k0, goes to k15; B then to k0.
    assert moves(log) == [(0, "A", "k15"), (0, "B", "k0")]


# ---- incidents -----------------------------------------------------------------------


def test_an_incident_may_end_by_itself():
    script = {"S1": at("07:00", "brawl", "k20")}
    log = world(
        {"A": unit("k0")}, {"brawl": kind(gone_after="15 min")}, script
    ).finish()
    assert told(log, Kind.GONE) == [(75, "S1", "")]
    assert told(log, Kind.CANCELLED) == [(75, "S1", "A")]
    assert not log.of(Kind.CLEARED, Kind.UNFINISHED)
    # Who arrives exactly then is in time.
    log = world(
        {"A": unit("k0")}, {"brawl": kind(gone_after="22 min")}, script
    ).finish()
    assert told(log, Kind.GONE) == []


def test_work_starts_when_all_are_there_and_all_leave_together():
    units = {"A": unit("k5"), "B": unit("k20")}
    script = {"S1": at("07:00", "riot", "k5")}
    kinds = {"riot": kind(needs=2, starts="all", leaves="together")}
    log = world(units, kinds, script).finish()
    assert arrived(log) == [(62, "S1", "A"), (77, "S1", "B")]
    assert told(log, Kind.WORKED) == [(87, "S1", "A"), (87, "S1", "B")]
    kinds = {"riot": kind(needs=2, leaves="together")}
    log = world(units, kinds, script).finish()
    assert told(log, Kind.WORKED) == [(87, "S1", "B"), (87, "S1", "A")]
    kinds = {"riot": kind(needs=2)}
    log = world(units, kinds, script).finish()
    assert told(log, Kind.WORKED) == [(72, "S1", "A"), (87, "S1", "B")]


def test_enough_units_on_scene_lower_the_level():
    levels = [
        {"needs": {"order": 1}, "on_scene": "60 min"},
        {
            "needs": {"order": 2},
            "on_scene": "60 min",
            "after": "5 min",
            "falls_after": "10 min",
        },
    ]
    units = {"A": unit("k5"), "B": unit("k10")}
    script = {"S1": at("07:00", "riot", "k5")}
    slow = {"riot": kind(levels=levels, report_delay="6 min")}
    log = world(units, slow, script).finish()
    # Risen at 65, both sent at 66, A there at 68, B at 73; at 83 it falls, and the
    # second slot (B) is not needed.
    assert [(r.time, r.details["level"]) for r in log.of(Kind.FELL)] == [(83, 1)]
    assert told(log, Kind.STOOD_OFF) == [(83, "S1", "B")]
    assert told(log, Kind.CLEARED) == [(128, "S1", "")]


def test_a_unit_takes_somebody_away_and_is_free_there():
    kinds = {"crash": kind(transport={"to": ["k20", "k10"], "hand_over": "6 min"})}
    script = {"S1": at("07:00", "crash", "k5"), "S2": at("07:30", "crash", "k15")}
    log = world({"A": unit("k0")}, kinds, script).finish()
    # There at 67, done 77, at k10 82, handed over 88, home by 98; S2 at 90 is served
    # from k8.
    assert told(log, Kind.CLEARED)[0] == (77, "S1", "")
    handed = [(r.time, r.details["to"]) for r in log.of(Kind.HANDED_OVER)]
    assert handed[0] == (88, "k10")
    assert sent(log)[1] == (90, "S2", "A")
    assert arrived(log)[1] == (97, "S2", "A")


def test_two_incidents_at_one_instant_and_place_are_two():
    script = {"S1": at("07:00", "brawl", "k10"), "S2": at("07:00", "brawl", "k10")}
    log = world({"A": unit("k0"), "B": unit("k5")}, {"brawl": kind()}, script).finish()
    # In the order of the file; the nearer unit goes to the first.
    assert sent(log) == [(60, "S1", "B"), (60, "S2", "A")]
    assert arrived(log) == [(67, "S1", "B"), (72, "S2", "A")]
    log = world({"A": unit("k0")}, {"brawl": kind()}, script).finish()
    assert arrived(log) == [(72, "S1", "A"), (82, "S2", "A")]


def test_a_unit_follows_a_place_that_moves_under_way():
    # Ordered to k20, then to k0, then to k10, each time from where it is.
    play = world({"A": unit("k5")}, {"brawl": kind()}, {})
    for time, place in ((10, "k20"), (18, "k0"), (24, "k10")):
        play.advance(time)
        assert play.apply(Move(unit="A", to=place)) is None
    log = play.finish()
    # k13 at 18, k7 at 24, k10 at 27; 17 km in all.
    assert doing(log, "A", begin=5) == [
        (10, "moving to stand by"), (27, "standing by"),
    ]  # fmt: skip
    driven = sum(r.details["km"] for r in log.of(Kind.DROVE))
    assert driven == pytest.approx(8 + 6 + 3)


def test_a_relief_that_is_wanted_no_more_turns_back():
    # B drives to relieve the guard at k10 from 60; at 61 another unit comes on shift
    # where the brawl is: the guard stays, and B goes home from where it is.
    post = {"place": "k10", "from": "06:00", "until": "14:00", "strip": "last"}
    late = [{"from": "07:01", "until": "14:00"}]
    units = {
        "G": unit("k10", posts=[{**post, "relief": True}]),
        "B": unit("k0", skills=["medical"]),
        "C": unit("k15", shifts=late),
    }
    more = {"riders": kind(levels=[{"needs": {"medical": 1}, "on_scene": "1 min"}])}
    log = world(
        units, {"brawl": kind(), **more}, {"S1": at("07:00", "brawl", "k15")}
    ).finish()
    assert sent(log) == [(61, "S1", "C")]
    assert not log.of(Kind.STRIPPED)
    assert doing(log, "B", begin=1) == [
        (60, "moving to stand by"), (61, "returning"), (62, "standing by"),
    ]  # fmt: skip


def test_a_user_may_bring_a_policy_of_his_own():
    def farthest(call, candidates, view):
        found = max(candidates, key=lambda c: c.estimate, default=None)
        return [found] + [None] * (len(call.needs) - 1)

    units, script = (
        {"A": unit("k0"), "B": unit("k5")},
        {"S1": at("07:00", "brawl", "k10")},
    )
    own = world(units, {"brawl": kind()}, script, policy=farthest).finish()
    assert sent(own) == [(60, "S1", "A")]
    assert own.of(Kind.ASSIGNED)[0].details["why"] == "farthest"


@pytest.mark.parametrize("name", ["nearest", "nearest-idle", "keep-cover"])
def test_the_log_says_who_else_could_have_gone(name):
    units = {"A": unit("k0"), "B": unit("k5"), "C": unit("k15")}
    by = {"policy": name}
    if name == "keep-cover":
        by["cover"] = {"within": "1 h"}
    log = world(
        units, {"brawl": kind()}, {"S1": at("07:00", "brawl", "k5")}, dispatch=by
    )
    (record,) = log.finish().of(Kind.ASSIGNED)
    assert record.details["unit"] == "B"
    assert record.details["runners"] == "A 7.0, C 12.0"


def test_of_equal_sums_the_first_slot_gets_its_nearest_unit():
    assert least_total([[3, 3], [3, 3]]) == [0, 1]
    assert least_total([[5, 2, 9], [9, 3, 9]]) == [0, 1]
    assert least_total([[1, 2], [inf, inf], [1, 2]]) == [0, None, 1]
    assert least_total([[4.0], [1.0]]) == [None, 0]
    assert least_total([[1.0], [1.0]]) == [0, None]
    assert least_total([[], []]) == [None, None]
    assert least_total([]) == []
