"""Voters written out in tests: lists in, arrays out."""

from collections.abc import Sequence

import numpy as np

from simulator.voter import Voters

USED_BY_EFFECTS = (
    *("balk", "surge", "drop", "drop_return", "drop_delay", "away", "away_delay"),
    "move",
)


def people(**given: Sequence[object]) -> Voters:
    """Make voters of lists; service is written stage by stage.

    `numbers` are uniform numbers by purpose, for what else is drawn of them.
    """
    numbers = {
        name.replace("_", " "): np.array(given.pop(name), dtype=np.float64)
        for name in USED_BY_EFFECTS
        if name in given
    }
    numbers |= {k: np.array(row) for k, row in given.pop("numbers", {}).items()}
    class_ = given.pop("class_", [0] * len(given["arrival"]))
    return Voters(
        class_=np.array(class_, dtype=np.int8),
        order=np.array(given.pop("order"), dtype=np.int64),
        priority=np.array(given.pop("priority"), dtype=np.bool_),
        service=np.array(given.pop("service"), dtype=np.float64).T.copy(),
        **{name: np.array(row, dtype=np.float64) for name, row in given.items()},
        uniforms=numbers.__getitem__,
    )
