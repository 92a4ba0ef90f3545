"""Checks of units and dispatch: rules that never come into play, work never done."""

from collections.abc import Iterator

from scenarios.check.finding import Finding
from scenarios.force import Unit
from scenarios.scenario import Setting


def check_forces(setting: Setting) -> Iterator[Finding]:
    """Find what of the units and of dispatch will not work, by its text alone."""
    for name, unit in setting.units.items():
        yield from _rosters(f"units.{name}", unit)
    yield from _home_areas(setting)
    yield from _unused(setting)
    yield from _priorities(setting)
    yield from _reserve(setting)
    yield from _together(setting)
    yield from _paces(setting)
    yield from _fills(setting)


def _rosters(path: str, unit: Unit) -> Iterator[Finding]:
    for index, rest in enumerate(unit.breaks):
        if not any(
            s.from_ <= rest.latest and rest.from_ < s.until for s in unit.shifts
        ):
            yield Finding(
                path=f"{path}.breaks[{index}]",
                text="lies in no shift: it is never taken",
                cure="move its window into a shift",
            )
    shortest = min(shift.until - shift.from_ for shift in unit.shifts)
    if unit.closing is not None and unit.closing.minutes >= shortest:
        yield Finding(
            path=f"{path}.closing",
            text="is as long as a whole shift: less pressing incidents never get it",
            cure="shorten it",
        )
    if unit.shift_end == "pause" and len(unit.shifts) == 1:
        yield Finding(
            path=f"{path}.shift_end",
            text="pause: there is no later shift in which to go on; the need is open "
            "again",
            cure="take finish or relieve, or add a shift",
        )


def _home_areas(setting: Setting) -> Iterator[Finding]:
    dispatch = setting.dispatch
    homes = any(unit.areas for unit in setting.units.values())
    if dispatch.policy == "home-area":
        if not homes and not dispatch.lists:
            yield Finding(
                path="dispatch.policy",
                text="home-area, but no unit has areas and there are no lists: nobody "
                "is ever sent",
                cure="give units areas, or dispatch lists",
            )
        else:
            yield from _nobody_to_send(setting)
    elif dispatch.lists:
        yield Finding(
            path="dispatch.lists",
            text=f"policy {dispatch.policy} reads none",
            cure="take policy home-area, or take them out",
        )


def _nobody_to_send(setting: Setting) -> Iterator[Finding]:
    """Find types and places for which home-area knows no unit with the skill."""
    lists = setting.dispatch.lists
    for name, kind in setting.incidents.items():
        for place in dict.fromkeys(p for rate in kind.rates for p in rate.places):
            area = setting.places[place].area
            listed = lists.get(place) or lists.get(area or "", ())
            for skill in kind.levels[0].needs:
                known = any(
                    skill in unit.skills and (area in unit.areas or key in listed)
                    for key, unit in setting.units.items()
                )
                if not known:
                    yield Finding(
                        path=f"incidents.{name}",
                        text=f"at {place} nobody is ever sent for {skill}: no unit "
                        "with it has this home area or is on the list",
                        cure="add such a unit to dispatch.lists, or to the area",
                    )


def _unused(setting: Setting) -> Iterator[Finding]:
    dispatch = setting.dispatch
    by_cover = dispatch.standby is not None and dispatch.standby.kind == "cover"
    if dispatch.cover and dispatch.policy != "keep-cover" and not by_cover:
        yield Finding(
            path="dispatch.cover",
            text="changes nobody's way: neither the policy nor stand-by goes by cover",
            cure="take policy keep-cover or standby by cover",
        )
    movable = [u for u in _own(setting).values() if u.beat is None and not u.posts]
    if dispatch.standby is not None and not movable:
        yield Finding(
            path="dispatch.standby",
            text="no own unit is without post and beat: nobody can be moved",
            cure="free a unit, or take it out",
        )
    aid = len(_own(setting)) < len(setting.units)
    if dispatch.aid_beyond is not None and not aid:
        yield Finding(
            path="dispatch.aid_beyond",
            text="no unit is mutual aid: there is nobody to ask",
            cure="give an agency call_up, or take it out",
        )


def _priorities(setting: Setting) -> Iterator[Finding]:
    """Find rules for priorities that no incident has."""
    used = {kind.priority for kind in setting.incidents.values()}
    pairs = [
        (int(now), n) for now, new in setting.dispatch.preempt.items() for n in new
    ]
    for now, new in pairs:
        if not {now, new} <= used:
            yield Finding(
                path=f"dispatch.preempt.{now}",
                text=f"priority {new} over {now} never comes up: the incident types "
                f"have {_listed(used)}",
                cure="name priorities that occur",
            )
    for priority in map(int, setting.dispatch.reserve):
        aged = setting.dispatch.ageing is not None and priority < max(used, default=0)
        if priority not in used and not aged:
            yield Finding(
                path=f"dispatch.reserve.{priority}",
                text=f"no incident has this priority: they have {_listed(used)}",
                cure="name priorities that occur",
            )


def _reserve(setting: Setting) -> Iterator[Finding]:
    """Find skills of which so few units are there that the reserve is all of them."""
    for name, kind in setting.incidents.items():
        asked = setting.dispatch.reserve.get(str(kind.priority), 0)
        for skill in kind.levels[0].needs:
            able = sum(skill in unit.skills for unit in _own(setting).values())
            if asked and able <= asked:
                yield Finding(
                    path=f"incidents.{name}",
                    text=f"no own unit is ever sent for {skill}: dispatch.reserve "
                    f"keeps {asked} back and only {able} can do it",
                    cure="lower the reserve, or add units",
                )


def _together(setting: Setting) -> Iterator[Finding]:
    if setting.dispatch.send != "together":
        return
    for name, kind in setting.incidents.items():
        for number, level in enumerate(kind.levels):
            for skill, needed in level.needs.items():
                able = sum(
                    unit.fills
                    for unit in setting.units.values()
                    if skill in unit.skills
                )
                if able < needed:
                    yield Finding(
                        path=f"incidents.{name}.levels[{number}]",
                        text=f"needs {needed} for {skill}, all together, and there "
                        f"are {able}: nobody is ever sent",
                        cure="add units, or take send: as_free",
                    )


def _paces(setting: Setting) -> Iterator[Finding]:
    """Find paces of work that no number of units at work ever brings."""
    for name, kind in setting.incidents.items():
        for number, level in enumerate(kind.levels):
            needed = sum(level.needs.values())
            # The least holds below itself, too.
            for size in sorted(map(int, level.pace))[1:]:
                if size > needed:
                    yield Finding(
                        path=f"incidents.{name}.levels[{number}].pace.{size}",
                        text=f"so many units are never at work: the level needs "
                        f"{needed}",
                        cure="take it out, or raise the needs",
                    )


def _fills(setting: Setting) -> Iterator[Finding]:
    """Find units that fill more needs than any incident has for their skills."""
    levels = [level for kind in setting.incidents.values() for level in kind.levels]
    for name, unit in setting.units.items():
        most = (
            max(
                (sum(level.needs.get(skill, 0) for skill in unit.skills))
                for level in levels
            )
            if levels
            else 0
        )
        if unit.fills > max(most, 1):
            yield Finding(
                path=f"units.{name}.fills",
                text=f"never comes to {unit.fills}: no level has more than "
                f"{most} need(s) for its skills",
                cure="lower it, or give the unit more skills",
            )


def _own(setting: Setting) -> dict[str, Unit]:
    return {
        name: unit
        for name, unit in setting.units.items()
        if setting.agencies[unit.agency].call_up is None
    }


def _listed(priorities: set[int]) -> str:
    return ", ".join(map(str, sorted(priorities))) or "none"
