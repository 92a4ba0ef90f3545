# Joining roads at nodes one merely passes through changes no travel time and no length.
import math

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.road.chain import contracted, named, opened
from scenarios.road.network import Point, Road, Side, assembled

POINTS: dict[str, Point] = {
    str(n): (100.0 * (n % 4), 70.0 * (n // 4)) for n in range(12)
}
MODES = ("car", "motorcycle")
SIDES = (
    None,
    Side(),
    Side(speed=500.0),
    Side(speed=500.0, barred=frozenset({"car"})),
    Side(minutes=2.0),
)


def road(
    tail: str, head: str, kinds: tuple[str, Side | None, Side | None], way: int
) -> Road:
    name, ahead, back = kinds
    line = [POINTS[tail], POINTS[head]]
    return Road(
        tail=tail,
        head=head,
        ways=frozenset({str(way)}),
        ends=(str(way), str(way)),
        length=math.dist(*line) + 1.0,
        road="service",
        streets=tuple(name),
        geometry=line,
        ahead=ahead if ahead or back else Side(),
        back=back,
    )


pairs = st.tuples(st.sampled_from(sorted(POINTS)), st.sampled_from(sorted(POINTS)))
kinds = st.tuples(
    st.sampled_from(["", "", "", "A", "AB", "AC"]),
    st.sampled_from(SIDES),
    st.sampled_from(SIDES[:3]),
)
plain = st.just(("", Side(), Side()))
networks = st.lists(
    st.tuples(pairs.filter(lambda p: p[0] != p[1]), st.one_of(plain, plain, kinds)),
    min_size=1,
    max_size=16,
).map(lambda rows: [road(a, b, kind, n) for n, ((a, b), kind) in enumerate(rows)])


def minutes(data: dict[str, object], mode: str) -> float:
    if mode in data["barred"]:
        return math.inf
    return data["minutes"] or data["length"] / (data["speed"] or 400.0)


def times(graph: nx.MultiDiGraph, mode: str) -> dict[str, dict[str, float]]:
    def cost(_tail, _head, arcs):
        least = min(minutes(data, mode) for data in arcs.values())
        return least if math.isfinite(least) else None

    return dict(nx.all_pairs_dijkstra_path_length(graph, weight=cost))


@settings(deadline=None)
@given(networks, st.sets(st.sampled_from(sorted(POINTS)), max_size=3))
def test_joining_keeps_every_shortest_time_and_all_kilometres(roads, kept):
    joined = contracted(roads, kept)
    before = assembled(POINTS, named(roads))
    after = assembled(POINTS, named(joined))
    left = {node for r in joined for node in (r.tail, r.head)}
    assert kept & {node for r in roads for node in (r.tail, r.head)} <= left
    assert math.isclose(sum(r.length for r in roads), sum(r.length for r in joined))
    assert not list(nx.selfloop_edges(after))
    for mode in MODES:
        plain_times, found = times(before, mode), times(after, mode)
        for a in left:
            reached = {b: t for b, t in plain_times[a].items() if b in left}
            assert reached.keys() == {b for b in found[a] if b in left}
            assert all(math.isclose(found[a][b], reached[b]) for b in reached)


@settings(deadline=None)
@given(networks)
def test_no_chain_is_left_and_lines_run_from_end_to_end(roads):
    joined = contracted(roads, ())
    assert len(contracted(joined, ())) == len(joined)
    for r in joined:
        assert (r.geometry[0], r.geometry[-1]) == (POINTS[r.tail], POINTS[r.head])
        assert r.ways <= {way for each in roads for way in each.ways}
        its_own = [each for each in roads if each.ways <= r.ways]
        assert set(r.streets) == {name for each in its_own for name in each.streets}


@settings(deadline=None)
@given(networks, st.randoms(use_true_random=False))
def test_names_and_roads_do_not_depend_on_the_order_of_the_file(roads, chance):
    other = [r.turned() if chance.random() < 0.5 else r for r in roads]
    other = [r for r in other if r.ahead or r.back]
    chance.shuffle(other)

    def told(found: list[Road]) -> set[tuple[str, float, frozenset[str]]]:
        return {(n, round(r.length, 6), r.ways) for n, r in named(found).items()}

    assert told(contracted(other, ())) == told(contracted(roads, ()))


def test_stated_times_of_a_chain_add_up():
    timed = Side(minutes=2.0)
    roads = [
        road("0", "1", ("", timed, None), 1),
        road("1", "2", ("", Side(minutes=3.5), None), 2),
        road("2", "3", ("", timed, None), 3),
    ]
    (joined,) = contracted(roads, ())
    assert joined.ahead == Side(minutes=7.5)
    assert joined.back is None


def test_loop_is_cut_nearest_its_middle():
    line = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]
    side = Side(minutes=4.0)
    loop = Road(
        tail="0",
        head="0",
        ways=frozenset({"7"}),
        ends=("7", "7"),
        length=80.0,
        road="service",
        geometry=line,
        ahead=side,
        back=None,
    )
    points: dict[str, Point] = {"0": (0.0, 0.0)}
    first, second = opened(loop, points)
    assert points["0-loop-7"] == (10.0, 10.0)
    assert (first.tail, first.head, second.head) == ("0", "0-loop-7", "0")
    assert first.length == second.length == 40
    assert first.ahead == second.ahead == Side(minutes=2.0)
    assert (first.geometry, second.geometry) == (line[:3], line[2:])
    assert opened(first, points) == [first]


def test_road_that_is_named_here_gets_another_name():
    plain_road = road("0", "1", ("", Side(), Side()), 1)
    mine = [
        Road(**{**_fields(plain_road), "id": name}) for name in ("here", "a b", "-x")
    ]
    assert set(named(mine)) == {"here-2", "a_b", "r-x"}


def _fields(found: Road) -> dict[str, object]:
    return {name: getattr(found, name) for name in Road.__dataclass_fields__}
