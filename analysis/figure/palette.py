"""The look of figures: colours, hatches and markers that also tell apart in grey."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator
from matplotlib.transforms import offset_copy

from scenarios.clock import DAY, Clock

# Okabe and Ito's colours, distinct for the colour-blind.
BLACK = "#000000"
ORANGE = "#E69F00"
SKY = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILION = "#D55E00"
PURPLE = "#CC79A7"
DARK = "#333333"
GREY = "#767676"
PALE = "#D9D9D9"
FAINT = "#F0F0F0"

WIDTH = 7.6
MINUTES = (1, 2, 3, 6, 10)  # steps of an axis that are round on a clock
_LOOK: Any = {  # matplotlib's own type lists the keys it knows
    "font.size": 9.0,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.axisbelow": True,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "text.parse_math": False,
    "svg.hashsalt": "muster",
    "svg.fonttype": "path",
}


@dataclass(frozen=True, slots=True)
class Paint:
    """How an area is filled: never by colour alone.

    Parameters
    ----------
    colour
        Of the area.
    hatch
        Pattern over it, as matplotlib writes it; empty for none.
    ink
        Colour of the pattern.
    """

    colour: str
    hatch: str = ""
    ink: str = "white"


@contextmanager
def look() -> Iterator[None]:
    """Draw in the look of the reports, whatever settings the user has at home."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_LOOK)
        yield


def canvas(height: float, width: float = WIDTH) -> Figure:
    """Make an empty figure, inches, that no pyplot knows of."""
    return Figure(figsize=(width, height), layout="constrained")


def grid(ax: Axes, axis: Literal["x", "y"]) -> None:
    """Draw faint lines across one axis, to read values by."""
    ax.grid(axis=axis, color=PALE, linewidth=0.6)


def legend_under(
    ax: Axes, columns: int, *, drop: float = 0.45, handles: Sequence[Artist] = ()
) -> None:
    """Put the legend under an axes, so many inches below it, clear of the labels."""
    below = offset_copy(ax.transAxes, ax.get_figure(root=True), y=-drop, units="inches")
    found, labels = ax.get_legend_handles_labels()
    if not handles and not found:
        return
    ax.legend(
        handles=list(handles) or found,
        labels=[str(handle.get_label()) for handle in handles] or labels,
        loc="upper left",
        bbox_to_anchor=(0.0, 0.0),
        bbox_transform=below,
        ncols=columns,
        borderaxespad=0.0,
    )


def shorten(text: str, letters: int) -> str:
    """Cut a text that is too long for its room."""
    return text if len(text) <= letters else f"{text[: letters - 3].rstrip()}..."


def ending(text: str, letters: int = 38) -> str:
    """Cut a text that is too long from the front: a path says most at its end."""
    return text if len(text) <= letters else f"...{text[3 - letters :]}"


def empty(ax: Axes, text: str) -> Axes:
    """Say in a panel that there is nothing to draw."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, text, ha="center", va="center", transform=ax.transAxes)
    return ax


def width_of(ax: Axes) -> float:
    """Give the width of an axes, about, in inches."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return float(ax.get_position().width * figure.get_size_inches()[0])


def clock_axis(
    ax: Axes, clock: Clock, begin: float, end: float, *, named: bool = True
) -> None:
    """Give an axis round clock times, the day under the first time of each day.

    Parameters
    ----------
    ax
        Its x axis is in minutes from the scenario's start.
    clock
        Of the scenario.
    begin, end
        Limits, minutes.
    named
        Whether to write what the axis is.
    """
    ax.set_xlim(begin, end)
    room = max(int(width_of(ax) / 0.42), 2)
    ticks = clock_ticks(clock, begin, end, room)
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_major_formatter(FixedFormatter(_labels(clock, ticks)))
    if named:
        ax.set_xlabel(f"clock time, D = {clock.day}")


def clock_ticks(clock: Clock, begin: float, end: float, room: int) -> list[float]:
    """Choose round clock times between two moments, at most so many."""
    steps = [15.0, 30.0, 60.0, 120.0, 180.0, 240.0, 360.0, 720.0]
    days = [DAY * number for number in (1, 2, 5, 7, 14, 28, 56, 112)]
    midnight = clock.moment("00:00")
    for step in (*steps, *days):
        first = midnight - (midnight - begin) // step * step
        number = int((end - first) // step) + 1
        if number <= room:
            break
    return [first + step * i for i in range(number)]


def _labels(clock: Clock, ticks: list[float]) -> list[str]:
    labels, before = [], ""
    daily = len(ticks) > 1 and ticks[1] - ticks[0] >= DAY
    for tick in ticks:
        text = clock.text(tick)
        day, _, hour = text.rpartition(" ")
        day = day or "D"
        if daily:
            labels.append(day)
        else:
            labels.append(hour if day == before else f"{hour}\n{day}")
        before = day
    return labels
