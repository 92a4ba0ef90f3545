"""Relief of posts: another unit stands there before the guard may go."""

from typing import TYPE_CHECKING

from scenarios.force import Post
from simulator.road import Position

if TYPE_CHECKING:
    from simulator.incident import Incident, Slot
    from simulator.unit import Unit
    from simulator.world import World


class Reliefs:
    """The reliefs of posts of one world.

    Parameters
    ----------
    world
        Whose units hold the posts.
    """

    def __init__(self, world: "World") -> None:
        self.world = world
        self.exists = any(
            post.relief for unit in world.setting.units.values() for post in unit.posts
        )
        # Who has been sent to stand where a guard stands.
        self._sent: dict[str, str] = {}

    def may_go(self, unit: "Unit", post: Post, priority: int) -> bool:
        """Tell whether dispatch may strip a post for a priority."""
        if post.strip != "last" or priority > (post.strip_above or 9):
            return False
        return not post.relief or any(
            other.where() == self._at(post) for other in self._free(unit)
        )

    def ask(self, incident: "Incident", slot: "Slot", priority: int) -> None:
        """Send the nearest free unit to relieve a guard who could fill a slot."""
        if not self.exists:
            return
        guards = [
            u for u in self.world.units.values() if self._bound(u, slot, priority)
        ]
        guard = min(guards, key=lambda u: u.minutes_to(incident.node), default=None)
        if guard is None or guard.name in self._sent.values():
            return
        post = guard.post()
        assert post is not None
        node = self._at(post).node
        free = [u for u in self._free(guard) if u.name not in self._sent]
        relief = min(free, key=lambda u: (u.minutes_to(node), u.order), default=None)
        if relief is not None:
            self._sent[relief.name] = guard.name
            relief.idle.move(post.place)

    def come_back(self, guard: "Unit") -> None:
        """Let a relief go, for the guard stands there again."""
        for name in [n for n, g in self._sent.items() if g == guard.name]:
            del self._sent[name]
            self.world.units[name].idle.move(None)

    # ---- inside ----------------------------------------------------------------

    def _at(self, post: Post) -> Position:
        return Position(self.world.road_map.places[post.place])

    def _free(self, guard: "Unit") -> list["Unit"]:
        """Give the own units without a post that nothing is asked of."""
        return [
            unit
            for unit in self.world.units.values()
            if unit is not guard
            and not unit.is_aid
            and unit.post() is None
            and unit.waits()
            and not unit.silent
        ]

    def _bound(self, unit: "Unit", slot: "Slot", priority: int) -> bool:
        """Tell whether a unit could fill a slot if it were relieved."""
        post = unit.post()
        if post is None or not post.relief or slot.skill not in unit.skills:
            return False
        asked = priority <= (post.strip_above or 9)
        return asked and unit.available(priority) and not unit.is_aid
