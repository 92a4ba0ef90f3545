"""A polling day the usual ways: a process a voter in SimPy, and a network in ciw.

Both are given the numbers that the engine has drawn, by voter.
"""

from collections.abc import Sequence
from typing import Any

import simpy

from simulator.voter import Voters


def simpy_station(
    env: simpy.Environment, voters: Voters, servers: Sequence[int], voting: int
) -> tuple[list[simpy.Resource], dict[int, float]]:
    """Put a station in an environment; give its stages, and the waits to come."""
    stages = [simpy.Resource(env, number) for number in servers]
    waits: dict[int, float] = {}
    arrival, service = voters.arrival.tolist(), voters.service.tolist()

    def voter(v: int):
        yield env.timeout(arrival[v])
        for i, stage in enumerate(stages):
            with stage.request() as request:
                yield request
                if i == voting:
                    waits[v] = env.now - arrival[v]
                yield env.timeout(service[v][i])

    for v in voters.order.tolist():
        env.process(voter(v))
    return stages, waits


def reads(env: simpy.Environment, stages: Sequence[simpy.Resource], every: float):
    """Read the lines again and again; a process of SimPy that returns when stopped."""
    found: list[int] = []

    def look():
        while True:
            yield env.timeout(every)
            found.append(sum(len(stage.queue) for stage in stages))

    env.process(look())
    return found


def simpy_day(
    voters: Voters, servers: Sequence[int], voting: int, until: float, every: float
) -> tuple[list[float], list[int]]:
    """Play a station day; give the waits by order of arrival, and the lines read."""
    env = simpy.Environment()
    stages, waits = simpy_station(env, voters, servers, voting)
    lines = reads(env, stages, every)
    env.run(until)
    return [waits[v] for v in voters.order.tolist()], lines


def ciw_day(voters: Voters, servers: Sequence[int], voting: int) -> list[float]:
    """Play a station day in ciw; give the waits by order of arrival.

    Its customers are numbered from 1 as they come, so each gets its own service times.
    """
    import ciw
    from ciw.dists import Distribution

    order = voters.order.tolist()
    arrival = voters.arrival[voters.order].tolist()
    service = voters.service[voters.order].tolist()

    class Gap(Distribution):
        """The next arrival is where it is, not a sum of gaps beside it."""

        def __init__(self) -> None:
            self.number = 0

        def sample(self, t: Any = None, ind: Any = None) -> float:
            self.number += 1
            if self.number > len(order):
                return float("inf")
            return max(float(arrival[self.number - 1] - (t or 0.0)), 0.0)

    class Work(Distribution):
        """The time a customer takes at a stage."""

        def __init__(self, stage: int) -> None:
            self.stage = stage

        def sample(self, t: Any = None, ind: Any = None) -> float:
            return float(service[ind.id_number - 1][self.stage])

    number = len(servers)
    network = ciw.create_network(
        arrival_distributions=[Gap(), *[None] * (number - 1)],
        service_distributions=[Work(stage) for stage in range(number)],
        routing=[[float(j == i + 1) for j in range(number)] for i in range(number)],
        number_of_servers=list(servers),
    )
    day = ciw.Simulation(network)
    day.simulate_until_max_time(float("inf"))
    waits = dict.fromkeys(range(1, len(order) + 1), 0.0)
    for record in day.get_all_records():
        if record.node == voting + 1:
            came = arrival[record.id_number - 1]
            waits[record.id_number] = record.service_start_date - came
    return list(waits.values())
