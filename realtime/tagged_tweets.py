"""Which uses of tags count, by whom and where: what goes into the SQL of `trends`, and out again.

A use counts as soon as it is read, scored or not: the scorer may be away. Once moderation puts its
tweet behind a notice or takes it away, the use is taken out again, and it comes back when that is
taken back. So what counts follows from what the log has said so far, in whichever order it was
read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from pyflink.common import Row, RowKind, Time, Types
from pyflink.datastream import KeyedProcessFunction
from pyflink.datastream.state import MapStateDescriptor, StateTtlConfig, ValueStateDescriptor

from ingest.events import (
    AccountCreated,
    AccountUpdated,
    Event,
    ReviewDecided,
    TweetPosted,
    TweetScored,
)
from ingest.events.tweets import ids_of
from realtime import threads
from views.contract import Put
from views.moderation_states import IN_REDIS, SCORE, project
from views.trends import counting
from views.trends.places import WORLDWIDE, named_places, places_of
from views.trends.uses import may_trend
from views.trends.windows import LONGEST

MINUTE_MS = 60_000
EVERYWHERE = str(WORLDWIDE)
REMEMBERED = Time.minutes(LONGEST + 60)
SAID = Types.ROW(
    [
        *(Types.LONG(), Types.STRING(), Types.LONG()),
        *(Types.STRING(), Types.LONG(), Types.STRING(), Types.STRING()),
    ]
)
"""Who; in which places they speak from now on (WOEIDs, none of a protected account); or in which
tweet they say what, in which minute, and in which places if it names one; or what moderation says
of that tweet: the source and its row, as JSON."""

TAGGED_TWEET = Types.ROW_NAMED(
    list(counting.TaggedTweet._fields),
    [
        *(Types.LONG(), Types.LONG(), Types.BASIC_ARRAY(Types.LONG())),
        *(Types.BASIC_ARRAY(Types.STRING()), Types.BASIC_ARRAY(Types.STRING())),
    ],
)
Tweet = tuple[str, str, int]
"""The places it speaks in, its text and its minute."""

Judged = Mapping[str, Mapping[str, Any]]
"""The rows of moderation of a tweet by their source, as far as something was said."""


def rows_of(event: Event | None, _record: Row) -> Iterator[Row]:
    match event:
        case AccountCreated():
            yield _said(event.id, places=_places("", event.protected))
        case AccountUpdated():
            yield _said(event.id, places=_places(event.location, event.protected))
        case TweetPosted() if "#" in event.text or "＃" in event.text:
            yield _said(
                event.author_id,
                places=",".join(map(str, named_places(event.place_id))),
                tweet_id=event.id,
                text=event.text,
                minute=event.at_ms // MINUTE_MS,
            )
        case TweetScored() | ReviewDecided():
            for change in project(event):
                if isinstance(change, Put):
                    tweet_id, source = change.key
                    row = msgspec.json.encode({name: change.row[name] for name in IN_REDIS})
                    yield _said(event.author_id, tweet_id=tweet_id, source=source, row=row.decode())


def _said(
    person_id: int,
    *,
    places: str | None = None,
    tweet_id: int | None = None,
    text: str | None = None,
    minute: int | None = None,
    source: str | None = None,
    row: str | None = None,
) -> Row:
    return Row(person_id, Row(person_id, places, tweet_id, text, minute, source, row))


def _places(location: str, protected: bool) -> str:
    """What the few may read must not trend for all."""
    return "" if protected else ",".join(map(str, places_of(location)))


class TaggedTweets(KeyedProcessFunction):
    """Keyed by author. State: the places they speak in, where those are not the world alone; for as
    long as a use may be in a window the tweets with tags, each with the rows of moderation of it
    where those say anything but that it may be shown."""

    def open(self, context) -> None:
        threads.share_the_interpreter()
        self.places = context.get_state(ValueStateDescriptor("places", Types.STRING()))
        self.tweets = context.get_map_state(_remembered("judged-tweets"))

    def process_element(self, row, _context) -> Iterator[Row]:
        person_id, places, tweet_id, text, minute, source, said = row
        if tweet_id is None:
            if places == EVERYWHERE:
                self.places.clear()
            else:
                self.places.update(places)
            return
        tweet, judged = self.tweets.get(tweet_id) or (None, {})
        if source is not None:
            yield from self._judge(person_id, tweet_id, tweet, judged, source, said)
        elif tweet is None:  # else it was read before
            kept = self.places.value()
            speaks_in = EVERYWHERE if kept is None else kept
            if speaks_in and places:  # a protected account speaks nowhere
                speaks_in = places
            tweet = (speaks_in, text, minute)
            self.tweets.put(tweet_id, (tweet, judged))
            if may_trend(judged):
                yield from _tagged(person_id, *tweet, RowKind.INSERT)

    def _judge(
        self,
        person_id: int,
        tweet_id: int,
        tweet: Tweet | None,
        before: Judged,
        source: str,
        said: str,
    ) -> Iterator[Row]:
        after = {**before, source: msgspec.json.decode(said)}
        if not before and source == SCORE and may_trend(after):
            return  # as the scorer says of most, and as it is where nothing was said
        self.tweets.put(tweet_id, (tweet, after))
        if tweet is not None and may_trend(before) != may_trend(after):
            kind = RowKind.INSERT if may_trend(after) else RowKind.DELETE
            yield from _tagged(person_id, *tweet, kind)


def _tagged(person_id: int, places: str, text: str, minute: int, kind: RowKind) -> Iterator[Row]:
    """The row of a tweet, to be counted or to be taken out again."""
    if places:
        row = Row(*counting.TaggedTweet.of(text, person_id, minute, tuple(ids_of(places))))
        row.set_row_kind(kind)
        yield row


def _remembered(name: str) -> MapStateDescriptor:
    state = MapStateDescriptor(name, Types.LONG(), Types.PICKLED_BYTE_ARRAY())
    # Each look at the state of one author clears that of the next; five, as is usual, cost more
    # than all else that is done to state.
    lives = StateTtlConfig.new_builder(REMEMBERED).cleanup_incrementally(1, False)
    state.enable_time_to_live(lives.build())
    return state
