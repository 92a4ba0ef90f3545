"""Roads joined at nodes one merely passes through, opened where they are loops, named.

Joining changes no travel time and no length: only roads that are alike in class, name,
limits, access and directions are joined, and never at a node that must be kept.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from scenarios.effect import HERE
from scenarios.quantity import MOST_LETTERS
from scenarios.road.network import Point, Road, Side, length_of

_UNNAMED = re.compile(r"[^\w-]")


def contracted(roads: list[Road], kept: Collection[str]) -> list[Road]:
    """Join the roads of each chain to one.

    Parameters
    ----------
    roads
        None of them a loop (see `opened`).
    kept
        Nodes at which no roads may be joined.

    Returns
    -------
    list
        Again without loops: of a chain that comes back to its own beginning the node
        nearest its middle is left.
    """
    at = _ends(roads)
    through = {
        node: (a, b)
        for node, (a, *others) in at.items()
        if len(others) == 1 and node not in kept
        for b in others
        if a != b and _alike(_into(roads[a], node), _out_of(roads[b], node))
    }
    done: set[int] = set()
    found: list[Road] = []
    # Chains first from their ends; what is left then are circles.
    for first, road in enumerate(roads):
        at_end = road.tail not in through or road.head not in through
        if at_end and first not in done:
            found += _halves(_chain(roads, through, first, done))
    for first in _from_least(roads, done):
        if first not in done:
            found += _halves(_chain(roads, through, first, done))
    return found


def _ends(roads: list[Road]) -> dict[str, list[int]]:
    at: dict[str, list[int]] = defaultdict(list)
    for index, road in enumerate(roads):
        at[road.tail].append(index)
        at[road.head].append(index)
    return at


def _from_least(roads: list[Road], done: Collection[int]) -> list[int]:
    """Give what is left in the order of names of nodes, whatever that of the file."""

    def key(index: int) -> tuple[tuple[int, str], tuple[int, str]]:
        road = roads[index]
        return rank(min(road.tail, road.head, key=rank)), rank(road.tail)

    return sorted((i for i in range(len(roads)) if i not in done), key=key)


def _into(road: Road, node: str) -> Road:
    return road if road.head == node else road.turned()


def _out_of(road: Road, node: str) -> Road:
    return road if road.tail == node else road.turned()


def _alike(a: Road, b: Road) -> bool:
    return (a.road, a.name, a.id, _kind(a.ahead), _kind(a.back)) == (
        *(b.road, b.name, b.id),
        *(_kind(b.ahead), _kind(b.back)),
    )


def _kind(side: Side | None) -> object:
    return side and (side.speed, side.barred, side.minutes is None)


def _chain(
    roads: list[Road],
    through: dict[str, tuple[int, int]],
    first: int,
    done: set[int],
) -> list[Road]:
    """Follow a chain from one of its roads, to both sides."""
    road = roads[first]
    start = road.turned() if road.tail in through else road
    if road.tail in through and road.head in through:
        # A circle: begin at the node with the least name, so that order is no matter.
        start = road if rank(road.tail) < rank(road.head) else road.turned()
    done.add(first)
    chain = [start]
    while (node := chain[-1].head) in through:
        following = next((i for i in through[node] if i not in done), None)
        if following is None:
            break
        done.add(following)
        chain.append(_out_of(roads[following], node))
    return chain


def _halves(chain: list[Road]) -> Iterator[Road]:
    """Join a chain; one that comes back to where it began is cut near the middle."""
    cut = len(chain)
    if chain[0].tail == chain[-1].head:
        whole = math.fsum(road.length for road in chain)
        done = [math.fsum(r.length for r in chain[:i]) for i in range(1, cut)]
        gaps = [
            (round(abs(d - whole / 2), 6), rank(road.head))
            for d, road in zip(done, chain, strict=False)
        ]
        cut = gaps.index(min(gaps)) + 1
    for part in (chain[:cut], chain[cut:]):
        if part:
            yield _joined(part)


def _joined(chain: list[Road]) -> Road:
    if len(chain) == 1:
        return chain[0]
    first, last = chain[0], chain[-1]
    geometry = list(first.geometry)
    for road in chain[1:]:
        geometry += road.geometry[1:]
    return replace(
        first,
        head=last.head,
        ways=frozenset[str]().union(*(road.ways for road in chain)),
        ends=(first.ends[0], last.ends[1]),
        length=math.fsum(road.length for road in chain),
        streets=names_of(chain),
        geometry=geometry,
        ahead=_sum([road.ahead for road in chain]),
        back=_sum([road.back for road in chain]),
    )


def names_of(roads: Sequence[Road]) -> tuple[str, ...]:
    """Give all names of roads that become one: it is closed where any of them is."""
    first = roads[0].streets
    if all(road.streets == first for road in roads):
        return first
    return tuple(dict.fromkeys(name for road in roads for name in road.streets))


def _sum(sides: list[Side | None]) -> Side | None:
    times = [side.minutes for side in sides if side and side.minutes is not None]
    first = sides[0]
    return replace(first, minutes=math.fsum(times)) if first and times else first


def opened(road: Road, points: dict[str, Point]) -> list[Road]:
    """Cut a loop in the middle of its line, at a new node that is added to the points.

    Returns
    -------
    list
        The road itself when it is no loop; nothing when it has no line to be cut.
    """
    if road.tail != road.head:
        return [road]
    whole, done = length_of(road.geometry), 0.0
    inner = road.geometry[1:-1]
    if not inner or not whole:
        return []
    at, gap = 0, math.inf
    for i, point in enumerate(inner):
        done += math.dist(road.geometry[i], point)
        if abs(done - whole / 2) < gap:
            at, gap, share = i, abs(done - whole / 2), done / whole
    if not 0 < share < 1:
        return []
    node = _new_node(road, points)
    points[node] = inner[at]
    first = _piece(road, road.tail, node, road.geometry[: at + 2], share)
    second = _piece(road, node, road.head, road.geometry[at + 1 :], 1 - share)
    return [first, second]


def _new_node(road: Road, points: dict[str, Point]) -> str:
    base = name = f"{road.tail}-loop-{min(road.ways, key=rank, default='')}"
    number = 1
    while name in points:
        number += 1
        name = f"{base}-{number}"
    return name


def _piece(road: Road, tail: str, head: str, line: list[Point], share: float) -> Road:
    def part(side: Side | None) -> Side | None:
        if side is None or side.minutes is None:
            return side
        return replace(side, minutes=side.minutes * share)

    return replace(
        road,
        tail=tail,
        head=head,
        geometry=line,
        length=road.length * share,
        ahead=part(road.ahead),
        back=part(road.back),
    )


def named(roads: list[Road]) -> dict[str, Road]:
    """Name roads by their ways and ends, the same whatever the order of the file."""
    used = Counter({HERE: 1})
    found = sorted((_key(road), i) for i, road in enumerate(roads))
    return {_name(key, used): roads[i] for key, i in found}


_Key = tuple[tuple[int, str], tuple[int, str], tuple[int, str], float, str]


def _key(road: Road) -> _Key:
    first, second = rank(road.tail), rank(road.head)
    if road.ahead is None or (road.back and first > second):
        first, second = second, first
    way = rank(min(road.ways, key=rank, default=""))
    return first, second, way, road.length, road.id


def _name(key: _Key, used: Counter[str]) -> str:
    (_, first), (_, second), (_, way), _, own = key
    text = f"r{way}-{first}-{second}"
    if own:
        text = own if own[0].isalnum() or own[0] == "_" else f"r{own}"
    # A name in a scenario has at most 80 letters; room is left for a suffix.
    base = name = _UNNAMED.sub("_", text)[: MOST_LETTERS - 10]
    while used[name]:
        used[base] += 1
        name = f"{base}-{used[base]}"
    used[name] += 1
    return name


def rank(text: str) -> tuple[int, str]:
    """Order names so that 9 comes before 10."""
    return (len(text), text)
