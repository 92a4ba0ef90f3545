"""Ways, lines tagged as in OpenStreetMap, made into roads between junctions."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from scenarios.problem import fail
from scenarios.road import RoadClass, Roads
from scenarios.road.access import (
    ACCESS,
    VEHICLES,
    at_barrier,
    barred_by,
    directions,
    welcomed,
)
from scenarios.road.chain import contracted, named, opened
from scenarios.road.network import Point, Road, Side, length_of
from scenarios.road.plane import plane_of
from scenarios.road.tag import limit_of, minutes_of, plain

FERRY = "ferry"
MOST_NAME = 200
LEAST_LENGTH = 0.1
_PARTS = ("forward", "backward")
_ONE_WAY = ("oneway", *(f"oneway:{key}" for key in ACCESS))
_LIMITS = ("maxspeed", "maxspeed:forward", "maxspeed:backward")
_ZONES = ("maxspeed:type", "zone:maxspeed", "source:maxspeed")
_BY_HOUR = tuple(
    f"{key}:conditional" for key in (*ACCESS, "oneway", "maxspeed", "restriction")
)
# What is read of a way: all else, editors and addresses included, is never looked at.
TAGS = frozenset(
    {
        *("highway", "route", "area", "junction", "service", "emergency", "name"),
        *("ref", "duration", *ACCESS, *_ONE_WAY, *_LIMITS, *_ZONES, *_BY_HOUR),
        *(f"{key}:{part}" for key in ACCESS for part in _PARTS),
    }
)
NODE_TAGS = frozenset({"barrier", *ACCESS})
# What is said of each thing that was counted on the way.
DROPPED = {
    "area": "{} area(s) (area=yes) are left out",
    "point": "{} way(s) of fewer than two known points are left out",
    "barred": "{} way(s) that no vehicle may use are left out (access tags); "
    "roads.on_foot: true keeps those one may walk",
    "loop": "{} loop(s) without a line to go round are left out",
    "dangling": "{} reference(s) to nodes that are not in the file: ways are cut there",
    "island": "{} node(s) lie at 0, 0 or nowhere: ways are cut there",
    "deleted": "{} way(s) marked as deleted are left out",
    "twice": "{} way(s) are given twice: the later one counts",
}
NOTES = {
    "slowest": "{} way(s) state several speed limits: the slowest counts",
    "zone": "{} way(s) state their limit by a code (urban): read with roads.zones",
    "none": "{} way(s) say that there is no limit: the speed of their class counts",
    "unread": "{} way(s) state a speed limit that cannot be read: the speed of their "
    "class is assumed",
    "absurd": "{} way(s) state a speed limit of 0 or above 200 km/h: the speed of "
    "their class is assumed",
    "reversible": "{} way(s) are one-way by turns (reversible, alternating): taken as "
    "two-way",
    "unread one-way": "{} one-way tag(s) cannot be read: taken as not there",
    "implied one-way": "{} way(s) are one-way though they do not say so (roundabouts, "
    "motorways)",
    "unread access": "{} access value(s) cannot be read: taken as not there",
    "by hour": "{} way(s) have rules by the hour (conditional tags): not modelled",
    "welcomed": "{} way(s) for walkers let some vehicles in (motorcycle=yes): taken as "
    "service roads for these",
    "silent ferry": "{} ferry link(s) do not say whom they carry: taken to carry "
    "everybody",
    "barriers": "{} bollard(s), gate(s) and the like stop some modes",
}


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


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts what is dropped and assumed on the way.

    Parameters
    ----------
    counts
        By the keys of `DROPPED` and `NOTES`.
    no_roads, walkers
        Ways that are no roads, and ways for walkers only, by their class.
    """

    counts: Counter[str] = field(default_factory=Counter)
    no_roads: Counter[str] = field(default_factory=Counter)
    walkers: Counter[str] = field(default_factory=Counter)

    def dropped(self) -> tuple[str, ...]:
        """Say what was left out and why."""
        found = []
        if self.no_roads:
            many = self.no_roads.total()
            found.append(f"{many} way(s) are no roads: {_most(self.no_roads)}")
        if self.walkers:
            many = self.walkers.total()
            found.append(
                f"{many} way(s) are for walkers only: {_most(self.walkers)}; "
                "roads.on_foot: true keeps them"
            )
        return (*found, *self._said(DROPPED))

    def notes(self) -> tuple[str, ...]:
        """Say what was assumed."""
        return tuple(self._said(NOTES))

    def _said(self, sentences: Mapping[str, str]) -> Iterator[str]:
        for key, text in sentences.items():
            if self.counts[key]:
                yield text.format(self.counts[key])


def _most(count: Counter[str]) -> str:
    return ", ".join(f"{name} ({n})" for name, n in count.most_common(8))


def carried(kind: str, classes: Mapping[str, RoadClass]) -> set[str]:
    """Name the modes that have a speed on a class; a ferry's may be left to others."""
    if kind not in classes:
        return {*VEHICLES, "foot"} if kind == FERRY else set()
    return {mode for mode in (*VEHICLES, "foot") if getattr(classes[kind], mode)}


class Ways:
    """Makes roads of ways.

    Parameters
    ----------
    roads
        What the scenario says of its roads.
    """

    def __init__(self, roads: Roads) -> None:
        self.roads = roads
        self.classes = roads.speeds()
        self.zones = roads.limits()
        self.may_pass = frozenset(value.lower() for value in roads.may_pass)
        self.modes = (*VEHICLES, "foot") if roads.on_foot else VEHICLES
        self.tally = Tally()

    def kept(self, ways: Iterable[Way]) -> list[tuple[Way, Road]]:
        """Choose the ways that are roads; each comes with a road that is like it."""
        found = ((way, self._model(way)) for way in ways)
        return [(way, model) for way, model in found if model is not None]

    def _model(self, way: Way) -> Road | None:
        kind, tags = self._class(way.tags), way.tags
        if kind is None:
            return None
        barred = frozenset[str]()
        foot_only = kind != FERRY and not carried(kind, self.classes) & set(VEHICLES)
        if foot_only and (welcome := welcomed(tags, self.may_pass)):
            self.tally.counts["welcomed"] += 1
            kind, barred = "service", frozenset(VEHICLES) - welcome
        elif foot_only and not self.roads.on_foot:
            self.tally.walkers[tags["highway"][:40]] += 1
            return None
        ahead, back = self._sides(kind, tags, barred)
        if ahead is None and back is None:
            self.tally.counts["barred"] += 1
            return None
        self._count(kind, tags)
        return Road(
            tail="",
            head="",
            ways=frozenset({way.id}),
            ends=(way.id, way.id),
            length=0.0,
            road=kind,
            name=plain(tags.get("name") or tags.get("ref", ""))[:MOST_NAME],
            geometry=[],
            ahead=ahead,
            back=back,
        )

    def _class(self, tags: Mapping[str, str]) -> str | None:
        """Give the class of a way; count what is none."""
        if tags.get("route") == FERRY:
            return FERRY if carried(FERRY, self.classes) else None
        road = tags.get("highway", "")
        if not road:
            return None
        kind = road if road in self.classes else road.removesuffix("_link")
        if not carried(kind, self.classes):
            self.tally.no_roads[plain(road)[:40]] += 1
        elif tags.get("area") == "yes":
            self.tally.counts["area"] += 1
        else:
            return kind
        return None

    def _sides(
        self, kind: str, tags: Mapping[str, str], barred: frozenset[str]
    ) -> tuple[Side | None, Side | None]:
        may = directions(tags, self.tally.counts)
        found: list[Side | None] = []
        for way, part in zip(("ahead", "back"), _PARTS, strict=True):
            against = {mode for mode, one in may.items() if one not in (way, "both")}
            shut = self._barred(kind, tags, part) | barred | against
            usable = set(self.modes) & carried(kind, self.classes) - shut
            speed = self._limit(tags, part, count=way == "ahead")
            minutes = minutes_of(tags.get("duration", "")) if kind == FERRY else None
            side = Side(speed=speed, barred=shut, minutes=minutes)
            found.append(side if usable else None)
        return found[0], found[1]

    def _barred(self, kind: str, tags: Mapping[str, str], part: str) -> frozenset[str]:
        tally = self.tally.counts if part == _PARTS[0] else Counter[str]()
        found = barred_by(tags, self.may_pass, tally, part)
        # A ferry that names walkers or bicycles, and no vehicle, carries no vehicle.
        afoot = kind == FERRY and {"foot", "bicycle"} & tags.keys()
        if afoot and not {"motorcar", "motorcycle", "motor_vehicle"} & tags.keys():
            found |= frozenset(VEHICLES)
        return found

    def _limit(
        self, tags: Mapping[str, str], part: str, *, count: bool
    ) -> float | None:
        text = tags.get(f"maxspeed:{part}") or tags.get("maxspeed", "")
        speed, remark = limit_of(text, self.zones)
        for key in _ZONES if speed is None and remark != "none" else ():
            by_code = limit_of(tags.get(key, ""), self.zones)
            if by_code[1] == "zone":
                speed, remark = by_code
                break
        self.tally.counts[remark] += count
        return speed

    def _count(self, kind: str, tags: Mapping[str, str]) -> None:
        self.tally.counts["by hour"] += any(key in tags for key in _BY_HOUR)
        self.tally.counts["silent ferry"] += (
            kind == FERRY
            and not {
                "bicycle",
                *ACCESS,
            }
            & tags.keys()
        )

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
        points = {n: plane.put(p) for n, p in lines.places.items() if plane.known(p)}
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
        name=model.name,
        geometry=line,
        ahead=_part(model.ahead, length, whole),
        back=_part(model.back, length, whole),
    )


def _part(side: Side | None, length: float, whole: float) -> Side | None:
    """Give a part of a way its part of the time the whole takes."""
    if side is None or side.minutes is None or not whole:
        return side
    return replace(side, minutes=side.minutes * length / whole)
