"""How a file of calls is read: its columns, its times, what its types are here."""

import datetime as dt
import re
import unicodedata
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    WithJsonSchema,
    model_validator,
)

from scenarios.clock import shown
from scenarios.quantity import Count, Model, Name, Text

MOST_COLUMNS = 1000
# Of the directives of strptime, those that mean the same in every language.
_DIRECTIVES = set("YymdHMSfIp%")
COUNTED = {"s": 1 / 60, "min": 1.0, "h": 60.0, "d": 1440.0}


def column_of(value: object) -> str | int:
    """Read a column: its name, or its number from 1."""
    if isinstance(value, str) and 0 < len(value.strip()) <= 200:
        return unicodedata.normalize("NFC", value.strip())
    number = value if isinstance(value, int) and not isinstance(value, bool) else 0
    if 1 <= number <= MOST_COLUMNS:
        return number
    raise ValueError(
        f"not a column, found {shown(value)}; write its name or, for a file without a "
        f"header, its number from 1 to {MOST_COLUMNS}"
    )


_COLUMN: dict[str, Any] = {
    "description": "Name of a column or, in a file without a header, its number from 1",
    "anyOf": [
        {"type": "string", "minLength": 1},
        {"type": "integer", "minimum": 1, "maximum": MOST_COLUMNS},
    ],
}
Column = Annotated[
    str | int,
    BeforeValidator(column_of),
    WithJsonSchema({"title": "Column", **_COLUMN}),
]


def _one_or_more(value: object) -> object:
    return value if isinstance(value, list | tuple) else (value,)


_ColumnList = Annotated[tuple[Column, ...], Field(min_length=1, max_length=64)]
SomeColumns = Annotated[
    _ColumnList,
    BeforeValidator(_one_or_more, json_schema_input_type=Column | _ColumnList),
]


class Columns(Model):
    """Which column of the file holds what; only these are read."""

    time: Column = Field(description="When the call came: the incident is reported")
    date: Column | None = Field(
        default=None, description="The date, where it has a column of its own"
    )
    id: Column | None = Field(default=None, description="A name or number of the call")
    type: Column | None = Field(default=None, description="What the file calls it")
    place: Column | None = Field(default=None, description="A place of the scenario")
    x: Column | None = Field(default=None, description="As in the road file: longitude")
    y: Column | None = Field(default=None, description="As in the road file: latitude")
    area: Column | None = Field(default=None, description="The area it lies in")
    priority: Column | None = Field(
        default=None, description="1 to 9, 1 is served first; else the type's"
    )
    report_delay: Column | None = Field(
        default=None, description="From when it arose to the call"
    )
    call_handling: Column | None = Field(
        default=None, description="From the call to ready for dispatch"
    )
    turnout: Column | None = Field(
        default=None, description="Mobilisation delay of each unit that is sent"
    )
    on_scene: SomeColumns | None = Field(
        default=None,
        description="Work of every unit from its arrival, or a list of columns: of the "
        "first unit needed, the second ...",
    )

    transport: Column | None = Field(
        default=None,
        description="yes or no: the first unit needed takes somebody to a place",
    )
    destination: Column | None = Field(
        default=None, description="That place; default: the nearest of the type"
    )
    hand_over: Column | None = Field(default=None, description="Time there")

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if (self.x is None) != (self.y is None):
            given, missing = ("x", "y") if self.y is None else ("y", "x")
            raise ValueError(f"{given}: is given without {missing}; give both")
        if self.place is None and self.x is None:
            raise ValueError("give a column for place, or columns for x and y")
        return self

    @model_validator(mode="after")
    def _names_or_numbers(self) -> Self:
        if len({type(column) for column in self.flat()}) > 1:
            raise ValueError(
                "give names (the file has a header) or numbers (it has none), not both"
            )
        return self

    def flat(self) -> list[str | int]:
        """Give every column that is read."""
        return [column for columns in self.given().values() for column in columns]

    def given(self) -> dict[str, tuple[str | int, ...]]:
        """Give the columns by what they hold."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        return {
            name: columns if isinstance(columns, tuple) else (columns,)
            for name, columns in found.items()
            if columns is not None
        }


def _time_form(value: str) -> str:
    """Refuse a form of times that cannot be read, or not everywhere alike."""
    if value == "iso" or value in COUNTED:
        return value
    found = set(re.findall(r"%(.?)", value))
    if not found or found - _DIRECTIVES:
        raise ValueError(
            f"not a form of times, found {shown(value)}; write iso, or s, min, h or d "
            "counted from the start, or a form such as '%d/%m/%Y %H:%M' of %Y %y %m "
            "%d %H %I %p %M %S %f"
        )
    date = [bool(found & set(part)) for part in ("Yy", "m", "d")]
    if (
        not found & set("HI")
        or any(date) != all(date)
        or ("I" in found) != ("p" in found)
    ):
        raise ValueError(
            f"says too little, found {shown(value)}; the hour (%H, or %I with %p) is "
            "needed, and the date as a whole (%Y %m %d) or not at all"
        )
    return value


def _a_date(value: object) -> str:
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return dt.date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError(f"no such date, found '{value}'") from None
    raise ValueError(f"not a date, found {shown(value)}; write 2021-05-23")


class Calls(Model):
    """Recorded incidents, replayed from a table of calls (CSV)."""

    file: Annotated[str, Field(strict=True)] | None = Field(
        default=None,
        description="A CSV file beside the scenario; without one nothing is replayed "
        "until --calls names it",
    )
    columns: Columns | None = Field(
        default=None, description="Default: the columns that have our names"
    )
    types: dict[Text, Name] = Field(
        default_factory=dict,
        description="What the file calls a type (* stands for any text), and the "
        "incident type it is here; the first that fits counts. Default: the names of "
        "the incident types",
    )
    unmatched: Literal["error", "skip"] = Field(
        default="error", description="Rows whose type fits nothing"
    )
    off_map: Literal["error", "skip"] = Field(
        default="error", description="Rows without coordinates, or far from the roads"
    )
    duplicates: Literal["keep", "drop"] = Field(
        default="keep", description="Rows that repeat an earlier one exactly"
    )
    time: Annotated[
        str, Field(strict=True, max_length=60), AfterValidator(_time_form)
    ] = Field(
        default="iso",
        description="iso (2018-11-15 12:01, or clock text); a form such as "
        "%d/%m/%Y %H:%M; or s, min, h, d counted from the start",
    )
    day: (
        Annotated[
            str,
            BeforeValidator(_a_date),
            Field(json_schema_extra={"pattern": r"^\d{4}-\d{2}-\d{2}$"}),
        ]
        | None
    ) = Field(
        default=None,
        description="The recorded date that is replayed on day D; all times move with "
        "it. Rows outside the clock are left out",
    )
    durations: Literal["s", "min", "h", "d"] = Field(
        default="min", description="What bare numbers of durations count"
    )
    decimal: Literal[".", ","] = Field(default=".", description="The decimal mark")
    delimiter: Literal["auto", ",", ";", "|", "tab"] = "auto"
    encoding: Literal["auto", "utf-8", "utf-16", "windows-1252", "windows-1258"] = (
        "auto"
    )
    skip: Count = Field(default=0, description="Lines above the header or first row")
    with_rates: bool = Field(
        default=False,
        strict=True,
        description="Whether types that come from calls also arise at their rates",
    )

    @model_validator(mode="after")
    def _days_have_dates(self) -> Self:
        dated = self.time == "iso" or "%d" in self.time
        if self.day is not None and not dated:
            raise ValueError(f"day: times in the form '{self.time}' have no date")
        return self
