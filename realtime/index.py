"""How do tweets and people get into the search engine? Follows the log and writes OpenSearch.

    python -m realtime.index

What comes within 100 ms is one bulk (`index_store`), and is found before readers are told of it.
Where to go on is kept in OpenSearch itself (`aside`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from ingest.codec import Undecodable, decode
from ingest.events import Event
from ingest.gathering import Batch
from realtime import aside
from realtime.aside import Next
from realtime.engagement import Engagement
from realtime.index_store import FAILURES, IndexStore, Judged, Said
from settings import Settings
from views.contract import Put, StateView
from views.moderation_states import MODERATION_STATES
from views.search_documents import SEARCH_DOCUMENTS
from views.search_index import JOB, TOPICS
from views.users import USERS


class Index:
    """OpenSearch as a store that follows the log."""

    job: ClassVar[str] = JOB
    topics: ClassVar[tuple[str, ...]] = TOPICS
    failures: ClassVar[tuple[type[Exception], ...]] = FAILURES

    def __init__(self, settings: Settings) -> None:
        self._store, self._engagement = IndexStore(settings), Engagement(settings)
        self.batch_ms, self.batch_records = settings.index_batch_ms, settings.index_batch_records
        self.begin = self._store.begin
        self._stands: tuple[int, Next | None] | None = None

    def progress(self) -> Next | None:
        next = self._store.progress()
        if (stands := (self._store.generation, next)) != self._stands:
            self._stands = stands
            self._engagement.forget()
        return next

    def write(self, batch: Batch, left_at: Next) -> tuple[Next, Mapping[str, str]]:
        told = list(events(batch.records))
        next = self._store.write(*said(told), batch.ends, left_at, judged(told))
        self._stands = self._store.generation, next
        self._engagement.note(event for event, _ in told)
        self.idle()
        return next, {}

    def idle(self) -> None:
        """Writes what was made of tweets meanwhile; where that fails it waits for the next time."""
        if grown := self._engagement.grown():
            try:
                self._store.raise_engagement(grown)
            except FAILURES:
                self._engagement.lost(grown)

    def close(self) -> None:
        self._store.close()
        self._engagement.close()


def events(records: Iterable[Any]) -> Iterator[tuple[Event, int]]:
    """The events with their offsets. What is no event is the state job's to report."""
    for record in records:
        try:
            yield decode(record.value(), topic=record.topic()), record.offset()
        except Undecodable:
            continue


def said(told: Iterable[tuple[Event, int]]) -> tuple[list[Said], list[Said]]:
    """What the events say of tweets, and of people."""
    tweets: list[Said] = []
    people: list[Said] = []
    for event, offset in told:
        tweets += changes(SEARCH_DOCUMENTS, event, offset)
        people += changes(USERS, event, offset)
    return tweets, people


def judged(told: Iterable[tuple[Event, int]]) -> list[Judged]:
    """What the events say of tweets by moderation."""
    return [
        Judged(*change.key, offset, change.row)
        for event, offset in told
        if isinstance(event, MODERATION_STATES.events)
        for change in MODERATION_STATES.project(event)
        if isinstance(change, Put)
    ]


def changes(view: StateView, event: Event, offset: int) -> Iterable[Said]:
    """What the event says by that view."""
    if isinstance(event, view.events):
        for change in view.project(event):
            yield Said(change.key, offset, change.row if isinstance(change, Put) else None)


if __name__ == "__main__":
    sys.exit(aside.main(Index, FAILURES))
