# Small worlds for tests: scenarios from plain data, written to a folder of their own
# and read back through the front door; and a Hypothesis strategy for random ones.

import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from scenarios.file.reader import load
from scenarios.scenario import Scenario

END = 420  # 06:00 to 13:00
SKILLS = ("order", "medical", "fire")
AREAS = ("north", "south")
MODES = ("car", "motorcycle", "truck", "foot")
# km/h, by class and mode; a mode left out cannot pass.
SPEEDS = {
    "wide": {"car": 60, "motorcycle": 45, "truck": 40, "foot": 5},
    "lane": {"car": 30, "motorcycle": 36, "truck": 15, "foot": 5},
    "path": {"motorcycle": 12, "foot": 4},
}
Data = dict[str, Any]


def scenario_of(data: Data | str, plans: dict[str, Data] | None = None) -> Scenario:
    """Read a scenario from plain data (or YAML text), with plans if given."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "world"
        (root / "plans").mkdir(parents=True)
        text = data if isinstance(data, str) else yaml.safe_dump(data, sort_keys=False)
        (root / "scenario.yaml").write_text(text)
        for name, plan in (plans or {}).items():
            text = yaml.safe_dump({"title": name, **plan}, sort_keys=False)
            (root / f"plans/{name}.yaml").write_text(text)
        return load(root)


def clock_text(minute: int) -> str:
    """Write minutes from 06:00 as clock text."""
    hour, rest = divmod(360 + minute, 60)
    return f"{hour:02d}:{rest:02d}"


# ---- strategies ------------------------------------------------------------------


def minutes(least: int = 0, most: int = END) -> st.SearchStrategy[str]:
    return st.integers(least, most).map(clock_text)


def lengths(*choices: str) -> st.SearchStrategy[str]:
    return st.sampled_from(choices)


def laws(mean: int) -> st.SearchStrategy[Any]:
    return st.sampled_from(
        [
            f"{mean} min",
            {"law": "exponential", "mean": f"{mean} min"},
            {"law": "lognormal", "mean": f"{mean} min", "cv": 0.7},
            {"law": "gamma", "mean": f"{mean} min", "cv": 1.3},
            {"law": "uniform", "low": "0 min", "high": f"{2 * mean} min"},
            {
                "law": "triangular",
                "low": "0 min",
                "mode": f"{mean} min",
                "high": f"{3 * mean} min",
            },
        ]
    )


def shares() -> st.SearchStrategy[float]:
    return st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])


@st.composite
def networks(draw: st.DrawFn) -> Data:
    """Make a road network: a two-way spine, and roads of all kinds across it."""
    number = draw(st.integers(2, 6))
    spots = draw(
        st.lists(
            st.tuples(st.integers(0, 40), st.integers(0, 40)),
            min_size=number,
            max_size=number,
            unique=True,
        )
    )
    nodes = {f"n{i}": [200.0 * x, 200.0 * y] for i, (x, y) in enumerate(spots)}
    ends = [(f"n{i}", f"n{i + 1}") for i in range(number - 1)]
    across = st.tuples(st.sampled_from(list(nodes)), st.sampled_from(list(nodes)))
    ends += draw(st.lists(across.filter(lambda pair: pair[0] != pair[1]), max_size=6))
    edges = []
    for i, (tail, head) in enumerate(ends):
        edge = {"id": f"r{i}", "from": tail, "to": head}
        edge["road"] = draw(st.sampled_from(["lane", "wide"]))
        if i >= number - 1:
            edge["road"] = draw(st.sampled_from(list(SPEEDS)))
            edge["one_way"] = draw(st.booleans())
        if draw(st.booleans()):
            edge["speed"] = draw(st.sampled_from(["20 km/h", "50 km/h"]))
        edges.append(edge)
    return {"nodes": nodes, "edges": edges}


def roads_of(network: Data) -> Data:
    classes = {
        name: {mode: f"{speed} km/h" for mode, speed in speeds.items()}
        for name, speeds in SPEEDS.items()
    }
    return {"network": network, "classes": classes}


@st.composite
def places(draw: st.DrawFn, network: Data) -> Data:
    found: Data = {}
    for i in range(draw(st.integers(2, 5))):
        if draw(st.booleans()):
            found[f"p{i}"] = {"node": draw(st.sampled_from(list(network["nodes"])))}
        else:
            spot = draw(st.tuples(st.integers(0, 40), st.integers(0, 40)))
            found[f"p{i}"] = {"at": [200.0 * spot[0], 200.0 * spot[1]]}
        area = draw(st.sampled_from([*AREAS, None]))
        if area:
            found[f"p{i}"]["area"] = area
    return found


def areas_of(places: Data) -> list[str]:
    return sorted({place["area"] for place in places.values() if "area" in place})


@st.composite
def stages(draw: st.DrawFn) -> Data:
    number = draw(st.integers(1, 3))
    voting = draw(st.integers(0, number - 1))
    found: Data = {}
    for i in range(number):
        servers: Any = draw(st.integers(1, 3))
        if draw(st.booleans()):
            change = draw(minutes(70, 240))
            then = draw(st.integers(0, 3))
            servers = [
                {"from": "06:00", "servers": servers},
                {"from": change, "servers": then},
            ]
        found[f"s{i}"] = {
            "servers": servers,
            "officers": draw(st.integers(0, 2)),
            "service": draw(laws(draw(st.sampled_from([1, 4])))),
            "voting": i == voting,
        }
        if i and draw(seldom()):
            found[f"s{i}"]["limit"] = draw(st.integers(0, 2))
    return found


@st.composite
def stations(draw: st.DrawFn, spots: list[str]) -> Data:
    found: Data = {
        "place": draw(st.sampled_from(spots)),
        "registered": draw(st.sampled_from([5, 20, 60])),
        "turnout": draw(st.sampled_from(["100 %", "60 %"])),
        "arrivals": {"hourly": draw(st.sampled_from([[1], [3, 1, 1], [1, 2, 3, 1]]))},
        "opens": draw(minutes(30, 90)),
        "closes": draw(minutes(150, 260)),
        "close_rule": draw(st.sampled_from(["stop", "serve_queue"])),
        "officers": draw(st.integers(1, 7)),
        "priority": draw(shares()),
        "stages": draw(stages()),
    }
    if draw(st.booleans()):
        found["balk"] = [
            {"line": 2, "share": 0.25},
            {"line": 6, "share": draw(shares())},
        ]
    if draw(st.booleans()):
        found["patience"] = draw(laws(15))
    if draw(st.booleans()):
        found["count"] = {"set_up": "5 min", "per_ballot": "30 s"}
    if draw(st.booleans()):
        found["interruption"] = {"reopen": "0 min", "seal": "1 min"}
    return found


def seldom() -> st.SearchStrategy[bool]:
    """Say yes in one world of four, and in the smallest not."""
    return st.sampled_from([False, False, False, True])


@st.composite
def habits(draw: st.DrawFn, spots: list[str], areas: list[str]) -> Data:
    """Make what a unit does when nothing is asked of it, and as its shift ends."""
    found: Data = {"shift_end": draw(st.sampled_from(["finish", "pause", "relieve"]))}
    priority = st.integers(1, 3)
    if areas:
        found["areas"] = [draw(st.sampled_from(areas))]
    if draw(seldom()):
        lasts = draw(lengths("10 min", "60 min"))
        found["closing"] = {"minutes": lasts, "priority": draw(priority)}
    if draw(seldom()) and len(spots) > 1:
        beat = draw(st.permutations(spots))[: draw(st.integers(2, 4))]
        found["beat"] = {"places": beat, "stay": draw(lengths("1 min", "12 min"))}
    if draw(seldom()):
        begin = draw(st.integers(0, 200))
        latest = begin + draw(st.sampled_from([0, 30]))
        found["breaks"] = [
            {
                "from": clock_text(begin),
                "latest": clock_text(latest),
                "lasts": draw(lengths("5 min", "25 min")),
                **({"above": draw(priority)} if draw(st.booleans()) else {}),
            }
        ]
    if draw(seldom()):
        found["self_initiated"] = {
            "per_hour": draw(st.sampled_from([0.5, 6.0])),
            "lasts": draw(laws(8)),
            "yields_to": draw(st.sampled_from([1, 2, 9])),
        }
    return found


@st.composite
def units(draw: st.DrawFn, spots: list[str], areas: list[str]) -> Data:
    begins = draw(st.sampled_from([0, 10, 60, 150]))
    ends = begins + draw(st.sampled_from([400, 240, 90]))
    shifts = [{"from": clock_text(begins), "until": clock_text(ends)}]
    if draw(st.booleans()):
        again = ends + draw(st.sampled_from([0, 30]))
        shifts.append({"from": clock_text(again), "until": clock_text(again + 90)})
    found: Data = {
        "agency": draw(st.sampled_from(["police", "police", "army"])),
        "skills": draw(
            st.lists(st.sampled_from(SKILLS), min_size=1, max_size=2, unique=True)
        ),
        "base": draw(st.sampled_from(spots)),
        "mode": draw(st.sampled_from(MODES)),
        "turnout": draw(laws(2)),
        "shifts": shifts,
        **draw(habits(spots, areas)),
    }
    if draw(st.sampled_from([False, False, True])):
        post = draw(st.integers(0, 200))
        found["posts"] = [
            {
                "place": draw(st.sampled_from(spots)),
                "from": clock_text(post),
                "until": clock_text(post + draw(st.integers(1, 200))),
                "strip": draw(st.sampled_from(["last", "never"])),
            }
        ]
        if found["posts"][0]["strip"] == "last" and draw(st.booleans()):
            found["posts"][0]["strip_above"] = draw(st.integers(1, 3))
    return found


def station_effects(station: str, stage: str) -> list[st.SearchStrategy[Data]]:
    at: Any = st.just(station)

    def kind(name: str, **parts: Any) -> st.SearchStrategy[Data]:
        return st.fixed_dictionaries({"kind": st.just(name), "station": at, **parts})

    within = lengths("1 min", "20 min")
    return [
        kind(
            "suspend",
            mode=st.sampled_from(["drain", "freeze", "abandon"]),
            return_share=shares(),
            return_within=within,
        ),
        kind("slow", stage=st.just(stage), factor=st.sampled_from([0.5, 2.0])),
        kind("lose_servers", stage=st.just(stage), servers=st.integers(1, 3)),
        kind("balking", factor=st.sampled_from([0.5, 3.0])),
        kind("drop", share=shares(), return_share=shares(), return_within=within),
    ]


def diversions(station: str, others: list[str]) -> list[st.SearchStrategy[Data]]:
    """Make effects that send voters of a station to another."""
    return [
        st.fixed_dictionaries(
            {
                "kind": st.just("divert"),
                "station": st.just(station),
                "to": st.just(to),
                "share": shares(),
                "line": shares(),
                "mode": st.sampled_from(MODES),
            }
        )
        for to in others
    ]


def road_effects(roads: list[str]) -> list[st.SearchStrategy[Data]]:
    named = st.lists(st.sampled_from(roads), min_size=1, max_size=2, unique=True)
    return [
        st.fixed_dictionaries({"kind": st.just("close_road"), "roads": named}),
        st.fixed_dictionaries(
            {
                "kind": st.just("slow_road"),
                "roads": named,
                "factor": st.sampled_from([0.25, 0.5]),
            }
        ),
    ]


@st.composite
def levels_of(
    draw: st.DrawFn, skills: list[str], effects: st.SearchStrategy[Data]
) -> list[Data]:
    """Make the levels of an incident; each needs at least what the last one does."""
    skill = draw(st.sampled_from(skills))
    needs = {skill: draw(st.sampled_from([1, 1, 2]))}
    if draw(seldom()):
        needs.setdefault(draw(st.sampled_from(skills)), 1)
    found: list[Data] = []
    for i in range(draw(st.sampled_from([1, 2, 3]))):
        level: Data = {
            "needs": {**needs, skill: max(needs[skill], i + 1)},
            "on_scene": draw(laws(draw(st.sampled_from([3, 25])))),
            "effects": draw(st.lists(effects, max_size=2)),
        }
        if i:
            level["after"] = f"{(6, 20)[i - 1]} min"
            if draw(st.booleans()):
                level["falls_after"] = draw(lengths("0 min", "4 min", "30 min"))
        found.append(level)
    return found


@st.composite
def courses(draw: st.DrawFn, spots: list[str]) -> Data:
    """Make how an incident is worked on and how it ends."""
    found: Data = {
        "starts": draw(st.sampled_from(["first", "first", "all"])),
        "leaves": draw(st.sampled_from(["independently", "together"])),
    }
    if draw(seldom()):
        found["gone_after"] = draw(laws(draw(st.sampled_from([5, 40]))))
    if draw(seldom()):
        to = st.lists(st.sampled_from(spots), min_size=1, max_size=2, unique=True)
        found["transport"] = {
            "share": draw(shares()),
            "to": draw(to),
            "hand_over": draw(laws(4)),
        }
    return found


@st.composite
def incident_types(
    draw: st.DrawFn,
    spots: list[str],
    skills: list[str],
    effects: st.SearchStrategy[Data],
) -> Data:
    found: Data = {
        "priority": draw(st.integers(1, 3)),
        "levels": draw(levels_of(skills, effects)),
        "none_free": draw(st.sampled_from(["wait", "wait", "pass"])),
        "report_delay": draw(laws(2)),
        "call_handling": draw(st.sampled_from(["0 min", "1 min"])),
        **draw(courses(spots)),
    }
    if found["none_free"] == "pass":
        # Nobody would end the effects of an incident that passes.
        for level in found["levels"]:
            level["effects"] = []
    if draw(st.sampled_from([True, True, False])):
        some = st.lists(st.sampled_from(spots), min_size=1, max_size=2, unique=True)
        per_hour = draw(st.sampled_from([0.5, 2.0]))
        found["rates"] = [{"places": draw(some), "per_hour": per_hour}]
    return found


AT_ONCE = ("incident", "surge", "move_station")


def moves(station: str, places: list[str]) -> list[st.SearchStrategy[Data]]:
    """Move a station; voters know it at once, or after a while."""
    move: dict[str, st.SearchStrategy[Any]] = {
        "kind": st.just("move_station"),
        "station": st.just(station),
        "to": st.sampled_from(places),
        "set_up": lengths("0 min", "10 min"),
    }
    late = {"balks": st.just("50 %"), "told_after": lengths("1 min", "30 min")}
    return [st.fixed_dictionaries(move), st.fixed_dictionaries(move | late)]


@st.composite
def scripts(draw: st.DrawFn, data: Data) -> Data:
    roads = [edge["id"] for edge in data["roads"]["network"]["edges"]]
    effects = road_effects(roads)
    for name in data["stations"]:
        effects += station_effects(name, "s0")
        others = [other for other in data["stations"] if other != name]
        effects += diversions(name, others) * 2
        surge = {"kind": st.just("surge"), "station": st.just(name)}
        surge |= {"voters": st.integers(1, 30), "over": lengths("0 min", "9 min")}
        effects.append(st.fixed_dictionaries(surge))
        effects += moves(name, list(data["places"]))
    touch = st.lists(st.sampled_from(list(data["units"])), max_size=2, unique=True)
    silence = {"kind": st.just("radio_loss"), "units": touch}
    late = {"kind": st.just("delay_reports"), "delay": lengths("1 min", "20 min")}
    effects += [st.fixed_dictionaries(silence), st.fixed_dictionaries(late)] * 2
    out = {"kind": st.just("out_of_service")}
    out["unit"] = st.sampled_from(list(data["units"]))
    incident = {"kind": st.just("incident")}
    incident["type"] = st.sampled_from(list(data["incidents"]))
    incident["place"] = st.sampled_from(list(data["places"]))
    effects += [st.fixed_dictionaries(out)] * 5 + [st.fixed_dictionaries(incident)] * 5
    found: Data = {}
    for i in range(draw(st.sampled_from([0, 2, 5, 8]))):
        inject: Data = {"title": f"Inject {i}", "effects": []}
        for effect in draw(st.lists(st.one_of(*effects), min_size=1, max_size=2)):
            end = draw(st.sampled_from(["for", "until", "never"]))
            if effect["kind"] in AT_ONCE or end == "never":
                inject["effects"].append(effect)
            elif end == "for":
                lasts = draw(lengths("0 min", "5 min", "40 min"))
                inject["effects"].append({**effect, "for": lasts})
            else:
                inject["effects"].append({**effect, "until": draw(minutes(60, 400))})
        inject |= draw(triggers(i, list(data["stations"])))
        found[f"I{i}"] = inject
    return found


@st.composite
def triggers(draw: st.DrawFn, number: int, names: list[str]) -> Data:
    kinds = ["at", "at", "at", "after", "level", *["queue"] * bool(names)]
    kind = draw(st.sampled_from(kinds))
    earlier = f"I{draw(st.integers(0, max(number - 1, 0)))}"
    if kind == "at" or not number:
        return {"at": draw(minutes(0, 300))}
    if kind == "after":
        return {"after": earlier, "delay": draw(lengths("0 min", "7 min"))}
    if kind == "queue":
        return {"when": f"queue({draw(st.sampled_from(names))}) >= 3"}
    return {"when": f"level({earlier}) >= {draw(st.integers(0, 2))}"}


@st.composite
def duties(draw: st.DrawFn, data: Data) -> Data:
    unit = st.sampled_from(list(data["units"]))
    spot = st.sampled_from(list(data["places"]))
    names = list(data["stations"])
    some = st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)
    stops = st.lists(spot, min_size=1, max_size=2)
    found: Data = {}
    kinds = draw(st.sets(st.sampled_from(["delivery", "guard", "round", "convoy"])))
    if "delivery" in kinds:
        found["delivery"] = {
            "kind": "delivery",
            "unit": draw(unit),
            "start": draw(minutes(0, 90)),
            "load_at": draw(spot),
            "stations": draw(some),
            "deadline": "08:00",
        }
    if "guard" in kinds:
        found["guard"] = {
            "kind": "guard",
            "units": draw(st.lists(unit, min_size=1, max_size=2, unique=True)),
            "place": draw(spot),
            "from": draw(minutes(0, 100)),
            "until": draw(minutes(120, 400)),
        }
    if "round" in kinds:
        found["round"] = {
            "kind": "auxiliary_round",
            "unit": draw(unit),
            "station": draw(st.sampled_from(names)),
            "officers": draw(st.integers(1, 3)),
            "start": draw(minutes(60, 200)),
            "stops": draw(stops),
            "voters": draw(st.sampled_from([0, 3, 100])),
            "visit": draw(laws(10)),
            "back_by": "11:00",
        }
    if "convoy" in kinds:
        found["convoy"] = {
            "kind": "convoy",
            "unit": draw(unit),
            "start": draw(minutes(100, 260)),
            "stations": draw(some),
            "to": draw(spot),
            "deadline": "12:30",
        }
    return found


@st.composite
def standbys(draw: st.DrawFn, spots: list[str]) -> Data:
    kind = draw(st.sampled_from(["table", "list", "cover"]))
    some = draw(st.permutations(spots))
    if kind != "table":
        return {"kind": kind, "places": some[:2]}
    return {"kind": kind, "table": {"1": some[:1], "2": some[:2]}}


# Rules of dispatch that any policy may have; each is in one world of four.
RULES: dict[str, list[Any]] = {
    "switch": [0.0, 0.2, 0.6],
    "reserve": [{3: 1}, {2: 1, 3: 2}],
    "ageing": ["10 min", "45 min"],
    "aid_beyond": ["0 min", "6 min"],
}


@st.composite
def dispatches(draw: st.DrawFn, data: Data) -> Data:
    """Make the rules by which the units of a world are sent."""
    spots, areas, names = list(data["places"]), areas_of(data["places"]), data["units"]
    policies = ["nearest", "nearest-idle", "keep-cover", "nearest-or-busy"]
    found: Data = {
        "policy": draw(st.sampled_from([*policies, *["home-area"] * bool(areas)]))
    }
    for rule, values in RULES.items():
        if draw(seldom()):
            found[rule] = draw(st.sampled_from(values))
    if found["policy"] == "home-area":
        wheres = st.sampled_from([*areas, *spots])
        orders = st.permutations(list(names))
        found["lists"] = draw(st.dictionaries(wheres, orders, max_size=3))
    if draw(st.booleans()):
        tables = [{3: [1, 2], 2: [1]}, {3: [1]}, {2: [1], 3: [2]}]
        found["preempt"] = draw(st.sampled_from(tables))
    if draw(seldom()):
        found["send"] = "together"
        found["behind"] = draw(st.sampled_from(["pass", "strict"]))
    if draw(seldom()):
        found["standby"] = draw(standbys(spots))
    if "cover" in (found["policy"][5:], found.get("standby", {}).get("kind")):
        found["cover"] = {"within": draw(lengths("3 min", "15 min"))}
    return found


@st.composite
def armies(draw: st.DrawFn) -> Data:
    found: Data = {"call_up": draw(lengths("20 min", "3 min"))}
    if draw(st.booleans()):
        found["agree"] = {
            "district": "5 min",
            "province": draw(lengths("0 min", "9 min")),
        }
    if draw(st.booleans()):
        found["stays"] = draw(lengths("15 min", "90 min"))
    return found


TARGETS = {
    "waits": {
        "title": "Waits",
        "measure": "wait.within",
        "within": "30 min",
        "bound": "at least 90 %",
        "population": "each station",
        "days": 0.9,
    },
    "responses": {
        "title": "Responses",
        "measure": "response.within",
        "within": "15 min",
        "bound": "at least 90 %",
        "population": "overall",
        "days": 0.8,
    },
}


def bare(draw: st.DrawFn, network: Data) -> Data:
    """Make what every random world has: a clock, roads, places, agencies."""
    return {
        "title": "A random world",
        "clock": {
            "day": "2021-05-23",
            "start": "06:00",
            "end": "13:00",
            "phases": {"during": "07:00", "after": "10:00"},
        },
        "rules": "none",
        "roads": roads_of(network),
        "places": draw(places(network)),
        "agencies": {"police": {}, "army": draw(armies())},
        "targets": TARGETS,
    }


def skills_of(data: Data) -> list[str]:
    return sorted({s for unit in data["units"].values() for s in unit["skills"]})


@st.composite
def worlds(draw: st.DrawFn) -> Data:
    """Make a random small scenario as plain data."""
    network = draw(networks())
    data = bare(draw, network)
    spots = list(data["places"])
    data["stations"] = {
        f"KV{i}": draw(stations(spots)) for i in range(draw(st.sampled_from([1, 2, 3])))
    }
    data["units"] = {
        f"U{i}": draw(units(spots, areas_of(data["places"])))
        for i in range(draw(st.sampled_from([2, 1, 4])))
    }
    data["dispatch"] = draw(dispatches(data))
    skills = skills_of(data)
    roads = [*(edge["id"] for edge in network["edges"]), "here"]
    sent = diversions("here", list(data["stations"]))
    effects = st.one_of(*station_effects("here", "s0"), *road_effects(roads), *sent[:2])
    data["incidents"] = {
        f"T{i}": draw(incident_types(spots, skills, effects))
        for i in range(draw(st.integers(1, 2)))
    }
    data["script"] = draw(scripts(data))
    data["duties"] = draw(duties(data))
    return data


@st.composite
def patrols(draw: st.DrawFn) -> Data:
    """Make a world of units and incidents alone, with more to do than hands."""
    network = draw(networks())
    data = bare(draw, network)
    data["stations"] = {}
    spots, areas = list(data["places"]), areas_of(data["places"])
    data["units"] = {
        f"U{i}": draw(units(spots, areas))
        | {
            "mode": draw(st.sampled_from(MODES[:3])),
            "skills": ["order", *["medical"] * draw(seldom())],
        }
        for i in range(draw(st.sampled_from([3, 2, 5])))
    }
    skills = skills_of(data)
    roads = [*(edge["id"] for edge in network["edges"]), "here"]
    effects = st.one_of(*road_effects(roads))
    data["incidents"] = {
        f"T{i}": draw(incident_types(spots, skills, effects))
        | {
            "priority": i,
            "rates": [{"places": spots[:3], "per_hour": draw(st.sampled_from([1, 2]))}],
        }
        for i in (1, 2, 3)
    }
    data["dispatch"] = draw(dispatches(data))
    data["script"] = draw(scripts(data))
    return data | {"duties": {}}
