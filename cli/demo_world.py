"""What happens in the demo, step by step?"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from itertools import islice

from redis import Redis

from cli.catching_up import catch_up
from cli.steps import Steps
from engines.airflow_client import AirflowClient
from ingest.bulk import BulkProducer, append_all
from ingest.ends import event_ends
from ingest.generator.actions import Action, Follow
from ingest.generator.activity import World
from ingest.generator.events import Teller
from ingest.ids import WorkerLease
from lake.tables import BRONZE
from replay.acting import Member, Requests, Stage
from replay.asking import ApiAnswers
from replay.checking import Check, check_counts, check_timelines
from replay.rebuilding import wait_until_closed
from replay.recount import recount
from serving.principal import ALL_SCOPES
from serving.services import make
from settings import Settings
from views.registry import JOB_TOPICS

NEWEST = 300  # entries of each home that are compared
COLUMNS = ["topic", "offset", "value"]


class DemoFailed(RuntimeError):
    """Something that the demo shows did not work; the message says what."""


class DemoWorld:
    """One made-up world on one platform. Raises `DemoFailed` where the API refuses."""

    def __init__(
        self, settings: Settings, steps: Steps, users: int, members: int, actions: int, seed: str
    ) -> None:
        self.settings, self.steps = settings, steps
        self.redis = Redis.from_url(settings.redis_url)
        self.world = World(seed, users)
        # Usernames are free on a platform where an earlier demo ran: they end in this one's seed.
        self.world.people = [
            person._replace(username=f"{person.username[: 14 - len(seed)]}_{seed}")
            for person in self.world.people
        ]
        self.actions = list(islice(self.world.activity(), actions))
        span_ms = self.actions[-1].at_ms  # the weeks that the activity takes end now
        self.lease = WorkerLease(settings.state_dir / "workers")
        self.teller = Teller(
            self.world, start_ms=time.time_ns() // 1_000_000 - span_ms, worker=self.lease.number
        )
        self.members: dict[int, Member] = {}
        self.requests = Requests()
        self._sign_up(range(members))

    def _sign_up(self, users: Iterable[int]) -> None:
        """Accounts with tokens, as `./starling token` makes them."""
        services = make(self.settings)
        try:
            with self.steps.step("Sign up members of the API") as bar:
                for user in users:
                    person = self.world.people[user]
                    account = services.accounts.ensure(person.username, name=person.name)
                    token = services.tokens.issue(account.id, ALL_SCOPES)
                    self.members[user] = Member(account.id, token)
                    self.teller.user_ids[user] = account.id
                    bar.advance()
        finally:
            services.close()

    def settle(self) -> None:
        """Accounts and follows: the members' through the API, all others' through the log."""
        members = {member.id for member in self.members.values()}
        beginning = [e for e in self.teller.beginning() if e.actor_id not in members]
        with self.steps.step("Accounts and follows through the log", len(beginning)) as bar:
            append_all(self.settings, beginning, bar.advance)
        self._catch_up()
        follows = [
            Follow(0, user, other) for user in self.members for other in self.world.follows[user]
        ]
        self._play("Follows through the API", follows)
        # From now on what those say whom they follow is pushed to them, as to all who read.
        with (
            self.steps.step("Members open their homes", len(self.members)) as bar,
            ApiAnswers(self.settings.api_url) as api,
        ):
            for member in self.members.values():
                api.home(member, NEWEST)
                bar.advance()

    def live(self) -> None:
        """The activity: members act through the API, the others through the log."""
        self._play("Posts, likes, retweets, follows through both", self.actions)
        self._catch_up()

    def batch(self) -> None:
        """One cycle through Airflow that covers all of it."""
        with self.steps.step("Wait for the epoch to close") as bar:
            wait_until_closed(
                self.settings, time.time_ns() // 1_000_000, lambda s: bar.note(f"{s:.0f} s")
            )
            bar.note(f"an epoch is {self.settings.epoch_seconds} s")
        with (
            self.steps.step("Batch cycle through Airflow") as bar,
            AirflowClient(self.settings) as airflow,
        ):
            results = airflow.cycle(bar.note)
            views = results["compare"]["views"].values()
            bar.note(
                f"through epoch {results['compare']['through']}; the layers differed in "
                f"{sum(v['differing'] for v in views):,} of "
                f"{sum(v['compared'] for v in views):,} totals and rows"
            )

    def compare(self) -> list[Check]:
        """What the API answers, against a recount of bronze."""
        with self.steps.step("Recount the lake") as bar:
            bronze = BRONZE.open(self.settings).to_pyarrow_table(columns=COLUMNS)
            told = recount(bronze, self.teller.user_ids, newest=NEWEST)
            bar.note(f"{bronze.num_rows:,} records")
        names = {
            id: person.username
            for id, person in zip(self.teller.user_ids, self.world.people, strict=True)
        }
        readers = {member.id: member for member in self.members.values()}
        asker = next(iter(readers.values()))
        asked = len(told.tweet_counts) + len(told.user_counts) + len(readers)
        with self.steps.step("Ask the API", asked) as bar, ApiAnswers(self.settings.api_url) as api:
            served, homes = {}, {}
            for id, reader in readers.items():
                shown = api.home(reader, NEWEST)
                served[id] = [entry for entry in shown if entry not in told.doubtful[id]]
                whole = len(shown) < NEWEST
                homes[id] = told.homes[id] if whole else told.homes[id][: len(served[id])]
            checks = [
                check_counts(
                    "tweet counts",
                    told.tweet_counts,
                    api.tweet_counts(asker, told.tweet_counts),
                    {},
                ),
                check_counts(
                    "user counts",
                    told.user_counts,
                    api.user_counts(asker, told.user_counts),
                    names,
                ),
                check_timelines(homes, served.items(), names),
            ]
            bar.reach(asked)
        return checks

    def _play(self, name: str, actions: Sequence[Action]) -> None:
        with self.steps.step(name, len(actions)) as bar, BulkProducer(self.settings) as producer:
            stage = Stage(self.settings.api_url, self.teller, self.members, producer, bar.advance)
            with stage:
                stage.play(actions)
            if stage.requests.failures:
                raise DemoFailed(
                    f"{len(stage.requests.failures)} requests failed, the first: "
                    f"{stage.requests.failures[0]}"
                )
            bar.note(
                f"{sum(stage.requests.answered.values()):,} requests, "
                f"p50 {stage.requests.quantile(0.5) * 1000:.0f} ms, "
                f"p99 {stage.requests.quantile(0.99) * 1000:.0f} ms"
            )
        self.requests.answered += stage.requests.answered
        self.requests.seconds += stage.requests.seconds

    def _catch_up(self) -> None:
        catch_up(self.steps, self.redis, JOB_TOPICS, event_ends(self.settings))
