"""Ways, lines tagged as in OpenStreetMap, made into roads between junctions."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from scenarios.problem import fail
from scenarios.road import Roads
from scenarios.road.access import ACCESS, at_barrier
from scenarios.road.chain import contracted, named, opened
from scenarios.road.network import Point, Road, Side, length_of
from scenarios.road.plane import plane_of
from scenarios.road.tag import plain
from scenarios.road.use import Use, Uses

MOST_NAME = 200
LEAST_LENGTH = 0.1
NODE_TAGS = frozenset({"barrier", *ACCESS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A line of a file.

    Parameters
    ----------
    id
        Its name in the file.
    nodes
        Names of its points, in order.
    tags
        What it says of itself, by the names of OpenStreetMap.
    """

    id: str
    nodes: tuple[str, ...]
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The lines of a file that are roads, and where they lie.

    Parameters
    ----------
    kept
        From `Ways.kept`.
    places
        Points by name, in the file's coordinates.
    crs
        What the file says of these; may be empty.
    barriers
        Tags of nodes that have a barrier.
    """

    kept: list[tuple[Way, Road]]
    places: Mapping[str, Point]
    crs: str = ""
    barriers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Junctions:
    """Roads between junctions.

    Parameters
    ----------
    points
        Their nodes on the plane, metres.
    roads
        By name.
    origin
        Longitude and latitude of (0, 0), or None.
    before
        Nodes before chains were joined.
    stops
        Modes that a barrier on a node stops.
    notes
        What was assumed of the coordinates.
    """

    points: dict[str, Point]
    roads: dict[str, Road]
    origin: Point | None
    before: int
    stops: dict[str, frozenset[str]]
    notes: tuple[str, ...]


class Ways:
    """Makes roads of ways.

    Parameters
    ----------
    roads
        What the scenario says of its roads.
    """

    def __init__(self, roads: Roads) -> None:
        self.roads = roads
        self.uses = Uses(roads)
        self.may_pass = self.uses.may_pass
        self.tally = self.uses.total
        # One text for all ways of a street: a file of a city has many.
        self._streets: dict[str, tuple[str, ...]] = {}

    def kept(self, ways: Iterable[Way]) -> list[tuple[Way, Road]]:
        """Choose the ways that are roads; each comes with a road that is like it."""
        found = ((way, self.uses.of(way.tags)) for way in ways)
        return [(way, self._model(way, use)) for way, use in found if use is not None]

    def network(self, lines: Lines, file: str, kept: Collection[str]) -> Junctions:
        """Cut lines at junctions and barriers, join chains, and name the roads.

        Parameters
        ----------
        lines
            Of the file.
        file
            Its name, as shown in errors.
        kept
            Nodes at which no roads may be joined.

        Raises
        ------
        ScenarioError
            When no road is left.
        """
        if not lines.kept:
            found = [*self.tally.dropped()]
            raise fail(file, "; ".join(["holds no roads for vehicles", *found[:3]]))
        try:
            asked = self.roads.coordinates
            plane = plane_of(list(lines.places.values()) or [(0, 0)], lines.crs, asked)
        except ValueError as error:
            raise fail(file, str(error)) from None
        points = plane.places(lines.places)
        self.tally.counts["island"] += len(lines.places) - len(points)
        runs = [
            (run, model) for way, model in lines.kept for run in self._runs(way, points)
        ]
        self.tally.counts["dangling"] += sum(
            node not in points for way, _ in lines.kept for node in way.nodes
        )
        if not runs:
            text = "holds no road between two points with usable coordinates"
            raise fail(file, text)
        roads, before, stops = self._split(runs, points, lines.barriers)
        if self.roads.contract is not False:
            roads = contracted(roads, {*kept, *stops})
        ends = {node for road in roads for node in (road.tail, road.head)}
        return Junctions(
            points={node: point for node, point in points.items() if node in ends},
            roads=named(roads),
            origin=plane.origin,
            before=before,
            stops=stops,
            notes=plane.notes,
        )

    def _model(self, way: Way, use: Use) -> Road:
        return Road(
            tail="",
            head="",
            ways=frozenset({way.id}),
            ends=(way.id, way.id),
            length=0.0,
            road=use.road,
            streets=self._named(way.tags.get("name") or way.tags.get("ref", "")),
            geometry=[],
            ahead=use.ahead,
            back=use.back,
        )

    def _named(self, text: str) -> tuple[str, ...]:
        """Read the name of a street, each once."""
        if text not in self._streets:
            name = plain(text)[:MOST_NAME]
            self._streets[text] = (name,) if name else ()
        return self._streets[text]

    def _split(
        self,
        runs: list[tuple[list[str], Road]],
        points: dict[str, Point],
        barriers: Mapping[str, Mapping[str, str]],
    ) -> tuple[list[Road], int, dict[str, frozenset[str]]]:
        """Cut lines at way ends, shared points and barriers; count the former two."""
        uses = Counter(node for run, _ in runs for node in run)
        uses.update(end for run, _ in runs for end in (run[0], run[-1]))
        stops = {
            node: stopped
            for node, tags in barriers.items()
            if uses[node] and (stopped := at_barrier(tags, self.may_pass))
        }
        self.tally.counts["barriers"] = len(stops)
        roads: list[Road] = []
        for run, model in runs:
            whole = length_of([points[node] for node in run])
            for piece in _pieces(run, uses, stops):
                road = _road(piece, model, points, whole)
                cut = opened(road, points)
                self.tally.counts["loop"] += not cut
                roads += cut
        return roads, sum(number > 1 for number in uses.values()), stops

    def _runs(self, way: Way, points: Mapping[str, Point]) -> Iterator[list[str]]:
        """Cut a way where its points are missing; drop points that come twice."""
        run: list[str] = []
        many = 0
        for node in (*way.nodes, None):
            if node is not None and node in points:
                if not run or run[-1] != node:
                    run.append(node)
                continue
            many += len(run) > 1
            if len(run) > 1:
                yield run
            run = []
        self.tally.counts["point"] += not many


def _pieces(
    run: list[str], uses: Counter[str], stops: Mapping[str, object]
) -> Iterator[list[str]]:
    cuts = [i for i, node in enumerate(run) if uses[node] > 1 or node in stops]
    for first, last in pairwise(cuts):
        yield run[first : last + 1]


def _road(
    nodes: list[str], model: Road, points: Mapping[str, Point], whole: float
) -> Road:
    line = [points[node] for node in nodes]
    length = length_of(line)
    return Road(
        tail=nodes[0],
        head=nodes[-1],
        ways=model.ways,
        ends=model.ends,
        length=max(length, LEAST_LENGTH),
        road=model.road,
        streets=model.streets,
        geometry=line,
        ahead=_part(model.ahead, length, whole),
        back=_part(model.back, length, whole),
    )


def _part(side: Side | None, length: float, whole: float) -> Side | None:
    """Give a part of a way its part of the time the whole takes."""
    if side is None or side.minutes is None or not whole:
        return side
    return replace(side, minutes=side.minutes * length / whole)
