"""What is a running API made of? The one place where its parts are put together."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from flask import current_app

from ingest.events import Event
from ingest.ids import IdMaker, WorkerLease
from ingest.positions import Position
from ingest.producer import Producer
from moderation.known_spam import KnownSpam
from serving.accounts import Accounts
from serving.acquaintance import Acquaintance
from serving.answers import Answers
from serving.asides import Asides
from serving.auth import wiring
from serving.auth.authenticator import Authenticator
from serving.auth.tokens import Tokens
from serving.base_homes import BaseHomes
from serving.beside import Beside
from serving.conversations import Conversations
from serving.documents import Documents
from serving.errors import StoreUnavailable
from serving.home_building import HomeBuilding
from serving.homes import Homes
from serving.idempotency import Idempotency
from serving.limits import Limits
from serving.metrics import APPENDED
from serving.moderation import parts as moderation_parts
from serving.moderation.parts import Moderation, spam_keys
from serving.own_rows import OwnRows
from serving.paging import PageTokens
from serving.read_after import AppliedMarks
from serving.recents import Recents
from serving.relations import Relations
from serving.reposts import Reposts
from serving.retweets_below import RetweetsBelow
from serving.rows import Rows
from serving.screening import Screening
from serving.search.found import Search
from serving.search.hot import Hot
from serving.search.interests import Interests
from serving.search.names import Names
from serving.search.relevancy import Relevancy
from serving.signing import signing_key
from serving.stores.cassandra import CassandraStore
from serving.stores.entries import Entries
from serving.stores.neo4j import GraphStore
from serving.stores.opensearch import SearchStore
from serving.stores.postgres import PostgresStore
from serving.stores.redis import RedisStore
from serving.suggestions import Suggestions
from serving.timelines import Timelines
from serving.trending import Trending
from settings import Settings

WRITES_AT_ONCE = 16  # of one request that says many things


@dataclass(frozen=True)
class Services:
    settings: Settings
    redis: RedisStore
    cassandra: CassandraStore
    postgres: PostgresStore
    graph: GraphStore
    index: SearchStore
    log: Producer
    ids: IdMaker
    auth: wiring.Auth
    accounts: Accounts
    rows: Rows
    documents: Documents
    asides: Asides
    homes: Homes
    timelines: Timelines
    beside: Beside
    reposts: Reposts
    conversations: Conversations
    search: Search
    trending: Trending
    screening: Screening
    moderation: Moderation
    names: Names
    acquaintance: Acquaintance
    suggestions: Suggestions
    own_rows: OwnRows
    marks: AppliedMarks
    page_tokens: PageTokens
    limits: Limits
    idempotency: Idempotency

    @property
    def tokens(self) -> Tokens:
        return self.auth.tokens

    @property
    def authenticator(self) -> Authenticator:
        return self.auth.authenticator

    def write(self, event: Event, request_id: str) -> Position:
        """Appends the event, then applies the writer's own rows.

        Raises `LogUnavailable` where nothing may be acknowledged. Once the log has the event, it
        is: a store that does not take the rows changes nothing about that.
        """
        position = self.log.append(event, request_id=request_id).position
        APPENDED.labels(type(event).__name__).inc()
        self.own_rows.apply(event, position.offset)
        return position

    def write_all(self, events: Sequence[Event], request_id: str) -> list[Position]:
        """As `write`, of many events whose order is no matter. Returns the last position of each
        partition, which is all that a reader need wait for."""
        with ThreadPoolExecutor(WRITES_AT_ONCE) as pool:
            positions = pool.map(lambda event: self.write(event, request_id), events)
            last: dict[tuple[str, int], Position] = {}
            for position in positions:
                place = position[:2]
                last[place] = max(position, last.get(place, position))
        return list(last.values())

    def close(self) -> None:
        self.auth.mailer.close()
        self.asides.close()
        self.log.close()
        self.cassandra.close()
        self.postgres.close()
        self.graph.close()
        self.index.close()


def make(settings: Settings) -> Services:
    """Puts the parts together. Connects to nothing yet: each store connects on first use."""
    redis, cassandra = RedisStore(settings), CassandraStore(settings)
    postgres, log = PostgresStore(settings), Producer(settings)
    worker = settings.worker_id
    if worker is None:
        worker = WorkerLease(settings.state_dir / "workers").number
    ids = IdMaker(worker)
    rows = Rows(settings, redis, cassandra)
    documents = Documents(rows, cassandra)
    entries = Entries(cassandra)
    graph, index = GraphStore(settings), SearchStore(settings)
    recents = Recents(settings, redis, cassandra)
    asides = Asides(log)
    building = HomeBuilding(settings, redis, cassandra, recents, asides)
    base = BaseHomes(settings, cassandra, recents)
    homes = Homes(settings, redis, recents, building, base, asides)
    relations = Relations(redis, cassandra)
    timelines = Timelines(
        homes, recents, cassandra, documents, entries, RetweetsBelow(rows), relations
    )
    own_rows = OwnRows(redis, cassandra)
    accounts = Accounts(postgres, log, own_rows, ids)
    known_spam = KnownSpam(
        lambda: spam_keys(cassandra),
        seconds=settings.known_spam_seconds,
        failures=(StoreUnavailable,),
    )
    screening = Screening(settings, known_spam.keys)
    auth = wiring.make(settings, postgres, redis, accounts, ids, screening)
    acquaintance = Acquaintance(graph, Answers(settings, redis), documents)
    return Services(
        settings=settings,
        redis=redis,
        cassandra=cassandra,
        postgres=postgres,
        graph=graph,
        index=index,
        log=log,
        ids=ids,
        auth=auth,
        accounts=accounts,
        rows=rows,
        documents=documents,
        asides=asides,
        homes=homes,
        timelines=timelines,
        beside=Beside(cassandra, documents),
        reposts=Reposts(entries, documents),
        conversations=Conversations(entries),
        screening=screening,
        moderation=moderation_parts.make(settings, redis, cassandra, rows, auth.moderators),
        trending=Trending(redis, cassandra, documents, timelines),
        search=Search(
            *(index, cassandra, documents, timelines),
            Hot(settings, redis),
            Relevancy(redis, documents, Interests(settings, redis, cassandra, rows)),
        ),
        names=Names(index, cassandra),
        acquaintance=acquaintance,
        suggestions=Suggestions(acquaintance, cassandra, documents),
        own_rows=own_rows,
        marks=AppliedMarks(redis, timeout_s=settings.read_after_timeout_seconds),
        page_tokens=PageTokens(signing_key(settings)),
        limits=Limits(settings, redis),
        idempotency=Idempotency(postgres, ids.next),
    )


def services() -> Services:
    """Those of the application that answers this request."""
    found: Services = current_app.extensions["starling"]
    return found
