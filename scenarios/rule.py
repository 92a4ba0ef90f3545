"""Rule packs: law and custom as data."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from scenarios.clock import Clock
from scenarios.file.document import read_document
from scenarios.quantity import Model, Text
from scenarios.station import Station

Pack = Literal["none", "vietnam-2015"]
_FOLDER = Path(__file__).parent / "rules"
_Hour = Annotated[str, Field(pattern=r"^\d{2}:\d{2}$")]


class RulePack(Model):
    """What the law says of hours, sizes and interruptions; None where it is silent."""

    title: Text
    source: Text
    opens: _Hour | None = None
    closes: _Hour | None = None
    earliest_opening: _Hour | None = None
    latest_close: _Hour | None = None
    least_registered: int | None = None
    most_registered: int | None = None
    break_allowed: bool = True
    on_interruption: Text = ""
    on_close: Text = ""


def rule_pack(name: Pack) -> RulePack:
    """Read a bundled rule pack."""
    data: Any = read_document(_FOLDER / f"{name}.yaml").data
    return RulePack.model_validate(data)


def latest_close(station: Station, rules: RulePack, clock: Clock) -> tuple[float, str]:
    """Say until when the vote at a station may be extended, and by what that is set."""
    limits = [(clock.minutes, "the end of the clock")]
    if station.latest_close is not None:
        limits.insert(0, (station.latest_close, "latest_close of the station"))
    if rules.latest_close is not None:
        day = clock.text(station.closes)[:-5]
        limits.insert(0, (clock.moment(day + rules.latest_close), rules.title))
    return min(limits, key=lambda limit: limit[0])
