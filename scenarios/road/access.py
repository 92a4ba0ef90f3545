"""Who may use a road, in which direction: access tags and one-way tags by mode.

The more specific key wins: ``motorcar`` over ``motor_vehicle`` over ``vehicle`` over
``access``. All units of a scenario belong to forces; which values they may pass where
the public may not is a setting (``roads.may_pass``).
"""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Literal

from scenarios.force import Mode

VEHICLES: tuple[Mode, ...] = ("car", "motorcycle", "truck")
CHAINS: dict[str, tuple[str, ...]] = {
    "car": ("motorcar", "motor_vehicle", "vehicle", "access"),
    "motorcycle": ("motorcycle", "motor_vehicle", "vehicle", "access"),
    "truck": ("hgv", "motor_vehicle", "vehicle", "access"),
    "foot": ("foot", "access"),
}
ACCESS = tuple(dict.fromkeys(key for keys in CHAINS.values() for key in keys))
_KEYS = frozenset(ACCESS)
# Access values that every unit of a force may pass unless the scenario says otherwise.
MAY_PASS = (
    "private",
    "destination",
    "customers",
    "delivery",
    "permit",
    "residents",
    "emergency",
    "forestry",
    "agricultural",
    "military",
)
_OPEN = {"yes", "permissive", "designated", "official", "public", "allowed", "unknown"}
_OPEN |= {"discouraged", "true", "1"}
_SHUT = {"no", "false", "0", "use_sidepath", "separate", "dismount", "restricted"}
_SHUT |= {"psv", "bus", "taxi", "tourist_bus", "hov", "disabled", "employees", "staff"}
_SHUT |= {"members", "variable", "none", "bicycle", "foot", "horse", "license"}
_SHUT |= set(MAY_PASS)
_AHEAD = {"yes", "true", "1", "ft", "forward"}
_BACK = {"-1", "reverse", "backward", "tf"}
_BOTH = {"no", "false", "0", "both", "n"}
# Capitals are of shapefiles (from-to, to-from, both), small letters of databases.
_LETTERS: dict[str, "Way"] = {"F": "ahead", "T": "back", "B": "both"}
_LETTERS |= {"t": "ahead", "f": "both"}
Way = Literal["ahead", "back", "both"]
# Things on a road that stop some modes, unless their own access tags say otherwise.
BARRIERS: dict[str, frozenset[str]] = {
    "bollard": frozenset({"car", "truck"}),
    "block": frozenset({"car", "truck"}),
    "jersey_barrier": frozenset({"car", "truck"}),
    "planter": frozenset({"car", "truck"}),
    "log": frozenset(VEHICLES),
    "debris": frozenset(VEHICLES),
    "motorcycle_barrier": frozenset(VEHICLES),
    "cycle_barrier": frozenset(VEHICLES),
    "full-height_turnstile": frozenset(VEHICLES),
    "horse_stile": frozenset(VEHICLES),
    "kissing_gate": frozenset(VEHICLES),
    "stile": frozenset(VEHICLES),
    "turnstile": frozenset(VEHICLES),
}


def barred_by(
    tags: Mapping[str, str],
    may_pass: Collection[str],
    tally: Counter[str],
    direction: str = "",
) -> frozenset[str]:
    """Name the modes that the access tags of a road keep out.

    Parameters
    ----------
    tags
        Of the road.
    may_pass
        Values that units may pass though the public may not.
    tally
        Counts values that cannot be read (``unread access``).
    direction
        ``forward`` or ``backward``, to read ``motor_vehicle:forward`` too.
    """
    if not any(key.partition(":")[0] in _KEYS for key in tags):
        return frozenset()
    found = {
        mode
        for mode, chain in CHAINS.items()
        if _passes(tags, chain, may_pass, tally, direction) is False
    }
    crews = tags.get("emergency") in ("yes", "designated", "official")
    crews |= tags.get("service") == "emergency_access"
    return frozenset(found - set(VEHICLES if crews and "emergency" in may_pass else ()))


def welcomed(tags: Mapping[str, str], may_pass: Collection[str]) -> frozenset[str]:
    """Name the vehicles that a tag of their own lets in: ``motorcycle=yes``."""
    return frozenset(
        mode
        for mode in VEHICLES
        if _passes(tags, CHAINS[mode][:-1], may_pass, Counter(), "")
    )


def _passes(
    tags: Mapping[str, str],
    chain: tuple[str, ...],
    may_pass: Collection[str],
    tally: Counter[str],
    direction: str,
) -> bool | None:
    """Go down from the most specific key to the first that can be read."""
    for key in chain:
        for name in (f"{key}:{direction}", key):
            value = tags.get(name)
            found = None if value is None else opens(value, may_pass)
            if found is not None:
                return found
            tally["unread access"] += value is not None
    return None


def opens(value: str, may_pass: Collection[str]) -> bool | None:
    """Tell whether an access value lets a unit pass; None when it cannot be read."""
    parts = [part.strip().lower() for part in value.split(";")]
    if any(part in _OPEN or part in may_pass for part in parts):
        return True
    return False if all(part in _SHUT for part in parts) else None


def at_barrier(tags: Mapping[str, str], may_pass: Collection[str]) -> frozenset[str]:
    """Name the modes that a gate, a bollard or another barrier on a road stops."""
    stopped = BARRIERS.get(tags.get("barrier", ""), frozenset[str]())
    tally: Counter[str] = Counter()
    for mode, chain in CHAINS.items():
        said = _passes(tags, chain, may_pass, tally, "")
        if said is not None:
            stopped = stopped - {mode} if said else stopped | {mode}
    return stopped


def direction_of(text: str) -> Way | None:
    """Read a one-way tag in any spelling; None when it is no such tag."""
    if text.strip() in _LETTERS:
        return _LETTERS[text.strip()]
    word = text.strip().lower()
    if word in _AHEAD:
        return "ahead"
    if word in _BACK:
        return "back"
    return "both" if word in _BOTH else None


def directions(tags: Mapping[str, str], tally: Counter[str]) -> dict[str, Way]:
    """Tell which way each mode may go along a road.

    One-way tags do not bind who walks, save ``oneway:foot``. Reversible lanes and
    alternating traffic are taken as two-way, and counted.
    """
    whole = _general(tags, tally)
    found: dict[str, Way] = {
        "foot": direction_of(tags.get("oneway:foot", "")) or "both"
    }
    for mode in VEHICLES:
        keys = [f"oneway:{key}" for key in CHAINS[mode][:-1]]
        own = (direction_of(tags[key]) for key in keys if key in tags)
        found[mode] = next((way for way in own if way), whole)
    return found


def _general(tags: Mapping[str, str], tally: Counter[str]) -> Way:
    circle = tags.get("junction") in ("roundabout", "circular")
    implied: Way = "ahead" if circle or tags.get("highway") == "motorway" else "both"
    said = tags.get("oneway", "").strip()
    if said.lower() in ("reversible", "alternating"):
        tally["reversible"] += 1
        return "both"
    read = direction_of(said)
    tally["unread one-way"] += bool(said) and read is None
    tally["implied one-way"] += not said and implied == "ahead"
    return read or implied
