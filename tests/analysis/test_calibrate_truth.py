# Days played by the simulator, written as somebody would have observed them, and what
# they were played with found again.

import numpy as np
import pytest

from analysis.calibrate import (
    Given,
    Told,
    calibrate_arrivals,
    calibrate_incidents,
    calibrate_lines,
    calibrate_times,
)
from scenarios.file.reader import load
from simulator.log import Kind
from simulator.world import World
from tests.town import village

TRUTH = [("07:00", 0.0), ("09:00", 0.55), ("11:00", 0.8), ("14:00", 1.0)]
MEAN, CV = 3.0, 0.6
RATES = {"quarrel": (("00:00", 0.8), ("12:00", 0.3)), "fall": (("00:00", 0.2),)}
WORLD = (
    village("A village that votes", "00:00", "24:00")
    + f"""
places: {{a: {{node: a}}, b: {{node: b}}}}
stations:
  KV1:
    place: a
    registered: 900
    turnout: 90 %
    arrivals:
      cumulative: {[{"at": at, "share": share} for at, share in TRUTH]}
    opens: "07:00"
    closes: "14:00"
    officers: 4
    stages:
      booth:
        servers: [{{from: "07:00", servers: 8}}, {{from: "08:00", servers: 10}},
                  {{from: "12:00", servers: 6}}]
        officers: 0
        voting: true
        service: {{law: lognormal, mean: {MEAN} min, cv: {CV}}}
agencies: {{police: {{}}}}
units:
  P1:
    agency: police
    skills: [order]
    base: a
    turnout: 1 min
    shifts: [{{from: "00:00", until: "24:00"}}]
incidents:
  quarrel:
    rates:
      - {{places: [b], per_hour: 0.8, until: "12:00"}}
      - {{places: [b], per_hour: 0.3, from: "12:00"}}
    levels: [{{needs: {{order: 1}}, on_scene: 5 min}}]
  fall:
    rates: [{{places: [b], per_hour: 0.2}}]
    levels: [{{needs: {{order: 1}}, on_scene: 5 min}}]
"""
)


@pytest.fixture(scope="module")
def days(tmp_path_factory):
    path = tmp_path_factory.mktemp("truth") / "village.yaml"
    path.write_text(WORLD, encoding="utf-8")
    scenario = load(path)
    return [World(scenario, seed=5, replication=day).finish() for day in range(40)]


def clock(minute):
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"


def given(tmp_path, header, rows):
    path = tmp_path / "seen.csv"
    lines = [",".join(map(str, row)) for row in (header, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Given(path)


def test_the_profile_that_a_day_was_played_with_is_found_again(days, tmp_path):
    truth = dict(TRUTH[1:-1])
    held = []
    for log in days:
        counts, _ = np.histogram(log.voters["KV1"].arrival, np.arange(420, 841, 60))
        rows = [(clock(420 + 60 * hour), n) for hour, n in enumerate(counts)]
        told = Told(opens="07:00", closes="14:00")
        found = calibrate_arrivals(given(tmp_path, ("time", "count"), rows), told)
        frame = found.tables["profile"].set_index("clock")
        held += [
            frame.loc[at, "low"] <= share <= frame.loc[at, "high"]
            for at, share in truth.items()
        ]
    assert np.mean(held) >= 0.88  # 95 % less some two standard errors


def test_the_service_that_lines_were_played_with_is_found_again(days, tmp_path):
    held = []
    for log in days[:10]:
        voters = log.voters["KV1"]
        rows = [
            (
                clock(t),
                int(((voters.arrival <= t) & ~(voters.start[:, 0] <= t)).sum()),
                int((voters.arrival <= t).sum()),
            )
            for t in range(450, 841, 30)
        ]
        assert max(row[1] for row in rows) > 20
        seen = given(tmp_path, ("time", "line", "arrived"), rows)
        found = calibrate_lines(seen, servers="07:00=8,08:00=10,12:00=6", cv=CV)
        held.append(within(found.summary[0]))
    assert sum(held) >= 8


def within(summary):
    """Read `mean 176 s, 95 % interval 169 s to 192 s` for the truth."""
    low, high = summary.partition("interval ")[2].split(" to ")
    return float(low.removesuffix(" s")) <= 60 * MEAN <= float(high.removesuffix(" s"))


def test_the_service_that_times_were_played_with_is_found_again(days, tmp_path):
    held, laws = [], []
    for log in days[:10]:
        voters = log.voters["KV1"]
        times = (voters.end - voters.start)[::8, 0]
        rows = [(f"{60 * time:.2f}",) for time in times[np.isfinite(times)]]
        found = calibrate_times(given(tmp_path, ("seconds",), rows), unit="s")
        laws.append(found.data["service"]["law"])
        text = found.notes[0].partition("interval of 95 % ")[2].partition(" (")[0]
        held.append(within(f"interval {text}"))
    assert sum(held) >= 8
    assert laws.count("lognormal") >= 8


def test_the_rates_that_days_were_played_with_are_found_again(days, tmp_path):
    held = []
    for first in range(0, 40, 10):
        own = rows_of(days[first : first + 10])
        found = calibrate_incidents(given(tmp_path, ("time", "type"), own), every=720)
        table = found.tables["rates"].set_index(["type", "from"])
        for kind, steps in RATES.items():
            for at in ("00:00", "12:00"):
                rate = [rate for begin, rate in steps if begin <= at][-1]
                row = table.loc[(kind, at)]
                held.append(row["low"] <= rate <= row["high"])
    assert len(held) == 16
    assert sum(held) >= 14


def rows_of(logs):
    return [
        (f"2031-05-{day + 1:02d} {clock(record.time)}", record.details["type"])
        for day, log in enumerate(logs)
        for record in log.of(Kind.ARISES)
    ]
