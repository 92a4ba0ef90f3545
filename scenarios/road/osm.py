"""Road networks from OpenStreetMap files, XML and PBF, with pyosmium.

Why pyosmium and not pyrosm: it reads XML and PBF (pyrosm PBF alone), is small (9 MB and
requests, where pyrosm brings 350 MB with geopandas), read the public test extracts
several times faster, and is kept by the authors of the tools that OpenStreetMap itself
uses.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, cast

from scenarios.problem import ScenarioError, fail
from scenarios.road import Roads
from scenarios.road.network import Point, assembled
from scenarios.road.report import RoadReport, report_of
from scenarios.road.tag import plain
from scenarios.road.turn import Restriction, Turns
from scenarios.road.use import TAGS
from scenarios.road.way import NODE_TAGS, Lines, Way, Ways

if TYPE_CHECKING:
    from osmium import osm
    from osmium.file_processor import FileProcessor

    from scenarios.road.network import Graph

KINDS = {"osm": "OSM XML", "pbf": "OSM PBF"}
_DELETED = re.compile(rb"<way\b[^>]*\baction\s*=\s*[\"']delete[\"'][^>]*>")
_ID = re.compile(rb"\bid\s*=\s*[\"'](-?\d+)[\"']")


def read_osm(
    raw: bytes, kind: str, file: str, roads: Roads
) -> tuple["Graph", RoadReport]:
    """Read the roads of an OpenStreetMap file.

    Parameters
    ----------
    raw
        Its bytes, uncompressed.
    kind
        ``osm`` for XML, ``pbf``.
    file
        Its name, as shown in errors.
    roads
        What the scenario says of its roads.

    Returns
    -------
    tuple
        The graph (see `scenarios.road.network`), and what was assumed on reading it.

    Raises
    ------
    ScenarioError
        When the file is not sound, or holds no roads.
    """
    source = _Source(raw, kind, file)
    reader = Ways(roads)
    ways = source.ways(reader)
    kept = reader.kept(ways.values())
    needed = {int(node) for way, _ in kept for node in way.nodes}
    places, barriers, nowhere = source.nodes(needed)
    reader.tally.counts["island"] = nowhere
    reader.tally.counts["dangling"] = -nowhere
    turns = Turns(reader.may_pass)
    rules = turns.read(source.restrictions())
    lines = Lines(kept=kept, places=places, crs="epsg:4326", barriers=barriers)
    network = reader.network(lines, file, {rule.via for rule in rules})
    barred = turns.turns(rules, network.roads, ways, network.stops)
    graph = assembled(
        network.points, network.roads, origin=network.origin, turns=barred
    )
    return graph, report_of(
        graph,
        roads,
        kind=KINDS[kind],
        may_pass=roads.may_pass,
        nodes_before=network.before,
        turns=turns.honoured,
        turns_left_out=turns.left_out.total(),
        dropped=reader.tally.dropped(),
        notes=(*network.notes, *reader.tally.notes(), *turns.notes()),
    )


def _faults() -> tuple[type[Exception], ...]:
    """Name what pyosmium raises for files that are not sound."""
    import osmium

    return RuntimeError, ValueError, osmium.InvalidLocationError


class _Source:
    """The elements of one file."""

    def __init__(self, raw: bytes, kind: str, file: str) -> None:
        self.raw = raw
        self.kind = kind
        self.file = file

    def _open(self, which: str) -> "FileProcessor":
        import osmium

        entities = getattr(osmium.osm, which)
        return osmium.FileProcessor(osmium.io.FileBuffer(self.raw, self.kind), entities)

    def _told(self, error: Exception) -> ScenarioError:
        reason = plain(str(error))[:120]
        return fail(self.file, f"no sound {KINDS[self.kind]}, or cut short: {reason}")

    def ways(self, reader: Ways) -> dict[str, Way]:
        """Read the ways that may be roads, by their names, and what is said of them."""
        from osmium.filter import KeyFilter

        gone = self._deleted() if self.kind == "osm" else frozenset[str]()
        found: dict[str, Way] = {}
        try:
            opened = self._open("WAY").with_filter(KeyFilter("highway", "route"))
            for way in cast("Iterable[osm.Way]", opened):
                tags = {tag.k: tag.v for tag in way.tags if tag.k in TAGS}
                name = str(way.id)
                if name in gone or not way.visible:
                    reader.tally.counts["deleted"] += 1
                    continue
                reader.tally.counts["twice"] += name in found
                nodes = tuple([str(node.ref) for node in way.nodes])
                found[name] = Way(id=name, nodes=nodes, tags=tags)
        except _faults() as error:
            raise self._told(error) from None
        return found

    def _deleted(self) -> frozenset[str]:
        """Name the ways that an editor has marked as deleted."""
        tags = _DELETED.findall(self.raw)
        return frozenset(m[1].decode() for tag in tags if (m := _ID.search(tag)))

    def nodes(
        self, needed: Collection[int]
    ) -> tuple[dict[str, Point], dict[str, dict[str, str]], int]:
        """Read where nodes lie, what barriers stand there; count those nowhere."""
        found: dict[str, Point] = {}
        barriers: dict[str, dict[str, str]] = {}
        nowhere = 0
        try:
            for node in cast("Iterable[osm.Node]", self._open("NODE")):
                if node.id not in needed:
                    continue
                at = node.location
                if not at.valid():
                    nowhere += 1
                    continue
                found[str(node.id)] = (at.lon, at.lat)
                if len(node.tags) and "barrier" in node.tags:
                    tags = {tag.k: tag.v for tag in node.tags if tag.k in NODE_TAGS}
                    barriers[str(node.id)] = tags
        except _faults() as error:
            raise self._told(error) from None
        return found, barriers, nowhere

    def restrictions(self) -> Iterator[Restriction]:
        """Read the turn restrictions."""
        from osmium.filter import TagFilter

        wanted = TagFilter(("type", "restriction"))
        try:
            opened = self._open("RELATION").with_filter(wanted)
            for relation in cast("Iterable[osm.Relation]", opened):
                yield Restriction(
                    tags={tag.k: tag.v for tag in relation.tags},
                    members=tuple(
                        (m.type, str(m.ref), m.role) for m in relation.members
                    ),
                )
        except _faults() as error:
            raise self._told(error) from None
