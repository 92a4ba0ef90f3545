"""What is said of readings: what was found in the table, what was assumed."""

from collections.abc import Collection, Mapping, Sequence

from analysis.calibrate.profile import Asked
from analysis.calibrate.series import Series
from analysis.calibrate.slip import Slip


def slipped(slips: Sequence[Slip], polls: Collection[str]) -> list[str]:
    """Tell every slip; of another poll, it is not used anyway."""
    return [
        slip.text if slip.poll in polls else slip.text.partition(" Which is")[0]
        for slip in slips
    ]


def remarks(
    found: Mapping[tuple[str, str], Series],
    series: Series,
    asked: Asked,
    *,
    pooled: bool = False,
) -> list[str]:
    """Say what the table holds beside the series, and how its readings are taken."""
    return [
        *_others(found, series),
        *series.notes,
        *_lists(series),
        *_lagged(asked.lag, series, pooled=pooled),
    ]


def _others(found: Mapping[tuple[str, str], Series], series: Series) -> list[str]:
    """Say what else the table holds that might be taken for the same."""
    notes = []
    same_day = {
        other.poll
        for other in found.values()
        if other.date and other.date == series.date and other.poll != series.poll
    }
    if same_day:
        listed = ", ".join(sorted(same_day))
        notes.append(f"On the same day, {series.date}, was another poll: {listed}.")
    zero = [s.name for s in found.values() if s.readings and not s.readings[-1].value]
    if zero:
        notes.append(f"All zero, placeholders: {'; '.join(zero)}.")
    faulty = [s.name for s in found.values() if s.faults and s is not series]
    if faulty:
        notes.append(f"Not looked into, at fault: {'; '.join(faulty)}.")
    return notes


def _lists(series: Series) -> list[str]:
    """Say so when the list of voters changes from reading to reading."""
    lists = [r.listed for r in series.readings if r.listed]
    if lists and max(lists) - min(lists) > 0.0005 * max(lists):
        spread = (max(lists) - min(lists)) / max(lists)
        return [
            f"The list changes between readings, {min(lists):,.0f} to "
            f"{max(lists):,.0f} ({spread * 100:.2g} %): shares are taken as printed."
        ]
    return []


def _lagged(lag: tuple[float, float], series: Series, *, pooled: bool) -> list[str]:
    if lag == (0.0, 0.0):
        return ["The readings are of the times printed, without a lag [assumed]."]
    if pooled:
        return [
            f"Readings are printed {lag[0]:g} to {lag[1]:g} min after what they count "
            "[assumed]: the profile takes the middle. What of the lag all polls share, "
            "and the rounding of shares, is not in the ranges."
        ]
    return [
        f"Readings are printed {lag[0]:g} to {lag[1]:g} min after what they count "
        "[assumed]: the profile takes the middle, the ranges all of it."
        + " Printed shares are rounded; that is in the ranges too."
        * (series.unit == "per cent")
    ]


def known(series: Series, asked: Asked) -> str:
    """Say what the ranges of a profile hold."""
    if series.unit == "votes":
        return (
            "The ranges hold what chance among so many voters leaves open (exact "
            "intervals of 95 %). How one day differs from another, a single day cannot "
            "tell."
        )
    if asked.voters is None:
        return (
            "How many voters stand behind the shares was not said (--voters): chance "
            "among them is taken for nothing. One day cannot tell how days differ."
        )
    return f"Chance is that among {asked.voters:,.0f} voters (--voters)."
