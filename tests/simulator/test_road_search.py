# What is kept of searches, and for how long.

import pickle

import numpy as np
import pytest

from scenarios.road import Network, Roads
from scenarios.road.network import graph_of
from simulator.road import Position, RoadState, road_map
from simulator.road.search import MOST_BYTES, MOST_WAYS, Key, Search, Searches
from simulator.road.trip import Leg

NONE = frozenset[object]()


def made(keys: list[Key]):
    def make(key: Key) -> Search:
        keys.append(key)
        return Search(np.array([float(key.target)]), np.array([-9], dtype=np.int32))

    return make


def key(target: int, closed: tuple[str, ...] = ()) -> Key:
    return Key(target, "car", frozenset[object](closed))


def test_the_least_recently_used_goes_first():
    searches, keys = Searches(2), []
    for target in (1, 2, 1, 3, 1, 2):
        assert searches.find(key(target), made(keys)).times[0] == target
    # 1 was asked for again before 3 came, so 2 went; then 3 went for 2.
    assert [k.target for k in keys] == [1, 2, 3, 2]
    assert len(searches) == 2


def test_a_way_is_followed_once_and_so_many_are_kept():
    searches, made_ = Searches(2), []

    def follow(of: Key, node: int) -> tuple[Leg, ...]:
        made_.append((of.target, node))
        return (Leg(node, 0.0, 1.0, 1.0),)

    for node in [*range(MOST_WAYS), 0, MOST_WAYS, 0, 1]:
        assert searches.way(key(1), node, follow)[0].arc == node
    # The last place went to node 1, the first that had not been asked for again.
    assert made_[MOST_WAYS:] == [(1, MOST_WAYS), (1, 1)]
    searches.way(key(1, ("a",)), 0, follow)
    assert made_[-1] == (1, 0)


def test_another_state_of_the_roads_is_another_search_and_an_equal_one_is_not():
    searches, keys = Searches(9), []
    for closed in ((), ("a", "b"), ("b", "a"), ()):
        searches.find(key(1, closed), made(keys))
    assert [k.version for k in keys] == [NONE, frozenset({"a", "b"})]


@pytest.mark.parametrize("nodes", [1, 2000, 50_000, 10_000_000])
def test_large_networks_keep_fewer(nodes):
    most = Searches.for_size(nodes).most
    assert 16 <= most <= 4000
    assert most == 16 or most * 12 * nodes <= MOST_BYTES


def line_map():
    network = {
        "nodes": {"a": [0, 0], "b": [1000, 0], "c": [2000, 0]},
        "edges": [
            {"id": "ab", "from": "a", "to": "b", "road": "lane"},
            {"id": "bc", "from": "b", "to": "c", "road": "lane"},
        ],
    }
    classes = {"lane": {"car": "60 km/h"}}
    spec = Roads.model_validate({"network": network, "classes": classes})
    return road_map(graph_of(Network.model_validate(network)), spec, {})


def test_worlds_on_the_same_roads_share_searches_and_nothing_else():
    found = line_map()
    one, other = RoadState(found), RoadState(found)
    assert one.times_to(2, "car").tolist() == [2, 1, 0]
    assert other.times_to(2, "car").tolist() == [2, 1, 0]
    assert len(found.searches) == 1
    one.close(("ab",))
    assert one.minutes(Position(0), 2, "car") == float("inf")
    assert other.minutes(Position(0), 2, "car") == 2


def test_a_map_travels_to_another_process_without_what_was_kept():
    found = line_map()
    RoadState(found).times_to(2, "car")
    copy = pickle.loads(pickle.dumps(found))
    assert len(copy.searches) == 0
    assert copy.searches.most == found.searches.most
    assert RoadState(copy).times_to(2, "car").tolist() == [2, 1, 0]


def test_what_is_given_out_cannot_be_changed():
    times = RoadState(line_map()).times_to(2, "car")
    with pytest.raises(ValueError, match="read-only"):
        times[0] = 9


def test_slowings_count_whatever_their_order():
    found = line_map()
    one, other = RoadState(found), RoadState(found)
    one.slow(("ab",), 0.3)
    one.slow(("ab",), 0.7, "later")
    other.slow(("ab",), 0.7)
    other.slow(("ab",), 0.3)
    assert one.minutes(Position(0), 2, "car") == other.minutes(Position(0), 2, "car")
    assert len(found.searches) == 1
