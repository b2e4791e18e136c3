"""Which knobs does Starling have, and why do they stand where they stand?

Every setting is read once, from `STARLING_<NAME>` in the environment; units are in the names.
"""

from __future__ import annotations

import json
import os
import secrets
from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = os.geteuid() == 0


def _home(for_root: str, for_user: str) -> Path:
    """Root keeps out of its own home: PostgreSQL runs as an ordinary user and must reach it."""
    return Path(for_root) if ROOT else Path.home() / for_user


class Settings(BaseSettings):
    """All settings of a platform. Frozen; pass it on, do not read the environment elsewhere."""

    model_config = SettingsConfigDict(env_prefix="STARLING_", frozen=True, extra="ignore")

    # Where things are kept
    state_dir: Path = Field(
        default_factory=lambda: _home("/var/lib/starling", ".local/state/starling")
    )
    cache_dir: Path = Field(default_factory=lambda: _home("/var/cache/starling", ".cache/starling"))

    # Where the servers listen; loopback only in development
    host: str = "127.0.0.1"
    api_port: int = 18080
    airflow_port: int = 18081
    flink_port: int = 18082
    flink_rpc_port: int = 18083
    kafka_port: int = 19092
    kafka_controller_port: int = 19093
    cassandra_port: int = 19042
    cassandra_storage_port: int = 17000
    cassandra_jmx_port: int = 17199
    redis_port: int = 16379  # of all that is no timeline
    timelines_port: int = 16380  # of a Redis with the first half of the timelines, kept on no disk
    timelines_second_port: int = 16381  # of one with the other half
    timeline_servers: str | None = None  # host:port,... of other Redis servers for timelines
    timeline_cluster: bool = False  # those are a Redis Cluster, asked for where its slots are
    postgres_port: int = 15432
    bi_port: int = 15433  # of the PostgreSQL that `bi` starts for BI tools
    neo4j_port: int = 17687  # of Bolt; it has no other
    opensearch_port: int = 19200
    opensearch_transport_port: int = 19300  # of its nodes among each other
    smtp_host: str = "127.0.0.1"  # of the relay that sends our letters; in development our own sink
    smtp_port: int = 18025

    # The seam
    epoch_seconds: int = Field(300, ge=1, le=3600)  # the design's five minutes
    speed_row_ttl_hours: int = Field(72, ge=1)  # outlives two missed days of batch

    # Features
    feature_delay_seconds: float = Field(30, ge=0)  # an epoch that is over is counted by then
    features_served_share: float = Field(0.01, ge=0, le=1)  # of what is asked, noted in the lake

    # The log
    partitions: int = Field(4, ge=1, le=1024)  # per topic; fixed for the life of a log
    log_retention_hours: int = Field(24 * 14, ge=1)  # the lake holds all history beyond it
    producer_queue: int = Field(10_000, ge=1)  # records waiting for the broker before callers wait
    append_timeout_seconds: float = Field(5.0, gt=0)  # after that a write answers 503
    worker_id: int | None = Field(None, ge=0, le=1023)  # of this process in the ids it makes

    # The archive of the log in the lake
    archive_seconds: float = Field(1.0, gt=0)  # a batch is gathered this long, then committed
    archive_rows: int = Field(50_000, ge=1)  # at most this many records a commit
    archive_bytes: int = Field(64 * 2**20, ge=1)  # at most about this much in memory
    archive_compact_commits: int = Field(120, ge=1)  # commits of small files
    lake_free_bytes: int = Field(8 * 2**20, ge=0)  # below this the lake's disk counts as full

    # Batch
    spark_master: str = "local[2]"
    spark_memory: str = "1g"  # of the driver, which in local mode is all there is
    spark_shuffle_partitions: int = Field(8, ge=1)  # at most; small ones are joined
    spark_jvm: str = "-XX:TieredStopAtLevel=1"  # runs are short; a cluster's want the full compiler
    drift_stops_percent: float = Field(5.0, ge=0)  # of the lake's totals; then nobody publishes
    drift_stops_least: int = Field(100, ge=0)  # and so much: of a few likes one is many per cent
    silver_lookback_epochs: int = Field(12, ge=0)  # redone: clocks may step back

    # The speed layer
    flink_task_heap_mb: int = Field(2048, ge=512)  # keyed state: about 1 KB an edge set in its time
    speed_parallelism: int = Field(1, ge=1)  # of every Flink job; one slot a job and unit
    checkpoint_seconds: int = Field(5, ge=1)  # what a restart has to read again
    timelines_hang_seconds: float = Field(30, gt=0)  # a call takes ms; then a job starts again
    fold_latency_ms: int = Field(100, ge=1)  # counts are gathered this long, then written
    state_batch_ms: int = Field(20, ge=1)  # rows are gathered this long, then written
    state_batch_records: int = Field(128, ge=1)  # and no longer than until they are so many

    # Home timelines
    timeline_cap: int = Field(800, ge=1)  # the newest entries a home or user timeline keeps
    timeline_slack: int = Field(200, ge=1)  # appended beyond the cap before a timeline is cut
    timeline_buckets: int = Field(2, ge=1)  # hash tags of timelines; at least one a Redis shard
    timeline_days: int = Field(7, ge=1)  # without a read, then a home timeline is kept no longer
    homes_built_at_once: int = Field(2, ge=1)  # a process: as many threads are left for the rest
    home_wait_seconds: float = Field(0.5, gt=0)  # for a home to be built; then a stale one answers
    reads_report_seconds: int = Field(3_600, ge=1)  # reads of a home are told to the log together
    follow_burst_ms: int = Field(100, ge=1)  # follows are gathered this long, then written
    follow_burst_records: int = Field(1_000, ge=1)  # and no longer than until they are so many
    fanout_chunk: int = Field(1_000, ge=1)  # readers one Redis function call writes

    # What is pulled at read instead of pushed at once; batch/generations.py decides
    celebrity_followers: int = Field(10_000, ge=1)  # the source's; from here an author is pulled
    celebrity_keep_followers: int = Field(9_000, ge=1)  # and pushed again below: no flapping
    plan_days: int = Field(7, ge=1)  # of reads and posts that an edge is weighed by
    push_cost_us: float = Field(3.0, gt=0)  # CPU of one push, Redis and Flink (decision 0079)
    pull_cost_us: float = Field(15.0, gt=0)  # of one pull, Redis and API: `bench selective`
    plan_hysteresis: float = Field(1.25, ge=1)  # an edge changes sides when it is dearer by that
    pulled_edges_max: int = Field(100, ge=0)  # of a reader who reads: each costs every read time

    # Trends
    trend_least_people: int = Field(25, ge=1)  # in a window; what fewer people say is no trend
    trend_seconds: float = Field(5.0, gt=0)  # between two looks at what trends
    trend_history_minutes: int = Field(5, ge=1)  # between two entries of the history

    # The follow graph
    graph_batch_ms: int = Field(100, ge=1)  # follows are gathered this long, then written
    graph_batch_records: int = Field(10_000, ge=1)  # of a backlog, in one transaction
    graph_timeout_seconds: float = Field(2.0, gt=0)  # of one question to Neo4j
    graph_cache_seconds: int = Field(300, ge=1)  # an answer is fresh at most this long
    graph_cache_keep_seconds: int = Field(3600, ge=1)  # and answers so long while Neo4j is away

    # Moderation
    moderation_model: Path | None = None  # a folder that `train` wrote; None: moderation/model
    forbidden_links: Path | None = None  # a list of links that block; None: moderation/lists
    misleading_links: Path | None = None  # of links that get a label; None: moderation/lists
    review_reporters: int = Field(3, ge=1, le=100)  # different people, then somebody looks
    review_reach: int = Field(1_000, ge=1)  # likes, reposts and replies: more urgent from here on
    claim_minutes: int = Field(15, ge=1)  # a moderator who went away holds a tweet no longer
    appeal_days: int = Field(30, ge=1)  # after what is appealed
    known_spam_seconds: float = Field(5.0, gt=0)  # between two looks at what people call spam
    scorer_batch_ms: int = Field(50, ge=1)  # tweets are gathered this long, then scored
    scorer_batch_records: int = Field(1_000, ge=1)  # of a backlog, before its place is kept
    scorer_threads: int = Field(1, ge=1)  # texts scored at once; a core scores about 150 a second
    viral_acts: int = Field(1_000, ge=1)  # likes and retweets; then stricter limits hold

    # Search
    index_batch_ms: int = Field(100, ge=1)  # records are gathered this long, then written
    index_batch_records: int = Field(5_000, ge=1)  # of a backlog, in one bulk
    search_months: int = Field(3, ge=2)  # this one included; the week before today is in two
    search_timeout_seconds: float = Field(2.0, gt=0)  # of one question to OpenSearch
    search_cache_seconds: int = Field(30, ge=1)  # the source's; of what is asked often
    search_interests_seconds: int = Field(60, ge=1)  # what a reader cares for may be so old
    search_hot_asks: int = Field(10, ge=0)  # in that time; what is asked more is asked often

    # Reads
    read_after_timeout_seconds: float = Field(2.0, gt=0)  # how long a read waits for its own write
    store_timeout_seconds: float = Field(1.0, gt=0)  # of one call to a store on a request's way
    request_body_max_bytes: int = 64 * 1024

    # How often may somebody ask? A window begins with its first call.
    requests_per_second: int = Field(10_000, ge=1)  # of everybody together
    calls_per_quarter_hour: int = Field(450, ge=1)  # of one operation, where nothing else is said
    searches_per_quarter_hour: int = Field(180, ge=1)
    timelines_per_quarter_hour: int = Field(900, ge=1)
    tweets_per_three_hours: int = Field(300, ge=1)
    likes_per_day: int = Field(1_000, ge=1)
    follows_per_day: int = Field(400, ge=1)
    reports_per_day: int = Field(100, ge=1)

    # The API
    api_workers: int = Field(1, ge=1)  # processes; one a core where the machine has cores to spare
    api_threads: int = Field(4, ge=1)  # requests one process works on at once; more only contend
    token_cache_seconds: int = Field(300, ge=1)  # a token lives this long while PostgreSQL is down
    signing_key: str | None = None  # of all we sign; None: made once and kept in the state folder

    # Analysts
    pseudonym_key: str | None = None  # of whom they see; None: made once, in the state folder

    bi_password: str | None = None  # of the user `analyst`; None: made once, in the state folder
    bi_refresh_seconds: int = Field(300, ge=1)  # between two looks at what the lake has anew
    bi_query_seconds: int = Field(120, ge=1)  # then a query is cancelled, whatever its session says
    bi_query_mb: int = Field(512, ge=128)  # of memory a session has; what needs more fails
    bi_temp_mb: int = Field(2048, ge=1)  # of disk a session has to sort and join on
    bi_connections: int = Field(10, ge=1)  # of analysts at once

    # Accounts
    public_url: str | None = None  # how browsers reach the API, links in letters too; None: api_url
    session_days: int = Field(30, ge=1)  # then one signs in again
    access_token_seconds: int = Field(7200, ge=1)  # of OAuth 2.0, as in the X API
    refresh_token_days: int = Field(180, ge=1)  # an app unused for so long asks for consent again
    confirm_link_hours: int = Field(24, ge=1)
    reset_link_minutes: int = Field(60, ge=1)  # whoever reads the letter may set a password
    attempts_window_seconds: int = Field(900, ge=1)
    sign_in_attempts: int = Field(10, ge=1)  # failed ones a window, for one name
    address_attempts: int = Field(100, ge=1)  # failed ones and new accounts a window, per address

    @property
    def epoch_ms(self) -> int:
        """The length of an epoch in milliseconds."""
        return self.epoch_seconds * 1000

    @property
    def kafka(self) -> str:
        """Kafka's bootstrap address, `host:port`."""
        return f"{self.host}:{self.kafka_port}"

    @property
    def redis_url(self) -> str:
        return f"redis://{self.host}:{self.redis_port}/0"

    @property
    def timeline_addresses(self) -> list[tuple[str, int]]:
        """Host and port of the Redis servers of timelines. Raises `ValueError` for a bad one."""
        if self.timeline_servers is None:
            return [(self.host, self.timelines_port), (self.host, self.timelines_second_port)]
        parts = (server.strip().rpartition(":") for server in self.timeline_servers.split(","))
        return [(host, int(port)) for host, _, port in parts]

    @property
    def timeline_seconds(self) -> int:
        return self.timeline_days * 86_400

    @property
    def postgres_url(self) -> str:
        """The database of accounts and tokens; loopback only, so without a password."""
        return f"postgresql://starling@{self.host}:{self.postgres_port}/starling"

    @property
    def bi_url(self) -> str:
        """Where BI tools find the lake; the password is not in it."""
        return f"postgresql://analyst@{self.host}:{self.bi_port}/lake"

    @property
    def neo4j_url(self) -> str:
        return f"bolt://{self.host}:{self.neo4j_port}"

    @property
    def opensearch_url(self) -> str:
        return f"http://{self.host}:{self.opensearch_port}"

    @property
    def neo4j_password_file(self) -> Path:
        """Made at Neo4j's first start, readable by the platform's owner only."""
        return self.state_dir / "neo4j" / "password"

    @property
    def neo4j_auth(self) -> tuple[str, str] | None:
        """User and password; None where Neo4j was not started here yet, or asks for none."""
        if not self.neo4j_password_file.exists():
            return None
        return "neo4j", self.neo4j_password_file.read_text()

    @property
    def lake_dir(self) -> Path:
        return self.state_dir / "lake"

    @property
    def api_url(self) -> str:
        return f"http://{self.host}:{self.api_port}"

    @property
    def web_url(self) -> str:
        """Where people's browsers find the pages."""
        return (self.public_url or self.api_url).rstrip("/")

    @property
    def airflow_url(self) -> str:
        return f"http://{self.host}:{self.airflow_port}"

    @property
    def flink_url(self) -> str:
        return f"http://{self.host}:{self.flink_port}"


def made_once(path: Path) -> str:
    """A secret that is made where it is missing, readable by the owner only: 64 hex digits.

    Written whole, then linked into place: of several processes at once, the first one wins.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another's, as good
        finally:
            draft.unlink()
    return path.read_text()


def unlimited() -> dict[str, int]:
    """The settings by which a bench, or a test of something else, asks as often as it likes."""
    return {name: 2**53 for name in Settings.model_fields if "_per_" in name}


@cache
def load() -> Settings:
    """The settings of this process, read once. Raises `pydantic.ValidationError` naming a bad one.

    What may not change in the life of a state folder is remembered in it (`platform.json`, written
    by `engines/frozen.py`) and holds where the environment says nothing.
    """
    said = Settings()
    remembered = said.state_dir / "platform.json"
    if not remembered.exists():
        return said
    made_with = json.loads(remembered.read_text())
    unsaid = {name: made_with[name] for name in made_with.keys() - said.model_fields_set}
    return Settings(**unsaid)
