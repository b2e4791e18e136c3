"""Which jobs must run, and from where do they go on?

    python -m realtime.submit               submits every job that does not run
    python -m realtime.submit folds         that one alone
    python -m realtime.submit --fresh folds ends it, forgets its checkpoints, starts it anew

A job goes on from its newest completed checkpoint. One without begins anew: `folds` before the
first epoch that batch does not cover yet, the others at the beginning of the log. It returns when
every task of these jobs runs; where that takes too long it fails and says which job, and why.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
import traceback
from pathlib import Path

import redis
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

import settings as settings_module
from ingest.positions import applied_key
from realtime.cluster import Cluster, JobNotRunning, cause
from settings import Settings
from views.features import stored
from views.registry import fold_views
from views.seam import COUNTED, pointer_key

# The client plans a job once and ends: compiling it thoroughly costs more than it saves.
CLIENT_JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx384m"
# `folds` first: the numbers in its operators' names count from the start of the client.
JOBS = ("folds", "fanout", "state", "trends")
START_SECONDS = 180  # a job first reads its state back, which may be large


def newest_checkpoint(folder: Path) -> Path | None:
    """The newest completed checkpoint of a job: its metadata is written last."""
    complete = list(folder.glob("*/chk-*/_metadata"))
    return max(complete, key=lambda path: path.stat().st_mtime).parent if complete else None


def covered(settings: Settings) -> int:
    """The epoch through which batch has published every count, features too; 0 before that."""
    pointers = [stored.POINTER, *(pointer_key(view.name) for view in fold_views())]
    with redis.Redis.from_url(settings.redis_url) as client:
        return min(int(through or 0) for through in client.mget(pointers))


def forget(settings: Settings, job: str) -> None:
    """Drops the job's checkpoints, and its marks of what it has applied."""
    from realtime.job import checkpoints

    shutil.rmtree(checkpoints(settings, job), ignore_errors=True)
    with redis.Redis.from_url(settings.redis_url) as client:
        client.delete(applied_key(job))


def forget_counting(settings: Settings) -> None:
    """Until the job that begins anew says so itself, no total of the speed layer is whole."""
    with redis.Redis.from_url(settings.redis_url) as client:
        client.delete(COUNTED)


def start(settings: Settings, name: str) -> str:
    """Builds and submits one job. Returns its id."""
    from realtime import fanout, folds, job, state, trends

    restore = newest_checkpoint(job.checkpoints(settings, name))
    more = {folds.NAME: folds.options, trends.NAME: trends.options}.get(name, _nothing)(settings)
    environment, tables = job.environment(settings, name, restore=restore, more=more)
    match name:
        case fanout.NAME:
            fanout.build(environment, tables, settings)
        case state.NAME:
            state.build(environment, tables, settings)
        case trends.NAME:
            trends.build(environment, tables, settings)
        case folds.NAME:
            if restore is None:
                forget_counting(settings)
            folds.build(
                environment, tables, settings, through=covered(settings), anew=restore is None
            )
    id = str(environment.execute_async(name).get_job_id())
    origin = f"from checkpoint {restore.parent.name}/{restore.name}" if restore else "anew"
    print(f"{name} started {origin}: {id}", file=sys.stderr, flush=True)
    return id


def _nothing(_settings: Settings) -> dict[str, object]:
    """The further options of a job that needs none."""
    return {}


def submit(settings: Settings, wanted: list[str], *, fresh: list[str]) -> None:
    """Raises `JobMissing` or `JobNotRunning` where a job does not run in time."""
    with Cluster(settings.flink_url) as cluster:
        for name in fresh:
            cluster.cancel(name)
            forget(settings, name)
        present = cluster.jobs()
        for name in wanted:
            if name not in present:
                began = time.monotonic()
                start(settings, name)
                print(f"  {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
        wait_until_running(cluster, wanted)


def wait_until_running(cluster: Cluster, names: list[str]) -> None:
    """Returns when every task of the jobs runs. Raises what `require_running` said last."""
    for attempt in Retrying(
        retry=retry_if_exception_type(JobNotRunning),  # a missing one does not come by itself
        stop=stop_after_delay(START_SECONDS),
        wait=wait_fixed(0.2),
        reraise=True,
    ):
        with attempt:
            cluster.require_running(names)


def main() -> None:
    parser = argparse.ArgumentParser(prog="realtime.submit", description=__doc__.splitlines()[0])
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=", ".join(JOBS))
    parser.add_argument("--fresh", action="append", default=[], choices=JOBS, metavar="JOB")
    asked = parser.parse_args()
    if unknown := set(asked.jobs) - set(JOBS):
        parser.error(f"no such job: {', '.join(sorted(unknown))}")
    os.environ.setdefault("JVM_ARGS", CLIENT_JVM)
    wanted = [name for name in JOBS if name in (asked.jobs or asked.fresh or JOBS)]
    try:
        submit(settings_module.load(), wanted, fresh=asked.fresh)
    except Exception as error:
        traceback.print_exc()
        # In one line, last: what Java raised is a page long and ends with "... 36 more".
        sys.exit(f"realtime.submit: {type(error).__name__}: {cause(str(error))}")


if __name__ == "__main__":
    main()
