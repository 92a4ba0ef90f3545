# Laws of standing orders: one that is never given changes nothing, and one that is
# given is the order itself.

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios.order import order_of
from simulator.log import Kind, Log
from simulator.tie import Rank
from simulator.world import World
from tests.worlds import clock_text, scenario_of, worlds

ordinary = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def bits(log: Log) -> list[object]:
    tables = [
        (name, *(getattr(table, key).tobytes() for key in _COLUMNS))
        for name, table in log.voters.items()
    ]
    records = [
        (r.time, r.kind, r.subject, r.place, dict(r.details))
        for r in log.records
        if r.kind != Kind.STANDING
    ]
    return [records, tables]


_COLUMNS = ("voter", "visit", "arrival", "start", "end", "left", "outcome")
NEVER = (
    "queue(here) > 9999999",
    "queue(here, s0) > 5000 and officers(here) >= 0",
    "officers(here) > 100",
    "servers(here, s0) >= 999",
    "free_units() > 99 and open_incidents() >= 0",
    "open_incidents() > 9999",
)
ALWAYS = ("queue(here) >= 0", "officers(here) >= 0 and free_units() >= 0")


@st.composite
def orders(draw, data):
    """Make an order that this world may be given, whether or not it is possible."""
    kind = draw(st.sampled_from(["open_place", "close_place", "move_officers", "unit"]))
    station = draw(st.sampled_from(sorted(data["stations"])))
    if kind == "move_officers":
        to = draw(st.sampled_from(sorted(data["stations"])))
        return {"kind": kind, "from": station, "to": to, "officers": 1}
    if kind == "unit":
        unit = draw(st.sampled_from(sorted(data["units"])))
        place = draw(st.sampled_from(sorted(data["places"])))
        return draw(
            st.sampled_from(
                [
                    {"kind": "recall", "unit": unit},
                    {"kind": "call_up", "unit": unit},
                    {"kind": "move", "unit": unit, "to": place},
                ]
            )
        )
    places = draw(st.sampled_from([1, 2, 5]))
    return {"kind": kind, "station": station, "stage": "s0", "places": places}


@ordinary
@given(worlds(), st.data())
def test_a_standing_order_whose_condition_never_holds_changes_nothing(data, draw):
    never = {
        "when": draw.draw(st.sampled_from(NEVER)),
        "each": "all",
        "again": "1 min",
        "order": draw.draw(orders(data)),
    }
    before = World(scenario_of(data)).finish()
    after = World(scenario_of(data | {"orders": {"O1": never}})).finish()
    assert not after.of(Kind.STANDING)
    assert bits(after) == bits(before)


@ordinary
@given(worlds(), st.data())
def test_a_standing_order_is_the_order_given_at_that_tick(data, draw):
    minute = draw.draw(st.integers(1, 300))
    order = draw.draw(orders(data))
    station = sorted(data["stations"])[0]
    when = draw.draw(st.sampled_from(ALWAYS)).replace("here", station)
    standing = {"when": when, "from": clock_text(minute), "order": [order, order]}
    told = World(scenario_of(data | {"orders": {"O1": standing}})).finish()
    given_now = World(scenario_of(data))

    def give() -> None:
        given_now.apply(order_of(order))
        given_now.apply(order_of(order))

    given_now.clock.call_at(float(minute), Rank.STANDING, give)
    assert bits(told) == bits(given_now.finish())
    assert [r.time for r in told.of(Kind.STANDING)] == [float(minute)]
