"""Voters through one stage in compiled code: how long its line is at the looks."""

import numpy as np
from numpy.typing import NDArray

from simulator.compiler import compiled

Floats = NDArray[np.float64]
Wholes = NDArray[np.int64]


@compiled
def soonest(came: float, begins: Floats, counts: Wholes, free: Floats) -> float:
    """Say when a voter can start: infinity where all places have closed for good.

    Parameters
    ----------
    came
        When the voter came.
    begins, counts
        As `lines_at` has them.
    free
        When each server is free, rising: so many may be busy that the one after them
        is the first that has to be.
    """
    for k in range(len(begins)):
        if counts[k] > 0:
            start = max(came, begins[k], free[len(free) - counts[k]])
            if k + 1 == len(begins) or start < begins[k + 1]:
                return float(start)
    return np.inf


@compiled
def occupy(free: Floats, end: float) -> None:
    """Keep the server that is free first busy until `end`; they stay in order."""
    at = 0
    while at + 1 < len(free) and free[at + 1] < end:
        free[at] = free[at + 1]
        at += 1
    free[at] = end


@compiled
def lines_at(
    arrivals: Floats,
    work: Floats,
    means: Floats,
    times: Floats,
    begins: Floats,
    counts: Wholes,
) -> Floats:
    """Count who is in line at each look, first come first served.

    A voter starts as soon as fewer are being served than places are open. A place
    that closes finishes who is there; idle ones close first.

    Parameters
    ----------
    arrivals, work
        When voters come, rising, and their services where the mean is 1; shape
        (plays, voters).
    means
        Mean services, minutes, shape (means,).
    times
        Of the looks, shape (looks,).
    begins, counts
        From when so many places are open, rising, shape (changes,).

    Returns
    -------
    array
        Shape (plays, means, looks).
    """
    plays, voters = arrivals.shape
    looks = len(times)
    lines = np.zeros((plays, len(means), looks))
    free = np.empty(counts.max())
    for play in range(plays):
        for index in range(len(means)):
            free[:] = begins[0]
            for voter in range(voters):
                came = arrivals[play, voter]
                start = soonest(came, begins, counts, free)
                if start < np.inf:
                    occupy(free, start + work[play, voter] * means[index])
                for look in range(looks):
                    if came <= times[look] < start:
                        lines[play, index, look] += 1.0
    return lines
