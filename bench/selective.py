"""What does it save not to write what nobody reads, and what do readers pay for it?

Real activity (four weeks of the tweets of a parliament's members, and their follows, which lie
beside the repository) with a stated pattern of reads (`bench/readers.py`). Each phase plays the
same tweets to the same people and measures what is written and what it costs; then readers read:

    everyone    every reader has a home timeline, every edge is pushed
    readers     homes that nobody read for long are gone, every edge is pushed
    plan        as readers, and the edges are pulled that the edge plan says (`views/edge_plan.py`),
                made from the week before the four

Readers read as often as the pattern says, under the plan and with all edges pushed; and those who
read most also with as many edges pulled as a reader may have, which is the dearest a plan can be.

All phases and reads in one run on one machine. Takes about ten minutes.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from operator import itemgetter
from typing import NamedTuple

import redis

from bench import processor
from bench.api import home_path
from bench.figures import Figure
from bench.load import Measured, measure, request
from bench.own_platform import own_platform, submit
from bench.readers import reads_a_day
from bench.selective_model import SEED, Activity, Cost, Edge, activity, cost, plan
from ingest.bulk import append_all
from ingest.ends import event_ends
from ingest.events import EdgePlanned, Event, Followed, TweetPosted
from replay import deliveries, served
from replay.waiting import wait_applied
from serving.principal import ALL_SCOPES
from serving.services import Services, make
from settings import Settings
from stores.shards import Shards
from views.timelines import bucket_of, home_key, pulls_key

FIRST_ID = 1 << 60  # as long as ids are today
READS = 4_000  # home pages of each kind of reading
CONNECTIONS = 2
FREQUENT = 40  # readers who read most
WARM_SECONDS = 20


class Phase(NamedTuple):
    """What playing the tweets once came to."""

    deliveries: int
    redis_cpu_s: float
    flink_cpu_s: float

    @property
    def cpu_s(self) -> float:
        return self.redis_cpu_s + self.flink_cpu_s


class Reading(NamedTuple):
    """What reading came to; processor time is of the API and Redis together, a read."""

    measured: Measured
    cpu_us: float


def figures() -> Iterator[Figure]:
    """The figures, those that are computed first. Raises `NoActivity`."""
    settings = Settings()
    known = activity()
    rates = reads_a_day(known.readers, SEED)
    pulled = plan(known, settings, rates)
    yield from computed(known, settings, rates, pulled)
    with own_platform("api", "flink", "topics", "redis_functions") as made:
        yield from Bench(made, known, rates, pulled).figures()


def computed(
    known: Activity, settings: Settings, rates: dict[int, float], pulled: list[Edge]
) -> Iterator[Figure]:
    """By the unit costs in the settings."""
    here = {reader for reader, rate in rates.items() if rate}
    phases: dict[str, Cost] = {
        "everyone": cost(known, settings, rates, set(known.readers), []),
        "readers": cost(known, settings, rates, here, []),
        "plan": cost(known, settings, rates, here, pulled),
    }
    everyone = phases["everyone"]
    for name, found in phases.items():
        against = ("everyone", float(everyone.deliveries))
        yield Figure("selective", f"model_{name}_deliveries", found.deliveries, *against)
        yield Figure("selective", f"model_{name}_cpu_s", found.cpu_s, "everyone", everyone.cpu_s)
    yield Figure("selective", "readers", len(known.readers))
    yield Figure("selective", "readers_who_read", len(here))
    yield Figure("selective", "pulled_edges", len(pulled), "all_edges", len(known.edges))
    of_readers = [reader for reader, _ in pulled if reader in here]
    yield Figure("selective", "pulled_edges_of_readers_who_read", len(of_readers))


class Bench:
    """A platform, and the activity with its people as accounts of that platform."""

    def __init__(
        self, settings: Settings, known: Activity, rates: dict[int, float], pulled: list[Edge]
    ) -> None:
        self.settings, self.known = settings, known
        self.ids, self.tokens = self._accounts(known.people)
        self.rates = {self.ids[reader]: rate for reader, rate in rates.items()}
        self.pulled = [(self.ids[reader], self.ids[author]) for reader, author in pulled]
        self._numbers = itertools.count(FIRST_ID)
        self._generations = itertools.count(1)

    def figures(self) -> Iterator[Figure]:
        submit(self.settings, "fanout")
        with closing(Shards(self.settings)) as shards:
            self._append(
                Followed(at_ms=0, follower_id=self.ids[reader], followee_id=self.ids[author])
                for reader, author in self.known.edges
            )
            served.open_homes(shards, self.settings, self.rates)
            self._play()  # before the clock runs: timelines are full then
            phases = {"everyone": self._phase()}
            self._leave(shards)
            phases["readers"] = self._phase()
            self._plan(self.pulled, pulled=True)
            phases["plan"] = self._phase()
        yield from told(phases)
        submit(self.settings, "state")
        self._wait("fanout", "state")
        planned = self._reading(self.rates)
        self._plan(self.pulled, pulled=False)
        yield from told_of_reading("plan", planned, self._reading(self.rates))
        yield Figure("selective", "plan_pulls_per_read", self._pulls(self.rates, self.pulled))

        frequent = dict(sorted(self.rates.items(), key=itemgetter(1))[-FREQUENT:])
        none = self._reading(frequent)
        most = self._most(frequent)
        self._plan(most, pulled=True)
        full = self._reading(frequent)
        yield from told_of_reading("most_pulled", full, none)
        pulls = self._pulls(frequent, most)
        yield Figure("selective", "most_pulled_pulls_per_read", pulls)
        yield Figure("selective", "pull_cpu_us", (full.cpu_us - none.cpu_us) / pulls)

    def _accounts(self, people: Iterable[int]) -> tuple[dict[int, int], dict[int, str]]:
        """By the activity's ids those of the accounts; by these their tokens."""
        ids, tokens = {}, {}
        services: Services
        with closing(make(self.settings)) as services:
            for number, person in enumerate(people):
                ids[person] = services.accounts.ensure(f"m{number}").id
                tokens[ids[person]] = services.tokens.issue(ids[person], ALL_SCOPES)
        return ids, tokens

    def _play(self) -> None:
        """The tweets once more, as new ones."""
        self._append(
            TweetPosted(
                at_ms=0, id=id, author_id=self.ids[author], text="so it is", conversation_id=id
            )
            for author in self.known.authors
            for id in [next(self._numbers)]
        )

    def _phase(self) -> Phase:
        before = self._used()
        self._play()
        wrote = deliveries.at_rest(self.settings)
        after = self._used()
        return Phase(
            wrote - int(before[0]), *(b - a for a, b in zip(before[1:], after[1:], strict=True))
        )

    def _used(self) -> tuple[float, float, float]:
        delivered = deliveries.at_rest(self.settings)
        return (
            delivered,
            processor.seconds(self.settings, processor.REDIS),
            processor.seconds(self.settings, processor.FLINK),
        )

    def _leave(self, shards: Shards) -> None:
        """The homes of those who are away are gone, as after a week."""
        buckets = self.settings.timeline_buckets
        shards.pipeline(
            (bucket_of(r, buckets), ("UNLINK", home_key(r, buckets), pulls_key(r, buckets)))
            for r, rate in self.rates.items()
            if not rate
        )

    def _most(self, readers: Iterable[int]) -> list[Edge]:
        """As many edges of each as a reader may pull."""
        authors: dict[int, list[int]] = {reader: [] for reader in readers}
        for reader, author in self.known.edges:
            if self.ids[reader] in authors:
                authors[self.ids[reader]].append(self.ids[author])
        most = self.settings.pulled_edges_max
        return [(reader, author) for reader, all in authors.items() for author in all[:most]]

    def _plan(self, edges: list[Edge], *, pulled: bool) -> None:
        generation = next(self._generations)
        self._append(
            EdgePlanned(
                at_ms=0, author_id=author, reader_id=reader, generation=generation, pulled=pulled
            )
            for reader, author in edges
        )

    def _append(self, events: Iterable[Event]) -> None:
        """Returns when fan-out has applied them."""
        append_all(self.settings, events)
        self._wait("fanout")

    def _wait(self, *jobs: str) -> None:
        with redis.Redis.from_url(self.settings.redis_url) as client:
            wait_applied(client, jobs, event_ends(self.settings))

    def _reading(self, rates: dict[int, float]) -> Reading:
        """These read, each as often as their rate says."""
        ask = self._asker(rates)
        s = self.settings

        def read(seconds: float) -> Measured:
            return measure(s.host, s.api_port, ask, connections=CONNECTIONS, seconds=seconds)

        rate = read(WARM_SECONDS).per_second  # until every reader has read once
        used = self._reading_seconds()
        found = read(READS / rate)
        used = self._reading_seconds() - used
        return Reading(found, 1e6 * used / (found.per_second * READS / rate))

    def _reading_seconds(self) -> float:
        return processor.seconds(self.settings, processor.API + processor.REDIS)

    def _asker(self, rates: dict[int, float]) -> Callable[[int], bytes]:
        chance = random.Random(SEED)
        readers = chance.choices(list(rates), list(rates.values()), k=READS)
        requests = [request("GET", home_path(r), self.tokens[r]) for r in readers]
        return lambda number: requests[number % READS]

    def _pulls(self, rates: dict[int, float], edges: list[Edge]) -> float:
        """Authors that a read looks up, on average."""
        of = Counter(reader for reader, _ in edges)
        return sum(of[reader] * rate for reader, rate in rates.items()) / sum(rates.values())


def told_of_reading(name: str, pulling: Reading, pushed: Reading) -> Iterator[Figure]:
    for measured, value, against in (
        ("home_p50_ms", pulling.measured.p50_ms, pushed.measured.p50_ms),
        ("home_p99_ms", pulling.measured.p99_ms, pushed.measured.p99_ms),
        ("cpu_us_a_read", pulling.cpu_us, pushed.cpu_us),
    ):
        yield Figure("selective", f"{name}_{measured}", value, "all_pushed", against)


def told(phases: dict[str, Phase]) -> Iterator[Figure]:
    everyone, plan = phases["everyone"], phases["plan"]
    for name, phase in phases.items():
        for measured, value, against in zip(
            (*Phase._fields, "cpu_s"),
            (*phase, phase.cpu_s),
            (*everyone, everyone.cpu_s),
            strict=True,
        ):
            yield Figure("selective", f"{name}_{measured}", value, "everyone", against)
    saved = everyone.deliveries - plan.deliveries
    yield Figure("selective", "push_cpu_us", 1e6 * (everyone.cpu_s - plan.cpu_s) / saved)
