# `python -m tests.simulator.digest`: what the stations do, to the bit, on days of the
# oracle and on whole days of khanh-thuong. Run under other settings of the compiler, it
# must write the same.

import hashlib
import sys

from hypothesis import Phase, given, settings

from scenarios.file.reader import load
from simulator.world import World
from tests.simulator.test_station_oracle import END, Play, bits, days

COLUMNS = ("voter", "visit", "arrival", "start", "end", "left", "outcome", "class_")


def of_oracle_days(number: int) -> str:
    found = hashlib.sha256()

    @settings(
        max_examples=number,
        phases=[Phase.generate],
        deadline=None,
        derandomize=True,
        database=None,
    )
    @given(days())
    def play(day):
        one = Play(*day)
        one.clock.advance(END)
        found.update(repr(bits(one)).encode())

    play()
    return found.hexdigest()


def of_whole_day(plan: str) -> str:
    log = World(load("khanh-thuong"), plan, 1, 0).finish()
    found = hashlib.sha256("\n".join(log.lines()).encode())
    for table in log.voters.values():
        for column in COLUMNS:
            found.update(getattr(table, column).tobytes())
    return found.hexdigest()


if __name__ == "__main__":
    found = [of_oracle_days(300), *map(of_whole_day, ("base", "standing"))]
    sys.stdout.write(" ".join(found))
