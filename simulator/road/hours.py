"""Hours of roads and ferries: each opening or closing makes a new version of them."""

from functools import partial
from typing import TYPE_CHECKING

from simulator.log import Kind
from simulator.road.state import HOURS
from simulator.tie import Rank

if TYPE_CHECKING:
    from simulator.world import World


def keep_hours(world: "World") -> None:
    """Close and open the roads of a world at their hours.

    What is shut at the start is so from the start; everything else happens at its
    minute, before all else that is due then, and re-routes whoever is on the move.
    """
    closes: dict[float, list[str]] = {}
    opens: dict[float, list[str]] = {}
    for road, spans in world.setting.roads.shut(world.end).items():
        for begin, end in spans:
            closes.setdefault(begin, []).append(road)
            opens.setdefault(end, []).append(road)
    for time in sorted({*closes, *opens} - {0.0, world.end}):
        change = partial(
            _change, world, tuple(closes.get(time, ())), tuple(opens.get(time, ()))
        )
        world.clock.call_at(time, Rank.HOURS, change)
    if closes.get(0.0):
        world.roads.close(tuple(closes[0.0]), HOURS)
        _record(world, tuple(closes[0.0]), ())


def _change(world: "World", closes: tuple[str, ...], opens: tuple[str, ...]) -> None:
    def change() -> None:
        world.roads.close(closes, HOURS)
        world.roads.open(opens, HOURS)

    _record(world, closes, opens)
    world.change_roads(change)


def _record(world: "World", closes: tuple[str, ...], opens: tuple[str, ...]) -> None:
    world.record(
        Kind.ROAD_HOURS, "roads", "", closed=" ".join(closes), open=" ".join(opens)
    )
