"""Clock text and durations: the one module where they meet float minutes."""

import datetime as dt
import math
import re
from functools import lru_cache
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

DAY = 1440.0
_UNITS = {"s": 1 / 60, "min": 1.0, "h": 60.0, "d": DAY}
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(s|min|h|d)(?![a-z])\s*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"(?:(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[ T]|D(?P<offset>[+-][0-9]{1,3})?\s+)?"
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
)
_MOST_MINUTES = 1e7
_MOMENT_FORMS = "write 07:00, D-1 18:00 or 2021-05-23 07:00"
_DURATION_FORMS = "write it with its unit, such as 90 s, 15 min or 2 h"


def minutes_of(text: object) -> float:
    """Read a duration such as ``90 s``, ``15 min`` or ``1 h 30 min``.

    Returns
    -------
    float
        Minutes, 0 or more.

    Raises
    ------
    ValueError
        When the text is no duration.
    """
    if isinstance(text, str):
        rest = text.strip()
        parts = _PART.findall(rest)
        if parts and not _PART.sub("", rest):
            total = sum(float(number) * _UNITS[unit] for number, unit in parts)
            if total <= _MOST_MINUTES:
                return total
            raise ValueError(
                f"duration too long, found {shown(text)}; at most 19 years"
            )
    raise ValueError(f"not a duration, found {shown(text)}; {_DURATION_FORMS}")


def shown(value: object) -> str:
    """Quote a value the way a person wrote it, on one line, shortened."""
    if isinstance(value, str):
        text = "".join(c if c.isprintable() else " " for c in value[:61])
        return f"'{text}'" if len(value) <= 60 else f"'{text[:57]}...'"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return "nothing" if value is None else str(value)


def _duration_text(text: object) -> object:
    """Check the form alone, and keep the text."""
    minutes_of(text)
    return text


Duration = Annotated[
    float,
    BeforeValidator(minutes_of),
    WithJsonSchema(
        {
            "type": "string",
            "description": "A duration with its unit: 90 s, 15 min, 2 h, 1 h 30 min",
            "pattern": r"^(\d+(\.\d+)?\s*(s|min|h|d)\s*)+$",
        }
    ),
]
DurationText = Annotated[
    str,
    BeforeValidator(_duration_text),
    WithJsonSchema(
        {
            "type": "string",
            "description": "A duration with its unit: 90 s, 15 min, 2 h, 1 h 30 min",
            "pattern": r"^(\d+(\.\d+)?\s*(s|min|h|d)\s*)+$",
        }
    ),
]


def _is_clock_text(text: str) -> str:
    """Refuse what is no clock text, whatever day D is."""
    _since_day(text, "2000-01-01")
    return text


_CLOCK_TEXT = {
    "type": "string",
    "description": "Clock text: 07:00 (on day D), D-1 18:00, 2021-05-23 07:00",
    "pattern": (
        r"^((\d{4}-\d{2}-\d{2}[ T])|(D([+-]\d{1,3})?\s+))?"
        r"\d{1,2}:\d{2}(:\d{2})?$"
    ),
}
_ClockText = Annotated[
    str, Field(strict=True), AfterValidator(_is_clock_text), WithJsonSchema(_CLOCK_TEXT)
]


class Phases(BaseModel):
    """When the phases begin; phase *before* begins with the scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    during: _ClockText = Field(description="Clock text at which 'during' begins")
    after: _ClockText = Field(description="Clock text at which 'after' begins")


class Clock(BaseModel):
    """The span of model time and the main day D.

    All model time is float minutes from `start`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    day: Annotated[
        str,
        Field(strict=True, json_schema_extra={"pattern": r"^\d{4}-\d{2}-\d{2}$"}),
    ] = Field(description="The main day D (polling day), such as 2021-05-23")
    start: _ClockText = Field(description="Where the scenario begins, as D-1 05:00")
    end: _ClockText = Field(description="Where the scenario ends, as D+1 02:00")
    phases: Phases | None = Field(
        default=None, description="When 'during' and 'after' begin"
    )

    @field_validator("day")
    @classmethod
    def _day_is_a_date(cls, value: str) -> str:
        try:
            if _DATE.fullmatch(value):
                dt.date.fromisoformat(value)
                return value
        except ValueError:
            raise ValueError(f"no such date, found '{value}'") from None
        raise ValueError(f"not a date, found {shown(value)}; write 2021-05-23")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not 0 < self.minutes <= 200 * DAY:
            raise ValueError(
                f"the clock must run forward for at most 200 days, found start "
                f"'{self.start}' and end '{self.end}'"
            )
        if abs(_since_day(self.start, self.day)) > 400 * DAY:
            raise ValueError(
                f"day: must be within 400 days of the start, found '{self.day}' and "
                f"start '{self.start}'"
            )
        if self.phases is not None:
            self._phases_in_order(self.phases)
        return self

    def _phases_in_order(self, phases: Phases) -> None:
        during, after = self.moment(phases.during), self.moment(phases.after)
        if not 0 <= during < after <= self.minutes:
            raise ValueError(
                "phases: during must begin before after, both between start and end, "
                f"found '{phases.during}' and '{phases.after}'"
            )

    @property
    def minutes(self) -> float:
        """Length of the scenario in minutes."""
        return self.moment(self.end)

    def moment(self, text: object) -> float:
        """Read clock text.

        Parameters
        ----------
        text
            ``07:00`` (on day D), ``D-1 18:00`` or ``2021-05-23 07:00``.

        Returns
        -------
        float
            Minutes from the scenario's start.
        """
        return _since_day(text, self.day) - _since_day(self.start, self.day)

    def text(self, minutes: float, *, seconds: bool = False) -> str:
        """Write model minutes as clock text, the day named unless it is D.

        Parameters
        ----------
        minutes
            Minutes from the scenario's start; infinity gives ``never``.
        """
        if not math.isfinite(minutes):
            return "never"
        unit = 60 if seconds else 1
        total = round((minutes + _since_day(self.start, self.day)) * unit)
        offset, rest = divmod(total, 1440 * unit)
        hour, rest = divmod(rest, 60 * unit)
        day = f"D{offset:+d} " if offset else ""
        tail = f":{rest % 60:02d}" if seconds else ""
        return f"{day}{hour:02d}:{rest // unit:02d}{tail}"

    def phase(self, minutes: float) -> str:
        """Name the phase of a moment: before, during or after."""
        if self.phases is None:
            return "during"
        if minutes < self.moment(self.phases.during):
            return "before"
        return "during" if minutes < self.moment(self.phases.after) else "after"

    def window(self, phase: str) -> tuple[float, float]:
        """Give start and end of a phase in minutes; without phases all is during."""
        during, after = 0.0, self.minutes
        if self.phases is not None:
            during = self.moment(self.phases.during)
            after = self.moment(self.phases.after)
        return {
            "before": (0.0, during),
            "during": (during, after),
            "after": (after, self.minutes),
        }[phase]


def _since_day(text: object, day: str) -> float:
    """Read clock text as minutes since midnight of day D."""
    since = _minutes_since(text.strip(), day) if isinstance(text, str) else None
    if since is None:
        raise ValueError(f"not a time, found {shown(text)}; {_MOMENT_FORMS}")
    return since


@lru_cache(maxsize=1000)
def _minutes_since(text: str, day: str) -> float | None:
    """Read it; each world asks again for the start and the end of its clock."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    hour, minute = int(match["hour"]), int(match["minute"])
    second = int(match["second"] or 0)
    if minute > 59 or second > 59 or hour * 60 + minute > 1440:
        raise ValueError(f"no such time of day, found '{text}'; {_MOMENT_FORMS}")
    offset = int(match["offset"] or 0)
    if match["date"]:
        try:
            date = dt.date.fromisoformat(match["date"])
        except ValueError:
            raise ValueError(f"no such date, found '{text}'") from None
        offset = (date - dt.date.fromisoformat(day)).days
    return offset * DAY + hour * 60 + minute + second / 60


def _moment(text: object, info: ValidationInfo) -> float:
    clock = (info.context or {}).get("clock")
    if clock is None:
        raise ValueError("the time cannot be placed until the clock section is right")
    return float(clock.moment(text))


Moment = Annotated[float, BeforeValidator(_moment), WithJsonSchema(_CLOCK_TEXT)]


def _moment_text(text: object) -> object:
    """Check the form alone: an order is read without a scenario."""
    _since_day(text, "2000-01-01")
    return text


MomentText = Annotated[str, BeforeValidator(_moment_text), WithJsonSchema(_CLOCK_TEXT)]


def span(minutes: float) -> str:
    """Write a duration for people: ``45 s``, ``12 min``, ``1 h 05 min``."""
    if math.isnan(minutes):
        return "not known"
    if math.isinf(minutes):
        return "never"
    if minutes < 0:
        return "-" + span(-minutes)
    if 0 < minutes < 1:
        return f"{minutes * 60:.0f} s"
    if minutes < 100:
        return f"{minutes:.1f}".removesuffix(".0") + " min"
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest:02d} min"


def forward(begin: float | None, end: float | None, clock: Clock | None = None) -> None:
    """Refuse an end that is not after its beginning; either may be left out.

    Parameters
    ----------
    begin, end
        Minutes from the scenario's start.
    clock
        Tells, where given, what was found.

    Raises
    ------
    ValueError
        When the end is not later.
    """
    if begin is not None and end is not None and end <= begin:
        text = "" if clock is None else f", found {clock.text(end)}"
        raise ValueError(f"until: must be after from{text}")
