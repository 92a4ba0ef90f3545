"""Inputs drawn for a day: the levels, and the scenario as it is on that day."""

from collections.abc import Mapping

import numpy as np

from scenarios.distribution import Gamma, Lognormal, Triangular
from scenarios.input import at_levels
from scenarios.scenario import Setting
from scenarios.uncertain import (
    CUT,
    AmountLaw,
    EmpiricalAmount,
    GammaAmount,
    NormalAmount,
    TriangularAmount,
    UniformAmount,
)
from simulator.stream import Chance, duration


def levels_drawn(setting: Setting, chance: Chance) -> dict[str, float]:
    """Draw the level of each uncertain input; the same under every plan.

    Parameters
    ----------
    setting
        The scenario.
    chance
        Of the replication.

    Returns
    -------
    dict
        By input, in the unit of its law: minutes, shares, numbers.
    """
    return {
        name: quantile(one.law, chance.uniform("input", name, "level"))
        for name, one in setting.uncertain.items()
    }


def drawn(setting: Setting, chance: Chance) -> tuple[Setting, Mapping[str, float]]:
    """Give the scenario of a day, and the levels of its inputs.

    Parameters
    ----------
    setting
        The scenario under a plan.
    chance
        Of the replication.
    """
    if not setting.uncertain:
        return setting, {}
    levels = levels_drawn(setting, chance)
    return at_levels(setting, levels), levels


def quantile(law: AmountLaw, share: float) -> float:
    """Give the level that a share of days does not exceed.

    Laws without an end are cut off at their 0.1 % and 99.9 %, and what lies between
    takes the place of the whole.

    Parameters
    ----------
    law
        Of an uncertain input.
    share
        From 0 to 1; the ends only of a law that is drawn from for a study.
    """
    low, high = law.bounds
    if isinstance(law, UniformAmount):
        return low + (high - low) * share
    if isinstance(law, EmpiricalAmount):
        ranked = sorted(amount.number for amount in law.values)
        return ranked[min(int(share * len(ranked)), len(ranked) - 1)]
    if isinstance(law, TriangularAmount):
        shape = Triangular.model_construct(low=low, mode=law.mode.number, high=high)
        return min(max(duration(shape, share), low), high)
    inside = CUT + (1 - 2 * CUT) * share
    return min(max(_with_tail(law, inside), low), high)


def _with_tail(law: AmountLaw, share: float) -> float:
    from simulator.quantile import normals

    if isinstance(law, NormalAmount):
        number = float(normals(np.array([share]))[0])
        return law.mean.number + law.sd.number * number
    assert not isinstance(law, UniformAmount | TriangularAmount | EmpiricalAmount)
    kind = Gamma if isinstance(law, GammaAmount) else Lognormal
    mean = law.mean.number
    return duration(kind.model_construct(mean=mean, cv=law.cv), share)
