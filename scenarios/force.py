"""Forces: agencies and their units, shifts, posts, beats, breaks, call-up."""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.clock import Duration, Moment, forward
from scenarios.distribution import Distribution, constant
from scenarios.quantity import Model, Name, Number, Some, Text

Mode = Literal["car", "motorcycle", "truck", "foot", "boat"]
MODES: tuple[Mode, ...] = ("car", "motorcycle", "truck", "foot", "boat")
Cost = Annotated[Number, Field(ge=0, le=1e9)]
Priority = Annotated[int, Field(strict=True, ge=1, le=9)]


class Agency(Model):
    """Police, militia, health, fire and rescue: who sends units."""

    title: Text = ""
    call_up: Duration | None = Field(
        default=None,
        description="Units of this agency are mutual aid: asked for only when no own "
        "unit can be sent; a unit is at hand this long after all have agreed",
    )
    agree: dict[Name, Duration] = Field(
        default_factory=dict,
        description="Command levels that must agree, in turn, and how long each takes",
    )
    stays: Duration = Field(
        default=0.0,
        description="A unit called up stays at least so long, then is stood down",
    )

    @model_validator(mode="after")
    def _agree_to_a_call_up(self) -> Self:
        if self.call_up is None and (self.agree or self.stays):
            key = "agree" if self.agree else "stays"
            raise ValueError(
                f"{key}: is for mutual aid; give call_up (0 min if at once), or take "
                f"{key} out"
            )
        return self


class Shift(Model):
    """A stretch of duty."""

    from_: Moment = Field(alias="from")
    until: Moment
    turnout: Distribution | None = Field(
        default=None,
        description="From the order to wheels turning in this shift (nights are "
        "slower); left out: as the unit has it",
    )

    @model_validator(mode="after")
    def _forward(self) -> Self:
        forward(self.from_, self.until)
        return self


class Post(Model):
    """A fixed guard: where the unit stands when nothing else is asked of it."""

    place: Name
    from_: Moment = Field(alias="from")
    until: Moment
    strip: Literal["never", "last"] = Field(
        default="never",
        description="never: dispatch leaves it there; last: it may go when no other "
        "unit can",
    )
    strip_above: Priority | None = Field(
        default=None,
        description="last: only for incidents of this priority or a higher one (a "
        "lower number)",
    )

    @model_validator(mode="after")
    def _forward(self) -> Self:
        forward(self.from_, self.until)
        return self

    relief: bool = Field(
        default=False,
        strict=True,
        description="last: only when another free unit has come to stand there",
    )

    @model_validator(mode="after")
    def _strips(self) -> Self:
        for key in ("strip_above", "relief"):
            if self.strip == "never" and getattr(self, key):
                raise ValueError(f"{key}: goes with strip: last; take it out")
        return self


class Beat(Model):
    """Places a unit on patrol drives between when nothing is asked of it."""

    places: tuple[Name, ...] = Field(min_length=2, description="In this order, round")
    stay: Duration = Field(default=10.0, description="How long it stands at each")

    @model_validator(mode="after")
    def _takes_time(self) -> Self:
        if self.stay <= 0:
            raise ValueError("stay: must be above 0 min")
        return self


class Break(Model):
    """A rest: it begins in a window, when the unit is free."""

    from_: Moment = Field(alias="from")
    latest: Moment = Field(description="Begins by then, or is lost")
    lasts: Duration
    above: Priority | None = Field(
        default=None,
        description="Incidents of this priority or a higher one (a lower number) may "
        "interrupt it; left out: none",
    )

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.latest < self.from_:
            raise ValueError("latest: must not be before from")
        if self.lasts <= 0:
            raise ValueError("lasts: must be above 0 min")
        return self


class Closing(Model):
    """The last part of a shift, in which little new is begun."""

    minutes: Duration = Field(description="The last so long of each shift")
    priority: Priority = Field(
        description="Sent only to this priority or a higher one (a lower number)"
    )


class SelfInitiated(Model):
    """Stops and checks that an idle unit starts by itself."""

    per_hour: Annotated[Number, Field(gt=0, le=60)]
    lasts: Distribution
    yields_to: Priority = Field(
        default=9,
        description="Incidents of this priority or a higher one (a lower number) end "
        "it",
    )


class Unit(Model):
    """A responding unit and what it can do."""

    title: Text = ""
    agency: Name
    skills: tuple[Name, ...] = Field(min_length=1)
    fills: Some = Field(
        default=1,
        description="How many needs of one incident it can fill at once, by its "
        "skills; it takes a further need only when no other unit is chosen for it",
    )
    crew: Some = 2
    base: Name = Field(description="The place it starts from and returns to")
    mode: Mode = "motorcycle"
    turnout: Distribution = Field(
        default=constant("2 min"), description="From the order to wheels turning"
    )
    shifts: tuple[Shift, ...] = Field(min_length=1)
    shift_end: Literal["finish", "pause", "relieve"] = Field(
        default="finish",
        description="On scene when the shift ends: finish the work; pause it until "
        "the next shift; or leave when another unit has relieved it",
    )
    closing: Closing | None = None
    posts: tuple[Post, ...] = ()
    areas: tuple[Name, ...] = Field(default=(), description="Its home areas")
    beat: Beat | None = None
    breaks: tuple[Break, ...] = ()
    self_initiated: SelfInitiated | None = None
    cost_per_hour: Cost = Field(default=0.0, description="For the unit, on shift")

    @model_validator(mode="after")
    def _shifts_apart(self) -> Self:
        stretches: tuple[tuple[str, tuple[Shift | Post, ...]], ...] = (
            ("shifts", self.shifts),
            ("posts", self.posts),
        )
        for name, spans in stretches:
            for before, after in pairwise(spans):
                if after.from_ < before.until:
                    raise ValueError(f"{name}: must follow each other, not overlap")
        for first, second in pairwise(self.breaks):
            if second.from_ < first.latest + first.lasts:
                raise ValueError(
                    "breaks: the next must not begin before the last can end"
                )
        return self

    def on_shift(self, minute: float) -> bool:
        """Tell whether the unit is on shift at a moment (start in, end out)."""
        return any(shift.from_ <= minute < shift.until for shift in self.shifts)
