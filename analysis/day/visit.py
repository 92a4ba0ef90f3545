"""What the voter tables tell: waits, arrivals, votes, lines."""

from collections.abc import Collection
from math import inf

import numpy as np
from numpy.typing import NDArray

from simulator.log import Outcome, VoterTable

Floats = NDArray[np.float64]


def waits_of(table: VoterTable, lost: Collection[int] = ()) -> Floats:
    """Give the wait of each voter who came, minutes, shape (voters,).

    From first joining the line to the start of the voter's own voting stage, in the
    last visit; infinite for who came and did not vote, or still waited when the log
    ended. Who was diverted counts at the other station, from joining the line of the
    first one.

    Parameters
    ----------
    lost
        Voters who were diverted and came nowhere before the log ended.
    """
    return waits_and_arrivals(table, lost)[0]


def counted(table: VoterTable, lost: Collection[int] = ()) -> NDArray[np.bool_]:
    """Mark the last visit of each voter who came and counts here."""
    here = (table.outcome != Outcome.DIVERTED) | np.isin(table.voter, list(lost))
    return np.asarray(table.last_visits() & ~np.isnan(table.arrival) & here)


def waits_and_arrivals(
    table: VoterTable, lost: Collection[int] = ()
) -> tuple[Floats, Floats]:
    """Give the wait and the first arrival of each voter who came and counts here."""
    inside = ~np.isnan(table.arrival)
    first_arrival = table.arrival
    if (table.visit > 0).any():
        firsts = np.full(int(table.voter.max()) + 1, np.nan)
        first = (table.visit == 0) & inside
        firsts[table.voter[first]] = table.arrival[first]
        found = firsts[table.voter]
        first_arrival = np.where(np.isnan(found), table.arrival, found)
    if table.guests:
        since = np.array([guest.since for guest in table.guests])
        guests = table.voter >= table.registered
        first_arrival = first_arrival.copy()
        first_arrival[guests] = since[table.voter[guests] - table.registered]
    waits = table.voting_starts() - first_arrival
    there = (table.outcome == Outcome.VOTED) | (table.outcome == Outcome.PRESENT)
    kept = there & ~np.isnan(waits)
    last = counted(table, lost)
    waits = np.where(kept, waits, inf)[last].astype(np.float64)
    return waits, first_arrival[last].astype(np.float64)


def arrivals_of(table: VoterTable) -> Floats:
    """Give when voters first came, minutes."""
    first = (table.visit == 0) & ~np.isnan(table.arrival)
    return np.asarray(table.arrival[first], dtype=np.float64)


def votes_of(table: VoterTable) -> Floats:
    """Give when votes were cast in the room: the end of the visit, minutes."""
    return np.asarray(table.left[table.outcome == Outcome.VOTED], dtype=np.float64)


def line_changes(table: VoterTable) -> tuple[Floats, Floats]:
    """Give the times at which the line grows or shrinks, and its length after each.

    Returns
    -------
    tuple of ndarray
        Times, rising, and voters in line at all stages from then on.
    """
    joins, leaves = [], []
    entered = ~np.isnan(table.arrival)
    # Who balked, or came after the close, never joined the line.
    stayed = entered & ~((table.outcome == Outcome.BALKED) | _at_the_door(table))
    joined = np.where(stayed, table.arrival, np.nan)
    for stage in range(len(table.stages)):
        start = table.start[:, stage]
        later = ~np.isnan(table.start[:, stage + 1 :]).all(axis=1)
        skipped = np.isnan(start) & later
        gone = np.where(np.isnan(start), table.left, start)
        # Who is served at once never stood in line.
        stood = ~np.isnan(joined) & ~skipped & (joined != gone)
        joins.append(joined[stood])
        leaves.append(gone[stood & ~np.isnan(gone)])
        joined = np.where(skipped, joined, table.end[:, stage])
    times = np.concatenate([*joins, *leaves])
    steps = np.concatenate(
        [np.ones(sum(map(len, joins))), -np.ones(sum(map(len, leaves)))]
    )
    # Joining stands first, so at one time it comes first.
    order = np.argsort(times, kind="stable")
    return times[order], np.cumsum(steps[order])


def _at_the_door(table: VoterTable) -> NDArray[np.bool_]:
    turned = table.outcome == Outcome.TURNED_AWAY
    return np.asarray(turned & (table.left == table.arrival))


def line_at(line: tuple[Floats, Floats], times: Floats) -> Floats:
    """Give the voters in line at moments: what happened at that very time counts.

    Parameters
    ----------
    line
        As `line_changes` gives it.
    times
        Minutes, shape (n,).
    """
    changes, lengths = line
    index = np.searchsorted(changes, times, side="right") - 1
    return np.where(index >= 0, np.append(lengths, 0.0)[index], 0.0)
