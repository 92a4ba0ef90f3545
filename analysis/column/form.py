"""What a column of a table is: its unit, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    unit
        What its numbers count, such as ``minutes``; ``text``, ``clock`` (clock text) or
        ``yes/no`` where it holds no numbers; ``as unit`` where the row names it.
    text
        One sentence: what it says.
    """

    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what a row of it is, and its columns.

    Parameters
    ----------
    row
        One sentence: what a row is.
    columns
        By name, in the order of the table. A name that ends in ``*`` stands for all
        columns that begin so.
    """

    row: str
    columns: Mapping[str, Column]

    def column(self, name: str) -> Column | None:
        """Give what a column is; None when it is not declared."""
        if name in self.columns:
            return self.columns[name]
        for pattern, column in self.columns.items():
            if pattern.endswith("*") and name.startswith(pattern[:-1]):
                return column
        return None


def table(row: str, *columns: tuple[str, str, str]) -> Table:
    """Declare a table: its columns as name, unit, text.

    Raises
    ------
    ValueError
        When a column is declared twice.
    """
    found = {name: Column(unit, text) for name, unit, text in columns}
    if len(found) != len(columns):
        raise ValueError(f"a column of {row!r} is declared twice")
    return Table(row, found)
