# A road file is told by its content; nothing dangerous or broken gets through.
import bz2
import gzip
import io
import json
import zipfile

import pytest

from scenarios.problem import ScenarioError
from scenarios.road import Roads, content
from scenarios.road.source import kind_of, read_network

OSM = (
    "<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>"
    '<node id="1" lon="105" lat="21"/><node id="2" lon="105.001" lat="21"/>'
    '<way id="9"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/>'
    '<tag k="name" v="Phố Huế"/></way></osm>'
)
LINES = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"highway": "primary"},
                "geometry": {
                    "type": "LineString",
                    "coordinates": [[105, 21], [105, 22]],
                },
            }
        ],
    }
)


def read(raw: bytes, **roads: object):
    asked = Roads.model_validate({"file": "town", **roads})
    return read_network(raw, "town", asked, lambda _: b"")


def refusal(raw: bytes) -> str:
    with pytest.raises(ScenarioError) as caught:
        read(raw)
    assert str(caught.value).startswith("town")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (OSM, "osm"),
        ("<!-- a note --><osm version='0.6'/>", "osm"),
        ("\ufeff" + OSM, "osm"),
        ('<graphml xmlns="http://graphml.graphdrawing.org/xmlns"/>', "graphml"),
        (LINES, "geojson"),
        ('\x1e{"type":"Feature","geometry":null}\n', "geojson"),
        ("nodes: {a: [0, 0]}\nedges: []\n", "yaml"),
        ("# a note\nedges:\n - {id: x, from: a, to: b}\n", "yaml"),
        ("{nodes: {a: [0, 0]}, edges: []}", "yaml"),
        ("from,to,len\n1,2,3\n", "table"),
        ("from\tto\n1\t2\n", "table"),
        ("# a note\nfrom;to\n1;2\n", "table"),
        ("arcs\nindex,from,to\n1,1,2\n", "table"),
    ],
)
def test_kind_is_told_by_the_content(text, kind):
    assert kind_of(text.encode(), "town") == kind


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_compressed_files_are_opened(pack):
    graph, report = read(pack(OSM.encode()))
    assert set(graph) == {"1", "2"}
    graph, _ = read(pack(OSM.encode()[:90]) + pack(OSM.encode()[90:]))
    assert set(graph) == {"1", "2"}
    assert report.kind == "OSM XML"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_compressed_files_that_are_broken_or_too_large_are_refused(pack, monkeypatch):
    assert "cut short" in refusal(pack(OSM.encode())[:-12])
    broken = bytearray(pack(OSM.encode()))
    broken[20:40] = bytes(20)
    assert "no sound" in refusal(bytes(broken))
    assert "twice" in refusal(gzip.compress(pack(OSM.encode())))
    monkeypatch.setattr(content, "MOST_OPENED", 1_000_000)
    assert "opens to more than 1000000 bytes" in refusal(pack(bytes(50_000_000)))


def pbf(blobs: list[tuple[bytes, int]]) -> bytes:
    """Write blocks whose data say they open to so many bytes."""
    raw = b""
    for index, (data, size) in enumerate(blobs):
        kind = b"OSMHeader" if index == 0 else b"OSMData"
        blob = b"\x10" + varint(size) + b"\x1a" + varint(len(data)) + data
        head = b"\x0a" + varint(len(kind)) + kind + b"\x18" + varint(len(blob))
        raw += len(head).to_bytes(4) + head + blob
    return raw


def varint(number: int) -> bytes:
    found = b""
    while number > 0x7F:
        found += bytes([number & 0x7F | 0x80])
        number >>= 7
    return found + bytes([number])


def test_pbf_that_opens_to_too_much_is_refused():
    assert "opens to more than" in refusal(pbf([(b"x", 33 * 1024 * 1024)]))
    assert "opens to more than" in refusal(pbf([(b"x", 32_000_000)] * 32))
    assert "no sound OSM PBF" in refusal(pbf([(b"x", 1000)]))


def test_pbf_that_is_cut_short_is_refused():
    whole = pbf([(b"x" * 50, 1000)] * 2)
    for end in (16, 40, len(whole) - 1):
        assert "cut short" in refusal(whole[:end])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_xml_in_other_encodings_is_read(encoding):
    text = OSM.replace("UTF-8", "UTF-16") if "16" in encoding else OSM
    graph, _ = read(text.encode(encoding))
    assert [name for *_, name in graph.edges(data="name")] == ["Phố Huế"] * 2


def test_xml_says_its_encoding():
    text = OSM.replace("UTF-8", "windows-1252").replace("Phố Huế", "Rua São Bento")
    graph, _ = read(text.encode("cp1252"))
    assert [name for *_, name in graph.edges(data="name")] == ["Rua São Bento"] * 2
    assert "no encoding that is known" in refusal(OSM.replace("UTF-8", "x-9").encode())
    raw = OSM.replace("Phố Huế", "São").encode("cp1252")
    assert "not the utf-8 text" in refusal(raw)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "begin",
    [
        "<!DOCTYPE osm [<!ENTITY a 'aaaa'>]>",
        "<!DOCTYPE osm SYSTEM 'file:///etc/passwd'>",
    ],
)
def test_doctype_and_entities_are_refused(begin, encoding):
    text = OSM.replace("<osm", begin + "<osm", 1).replace("encoding='UTF-8'", "")
    assert "DOCTYPE" in refusal(text.encode(encoding))


def test_truncated_xml_is_refused_wherever_it_ends():
    raw = OSM.encode()
    for end in range(60, len(raw) - 1, 7):
        assert refusal(raw[:end])


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("roads.csv", "from,to\n1,2\n")
    return made.getvalue()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \n", "the file is empty"),
        (zipped(), "ZIP"),
        (b"SQLite format 3\0" + bytes(90), "database"),
        (b"\x00\x00\x27\x0a" + bytes(90), "shapefile"),
        (b"\x89PNG\r\n\x1a\n" + bytes(90), "picture"),
        (b"<kml><Document/></kml>", "is kml"),
        (b"<html><body/></html>", "is html"),
        (b"<gpx/>", "is gpx"),
        (b"<other/>", "another kind (<other>)"),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07" * 9, "no road file that can be read"),
        (b'{"type": "Topology", "arcs": []}', "no GeoJSON"),
    ],
)
def test_what_is_no_road_file_is_refused_by_its_name(raw, words):
    assert words in refusal(raw)
