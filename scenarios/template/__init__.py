"""A first scenario on a planner's own roads: a complete, commented folder.

Its words are in ``skeleton.yaml`` beside this module; what depends on the roads and on
the numbers asked for is filled in here.
"""

import json
import os
import re
import shutil
import tempfile
import textwrap
from collections.abc import Iterable
from pathlib import Path
from string import Template

from scenarios.file.reader import load
from scenarios.problem import fail
from scenarios.road.file import read_road_file
from scenarios.road.network import unproject
from scenarios.road.report import RoadReport
from scenarios.road.tag import plain
from scenarios.template.layout import Force, Graph, Layout, Site, layout_of

MOST = 200
_VARIED = 12  # stations whose places may vary: each is two choices more
# What a file is called by its kind, such as .osm.pbf.
_ENDING = re.compile(r"^.*?((?:\.[a-z0-9]{1,8}){0,2})$", re.DOTALL)
_SKELETON = Path(__file__).parent / "skeleton.yaml"
_TITLES = {
    "seat": "Seat of the commune",
    "militia-post": "Militia post",
    "health-station": "Health station",
}
_KINDS = {
    "police": {"base": "seat", "crew": 3, "mode": "car", "cost_per_hour": 150},
    "militia": {
        "base": "militia-post",
        "crew": 2,
        "mode": "motorcycle",
        "cost_per_hour": 80,
    },
    "health": {
        "base": "health-station",
        "crew": 2,
        "mode": "car",
        "cost_per_hour": 140,
    },
}


def write_template(
    target: Path, roads: Path, *, stations: int = 8, units: int = 6
) -> tuple[Path, RoadReport]:
    """Lay out a scenario folder on a road file, ready to play and to be edited.

    Parameters
    ----------
    target
        The folder to make; it must not exist yet.
    roads
        A road file of any kind that is whole in itself; it is copied into the folder.
    stations, units
        How many polling stations and units, from 1 to 200.

    Returns
    -------
    tuple
        The folder, and what was assumed on reading the roads.

    Raises
    ------
    ScenarioError
        When a number is out of range, the target exists or cannot be written, or the
        road file cannot be used. Nothing is written then.
    """
    _refuse(target, stations, units)
    graph, report, asked, read = read_road_file(str(roads))
    if asked.file is None:
        raise fail(str(roads), "is a scenario, and no road file")
    copy = "roads" + _ENDING.sub(r"\1", roads.name.lower())
    try:
        layout = layout_of(graph, asked, stations, units)
    except ValueError as error:
        raise fail(str(roads), str(error)) from None
    files = {
        copy: read.read(asked.file),
        "scenario.yaml": _scenario(layout, graph, report, (target.name, copy)),
        "plans/base.yaml": _BASE.encode(),
        "plans/thin.yaml": _thin(layout),
    }
    try:
        _put(target, files)
    except OSError as error:
        raise fail(str(target), f"cannot be written: {error.strerror}") from None
    return target, report


def _refuse(target: Path, stations: int, units: int) -> None:
    for option, number in (("--stations", stations), ("--units", units)):
        if not 1 <= number <= MOST:
            raise fail(option, f"must be from 1 to {MOST}, found {number}")
    if os.path.lexists(target):
        raise fail(str(target), "exists already; choose another name or remove it")
    if not target.parent.is_dir():
        raise fail(str(target), f"there is no folder {target.parent} to put it in")


def _put(target: Path, files: dict[str, bytes]) -> None:
    """Write the folder beside its place, see that it loads, then move it there."""
    beside = Path(tempfile.mkdtemp(prefix=".muster-", dir=target.parent))
    folder = beside / target.name
    try:
        (folder / "plans").mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        load(folder)
        folder.rename(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _scenario(
    layout: Layout, graph: Graph, report: RoadReport, names: tuple[str, str]
) -> bytes:
    here = graph.nodes[layout.bases["seat"]]
    east, north = unproject(graph.graph["origin"], (here["x"], here["y"]))
    digits = 0 if graph.graph["origin"] is None else 5
    words = {
        "title": _quoted(plain(names[0])),
        "roads_file": _quoted(names[1]),
        "stations_said": _number(len(layout.sites), "polling station"),
        "units_said": _number(len(layout.force.agencies), "unit"),
        "roads_said": _comment(report.lines()),
        "example": f"{east:.{digits}f}, {north:.{digits}f}",
        "places": _places(layout),
        **_stations(layout.sites),
        "units": "\n".join(_unit(layout.force, u) for u in layout.force.agencies),
        "patrols": str(layout.force.patrols),
        "duties": "\n".join(_duties(layout)),
        "deliveries": _row((n for n, _, _ in _named("delivery", layout)), 14),
        **_script(layout),
        "staffing": "\n".join(_staffing(layout)),
    }
    skeleton = Template(_SKELETON.read_text(encoding="utf-8"))
    # The name of a folder may hold bytes that are no letters.
    return skeleton.substitute(words).encode(errors="replace")


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _quoted(text: str) -> str:
    """Quote a text of a person or a file, so that YAML takes it as it is."""
    return json.dumps(text, ensure_ascii=False)


def _comment(lines: Iterable[str]) -> str:
    return "\n".join(
        textwrap.fill(
            line,
            88,
            initial_indent="#   ",
            subsequent_indent="#     ",
            break_on_hyphens=False,
        )
        for line in lines
    )


def _row(names: Iterable[str], indent: int) -> str:
    """Write names for a list in brackets, over several lines when long."""
    text = textwrap.fill(", ".join(names), 84 - indent, break_on_hyphens=False)
    return text.replace("\n", "\n" + " " * indent)


def _places(layout: Layout) -> str:
    rows = [(name, _TITLES[name], node) for name, node in layout.bases.items()]
    rows += [(s.place, f"Polling place {s.number}", s.node) for s in layout.sites]
    return "\n".join(
        f"  {name}: {{title: {title}, node: {_quoted(node)}}}"
        for name, title, node in rows
    )


def _stations(sites: tuple[Site, ...]) -> dict[str, str]:
    first, *others = sites
    return {
        "areas": _row((site.place for site in sites), 17),
        "first_title": f"Voting area {first.number}",
        "first_registered": str(first.registered),
        "first_officers": str(first.officers),
        **{f"first_{stage}": str(n) for stage, n in first.servers.items()},
        "other_stations": "".join(map(_station, others)),
    }


def _station(site: Site) -> str:
    places = site.servers
    return f"""

  {site.name}:
    title: Voting area {site.number}
    place: {site.place}
    registered: {site.registered:<4}               # assumed
    turnout: *turnout
    arrivals: *arrivals
    opens: "07:00"
    closes: "19:00"
    officers: {site.officers}
    stages:
      check-in: {{servers: {places["check_in"]}, service: *check-in}}
      booth: {{servers: {places["booth"]}, officers: 0, service: *booth, voting: true}}
      box: {{servers: {places["box"]}, service: *box}}
    count: *count"""


def _unit(force: Force, unit: str) -> str:
    agency = force.agencies[unit]
    kind = "".join(f"\n    {key}: {value}" for key, value in _KINDS[agency].items())
    shifts = "".join(
        f'\n      - {{from: "{start}", until: "{end}"}}'
        for start, end in force.shifts(unit)
    )
    return f"""\
  {unit}:
    agency: {agency}
    skills: [{", ".join(force.skills(unit))}]{kind}
    shifts:{shifts}"""


def _named(duty: str, layout: Layout) -> list[tuple[str, str, str]]:
    """Name each round of deliveries or convoys, with its unit and its stations."""
    force = layout.force
    rounds = force.deliveries if duty == "delivery" else force.convoys
    return [
        (f"{duty}-{number}", unit, _row((site.name for site in sites), 15))
        for number, (unit, sites) in enumerate(rounds.items(), 1)
    ]


def _duties(layout: Layout) -> Iterable[str]:
    first = layout.sites[0]
    for name, unit, stations in _named("delivery", layout):
        yield f"""\
  {name}:
    kind: delivery
    title: Ballots and papers to the stations, on the eve
    unit: {unit}
    start: "D-1 14:30"
    load_at: seat
    load: 15 min
    stations: [{stations}]
    unload: 10 min                 # at each station
    deadline: "D-1 19:30"
"""
    yield f"""\
  guard-1:                         # one for each place where ballots lie overnight
    kind: guard
    title: Ballots guarded overnight at voting area {first.number}
    units: [{layout.force.guard}]
    place: {first.place}
    from: "D-1 20:30"
    until: "D 06:00"
"""
    for name, unit, stations in _named("convoy", layout):
        yield f"""\
  {name}:
    kind: convoy
    title: Boxes and results brought in once counted
    unit: {unit}
    start: "D 20:00"
    stations: [{stations}]
    load: 5 min                    # at each station
    to: seat
    deadline: "D+1 00:30"
"""


def _script(layout: Layout) -> dict[str, str]:
    last, closing = len(layout.sites) - 1, layout.closing
    alarm, brawl = layout.sites[min(1, last)], layout.sites[min(2, last)]
    near = f"voting area {closing.site.number}"
    return {
        "road": closing.road,
        "road_title": _quoted(f"{closing.name} is closed near {near}"),
        "alarm_station": f"voting area {alarm.number}",
        "alarm_place": alarm.place,
        "brawl_station": f"voting area {brawl.number}",
        "brawl_place": brawl.place,
    }


def _staffing(layout: Layout) -> Iterable[str]:
    """Let places at stations and units vary about what the scenario has."""
    for site in layout.sites[:_VARIED]:
        desks, booths = site.servers["check_in"], site.servers["booth"]
        yield f"""\
  desks-{site.number}:
    title: Check-in desks of voting area {site.number}
    kind: servers                  # with from and until: of some hours alone
    station: {site.name}
    stage: check-in
    values: [{_around(desks, 1, 2)}]
    cost_per_hour: 40              # for each desk and its officer
  booths-{site.number}:
    title: Writing booths of voting area {site.number}
    kind: servers
    station: {site.name}
    stage: booth
    values: [{_around(booths, 2, 3)}]
    cost_per_hour: 2"""
    for unit in layout.force.dropped:
        yield f"  {unit}: {{title: {unit}, kind: units, like: {unit}, values: [0, 1]}}"
    yield f"""\
  reserve:
    title: Patrols in reserve
    kind: units
    like: {next(iter(layout.force.agencies))}
    name: reserve
    shifts: [{{from: "06:00", until: "20:00"}}]
    values: [0, 1, 2]
  policy: {{title: Who is sent, kind: policy, values: [nearest, nearest-idle]}}"""


def _around(number: int, fewer: int, more: int) -> str:
    return ", ".join(map(str, range(max(number - fewer, 1), number + more + 1)))


_BASE = """\
# The plan as scenario.yaml says. A plan writes only what it changes: officers, places
# at stages (servers), units, duties, dispatch. Voters and hours are not a plan's.
title: Base
summary: All stations and units as in the scenario
"""
_THIN = """\
# A plan with less. null takes a unit out. Which ones, and how few officers, is assumed.
title: Thin
summary: >-
  Three officers fewer at every station, and one check-in place fewer where there are
  three or more$home

stations:
$stations
"""


def _thin(layout: Layout) -> bytes:
    rows = []
    for site in layout.sites:
        places = site.servers["check_in"] - 1
        fewer = f", stages: {{check-in: {{servers: {places}}}}}" if places > 1 else ""
        rows.append(f"  {site.name}: {{officers: {site.officers - 3}{fewer}}}")
    dropped = layout.force.dropped
    text = Template(_THIN).substitute(
        stations="\n".join(rows),
        home=f"; {len(dropped)} of the units stay at home" if dropped else "",
    )
    if dropped:
        text += "\nunits:\n" + "".join(f"  {unit}: null\n" for unit in dropped)
    return text.encode()
