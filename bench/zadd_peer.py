"""How fast does redis-benchmark, a client in C, write sorted sets on the same server?

As many timelines as ours, sixteen commands in a pipeline, and never a cut: less than a timeline in
a sorted set would cost. Without Debian's package our own client of plain sockets (zadd.py) does it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import redis

from bench import zadd
from bench.processor import of_server
from bench.redis_tools import NoRedisTools, benchmark
from bench.steady import ids

CONNECTIONS, PIPELINED = 50, 16


def rate_and_cpu_us(client: redis.Redis, readers: list[int], a_reader: int) -> tuple[float, float]:
    """ZADDs a second and the server's CPU microseconds for each; the sets are gone afterwards.

    Raises `subprocess.CalledProcessError` where the client fails.
    """
    server = client.connection_pool.connection_kwargs
    used = of_server(client)
    try:
        program, environment = benchmark()
    except NoRedisTools as error:
        print(f"ZADD by our own client, without redis-benchmark: {error}", file=sys.stderr)
        took = zadd.seconds_for(server["host"], server["port"], readers, ids(0, a_reader))
    else:
        took = _by_redis_benchmark(program, environment, server, len(readers), a_reader)
    number = len(readers) * a_reader
    cpu_us = 1e6 * (of_server(client) - used) / number
    for key in client.scan_iter("zadd:*", count=1000):
        client.unlink(key)
    return number / took, cpu_us


def _by_redis_benchmark(program, environment, server, readers: int, a_reader: int) -> float:
    # Each __rand_int__ becomes a number below --readers in twelve digits: the key's, the score,
    # and two for the member, so that hardly a member comes twice.
    zadd = ("ZADD", "zadd:__rand_int__", "__rand_int__", "__rand_int____rand_int__")
    began = time.perf_counter()
    subprocess.run(
        [
            *(str(program), "-h", server["host"], "-p", str(server["port"]), "-q"),
            *("-c", str(CONNECTIONS), "-P", str(PIPELINED), "-n", str(readers * a_reader)),
            *("-r", str(readers), *zadd),
        ],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - began
