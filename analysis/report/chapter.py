"""Chapters of the report that put figures and tables of one kind together."""

from collections.abc import Mapping
from math import isnan

import numpy as np

from analysis.experiment import Experiment
from analysis.measure import OVERALL
from analysis.report.force import dispatch_table, status_table
from analysis.report.page import (
    Html,
    Part,
    paragraph,
    picture,
    section,
    table,
    with_note,
)
from analysis.report.summary import (
    Response,
    Series,
    Spread,
    responses_of,
    stations_of,
    thresholds,
    workloads_of,
)
from analysis.report.wording import (
    NOTHING,
    measured_text,
    number_text,
    plural,
    share_text,
)
from scenarios.clock import Clock, span

MOST_ROWS = 200
CAME = "voters.came"
Images = Mapping[str, bytes]

_COLUMNS = {
    "voters.came": "came",
    "votes.share": "voted, of the list",
    "wait.mean": "mean wait",
    "wait.p95": "95 % waited at most",
    "wait.max": "longest wait",
    "line.longest": "longest line",
    "suspended.total": "suspended",
    "voters.turned_away": "turned away",
    "votes.last": "last vote",
}


def shown(name: str, images: Images, caption: str) -> list[Html]:
    """Put a figure in, when there is one."""
    return [picture(images[name], caption)] if name in images else []


def stations_chapter(
    experiment: Experiment, series: Series, images: Images
) -> Html | None:
    """Tell of lines, votes and waits at the stations; None without stations."""
    if not experiment.setting.stations:
        return None
    return section(
        "stations",
        "Stations",
        *shown("queues", images, _QUEUES),
        *shown("arrivals", images, _ARRIVALS),
        _stations_table(experiment, series),
    )


_QUEUES = (
    "Voters in line over the day, all stages of a station together. The dark line is "
    "the median of the days, the bands hold 8 in 10 days and all days. Each panel has "
    "its own scale. Hatched: voting was suspended on the typical day. Of more than "
    "12 stations those with the longest lines are shown."
)
_ARRIVALS = (
    "Voters who had come and who had voted, all stations together, median of the days. "
    "The gap between the lines is who is inside, or has gone without a vote."
)


def _stations_table(experiment: Experiment, series: Series) -> Html:
    clock = experiment.setting.clock
    stations = stations_of(experiment, series)
    rows: list[list[Part]] = [
        [
            with_note(station.station, station.title),
            number_text(station.registered),
            *(
                _spread(spread, measure, clock)
                for measure, spread in station.spreads.items()
            ),
        ]
        for station in stations[:MOST_ROWS]
    ]
    caption = (
        "Median of the days; small: one day in ten is worse. In '95 % waited at most' "
        "who came and did not vote counts as never; mean and longest wait are over who "
        "voted."
    )
    return table(
        ["station", "registered", *_COLUMNS.values()],
        rows,
        caption=caption + _left_out(len(stations)),
    )


def _left_out(number: int) -> str:
    more = number - MOST_ROWS
    return f" {plural(more, 'more row')} are in the tables." if more > 0 else ""


def _spread(spread: Spread, measure: str, clock: Clock) -> Part:
    typical = measured_text(spread.typical, measure, clock)
    bad = measured_text(spread.bad, measure, clock)
    return with_note(typical, "" if bad == typical or measure == CAME else bad)


def responses_chapter(
    experiment: Experiment, series: Series, images: Images
) -> Html | None:
    """Tell how fast incidents were attended; None without incident types."""
    if not experiment.setting.incidents:
        return None
    responses = responses_of(experiment, series)
    if not responses:
        return section("responses", "Response", paragraph("No incident was reported."))
    return section(
        "responses",
        "Response",
        *shown("responses", images, _RESPONSES),
        _responses_table(responses, thresholds(experiment.setting)),
        *dispatch_table(series, experiment.setting.clock),
    )


_RESPONSES = (
    "From the report to the arrival of the first unit, leg by leg, mean over the "
    "attended incidents of all days. The diamond: 9 in 10 incidents of a day were "
    "attended within it, on 9 of 10 days."
)


def _responses_table(responses: list[Response], within: list[float]) -> Html:
    columns = [
        "incident type",
        "reported a day",
        "mean response",
        "9 in 10 within",
        *(f"within {span(minutes)}" for minutes in within),
        "nobody came, a day",
        "escalated a day",
        "hot spots a day",
    ]
    rows = [_response_row(response) for response in responses]
    caption = (
        "Means over all days; 9 in 10 within: typical day and, small, what one day in "
        "ten is worse than."
    )
    return table(columns, rows, caption=caption)


def _response_row(response: Response) -> list[Part]:
    return [
        _type(response),
        number_text(response.reported),
        _minutes(response.mean),
        with_note(_minutes(response.p90.typical), _bad_minutes(response.p90)),
        *(share_text(share) for share in response.within.values()),
        _rate(response.unattended + response.passed + response.gone),
        _rate(response.escalated),
        _rate(response.hot_spots),
    ]


def _type(response: Response) -> Part:
    if response.type == OVERALL:
        return response.title
    return with_note(response.type, response.title)


def _minutes(value: float) -> str:
    return NOTHING if isnan(value) else span(value)


def _bad_minutes(spread: Spread) -> str:
    same = spread.bad == spread.typical or isnan(spread.bad)
    return "" if same else _minutes(spread.bad)


def _rate(value: float) -> str:
    """Write a mean number a day; what is rare is not written as none."""
    return "below 0.1" if 0 < value < 0.05 else number_text(value)


def units_chapter(
    experiment: Experiment, series: Series, images: Images
) -> Html | None:
    """Tell what the units did; None without units."""
    if not experiment.setting.units:
        return None
    loads = workloads_of(experiment, series)
    rows: list[list[Part]] = [
        [
            with_note(load.unit, load.title),
            number_text(load.hours),
            share_text(load.utilisation),
            share_text(load.busiest),
            number_text(load.missions),
            number_text(load.km),
        ]
        for load in loads[:MOST_ROWS]
    ]
    columns = ["unit", "hours on shift", "at work", "busiest day", "missions", "km"]
    caption = "At work: assigned until free, and duties, over the time on shift. Means."
    return section(
        "units",
        "Units",
        *shown("units", images, _UNITS),
        table(columns, rows, caption=caption + _left_out(len(loads))),
        *status_table(experiment, series),
        *_cost(series),
    )


_UNITS = (
    "The units on the typical day, a row each. "
    "Dashed lines are the injects of the script."
)


def _cost(series: Series) -> list[Html]:
    """Say what the plan puts on shift; the same on every day."""
    zero = np.zeros(1)
    hours = float(series.get(("staff.hours", -1.0, OVERALL), zero)[0])
    cost = float(series.get(("staff.cost", -1.0, OVERALL), zero)[0])
    text = f"The plan puts {number_text(hours)} hours of officers and crews on shift"
    if cost:
        text += f", at a cost of {number_text(cost)} in the money of the scenario"
    return [paragraph(f"{text}.")]
