"""What the tags of a way mean: its class, who may use it which way, how fast."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scenarios.road import RoadClass, Roads
from scenarios.road.access import ACCESS, VEHICLES, barred_by, directions, welcomed
from scenarios.road.network import Side
from scenarios.road.tag import limit_of, minutes_of, plain

FERRY = "ferry"
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
_NAMES = ("name", "ref")
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

    def add(self, other: "Tally") -> None:
        """Add the counts of another."""
        for mine, more in (
            (self.counts, other.counts),
            (self.no_roads, other.no_roads),
            (self.walkers, other.walkers),
        ):
            for key, number in more.items():
                mine[key] += number

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


@dataclass(frozen=True, slots=True)
class Use:
    """What a way is good for.

    Parameters
    ----------
    road
        Its class.
    ahead, back
        What holds along it in each direction; None where nobody may go.
    """

    road: str
    ahead: Side | None
    back: Side | None


class Uses:
    """Reads the tags of ways, and counts what is dropped and assumed.

    Parameters
    ----------
    roads
        What the scenario says of its roads.
    """

    def __init__(self, roads: Roads) -> None:
        self.on_foot = roads.on_foot
        self.classes = roads.speeds()
        self.zones = roads.limits()
        self.may_pass = frozenset(value.lower() for value in roads.may_pass)
        self.modes = (*VEHICLES, "foot") if roads.on_foot else VEHICLES
        self.total = Tally()
        self.tally = Tally()
        # Most ways of a file are tagged alike, their names aside.
        self._known: dict[frozenset[tuple[str, str]], tuple[Use | None, Tally]] = {}

    def of(self, tags: Mapping[str, str]) -> Use | None:
        """Read the tags of a way; None when it is no road that is kept."""
        key = frozenset(item for item in tags.items() if item[0] not in _NAMES)
        if key not in self._known:
            self.tally = Tally()
            self._known[key] = (self._read(tags), self.tally)
        use, tally = self._known[key]
        self.total.add(tally)
        return use

    def _read(self, tags: Mapping[str, str]) -> Use | None:
        kind = self._class(tags)
        if kind is None:
            return None
        barred = frozenset[str]()
        foot_only = kind != FERRY and not carried(kind, self.classes) & set(VEHICLES)
        if foot_only and (welcome := welcomed(tags, self.may_pass)):
            self.tally.counts["welcomed"] += 1
            kind, barred = "service", frozenset(VEHICLES) - welcome
        elif foot_only and not self.on_foot:
            self.tally.walkers[tags["highway"][:40]] += 1
            return None
        ahead, back = self._sides(kind, tags, barred)
        if ahead is None and back is None:
            self.tally.counts["barred"] += 1
            return None
        self._count(kind, tags)
        return Use(kind, ahead, back)

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
