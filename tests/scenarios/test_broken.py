"""Broken scenarios, and exactly what is said of each.

A row is an edit of the sound scenario (see conftest), a plan, a file or a ``--set``
that breaks it, with every line a planner then reads.
"""
# ruff: noqa: E501 - the lines stand as they are printed

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from scenarios.file.reader import find, load
from scenarios.problem import ScenarioError

Write = Callable[..., Path]
DRAWN = """\
    turnout: 95 %
    arrivals: {hourly: [16, 16, 16, 8, 4, 4, 4, 4, 4, 4, 4, 4]}
"""
ROADS = """\
roads:
  network:
    nodes: {a: [0, 0], b: [1000, 0], c: [2000, 0]}
    edges:
      - {id: ab, from: a, to: b, road: tertiary, length: 1.2 km}
      - {id: bc, from: b, to: c, road: tertiary, speed: 30 km/h}
"""
ROAD_FILE = """\
nodes: {a: [0, 0], b: [1000, 0], c: [2000, 0]}
edges:
  - {id: ab, from: a, to: b, road: tertiary}
  - {id: bc, from: b, to: d, road: tertiary}
"""
BOMB = b"a: &a [1,1,1,1,1,1,1,1,1,1]\n" + b"".join(
    b"%c: &%c [%s]\n" % (letter, letter, b",".join([b"*%c" % (letter - 1)] * 10))
    for letter in b"bcdefg"
)


@dataclass(frozen=True, kw_only=True)
class Row:
    says: tuple[str, ...]
    edits: tuple[tuple[str, str], ...] = ()
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    changes: tuple[str, ...] = ()


def edit(old: str, new: str, *says: str) -> Row:
    return Row(edits=((old, new),), says=says)


def plan(text: str, *says: str) -> Row:
    return Row(files={"plans/lean.yaml": text}, says=says)


def change(text: str, *says: str) -> Row:
    return Row(changes=(text,), says=says)


def two_booths(only: str, *says: str, aided: str = "share: 3 %", **more: object) -> Row:
    """Put a booth for some classes beside that for all but the aided."""
    classes = f"    classes: {{aided: {{{aided}}}, old: {{share: 10 %}}}}\n"
    booth = "        officers: 0\n        voting: true\n"
    beside = f"aid: {{servers: 1, voting: true, only: {only}, service: 6 min}}"
    box = "      box: {servers: 1,"
    edits = (
        ("    priority: 5 %\n", classes),
        (booth, booth + "        except: [aided]\n"),
        (box, f"      {beside}\n{box}"),
        *more.pop("edits", ()),
    )
    return Row(edits=edits, says=says, **more)


ROWS = {
    # units and dispatch
    "levels of agreement without a call-up": edit(
        "  police: {}\n",
        "  police: {agree: {district: 5 min}}\n",
        "scenario.yaml:61:19: agencies.police.agree: is for mutual aid; give call_up (0 min if at once), or take agree out",
    ),
    "a stay without a call-up": edit(
        "  police: {}\n",
        "  police: {stays: 1 h}\n",
        "scenario.yaml:61:19: agencies.police.stays: is for mutual aid; give call_up (0 min if at once), or take stays out",
    ),
    "a post that is never stripped, above a priority": edit(
        "strip: last}",
        "strip: never, strip_above: 1}",
        "scenario.yaml:73:79: units.P1.posts[0].strip_above: goes with strip: last; take it out",
    ),
    "a post that is never stripped, with relief": edit(
        "strip: last}",
        "strip: never, relief: true}",
        "scenario.yaml:73:74: units.P1.posts[0].relief: goes with strip: last; take it out",
    ),
    "a beat of one place": edit(
        "    base: hamlet\n",
        "    base: hamlet\n    beat: {places: [school]}\n",
        "scenario.yaml:78:20: units.P2.beat.places: must have 2 or more entries, found 1",
    ),
    "a beat without a stay": edit(
        "    base: hamlet\n",
        "    base: hamlet\n    beat: {places: [school, seat], stay: 0 min}\n",
        "scenario.yaml:78:42: units.P2.beat.stay: must be above 0 min",
    ),
    "a beat past a place that is not there": edit(
        "    base: hamlet\n",
        "    base: hamlet\n    beat: {places: [school, sead]}\n",
        "scenario.yaml:78:29: units.P2.beat.places[1]: no such place, found 'sead'; did you mean 'seat'? allowed: seat, school, hamlet",
    ),
    "a break that ends its window before it begins": edit(
        "    base: hamlet\n",
        "    base: hamlet\n    breaks: [{from: 12:00, latest: 11:00, lasts: 20 min}]\n",
        "scenario.yaml:78:36: units.P2.breaks[0].latest: must not be before from",
    ),
    "a break of no length": edit(
        "    base: hamlet\n",
        "    base: hamlet\n    breaks: [{from: 12:00, latest: 13:00, lasts: 0 min}]\n",
        "scenario.yaml:78:50: units.P2.breaks[0].lasts: must be above 0 min",
    ),
    "breaks that can overlap": edit(
        "    base: hamlet\n",
        "    base: hamlet\n    breaks:\n      - {from: 11:00, latest: 12:00, lasts: 30 min}\n      - {from: 12:10, latest: 13:00, lasts: 30 min}\n",
        "scenario.yaml:78:5: units.P2.breaks: the next must not begin before the last can end",
    ),
    "a home area that no place lies in": edit(
        "    base: hamlet\n",
        "    base: hamlet\n    areas: [north]\n",
        "scenario.yaml:78:13: units.P2.areas[0]: no such area of a place, found 'north'; none is defined",
    ),
    "own work too often": edit(
        "    base: hamlet\n",
        "    base: hamlet\n    self_initiated: {per_hour: 100, lasts: 5 min}\n",
        "scenario.yaml:78:32: units.P2.self_initiated.per_hour: must be 60 or less, found 100",
    ),
    "an unknown end of shift": edit(
        "    base: hamlet\n",
        "    base: hamlet\n    shift_end: stop\n",
        "scenario.yaml:78:16: units.P2.shift_end: no such choice, found 'stop'; allowed: finish, pause, relieve",
    ),
    "a first level that falls": edit(
        "        on_scene: 15 min\n",
        "        on_scene: 15 min\n        falls_after: 5 min\n",
        "scenario.yaml:89:9: incidents.brawl.levels[0]: the first level cannot fall; take falls_after out",
    ),
    "a transport to nowhere": edit(
        "    priority: 1\n    levels",
        "    priority: 1\n    transport: {to: [clinic]}\n    levels",
        "scenario.yaml:88:22: incidents.brawl.transport.to[0]: no such place, found 'clinic'; allowed: seat, school, hamlet",
    ),
    "incidents that rob each other": edit(
        "dispatch: {policy: nearest}",
        "dispatch: {preempt: {3: [2], 2: [1, 3]}}",
        "scenario.yaml:98:21: dispatch.preempt: priority 3 can be robbed by one that it can rob itself, in a circle: two incidents would rob each other for ever",
    ),
    "a priority that robs itself": edit(
        "dispatch: {policy: nearest}",
        "dispatch: {preempt: {2: [2]}}",
        "scenario.yaml:98:21: dispatch.preempt: priority 2 can be robbed by one that it can rob itself, in a circle: two incidents would rob each other for ever",
    ),
    "a priority that is none": edit(
        "dispatch: {policy: nearest}",
        "dispatch: {preempt: {low: [1]}}",
        "scenario.yaml:98:22: dispatch.preempt.low: not a priority, found 'low'; from 1 to 9",
    ),
    "a unit that fills nothing": edit(
        "    base: hamlet\n",
        "    base: hamlet\n    fills: 0\n",
        "scenario.yaml:78:12: units.P2.fills: must be 1 or more, found 0",
    ),
    "a pace that is none": edit(
        "      - needs: {police: 2}\n",
        "      - needs: {police: 2}\n        pace: {1: fast, 2: 0 %}\n",
        "scenario.yaml:94:19: incidents.brawl.levels[1].pace.1: not a pace, found 'fast'; write 120 %, from 1 % to 10000 %",
        "scenario.yaml:94:28: incidents.brawl.levels[1].pace.2: not a pace, found '0 %'; write 120 %, from 1 % to 10000 %",
    ),
    "a pace for nobody": edit(
        "      - needs: {police: 2}\n",
        "      - needs: {police: 2}\n        pace: {0: 50 %}\n",
        "scenario.yaml:94:16: incidents.brawl.levels[1].pace.0: not a number of units, found '0'; from 1 to 999",
    ),
    "a priority beyond nine": edit(
        "dispatch: {policy: nearest}",
        "dispatch: {reserve: {10: 1}}",
        "scenario.yaml:98:22: dispatch.reserve.10: not a priority, found '10'; from 1 to 9",
    ),
    "a list of an unknown area": edit(
        "dispatch: {policy: nearest}",
        "dispatch: {policy: home-area, lists: {scool: [P1]}}",
        "scenario.yaml:98:39: dispatch.lists.scool: no such area or place, found 'scool'; did you mean 'school'? allowed: seat, school, hamlet",
    ),
    "a list with an unknown unit": edit(
        "dispatch: {policy: nearest}",
        "dispatch: {policy: home-area, lists: {school: [P9]}}",
        "scenario.yaml:98:48: dispatch.lists.school[0]: no such unit, found 'P9'; allowed: P1, P2, A1",
    ),
    "cover that is not said": edit(
        "dispatch: {policy: nearest}",
        "dispatch: {policy: keep-cover}",
        "scenario.yaml:98:11: dispatch: cover: is needed to keep cover; give cover.within",
    ),
    "strict without together": edit(
        "dispatch: {policy: nearest}",
        "dispatch: {behind: strict}",
        "scenario.yaml:98:20: dispatch.behind: strict goes with send: together",
    ),
    "ageing at once": edit(
        "dispatch: {policy: nearest}",
        "dispatch: {ageing: 0 min}",
        "scenario.yaml:98:20: dispatch.ageing: must be above 0 min",
    ),
    "stand-by of an unknown kind": edit(
        "dispatch: {policy: nearest}",
        "dispatch: {standby: {kind: tabel, table: {1: [school]}}}",
        "scenario.yaml:98:28: dispatch.standby.kind: no such kind, found 'tabel'; did you mean 'table'? allowed: table, list, cover",
    ),
    "more places to hold than units": edit(
        "dispatch: {policy: nearest}",
        "dispatch: {standby: {kind: table, table: {1: [school, seat]}}}",
        "scenario.yaml:98:42: dispatch.standby.table: 2 places cannot be held by 1 free unit(s)",
    ),
    "stand-by at an unknown place": edit(
        "dispatch: {policy: nearest}",
        "dispatch: {standby: {kind: list, places: [scool]}}",
        "scenario.yaml:98:43: dispatch.standby.places[0]: no such place, found 'scool'; did you mean 'school'? allowed: seat, school, hamlet",
    ),
    "stand-by by cover that is not said": edit(
        "dispatch: {policy: nearest}",
        "dispatch: {standby: {kind: cover, places: [school]}}",
        "scenario.yaml:98:11: dispatch: cover: is needed to keep cover; give cover.within",
    ),
    "a share to switch at that is none": edit(
        "dispatch: {policy: nearest}",
        "dispatch: {switch: 120 %}",
        "scenario.yaml:98:20: dispatch.switch: not a share, found '120 %'; write 95 % or a number from 0 to 1",
    ),
    "an unknown unit out of touch": edit(
        "{kind: close_road, roads: [bc], for: 2 h}",
        "{kind: radio_loss, units: [P8], for: 2 h}",
        "scenario.yaml:110:36: script.S2.effects[0].units[0]: no such unit, found 'P8'; allowed: P1, P2, A1",
    ),
    "reports that are delayed by nothing": edit(
        "{kind: close_road, roads: [bc], for: 2 h}",
        "{kind: delay_reports, delay: 0 min}",
        "scenario.yaml:110:38: script.S2.effects[0].delay: must be above 0 min",
    ),
    "a misspelt key": edit(
        "    registered: 600",
        "    registerd: 600",
        "scenario.yaml:19:3: stations.KV1.registered: is missing; it must be given",
        "scenario.yaml:21:5: stations.KV1.registerd: no such key; did you mean 'registered'? allowed: title, place, registered, turnout, arrivals, voters, opens, closes, close_rule, clears, latest_close, officers, breaks, priority, classes, balk, room, patience, stages, count, interruption, exception",
    ),
    "a limit on the line of the first stage": edit(
        "        service: 60 s\n",
        "        service: 60 s\n        limit: 3\n",
        "scenario.yaml:32:5: stations.KV1.stages: the first can have no limit; see room and balk",
    ),
    "a first stage that some skip": edit(
        "        service: 60 s\n",
        "        service: 60 s\n        share: 50 %\n",
        "scenario.yaml:32:5: stations.KV1.stages: everybody passes the first; it can have no share",
    ),
    "a vote that some skip": edit(
        "        officers: 0\n        voting: true\n        service: {law: lognormal",
        "        officers: 0\n        voting: true\n        share: 50 %\n"
        "        service: {law: lognormal",
        "scenario.yaml:32:5: stations.KV1.stages: one with voting: true can have no share",
    ),
    "balking by line and wait at once": edit(
        "{line: 40, share: 5 %}",
        "{line: 40, wait: 5 min, share: 5 %}",
        "scenario.yaml:29:9: stations.KV1.balk[0]: give exactly one of line and wait, found both",
    ),
    "waits that fall from step to step": edit(
        "{line: 40, share: 5 %}\n      - {line: 80, share: 20 %}",
        "{wait: 40 min, share: 5 %}\n      - {wait: 30 min, share: 20 %}",
        "scenario.yaml:28:5: stations.KV1.balk: the waits must rise from step to step",
    ),
    "a misspelt section": edit(
        "duties:\n",
        "dutys:\n",
        "scenario.yaml:116:1: dutys: no such key; did you mean 'duties'? allowed: format, title, summary, include, assumptions, clock, rules, roads, places, stations, turnout_shock, agencies, units, incidents, calls, dispatch, script, duties, orders, uncertain, targets, staffing",
    ),
    "a key nobody knows": edit(
        "    officers: 9",
        "    officers: 9\n    colour: red",
        "scenario.yaml:27:5: stations.KV1.colour: no such key; allowed: title, place, registered, turnout, arrivals, voters, opens, closes, close_rule, clears, latest_close, officers, breaks, priority, classes, balk, room, patience, stages, count, interruption, exception",
    ),
    "a missing title": edit(
        "title: A small polling day\n",
        "",
        "scenario.yaml:1:1: title: is missing; it must be given",
    ),
    "a missing field": edit(
        "    turnout: 0.9\n",
        "",
        "scenario.yaml:43:3: stations.KV2.turnout: is missing; it must be given",
    ),
    "a missing field in a list": edit(
        "- {line: 40, share: 5 %}",
        "- {line: 40}",
        "scenario.yaml:29:9: stations.KV1.balk[0].share: is missing; it must be given",
    ),
    "a missing from": edit(
        "- {from: 06:00, until: 14:00}",
        "- {until: 14:00}",
        "scenario.yaml:70:9: units.P1.shifts[0].from: is missing; it must be given",
    ),
    "from_ is no key": edit(
        "- {from: 06:00, until: 14:00}",
        "- {from_: 06:00, until: 14:00}",
        "scenario.yaml:70:9: units.P1.shifts[0].from: is missing; it must be given",
        "scenario.yaml:70:10: units.P1.shifts[0].from_: no such key; did you mean 'from'? allowed: from, until, turnout",
    ),
    "a misspelt key of an effect": edit(
        "kind: surge, station: KV1, voters: 50",
        "kind: surge, station: KV1, voter: 50",
        "scenario.yaml:115:9: script.S3.effects[0].voters: is missing; it must be given",
        "scenario.yaml:115:37: script.S3.effects[0].voter: no such key; did you mean 'voters'? allowed: kind, station, voters, over",
    ),
    "a misspelt key of a law": edit(
        "{law: exponential, mean: 90 min}",
        "{law: exponential, means: 90 min}",
        "scenario.yaml:31:15: stations.KV1.patience.mean: is missing; it must be given",
        "scenario.yaml:31:34: stations.KV1.patience.means: no such key; did you mean 'mean'? allowed: law, mean",
    ),
    "a misspelt key of a server step": edit(
        "{from: 11:00, servers: 1}",
        "{from: 11:00, server: 1}",
        "scenario.yaml:34:46: stations.KV1.stages.check-in.servers[1].servers: is missing; it must be given",
        "scenario.yaml:34:60: stations.KV1.stages.check-in.servers[1].server: no such key; did you mean 'servers'? allowed: from, servers",
    ),
    "an unknown law": edit(
        "law: lognormal",
        "law: lognorm",
        "scenario.yaml:40:24: stations.KV1.stages.booth.service.law: no such law, found 'lognorm'; did you mean 'lognormal'? allowed: constant, exponential, lognormal, gamma, erlang, triangular, uniform, empirical",
    ),
    "a law without its name": edit(
        "{law: exponential, mean: 90 min}",
        "{mean: 90 min}",
        "scenario.yaml:31:15: stations.KV1.patience.law: is missing; allowed: constant, exponential, lognormal, gamma, erlang, triangular, uniform, empirical",
    ),
    "an erlang law of too many stages": edit(
        "service: 60 s",
        "service: {law: erlang, mean: 60 s, stages: 101}",
        "scenario.yaml:35:52: stations.KV1.stages.check-in.service.stages: must be 100 or less, found 101",
    ),
    "an empirical law of nothing": edit(
        "service: 60 s",
        "service: {law: empirical}",
        "scenario.yaml:35:18: stations.KV1.stages.check-in.service: give exactly one of values and file, found none",
    ),
    "an empirical law of bare numbers": edit(
        "service: 60 s",
        "service: {law: empirical, values: [60 s, 70]}",
        "scenario.yaml:35:50: stations.KV1.stages.check-in.service.values[1]: not a duration, found 70; write it with its unit, such as 90 s, 15 min or 2 h",
    ),
    "an empirical law with a unit for nothing": edit(
        "service: 60 s",
        "service: {law: empirical, values: [60 s], unit: s}",
        "scenario.yaml:35:57: stations.KV1.stages.check-in.service.unit: stands with file alone; take it out",
    ),
    "an empirical law whose file has no unit": edit(
        "service: 60 s",
        "service: {law: empirical, file: seen.csv, column: desk}",
        "scenario.yaml:35:41: stations.KV1.stages.check-in.service.file: give unit too",
    ),
    "an empirical law whose file is not there": edit(
        "service: 60 s",
        "service: {law: empirical, file: sen.csv, column: desk, unit: s}",
        "scenario.yaml:35:41: stations.KV1.stages.check-in.service.file: there is no such file, found 'sen.csv'",
    ),
    "an empirical law whose file lies elsewhere": edit(
        "service: 60 s",
        "service: {law: empirical, file: ../seen.csv, column: desk, unit: s}",
        "scenario.yaml:35:41: stations.KV1.stages.check-in.service.file: lies outside the scenario's folder, found '../seen.csv'",
    ),
    "an empirical law whose column is not there": Row(
        edits=(
            (
                "service: 60 s",
                "service: {law: empirical, file: seen.csv, column: dsk, unit: s}",
            ),
        ),
        files={"seen.csv": "desk,booth\n50,180\n70,200\n"},
        says=(
            "scenario.yaml:35:59: stations.KV1.stages.check-in.service.column: no such column of seen.csv, found 'dsk'; did you mean 'desk'? allowed: desk, booth",
        ),
    ),
    "observed durations that are none": Row(
        edits=(
            (
                "service: 60 s",
                "service: {law: empirical, file: seen.csv, column: desk, unit: s}",
            ),
        ),
        files={
            "seen.csv": "desk,booth\n50,180\n,1\n-70,200\n1e3 s,2\n1e9,2\nsoon,3\n0:00:50,\n"
        },
        says=(
            "seen.csv:3:1: not a duration, found nothing; write a number of s such as 1.5, 0:01:30 or 90 s",
            "seen.csv:4:1: not a duration, found '-70'; write a number of s such as 1.5, 0:01:30 or 90 s",
            "seen.csv:5:1: not a duration, found '1e3 s'; write it with its unit, such as 90 s, 15 min or 2 h",
            "seen.csv:6:1: not a duration, found '1e9'; write a number of s such as 1.5, 0:01:30 or 90 s",
            "seen.csv:7:1: not a duration, found 'soon'; write it with its unit, such as 90 s, 15 min or 2 h",
        ),
    ),
    "a file of observations without any": Row(
        edits=(
            (
                "service: 60 s",
                "service: {law: empirical, file: seen.csv, column: desk, unit: s}",
            ),
        ),
        files={"seen.csv": "desk,booth\n"},
        says=("seen.csv:1:1: desk: must hold 1 to 100000 values, found 0",),
    ),
    "classes of more than everybody": edit(
        "    priority: 5 %\n",
        "    classes: {young: {share: 60 %, slower: 1.2}, old: {share: 41 %, priority: true}}\n",
        "scenario.yaml:27:14: stations.KV1.classes: shares must sum to at most 100 %, found 101 %",
    ),
    "classes beside a share of priority": edit(
        "    priority: 5 %\n",
        "    priority: 5 %\n    classes: {old: {share: 10 %, priority: true}}\n",
        "scenario.yaml:27:15: stations.KV1.priority: cannot stand beside classes; give a class priority: true",
    ),
    "a class at a stage that is not there": edit(
        "    priority: 5 %\n",
        "    classes: {old: {share: 10 %, service: {booths: 5 min, box: 20 s}}}\n",
        "scenario.yaml:27:44: stations.KV1.classes.old.service.booths: no such stage, found 'booths'; did you mean 'booth'? allowed: check-in, booth, box",
    ),
    "a class that is slower by nothing": edit(
        "    priority: 5 %\n",
        "    classes: {old: {share: 10 %, slower: 0}}\n",
        "scenario.yaml:27:42: stations.KV1.classes.old.slower: must be above 0, found 0",
    ),
    "a class with the name of those in none": edit(
        "    priority: 5 %\n",
        "    classes: {ordinary: {share: 10 %}}\n",
        "scenario.yaml:27:14: stations.KV1.classes: ordinary are the voters of no class; choose another name",
    ),
    "a stage for a class that is not there": edit(
        "      box: {servers: 1, service: 10 s}",
        "      box: {servers: 1, service: 10 s, except: [ordnary]}",
        "scenario.yaml:41:49: stations.KV1.stages.box.except[0]: no such class, found 'ordnary'; did you mean 'ordinary'? allowed: ordinary",
    ),
    "a stage for classes of which one is not there": two_booths(
        "[aided, od]",
        "scenario.yaml:42:53: stations.KV1.stages.aid.only[1]: no such class, found 'od'; did you mean 'old'? allowed: ordinary, aided, old",
    ),
    "a class that would vote twice": two_booths(
        "[aided, old]",
        "scenario.yaml:32:5: stations.KV1.stages: every voter must pass exactly one with voting: true, found old 2; see only and except",
    ),
    "a class that would never vote, and others twice": two_booths(
        "[ordinary, old]",
        "scenario.yaml:32:5: stations.KV1.stages: every voter must pass exactly one with voting: true, found ordinary 2, aided 0, old 2; see only and except",
    ),
    "a class that takes its time where it does not pass": two_booths(
        "[aided]",
        "scenario.yaml:27:14: stations.KV1.classes: aided do not pass booth; take its service out",
        aided="share: 3 %, service: {booth: 9 min}",
    ),
    "a voter recorded where another class passes": two_booths(
        "[aided]",
        "scenario.yaml:22:13: stations.KV1.voters: voter 2 has a service at aid, which ordinary may not pass",
        edits=((DRAWN, "    voters: {file: seen.csv, unit: s}\n"),),
        files={
            "seen.csv": "arrival,booth,aid,class\n07:00,,60,aided\n07:01,,60,ordinary\n"
        },
    ),
    "a voter recorded in a booth, and of no stated class": two_booths(
        "[aided]",
        "scenario.yaml:22:13: stations.KV1.voters: voter 1 has a service at booth, which a voter whose class is not stated may not pass",
        edits=((DRAWN, "    voters: {file: seen.csv, unit: s}\n"),),
        files={"seen.csv": "arrival,booth,class\n07:00,60,\n"},
    ),
    "a stage for some and not for some": edit(
        "      box: {servers: 1, service: 10 s}",
        "      box: {servers: 1, service: 10 s, except: [ordinary], only: [ordinary]}",
        "scenario.yaml:41:66: stations.KV1.stages.box.only: cannot stand beside except; take one out",
    ),
    "a stage for a class of which nothing is said": edit(
        "      box: {servers: 1, service: 10 s}",
        "      box: {servers: 1, service: 10 s, only: []}",
        "scenario.yaml:41:46: stations.KV1.stages.box.only: must have 1 or more entries, found 0",
    ),
    "a stage for nobody": edit(
        "      box: {servers: 1, service: 10 s}",
        "      box: {servers: 1, service: 10 s, except: [ordinary]}",
        "scenario.yaml:32:5: stations.KV1.stages: nobody passes box; see only and except",
    ),
    "a first stage that some classes skip": edit(
        "        service: 60 s\n",
        "        service: 60 s\n        only: [ordinary]\n",
        "scenario.yaml:32:5: stations.KV1.stages: everybody passes the first; it can have no only",
    ),
    "a first stage with an exception": edit(
        "        service: 60 s\n",
        "        service: 60 s\n        except: [ordinary]\n",
        "scenario.yaml:32:5: stations.KV1.stages: everybody passes the first; it can have no except",
    ),
    "a class with a share that is none": edit(
        "    priority: 5 %\n",
        "    classes: {old: {share: 10, slower: 2}}\n",
        "scenario.yaml:27:28: stations.KV1.classes.old.share: not a share, found 10; write 95 % or a number from 0 to 1",
    ),
    "a turnout shock that is no law": edit(
        "rules: vietnam-2015\n",
        "rules: vietnam-2015\nturnout_shock: 5 %\n",
        "scenario.yaml:8:16: turnout_shock: must be a mapping of keys to values, found '5 %'",
    ),
    "a turnout shock by a law of durations": edit(
        "rules: vietnam-2015\n",
        "rules: vietnam-2015\nturnout_shock: {law: gamma, mean: 5 min, cv: 1}\n",
        "scenario.yaml:8:22: turnout_shock.law: no such law, found 'gamma'; allowed: triangular, uniform",
    ),
    "a turnout shock in minutes, and beyond everybody": edit(
        "rules: vietnam-2015\n",
        "rules: vietnam-2015\nturnout_shock: {law: uniform, low: -5 min, high: 120 %}\n",
        "scenario.yaml:8:36: turnout_shock.low: not percentage points, found '-5 min'; write -10 %, 5 % or a number from -1 to 1",
        "scenario.yaml:8:50: turnout_shock.high: not percentage points, found '120 %'; write -10 %, 5 % or a number from -1 to 1",
    ),
    "a turnout shock out of order": edit(
        "rules: vietnam-2015\n",
        "rules: vietnam-2015\nturnout_shock: {law: triangular, low: -10 %, mode: 20 %, high: 10 %}\n",
        "scenario.yaml:8:16: turnout_shock: low, mode and high must rise, and low must differ from high, found -10 %, 20 % and 10 %",
    ),
    "neither turnout nor voters": edit(
        "    turnout: 0.9\n",
        "    turnout: null\n",
        "scenario.yaml:46:14: stations.KV2.turnout: must be given, unless voters are recorded",
    ),
    "voters beside a turnout": edit(
        "    turnout: 0.9\n",
        "    turnout: 0.9\n    voters: {file: seen.csv, unit: s}\n",
        "scenario.yaml:46:14: stations.KV2.turnout: cannot stand beside voters; take one out",
        "scenario.yaml:47:20: stations.KV2.voters.file: there is no such file, found 'seen.csv'",
    ),
    "voters without a unit": edit(
        DRAWN,
        "    voters: {file: seen.csv}\n",
        "scenario.yaml:22:13: stations.KV1.voters.unit: is missing; it must be given",
    ),
    "rows of voters that are none": Row(
        edits=((DRAWN, "    voters: {file: seen.csv, unit: s}\n"),),
        files={
            "seen.csv": "arrival,check-in,priority,class\n07:00,60,yes,\n,60,no,\n26:00,-1,maybe,old\n04:00,2e9,,\n"
        },
        says=(
            "seen.csv:3:1: arrival: an arrival is needed, found nothing",
            "seen.csv:4:1: arrival: no such time of day, found '26:00'; write 07:00, D-1 18:00 or 2021-05-23 07:00",
            "seen.csv:4:7: check-in: not a duration, found '-1'; write a number of s such as 1.5, 0:01:30 or 90 s",
            "seen.csv:4:10: priority: neither yes nor no, found 'maybe'",
            "seen.csv:4:16: class: no such class, found 'old'; allowed: ordinary",
            "seen.csv:5:1: arrival: outside the clock, found '04:00'; allowed: 05:00 to D+1 02:00",
            "seen.csv:5:7: check-in: not a duration, found '2e9'; write a number of s such as 1.5, 0:01:30 or 90 s",
        ),
    ),
    "a file of voters without arrivals": Row(
        edits=((DRAWN, "    voters: {file: seen.csv, unit: s}\n"),),
        files={"seen.csv": "arrivl,check-in\n07:00,60\n"},
        says=(
            "seen.csv:1:1: a column for arrival is needed, found 'arrivl', 'check-in'",
        ),
    ),
    "columns of voters that are not there": Row(
        edits=(
            (
                DRAWN,
                "    voters: {file: seen.csv, unit: s, columns: {arrival: came, booths: booth}}\n",
            ),
        ),
        files={"seen.csv": "arrival,booth\n07:00,60\n"},
        says=(
            "scenario.yaml:22:58: stations.KV1.voters.columns.arrival: no such column of seen.csv, or two, found 'came'; its first row: 'arrival', 'booth'",
            "scenario.yaml:22:64: stations.KV1.voters.columns.booths: no such thing to read, found 'booths'; did you mean 'booth'? allowed: arrival, patience, priority, class, check-in, booth, box",
        ),
    ),
    "a file of no voters": Row(
        edits=((DRAWN, "    voters: {file: seen.csv, unit: s}\n"),),
        files={"seen.csv": "arrival,check-in\n"},
        says=("seen.csv:1:1: must hold 1 to 200000 voters, found 0",),
    ),
    "more voters than on the list": Row(
        edits=(
            ("    registered: 600\n", "    registered: 2\n"),
            (DRAWN, "    voters: {file: seen.csv, unit: s}\n"),
        ),
        files={"seen.csv": "arrival\n07:00\n07:00\n07:01\n"},
        says=(
            "scenario.yaml:21:17: stations.KV1.registered: seen.csv holds 3 voters, more than the list, found 2",
        ),
    ),
    "an unknown kind of effect": edit(
        "kind: close_road",
        "kind: closeroad",
        "scenario.yaml:110:16: script.S2.effects[0].kind: no such kind, found 'closeroad'; did you mean 'close_road'? allowed: suspend, slow, lose_servers, balking, surge, drop, divert, close_road, slow_road, open_road, out_of_service, radio_loss, delay_reports, incident, extend, health_case, move_station",
    ),
    "an effect without its kind": edit(
        "{kind: close_road, roads: [bc], for: 2 h}",
        "{roads: [bc], for: 2 h}",
        "scenario.yaml:110:9: script.S2.effects[0].kind: is missing; allowed: suspend, slow, lose_servers, balking, surge, drop, divert, close_road, slow_road, open_road, out_of_service, radio_loss, delay_reports, incident, extend, health_case, move_station",
    ),
    "a kind left empty": edit(
        "{kind: close_road, roads",
        "{kind: , roads",
        "scenario.yaml:110:16: script.S2.effects[0].kind: no such kind, found nothing; allowed: suspend, slow, lose_servers, balking, surge, drop, divert, close_road, slow_road, open_road, out_of_service, radio_loss, delay_reports, incident, extend, health_case, move_station",
    ),
    "a kind that is a list": edit(
        "{kind: close_road, roads",
        "{kind: [close_road], roads",
        "scenario.yaml:110:16: script.S2.effects[0].kind: no such kind, found a list; did you mean 'close_road'? allowed: suspend, slow, lose_servers, balking, surge, drop, divert, close_road, slow_road, open_road, out_of_service, radio_loss, delay_reports, incident, extend, health_case, move_station",
    ),
    "an unknown kind of duty": edit(
        "kind: guard, units",
        "kind: gard, units",
        "scenario.yaml:124:14: duties.D2.kind: no such kind, found 'gard'; did you mean 'guard'? allowed: delivery, guard, auxiliary_round, convoy",
    ),
    "a surge while an incident is open": edit(
        "{kind: slow, station: here, stage: booth, factor: 1.5}",
        "{kind: surge, station: here, voters: 5, over: 1 min}",
        "scenario.yaml:92:20: incidents.brawl.levels[0].effects[0].kind: no such kind, found 'surge'; allowed: suspend, slow, lose_servers, balking, drop, divert, close_road, slow_road",
    ),
    "a number where text is meant": edit(
        "title: A small polling day",
        "title: 7",
        "scenario.yaml:1:8: title: must be text, found 7; put it in quotes",
    ),
    "text where a number is meant": edit(
        "    officers: 9",
        "    officers: nine",
        "scenario.yaml:26:15: stations.KV1.officers: must be a whole number, found 'nine'",
    ),
    "a number in quotes": edit(
        "    officers: 9",
        '    officers: "9"',
        "scenario.yaml:26:15: stations.KV1.officers: must be a whole number, found '9'; take the quotes off",
    ),
    "a broken number of officers": edit(
        "    officers: 9",
        "    officers: 9.5",
        "scenario.yaml:26:15: stations.KV1.officers: must be a whole number, found 9.5",
    ),
    "yes for a number": edit(
        "    officers: 9",
        "    officers: true",
        "scenario.yaml:26:15: stations.KV1.officers: must be a whole number, found true",
    ),
    "no is text": edit(
        "officers: 0\n        voting: true",
        "officers: 0\n        voting: no",
        "scenario.yaml:39:17: stations.KV1.stages.booth.voting: must be true or false, found 'no'",
    ),
    "text where yes or no is meant": edit(
        "officers: 0\n        voting: true",
        "officers: 0\n        voting: yes",
        "scenario.yaml:39:17: stations.KV1.stages.booth.voting: must be true or false, found 'yes'",
    ),
    "text where a factor is meant": edit(
        "factor: 1.5",
        "factor: twice",
        "scenario.yaml:92:63: incidents.brawl.levels[0].effects[0].factor: must be a number, found 'twice'",
    ),
    "a list where a mapping is meant": edit(
        "places:\n  seat: {node: a}\n  school: {at: [1500, 100]}\n  hamlet: {node: c}",
        "places: [seat, school, hamlet]",
        "scenario.yaml:14:9: places: must be a mapping of names to values, found a list",
    ),
    "text where a mapping is meant": edit(
        "  army: {call_up: 40 min}",
        "  army: 40 min",
        "scenario.yaml:62:9: agencies.army: must be a mapping of keys to values, found '40 min'",
    ),
    "text where a list is meant": edit(
        "skills: [police, guard]",
        "skills: guard",
        "scenario.yaml:76:13: units.P2.skills: must be a list, found 'guard'",
    ),
    "an empty list": edit(
        "skills: [police, guard]",
        "skills: []",
        "scenario.yaml:76:13: units.P2.skills: must have 1 or more entries, found 0",
    ),
    "an empty section": edit(
        "script:\n  S1",
        "script:\nscripts:\n  S1",
        "scenario.yaml:99:8: script: must be a mapping of names to values, found nothing",
        "scenario.yaml:100:1: scripts: no such key; did you mean 'script'? allowed: format, title, summary, include, assumptions, clock, rules, roads, places, stations, turnout_shock, agencies, units, incidents, calls, dispatch, script, duties, orders, uncertain, targets, staffing",
    ),
    "too many levels": edit(
        "        after: 20 min\n",
        "        after: 20 min\n      - {needs: {police: 2}, on_scene: 1 h, after: 30 min}\n      - {needs: {police: 2}, on_scene: 1 h, after: 40 min}\n      - {needs: {police: 2}, on_scene: 1 h, after: 50 min}\n      - {needs: {police: 2}, on_scene: 1 h, after: 60 min}\n",
        "scenario.yaml:88:5: incidents.brawl.levels: must have 5 or fewer entries, found 6",
    ),
    "a service time without its unit": edit(
        "        service: 60 s",
        "        service: 60",
        "scenario.yaml:35:18: stations.KV1.stages.check-in.service: not a duration or a law, found 60; write 90 s or {law: exponential, mean: 90 s}",
    ),
    "an effect that is only a word": edit(
        "- {kind: incident, type: brawl, place: school}",
        "- brawl",
        "scenario.yaml:104:9: script.S1.effects[0]: must be a mapping of keys to values, found 'brawl'",
    ),
    "a text that is a book": edit(
        "title: Many come at once",
        "title: " + "a" * 20001,
        "scenario.yaml:112:12: script.S3.title: must have 20000 or fewer letters, found 20001",
    ),
    "a choice that is not there": edit(
        "mode: truck",
        "mode: lorry",
        "scenario.yaml:83:11: units.A1.mode: no such choice, found 'lorry'; allowed: car, motorcycle, truck, foot, boat",
    ),
    "an unknown rule pack": edit(
        "vietnam-2015",
        "vietnam-2016",
        "scenario.yaml:7:8: rules: no such choice, found 'vietnam-2016'; did you mean 'vietnam-2015'? allowed: none, vietnam-2015",
    ),
    "an unknown policy": edit(
        "{policy: nearest}",
        "{policy: neerest}",
        "scenario.yaml:98:20: dispatch.policy: no such choice, found 'neerest'; did you mean 'nearest'? allowed: nearest, nearest-idle, home-area, keep-cover, nearest-or-busy",
    ),
    "an unknown close rule": edit(
        "    officers: 9\n",
        "    officers: 9\n    close_rule: serve-queue\n",
        "scenario.yaml:27:17: stations.KV1.close_rule: no such choice, found 'serve-queue'; did you mean 'serve_queue'? allowed: stop, serve_queue",
    ),
    "a format from the future": edit(
        "title: A small polling day",
        "format: 2\ntitle: A small polling day",
        "scenario.yaml:1:9: format: no such choice, found 2; allowed: 1",
    ),
    "a negative number": edit(
        "    officers: 9",
        "    officers: -9",
        "scenario.yaml:26:15: stations.KV1.officers: must be 0 or more, found -9",
    ),
    "no voters": edit(
        "    registered: 600",
        "    registered: 0",
        "scenario.yaml:21:17: stations.KV1.registered: must be 1 or more, found 0",
    ),
    "too many voters": edit(
        "    registered: 600",
        "    registered: 6000000",
        "scenario.yaml:21:17: stations.KV1.registered: must be 5000000 or less, found 6000000",
    ),
    "a number of 400 digits": edit(
        "    registered: 600",
        "    registered: " + "9" * 400,
        "scenario.yaml:21:17: stations.KV1.registered: number too long, at most 300 digits",
    ),
    "a number of 40 digits": edit(
        "    registered: 600",
        "    registered: " + "9" * 40,
        "scenario.yaml:21:17: stations.KV1.registered: number too long, at most 18 digits",
    ),
    "an infinite number": edit(
        "per_hour: 0.1",
        "per_hour: .inf",
        "scenario.yaml:97:46: incidents.brawl.rates[0].per_hour: must be a finite number, found inf",
    ),
    "a number that is none": edit(
        "per_hour: 0.1",
        "per_hour: .nan",
        "scenario.yaml:97:46: incidents.brawl.rates[0].per_hour: must be a finite number, found nan",
    ),
    "a number too large for a computer": edit(
        "per_hour: 0.1",
        "per_hour: 1e999",
        "scenario.yaml:97:46: incidents.brawl.rates[0].per_hour: must be a finite number, found inf",
    ),
    "an infinite share": edit(
        "    turnout: 95 %",
        "    turnout: .inf",
        "scenario.yaml:22:14: stations.KV1.turnout: not a share, found inf; write 95 % or a number from 0 to 1",
    ),
    "a rate of zero": edit(
        "per_hour: 0.1",
        "per_hour: 0",
        "scenario.yaml:97:46: incidents.brawl.rates[0].per_hour: must be above 0, found 0",
    ),
    "a share above all": edit(
        "    turnout: 95 %",
        "    turnout: 195 %",
        "scenario.yaml:22:14: stations.KV1.turnout: not a share, found '195 %'; write 95 % or a number from 0 to 1",
    ),
    "a share without its sign": edit(
        "    turnout: 95 %",
        "    turnout: 95",
        "scenario.yaml:22:14: stations.KV1.turnout: not a share, found 95; write 95 % or a number from 0 to 1",
    ),
    "a share in words": edit(
        "    turnout: 95 %",
        "    turnout: most",
        "scenario.yaml:22:14: stations.KV1.turnout: not a share, found 'most'; write 95 % or a number from 0 to 1",
    ),
    "a factor of zero": edit(
        "factor: 1.5",
        "factor: 0",
        "scenario.yaml:92:63: incidents.brawl.levels[0].effects[0].factor: must be above 0, found 0",
    ),
    "too wide a spread": edit(
        "cv: 0.5",
        "cv: 11",
        "scenario.yaml:40:52: stations.KV1.stages.booth.service.cv: must be 10 or less, found 11",
    ),
    "a duration without its unit": edit(
        "delay: 30 min",
        "delay: 30",
        "scenario.yaml:108:12: script.S2.delay: not a duration, found 30; write it with its unit, such as 90 s, 15 min or 2 h",
    ),
    "a duration in unknown units": edit(
        "delay: 30 min",
        "delay: 30 minutes",
        "scenario.yaml:108:12: script.S2.delay: not a duration, found '30 minutes'; write it with its unit, such as 90 s, 15 min or 2 h",
    ),
    "a negative duration": edit(
        "delay: 30 min",
        "delay: -30 min",
        "scenario.yaml:108:12: script.S2.delay: not a duration, found '-30 min'; write it with its unit, such as 90 s, 15 min or 2 h",
    ),
    "a duration of ages": edit(
        "delay: 30 min",
        "delay: 9999 d",
        "scenario.yaml:108:12: script.S2.delay: duration too long, found '9999 d'; at most 19 years",
    ),
    "a time as a number": edit(
        "    opens: 07:00\n    closes: 19:00\n    officers: 9",
        "    opens: 7\n    closes: 19:00\n    officers: 9",
        "scenario.yaml:24:12: stations.KV1.opens: not a time, found 7; write 07:00, D-1 18:00 or 2021-05-23 07:00",
    ),
    "a time with a dot": edit(
        "    at: 09:00",
        "    at: 09.00",
        "scenario.yaml:102:9: script.S1.at: not a time, found 9.0; write 07:00, D-1 18:00 or 2021-05-23 07:00",
    ),
    "a time in letters": edit(
        "    at: 09:00",
        "    at: 9h00",
        "scenario.yaml:102:9: script.S1.at: not a time, found '9h00'; write 07:00, D-1 18:00 or 2021-05-23 07:00",
    ),
    "a time that no day has": edit(
        "    at: 09:00",
        "    at: 25:00",
        "scenario.yaml:102:9: script.S1.at: no such time of day, found '25:00'; write 07:00, D-1 18:00 or 2021-05-23 07:00",
    ),
    "a date that no year has": edit(
        "    at: 09:00",
        "    at: 2021-02-30 09:00",
        "scenario.yaml:102:9: script.S1.at: no such date, found '2021-02-30 09:00'",
    ),
    "a speed without its unit": edit(
        "speed: 30 km/h",
        "speed: 30",
        "scenario.yaml:13:57: roads.network.edges[1].speed: not a speed, found 30; write it as 30 km/h, above 0 and at most 300",
    ),
    "a speed of zero": edit(
        "speed: 30 km/h",
        "speed: 0 km/h",
        "scenario.yaml:13:57: roads.network.edges[1].speed: not a speed, found '0 km/h'; write it as 30 km/h, above 0 and at most 300",
    ),
    "a length without its unit": edit(
        "length: 1.2 km",
        "length: 1200",
        "scenario.yaml:12:58: roads.network.edges[0].length: not a length, found 1200; write it as 120 m or 1.2 km",
    ),
    "a length round the world": edit(
        "length: 1.2 km",
        "length: 40000 km",
        "scenario.yaml:12:58: roads.network.edges[0].length: length too long, found '40000 km'; at most 10000 km",
    ),
    "an unknown condition": edit(
        "queue(KV1) > 60",
        "length(KV1) > 60",
        "scenario.yaml:113:11: script.S3.when: no such reading, found 'length'; allowed: queue, servers, officers, level, open_incidents, free_units",
    ),
    "a condition without a bound": edit(
        "queue(KV1) > 60",
        "queue(KV1)",
        "scenario.yaml:113:11: script.S3.when: not a condition, found 'queue(KV1)'; write queue(STATION) > 120, or several comparisons with and between them",
    ),
    # ---- standing orders
    "an unknown station in a standing order": edit(
        "queue(KV1, check-in) > 40",
        "queue(KV7, check-in) > 40",
        "scenario.yaml:152:11: orders.O1.when: no such station, found 'KV7'; did you mean 'KV2'? allowed: KV1, KV2",
    ),
    "an unknown stage in a standing order": edit(
        "queue(KV1, check-in) > 40",
        "queue(KV1, checkin) > 40",
        "scenario.yaml:152:11: orders.O1.when: no such stage, found 'checkin'; did you mean 'check-in'? allowed: check-in, booth, box",
    ),
    "an unknown reading in a standing order": edit(
        "officers(KV1) >= 1",
        "oficers(KV1) >= 1",
        "scenario.yaml:152:11: orders.O1.when: no such reading, found 'oficers'; did you mean 'officers'? allowed: queue, servers, officers, level, open_incidents, free_units",
    ),
    "a reading of too much": edit(
        "officers(KV1) >= 1",
        "officers(KV1, booth) >= 1",
        "scenario.yaml:152:11: orders.O1.when: not a condition, found 'officers(KV1, booth) >= 1'; write officers(STATION)",
    ),
    "an unknown skill and an unknown type in a standing order": edit(
        "officers(KV1) >= 1",
        "free_units(rescu) < 2 and open_incidents(brawls) > 3",
        "scenario.yaml:152:11: orders.O1.when: no such skill, found 'rescu'; did you mean 'rescue'? allowed: police, guard, rescue",
        "scenario.yaml:152:11: orders.O1.when: no such incident type, found 'brawls'; did you mean 'brawl'? allowed: brawl",
    ),
    "here without each": edit(
        "queue(KV1, check-in) > 40",
        "queue(here, check-in) > 40",
        "scenario.yaml:152:11: orders.O1.when: found 'here', but the standing order does not say which stations it serves; add each: all, or name a station",
    ),
    "here in an order without each": edit(
        "{kind: open_place, station: KV1, stage: check-in}",
        "{kind: open_place, station: here, stage: check-in}",
        "scenario.yaml:156:40: orders.O1.order.station: found 'here', but the standing order does not say which stations it serves; add each: all, or name a station",
    ),
    "a stage that not every station served has": edit(
        "queue(here) > 20",
        "queue(here, check-in) > 20",
        "scenario.yaml:159:11: orders.O2.when: no such stage at KV2, found 'check-in'; allowed: desk",
    ),
    "an unknown order in a standing order": edit(
        "kind: open_place",
        "kind: open_places",
        "scenario.yaml:156:19: orders.O1.order.kind: no such kind, found 'open_places'; did you mean 'open_place'? allowed: send, recall, move, call_up, move_officers, open_place, close_place, extend, move_station, divert",
    ),
    "an unknown key of an order": edit(
        "stage: check-in}",
        "stage: check-in, place: 2}",
        "scenario.yaml:156:62: orders.O1.order.place: no such key; did you mean 'places'? allowed: kind, station, stage, places",
    ),
    "no places": edit(
        "stage: check-in}",
        "stage: check-in, places: 0}",
        "scenario.yaml:156:70: orders.O1.order.places: must be 1 or more, found 0",
    ),
    "a stage of an order that not every station served has": edit(
        "{kind: move_officers, from: KV1, to: KV2}",
        "{kind: close_place, station: here, stage: desk}",
        "scenario.yaml:162:51: orders.O2.order[0].stage: no such stage at KV1, found 'desk'; allowed: check-in, booth, box",
    ),
    "a condition that is too long": edit(
        "officers(KV1) >= 1",
        " and ".join(["officers(KV1) >= 1"] * 60),
        "scenario.yaml:152:11: orders.O1.when: not a condition, found 'queue(KV1, check-in) > 40 and officers(KV1) >= 1 and offi...'; write queue(STATION) > 120, or several comparisons with and between them",
    ),
    "a comma inside braces without quotes": plan(
        "title: Lean\norders:\n  O7: {when: queue(KV1, check-in) > 40, order: {kind: recall, unit: P1}}\n",
        "plans/lean.yaml:3:14: orders.O7.when: not a condition, found 'queue(KV1'; inside { } a condition with a comma must be put in quotes",
        "plans/lean.yaml:3:25: orders.O7.check-in) > 40: no such key; allowed: title, when, at, from, until, each, order, again",
    ),
    "an or in a condition": edit(
        " and officers(KV1) >= 1",
        " or officers(KV1) >= 1",
        "scenario.yaml:152:11: orders.O1.when: not a condition, found 'queue(KV1, check-in) > 40 or officers(KV1) >= 1'; write queue(STATION) > 120, or several comparisons with and between them",
    ),
    "an unknown unit in a standing order": edit(
        "{kind: move_officers, from: KV1, to: KV2}",
        "{kind: call_up, unit: A9}",
        "scenario.yaml:162:31: orders.O2.order[0].unit: no such unit, found 'A9'; allowed: P1, P2, A1",
    ),
    "an unknown stage of an order": edit(
        "stage: check-in}",
        "stage: box2}",
        "scenario.yaml:156:52: orders.O1.order.stage: no such stage, found 'box2'; did you mean 'box'? allowed: check-in, booth, box",
    ),
    "a standing order that is never given": edit(
        "    when: queue(KV1, check-in) > 40 and officers(KV1) >= 1\n",
        "",
        "scenario.yaml:150:3: orders.O1: give when, or at, or both, found none",
    ),
    "a standing order read once and often": edit(
        "at: 18:30",
        "at: 18:30\n    again: 5 min",
        "scenario.yaml:159:12: orders.O2.again: goes with when alone; at is read once",
    ),
    "a standing order of no time": edit(
        "until: 18:00",
        "until: 07:00",
        "scenario.yaml:154:12: orders.O1.until: must be after from, found 07:00",
    ),
    "a standing order again at once": edit(
        "again: 15 min",
        "again: 0 min",
        "scenario.yaml:155:12: orders.O1.again: must be above 0 min",
    ),
    "a standing order without an order": edit(
        "    order: {kind: open_place, station: KV1, stage: check-in}\n",
        "",
        "scenario.yaml:150:3: orders.O1.order: is missing; it must be given",
    ),
    "a standing order for one station": edit(
        "each: all",
        "each: KV1",
        "scenario.yaml:160:11: orders.O2.each: must be a list of stations, or all, found 'KV1'; write [KV1]",
    ),
    "a standing order for an unknown station": edit(
        "each: all",
        "each: [KV1, KV3]",
        "scenario.yaml:160:17: orders.O2.each[1]: no such station, found 'KV3'; did you mean 'KV2'? allowed: KV1, KV2",
    ),
    "a plan that takes out an unknown standing order": plan(
        "title: Lean\norders:\n  O7: null\n",
        "plans/lean.yaml:3:3: orders.O7: nothing of this name to take out; allowed: O1, O2",
    ),
    "a plan with a new standing order that does not say all": plan(
        "title: Lean\norders:\n  O7: {when: queue(KV1) > 5}\n",
        "plans/lean.yaml:3:3: orders.O7: no such standing order, found 'O7'; allowed: O1, O2; a new one must give its order",
    ),
    "a plan whose standing order names a unit it takes out": plan(
        "title: Lean\nunits: {A1: null}\norders: {O3: {at: 09:00, order: {kind: call_up, unit: A1}}}\n",
        "plans/lean.yaml:3:55: orders.O3.order.unit: no such unit, found 'A1'; allowed: P1, P2",
    ),
    "a plan that adds an unsound standing order": plan(
        "title: Lean\norders:\n  O7:\n    at: 12:00\n    order: [{kind: move, unit: P2, to: scool}]\n",
        "plans/lean.yaml:5:40: orders.O7.order[0].to: no such place, found 'scool'; did you mean 'school'? allowed: seat, school, hamlet",
    ),
    "a day that is none": edit(
        "day: 2021-05-23",
        "day: Sunday",
        "scenario.yaml:3:8: clock.day: not a date, found 'Sunday'; write 2021-05-23",
    ),
    "a day that no month has": edit(
        "day: 2021-05-23",
        "day: 2021-02-30",
        "scenario.yaml:3:8: clock.day: no such date, found '2021-02-30'",
    ),
    "a day too far away": Row(
        edits=(
            ("day: 2021-05-23", "day: 2012-05-23"),
            ("start: D 05:00", "start: 2021-05-23 05:00"),
            ("end: D+1 02:00", "end: 2021-05-24 02:00"),
            (
                "phases: {during: 07:00, after: 19:00}",
                "phases: {during: 2021-05-23 07:00, after: 2021-05-23 19:00}",
            ),
        ),
        says=(
            "scenario.yaml:3:8: clock.day: must be within 400 days of the start, found '2012-05-23' and start '2021-05-23 05:00'",
        ),
    ),
    "an end before the start": edit(
        "end: D+1 02:00",
        "end: D-1 02:00",
        "scenario.yaml:2:1: clock: the clock must run forward for at most 200 days, found start 'D 05:00' and end 'D-1 02:00'",
    ),
    "an end too far away": edit(
        "end: D+1 02:00",
        "end: D+300 02:00",
        "scenario.yaml:2:1: clock: the clock must run forward for at most 200 days, found start 'D 05:00' and end 'D+300 02:00'",
    ),
    "a start that is no time": edit(
        "start: D 05:00",
        "start: early",
        "scenario.yaml:4:10: clock.start: not a time, found 'early'; write 07:00, D-1 18:00 or 2021-05-23 07:00",
    ),
    "a phase that is no time": edit(
        "after: 19:00}",
        "after: evening}",
        "scenario.yaml:6:34: clock.phases.after: not a time, found 'evening'; write 07:00, D-1 18:00 or 2021-05-23 07:00",
    ),
    "phases in the wrong order": edit(
        "{during: 07:00, after: 19:00}",
        "{during: 19:00, after: 07:00}",
        "scenario.yaml:6:11: clock.phases: during must begin before after, both between start and end, found '19:00' and '07:00'",
    ),
    "no clock": edit(
        "clock:\n  day: 2021-05-23\n  start: D 05:00\n  end: D+1 02:00\n  phases: {during: 07:00, after: 19:00}\n",
        "",
        "scenario.yaml:1:1: clock: is missing; it must be given",
    ),
    "two ways to say a place": edit(
        "seat: {node: a}",
        "seat: {node: a, at: [0, 0]}",
        "scenario.yaml:15:9: places.seat: give exactly one of node and at, found both",
    ),
    "no way to say a place": edit(
        "seat: {node: a}",
        "seat: {}",
        "scenario.yaml:15:9: places.seat: give exactly one of node and at, found none",
    ),
    "a point with one coordinate": edit(
        "{at: [1500, 100]}",
        "{at: [1500]}",
        "scenario.yaml:16:16: places.school.at[1]: is missing; it must be given",
    ),
    "a point with three coordinates": edit(
        "{at: [1500, 100]}",
        "{at: [1500, 100, 3]}",
        "scenario.yaml:16:16: places.school.at: must have 2 or fewer entries, found 3",
    ),
    "no roads": edit(
        ROADS,
        "roads: {}\n",
        "scenario.yaml:8:8: roads: give exactly one of file and network, found none",
    ),
    "two sources of roads": edit(
        "roads:\n",
        "roads:\n  file: roads.yaml\n",
        "scenario.yaml:8:1: roads: give exactly one of file and network, found both",
    ),
    "a node without a name": edit(
        "nodes: {a: [0, 0],",
        'nodes: {"": [0, 0], a: [0, 0],',
        "scenario.yaml:10:13: roads.network.nodes.: must have 1 or more letters, found 0",
    ),
    "an unknown node of a road": edit(
        "from: b, to: c",
        "from: b, to: d",
        "scenario.yaml:13:31: roads.network.edges[1].to: no such node, found 'd'; allowed: a, b, c",
    ),
    "an unknown class of road": edit(
        "to: b, road: tertiary",
        "to: b, road: tertary",
        "scenario.yaml:12:40: roads.network.edges[0].road: no such road class, found 'tertary'; did you mean 'tertiary'? allowed: motorway, trunk, primary, secondary, tertiary, unclassified, residential, living_street, service, footway, path, pedestrian, steps, cycleway, bridleway, corridor, track, road, ferry, waterway",
    ),
    "hours of a road that is not there": edit(
        "roads:\n",
        "roads:\n  hours:\n    bd: {open: [{from: 06:00, until: 18:00}]}\n",
        "scenario.yaml:10:5: roads.hours.bd: no such road, found 'bd'; allowed: ab, bc",
    ),
    "a ferry that is not there": edit(
        "roads:\n",
        "roads:\n  ferries: {ac: {wait: 5 min}}\n",
        "scenario.yaml:9:13: roads.ferries.ac: no such road, found 'ac'; allowed: ab, bc",
    ),
    "hours said twice": edit(
        "roads:\n",
        "roads:\n  hours: {bc: {open: [{from: 06:00, until: 18:00}]}}\n  ferries: {bc: {sails: [{from: 06:00, until: 18:00}]}}\n",
        "scenario.yaml:9:10: roads.hours: 'bc' is a ferry with hours of its own; give sails or hours, found both",
    ),
    "a window that runs back": edit(
        "roads:\n",
        "roads:\n  hours: {bc: {open: [{from: 18:00, until: 06:00}]}}\n",
        "scenario.yaml:9:44: roads.hours.bc.open[0].until: must be after from",
    ),
    "a daily window of no length": edit(
        "roads:\n",
        "roads:\n  hours: {bc: {closed: [{from: 18:00, until: 18:00, daily: true}]}}\n",
        "scenario.yaml:9:46: roads.hours.bc.closed[0].until: must be another time of day than from, for each day has one such window",
    ),
    "hours both ways": edit(
        "roads:\n",
        "roads:\n  hours: {bc: {open: [{from: 06:00, until: 18:00}], closed: []}}\n",
        "scenario.yaml:9:61: roads.hours.bc.closed: must have 1 or more entries, found 0",
    ),
    "no hours at all": edit(
        "roads:\n",
        "roads:\n  hours: {bc: {}}\n",
        "scenario.yaml:9:15: roads.hours.bc: give exactly one of open and closed, found none",
    ),
    "a ferry that carries an unknown mode": edit(
        "roads:\n",
        "roads:\n  ferries: {bc: {modes: [bus]}}\n",
        "scenario.yaml:9:26: roads.ferries.bc.modes[0]: no such choice, found 'bus'; allowed: car, motorcycle, truck, foot, boat",
    ),
    "a ferry that carries one mode twice": edit(
        "roads:\n",
        "roads:\n  ferries: {bc: {modes: [car, car]}}\n",
        "scenario.yaml:9:25: roads.ferries.bc.modes: one is given twice",
    ),
    "an hour of a road that is no time": edit(
        "roads:\n",
        "roads:\n  hours: {bc: {open: [{from: dawn, until: 18:00}]}}\n",
        "scenario.yaml:9:30: roads.hours.bc.open[0].from: not a time, found 'dawn'; write 07:00, D-1 18:00 or 2021-05-23 07:00",
    ),
    "roads and an area": edit(
        "roads: [bc], for: 2 h",
        "roads: [bc], area: {at: [0, 0], radius: 1 km}, for: 2 h",
        "scenario.yaml:110:9: script.S2.effects[0]: give exactly one of roads, classes, streets and area, found roads and area",
    ),
    "no roads to close": edit(
        "{kind: close_road, roads: [bc], for: 2 h}",
        "{kind: close_road, for: 2 h}",
        "scenario.yaml:110:9: script.S2.effects[0]: give exactly one of roads, classes, streets and area, found none",
    ),
    "a list of no roads": edit(
        "roads: [bc], for: 2 h",
        "roads: [], for: 2 h",
        "scenario.yaml:110:35: script.S2.effects[0].roads: must have 1 or more entries, found 0",
    ),
    "a class of road to close that is not there": edit(
        "roads: [bc], for: 2 h",
        "classes: [primry], for: 2 h",
        "scenario.yaml:110:38: script.S2.effects[0].classes[0]: no such road class, found 'primry'; did you mean 'primary'? allowed: motorway, trunk, primary, secondary, tertiary, unclassified, residential, living_street, service, footway, path, pedestrian, steps, cycleway, bridleway, corridor, track, road, ferry, waterway",
    ),
    "a street that is not there": Row(
        edits=(
            ("{id: ab,", "{id: ab, name: Hàng Bài,"),
            ("{id: bc,", "{id: bc, name: Lê Thái Tổ,"),
            ("roads: [bc], for: 2 h", "streets: [Lê Thái Tổ, le thai to], for: 2 h"),
        ),
        says=(
            "scenario.yaml:110:50: script.S2.effects[0].streets[1]: no such street, found 'le thai to'; did you mean 'Lê Thái Tổ'? allowed: Hàng Bài, Lê Thái Tổ",
        ),
    ),
    "a street where an incident is": Row(
        edits=(
            ("{id: ab,", "{id: ab, name: Hàng Bài,"),
            (
                "{kind: slow, station: here, stage: booth, factor: 1.5}",
                "{kind: slow_road, streets: [here, Hang Bai], factor: 0.5}",
            ),
        ),
        says=(
            "scenario.yaml:92:41: incidents.brawl.levels[0].effects[0].streets[0]: no such street, found 'here'; allowed: Hàng Bài",
            "scenario.yaml:92:47: incidents.brawl.levels[0].effects[0].streets[1]: no such street, found 'Hang Bai'; did you mean 'Hàng Bài'? allowed: Hàng Bài",
        ),
    ),
    "a street where none has a name": edit(
        "roads: [bc], for: 2 h",
        "streets: [Hàng Bài], for: 2 h",
        "scenario.yaml:110:38: script.S2.effects[0].streets[0]: no such street, found 'Hàng Bài'; none is defined",
    ),
    "a list of no streets": edit(
        "roads: [bc], for: 2 h",
        "streets: [], for: 2 h",
        "scenario.yaml:110:37: script.S2.effects[0].streets: must have 1 or more entries, found 0",
    ),
    "a street by number": edit(
        "roads: [bc], for: 2 h",
        "streets: [12], for: 2 h",
        "scenario.yaml:110:38: script.S2.effects[0].streets[0]: must be text, found 12; put it in quotes",
    ),
    "a street and a class": edit(
        "roads: [bc], for: 2 h",
        "streets: [A], classes: [tertiary], for: 2 h",
        "scenario.yaml:110:9: script.S2.effects[0]: give exactly one of roads, classes, streets and area, found classes and streets",
        "scenario.yaml:110:38: script.S2.effects[0].streets[0]: no such street, found 'A'; none is defined",
    ),
    "an area of two corners": edit(
        "roads: [bc], for: 2 h",
        "area: {polygon: [[0, 0], [9, 9]]}, for: 2 h",
        "scenario.yaml:110:44: script.S2.effects[0].area.polygon: must have 3 or more entries, found 2",
    ),
    "an area without a radius": edit(
        "roads: [bc], for: 2 h",
        "area: {at: [0, 0]}, for: 2 h",
        "scenario.yaml:110:34: script.S2.effects[0].area: radius: is missing; it goes with place or at",
    ),
    "a polygon with a radius": edit(
        "roads: [bc], for: 2 h",
        "area: {polygon: [[0, 0], [9, 9], [0, 9]], radius: 9 m}, for: 2 h",
        "scenario.yaml:110:78: script.S2.effects[0].area.radius: goes with place or at",
    ),
    "an area round two things": edit(
        "roads: [bc], for: 2 h",
        "area: {place: school, at: [0, 0], radius: 9 m}, for: 2 h",
        "scenario.yaml:110:34: script.S2.effects[0].area: give exactly one of polygon, place and at, found place and at",
    ),
    "an area round a place that is not there": edit(
        "roads: [bc], for: 2 h",
        "area: {place: schol, radius: 9 m}, for: 2 h",
        "scenario.yaml:110:42: script.S2.effects[0].area.place: no such place, found 'schol'; did you mean 'school'? allowed: seat, school, hamlet",
    ),
    "an inject closes roads here, where no incident is": edit(
        "roads: [bc], for: 2 h",
        "area: {place: here, radius: 9 m}, for: 2 h",
        "scenario.yaml:110:42: script.S2.effects[0].area.place: no such place, found 'here'; allowed: seat, school, hamlet",
    ),
    "an opening that lasts": edit(
        "{kind: close_road, roads: [bc], for: 2 h}",
        "{kind: open_road, roads: [bc], for: 2 h}",
        "scenario.yaml:110:40: script.S2.effects[0].for: no such key; allowed: roads, classes, streets, area, kind",
    ),
    "a road given twice": edit(
        "{id: bc,",
        "{id: ab,",
        "scenario.yaml:13:14: roads.network.edges[1].id: id given twice, found 'ab'; first in edges[0]",
    ),
    "a place at an unknown node": edit(
        "hamlet: {node: c}",
        "hamlet: {node: x}",
        "scenario.yaml:17:18: places.hamlet.node: no such node, found 'x'; allowed: a, b, c",
    ),
    "an unknown road in an effect": edit(
        "roads: [bc]",
        "roads: [bd]",
        "scenario.yaml:110:36: script.S2.effects[0].roads[0]: no such road, found 'bd'; allowed: ab, bc",
    ),
    "here is no road of an inject": edit(
        "roads: [bc]",
        "roads: [here]",
        "scenario.yaml:110:36: script.S2.effects[0].roads[0]: no such road, found 'here'; allowed: ab, bc",
    ),
    "an unknown default class": edit(
        "roads:\n",
        "roads:\n  default_class: pavement\n",
        "scenario.yaml:9:18: roads.default_class: no such road class, found 'pavement'; allowed: motorway, trunk, primary, secondary, tertiary, unclassified, residential, living_street, service, footway, path, pedestrian, steps, cycleway, bridleway, corridor, track, road, ferry, waterway",
    ),
    "two arrival profiles": edit(
        "arrivals: {hourly: [16,",
        "arrivals: {cumulative: [], hourly: [16,",
        "scenario.yaml:23:15: stations.KV1.arrivals: give exactly one of hourly and cumulative, found both",
    ),
    "no arrival profile": edit(
        "arrivals: {hourly: [16, 16, 16, 8, 4, 4, 4, 4, 4, 4, 4, 4]}",
        "arrivals: {}",
        "scenario.yaml:23:15: stations.KV1.arrivals: give exactly one of hourly and cumulative, found none",
    ),
    "an empty day": edit(
        "arrivals: {hourly: [16, 16, 16, 8, 4, 4, 4, 4, 4, 4, 4, 4]}",
        "arrivals: {hourly: [0, 0]}",
        "scenario.yaml:23:24: stations.KV1.arrivals.hourly: at least one hour must weigh more than 0",
    ),
    "readings that fall": edit(
        "{at: 10:00, share: 60 %}",
        "{at: 20:00, share: 60 %}",
        "scenario.yaml:48:7: stations.KV2.arrivals.cumulative: give at least two readings; times and shares must rise",
    ),
    "readings that do not begin at nothing": edit(
        "{at: 07:00, share: 0 %}",
        "{at: 07:00, share: 10 %}",
        "scenario.yaml:48:7: stations.KV2.arrivals.cumulative: must begin at 0 % and end at 100 %, found 10 % and 100 %",
    ),
    "balk steps that fall": edit(
        "{line: 80, share: 20 %}",
        "{line: 30, share: 20 %}",
        "scenario.yaml:28:5: stations.KV1.balk: the lines must rise from step to step",
    ),
    "no voting stage": edit(
        "        servers: 2\n        voting: true",
        "        servers: 2",
        "scenario.yaml:55:5: stations.KV2.stages: exactly one must say voting: true, found 0",
    ),
    "two voting stages": edit(
        "box: {servers: 1,",
        "box: {servers: 1, voting: true,",
        "scenario.yaml:32:5: stations.KV1.stages: exactly one must say voting: true, found 2",
    ),
    "too many stages": edit(
        "    count: {set_up",
        "      s4: {servers: 1, service: 1 s}\n      s5: {servers: 1, service: 1 s}\n      s6: {servers: 1, service: 1 s}\n      s7: {servers: 1, service: 1 s}\n      s8: {servers: 1, service: 1 s}\n      s9: {servers: 1, service: 1 s}\n    count: {set_up",
        "scenario.yaml:32:5: stations.KV1.stages: must have 8 or fewer entries, found 9",
    ),
    "a close before the opening": edit(
        "    closes: 19:00\n    officers: 6",
        "    closes: 06:00\n    officers: 6",
        "scenario.yaml:53:13: stations.KV2.closes: must be after opens",
    ),
    "a latest close before the close": edit(
        "    closes: 19:00\n    officers: 6",
        "    closes: 19:00\n    latest_close: 18:59\n    officers: 6",
        "scenario.yaml:54:19: stations.KV2.latest_close: must not be before closes",
    ),
    "a room that is cleared before the close": edit(
        "    closes: 19:00\n    officers: 6",
        "    closes: 19:00\n    clears: -5 min\n    officers: 6",
        "scenario.yaml:54:13: stations.KV2.clears: not a duration, found '-5 min'; write it with its unit, such as 90 s, 15 min or 2 h",
    ),
    "a count by nobody": edit(
        "count: {set_up: 20 min, per_ballot: 10 s}",
        "count: {set_up: 20 min, per_ballot: 10 s, officers: 0}",
        "scenario.yaml:42:57: stations.KV1.count.officers: must be 1 or more, found 0",
    ),
    "a break of no time": edit(
        "    closes: 19:00\n    officers: 6",
        "    closes: 19:00\n    officers: 6\n    breaks: [{from: 12:00, lasts: 0 min, officers: 1}]",
        "scenario.yaml:55:35: stations.KV2.breaks[0].lasts: must be above 0 min",
    ),
    "a break of more than the team": edit(
        "    closes: 19:00\n    officers: 6",
        "    closes: 19:00\n    officers: 6\n    breaks: [{from: 12:00, lasts: 5 min, officers: 7}]",
        "scenario.yaml:55:13: stations.KV2.breaks: 7 cannot go, the team has 6 officer(s)",
    ),
    "a health case that is cleaned in no time": edit(
        "{kind: surge, station: KV1, voters: 50, over: 10 min}",
        "{kind: health_case, station: KV1, stage: both, cleaned: 0 min}",
        "scenario.yaml:115:50: script.S3.effects[0].stage: no such stage, found 'both'; did you mean 'booth'? allowed: check-in, booth, box",
        "scenario.yaml:115:65: script.S3.effects[0].cleaned: must be above 0 min",
    ),
    "a station that moves to no place, on no road": edit(
        "{kind: surge, station: KV1, voters: 50, over: 10 min}",
        "{kind: move_station, station: KV1, to: scool, mode: sledge}",
        "scenario.yaml:115:48: script.S3.effects[0].to: no such place, found 'scool'; did you mean 'school'? allowed: seat, school, hamlet",
        "scenario.yaml:115:61: script.S3.effects[0].mode: no such choice, found 'sledge'; allowed: car, motorcycle, truck, foot, boat",
    ),
    "voters who are sent to a place, in no way": edit(
        "{kind: surge, station: KV1, voters: 50, over: 10 min}",
        "{kind: divert, station: KV1, to: school, share: 120 %, mode: walk}",
        "scenario.yaml:115:42: script.S3.effects[0].to: no such station, found 'school'; allowed: KV1, KV2",
        "scenario.yaml:115:57: script.S3.effects[0].share: not a share, found '120 %'; write 95 % or a number from 0 to 1",
        "scenario.yaml:115:70: script.S3.effects[0].mode: no such choice, found 'walk'; allowed: car, motorcycle, truck, foot, boat",
    ),
    "voters who are sent to their own station": edit(
        "{kind: surge, station: KV1, voters: 50, over: 10 min}",
        "{kind: divert, station: KV1, to: KV1}",
        "scenario.yaml:115:42: script.S3.effects[0].to: must be another station, found 'KV1' as station",
    ),
    "an incident that sends voters nowhere": edit(
        "{kind: slow, station: here, stage: booth, factor: 1.5}",
        "{kind: divert, station: here, to: KV3}",
        "scenario.yaml:92:47: incidents.brawl.levels[0].effects[0].to: no such station, found 'KV3'; did you mean 'KV2'? allowed: KV1, KV2",
    ),
    "a standing order that sends voters to an unknown station": edit(
        "{kind: move_officers, from: KV1, to: KV2}",
        "{kind: divert, station: here, to: KV7, line: all}",
        "scenario.yaml:162:43: orders.O2.order[0].to: no such station, found 'KV7'; did you mean 'KV2'? allowed: KV1, KV2",
        "scenario.yaml:162:54: orders.O2.order[0].line: not a share, found 'all'; write 95 % or a number from 0 to 1",
    ),
    "an extension until no time": edit(
        "{kind: surge, station: KV1, voters: 50, over: 10 min}",
        "{kind: extend, station: KV3, until: late}",
        "scenario.yaml:115:33: script.S3.effects[0].station: no such station, found 'KV3'; did you mean 'KV2'? allowed: KV1, KV2",
        "scenario.yaml:115:45: script.S3.effects[0].until: not a time, found 'late'; write 07:00, D-1 18:00 or 2021-05-23 07:00",
    ),
    "server steps that fall": edit(
        "{from: 11:00, servers: 1}",
        "{from: 06:00, servers: 1}",
        "scenario.yaml:34:18: stations.KV1.stages.check-in.servers: the times must rise from step to step",
    ),
    "a triangle that falls": edit(
        "mode: 2 min, high: 6 min",
        "mode: 7 min, high: 6 min",
        "scenario.yaml:59:18: stations.KV2.stages.desk.service: low, mode and high must rise, and low must differ from high, found 1, 7 and 6 min",
    ),
    "a range that falls": edit(
        "low: 1 min, high: 3 min",
        "low: 4 min, high: 3 min",
        "scenario.yaml:68:14: units.P1.turnout: low must be below high, found 4 and 3 min",
    ),
    "shifts that overlap": edit(
        "{from: 14:00, until: 23:00}",
        "{from: 13:00, until: 23:00}",
        "scenario.yaml:69:5: units.P1.shifts: must follow each other, not overlap",
    ),
    "a turnout of a shift that is no time": edit(
        "- {from: 06:00, until: 14:00}",
        "- {from: 06:00, until: 14:00, turnout: slow}",
        "scenario.yaml:70:46: units.P1.shifts[0].turnout: not a duration, found 'slow'; write it with its unit, such as 90 s, 15 min or 2 h",
    ),
    "a shift that runs backward": edit(
        "- {from: 06:00, until: 14:00}",
        "- {from: 14:00, until: 06:00}",
        "scenario.yaml:70:30: units.P1.shifts[0].until: must be after from",
    ),
    "a post that runs backward": edit(
        "from: 07:00, until: 12:00, strip",
        "from: 12:00, until: 07:00, strip",
        "scenario.yaml:73:45: units.P1.posts[0].until: must be after from",
    ),
    "posts that overlap": edit(
        "until: 12:00, strip: last}",
        "until: 12:00, strip: last}\n      - {place: seat, from: 11:00, until: 13:00}",
        "scenario.yaml:72:5: units.P1.posts: must follow each other, not overlap",
    ),
    "a first level with a delay": edit(
        "        on_scene: 15 min\n",
        "        on_scene: 15 min\n        after: 5 min\n",
        "scenario.yaml:89:9: incidents.brawl.levels[0]: the first level has no after; take it out",
    ),
    "a level without its delay": edit(
        "        after: 20 min\n",
        "",
        "scenario.yaml:88:5: incidents.brawl.levels: each above the first must say after how long nobody has come",
    ),
    "levels that do not rise in time": edit(
        "        after: 20 min\n",
        "        after: 20 min\n      - {needs: {police: 2}, on_scene: 1 h, after: 10 min}\n",
        "scenario.yaml:88:5: incidents.brawl.levels: after must rise from level to level",
    ),
    "needs that shrink": edit(
        "needs: {police: 2}",
        "needs: {guard: 2}",
        "scenario.yaml:88:5: incidents.brawl.levels: a higher level needs at least what a lower does",
    ),
    "an effect of an incident with an end": edit(
        "factor: 1.5}",
        "factor: 1.5, for: 20 min}",
        "scenario.yaml:92:13: incidents.brawl.levels[0].effects[0]: the effect of an incident lasts while it is open; take out for and until",
    ),
    "a rate with a phase and hours": edit(
        "phase: during}",
        "phase: during, from: 07:00}",
        "scenario.yaml:97:58: incidents.brawl.rates[0].phase: give a phase, or from and until, not both",
    ),
    "a rate that runs backward": edit(
        "phase: during}",
        "from: 09:00, until: 08:00}",
        "scenario.yaml:97:71: incidents.brawl.rates[0].until: must be after from",
    ),
    "a rate of a phase that never comes": Row(
        edits=(
            ("phase: during}", "phase: after}"),
            ("  phases: {during: 07:00, after: 19:00}\n", ""),
        ),
        says=(
            "scenario.yaml:96:58: incidents.brawl.rates[0].phase: found 'after', but the clock names no phases; add clock.phases",
        ),
    ),
    "an unknown phase": edit(
        "phase: during}",
        "phase: midday}",
        "scenario.yaml:97:58: incidents.brawl.rates[0].phase: no such choice, found 'midday'; allowed: before, during, after",
    ),
    "an inject with two triggers": edit(
        "    at: 09:00",
        "    at: 09:00\n    after: S3",
        "scenario.yaml:100:3: script.S1: give exactly one of at, between, after and when, found at and after",
    ),
    "an inject without a trigger": edit(
        "    at: 09:00\n",
        "",
        "scenario.yaml:100:3: script.S1: give exactly one of at, between, after and when, found none",
    ),
    "an effect with two ends": edit(
        "for: 2 h}",
        "for: 2 h, until: 12:00}",
        "scenario.yaml:110:9: script.S2.effects[0]: give for or until, found both",
    ),
    "a delay without after": edit(
        "    at: 09:00",
        "    at: 09:00\n    delay: 5 min",
        "scenario.yaml:103:12: script.S1.delay: goes with after, found at; take the delay out",
    ),
    "a guard that runs backward": edit(
        "from: 19:00, until: 22:00",
        "from: 22:00, until: 19:00",
        "scenario.yaml:124:69: duties.D2.until: must be after from",
    ),
    "an unknown measure": edit(
        "measure: wait.within",
        "measure: wait.withn",
        "scenario.yaml:137:14: targets.waits.measure: no such measure, found 'wait.withn'; did you mean 'wait.within'? allowed: wait.within, wait.mean, wait.p50, wait.p90, wait.p95, wait.max, line.at_opening, line.longest, voters.came, votes.share, votes.auxiliary, votes.after_close, votes.last, voters.balked, voters.reneged, voters.abandoned, voters.turned_away, voters.diverted_out, voters.diverted_in, stage.queue_time, stage.utilisation, suspended.total, suspended.longest, opening.late, ...",
    ),
    "a bound that is none": edit(
        "bound: at least 95 %",
        "bound: more than 95 %",
        "scenario.yaml:139:12: targets.waits.bound: not a bound, found 'more than 95 %'; write at least 95 %, at most 30 min, at most 0 or by 23:30",
    ),
    "a bound above all": edit(
        "bound: at least 95 %",
        "bound: at least 195 %",
        "scenario.yaml:139:12: targets.waits.bound: not a share, found '195 %'; write 95 % or a number from 0 to 1",
    ),
    "a bound without its unit": edit(
        "bound: at least 95 %",
        "bound: at least a lot",
        "scenario.yaml:139:12: targets.waits.bound: not a bound, found 'a lot'; write at least 95 %, at most 30 min, at most 0 or by 23:30",
    ),
    "a bound in the wrong unit": edit(
        "bound: at least 95 %",
        "bound: at most 30 min",
        "scenario.yaml:139:12: targets.waits.bound: does not fit wait.within, found 'at most 30 min'; write at least 95 %",
    ),
    "a clock bound for minutes": edit(
        "    measure: wait.within\n    within: 30 min\n    bound: at least 95 %",
        "    measure: wait.mean\n    bound: by 09:00",
        "scenario.yaml:138:12: targets.waits.bound: does not fit wait.mean, found 'by 09:00'; write at most 30 min",
    ),
    "a bound by no time": edit(
        "bound: by 23:30",
        "bound: by midnight",
        "scenario.yaml:145:12: targets.last.bound: not a time, found 'midnight'; write 07:00, D-1 18:00 or 2021-05-23 07:00",
    ),
    "a population the measure lacks": edit(
        "population: each station",
        "population: each unit",
        "scenario.yaml:140:17: targets.waits.population: wait.within has none of this kind, found 'each unit'; allowed: each station or each class or overall",
    ),
    "a population that is none": edit(
        "population: each station",
        "population: every station",
        "scenario.yaml:140:17: targets.waits.population: no such choice, found 'every station'; did you mean 'each station'? allowed: each station, each stage, each class, each type, each priority, each area, each place, each level, each unit, each kind, each status, each duty, overall",
    ),
    "a threshold that is missing": edit(
        "    within: 30 min\n",
        "",
        "scenario.yaml:135:3: targets.waits: wait.within needs within, such as within: 30 min",
    ),
    "a threshold too many": edit(
        "    measure: result.at\n",
        "    measure: result.at\n    within: 5 min\n",
        "scenario.yaml:145:13: targets.last.within: result.at takes none; take it out",
    ),
    "a confidence of certainty": edit(
        "confidence: 90 %",
        "confidence: 100 %",
        "scenario.yaml:148:17: targets.last.confidence: must be from 50 % to below 100 %, found 100 %",
    ),
    "no days": edit(
        "    days: 90 %\n    confidence",
        "    days: 0 %\n    confidence",
        "scenario.yaml:147:11: targets.last.days: must lie between 0 % and 100 %, found 0 %; no number of replications proves every day",
    ),
    "incident types of a wait": edit(
        "    bound: at least 95 %",
        "    bound: at least 95 %\n    types: [brawl]",
        "scenario.yaml:140:12: targets.waits.types: wait.within is not about incidents; take it out",
    ),
    "duties of a wait": edit(
        "    bound: at least 95 %",
        "    bound: at least 95 %\n    duties: [D1]",
        "scenario.yaml:140:13: targets.waits.duties: wait.within is not about duties; take it out",
    ),
    "an unknown place of a station": edit(
        "place: hamlet",
        "place: hamlit",
        "scenario.yaml:44:12: stations.KV2.place: no such place, found 'hamlit'; did you mean 'hamlet'? allowed: seat, school, hamlet",
    ),
    "an unknown base": edit(
        "base: hamlet",
        "base: village",
        "scenario.yaml:77:11: units.P2.base: no such place, found 'village'; allowed: seat, school, hamlet",
    ),
    "an unknown agency": edit(
        "agency: army",
        "agency: amry",
        "scenario.yaml:80:13: units.A1.agency: no such agency, found 'amry'; did you mean 'army'? allowed: police, army",
    ),
    "an unknown place of a post": edit(
        "{place: school, from: 07:00",
        "{place: skool, from: 07:00",
        "scenario.yaml:73:17: units.P1.posts[0].place: no such place, found 'skool'; did you mean 'school'? allowed: seat, school, hamlet",
    ),
    "an unknown place of a rate": edit(
        "places: [school, hamlet]",
        "places: [school, hamelt]",
        "scenario.yaml:97:27: incidents.brawl.rates[0].places[1]: no such place, found 'hamelt'; did you mean 'hamlet'? allowed: seat, school, hamlet",
    ),
    "an unknown stage of an incident": edit(
        "stage: booth, factor",
        "stage: both, factor",
        "scenario.yaml:92:48: incidents.brawl.levels[0].effects[0].stage: no such stage, found 'both'; did you mean 'booth'? allowed: check-in, booth, box, desk",
    ),
    "an unknown station of an incident": edit(
        "station: here, stage: booth",
        "station: KV3, stage: booth",
        "scenario.yaml:92:35: incidents.brawl.levels[0].effects[0].station: no such station, found 'KV3'; did you mean 'KV2'? allowed: KV1, KV2",
    ),
    "an unknown inject": edit(
        "after: S1",
        "after: S9",
        "scenario.yaml:107:12: script.S2.after: no such inject, found 'S9'; allowed: S1, S2, S3",
    ),
    "an inject that waits for itself": edit(
        "after: S1",
        "after: S2",
        "scenario.yaml:107:12: script.S2.after: waits for itself: S2 after S2",
    ),
    "injects that wait for each other": edit(
        "    at: 09:00",
        "    after: S2",
        "scenario.yaml:102:12: script.S1.after: waits for itself: S1 after S2 after S1",
    ),
    "an unknown incident type": edit(
        "type: brawl, place",
        "type: brwal, place",
        "scenario.yaml:104:32: script.S1.effects[0].type: no such incident type, found 'brwal'; did you mean 'brawl'? allowed: brawl",
    ),
    "an unknown station of a surge": edit(
        "station: KV1, voters",
        "station: KV7, voters",
        "scenario.yaml:115:32: script.S3.effects[0].station: no such station, found 'KV7'; did you mean 'KV2'? allowed: KV1, KV2",
    ),
    "an unknown stage of an inject": edit(
        "{kind: surge, station: KV1, voters: 50, over: 10 min}",
        "{kind: slow, station: KV2, stage: booth, factor: 2}",
        "scenario.yaml:115:43: script.S3.effects[0].stage: no such stage, found 'booth'; allowed: desk",
    ),
    "an unknown station in a condition": edit(
        "queue(KV1)",
        "queue(KV9)",
        "scenario.yaml:113:11: script.S3.when: no such station, found 'KV9'; did you mean 'KV2'? allowed: KV1, KV2",
    ),
    "an unknown inject in a condition": edit(
        "queue(KV1) > 60",
        "level(S7) >= 2",
        "scenario.yaml:113:11: script.S3.when: no such inject, found 'S7'; allowed: S1, S2, S3",
    ),
    "an unknown unit of a duty": edit(
        "units: [P1], place",
        "units: [P7], place",
        "scenario.yaml:124:29: duties.D2.units[0]: no such unit, found 'P7'; allowed: P1, P2, A1",
    ),
    "an unknown stop": edit(
        "stops: [seat]",
        "stops: [sea]",
        "scenario.yaml:130:13: duties.D3.stops[0]: no such place, found 'sea'; did you mean 'seat'? allowed: seat, school, hamlet",
    ),
    "an unknown station of a duty": edit(
        "stations: [KV1, KV2]",
        "stations: [KV1, KV3]",
        "scenario.yaml:122:21: duties.D1.stations[1]: no such station, found 'KV3'; did you mean 'KV2'? allowed: KV1, KV2",
    ),
    "an unknown duty of a target": edit(
        "    measure: result.at\n    bound: by 23:30\n",
        "    measure: duty.late\n    duties: [D9]\n    bound: at most 5 min\n",
        "scenario.yaml:145:14: targets.last.duties[0]: no such duty, found 'D9'; allowed: D1, D2, D3",
    ),
    "a skill nobody has": edit(
        "needs: {police: 2}",
        "needs: {police: 2, fire: 1}",
        "scenario.yaml:93:28: incidents.brawl.levels[1].needs.fire: no unit has this skill, found 'fire'; allowed: police, guard, rescue",
    ),
    "a skill misspelt": edit(
        "needs: {police: 2}",
        "needs: {police: 2, gard: 1}",
        "scenario.yaml:93:28: incidents.brawl.levels[1].needs.gard: no unit has this skill, found 'gard'; did you mean 'guard'? allowed: police, guard, rescue",
    ),
    "a name that is no text": edit(
        "place: hamlet",
        "place: 5",
        "scenario.yaml:44:12: stations.KV2.place: must be text, found 5; put it in quotes",
    ),
    "one name for two things": edit(
        "  D1:\n    kind",
        "  KV1:\n    kind",
        "scenario.yaml:117:3: duties.KV1: the name 'KV1' stands for two things; a unit, a station and a duty must have names of their own",
    ),
    "a station by the name of here": edit(
        "agencies:\n",
        "  here:\n    place: seat\n    registered: 9\n    turnout: 1\n    arrivals: {hourly: [1]}\n    opens: 07:00\n    closes: 19:00\n    officers: 2\n    stages: {box: {servers: 1, voting: true, service: 10 s}}\nagencies:\n",
        "scenario.yaml:60:3: stations.here: the name 'here' is taken: it stands for the place of an incident",
    ),
    "a road by the name of here": edit(
        "{id: ab,",
        "{id: here,",
        "scenario.yaml:12:14: roads.network.edges[0].id: the name 'here' is taken: it stands for the place of an incident",
    ),
    "a name with a space": edit(
        "  seat: {node: a}",
        "  seat: {node: a}\n  old school: {node: a}",
        "scenario.yaml:16:3: places.old school: not a name, found 'old school'; use letters, digits, - and _ (no spaces, no dots)",
    ),
    "a name with a dot": edit(
        "  seat: {node: a}",
        "  seat: {node: a}\n  school.2: {node: a}",
        "scenario.yaml:16:3: places.school.2: not a name, found 'school.2'; use letters, digits, - and _ (no spaces, no dots)",
    ),
    "an empty name": edit(
        "  seat: {node: a}",
        '  seat: {node: a}\n  "": {node: a}',
        "scenario.yaml:16:3: places.: not a name, found ''; use letters, digits, - and _ (no spaces, no dots)",
    ),
    "a name too long": edit(
        "  seat: {node: a}",
        "  seat: {node: a}\n  " + "s" * 81 + ": {node: a}",
        "scenario.yaml:16:3: places.sssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss: name too long, found 'sssssssssssssssssssssssssssssssssssssssssssssssssssssssss...'; at most 80 letters",
    ),
    "one name in two spellings of Unicode": edit(
        "  seat: {node: a}",
        "  seat: {node: a}\n  Khánh: {node: a}\n  Kha\u0301nh: {node: b}",
        "scenario.yaml:17:3: places.Khánh: key given twice, first at line 16",
    ),
    "a key given twice": edit(
        "    officers: 6",
        "    officers: 6\n    officers: 7",
        "scenario.yaml:55:5: stations.KV2.officers: key given twice, first at line 54",
    ),
    "a merge key": edit(
        "  army: {call_up: 40 min}",
        "  army:\n    <<: {call_up: 40 min}",
        "scenario.yaml:63:5: agencies.army: merge keys (<<) are not part of YAML 1.2; write the entries out",
    ),
    "a key that is a list": edit(
        "  army: {call_up: 40 min}",
        "  ? [army]\n  : {}",
        "scenario.yaml:62:5: agencies: a key must be plain text",
    ),
    "a tab": edit(
        "    place: hamlet",
        "	place: hamlet",
        "scenario.yaml:44:1: not sound YAML: a tab, or a character such as @ or %, cannot stand here; indent with spaces and put such text in quotes",
    ),
    "a colon too many": edit(
        "title: Many come at once",
        "title: Many: come at once",
        "scenario.yaml:112:16: not sound YAML: a colon cannot stand here; put text that holds a colon in quotes, or correct the indentation",
    ),
    "a line out of line": edit(
        "    officers: 6",
        "   officers: 6",
        "scenario.yaml:54:4: not sound YAML: something is out of line here; each key must stand under the one above it, and text with odd signs needs quotes",
    ),
    "a bracket left open": edit(
        "skills: [police, guard]",
        "skills: [police, guard",
        "scenario.yaml:77:9: not sound YAML: a comma or the closing ] is missing; opened at line 76",
    ),
    "a key without its value": edit(
        "{node: a}",
        "{node a}",
        "scenario.yaml:15:10: places.seat.node a: no such key; did you mean 'node'? allowed: title, node, at, area",
    ),
    "a list item out of line": edit(
        "      - {line: 80",
        "     - {line: 80",
        "scenario.yaml:30:6: not sound YAML: something is out of line here; each key must stand under the one above it, and text with odd signs needs quotes",
    ),
    "a key without its colon": edit(
        "    officers: 6",
        "    officers 6",
        "scenario.yaml:55:5: not sound YAML: a key without its colon; write key: value",
    ),
    "a quote left open": edit(
        "title: Many come at once",
        'title: "Many come at once',
        "scenario.yaml:112:12: not sound YAML: the quote that opens here is not closed",
    ),
    "a star without quotes": edit(
        "title: Many come at once",
        "title: *Many* come at once",
        "scenario.yaml:112:17: not sound YAML: text that begins with * or & must be put in quotes",
    ),
    "an at sign without quotes": edit(
        "title: Many come at once",
        "title: @Many come at once",
        "scenario.yaml:112:12: not sound YAML: a tab, or a character such as @ or %, cannot stand here; indent with spaces and put such text in quotes",
    ),
    "two documents": edit(
        "places:\n",
        "---\nplaces:\n",
        "scenario.yaml:14:1: not sound YAML: a second document begins here; take out ---",
    ),
    "a python tag": edit(
        "title: Many come at once",
        'title: !!python/object/apply:os.system ["id"]',
        "scenario.yaml:112:12: script.S3.title: tags are not allowed, found '!!python/object/apply:os.system'; a scenario is plain data",
    ),
    "a tag of some other program": edit(
        "title: Many come at once",
        "title: !secret Many come at once",
        "scenario.yaml:112:12: script.S3.title: tags are not allowed, found '!secret'; a scenario is plain data",
    ),
    "a section with a tag": edit(
        "agencies:\n",
        "agencies: !!set\n",
        "scenario.yaml:60:11: agencies: tags are not allowed, found '!!set'; a scenario is plain data",
    ),
    "a tag on a key": edit(
        "title: Many come at once",
        "!!python/name:os.system title: Many",
        "scenario.yaml:112:5: script.S3: tags are not allowed, found '!!python/name:os.system'; a scenario is plain data",
    ),
    "a tag that does not fit": edit(
        "    officers: 6",
        "    officers: !!int six",
        "scenario.yaml:54:15: stations.KV2.officers: not a whole number, found 'six'",
    ),
    "faults in two places of the YAML": edit(
        "    officers: 6",
        "    officers: 6\n    officers: 7\n    place: hamlet",
        "scenario.yaml:55:5: stations.KV2.officers: key given twice, first at line 54",
        "scenario.yaml:56:5: stations.KV2.place: key given twice, first at line 44",
    ),
    "an alias bomb": Row(
        files={"scenario.yaml": BOMB},
        says=(
            "scenario.yaml: too much in one file: over 400000 values, where what an alias (*) repeats counts each time",
        ),
    ),
    "an alias of itself": Row(
        files={"scenario.yaml": b"a: &a [*a]\n"},
        says=("scenario.yaml:1:4: nested too deeply: at most 40 levels",),
    ),
    "deep nesting": Row(
        files={"scenario.yaml": b"a: " + b"[" * 1000},
        says=("scenario.yaml:1:43: nested too deeply: at most 40 levels",),
    ),
    "not UTF-8": Row(
        files={"scenario.yaml": b"title: Khanh\nsummary: \xe1 la Latin-1\n"},
        says=("scenario.yaml:2:10: not UTF-8 text; save the file as UTF-8",),
    ),
    "UTF-16": Row(
        files={"scenario.yaml": "title: Khanh\n".encode("utf-16")},
        says=("scenario.yaml:1:1: not UTF-8 text; save the file as UTF-8",),
    ),
    "a control character": Row(
        files={"scenario.yaml": b"title: a\nsummary: bell\x07\n"},
        says=("scenario.yaml:2:14: not sound YAML: a control character",),
    ),
    "an empty file": Row(
        files={"scenario.yaml": b""},
        says=("scenario.yaml: the file is empty",),
    ),
    "a file of comments": Row(
        files={"scenario.yaml": b"# nothing yet\n"},
        says=("scenario.yaml: the file is empty",),
    ),
    "a list at the top": Row(
        files={"scenario.yaml": b"- a\n- b\n"},
        says=("scenario.yaml:1:1: must be a mapping of keys to values, found a list",),
    ),
    "text at the top": Row(
        files={"scenario.yaml": b"hello\n"},
        says=("scenario.yaml:1:1: must be a mapping of keys to values, found 'hello'",),
    ),
    "an empty mapping": Row(
        files={"scenario.yaml": b"{}\n"},
        says=(
            "plans/lean.yaml:4:3: stations.KV1: no such station, found 'KV1'; none is defined",
            "plans/lean.yaml:9:3: duties.D3: no such duty, found 'D3'; none is defined; a new one must give its kind",
            "scenario.yaml:1:1: clock: is missing; it must be given",
            "scenario.yaml:1:1: places: is missing; it must be given",
            "scenario.yaml:1:1: roads: is missing; it must be given",
            "scenario.yaml:1:1: title: is missing; it must be given",
        ),
    ),
    "a road file that is missing": edit(
        ROADS,
        "roads: {file: roads.yaml}\n",
        "scenario.yaml:8:15: roads.file: there is no such file, found 'roads.yaml'",
    ),
    "a road file outside the folder": edit(
        ROADS,
        "roads: {file: ../roads.yaml}\n",
        "scenario.yaml:8:15: roads.file: lies outside the scenario's folder, found '../roads.yaml'",
    ),
    "a road file at the root": edit(
        ROADS,
        "roads: {file: /etc/passwd}\n",
        "scenario.yaml:8:15: roads.file: lies outside the scenario's folder, found '/etc/passwd'",
    ),
    "a road file that is a folder": edit(
        ROADS,
        "roads: {file: plans}\n",
        "scenario.yaml:8:15: roads.file: is a folder, not a file, found 'plans'",
    ),
    "a road file with a null letter": edit(
        ROADS,
        'roads: {file: "a\\0b"}\n',
        "scenario.yaml:8:15: roads.file: cannot be read: embedded null byte, found 'a b'",
    ),
    "a road file that is no network": edit(
        ROADS,
        "roads: {file: plans/lean.yaml}\n",
        "plans/lean.yaml:1:1: edges: is missing; it must be given",
        "plans/lean.yaml:1:1: nodes: is missing; it must be given",
        "plans/lean.yaml:1:1: title: no such key; allowed: nodes, edges",
        "plans/lean.yaml:2:1: summary: no such key; allowed: nodes, edges",
        "plans/lean.yaml:3:1: stations: no such key; allowed: nodes, edges",
        "plans/lean.yaml:8:1: duties: no such key; allowed: nodes, edges",
        "plans/lean.yaml:10:1: dispatch: no such key; allowed: nodes, edges",
    ),
    "an unknown node in a road file": Row(
        edits=((ROADS, "roads: {file: roads.yaml}\n"),),
        files={
            "roads.yaml": ROAD_FILE,
        },
        says=(
            "roads.yaml:4:27: edges[1].to: no such node, found 'd'; allowed: a, b, c",
        ),
    ),
    "a road file that is not sound YAML": Row(
        edits=((ROADS, "roads: {file: roads.yaml}\n"),),
        files={
            "roads.yaml": "nodes: {a: [0, 0]\n",
        },
        says=(
            "roads.yaml:2:1: not sound YAML: a comma or the closing } is missing; opened at line 1",
        ),
    ),
    "a road file that is not sound XML": Row(
        edits=((ROADS, "roads: {file: roads.graphml}\n"),),
        files={
            "roads.graphml": "<graphml>\n",
        },
        says=("roads.graphml:2:1: not sound XML, or cut short: no element found",),
    ),
    "a road file cut short": Row(
        edits=((ROADS, "roads: {file: town.osm}\n"),),
        files={"town.osm": "<osm version='0.6'><node id='1' lat='21' lon='105'/>"},
        says=(
            "town.osm: no sound OSM XML, or cut short: XML parsing error at line 1, column 52: no element found",
        ),
    ),
    "a road file with entities": Row(
        edits=((ROADS, "roads: {file: town.osm}\n"),),
        files={"town.osm": "<!DOCTYPE a [<!ENTITY b 'c'>]><osm version='0.6'/>"},
        says=(
            "town.osm: holds a DOCTYPE or an ENTITY, which no road file needs: refused",
        ),
    ),
    "an archive for a road file": Row(
        edits=((ROADS, "roads: {file: town.csv}\n"),),
        files={"town.csv": b"PK\x03\x04" + bytes(30)},
        says=(
            "town.csv: is a ZIP archive (or XLSX, KMZ): take the road file out of it, or save the sheet as CSV",
        ),
    ),
    "a road file of lines cut short": Row(
        edits=((ROADS, "roads: {file: town.geojson}\n"),),
        files={"town.geojson": '{"type": "FeatureCollection",\n "features": ['},
        says=("town.geojson:2:15: no sound GeoJSON, or cut short: Expecting value",),
    ),
    "a table of arcs without nodes": Row(
        edits=((ROADS, "roads: {file: arcs.csv}\n"),),
        files={"arcs.csv": "from,to\na,b\n"},
        says=(
            "arcs.csv: a table of arcs needs its nodes: name their table in roads.nodes",
        ),
    ),
    "a table of nodes that is not there": Row(
        edits=((ROADS, "roads: {file: arcs.csv, nodes: nodes.csv}\n"),),
        files={"arcs.csv": "from,to\na,b\n"},
        says=(
            "scenario.yaml:8:32: roads.nodes: there is no such file, found 'nodes.csv'",
        ),
    ),
    "rows of a table that cannot be": Row(
        edits=(
            (
                ROADS,
                "roads: {file: arcs.csv, nodes: nodes.csv, columns: {time: t}, units: {time: minutes}}\n",
            ),
        ),
        files={
            "arcs.csv": "from,to,t\na,b,0\na,x,1\n",
            "nodes.csv": "id,x,y\na,0,0\nb,9,9\n",
        },
        says=(
            "arcs.csv:2:1: t: must be a number above 0, found '0'",
            "arcs.csv:3:1: to: no such node, found 'x'",
        ),
    ),
    "a setting that the road file has no use for": Row(
        edits=((ROADS, "roads: {file: town.osm, two_way: true}\n"),),
        files={"town.osm": "<osm version='0.6'/>"},
        says=(
            "town.osm: roads.two_way: nothing is read by it from a file of this kind",
        ),
    ),
    "an unknown unit of a column": edit(
        "roads:\n",
        "roads:\n  units: {length: yards}\n",
        "scenario.yaml:9:19: roads.units.length: no such choice, found 'yards'; allowed: metres, km, miles, feet",
    ),
    "an unknown column": edit(
        "roads:\n",
        "roads:\n  columns: {form: a}\n",
        "scenario.yaml:9:13: roads.columns.form: no such key; did you mean 'from'? allowed: id, x, y, from, to, road, class, one_way, name, speed, length, time",
    ),
    "a plan without a title": plan(
        "stations: {KV1: {officers: 8}}\n",
        "plans/lean.yaml:1:1: title: is missing; it must be given",
    ),
    "an empty plan": plan(
        "",
        "plans/lean.yaml: the file is empty",
    ),
    "a plan that is a list": plan(
        "- KV1\n",
        "plans/lean.yaml:1:1: must be a mapping of keys to values, found a list",
    ),
    "a plan that changes voters": plan(
        "title: Lean\nstations:\n  KV1:\n    registered: 500\n",
        "plans/lean.yaml:4:5: stations.KV1.registered: no such key in a plan; allowed: officers, stages",
    ),
    "a plan that changes the script": plan(
        "title: Lean\nscript:\n  S1: null\n",
        "plans/lean.yaml:2:1: script: no such key in a plan; allowed: title, summary, stations, units, duties, orders, dispatch",
    ),
    "a plan that changes service times": plan(
        "title: Lean\nstations: {KV1: {stages: {booth: {service: 2 min}}}}\n",
        "plans/lean.yaml:2:35: stations.KV1.stages.booth.service: no such key in a plan; did you mean 'servers'? allowed: servers",
    ),
    "a plan for an unknown station": plan(
        "title: Lean\nstations:\n  KV3: {officers: 8}\n",
        "plans/lean.yaml:3:3: stations.KV3: no such station, found 'KV3'; did you mean 'KV2'? allowed: KV1, KV2",
    ),
    "a plan for an unknown stage": plan(
        "title: Lean\nstations:\n  KV1:\n    stages: {boot: {servers: 3}}\n",
        "plans/lean.yaml:4:14: stations.KV1.stages.boot: no such stage, found 'boot'; did you mean 'booth'? allowed: check-in, booth, box",
    ),
    "a plan for an unknown unit": plan(
        "title: Lean\nunits:\n  P3: {crew: 3}\n",
        "plans/lean.yaml:3:3: units.P3: no such unit, found 'P3'; allowed: P1, P2, A1; a new one must give its agency",
    ),
    "a plan that takes out an unknown unit": plan(
        "title: Lean\nunits:\n  P3: null\n",
        "plans/lean.yaml:3:3: units.P3: nothing of this name to take out; allowed: P1, P2, A1",
    ),
    "a plan that takes out what others name": plan(
        "title: Lean\nunits:\n  P2: null\n",
        "scenario.yaml:119:11: duties.D1.unit: under plan lean: no such unit, found 'P2'; allowed: P1, A1",
        "scenario.yaml:127:11: duties.D3.unit: under plan lean: no such unit, found 'P2'; allowed: P1, A1",
    ),
    "a plan with a wrong number": plan(
        "title: Lean\nstations: {KV1: {officers: eight}}\n",
        "plans/lean.yaml:2:28: stations.KV1.officers: must be a whole number, found 'eight'",
    ),
    "a plan with an unknown policy": plan(
        "title: Lean\ndispatch: {policy: best}\n",
        "plans/lean.yaml:2:20: dispatch.policy: no such choice, found 'best'; allowed: nearest, nearest-idle, home-area, keep-cover, nearest-or-busy",
    ),
    "a plan that empties a field": plan(
        "title: Lean\nstations: {KV1: {officers: null}}\n",
        "plans/lean.yaml:2:28: stations.KV1.officers: is missing; it must be given",
    ),
    "a new unit that is not sound": plan(
        "title: Lean\nunits:\n  P3: {agency: police, skills: [police], base: here}\n",
        "plans/lean.yaml:3:7: units.P3.shifts: is missing; it must be given",
        "plans/lean.yaml:3:48: units.P3.base: no such place, found 'here'; allowed: seat, school, hamlet",
    ),
    "a plan that is not sound YAML": plan(
        "title: Lean\nunits: {P2: null\n",
        "plans/lean.yaml:3:1: not sound YAML: a comma or the closing } is missing; opened at line 2",
    ),
    "a fault that scenario and plan share is told once": Row(
        edits=(("    registered: 600", "    registered: many"),),
        files={
            "plans/lean.yaml": "title: Lean\nstations: {KV1: {officers: 8}}\n",
        },
        says=(
            "scenario.yaml:21:17: stations.KV1.registered: must be a whole number, found 'many'",
        ),
    ),
    "a plan for a section at fault": Row(
        edits=(
            ("agencies:\n  police: {}\n  army: {call_up: 40 min}", "agencies: none"),
        ),
        files={
            "plans/lean.yaml": "title: Lean\nunits: {P2: null}\nstations: {KV2: {officers: 3}}\n",
        },
        says=(
            "scenario.yaml:60:11: agencies: must be a mapping of names to values, found 'none'",
            "scenario.yaml:117:11: duties.D1.unit: under plan lean: no such unit, found 'P2'; allowed: P1, A1",
            "scenario.yaml:125:11: duties.D3.unit: under plan lean: no such unit, found 'P2'; allowed: P1, A1",
        ),
    ),
    "a plan file with the wrong ending": Row(
        files={
            "plans/night.yml": "title: Night\n",
        },
        says=("plans/night.yml: the name of a plan file must end in .yaml",),
    ),
    "a plan file with a space in its name": Row(
        files={
            "plans/late night.yaml": "title: Night\n",
        },
        says=(
            "plans/late night.yaml: not a name, found 'late night'; use letters, digits, - and _ (no spaces, no dots)",
        ),
    ),
    "two plans that lack the same": Row(
        files={
            "plans/lean.yaml": "title: Lean\nunits: {P2: null}\nduties: {D1: null}\n",
            "plans/thin.yaml": "title: Thin\nunits: {P2: null}\nduties: {D1: null}\n",
        },
        says=(
            "scenario.yaml:127:11: duties.D3.unit: under plan lean, thin: no such unit, found 'P2'; allowed: P1, A1",
        ),
    ),
    "a change without a value": change(
        "stations.KV1.officers",
        "--set stations.KV1.officers: write it as path=value, such as stations.KV1.officers=9",
    ),
    "a change without a path": change(
        "=9",
        "--set =9: write it as path=value, such as stations.KV1.officers=9",
    ),
    "a change of an unknown section": change(
        "statoins.KV1.officers=9",
        "--set statoins.KV1.officers=9: statoins: no such key; did you mean 'stations'? allowed: format, title, summary, include, assumptions, clock, rules, roads, places, stations, turnout_shock, agencies, units, incidents, calls, dispatch, script, duties, orders, uncertain, targets, staffing",
    ),
    "a change of an unknown station": change(
        "stations.KV3.officers=9",
        "--set stations.KV3.officers=9: stations.KV3: no such station, found 'KV3'; did you mean 'KV2'? allowed: KV1, KV2",
    ),
    "a change of an unknown stage": change(
        "stations.KV1.stages.chek-in.servers=9",
        "--set stations.KV1.stages.chek-in.servers=9: stations.KV1.stages.chek-in: no such stage, found 'chek-in'; did you mean 'check-in'? allowed: check-in, booth, box",
    ),
    "a change of an unknown key": change(
        "stations.KV1.oficers=9",
        "--set stations.KV1.oficers=9: stations.KV1.oficers: no such key; did you mean 'officers'? allowed: title, place, registered, turnout, arrivals, voters, opens, closes, close_rule, clears, latest_close, officers, breaks, priority, classes, balk, room, patience, stages, count, interruption, exception",
    ),
    "a change to the wrong type": change(
        "stations.KV1.officers=nine",
        "--set stations.KV1.officers=nine: stations.KV1.officers: must be a whole number, found 'nine'",
    ),
    "a change to nothing": change(
        "stations.KV1.officers=",
        "--set stations.KV1.officers=: stations.KV1.officers: must be a whole number, found ''",
    ),
    "a change to a comment": change(
        "stations.KV1.officers=#9",
        "--set stations.KV1.officers=#9: a value that begins with # must be put in quotes",
    ),
    "a change that is not sound YAML": change(
        "stations.KV1.officers=[9",
        "--set stations.KV1.officers=[9: not sound YAML: a comma or the closing ] is missing; opened at line 1",
    ),
    "a change inside a list": change(
        "stations.KV1.balk.0.share=9 %",
        "--set stations.KV1.balk.0.share=9 %: stations.KV1.balk: is a list; set it as a whole: stations.KV1.balk=[...]",
    ),
    "a change inside a number": change(
        "stations.KV1.officers.most=9",
        "--set stations.KV1.officers.most=9: stations.KV1.officers: is a single value, 9; set it as stations.KV1.officers=...",
    ),
    "a change that takes out what is not there": change(
        "units.P9=null",
        "--set units.P9=null: units.P9: nothing of this name to take out; allowed: P1, P2, A1",
    ),
    "a change that takes out what others name": Row(
        changes=(
            "units.A1=null",
            "units.P1=null",
        ),
        says=(
            "scenario.yaml:124:29: duties.D2.units[0]: after --set: no such unit, found 'P1'; allowed: P2",
        ),
    ),
    "a change to an unknown reference": change(
        "stations.KV1.place=nowhere",
        "--set stations.KV1.place=nowhere: stations.KV1.place: no such place, found 'nowhere'; allowed: seat, school, hamlet",
    ),
    "a change of the clock": change(
        "clock.end=D-1 05:00",
        "scenario.yaml:2:1: clock: after --set: the clock must run forward for at most 200 days, found start 'D 05:00' and end 'D-1 05:00'",
    ),
    "two wrong changes": Row(
        changes=(
            "stations.KV3.officers=9",
            "stations.KV1.officers=nine",
        ),
        says=(
            "--set stations.KV1.officers=nine: stations.KV1.officers: must be a whole number, found 'nine'",
            "--set stations.KV3.officers=9: stations.KV3: no such station, found 'KV3'; did you mean 'KV2'? allowed: KV1, KV2",
        ),
    ),
    "a change with an alias bomb": change(
        "summary=[&a [1,2], *a, *b]",
        "--set summary=[&a [1,2], *a, *b]: not sound YAML: text that begins with * must be put in quotes",
    ),
    "several faults at once, in the order of the file": Row(
        edits=(
            ("    officers: 6", "    officers: six"),
            ("day: 2021-05-23", "day: today"),
            ("base: hamlet", "base: hamet"),
            ("speed: 30 km/h", "speed: fast"),
            ("days: 90 %\n    confidence", "days: 190 %\n    confidence"),
        ),
        says=(
            "scenario.yaml:3:8: clock.day: not a date, found 'today'; write 2021-05-23",
            "scenario.yaml:13:57: roads.network.edges[1].speed: not a speed, found 'fast'; write it as 30 km/h, above 0 and at most 300",
            "scenario.yaml:54:15: stations.KV2.officers: must be a whole number, found 'six'",
            "scenario.yaml:77:11: units.P2.base: no such place, found 'hamet'; did you mean 'hamlet'? allowed: seat, school, hamlet",
            "scenario.yaml:147:11: targets.last.days: not a share, found '190 %'; write 95 % or a number from 0 to 1",
        ),
    ),
}


def written(row: Row, sound: str, write: Write) -> Path:
    for old, new in row.edits:
        assert sound.count(old) == 1, f"{old!r} must stand once in the sound scenario"
        sound = sound.replace(old, new)
    return write({"scenario.yaml": sound, **row.files})


def said(folder: Path, changes: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        load(folder, changes=changes)
    return str(error.value).replace(f"{folder}/", "").split("\n")


def test_the_scenario_that_the_rows_break_is_sound(write: Write):
    assert list(load(write()).plans) == ["base", "lean"]


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_broken_scenario_is_told_exactly(row: Row, sound: str, write: Write):
    assert said(written(row, sound, write), row.changes) == list(row.says)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_every_fault_has_its_place_on_one_line(row: Row):
    place = re.compile(
        r"(scenario|roads|town|arcs|seen|plans/[\w ]+)\.(ya?ml|graphml|osm|csv|geojson)"
        r"(:[1-9]\d*:[1-9]\d*)?: \S.*"
        r"|--set .*: \S.*"
    )
    assert [line for line in row.says if not place.fullmatch(line)] == []


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_no_fault_is_told_twice(row: Row):
    assert len(set(row.says)) == len(row.says)


def test_a_scenario_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(ScenarioError, match="no such scenario: neither a path nor"):
        find(tmp_path / "nowhere")


def test_a_folder_without_a_scenario_is_told(tmp_path: Path):
    with pytest.raises(ScenarioError) as error:
        find(tmp_path)
    assert str(error.value) == f"{tmp_path}: the folder holds no scenario.yaml"


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "", "scenario.yaml/x"])
def test_a_name_that_no_file_can_have_is_told(name: str, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError) as error:
        find(name)
    assert str(error.value).isprintable()


def test_a_plan_that_is_not_there_is_told(write: Write):
    folder = write()
    with pytest.raises(ScenarioError) as error:
        load(folder, plan="laen")
    assert str(error.value) == (
        f"--plan laen: no such plan in {folder.name}; did you mean 'lean'? "
        "allowed: base, lean"
    )


def test_what_a_mere_road_file_holds_cannot_hang_the_reader(write: Write, sound: str):
    folder = write({"scenario.yaml": sound.replace(ROADS, "roads: {file: pipe}\n")})
    os.mkfifo(folder / "pipe")
    assert said(folder) == [
        "scenario.yaml:8:15: roads.file: is no ordinary file, found 'pipe'"
    ]


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_no_broken_scenario_raises_anything_else(row: Row, sound: str, write: Write):
    folder = written(row, sound, write)
    raised: BaseException | None = None
    try:
        load(folder, changes=row.changes)
    except Exception as error:
        raised = error
    assert type(raised) is ScenarioError, raised
