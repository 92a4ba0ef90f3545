# Random worlds of units and incidents, to play the engine against the plain dispatch.
# Features are added by name, so that a disagreement can be brought down to one.
# Lengths, speeds and times are odd, so that ties are rare; `whole` makes them common.

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

Data = dict[str, Any]
END = 480  # 06:00 to 14:00
SKILLS = ("order", "medical", "fire")
FEATURES = (
    # what incidents ask for
    "delays", "several", "many", "levels", "falls", "starts", "leaves", "paces", "pass",
    "gone", "transport",
    # policies
    "nearest-idle", "home-area", "keep-cover", "nearest-or-busy",
    # rules
    "preempt", "switch", "reserve", "together", "strict", "ageing", "beyond",
    "table", "list", "cover",
    # units
    "fills",
    "shifts", "turnouts", "pause", "relieve", "closing", "posts", "breaks", "beats",
    "own-work", "aid", "stays",
    # script
    "placed", "out", "radio", "reports", "roads",
)  # fmt: skip
POLICIES = ("nearest-idle", "home-area", "keep-cover", "nearest-or-busy")


@dataclass
class Maker:
    """Draws the parts of a world; every clock time is used once, unless whole."""

    draw: st.DrawFn
    features: frozenset[str]
    whole: bool
    used: set[int] = field(default_factory=set)

    def has(self, feature: str) -> bool:
        return feature in self.features

    def maybe(self, feature: str) -> bool:
        return self.has(feature) and self.draw(st.booleans())

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def one(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def some(self, choices: list[str], most: int | None = None) -> list[str]:
        most = len(choices) if most is None else most
        return self.draw(
            st.lists(st.sampled_from(choices), min_size=1, max_size=most, unique=True)
        )

    def second(self, least: int, most: int) -> int:
        """Draw a time between two minutes, in seconds."""
        if self.whole:
            return 60 * self.number(least // 5, most // 5) * 5
        second = self.number(60 * least, 60 * most)
        while second in self.used:
            second += 1
        self.used.add(second)
        return second

    def moment(self, least: int, most: int) -> str:
        return clock_text(self.second(least, most))

    def lasts(self, least: int, most: int) -> str:
        if self.whole:
            return f"{5 * self.number(-(-least // 5), max(most // 5, 1))} min"
        return f"{self.number(60 * least + 1, 60 * most)} s"

    def law(self, mean: int) -> Any:
        """Draw a law with a mean in seconds."""
        if self.whole:
            return f"{mean // 60} min"
        return self.one(
            {"law": "exponential", "mean": f"{mean} s"},
            {"law": "lognormal", "mean": f"{mean} s", "cv": 0.7},
            {"law": "uniform", "low": "0 s", "high": f"{2 * mean} s"},
        )


def clock_text(second: int) -> str:
    hour, rest = divmod(6 * 3600 + second, 3600)
    day, hour = divmod(hour, 24)
    text = f"{hour:02d}:{rest // 60:02d}:{rest % 60:02d}"
    return f"D+{day} {text}" if day else text


@st.composite
def dispatch_worlds(
    draw: st.DrawFn, features: frozenset[str], *, whole: bool = False
) -> Data:
    """Make a world that uses some features."""
    make = Maker(draw, frozenset(features), whole)
    roads = make_roads(make)
    places = make_places(make, list(roads["network"]["nodes"]))
    agencies: Data = {"police": {}}
    if make.has("aid"):
        agencies["army"] = make_aid(make)
    data: Data = {
        "title": "A world",
        "clock": {"day": "2021-05-23", "start": "06:00", "end": "14:00"},
        "rules": "none",
        "roads": roads,
        "places": places,
        "agencies": agencies,
    }
    data["units"] = make_units(make, list(places))
    skills = sorted({s for unit in data["units"].values() for s in unit["skills"]})
    data["incidents"] = {
        f"T{i}": make_type(make, list(places), skills) for i in range(make.number(1, 3))
    }
    data["dispatch"] = make_rules(make, data)
    data["script"] = make_script(make, data)
    return data


# ---- roads and places ------------------------------------------------------------


def make_roads(make: Maker) -> Data:
    """Make a ring or a line of two-way roads, and roads across, some one-way."""
    number = make.number(2, 6)
    spots = make.draw(
        st.lists(
            st.tuples(st.integers(0, 12), st.integers(0, 12)),
            min_size=number,
            max_size=number,
            unique=True,
        )
    )
    odd = 0.0 if make.whole else 1.0
    nodes = {
        f"n{i}": [1000.0 * x + odd * (17.3 * i + 3.1 * y), 1000.0 * y + odd * 29.7 * i]
        for i, (x, y) in enumerate(spots)
    }
    ends = [(f"n{i}", f"n{i + 1}") for i in range(number - 1)]
    names = list(nodes)
    pairs = st.tuples(st.sampled_from(names), st.sampled_from(names))
    ends += make.draw(st.lists(pairs.filter(lambda p: p[0] != p[1]), max_size=5))
    edges = []
    for i, (tail, head) in enumerate(ends):
        edge: Data = {"id": f"r{i}", "from": tail, "to": head, "road": "lane"}
        if i >= number - 1:
            edge["one_way"] = make.draw(st.booleans())
        if make.whole:
            edge["length"] = f"{make.number(1, 8)} km"
        else:
            edge["speed"] = f"{20 + 7.13 * i + make.number(0, 30)} km/h"
        edges.append(edge)
    classes = {"lane": {"car": "60 km/h", "motorcycle": "60 km/h", "foot": "6 km/h"}}
    return {"network": {"nodes": nodes, "edges": edges}, "classes": classes}


def make_places(make: Maker, nodes: list[str]) -> Data:
    places: Data = {}
    for i in range(make.number(2, 6 if make.whole else len(nodes))):
        # Places at one node make ties, as whole minutes do.
        places[f"p{i}"] = {"node": make.one(*nodes) if make.whole else nodes[i]}
        if make.has("home-area"):
            area = ("east", "west")[i] if i < 2 else make.one("east", "west")
            places[f"p{i}"]["area"] = area
    return places


# ---- units -----------------------------------------------------------------------


def make_aid(make: Maker) -> Data:
    aid: Data = {"call_up": make.lasts(1, 30)}
    if make.draw(st.booleans()):
        aid["agree"] = {"district": make.lasts(1, 15), "province": make.lasts(1, 15)}
    if make.maybe("stays"):
        aid["stays"] = make.lasts(5, 120)
    return aid


def make_units(make: Maker, places: list[str]) -> Data:
    units: Data = {}
    for i in range(make.number(1, 6 if make.whole else len(places))):
        units[f"U{i}"] = make_unit(make, places, i)
        if make.has("aid") and i and make.draw(st.booleans()):
            units[f"U{i}"]["agency"] = "army"
            units[f"U{i}"].pop("posts", None)
    return units


def make_unit(make: Maker, places: list[str], number: int) -> Data:
    unit: Data = {
        "agency": "police",
        "skills": make_skills(make),
        # Two units at one base make ties.
        "base": make.one(*places) if make.whole else places[number],
        "mode": make.one("car", "motorcycle"),
        "turnout": make.law(120 + 7 * number),
    }
    if make.maybe("fills"):
        unit["fills"] = make.number(1, 3)
    first = make.second(0, 20)
    last = 60 * (END + 30)
    unit["shifts"] = [{"from": clock_text(first), "until": clock_text(last)}]
    if make.maybe("shifts"):
        middle, again = make.second(60, 220), make.second(230, 330)
        unit["shifts"] = [
            {"from": clock_text(first), "until": clock_text(middle)},
            {"from": clock_text(again), "until": make.moment(340, 470)},
        ]
    for shift in unit["shifts"]:
        if make.maybe("turnouts"):
            shift["turnout"] = make.law(make.one(60, 600) + 11 * number)
    if make.has("home-area"):
        unit["areas"] = make.draw(
            st.lists(st.sampled_from(["east", "west"]), max_size=2, unique=True)
        )
    add_rules(make, unit, places)
    return unit


def add_rules(make: Maker, unit: Data, places: list[str]) -> None:
    """Add what a unit may have beside its shifts."""
    for rule in ("pause", "relieve"):
        if make.maybe(rule):
            unit["shift_end"] = rule
    if make.maybe("closing"):
        unit["closing"] = {"minutes": make.lasts(5, 60), "priority": make.number(1, 2)}
    if make.maybe("posts"):
        unit["posts"] = [make_post(make, places)]
    if make.maybe("breaks"):
        unit["breaks"] = make_breaks(make)
    add_idle_rules(make, unit, places)


def add_idle_rules(make: Maker, unit: Data, places: list[str]) -> None:
    """Add what a unit may do of its own accord, and its home areas."""
    if make.maybe("beats"):
        beat = [make.one(*places) for _ in range(make.number(2, 3))]
        unit["beat"] = {"places": beat, "stay": make.lasts(1, 20)}
    if make.maybe("own-work"):
        unit["self_initiated"] = {
            "per_hour": make.one(0.5, 2.0),
            "lasts": make.law(make.one(300, 1200)),
            "yields_to": make.number(1, 3),
        }


def make_skills(make: Maker) -> list[str]:
    if make.has("many"):  # equal totals are common
        return make.some(list(SKILLS[:2]), 2)
    return [make.one(*SKILLS)] if make.has("several") else ["order"]


def make_post(make: Maker, places: list[str]) -> Data:
    post: Data = {
        "place": make.one(*places),
        "from": make.moment(0, 200),
        "until": make.moment(210, 480),
        "strip": make.one("last", "never"),
    }
    if post["strip"] == "last" and make.draw(st.booleans()):
        post["strip_above"] = make.number(1, 2)
    return post


def make_breaks(make: Maker) -> list[Data]:
    breaks = []
    for begin in (60, 280)[: make.number(1, 2)]:
        rest: Data = {
            "from": make.moment(begin, begin + 30),
            "latest": make.moment(begin + 35, begin + 120),
            "lasts": make.lasts(10, 60),
        }
        if make.draw(st.booleans()):
            rest["above"] = make.number(1, 2)
        breaks.append(rest)
    return breaks


# ---- incidents -------------------------------------------------------------------


def make_type(make: Maker, places: list[str], skills: list[str]) -> Data:
    most = 3 if make.has("several") else 1
    needs = {
        skill: make.number(1, 2) if make.has("many") else 1
        for skill in make.some(skills, min(most, len(skills)))
    }
    levels: list[Data] = [{"needs": needs, "on_scene": make.law(make.one(600, 1800))}]
    if make.has("levels") or make.has("falls"):
        levels += make_levels(make, needs, skills)
    add_paces(make, levels)
    found: Data = {
        "priority": make.number(1, 3),
        "levels": levels,
        "rates": [
            {"places": make.some(places, 2), "per_hour": make.one(0.3, 1.0, 2.0)}
        ],
    }
    add_course(make, found, places)
    return found


def add_paces(make: Maker, levels: list[Data]) -> None:
    for level in levels:
        if make.maybe("paces"):
            sizes = make.some(["1", "2", "3", "4"])
            level["pace"] = {n: make.one("40 %", "100 %", "130 %", 2) for n in sizes}


def add_course(make: Maker, found: Data, places: list[str]) -> None:
    """Add what is special in the course of an incident."""
    if make.has("delays") and make.draw(st.booleans()):
        found["report_delay"] = make.law(180)
        found["call_handling"] = make.law(120)
    if make.maybe("starts"):
        found["starts"] = "all"
    if make.maybe("leaves"):
        found["leaves"] = "together"
    if make.maybe("pass"):
        found["none_free"] = "pass"
    if make.maybe("gone"):
        found["gone_after"] = make.law(1200)
    if make.maybe("transport"):
        found["transport"] = {
            "share": make.one(0.5, 1.0),
            "to": make.some(places, 2),
            "hand_over": make.law(300),
        }


def make_levels(make: Maker, needs: Data, skills: list[str]) -> list[Data]:
    levels, before, after = [], needs, 0
    for _ in range(make.number(1, 2)):
        skill = make.one(*skills)
        more = {**before, skill: before.get(skill, 0) + make.number(0, 1)}
        before = {skill: number for skill, number in more.items() if number}
        after += make.number(60, 900)
        level: Data = {
            "needs": before,
            "on_scene": make.law(make.one(600, 1800)),
            "after": f"{after + 1} s",
        }
        if make.maybe("falls"):
            level["falls_after"] = make.lasts(1, 15)
        levels.append(level)
    return levels


# ---- rules -----------------------------------------------------------------------


def make_rules(make: Maker, data: Data) -> Data:
    rules: Data = {"policy": "nearest"}
    named = [policy for policy in POLICIES if make.has(policy)]
    if named:
        rules["policy"] = make.one(*named)
    if rules["policy"] == "home-area" and make.draw(st.booleans()):
        names = ["east", "west", *data["places"]]
        rules["lists"] = {
            name: make.some(list(data["units"])) for name in make.some(names, 4)
        }
    add_queue_rules(make, rules)
    kinds = [kind for kind in ("table", "list", "cover") if make.has(kind)]
    if rules["policy"] == "keep-cover" or "cover" in kinds:
        rules["cover"] = {"within": make.lasts(3, 15), "busy": make.one(0.2, 0.5)}
    if kinds:
        rules["standby"] = make_standby(make, make.one(*kinds), list(data["places"]))
    return rules


def add_queue_rules(make: Maker, rules: Data) -> None:
    if make.has("preempt"):
        rules["preempt"] = make.one(
            {"3": [1, 2], "2": [1]}, {"3": [1]}, {"2": [1]}, {"3": [2]}
        )
    if make.has("switch"):
        rules["switch"] = make.one(0.0, 0.2, 0.5)
    if make.has("reserve"):
        rules["reserve"] = {str(p): make.number(0, 2) for p in (1, 2, 3)}
    if make.has("together") or make.has("strict"):
        rules["send"] = "together"
        rules["behind"] = "strict" if make.has("strict") else "pass"
    if make.has("ageing"):
        rules["ageing"] = make.lasts(5, 30)
    if make.has("beyond"):
        rules["aid_beyond"] = make.lasts(2, 15)


def make_standby(make: Maker, kind: str, places: list[str]) -> Data:
    if kind != "table":
        return {"kind": kind, "places": make.some(places, 3)}
    table = {}
    for size in range(1, make.number(1, 5) + 1):
        table[str(size)] = make.some(places, size)
    return {"kind": kind, "table": table}


# ---- script ----------------------------------------------------------------------


def make_script(make: Maker, data: Data) -> Data:
    kinds = [k for k in ("placed", "out", "radio", "reports", "roads") if make.has(k)]
    script: Data = {}
    for i in range(make.number(1, 6) if kinds else 0):
        effects = [make_effect(make, make.one(*kinds), data)]
        if make.draw(st.booleans()):
            effects.append(make_effect(make, make.one(*kinds), data))
        script[f"I{i}"] = {
            "title": f"Inject {i}",
            "at": make.moment(5, 400),
            "effects": effects,
        }
        if i and make.one(False, False, True):
            script[f"I{i}"].pop("at")
            script[f"I{i}"]["after"] = f"I{make.number(0, i - 1)}"
            script[f"I{i}"]["delay"] = make.lasts(1, 30)
    return script


def make_effect(make: Maker, kind: str, data: Data) -> Data:
    if kind == "placed":
        return {
            "kind": "incident",
            "type": make.one(*data["incidents"]),
            "place": make.one(*data["places"]),
        }
    effect: Data
    if kind == "out":
        effect = {"kind": "out_of_service", "unit": make.one(*data["units"])}
    elif kind == "radio":
        effect = {"kind": "radio_loss"}
        if make.draw(st.booleans()):
            effect["units"] = make.some(list(data["units"]))
    elif kind == "reports":
        effect = {"kind": "delay_reports", "delay": make.lasts(1, 30)}
    else:
        roads = [edge["id"] for edge in data["roads"]["network"]["edges"]]
        effect = {"kind": "close_road", "roads": make.some(roads, 2)}
        if make.draw(st.booleans()):
            effect["kind"] = "slow_road"
            effect["factor"] = make.one(0.3, 0.6)
    if make.one(True, True, False):
        effect["for"] = make.lasts(1, 90)
    return effect
