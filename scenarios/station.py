"""Polling stations as asked: voters, hours, stages, rules of the line."""

from math import isnan
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, PrivateAttr, ValidationInfo, model_validator

from scenarios.clock import Duration, Moment
from scenarios.distribution import Distribution
from scenarios.quantity import Count, Model, Name, Number, Share, Some, Text
from scenarios.stage import ORDINARY, Stage
from scenarios.voter import VoterClass, VoterFile, VoterList


class Reading(Model):
    """By this time, this share of the day's voters has come."""

    at: Moment
    share: Share
    spread: Share = Field(
        default=0.0, description="How far the share of a day is from it: see drift"
    )


class Arrivals(Model):
    """When voters come: shares by the hour, or cumulative readings."""

    hourly: tuple[Annotated[Number, Field(ge=0)], ...] | None = Field(
        default=None, description="Weight of each hour, the first from `from`"
    )
    from_: Moment | None = Field(
        default=None,
        alias="from",
        description="Start of the first hour (default opens)",
    )
    cumulative: tuple[Reading, ...] | None = Field(
        default=None, description="Cumulative share of the day's voters, 0 to 100 %"
    )
    drift: Annotated[Number, Field(ge=-100, le=100)] = Field(
        default=0.0,
        description="How early the day is: so many times its spread is added to the "
        "share of each reading; below 0, late",
    )

    @model_validator(mode="after")
    def _one_profile(self) -> Self:
        if (self.hourly is None) == (self.cumulative is None):
            found = "none" if self.hourly is None else "both"
            raise ValueError(
                f"give exactly one of hourly and cumulative, found {found}"
            )
        if self.hourly is not None and not sum(self.hourly) > 0:
            raise ValueError("hourly: at least one hour must weigh more than 0")
        if self.cumulative is not None:
            self._readings_rise(self.cumulative)
        return self

    @staticmethod
    def _readings_rise(readings: tuple[Reading, ...]) -> None:
        times = [reading.at for reading in readings]
        shares = [reading.share for reading in readings]
        if len(times) < 2 or times != sorted(set(times)) or shares != sorted(shares):
            raise ValueError(
                "cumulative: give at least two readings; times and shares must rise"
            )
        if shares[0] != 0 or shares[-1] != 1:
            raise ValueError(
                f"cumulative: must begin at 0 % and end at 100 %, found "
                f"{shares[0] * 100:g} % and {shares[-1] * 100:g} %"
            )

    def profile(self, opens: float) -> tuple[tuple[float, float], ...]:
        """Give the cumulative profile as points (minute, share from 0 to 1)."""
        if self.cumulative is not None:
            return self._drifted(self.cumulative)
        weights = self.hourly or ()
        begin = opens if self.from_ is None else self.from_
        total = float(sum(weights))
        points, run = [(begin, 0.0)], 0.0
        for index, weight in enumerate(weights):
            run += weight
            points.append((begin + 60 * (index + 1), run / total))
        points[-1] = (points[-1][0], 1.0)
        return tuple(points)

    def _drifted(
        self, readings: tuple[Reading, ...]
    ) -> tuple[tuple[float, float], ...]:
        """Give the profile of this day: it rises from 0 to 1 whatever is added."""
        points: list[tuple[float, float]] = []
        for reading in readings:
            share = reading.share + self.drift * reading.spread
            least = points[-1][1] if points else 0.0
            points.append((reading.at, min(max(share, least), 1.0)))
        points[0], points[-1] = (points[0][0], 0.0), (points[-1][0], 1.0)
        return tuple(points)


class BalkStep(Model):
    """Who turns back on seeing the line, or for the wait it lets them expect."""

    line: Count | None = Field(
        default=None, description="At least so many in the first line"
    )
    wait: Duration | None = Field(
        default=None,
        description="At least so long to be expected: voters in the first line times "
        "the mean service over the open places",
    )
    share: Share

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.line is None) == (self.wait is None):
            found = "none" if self.line is None else "both"
            raise ValueError(f"give exactly one of line and wait, found {found}")
        return self


class Counting(Model):
    """Counting after the close."""

    set_up: Duration = Field(description="Before the first ballot is counted")
    per_ballot: Duration = Field(
        description="For each ballot; with officers, the time of one of them"
    )
    officers: Some | None = Field(
        default=None,
        description="How many count at once, as far as they are at the station; left "
        "out: set_up and per_ballot hold for the whole team, whoever is there",
    )


class TeamBreak(Model):
    """So many officers are away for a time, as far as they are there."""

    from_: Moment = Field(alias="from")
    lasts: Duration
    officers: Some

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.lasts <= 0:
            raise ValueError("lasts: must be above 0 min")
        return self

    @property
    def until(self) -> float:
        """When they are back."""
        return self.from_ + self.lasts


class Interruption(Model):
    """How long the steps of an interruption take (contingency rules, estimates)."""

    seal: Duration = Field(default=3.0, description="From the stop to the sealed box")
    report: Duration = Field(default=5.0, description="From the stop to the report")
    reopen: Duration = Field(
        default=5.0, description="From the clearing to voting again"
    )


def _voters_or_chance(schema: dict[str, Any]) -> None:
    """Tell editors that voters are either recorded or come by turnout and profile."""
    drawn = ["turnout", "arrivals"]
    schema["required"] = [key for key in schema["required"] if key not in drawn]
    schema["anyOf"] = [{"required": drawn}, {"required": ["voters"]}]
    for key in drawn:
        (form,) = (part for part in schema["properties"][key].pop("anyOf")
                   if part != {"type": "null"})  # fmt: skip
        schema["properties"][key] |= form


class Station(Model):
    """A polling station."""

    model_config = ConfigDict(json_schema_extra=_voters_or_chance)
    title: Text = ""
    place: Name = Field(description="The place it stands at")
    registered: Annotated[int, Field(strict=True, ge=1, le=5_000_000)] = Field(
        description="Voters on the list"
    )
    turnout: Share | None = Field(
        description="Share of the list that sets out to vote; not with voters"
    )
    arrivals: Arrivals | None = Field(description="When they come; not with voters")
    voters: VoterFile | None = Field(
        default=None, description="Recorded voters, in place of turnout and arrivals"
    )
    opens: Moment
    closes: Moment
    close_rule: Literal["stop", "serve_queue"] = Field(
        default="stop",
        description="stop: no ballot is handed out after the close, who has one may "
        "finish; serve_queue: who is in line at the close may vote",
    )
    clears: Duration | None = Field(
        default=None,
        description="So long after the close everything ends: whoever is still inside "
        "is turned away; left out: they finish",
    )
    latest_close: Moment | None = Field(
        default=None,
        description="No order may extend the vote beyond; the rule pack may say less",
    )
    officers: Count = Field(description="Polling officers on the team")
    breaks: tuple[TeamBreak, ...] = Field(
        default=(), description="When officers of the team are on a break"
    )
    priority: Share = Field(
        default=0.0, description="Share of voters served first (elderly, unwell)"
    )
    classes: dict[Name, VoterClass] = Field(
        default_factory=dict,
        max_length=20,
        description="Voters who differ; whoever belongs to none is an ordinary voter",
    )
    balk: tuple[BalkStep, ...] = Field(
        default=(), description="Who turns back on seeing the line"
    )
    room: Annotated[int, Field(strict=True, ge=1, le=100_000)] | None = Field(
        default=None,
        description="Most voters inside at once; the others wait outside, in the line "
        "of the first stage",
    )
    patience: Distribution | None = Field(
        default=None, description="How long a voter stays in the first line"
    )
    stages: dict[Name, Stage] = Field(
        min_length=1, max_length=8, description="In the order voters pass them"
    )
    count: Counting | None = Field(default=None, description="Counting after the close")
    interruption: Interruption = Interruption()
    exception: Text = Field(
        default="", description="Why the size limits of the rule pack do not bind here"
    )

    _recorded: VoterList | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _not_drawn(cls, data: Any) -> Any:
        """Take turnout and profile as left out where the voters are recorded."""
        if not isinstance(data, dict) or data.get("voters") is None:
            return data
        return {"turnout": None, "arrivals": None, **data}

    @model_validator(mode="after")
    def _drawn_or_recorded(self, info: ValidationInfo) -> Self:
        for key in ("turnout", "arrivals"):
            given = getattr(self, key) is not None
            if given and self.voters is not None:
                raise ValueError(f"{key}: cannot stand beside voters; take one out")
            if not given and self.voters is None:
                raise ValueError(f"{key}: must be given, unless voters are recorded")
        if self.voters is not None:
            lists = (info.context or {}).get("voters")
            if lists is None:
                raise ValueError("voters: are read with a scenario's folder only")
            # What is wrong with the file is told with its rows.
            asked = self.voters.asked(tuple(self.stages), tuple(self.classes))
            self._recorded = lists.get(asked)
            number = 0 if self._recorded is None else len(self._recorded.arrival)
            if number > self.registered:
                raise ValueError(
                    f"registered: {self.voters.file} holds {number} voters, more than "
                    f"the list, found {self.registered}"
                )
        return self

    @model_validator(mode="after")
    def _recorded_where_they_pass(self) -> Self:
        """Hold recorded services to the classes that pass the stage."""
        if self._recorded is None or not self._known_classes():
            return self
        names = list(self.voters_of)
        for (name, stage), minutes in zip(
            self.stages.items(), self._recorded.service, strict=True
        ):
            if stage.only is stage.except_ is None:
                continue
            for row, class_ in enumerate(self._recorded.class_, start=1):
                told = "" if isnan(class_) else names[int(class_)]
                if not isnan(minutes[row - 1]) and not (told and stage.admits(told)):
                    raise ValueError(
                        f"voters: voter {row} has a service at {name}, which "
                        f"{told or 'a voter whose class is not stated'} may not pass"
                    )
        return self

    @model_validator(mode="after")
    def _sound(self, info: ValidationInfo) -> Self:
        clock = (info.context or {}).get("clock")
        if self.closes <= self.opens:
            raise ValueError("closes: must be after opens")
        if clock is not None and not 0 <= self.opens < self.closes <= clock.minutes:
            raise ValueError(
                f"closes: the hours must lie within the clock, from {clock.text(0)} to "
                f"{clock.text(clock.minutes)}"
            )
        if self.latest_close is not None and self.latest_close < self.closes:
            raise ValueError("latest_close: must not be before closes")
        self._classes_fit()
        return self

    @model_validator(mode="after")
    def _votes_once(self) -> Self:
        voting = [stage for stage in self.stages.values() if stage.voting]
        found = {
            name: sum(stage.admits(name) for stage in voting) for name in self.voters_of
        }
        if not self._known_classes() or set(found.values()) == {1}:
            return self
        if all(stage.only is stage.except_ is None for stage in voting):
            raise ValueError(
                f"stages: exactly one must say voting: true, found {len(voting)}"
            )
        told = ", ".join(f"{name} {n}" for name, n in found.items() if n != 1)
        raise ValueError(
            "stages: every voter must pass exactly one with voting: true, found "
            f"{told}; see only and except"
        )

    @model_validator(mode="after")
    def _stages_sound(self) -> Self:
        first = next(iter(self.stages.values()))
        if first.limit is not None:
            raise ValueError("stages: the first can have no limit; see room and balk")
        for key, given in (
            ("share", first.share < 1),
            ("only", first.only is not None),
            ("except", first.except_ is not None),
        ):
            if given:
                text = f"everybody passes the first; it can have no {key}"
                raise ValueError(f"stages: {text}")
        if any(stage.voting and stage.share < 1 for stage in self.stages.values()):
            raise ValueError("stages: one with voting: true can have no share")
        for name, stage in self.stages.items() if self._known_classes() else ():
            if not any(map(stage.admits, self.voters_of)):
                raise ValueError(f"stages: nobody passes {name}; see only and except")
        return self

    @model_validator(mode="after")
    def _breaks_sound(self) -> Self:
        most = max((rest.officers for rest in self.breaks), default=0)
        if most > self.officers:
            raise ValueError(
                f"breaks: {most} cannot go, the team has {self.officers} officer(s)"
            )
        return self

    @model_validator(mode="after")
    def _balk_rises(self) -> Self:
        for bound in ("line", "wait"):
            steps = [getattr(step, bound) for step in self.balk]
            found = [step for step in steps if step is not None]
            if found != sorted(set(found)):
                raise ValueError(f"balk: the {bound}s must rise from step to step")
        return self

    def _classes_fit(self) -> None:
        total = sum(one.share for one in self.classes.values())
        if total > 1 + 1e-9:
            raise ValueError(
                f"classes: shares must sum to at most 100 %, found {total * 100:g} %"
            )
        if self.classes and self.priority > 0:
            raise ValueError(
                "priority: cannot stand beside classes; give a class priority: true"
            )
        if ORDINARY in self.classes:
            raise ValueError(
                f"classes: {ORDINARY} are the voters of no class; choose another name"
            )
        for name, one in self.classes.items():
            for stage in one.service:
                if stage in self.stages and not self.stages[stage].admits(name):
                    raise ValueError(
                        f"classes: {name} do not pass {stage}; take its service out"
                    )

    def _known_classes(self) -> bool:
        """Tell whether stages name classes there are; the references tell others."""
        return all(
            name in self.voters_of
            for stage in self.stages.values()
            for name in (*(stage.only or ()), *(stage.except_ or ()))
        )

    @property
    def voters_of(self) -> dict[str, float]:
        """Share of the list by class of voter, the ordinary ones first."""
        ordinary = 1.0
        for one in self.classes.values():
            ordinary -= one.share
        shares = {name: one.share for name, one in self.classes.items()}
        return {ORDINARY: max(ordinary, 0.0), **shares}

    def mean_service(self, name: str) -> float:
        """Mean service time at a stage over the voters who pass it, minutes."""
        share, minutes = self.work(name)
        return minutes / share if share else 0.0

    def work(self, name: str) -> tuple[float, float]:
        """Give the share of voters who pass a stage, and minutes there a voter.

        The minutes are means over all voters; who skips the stage takes none.
        """
        shares = self.voters_of
        drawn = self._drawn_work(name, shares)
        if self._recorded is None:
            return drawn
        by_class = [self._drawn_work(name, {class_: 1.0}) for class_ in shares]
        return self._recorded.work(list(self.stages).index(name), drawn, by_class)

    def _drawn_work(self, name: str, shares: dict[str, float]) -> tuple[float, float]:
        stage = self.stages[name]
        outside = sum(part for c, part in shares.items() if not stage.admits(c))
        minutes = sum(
            part * self._mean_of(class_, name)
            for class_, part in shares.items()
            if stage.admits(class_)
        )
        return stage.share * (1.0 - outside), stage.share * minutes

    def _mean_of(self, class_: str, name: str) -> float:
        law = self.stages[name].service
        if class_ == ORDINARY:
            return law.mean_minutes
        return self.classes[class_].mean_minutes(name, law)

    @property
    def recorded(self) -> VoterList | None:
        """The recorded voters; None where they come by turnout and profile."""
        return self._recorded

    @property
    def expected(self) -> float:
        """How many voters set out on average."""
        if self._recorded is not None:
            return float(len(self._recorded.arrival))
        return self.registered * (self.turnout or 0.0)

    def profile(self) -> tuple[tuple[float, float], ...]:
        """Give the cumulative arrivals as points (minute, share from 0 to 1)."""
        if self._recorded is not None:
            return self._recorded.profile()
        assert self.arrivals is not None
        return self.arrivals.profile(self.opens)

    @property
    def voting_stages(self) -> tuple[int, ...]:
        """Indices of the stages whose start ends the wait of those who pass them."""
        stages = enumerate(self.stages.values())
        return tuple(i for i, stage in stages if stage.voting)
