"""Figures of an experiment, and their files: the same bytes for the same numbers."""

from collections.abc import Mapping
from io import BytesIO

from matplotlib.figure import Figure

from analysis.day import Day
from analysis.experiment import Experiment
from analysis.figure.bar import draw_responses, draw_targets
from analysis.figure.flow import draw_arrivals, flow_of
from analysis.figure.gantt import LEGEND_COLUMNS, chart_of, draw_units, statuses
from analysis.figure.map import draw_map
from analysis.figure.palette import WIDTH, canvas, look
from analysis.figure.queue import draw_queues, queues_of
from analysis.figure.scene import scene_of
from analysis.report.summary import responses_of

DPI = 170


def draw_all(experiment: Experiment, days: Mapping[str, Day]) -> dict[str, Figure]:
    """Draw every figure that the experiment has numbers for.

    Parameters
    ----------
    experiment
        The replications.
    days
        Whole days by name; map and Gantt chart show ``typical``, else the first.

    Returns
    -------
    dict
        Of ``targets``, ``queues``, ``arrivals``, ``responses``, ``map``, ``units``.
    """
    setting, day = experiment.setting, typical(days)
    with look():
        figures = {}
        if setting.targets:
            figures["targets"] = targets_figure(experiment)
        if setting.stations:
            figures["queues"] = draw_queues(queues_of(experiment, day))
            figures["arrivals"] = arrivals_figure(experiment)
        if setting.incidents:
            figures["responses"] = responses_figure(experiment)
        if day is not None:
            figures["map"] = map_figure(experiment, day)
        if day is not None and setting.units:
            figures["units"] = units_figure(day)
    return figures


def typical(days: Mapping[str, Day]) -> Day | None:
    """Choose the day that stands for all; None when there is no day at all."""
    return days.get("typical") or next(iter(days.values()), None)


def targets_figure(experiment: Experiment) -> Figure:
    """Draw the targets of an experiment."""
    targets = list(experiment.setting.targets.values())
    figure = canvas(1.3 + 0.45 * len(targets))
    rows = list(zip(experiment.verdicts(), targets, strict=True))
    draw_targets(rows, figure.subplots())
    return figure


def arrivals_figure(experiment: Experiment) -> Figure:
    """Draw who had come and who had voted at all stations together."""
    figure = canvas(3.6)
    draw_arrivals(flow_of(experiment), figure.subplots())
    return figure


def responses_figure(experiment: Experiment) -> Figure:
    """Draw the response by incident type."""
    responses = responses_of(experiment, experiment.series)
    figure = canvas(1.9 + 0.3 * len(responses))
    draw_responses(responses, figure.subplots())
    return figure


def map_figure(experiment: Experiment, day: Day) -> Figure:
    """Draw the map of a day, as high as the land asks for."""
    scene = scene_of(experiment.scenario, day)
    west, south, east, north = scene.box
    high = min(max((north - south) / (east - west) * WIDTH, 3.0), 8.2)
    entries = 4 + len({call.type for call, _ in scene.incidents})
    figure = canvas(high + 0.12 + 0.2 * -(-entries // 3))
    draw_map(scene, figure.subplots())
    return figure


def units_figure(day: Day) -> Figure:
    """Draw the Gantt chart of a day."""
    chart = chart_of(day)
    legend = -(-len(statuses(chart)) // LEGEND_COLUMNS)
    figure = canvas(1.34 + 0.18 * legend + 0.21 * max(len(chart.units), 3))
    draw_units(chart, figure.subplots())
    return figure


def png(figure: Figure) -> bytes:
    """Give a figure as a PNG file; no date is in it."""
    return _saved(figure, "png", {"Software": None})


def svg(figure: Figure) -> bytes:
    """Give a figure as an SVG file; no date is in it, and its ids do not vary."""
    return _saved(figure, "svg", {"Date": None, "Creator": None})


def _saved(figure: Figure, kind: str, metadata: dict[str, str | None]) -> bytes:
    file = BytesIO()
    with look():
        figure.savefig(file, format=kind, dpi=DPI, metadata=metadata)
    return file.getvalue()
