"""Clock text and durations: the one module where they meet float minutes."""

import datetime
import re
from typing import Annotated, Any, Self

from pydantic import (
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
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(s|min|h|d)\b\s*")
_MOMENT = re.compile(
    r"(?:(?P<date>\d{4}-\d{2}-\d{2})[ T]|D(?P<offset>[+-]\d{1,3})?\s+)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
)
_MOMENT_FORMS = "write 07:00, D-1 18:00 or 2021-05-23 07:00"
_DURATION_FORMS = "write it with its unit, such as 90 s, 15 min or 2 h"


def minutes_of(text: Any) -> float:
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
            if total <= 1e7:
                return total
            raise ValueError(f"duration too long, found '{text}'; at most 19 years")
    raise ValueError(f"not a duration, found {shown(text)}; {_DURATION_FORMS}")


def shown(value: Any) -> str:
    """Quote a value the way a person wrote it, shortened."""
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


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


class Phases(BaseModel):
    """When the phases begin; phase *before* begins with the scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    during: str = Field(description="Clock text at which phase 'during' begins")
    after: str = Field(description="Clock text at which phase 'after' begins")


class Clock(BaseModel):
    """The span of model time and the main day D.

    All model time is float minutes from `start`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    day: str = Field(description="The main day D (polling day), such as 2021-05-23")
    start: str = Field(description="Where the scenario begins, such as D-1 05:00")
    end: str = Field(description="Where the scenario ends, such as D+1 02:00")
    phases: Phases | None = Field(
        default=None, description="When 'during' and 'after' begin"
    )

    @field_validator("day")
    @classmethod
    def _day_is_a_date(cls, value: str) -> str:
        try:
            datetime.date.fromisoformat(value)
        except ValueError:
            raise ValueError(
                f"not a date, found '{value}'; write 2021-05-23"
            ) from None
        return value

    @field_validator("start", "end")
    @classmethod
    def _readable(cls, value: str, info: ValidationInfo) -> str:
        if "day" in info.data:
            _since_day(value, info.data["day"])
        return value

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not 0 < self.minutes <= 200 * DAY:
            raise ValueError(
                f"the clock must run forward for at most 200 days, found start "
                f"'{self.start}' and end '{self.end}'"
            )
        for name in ("during", "after"):
            if self.phases is not None:
                self.moment(getattr(self.phases, name))
        return self

    @property
    def minutes(self) -> float:
        """Length of the scenario in minutes."""
        return self.moment(self.end)

    def moment(self, text: Any) -> float:
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
        if minutes in (float("inf"), float("-inf")) or minutes != minutes:  # noqa: PLR0124
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
        """Give the start and end of a phase in minutes."""
        if self.phases is None:
            return (0.0, self.minutes)
        during, after = self.moment(self.phases.during), self.moment(self.phases.after)
        return {
            "before": (0.0, during),
            "during": (during, after),
            "after": (after, self.minutes),
        }[phase]


def _since_day(text: Any, day: str) -> float:
    """Read clock text as minutes since midnight of day D."""
    match = _MOMENT.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"not a time, found {shown(text)}; {_MOMENT_FORMS}")
    hour, minute = int(match["hour"]), int(match["minute"])
    second = int(match["second"] or 0)
    if minute > 59 or second > 59 or hour * 60 + minute > 1440:
        raise ValueError(f"no such time of day, found '{text}'; {_MOMENT_FORMS}")
    offset = int(match["offset"] or 0)
    if match["date"]:
        try:
            date = datetime.date.fromisoformat(match["date"])
        except ValueError:
            raise ValueError(f"no such date, found '{text}'") from None
        offset = (date - datetime.date.fromisoformat(day)).days
    return offset * DAY + hour * 60 + minute + second / 60


def _moment(text: Any, info: ValidationInfo) -> float:
    clock = (info.context or {}).get("clock")
    if clock is None:
        raise ValueError("the time cannot be placed until the clock section is right")
    return float(clock.moment(text))


Moment = Annotated[
    float,
    BeforeValidator(_moment),
    WithJsonSchema(
        {
            "type": "string",
            "description": "Clock text: 07:00 (on day D), D-1 18:00, 2021-05-23 07:00",
            "pattern": (
                r"^((\d{4}-\d{2}-\d{2}[ T])|(D([+-]\d{1,3})?\s+))?"
                r"\d{1,2}:\d{2}(:\d{2})?$"
            ),
        }
    ),
]


def span(minutes: float) -> str:
    """Write a duration for people: ``45 s``, ``12 min``, ``1 h 05 min``."""
    if minutes == float("inf"):
        return "never"
    if abs(minutes) < 1 and minutes:
        return f"{minutes * 60:.0f} s"
    if abs(minutes) < 100:
        return f"{minutes:.1f}".removesuffix(".0") + " min"
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest:02d} min"
