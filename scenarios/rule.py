"""Rule packs: law and custom as data."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from scenarios.file.document import read_document
from scenarios.quantity import Model, Text

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
