# A busy made-up town in which every rule of dispatch has something to do.

from typing import Any

from scenarios.scenario import Scenario
from tests.worlds import scenario_of

SHIFT = {"from": "06:00", "until": "16:00"}
EARLY = {"from": "06:00", "until": "11:00"}
LATE = {"from": "11:00", "until": "16:00"}
AGAIN = {"from": "11:25", "until": "16:00"}
NODES = {
    "w": [0, 0],
    "c": [3000, 0],
    "e": [6500, 0],
    "n": [3000, 2500],
    "s": [3000, -4000],
}
EDGES = [("w", "c"), ("c", "e"), ("c", "n"), ("c", "s"), ("n", "e"), ("w", "s")]
POLICIES = ("nearest", "nearest-idle", "home-area", "keep-cover", "nearest-or-busy")


def unit(base: str, *skills: str, **more: Any) -> dict[str, Any]:
    law = {"law": "lognormal", "mean": "2 min", "cv": 0.5}
    found = {"agency": "police", "skills": list(skills), "base": base, "mode": "car"}
    return {**found, "turnout": law, "shifts": [SHIFT], **more}


def town(policy: str = "nearest", *, fills: int = 1, **dispatch: Any) -> Scenario:
    """Make the town; keys of ``dispatch`` are laid over its standing orders.

    Where each unit fills several needs, it can do all, and there are four times as many
    incidents.
    """
    work = {"law": "exponential", "mean": "18 min"}
    incidents = {
        "fight": {
            "priority": 2,
            "call_handling": "1 min",
            "levels": [
                {"needs": {"order": 1}, "on_scene": work},
                {
                    "needs": {"order": 2, "medical": 1},
                    "on_scene": work,
                    "after": "14 min",
                    "falls_after": "6 min",
                },
            ],
            "rates": [{"places": ["west", "east", "south"], "per_hour": 0.7}],
        },
        "crash": {
            "priority": 1,
            "starts": "all",
            "leaves": "together",
            "transport": {"share": 0.5, "to": ["north"], "hand_over": "4 min"},
            "levels": [{"needs": {"order": 1, "medical": 1}, "on_scene": work}],
            "rates": [{"places": ["centre", "south"], "per_hour": 0.4}],
        },
        "theft": {
            "priority": 3,
            "gone_after": "35 min",
            "report_delay": "3 min",
            "levels": [{"needs": {"order": 1}, "on_scene": work}],
            "rates": [{"places": ["north", "east"], "per_hour": 0.6}],
        },
    }
    own = {"per_hour": 0.5, "lasts": "12 min", "yields_to": 2}
    rest = {"from": "09:00", "latest": "09:30", "lasts": "20 min", "above": 1}
    data = {
        "title": "A busy town",
        "clock": {"day": "2021-05-23", "start": "06:00", "end": "18:00"},
        "roads": {
            "network": {
                "nodes": NODES,
                "edges": [
                    {"id": f"{a}{b}", "from": a, "to": b, "road": "street"}
                    for a, b in EDGES
                ],
            },
            "classes": {"street": {"car": "40 km/h"}},
        },
        "places": {
            "west": {"node": "w", "area": "left"},
            "centre": {"node": "c", "area": "left"},
            "east": {"node": "e", "area": "right"},
            "north": {"node": "n", "area": "right"},
            "south": {"node": "s"},
        },
        "agencies": {
            "police": {},
            "district": {
                "call_up": "8 min",
                "agree": {"chief": "5 min"},
                "stays": "1 h",
            },
        },
        "units": {
            "P1": unit(
                "west", "order", areas=["left"], shift_end="relieve", shifts=[EARLY]
            ),
            "P2": unit(
                "east", "order", areas=["right"], breaks=[rest], self_initiated=own
            ),
            "P3": unit("centre", "order", beat={"places": ["centre", "north", "east"]}),
            "P4": unit("north", "order", shifts=[EARLY, AGAIN], shift_end="pause"),
            "P5": unit("west", "order", shifts=[LATE], self_initiated=own),
            "M1": unit(
                "centre", "medical", closing={"minutes": "30 min", "priority": 1}
            ),
            "M2": unit("south", "medical", "order", shifts=[LATE]),
            "G1": unit(
                "east",
                "order",
                posts=[{"place": "north", **EARLY, "strip": "last", "strip_above": 2}],
            ),
            "G2": unit("west", "order", posts=[{"place": "south", **EARLY}]),
            "D1": unit("east", "order", "medical", agency="district"),
            "D2": unit("west", "order", agency="district"),
        },
        "incidents": incidents,
        "dispatch": {
            "policy": policy,
            "cover": {"within": "6 min"},
            "preempt": {"3": [1, 2], "2": [1]},
            "switch": 0.3,
            "reserve": {"3": 2},
            "ageing": "40 min",
            **dispatch,
        },
        "script": {
            "radio": {
                "title": "Radio lost",
                "at": "08:00",
                "effects": [
                    {"kind": "radio_loss", "units": ["P2", "M1"], "for": "40 min"}
                ],
            },
            "out": {
                "title": "Broken down",
                "at": "10:00",
                "effects": [{"kind": "out_of_service", "unit": "P3", "for": "50 min"}],
            },
            "roads": {
                "title": "Flood",
                "at": "12:00",
                "effects": [{"kind": "close_road", "roads": ["ce"], "for": "60 min"}],
            },
        },
    }
    if policy == "home-area":
        data["dispatch"]["lists"] = {
            place: ["P3", "P4", "M1", "M2", "P1", "P2", "P5", "G1", "D1"]
            for place in data["places"]
        }
    if fills > 1:
        spread(data, fills)
    return scenario_of(data)


def spread(data: dict[str, Any], fills: int) -> None:
    """Have each unit do all, and fill several needs; there are more incidents."""
    for each in data["units"].values():
        each |= {"skills": ["order", "medical"], "fills": fills}
    for kind in data["incidents"].values():
        for rate in kind["rates"]:
            rate["per_hour"] *= 3
