"""How is the search engine's index made anew from the lake, while it is asked?

    python -m realtime.reindex                a new generation, asked as soon as it is whole
    python -m realtime.reindex --rollback     the one before is asked again

A new generation of indices is filled from silver, then from the log, from where silver ends to
where the log is now. Its documents are counted against those that are asked; where any are missing
it is not believed. Then the aliases change from one generation to the other in one step, which the
writer notices: it goes on in the new one, from that one's own place in the log. The generation
before stays, for a rollback, until the next is made.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import structlog
from opensearchpy import OpenSearch

import settings as settings_module
from ingest.ends import Place, log_ends
from ingest.events.columns import event_of
from ingest.gathering import gather
from ingest.reading import consumer, start_at
from lake import tables
from lake.commits import last_run
from realtime.archive_index import month_in
from realtime.aside import BATCH_BYTES
from realtime.engagement import Engagement, power
from realtime.index import changes, events, judged, said
from realtime.index_store import IndexStore, Said, current_generation
from settings import Settings
from views import search_index as names
from views.search_documents import SEARCH_DOCUMENTS
from views.search_index import TOPICS
from views.tweet_counts import TWEET_COUNTS
from views.users import USERS

log = structlog.get_logger()

AT_ONCE = 5_000  # rows of silver in one bulk
SLACK = 0.001  # of documents: what is posted and deleted while the two are counted
LEAST_SLACK = 20


class NotWhole(RuntimeError):
    """The new generation lacks documents, and is not asked."""


class NothingBefore(RuntimeError):
    """There is no generation to go back to."""


def reindex(settings: Settings) -> dict[str, Any]:
    """Makes the next generation and has it asked; returns what it did. Raises `NotWhole`."""
    with OpenSearch(settings.opensearch_url, timeout=120) as client:
        asked = current_generation(client)
        drop(client, [g for g in generations(client) if g != asked])
        made = asked + 1
        client.indices.create(index=names.users_index(made), body=names.users_body())
        with closing(IndexStore(settings, generation=made)) as store:
            from_lake = fill(settings, store)
            store.goes_on(positions(settings))
            from_log = catch_up(settings, store)
            raise_engagement(settings, store)
        counts = {str(g): counted(client, g) for g in (asked, made)}
        lacking = counts[str(asked)] - counts[str(made)]
        if lacking > max(LEAST_SLACK, SLACK * counts[str(asked)]):
            raise NotWhole(f"generation {made} lacks {lacking} documents of {counts[str(asked)]}")
        swap(client, asked, made)
    return {"generation": made, "from_lake": from_lake, "from_log": from_log, "documents": counts}


def rollback(settings: Settings) -> dict[str, Any]:
    """Has the generation asked that was asked before. Raises `NothingBefore`."""
    with OpenSearch(settings.opensearch_url, timeout=120) as client:
        asked = current_generation(client)
        before = [g for g in generations(client) if g < asked]
        if not before:
            raise NothingBefore(f"generation {asked} is the only one")
        swap(client, asked, max(before))
        return {"generation": max(before), "was": asked}


def fill(settings: Settings, store: IndexStore) -> int:
    """Writes all of silver; people first, so that their tweets know what they are."""
    written = 0
    # What was said of tweets comes first, so that each is written once.
    for rows in _silver(settings, "moderation"):
        store.apply([], [], judged((event_of(r), r["pos"]) for r in rows), searchable=False)
        written += len(rows)
    for topic, view in (("accounts", USERS), ("tweets", SEARCH_DOCUMENTS)):
        for rows in _silver(settings, topic):
            found = [s for row in rows for s in changes(view, event_of(row), row["pos"])]
            # Of one thing the last by the log, in whatever order silver has them.
            found.sort(key=lambda s: s.offset)
            mine: dict[str, list[Said]] = {"tweets": [], "accounts": [], topic: found}
            store.apply(mine["tweets"], mine["accounts"], searchable=False)
            written += len(rows)
    return written


def positions(settings: Settings) -> dict[Place, int]:
    """Where the log goes on behind what silver has of closed epochs, which is all of them."""
    next = {(topic, n): 0 for topic in TOPICS for n in range(settings.partitions)}
    for topic in TOPICS:
        run = last_run(tables.silver(topic), settings)
        through = run.through if run else 0
        for rows in _silver(settings, topic, ["partition", "pos", "epoch"]):
            for row in rows:
                if row["epoch"] < through:
                    place = topic, row["partition"]
                    next[place] = max(next[place], row["pos"] + 1)
    return next


def catch_up(settings: Settings, store: IndexStore) -> int:
    """Writes what the log has beyond, up to where it is now; returns how many records."""
    next = store.progress() or {}
    read = 0
    with closing(consumer(settings, "reindex")) as client:
        client.assign(start_at(client, dict(next)))
        ends = log_ends(settings, TOPICS)
        while any(next[place] < end for place, end in ends.items()):
            batch = gather(
                client.consume,
                seconds=settings.index_batch_ms / 1000,
                rows=settings.index_batch_records,
                bytes=BATCH_BYTES,
            )
            if batch.records:
                told = list(events(batch.records))
                said_now = judged(told)
                next = store.write(*said(told), batch.ends, next, said_now, searchable=False)
                read += len(batch.records)
    return read


def raise_engagement(settings: Settings, store: IndexStore) -> None:
    """Writes how much was made of each tweet: what batch counted, then what the speed layer has
    counted since, of the tweets that Redis has."""
    counted = tables.gold(TWEET_COUNTS).create(settings).to_pyarrow_dataset()
    indices = store.client.indices.get(index=names.tweets_index("*", store.generation))
    months = {month_in(index) for index in indices}
    with closing(Engagement(settings)) as engagement:
        for batch in counted.to_batches(columns=["key", *names.ENGAGED_BY], batch_size=AT_ONCE):
            rows = batch.to_pylist()
            powers = {row["key"]: power(row) for row in rows}
            for id, now in engagement.powers(list(powers)).items():
                powers[id] = max(powers[id], now)
            # An update of a month that is not there would make it.
            if grown := {i: n for i, n in powers.items() if n and names.month_of(i) in months}:
                store.raise_engagement(grown)


def swap(client: OpenSearch, old: int, new: int) -> None:
    """From now on `new` is asked: all aliases change at once."""
    actions: list[dict[str, Any]] = []
    alias_of: dict[str, str] = {}
    for index, made in client.indices.get(index=_all(old)).items():
        for alias in made["aliases"]:
            alias_of[_without_generation(index)] = alias
            actions.append({"remove": {"index": index, "alias": alias}})
    for index in client.indices.get(index=_all(new)):
        what = _without_generation(index)
        alias = alias_of.get(what, what.partition("-")[0])
        actions.append({"add": {"index": index, "alias": alias}})
    client.indices.update_aliases(body={"actions": actions})


def generations(client: OpenSearch) -> list[int]:
    return [names.generation_of(index) for index in client.indices.get(index=f"{names.USERS}-g*")]


def drop(client: OpenSearch, unwanted: list[int]) -> None:
    for generation in unwanted:
        for index in client.indices.get(index=_all(generation)):
            client.indices.delete(index=index)
        client.delete(index=names.PROGRESS, id=str(generation), ignore=404)


def counted(client: OpenSearch, generation: int) -> int:
    """Without tweets that only moderation speaks of: deleted, or still to come."""
    client.indices.refresh(index=_all(generation))
    body = {"query": {"exists": {"field": "id"}}}
    return int(client.count(index=_all(generation), body=body)["count"])


def _all(generation: int) -> str:
    return f"{names.tweets_index('*', generation)},{names.users_index(generation)}"


def _without_generation(index: str) -> str:
    return index.rpartition("-g")[0]


def _silver(
    settings: Settings, topic: str, columns: list[str] | None = None
) -> Iterator[list[dict[str, Any]]]:
    """Rows of silver, some at a time; none where there is no such table yet."""
    table = tables.silver(topic)
    if last_run(table, settings) is None:
        return
    dataset = table.open(settings).to_pyarrow_dataset()
    for batch in dataset.to_batches(columns=columns, batch_size=AT_ONCE):
        if batch.num_rows:
            yield batch.to_pylist()


def main() -> int:
    parser = argparse.ArgumentParser("realtime.reindex", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rollback", action="store_true", help="have the one before asked again")
    asked, began = parser.parse_args(), time.monotonic()
    done = (rollback if asked.rollback else reindex)(settings_module.load())
    print(json.dumps(done | {"seconds": round(time.monotonic() - began, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
