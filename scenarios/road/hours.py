"""Hours of roads and ferries: when they can be used, in spans of model time."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from scenarios.clock import DAY, Duration, Moment, forward
from scenarios.force import Mode
from scenarios.quantity import Model, Speed

Span = tuple[float, float]


class Window(Model):
    """A stretch of time, once or every day."""

    from_: Moment = Field(alias="from")
    until: Moment
    daily: bool = Field(
        default=False,
        strict=True,
        description="Every day at these times of day; 22:00 to 05:00 goes over "
        "midnight",
    )

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if not self.daily:
            forward(self.from_, self.until)
        elif not 0 < abs(self.until - self.from_) <= DAY:
            raise ValueError(
                "until: must be another time of day than from, for each day has one "
                "such window"
            )
        return self

    def spans(self, end: float) -> Iterator[Span]:
        """List its spans between the scenario's start and end."""
        begin, lasts = self.from_, self.until - self.from_
        if self.daily:
            lasts = lasts % DAY or DAY
            begin = begin % DAY - DAY  # the one of the day before may reach into this
        while begin < end:
            if begin + lasts > 0:
                yield max(begin, 0.0), min(begin + lasts, end)
            if not self.daily:
                return
            begin += DAY


Windows = Annotated[tuple[Window, ...], Field(min_length=1, max_length=400)]


class Hours(Model):
    """When a road can be used, or when it cannot."""

    open: Windows | None = Field(default=None, description="It is open then only")
    closed: Windows | None = Field(default=None, description="It is closed then")

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Self:
        if (self.open is None) == (self.closed is None):
            found = "none" if self.open is None else "both"
            raise ValueError(f"give exactly one of open and closed, found {found}")
        return self

    def shut(self, end: float) -> list[Span]:
        """List when it cannot be used, between the scenario's start and end."""
        if self.closed is not None:
            return merged(s for window in self.closed for s in window.spans(end))
        assert self.open is not None
        return between(merged(s for w in self.open for s in w.spans(end)), end)


class Ferry(Model):
    """How a ferry runs; what is left out is as its class of road says."""

    speed: Speed | None = Field(
        default=None, description="Default: by its class, for each mode"
    )
    wait: Duration | None = Field(
        default=None,
        description="Mean wait for the boat, added to each crossing; default: 10 min",
    )
    modes: Annotated[tuple[Mode, ...], Field(min_length=1)] | None = Field(
        default=None, description="What it carries; default: as its class"
    )
    sails: Windows | None = Field(
        default=None, description="When it sails; default: day and night"
    )

    @model_validator(mode="after")
    def _carried_at_a_speed(self) -> Self:
        if self.modes is not None and len(set(self.modes)) < len(self.modes):
            raise ValueError("modes: one is given twice")
        return self

    def shut(self, end: float) -> list[Span]:
        """List when it does not sail, between the scenario's start and end."""
        if self.sails is None:
            return []
        return between(merged(s for w in self.sails for s in w.spans(end)), end)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Put spans in order; those that touch become one."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def between(spans: list[Span], end: float) -> list[Span]:
    """List what lies between merged spans, from 0 to the end."""
    edges = [0.0, *(time for span in spans for time in span), end]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(begin, until) for begin, until in pairs if begin < until]
