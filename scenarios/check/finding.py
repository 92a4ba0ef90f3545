"""What is sound as text and will not do what its writer wants."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something sound as text that will not do what its writer wants.

    Parameters
    ----------
    path
        Where in the scenario.
    text
        What, and why.
    cure
        What would cure it.
    """

    path: str
    text: str
    cure: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}. Cure: {self.cure}."
