"""Turn restrictions of OpenStreetMap, made into turns that are not allowed.

Those via a node are honoured. Those via a way, by the hour, or with parts missing are
counted and not modelled. A barrier on a road bars going on past it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from scenarios.road.access import VEHICLES
from scenarios.road.network import Road, Turn

_KIND = re.compile(r"(no|only)_[a-z_]+")
_ALL = frozenset(VEHICLES)
# Whom a restriction of one's own binds, and whom an exception lets off.
_WHOM: dict[str, frozenset[str]] = {
    "": _ALL,
    "vehicle": _ALL,
    "motor_vehicle": _ALL,
    "motorcar": frozenset({"car"}),
    "motorcycle": frozenset({"motorcycle"}),
    "hgv": frozenset({"truck"}),
}
_BY_HOUR = ("day_on", "day_off", "hour_on", "hour_off", "time", "opening_hours")
WHY = {
    "hour": "by the hour",
    "way": "via a way",
    "missing": "with parts missing",
    "unclear": "whose roads do not meet clearly at the node",
    "unread": "of a kind that cannot be read",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A turn restriction as a file gives it.

    Parameters
    ----------
    tags
        What it says.
    members
        Kind (``n`` or ``w``), name and role of each part.
    """

    tags: Mapping[str, str]
    members: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A turn restriction via a node, read.

    Parameters
    ----------
    origins, goals
        Ways it leads from and to.
    via
        The node.
    only
        Whether it allows these turns alone, else it forbids them.
    modes
        Whom it binds.
    """

    origins: tuple[str, ...]
    goals: tuple[str, ...]
    via: str
    only: bool
    modes: frozenset[str]


@dataclass(slots=True)
class _End:
    """The end of a road at a node."""

    name: str
    way: str
    arrives: bool
    leaves: bool


class Turns:
    """Reads turn restrictions and counts those that are not modelled.

    Parameters
    ----------
    may_pass
        Access values that units may pass: where ``emergency`` is among them, a
        restriction that excepts emergency vehicles binds no unit.
    """

    def __init__(self, may_pass: Collection[str]) -> None:
        self.may_pass = may_pass
        self.left_out: Counter[str] = Counter()
        self.others = 0
        self.off_roads = 0
        self.honoured = 0

    def read(self, restrictions: Iterable[Restriction]) -> list[Rule]:
        """Read those that can be modelled."""
        return [rule for r in restrictions for rule in self._rules(r)]

    def _rules(self, found: Restriction) -> Iterator[Rule]:
        tags = found.tags
        own = {k: v for k, v in tags.items() if k.partition(":")[0] == "restriction"}
        plain = {k: v for k, v in own.items() if not k.endswith(":conditional")}
        bound = {k: self._bound(k, tags) for k in plain}
        whom = {k: modes for k, modes in bound.items() if modes}
        if not plain or any(key in tags for key in _BY_HOUR):
            self.left_out["hour" if own else "unread"] += 1
        elif not whom:
            self.others += 1
        else:
            yield from self._whole(found, {k: plain[k] for k in whom}, whom)

    def _whole(
        self,
        found: Restriction,
        kinds: Mapping[str, str],
        whom: Mapping[str, frozenset[str]],
    ) -> Iterator[Rule]:
        role: dict[tuple[str, str], list[str]] = defaultdict(list)
        for kind, name, part in found.members:
            role[kind, part].append(name)
        origins, goals = role["w", "from"], role["w", "to"]
        via = role["n", "via"]
        if role["w", "via"]:
            self.left_out["way"] += 1
        elif not origins or not goals or len(via) != 1:
            self.left_out["missing"] += 1
        elif not all(_KIND.fullmatch(kind) for kind in kinds.values()):
            self.left_out["unread"] += 1
        else:
            for key, kind in kinds.items():
                yield Rule(
                    origins=tuple(origins),
                    goals=tuple(goals),
                    via=via[0],
                    only=kind.startswith("only"),
                    modes=whom[key],
                )

    def _bound(self, key: str, tags: Mapping[str, str]) -> frozenset[str]:
        modes = _WHOM.get(key.partition(":")[2], frozenset())
        for word in map(str.strip, tags.get("except", "").split(";")):
            if word == "emergency" and word in self.may_pass:
                return frozenset()
            modes -= _WHOM.get(word or "nobody", frozenset())
        return modes

    def turns(
        self,
        rules: Iterable[Rule],
        roads: Mapping[str, Road],
        known: Collection[str],
        stops: Mapping[str, frozenset[str]],
    ) -> tuple[Turn, ...]:
        """Write rules and barriers out as turns that are not allowed.

        Parameters
        ----------
        rules
            From `read`.
        roads
            All roads by their names, no loops among them.
        known
            Ways of the file, roads or not: a rule of others has parts missing.
        stops
            Modes that a barrier on a node stops.
        """
        rules = list(rules)
        at = _ends_at({rule.via for rule in rules} | stops.keys(), roads)
        barred: dict[tuple[str, str, str], frozenset[str]] = defaultdict(frozenset)
        for rule in rules:
            for pair in self._pairs(rule, at[rule.via], known):
                barred[pair[0], rule.via, pair[1]] |= rule.modes
        for node, modes in stops.items():
            for a in at[node]:
                for b in at[node]:
                    if a is not b and a.arrives and b.leaves:
                        barred[a.name, node, b.name] |= modes
        return tuple(
            Turn(from_road=a, via=node, to_road=b, barred=modes)
            for (a, node, b), modes in sorted(barred.items(), key=lambda item: item[0])
        )

    def _pairs(
        self, rule: Rule, ends: list[_End], known: Collection[str]
    ) -> list[tuple[str, str]]:
        """Name the pairs of roads that a rule bars; count the rule."""
        if not {*rule.origins, *rule.goals} <= set(known):
            self.left_out["missing"] += 1
            return []
        used = {end.way for end in ends}
        if not used.issuperset(rule.origins):
            self.off_roads += 1  # nobody comes from there
            return []
        origins = [
            _only(end for end in ends if end.way == way and end.arrives)
            for way in rule.origins
        ]
        goals = [
            _only(end for end in ends if end.way == way and end.leaves)
            for way in rule.goals
        ]
        if not rule.only and not used.intersection(rule.goals):
            self.off_roads += 1  # nobody goes there
            return []
        froms = [end for end in origins if end]
        tos = [end for end in goals if end]
        if len(froms) < len(origins) or len(tos) < len(goals):
            self.left_out["unclear"] += 1
            return []
        self.honoured += 1
        if rule.only:
            tos = [e for e in ends if e.leaves and e.name not in {t.name for t in tos}]
        return [(a.name, b.name) for a in froms for b in tos]

    def notes(self) -> Iterator[str]:
        """Say what is not modelled, and why."""
        if self.left_out:
            parts = ", ".join(f"{n} {WHY[why]}" for why, n in self.left_out.items())
            yield f"turn restrictions that are not modelled: {parts}"
        if self.others:
            yield f"{self.others} turn restriction(s) bind none of the units"
        if self.off_roads:
            yield (
                f"{self.off_roads} turn restriction(s) concern ways that are left out, "
                "or turns against a one-way street"
            )


def _only(ends: Iterator[_End]) -> _End | None:
    """Give the one end there is; None when there are several, or none."""
    found = list(ends)
    return found[0] if len(found) == 1 else None


def _ends_at(
    nodes: Collection[str], roads: Mapping[str, Road]
) -> Mapping[str, list[_End]]:
    at: dict[str, list[_End]] = defaultdict(list)
    for name, road in roads.items():
        for node, way, into, out in (
            (road.tail, road.ends[0], road.back, road.ahead),
            (road.head, road.ends[1], road.ahead, road.back),
        ):
            if node in nodes:
                at[node].append(_End(name, way, into is not None, out is not None))
    return at
