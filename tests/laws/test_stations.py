# What holds at every station of every world, read from the log alone.

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.day import line_at, line_changes
from simulator.log import Kind, Log, Outcome, Record, VoterTable
from simulator.station import state as col
from simulator.world import World
from tests.worlds import END, scenario_of, worlds

ordinary = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
many = settings(ordinary, max_examples=500, derandomize=False)
moments = st.lists(st.floats(0, END) | st.integers(0, END).map(float), max_size=8)


def records_of(log: Log, station: str, *kinds: Kind) -> list[Record]:
    return [r for r in log.of(*kinds) if r.subject == station]


# ---- everyone is accounted for ---------------------------------------------------


def check_account(table: VoterTable, now: float) -> None:
    account = table.account()
    persons = table.registered + len(table.guests)
    assert sum(account.values()) == persons, account
    assert min(account.values()) >= 0, account
    last: dict[int, int] = {}
    for voter, visit, outcome in zip(
        table.voter, table.visit, table.outcome, strict=True
    ):
        assert 0 <= voter < persons
        assert voter < table.registered or outcome != Outcome.DIVERTED
        assert visit == 0 or last[voter] == Outcome.ABANDONED, "one visit at a time"
        last[voter] = outcome
    for outcome in Outcome:
        if outcome != Outcome.NOT_COME:
            counted = sum(o == outcome for o in last.values())
            assert account[outcome.name.lower()] == counted, outcome
    assert len(set(table.voter[table.voter >= table.registered])) == len(table.guests)
    check_moments(table, now)


def check_guests(log: Log) -> None:
    """Who has come to a station as a guest has been sent on by another, once."""
    tables, came = list(log.voters.values()), set()
    for table in tables:
        for number, guest in enumerate(table.guests):
            home, person = log.voters[guest.home], table.registered + number
            sent = (home.voter == guest.voter) & (home.outcome == Outcome.DIVERTED)
            first = np.flatnonzero(home.voter == guest.voter)[0]
            assert home is not table
            assert (sent.sum(), guest.since) == (1, home.arrival[first])
            assert table.arrival[table.voter == person].min() >= home.left[sent][0]
            came.add((guest.home, guest.voter))
    assert len(came) == sum(len(table.guests) for table in tables)
    out = sum(table.account()["diverted"] for table in tables)
    went = sum(int(r.details["voters"]) for r in log.of(Kind.DIVERT_ENDS))
    assert len(came) <= out
    assert went == out or not log.of(Kind.END)


def check_moments(table: VoterTable, now: float) -> None:
    """Each visit's moments rise, none is later than now, and they fit its outcome."""
    assert ((table.outcome == Outcome.PRESENT) == np.isnan(table.left)).all()
    for row in range(len(table.voter)):
        steps = np.column_stack([table.start[row], table.end[row]]).ravel()
        known = steps[~np.isnan(steps)]
        assert np.isnan(steps[len(known) :]).all(), "a later moment without an earlier"
        whole = [table.arrival[row], *known, table.left[row]]
        whole = [moment for moment in whole if not np.isnan(moment)]
        assert whole == sorted(whole), whole
        assert whole[-1] <= now
        voted = table.outcome[row] == Outcome.VOTED
        assert voted == (len(known) == len(steps)), "who passed every stage has voted"


def check_room(world: World) -> None:
    """The arrays of every station can take the visits of all who have yet to come."""
    for flow in (one.flow for one in world.stations.values()):
        batch = flow._batch
        row = batch.state.station[flow._row]
        to_come = row[col.EXTRAS] + row[col.LAST_VOTER] - row[col.NEXT_VOTER]
        assert row[col.VISITS] + to_come <= row[col.ROOM_FOR]


def account_at_moments(data, moments) -> None:
    world = World(scenario_of(data))
    for moment in sorted(moments):
        world.advance(moment)
        check_guests(world.log())
        check_room(world)
        for name, table in world.log().voters.items():
            check_account(table, world.now)
            # What conditions read is what the measures count.
            in_line = line_at(line_changes(table), np.array([world.now]))
            assert [world.stations[name].queue()] == in_line.tolist()
    check_guests(world.finish())
    for table in world.finish().voters.values():
        check_account(table, float(END))


@ordinary
@given(worlds(), moments)
def test_everyone_on_the_list_is_accounted_for_at_every_moment(data, moments):
    account_at_moments(data, moments)


# ---- first come, first served ----------------------------------------------------


def check_order(table: VoterTable) -> None:
    for stage in range(len(table.stages)):
        joined = table.end[:, stage - 1] if stage else table.arrival
        start = table.start[:, stage]
        gone = np.where(np.isnan(start), table.left, start)
        gone = np.where(np.isnan(gone), np.inf, gone)
        for priority in (0, 1):
            rows = np.flatnonzero((table.priority == priority) & ~np.isnan(joined))
            for late in rows[~np.isnan(start[rows])]:
                earlier = rows[joined[rows] < joined[late]]
                passed = earlier[gone[earlier] > start[late]]
                assert not len(passed), (
                    f"stage {stage}: voter {table.voter[late]} started before "
                    f"{table.voter[passed]}, who had joined earlier"
                )


@ordinary
@given(worlds())
def test_who_joined_a_line_first_starts_first_within_the_class(data):
    for table in World(scenario_of(data)).finish().voters.values():
        check_order(table)


def check_priority(world: World, station: str, table: VoterTable) -> None:
    """Nobody starts while one who is served first waits at the same stage.

    But before a line with a limit all who are kept from it come as they came.
    """
    spec = world.setting.stations[station]
    for stage, name in enumerate(table.stages):
        if spec.stages[name].limit is not None:
            continue
        joined = table.end[:, stage - 1] if stage else table.arrival
        start = table.start[:, stage]
        gone = np.where(np.isnan(start), table.left, start)
        gone = np.where(np.isnan(gone), np.inf, gone)
        first = (table.priority == 1) & ~np.isnan(joined)
        for row in np.flatnonzero((table.priority == 0) & ~np.isnan(start)):
            waiting = first & (joined < start[row]) & (gone > start[row])
            assert not waiting.any(), (stage, row)


@ordinary
@given(worlds())
def test_nobody_starts_while_one_who_is_served_first_waits(data):
    world = World(scenario_of(data))
    for station, table in world.finish().voters.items():
        check_priority(world, station, table)


# ---- servers, interruptions, the close -------------------------------------------


def check_servers(log: Log, station: str) -> None:
    """A service starts only where the services under way leave a place free."""
    table = log.voters[station]
    for stage, name in enumerate(table.stages):
        changes = [
            (r.time, int(r.details["servers"]))
            for r in records_of(log, station, Kind.SERVERS)
            if r.details["stage"] == name
        ]
        start, end = table.start[:, stage], table.end[:, stage]
        over = np.where(np.isnan(end), table.left, end)
        over = np.where(np.isnan(over), np.inf, over)
        for time in np.unique(start[~np.isnan(start)]):
            before = [n for t, n in changes if t < time]
            now = [n for t, n in changes if t == time]
            most = max([*before[-1:], *now], default=0)
            busy = int(((start <= time) & (over > time)).sum())
            # Who was there before a reduction may finish; who starts may not exceed.
            started = int(((start == time) & (over > time)).sum())
            assert busy <= most or not started, (name, time, busy, most)


@ordinary
@given(worlds())
def test_no_service_starts_where_no_server_is_free(data):
    log = World(scenario_of(data)).finish()
    for station in log.voters:
        check_servers(log, station)


def check_suspended(log: Log, station: str) -> None:
    began, sure = None, False
    starts = log.voters[station].start
    for record in records_of(log, station, Kind.SUSPENDED, Kind.RESUMED):
        if record.kind == Kind.SUSPENDED and began is None:
            # What the script does at t holds from t on; what a unit's work or an
            # incident brings about comes after the services of that instant.
            began, sure = record.time, " level " not in str(record.details["cause"])
        elif record.kind == Kind.RESUMED:
            inside = (starts >= began if sure else starts > began) & (
                starts < record.time
            )
            assert not inside.any(), (began, record.time, starts[inside])
            began = None
    if began is not None:
        assert not (starts > began).any(), began


@ordinary
@given(worlds())
def test_no_service_starts_while_voting_is_suspended(data):
    log = World(scenario_of(data)).finish()
    for station in log.voters:
        check_suspended(log, station)


def check_close(world: World, log: Log, station: str) -> None:
    spec, table = world.setting.stations[station], log.voters[station]
    opened = [r.time for r in records_of(log, station, Kind.OPENED)]
    begun = table.start[~np.isnan(table.start)]
    assert not opened or opened[0] >= spec.opens
    assert (begun >= (opened[0] if opened else np.inf)).all()
    if spec.close_rule == "stop":
        assert not (table.start[:, 0] >= spec.closes).any()
    late = table.outcome[table.arrival >= spec.closes]
    assert np.isin(late, (Outcome.TURNED_AWAY, Outcome.DIVERTED)).all()


@ordinary
@given(worlds())
def test_nobody_starts_before_the_opening_or_gets_a_ballot_after_the_close(data):
    world = World(scenario_of(data))
    log = world.finish()
    for station in log.voters:
        check_close(world, log, station)


@pytest.mark.deep
@many
@given(worlds(), moments)
def test_the_laws_of_stations_hold_in_many_worlds(data, moments):
    account_at_moments(data, moments)
    world = World(scenario_of(data), seed=2)
    log = world.finish()
    for station, table in log.voters.items():
        check_order(table)
        check_priority(world, station, table)
        check_servers(log, station)
        check_suspended(log, station)
        check_close(world, log, station)
