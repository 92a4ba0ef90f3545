"""The dictionary of all tables: every column with its unit and what it says.

A table whose name has a dash, such as ``log-worst``, is one of a kind: what stands
before the dash names the kind.
"""

from collections.abc import Iterator
from types import MappingProxyType

from analysis.column.day import DAY
from analysis.column.fit import FIT
from analysis.column.form import Column, Table, table
from analysis.column.input import INPUT
from analysis.column.run import RUN
from analysis.column.staff import STAFF
from analysis.column.study import STUDY
from scenarios.measure import MEASURES

__all__ = ["TABLES", "Column", "Table", "column_of", "dictionary", "table", "table_of"]

TABLES = MappingProxyType({**RUN, **DAY, **STUDY, **STAFF, **FIT, **INPUT})
UNKNOWN = Column("", "")
# A measure that takes minutes heads a column as `response.within within 10`.
WITHIN = " within "


def table_of(name: str) -> Table | None:
    """Give what a table is; None when it is not declared."""
    return TABLES.get(name) or TABLES.get(name.partition("-")[0])


def column_of(name: str, column: str) -> Column:
    """Give what a column of a table is; empty when it is not declared."""
    found = table_of(name)
    what = (found and found.column(column)) or UNKNOWN
    measure = MEASURES.get(column.partition(WITHIN)[0])
    if name == "days" and measure is not None:
        return Column(measure.unit, measure.text)
    return what


def dictionary() -> Iterator[str]:
    """Write the dictionary in Markdown, line by line."""
    for name, found in TABLES.items():
        yield from (f"## {name}", "", found.row, "")
        yield from ("| column | unit | says |", "| --- | --- | --- |")
        for column, what in found.columns.items():
            yield f"| `{column}` | {what.unit} | {what.text} |"
        yield ""
