"""A profile as a piece of scenario: its points, and what is drawn of them each day."""

from collections.abc import Sequence
from typing import Any

from analysis.calibrate.fragment import of, percent
from analysis.calibrate.knot import apart
from analysis.calibrate.moment import clock_of
from analysis.calibrate.pool import Pool
from analysis.calibrate.profile import Profile
from scenarios.problem import fail

MOST_KNOTS = 48


def cumulative_of(
    profile: Profile, spreads: Sequence[float] = ()
) -> list[dict[str, str]]:
    """Write the points of a profile as a scenario has them."""
    knots = profile.knots
    if len(knots) > MOST_KNOTS:
        told = f"gives {len(knots)} points, at most {MOST_KNOTS}; take --every larger"
        raise fail("arrivals", told)
    points = [{"at": clock_of(k.minute), "share": percent(k.share)} for k in knots]
    for point, spread in zip(points, spreads, strict=False):
        if percent(spread) != percent(0):
            point["spread"] = percent(spread)
    return points


def ranges_of(profile: Profile, stations: Sequence[str]) -> dict[str, Any]:
    """Write each point that is open as an input drawn once a day."""
    found: dict[str, Any] = {}
    at, own = _whose(stations)
    for index, (low, high) in enumerate(apart(profile.knots)):
        if percent(low) != percent(high):
            clock = clock_of(profile.knots[index].minute)
            found[f"arrived{own}-{clock.replace(':', '')}"] = {
                "title": f"Share of the voters{of(stations)} who have come by {clock}",
                "path": f"stations.{at}.arrivals.cumulative.{index}.share",
                "value": {"law": "uniform", "low": percent(low), "high": percent(high)},
            }
    return found


def drift_of(pool: Pool, stations: Sequence[str]) -> dict[str, Any]:
    """Write how early or late a day is as one input."""
    at, own = _whose(stations)
    sd = float(f"{pool.drift:.4g}")
    return {
        f"drift{own}": {
            "title": f"How early the voters{of(stations)} come on the day, in spreads",
            "path": f"stations.{at}.arrivals.drift",
            "value": {"law": "normal", "mean": 0, "sd": sd},
        }
    }


def _whose(stations: Sequence[str]) -> tuple[str, str]:
    """Give the part of a path that names the stations, and the tail of a name."""
    if not stations or stations[0] == "*":
        return "*", ""
    return ",".join(stations), f"-{stations[0]}"


def piece_of(
    cumulative: list[dict[str, str]],
    uncertain: dict[str, Any],
    stations: Sequence[str],
) -> dict[str, Any]:
    """Write the profile under its stations, and what is drawn of it beside them."""
    arrivals = {"arrivals": {"cumulative": cumulative}}
    whole = {"stations": dict.fromkeys(stations or ("*",), arrivals)}
    return {**whole, "uncertain": uncertain} if uncertain else whole
