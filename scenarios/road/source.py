"""What a road file is, told by its content and never by its name, and its reader."""

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from scenarios.problem import fail
from scenarios.road import Columns, Roads, Units
from scenarios.road.content import opened, refuse_large_blobs, safe_xml, text_of

if TYPE_CHECKING:
    from scenarios.road.network import Graph
    from scenarios.road.report import RoadReport

Kind = Literal["osm", "pbf", "graphml", "geojson", "table", "yaml"]
_OTHERS = {
    b"PK\x03\x04": "a ZIP archive (or XLSX, KMZ): take the road file out of it, or "
    "save the sheet as CSV",
    b"SQLite format 3": "a database (GeoPackage, MBTiles): save its lines as GeoJSON",
    b"\x00\x00\x27\x0a": "a shapefile: save its lines as GeoJSON",
    b"\xd0\xcf\x11\xe0": "an old Excel file: save the sheet as CSV",
    b"%PDF": "a PDF, no road file",
    b"\x89PNG": "a picture, no road file",
    b"\xff\xd8\xff": "a picture, no road file",
    b"7z\xbc\xaf": "a 7z archive: take the road file out of it",
    b"\x28\xb5\x2f\xfd": "compressed with Zstandard: use gzip or bzip2, or neither",
    b"\xfd7zXZ": "compressed with xz: use gzip or bzip2, or neither",
}
_YAML = re.compile(r"^(nodes|edges)\s*:", re.MULTILINE)
_GEOJSON = re.compile(
    r"\"type\"\s*:\s*\"(FeatureCollection|Feature|(Multi)?LineString|"
    r"GeometryCollection|(Multi)?Point|(Multi)?Polygon|Topology)\""
)
_ROOT = re.compile(r"<(?![?!])([\w:.-]+)")


def kind_of(raw: bytes, file: str) -> Kind:
    """Tell what an opened road file is.

    Raises
    ------
    ScenarioError
        When it is none that can be read; says what it is instead.
    """
    if not raw.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise fail(file, "the file is empty")
    if raw[4:6] == b"\x0a\x09" and raw[6:15] in (b"OSMHeader", b"OSMData\x00\x00"):
        return "pbf"
    for mark, what in _OTHERS.items():
        if raw.startswith(mark):
            raise fail(file, f"is {what}")
    head = text_of(raw[: 64 * 1024 // 2 * 2])[0].lstrip("\ufeff \t\r\n")
    if head[:1] == "<":
        return _xml_kind(head, file)
    if head[:1] in "{[\x1e":
        return "geojson" if _is_geojson(head) else "yaml"
    if "\0" in head:
        raise fail(file, "is no road file that can be read: neither text nor OSM PBF")
    return "yaml" if _YAML.search(head) or not _is_table(head) else "table"


def _xml_kind(head: str, file: str) -> Kind:
    root = _ROOT.search(head)
    name = root[1].rpartition(":")[2] if root else ""
    if name in ("graphml", "osm"):
        return "graphml" if name == "graphml" else "osm"
    if name in ("osmChange", "kml", "gpx", "gexf", "html"):
        raise fail(file, f"is {name}, no road file that can be read: {_READABLE}")
    raise fail(file, f"is XML of another kind (<{name[:40]}>): {_READABLE}")


_READABLE = "OSM XML or PBF, OSMnx GraphML, GeoJSON, a table of arcs, or YAML is wanted"


def _is_geojson(head: str) -> bool:
    return bool(_GEOJSON.search(head))


def _is_table(head: str) -> bool:
    """Tell a table: its first full line has several cells, and is no YAML key."""
    lines = (line for line in head.splitlines() if line.strip() and line[0] != "#")
    first = [line for _, line in zip(range(3), lines, strict=False)]
    return any(line.count(mark) for line in first for mark in ",;\t|") and not any(
        re.match(r"\s*([\w-]+\s*:(\s|$)|- |%)", line) for line in first
    )


def read_network(
    raw: bytes, file: str, roads: Roads, beside: Callable[[str], bytes]
) -> tuple["Graph", "RoadReport"]:
    """Read a road file of any kind but hand-written YAML (see `kind_of`).

    Parameters
    ----------
    raw
        Its bytes.
    file
        Its name, as shown in errors.
    roads
        What the scenario says of its roads.
    beside
        Reads another file by the name the scenario gives it (a table of nodes).

    Returns
    -------
    tuple
        The graph (see `scenarios.road.network`), and what was assumed on reading it.

    Raises
    ------
    ScenarioError
        With everything that is wrong.
    """
    with _no_collecting():
        return _read(opened(raw, file), file, roads, beside)


def _refuse_settings(kind: Kind, file: str, roads: Roads) -> None:
    """Refuse settings that a file of this kind has no use for."""
    given = {
        "nodes": roads.nodes is not None and kind != "table",
        "two_way": roads.two_way is not None and kind != "table",
        "columns": roads.columns != Columns() and kind not in ("table", "geojson"),
        "units": roads.units != Units() and kind not in ("table", "geojson"),
    }
    idle = ", ".join(f"roads.{name}" for name, is_idle in given.items() if is_idle)
    if idle:
        raise fail(file, f"{idle}: nothing is read by it from a file of this kind")


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Spare the collector of garbage: it would look at millions of things in vain."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _read(
    raw: bytes, file: str, roads: Roads, beside: Callable[[str], bytes]
) -> tuple["Graph", "RoadReport"]:
    kind = kind_of(raw, file)
    _refuse_settings(kind, file, roads)
    if kind == "graphml":
        from scenarios.road.graphml import read_graphml

        return read_graphml(safe_xml(raw, file), file, roads)
    if kind in ("osm", "pbf"):
        from scenarios.road.osm import read_osm

        if kind == "pbf":
            refuse_large_blobs(raw, file)
        else:
            raw = safe_xml(raw, file)
        return read_osm(raw, kind, file, roads)
    if kind == "geojson":
        from scenarios.road.line import read_lines

        return read_lines(raw, file, roads)
    from scenarios.road.table import read_tables

    return read_tables(raw, file, roads, beside)
