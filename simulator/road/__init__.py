"""Roads: travel times, routes, positions mid-edge, closures.

networkx at the edge (the graph comes in), scipy on compressed rows inside. One reverse
search from a target ranks every unit: it gives each node's time to the target and its
next hop.
"""

from scenarios.scenario import Scenario
from simulator.road.area import roads_meant
from simulator.road.hours import keep_hours
from simulator.road.map import RoadMap, road_map
from simulator.road.state import RoadState
from simulator.road.trip import Leg, Position, Route, metres_of, position_after

__all__ = [
    "Leg",
    "Position",
    "RoadMap",
    "RoadState",
    "Route",
    "keep_hours",
    "map_of",
    "metres_of",
    "position_after",
    "road_map",
    "roads_meant",
]


def map_of(scenario: Scenario) -> RoadMap:
    """Make the road map of a scenario; the same for all its plans and replications."""
    setting = scenario.setting
    places = {**setting.places, **scenario.recorded.places()}
    return road_map(scenario.graph, setting.roads, places)
