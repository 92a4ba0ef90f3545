# What may vary in the search for the cheapest plan: what is refused, and where.

import pytest

from scenarios.file.reader import load
from scenarios.problem import ScenarioError
from tests.analysis.shop import HEAD, LARGE, STATION

DESK = "kind: servers, station: KV1, stage: desk"


def problems(tmp_path, choices):
    path = tmp_path / "day.yaml"
    lines = "".join(f"  {name}: {text}\n" for name, text in choices.items())
    path.write_text(f"{HEAD}{STATION}staffing:\n{lines}")
    with pytest.raises(ScenarioError) as told:
        load(path)
    return [str(p).removeprefix(f"{path}:") for p in told.value.problems]


def test_a_section_with_every_kind_is_sound(tmp_path):
    (tmp_path / "day.yaml").write_text(LARGE)
    setting = load(tmp_path / "day.yaml").setting
    assert {choice.kind for choice in setting.staffing.values()} == {
        *("servers", "units", "policy", "set")
    }
    assert setting.staffing["reserve"].names == ("R", "R-2")
    assert setting.staffing["patrols"].names == ("P1", "P1-2")


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (
            "{kind: servers, station: KV2, stage: desk, values: [1]}",
            "staffing.a.station: no such station, found 'KV2'; did you mean 'KV1'? "
            "allowed: KV1",
        ),
        (
            "{kind: servers, station: KV1, stage: desks, values: [1]}",
            "staffing.a.stage: no such stage, found 'desks'; did you mean 'desk'? "
            "allowed: desk, booth",
        ),
        (
            "{kind: server, station: KV1, stage: desk, values: [1]}",
            "staffing.a.kind: no such kind, found 'server'; did you mean 'servers'? "
            "allowed: servers, officers, units, policy, set",
        ),
        (
            f"{{{DESK}, values: [1, 2, 1]}}",
            "staffing.a.values: each value once, found 1 twice",
        ),
        (
            f"{{{DESK}, values: []}}",
            "staffing.a.values: must have 1 or more entries, found 0",
        ),
        (
            f'{{{DESK}, values: [1], from: "09:00", until: "08:00"}}',
            "staffing.a.until: must be after from",
        ),
        (
            "{kind: units, like: P9, values: [1]}",
            "staffing.a.like: no such unit, found 'P9'; allowed: P1, G1, G2",
        ),
        (
            "{kind: units, like: P1, base: school, values: [1]}",
            "staffing.a.base: is for new units; give them a name",
        ),
        (
            "{kind: units, like: P1, name: G1, values: [1]}",
            "staffing.a.name: the name 'G1' is taken by a unit; choose another",
        ),
        (
            "{kind: units, like: P1, name: R, base: seat, values: [1]}",
            "staffing.a.base: no such place, found 'seat'; allowed: base, school",
        ),
        (
            "{kind: policy, values: [nearest, farthest]}",
            "staffing.a.values[1]: no such choice, found 'farthest'; did you mean "
            "'nearest'? allowed: nearest, nearest-idle, home-area, keep-cover, "
            "nearest-or-busy",
        ),
        (
            "{kind: set, path: stations.KV1.registered, values: [1]}",
            "staffing.a.path: a plan cannot change it, found "
            "'stations.KV1.registered'; allowed: stations.NAME.officers or "
            "stations.NAME.stages.NAME.servers; voters and hours are not a plan's",
        ),
        (
            "{kind: set, path: targets.waits.days, values: [1]}",
            "staffing.a.path: a plan cannot change it, found 'targets.waits.days'; "
            "allowed: units, duties, orders, dispatch, stations",
        ),
        (
            "{kind: set, path: units.P2.crew, values: [1]}",
            "staffing.a.path: no such unit, found 'P2'; allowed: P1, G1, G2",
        ),
        (
            "{kind: set, path: dispatch.send, values: [together], costs: [1, 2]}",
            "staffing.a.costs: one for each value, found 2 for 1 values",
        ),
    ],
)
def test_what_a_choice_says_wrong_is_told_with_its_place(tmp_path, choice, told):
    (found,) = problems(tmp_path, {"a": choice})
    place, _, text = found.partition(": ")
    assert text == told
    line, column = map(int, place.split(":"))
    assert line == (HEAD + STATION).count("\n") + 2
    assert column > 4


def test_two_choices_of_one_thing_are_told(tmp_path):
    choices = {
        "all": f"{{{DESK}, values: [1, 2]}}",
        "late": f'{{{DESK}, values: [1, 2], from: "09:00"}}',
    }
    (found,) = problems(tmp_path, choices)
    assert found.endswith(
        "staffing.late: changes the same as all: stations.KV1.stages.desk.servers; put "
        "them into one"
    )


def test_windows_that_follow_each_other_are_two_things(tmp_path):
    choices = {
        "early": f'{{{DESK}, values: [1, 2], until: "09:00"}}',
        "late": f'{{{DESK}, values: [1, 2], from: "09:00"}}',
        "wrong": "{kind: policy, values: []}",
    }
    (found,) = problems(tmp_path, choices)
    assert "staffing.wrong" in found


def test_copies_that_would_take_a_name_are_told(tmp_path):
    text = "{kind: units, like: P1, name: G, values: [0, 2]}"
    other = "{kind: set, path: units.P1.crew, values: [2, 3]}"
    more = "{kind: units, like: P1, values: [0, 1]}"
    (found,) = problems(tmp_path, {"a": text, "b": other, "c": more})
    assert found.endswith(
        "staffing.c: changes the same as b: units.P1; put them into one"
    )


def test_a_duty_may_not_lose_its_last_unit(tmp_path):
    lone = STATION.replace("units: [G1, G2]", "units: [G1]")
    path = tmp_path / "day.yaml"
    choice = "staffing: {a: {kind: units, like: G1, values: [1, 0]}}\n"
    path.write_text(HEAD + lone + choice)
    with pytest.raises(ScenarioError) as told:
        load(path)
    assert str(told.value).endswith(
        "staffing.a.values[1]: cannot be 0: the duty g has no other unit than G1"
    )
