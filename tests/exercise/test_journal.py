import json

import pytest
from typer.testing import CliRunner

import muster
from exercise.journal import Session, read_journal, replay
from scenarios.file.reader import load
from scenarios.order import (
    CallUp,
    ClosePlace,
    Extend,
    Move,
    MoveOfficers,
    MoveStation,
    OpenPlace,
    Recall,
    Send,
    order_of,
)
from scenarios.problem import OrderError, ScenarioError
from simulator.log import Kind


@pytest.fixture(scope="module")
def scenario():
    return load("khanh-thuong", plan="base")


@pytest.fixture
def played(scenario, tmp_path):
    session = Session(scenario, "khanh-thuong", tmp_path / "journal.jsonl", seed=3)
    session.advance(27.0 * 60 + 5)
    stands = session.give(MoveOfficers(from_="KV1", to="KV4", officers=2), "seat")
    session.advance(27.0 * 60 + 24)
    refused = session.give(Send(unit="R-1", incident="S3"))
    assert (stands, refused) == (None, "'S3' needs nothing more that R-1 can do")
    return session


def test_a_journal_replays_to_the_same_log(scenario, played):
    first = played.world.finish()
    log, results = replay(read_journal(played.path), scenario)
    assert log.lines() == first.lines()
    assert results == ["stands", "refused: 'S3' needs nothing more that R-1 can do"]


def test_an_order_that_stands_changes_the_day(scenario, played):
    from simulator.world import World

    log, _ = replay(read_journal(played.path), scenario)
    plain = World(scenario, "base", 3).finish()
    assert log.lines() != plain.lines()
    assert [r for r in log.records if r.subject == "KV6"] == [
        r for r in plain.records if r.subject == "KV6"
    ]


def test_a_session_under_standing_orders_replays_to_the_same_log(tmp_path):
    scenario = load("khanh-thuong", plan="standing")
    path = tmp_path / "journal.jsonl"
    session = Session(scenario, "khanh-thuong", path, plan="standing", seed=3)
    session.advance(28.0 * 60 + 5)
    # A place more by a player, in the words of the standing orders.
    given = [OpenPlace(station="KV4", stage="check-in"), ClosePlace(station="KV6",
             stage="booth", places=2)]  # fmt: skip
    assert [session.give(order) for order in given] == [None, None]
    for minute in range(1690, 1750, 7):
        session.advance(float(minute))
    first = session.world.finish()
    log, results = replay(read_journal(path), load("khanh-thuong", plan="standing"))
    assert results == ["stands", "stands"]
    assert log.lines() == first.lines()
    assert {r.subject for r in log.of(Kind.STANDING)} >= {"desk", "traffic-crowd"}


def test_a_journal_is_never_written_over(scenario, played):
    with pytest.raises(ScenarioError, match="never written over"):
        Session(scenario, "khanh-thuong", played.path)


def test_a_torn_last_line_is_dropped(played):
    whole = read_journal(played.path)
    with played.path.open("a") as file:
        file.write('{"seq": 3, "scenario_t')
    assert read_journal(played.path) == whole


def test_another_scenario_is_refused_naming_the_file(scenario, played):
    lines = played.path.read_text().splitlines()
    header = json.loads(lines[0])
    header["inputs"]["roads.yaml"] = "0" * 64
    played.path.write_text("\n".join([json.dumps(header), *lines[1:]]) + "\n")
    with pytest.raises(ScenarioError, match=r"roads\.yaml: differs from the file"):
        replay(read_journal(played.path), scenario)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("{", "2:1: not JSON"),
        ("[]", "2:1: not a record"),
        ('{"seq": 2, "scenario_time": 1, "order": {"kind": "send", "unit": "a", '
         '"incident": "b"}}', "2:1: seq must be 1, found 2"),
        ('{"seq": 1, "scenario_time": -1, "order": {"kind": "send", "unit": "a", '
         '"incident": "b"}}', "2:1: scenario_time must not fall"),
        ('{"seq": 1, "scenario_time": 1, "order": {"kind": "sned"}}',
         "2:1: order: kind: no such order, found 'sned'; did you mean 'send'?"),
    ],
)  # fmt: skip
def test_a_faulty_record_is_refused_with_its_line(played, line, text):
    header = played.path.read_text().splitlines()[0]
    played.path.write_text(f"{header}\n{line}\n")
    with pytest.raises(ScenarioError) as caught:
        read_journal(played.path)
    assert text in str(caught.value)


def test_orders_are_plain_data_and_faulty_ones_are_refused():
    assert order_of({"kind": "move_officers", "from": "a", "to": "b"}).officers == 1
    with pytest.raises(OrderError, match="officers"):
        order_of({"kind": "move_officers", "from": "a", "to": "b", "officers": 0})
    with pytest.raises(OrderError, match="no such order"):
        order_of("send")


# The command


def told(path, *options):
    done = CliRunner().invoke(muster.app, ["replay", str(path), *options])
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


def test_the_command_tells_the_day_and_what_became_of_each_order(played):
    lines = told(played.path)
    assert lines[0] == (
        "Khánh Thượng, six polling areas and six situations: plan base, seed 3"
    )
    assert "    08:05  Order: move 2 officers from KV1 to KV4." in lines
    assert (
        "    08:24  Order refused: send R-1 to S3: 'S3' needs nothing more that R-1 "
        "can do." in lines
    )
    assert "D-1 14:00  S2: Petition crowd at the seat of the commune" in lines
    assert lines[-3:] == [
        "Orders:",
        "  1. 08:05 (seat) move 2 officers from KV1 to KV4: stands",
        "  2. 08:24 send R-1 to S3: refused: 'S3' needs nothing more that R-1 can do",
    ]


def test_the_command_gives_the_log_as_it_is(scenario, played):
    log, results = replay(read_journal(played.path), scenario)
    orders = [f"order {n}: {result}" for n, result in enumerate(results, 1)]
    assert told(played.path, "--raw") == [*log.lines(), *orders]
    data = json.loads("\n".join(told(played.path, "--json")))
    assert data == {"orders": results, "log": log.lines()}


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (Move(unit="CP-1", to="market"), "move CP-1 to stand by at Market"),
        (Recall(unit="CP-1"), "recall CP-1"),
        (CallUp(unit="T-1"), "call up T-1"),
        (MoveOfficers(from_="KV1", to="KV4"), "move 1 officer from KV1 to KV4"),
        (Move(unit="CP-1", to="nowhere"), "move CP-1 to stand by at nowhere"),
        (
            OpenPlace(station="KV1", stage="box", places=900),
            "open 900 places at box of KV1",
        ),
        (ClosePlace(station="KV1", stage="box"), "close 1 place at box of KV1"),
        (Extend(station="KV1", until="20:00"), "let KV1 vote until 20:00"),
        (MoveStation(station="KV1", to="market"), "move KV1 to market"),
    ],
)
def test_every_order_is_said_in_words(scenario, tmp_path, order, text):
    session = Session(scenario, "khanh-thuong", tmp_path / "one.jsonl")
    session.advance(27.0 * 60)
    result = "stands" if (why := session.give(order)) is None else f"refused: {why}"
    assert told(session.path)[-1] == f"  1. 08:00 {text}: {result}"


def test_an_exercise_without_orders_says_so(scenario, tmp_path):
    session = Session(scenario, "khanh-thuong", tmp_path / "none.jsonl")
    assert told(session.path)[-1] == "No orders were given."
