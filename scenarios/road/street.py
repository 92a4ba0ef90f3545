"""Streets: the roads of a network by the names on the map."""

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenarios.road.network import Graph


def streets_of(graph: "Graph") -> dict[str, float]:
    """Measure the streets of a network.

    Returns
    -------
    dict
        Metres by name, all carriageways together, the longest street first.
    """
    roads = {data["id"]: data for *_, data in graph.edges(data=True)}
    metres: dict[str, float] = defaultdict(float)
    for data in roads.values():
        for name in data["streets"]:
            metres[name] += data["length"]
    return dict(sorted(metres.items(), key=lambda item: (-item[1], item[0])))
