"""What the user knows of a poll beside the table, as options say it."""

from dataclasses import dataclass
from pathlib import Path

from analysis.calibrate.moment import moment_in
from analysis.calibrate.profile import Asked
from analysis.calibrate.series import Series
from scenarios.clock import minutes_of
from scenarios.problem import fail

# Printed percentages come from reports, which take their time.
REPORTED = (0.0, 30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the user knows beside the table.

    Parameters
    ----------
    opens, closes
        Clock text; default: as the table says.
    lag
        From what was counted to the time printed, as ``0..30 min``; default: that for
        shares, none for votes.
    final
        What makes 100 %, in the unit of the readings.
    voters
        How many voters stand behind shares.
    every
        Time between points of a smooth curve, as ``30 min``; default: straight lines.
    pool
        Whether to put all chosen polls together.
    """

    opens: str | None = None
    closes: str | None = None
    lag: str | None = None
    final: float | None = None
    voters: float | None = None
    every: str | None = None
    pool: bool = False


def asked_of(told: Told, series: Series, path: Path) -> Asked:
    """Say how the profile of a poll is to be made.

    Raises
    ------
    ScenarioError
        When an option is not sound, or the hours of the poll are not known.
    """
    return Asked(
        opens=_hour(told.opens, series.hours[0] or series.begin, "opens", path),
        closes=_hour(told.closes, series.hours[1], "closes", path),
        lag=_lag(told.lag, series),
        final=told.final,
        voters=told.voters,
        every=None if told.every is None else _duration(told.every, "--every"),
    )


def _hour(text: str | None, said: float | None, name: str, path: Path) -> float:
    if text is not None:
        try:
            return moment_in(text)[1]
        except ValueError as error:
            raise fail(f"--{name} {text}", str(error)) from None
    if said:
        return said
    raise fail(str(path), f"does not say when the poll {name}: give --{name} 07:00")


def _duration(text: str, name: str) -> float:
    try:
        minutes = minutes_of(text)
    except ValueError as error:
        raise fail(f"{name} {text}", str(error)) from None
    if minutes < 1:
        raise fail(f"{name} {text}", "must be 1 min or more")
    return minutes


def _lag(text: str | None, series: Series) -> tuple[float, float]:
    if text is None:
        return REPORTED if series.unit == "per cent" else (0.0, 0.0)
    low, dots, high = text.partition("..")
    try:
        most = minutes_of(high if dots else low)
        unit = high.strip().lstrip("0123456789. ")
        least = most
        if dots:
            least = minutes_of(low if low.strip()[-1:].isalpha() else f"{low} {unit}")
    except ValueError as error:
        raise fail(f"--lag {text}", f"{error}; or two: 0..30 min") from None
    if not 0 <= least <= most <= 240:
        raise fail(f"--lag {text}", "must run from low to high, at most 4 h")
    return least, most
