"""Turn restrictions, by splitting nodes.

Who comes to a node on a road from which some turn is barred comes to a copy of the
node, which every road leaves that may be taken from there. A mode that is exempt takes
the barred ones too: so one network serves all modes, and only the times differ.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from scenarios.force import MODES, Mode
from simulator.road.arc import Arc, Floats, Ints


class Turn(Protocol):
    """Who comes on one road to a node may not go on over another, in some modes."""

    @property
    def from_road(self) -> str:
        """Id of the road it comes from."""

    @property
    def via(self) -> str:
        """Name of the node."""

    @property
    def to_road(self) -> str:
        """Id of the road it would go on over."""

    @property
    def barred(self) -> frozenset[Mode]:
        """Modes that may not."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What is barred to those who come to a node by certain arcs.

    Parameters
    ----------
    node
        Where.
    into
        The arcs they come by.
    out
        The barred arcs, and to which modes.
    """

    node: str
    into: list[int]
    out: dict[int, frozenset[Mode]]


def bars_of(
    turns: Sequence[Turn], arcs: list[Arc], twins: list[int], cut: Iterable[str]
) -> list[Bar]:
    """List what turn restrictions bar, on the arcs as they are after splitting roads.

    Parameters
    ----------
    turns
        The restrictions.
    arcs, twins
        All arcs, and the arc the other way of each.
    cut
        Nodes at which a road was split to hold a place. Nobody may turn back there in
        passing: a place that happens to lie on a road opens no way round a restriction.
    """
    if not turns:
        return []
    barred: dict[tuple[str, str], dict[str, set[Mode]]] = {}
    for turn in turns:
        onto = barred.setdefault((turn.via, turn.from_road), {})
        onto.setdefault(turn.to_road, set()).update(turn.barred)
    inside, cuts = {via for via, _ in barred}, set(cut)
    into, out = defaultdict(list), defaultdict(list)
    for i, arc in enumerate(arcs):
        if arc.head in inside or arc.head in cuts:
            into[arc.head].append(i)
        if arc.tail in inside:
            out[arc.tail].append(i)
    found = [
        Bar(node, [i], {twins[i]: frozenset(MODES)})
        for node in cuts - inside
        for i in sorted(into[node])
        if twins[i] >= 0
    ]
    for (via, road), onto in barred.items():
        comes = [i for i in into[via] if arcs[i].road == road]
        leaves = {
            i: frozenset(onto[arcs[i].road]) for i in out[via] if arcs[i].road in onto
        }
        found.append(Bar(via, comes, leaves))
    return [bar for bar in found if bar.into and any(bar.out.values())]


@dataclass(frozen=True, slots=True)
class Split:
    """The network with its split nodes.

    Parameters
    ----------
    tail, head
        Nodes of each arc, copies behind the originals.
    stands
        For each node, copies included, the node of the map it is.
    original
        For each arc, copies included, the arc of the map it is.
    minutes
        Travel times by mode.
    """

    tail: Ints
    head: Ints
    stands: Ints
    original: Ints
    minutes: dict[Mode, Floats]


def split_nodes(
    tail: Ints, head: Ints, size: int, minutes: dict[Mode, Floats], bars: list[Bar]
) -> Split:
    """Split nodes at which something is barred.

    Parameters
    ----------
    tail, head, size
        Nodes of each arc, and how many nodes there are.
    minutes
        Travel times by mode.
    bars
        What is barred.
    """
    head, stands = head.copy(), list(range(size))
    for bar in bars:
        copied = tail[next(iter(bar.out))]
        head[bar.into] = len(stands)
        stands.append(int(copied))
    leaves: dict[int, list[int]] = {node: [] for node in stands[size:]}
    for arc, node in enumerate(tail.tolist()):
        if node in leaves:
            leaves[node].append(arc)
    tails: list[int] = []
    originals: list[int] = []
    closed: dict[Mode, list[int]] = {mode: [] for mode in MODES}
    for copy, bar in enumerate(bars, start=size):
        for arc in leaves[stands[copy]]:
            for mode in bar.out.get(arc, ()):
                closed[mode].append(len(tail) + len(tails))
            tails.append(copy)
            originals.append(arc)
    original = np.concatenate([np.arange(len(tail)), np.array(originals, dtype=int)])
    found = {mode: times[original] for mode, times in minutes.items()}
    for mode, arcs in closed.items():
        found[mode][arcs] = np.inf
    return Split(
        tail=np.concatenate([tail, np.array(tails, dtype=tail.dtype)]),
        head=head[original],
        stands=np.array(stands, dtype=np.int64),
        original=original,
        minutes=found,
    )
