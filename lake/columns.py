"""What does each column of the lake mean?

One sentence a column name; a name means the same in every table. Delta keeps it as the column's
comment, the catalogue shows it to analysts.
"""

from __future__ import annotations

COMMENTS: dict[str, str] = {
    # Where a record stands in the log
    "topic": "Kafka topic the record was appended to",
    "partition": "Kafka partition of the record",
    "offset": "Kafka offset of the record; (topic, partition, offset) is unique",
    "pos": "Kafka offset; orders the records of one partition and nothing else",
    "append_ms": "when the broker appended the record, milliseconds since 1970 UTC",
    "epoch": "append_ms divided by the length of an epoch, whole numbers; the seam of both layers",
    "day": "UTC date of the append time; the table is partitioned by it",
    "key": "what the row is about; in bronze the record's key, an actor's id in decimal",
    "value": "the record's value as it was appended, JSON of one event",
    "request_id": "id of the API request that caused the event; null where it had none",
    # Events
    "kind": "name of the event, in past tense",
    "at_ms": "when the event was decided, milliseconds since 1970 UTC; never used for the seam",
    "v": "version of the event's schema",
    "id": "id of the tweet, retweet, account or list",
    "author_id": "account that wrote the tweet or retweeted; of a hidden reply, who hid it",
    "text": "what the tweet says",
    "conversation_id": "first tweet of the thread",
    "reply_to_id": "tweet this one answers; null where it answers none",
    "reply_to_user_id": "author of the tweet this one answers",
    "quote_of_id": "tweet this one quotes; null where it quotes none",
    "lang": "language of the text, BCP 47; null where unknown",
    "reply_settings": "who may reply; null where everyone",
    "mention_ids": "accounts mentioned, '3,4': those the text names in order (0 for nobody), then "
    "those a reply mentions without saying so",
    "media_ids": "media attached, '1,2'",
    "tagged_user_ids": "accounts tagged in the media, '3,4'",
    "place_id": "place the tweet names; null where none",
    "poll_option_1": "first option of the tweet's poll; null where it has none",
    "poll_option_2": "second option of the poll",
    "poll_option_3": "third option of the poll; null where it has two",
    "poll_option_4": "fourth option of the poll; null where it has fewer",
    "poll_ends_ms": "when voting ends, milliseconds since 1970 UTC",
    "first_id": "first version of an edited tweet; likes, replies and counts belong to it",
    "previous_id": "version before this edit",
    "edit_ids": "all versions of an edited tweet so far, '1,2', oldest first",
    "previous_text": "what the version before this edit says",
    "previous_lang": "language of the version before this edit",
    "previous_mention_ids": "accounts the version before this edit mentions",
    "previous_media_ids": "media of the version before this edit",
    "previous_tagged_user_ids": "accounts tagged in the media of the version before this edit",
    "poll_id": "poll that is voted in; the id of its tweet",
    "voter_id": "account that votes",
    "choice": "option that is voted for, counted from 1",
    "place": "place by its WOEID, 1 the world",
    "tag": "hashtag, folded, without its sign",
    "spelling": "hashtag as most people write it, without its sign",
    "window_hours": "hours that were looked at, to the moment the event was decided: 1, 4 or 24",
    "rank": "place among the trends of that window, 1 the first",
    "score_milli": "thousandths of the score: people over those that are usual",
    "people": "different people who used the tag in the window",
    "uses": "tweets with the tag in the window",
    "expected_milli": "thousandths of people that would be usual in the window",
    "since_ms": "when the tag was first shown there, milliseconds since 1970 UTC",
    "tweet_id": "tweet that is liked, bookmarked, retweeted or hidden",
    "tweet_author_id": "author of the tweet that is retweeted",
    "user_id": "account whose act it is",
    "follower_id": "account that follows",
    "followee_id": "account that is followed",
    "accepted": "whether the follow answers a request",
    "blocker_id": "account that blocks",
    "blocked_id": "account that is blocked",
    "muter_id": "account that mutes",
    "muted_id": "account that is muted",
    "list_id": "list that is followed, pinned, or gains or loses a member",
    "member_id": "account on the list",
    "private": "whether only its owner may see the list",
    "username": "name after the @",
    "name": "display name of the account, or name of the list",
    "description": "what the account says of itself, or what the list is about",
    "verified": "whether the account is verified",
    "protected": "whether only followers may read the account's tweets",
    "location": "where the account says it is",
    "url": "the account's own web page",
    "pinned_tweet_id": "tweet shown first on the profile; null where none is",
    "created_at_ms": "when the account was created, milliseconds since 1970 UTC",
    "reads": "how often the reader read the home timeline since the last report",
    "reader_id": "account that reads",
    "generation": "number of the batch run that says so, counted up; a rollback repeats an older",
    "pulled": "whether tweets are fetched at read (true) or written to timelines at once",
    "followers": "followers that were counted",
    "reads_a_day": "how often the reader reads the home timeline",
    "posts_a_day": "tweets, edits and retweets of the author",
    # Generations
    "end_offsets": "JSON, by topic/partition: the offset before which the lake's records were used",
    "lake_versions": "JSON, by table: the Delta version that was read",
    "parameters": "JSON: the numbers by which it was decided",
    "code_hash": "hash of the SQL that decided, so that a change of meaning shows",
    "checksum": "of the rows in any order",
    "made_at_ms": "when the generation was made, milliseconds since 1970 UTC",
    "previous": "generation that stood before; a rollback goes back to it",
    "flipped_at_ms": "when the pointer moved, milliseconds since 1970 UTC",
    # Rejected records
    "reason": "why the record is no event",
    # Counts
    "measure": "which count of the view; in the drift ledger, of a view of rows, the store asked",
    "total": "what the epoch adds to the measure of the key",
    "through": "complete through this epoch, exclusive: all epochs before it are in the row",
    "like_count": "likes that stand",
    "retweet_count": "retweets that stand",
    "reply_count": "replies that stand",
    "quote_count": "quotes that stand",
    "bookmark_count": "bookmarks that stand",
    "followers_count": "accounts that follow this one",
    "following_count": "accounts this one follows",
    "tweet_count": "tweets and retweets that stand",
    "listed_count": "public lists that the account is on",
    "member_count": "accounts on the list",
    "follower_count": "accounts that follow the list",
    "option_1": "votes for the first option",
    "option_2": "votes for the second option",
    "option_3": "votes for the third option",
    "option_4": "votes for the fourth option",
    # The drift ledger
    "view": "name of the view",
    "measured_at_ms": "when it was measured, milliseconds since 1970 UTC",
    "keys": "keys that were compared: that either layer has a total for; of rows, that changed",
    "differing": "keys for which the layers differ; of rows, of which the store says otherwise",
    "lake_total": "sum of the lake's totals; of rows, how many stand in the lake",
    "speed_total": "sum of what the speed layer said; of rows, how many stand in the store",
    "absolute_difference": "sum of the differences, each without its sign; a row counts one",
    "example_key": "a key that differs the most, the last id of it; null where none differs",
    # The quality ledger
    "table": "table, or what was computed from it, that was audited",
    "expectation": "what was expected, and of which columns",
    "why": "why it is expected",
    "severity": "critical stops publication, warning is told",
    "passed": "whether it held",
    "rows": "rows that were looked at",
    "unexpected": "rows for which it did not hold",
    "examples": "values for which it did not hold",
}


class UndocumentedColumn(KeyError):
    """A column without a sentence: say in lake/columns.py what it means."""


def comment(column: str) -> str:
    try:
        return COMMENTS[column]
    except KeyError:
        raise UndocumentedColumn(
            f"say in lake/columns.py what the column {column!r} means"
        ) from None
