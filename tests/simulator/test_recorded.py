# Recorded voters are replayed exactly; what was not recorded is drawn as ever.

import numpy as np
import pytest

from scenarios.file.reader import load
from simulator.log import Outcome
from simulator.stream import Chance, durations
from simulator.world import World
from tests.town import village

TOWN = village("A recorded morning")
TOWN += """\
places: {school: {node: a}}
stations:
  KV1:
    place: school
    registered: 10
    voters: {file: seen.csv, unit: min}
    opens: "07:00"
    closes: "12:00"
    officers: 9
    classes: {old: {share: 50 %, priority: true, slower: 3}}
    patience: {law: exponential, mean: 30 min}
    stages:
      desk: {servers: 1, service: {law: exponential, mean: 2 min}}
      booth: {servers: 1, service: {law: lognormal, mean: 3 min, cv: 1}, voting: true}
"""
WHOLE = """\
arrival,desk,booth,patience,priority,class
07:10,4,1,60,no,
07:10,2,1,60,no,
06:50,5,7,60,no,
07:11,1,2,60,yes,old
07:12,9,9,1.5,no,
"""


def world(folder, table: str, seed: int = 1) -> World:
    (folder / "seen.csv").write_text(table)
    (folder / "scenario.yaml").write_text(TOWN)
    return World(load(folder), seed=seed)


def test_a_day_that_was_recorded_whole_is_replayed_by_hand(tmp_path):
    table = world(tmp_path, WHOLE).finish().voters["KV1"]
    # Place on the list 2 stands at the door from 06:50 and starts at 07:00 = minute 60.
    # At 70 come 0 and 1, in the order of their rows; at 71 comes 3, who goes first; 4
    # comes at 72 and stays for a minute and a half.
    columns = (table.voter, table.arrival, table.start, table.end, table.outcome)
    rows = {
        int(v): (a, list(s), list(e), Outcome(int(o)).name)
        for v, a, s, e, o in zip(*columns, strict=True)
    }
    assert rows[2] == (50.0, [60.0, 65.0], [65.0, 72.0], "VOTED")
    assert rows[0] == (70.0, [70.0, 74.0], [74.0, 75.0], "VOTED")
    assert rows[3] == (71.0, [74.0, 75.0], [75.0, 77.0], "VOTED")
    assert rows[1] == (70.0, [75.0, 77.0], [77.0, 78.0], "VOTED")
    assert rows[4][0] == 72.0
    assert rows[4][3] == "RENEGED"
    assert table.left[table.voter == 4].tolist() == [73.5]
    assert len(rows) == 5


def test_what_was_recorded_whole_leaves_no_chance(tmp_path):
    logs = [world(tmp_path, WHOLE, seed).finish() for seed in (1, 2)]
    assert [str(r) for r in logs[0].records] == [str(r) for r in logs[1].records]
    one, other = (log.voters["KV1"] for log in logs)
    for name in ("voter", "arrival", "start", "end", "left", "outcome", "priority"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


def test_what_was_not_recorded_is_drawn_for_the_place_on_the_list(tmp_path):
    spare = "arrival,desk,class\n07:10,4,\n07:20,,old\n07:15,,\n"
    played = world(tmp_path, spare)
    voters, chance = played.stations["KV1"].voters, Chance(1, 0)
    stages = played.stations["KV1"].spec.stages

    def drawn(stage: str) -> np.ndarray:
        numbers = chance.uniforms("voter", "KV1", f"service {stage}", 10)
        return durations(stages[stage].service, numbers)

    classes = chance.uniforms("voter", "KV1", "class", 10) < 0.5
    slower = np.where(classes | (np.arange(10) == 1), 3.0, 1.0)
    desk = drawn("desk") * slower
    desk[0] = 4.0
    assert voters.service[:, 0].tolist() == desk.tolist()
    assert voters.service[:, 1].tolist() == (drawn("booth") * slower).tolist()
    assert voters.priority.tolist() == (slower == 3).tolist()
    assert voters.order.tolist() == [0, 2, 1]
    assert voters.arrival.tolist() == [70.0, 80.0, 75.0, *[np.inf] * 7]
    patience = chance.uniforms("voter", "KV1", "patience", 10)
    law = played.stations["KV1"].spec.patience
    assert voters.patience.tolist() == durations(law, patience).tolist()


@pytest.mark.parametrize("points", ["-100 %", "-50 %"])
def test_no_shift_of_the_turnout_keeps_recorded_voters_away(points, tmp_path):
    (tmp_path / "seen.csv").write_text(WHOLE)
    shock = f"turnout_shock: {{law: uniform, low: {points}, high: -49 %}}\n"
    (tmp_path / "scenario.yaml").write_text(TOWN + shock)
    assert len(World(load(tmp_path)).stations["KV1"].voters.order) == 5


BOOTHS = TOWN.replace("classes: {old:", "classes: {aided:").replace(
    ", voting: true}",
    ", voting: true, except: [aided]}\n"
    "      aid: {servers: 1, service: 6 min, voting: true, only: [aided]}",
)
SEEN = """\
arrival,desk,booth,aid,class
07:10,1,2,,ordinary
07:11,1,,5,aided
07:12,1,,,aided
07:13,1,,,
"""


def test_recorded_voters_pass_the_booth_of_their_class(tmp_path):
    (tmp_path / "seen.csv").write_text(SEEN)
    (tmp_path / "scenario.yaml").write_text(BOOTHS)
    played = World(load(tmp_path))
    voters, spec = played.stations["KV1"].voters, played.stations["KV1"].spec
    assert voters.class_[:3].tolist() == [0, 1, 1]
    assert voters.service[0, :2].tolist() == [1, 2]
    assert voters.service[1, [0, 2]].tolist() == [1, 5]
    # What is not recorded is drawn: six minutes, three times as long for the aided.
    assert voters.service[2, [0, 2]].tolist() == [1, 18]
    passes = ~np.isnan(voters.service[:, 1:])
    assert (passes == np.array([[True, False], [False, True]])[voters.class_]).all()
    # The class of the fourth is not stated: half would pass, for 18 min.
    share, minutes = spec.work("aid")
    assert share == pytest.approx((0 + 1 + 1 + 0.5) / 4)
    assert minutes == pytest.approx((0 + 5 + 18 + 9) / 4)
    table = played.finish().voters["KV1"]
    rows = {int(v): k for k, v in enumerate(table.voter)}
    assert table.voting_starts()[[rows[0], rows[1]]].tolist() == [71.0, 72.0]
