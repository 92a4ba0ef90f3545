"""A number at every point of a grid: cells with the number in them, dark where high."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from matplotlib.axes import Axes

from analysis.figure.palette import BLACK, ending, shorten

LETTERS = 44
_DARK = 0.55  # from this shade on numbers are white
_PALEST, _DARKEST = 0.03, 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A number at every point of a grid.

    Parameters
    ----------
    title
        What is drawn.
    columns, rows
        Levels of the first input, and of all others together.
    across, down
        Names of the first input, and of the others.
    values
        Shape (rows, columns); NaN where nothing was measured.
    texts
        What stands in each cell, shape (rows, columns).
    missed
        Whether the cell falls short of what is asked; it gets a frame.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[str]
    across: str
    down: str
    values: Sequence[Sequence[float]]
    texts: Sequence[Sequence[str]]
    missed: Sequence[Sequence[bool]]


def draw_matrix(matrix: Matrix, ax: Axes) -> Axes:
    """Draw it; the shade goes from the least value to the greatest."""
    values = np.array(matrix.values, dtype=np.float64)
    known = values[np.isfinite(values)]
    least, most = (known.min(), known.max()) if len(known) else (0.0, 1.0)
    shade = (values - least) / (most - least or 1.0)
    shade = _PALEST + (_DARKEST - _PALEST) * np.nan_to_num(shade)
    ax.imshow(shade, cmap="Greys", vmin=0.0, vmax=1.0, aspect="auto")
    for row, texts in enumerate(matrix.texts):
        for column, text in enumerate(texts):
            dark = shade[row, column] > _DARK and isfinite(values[row, column])
            _cell(ax, (column, row), text, "white" if dark else BLACK)
            if matrix.missed[row][column]:
                _frame(ax, (column, row))
    ax.set_xticks(range(len(matrix.columns)), list(matrix.columns))
    ax.set_yticks(range(len(matrix.rows)), [shorten(r, LETTERS) for r in matrix.rows])
    ax.tick_params(length=0)
    ax.set_xlabel(ending(matrix.across, 60))
    ax.set_ylabel(matrix.down, fontsize=8.5)
    ax.set_title(matrix.title)
    return ax


def _cell(ax: Axes, at: tuple[float, float], text: str, ink: str) -> None:
    ax.text(*at, text, ha="center", va="center", fontsize=7.5, color=ink)


def _frame(ax: Axes, at: tuple[float, float]) -> None:
    """Draw a broken frame within a cell, black on white: seen on any shade."""
    x, y = at
    sides = [x - 0.46, x + 0.46, x + 0.46, x - 0.46, x - 0.46]
    heights = [y - 0.4, y - 0.4, y + 0.4, y + 0.4, y - 0.4]
    ax.plot(sides, heights, color="white", linewidth=2.2)
    ax.plot(sides, heights, color=BLACK, linewidth=1.2, linestyle=(0, (3, 1.6)))
