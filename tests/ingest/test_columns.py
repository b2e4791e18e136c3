"""A topic's table has each field of its events once."""

from __future__ import annotations

from ingest.events.columns import log_columns


def test_tweets_have_the_fields_of_posts_and_retweets() -> None:
    columns = log_columns("tweets")
    assert next(iter(columns)) == "kind"
    assert columns["text"] is str
    assert columns["reply_to_id"] is int
    assert columns["tweet_id"] is int


def test_accounts_have_flags() -> None:
    assert log_columns("accounts")["verified"] is bool
