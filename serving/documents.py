"""What belongs into an answer about tweets or users: data, includes and errors?

Three round trips at most: the tweets and their counts; what they refer to and who wrote it; and,
only for quoted tweets and mentioned names, who wrote or bears those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ingest.events.entities import mentions
from serving.render.selection import Selection
from serving.render.tweets import referenced, tweet
from serving.render.users import user
from serving.rows import Found, Rows, TweetRow, UserRow
from serving.stores.cassandra import CassandraStore

Document = dict[str, Any]


class Documents:
    def __init__(self, rows: Rows, cassandra: CassandraStore) -> None:
        self._rows, self._cassandra = rows, cassandra

    def gather(self, ids: Sequence[int], selection: Selection) -> Found:
        """Everything that rendering these tweets as asked for needs."""
        found = self._rows.fetch(tweets=ids, tweet_counts=ids if selection.tweet_metrics else ())
        rows = [row for row in (found.tweets.get(id) for id in ids) if row is not None]
        references = _references(rows, selection) - found.tweets.keys()
        users = _users(rows, selection)
        found.add(self._more(references, users, selection))
        late = _late_users(rows, references, selection, found) - users
        if late:
            found.add(self._more(set(), late, selection))
        return found

    def of_tweets(
        self, rows: Sequence[TweetRow], selection: Selection, found: Found
    ) -> tuple[list[Document], Document, list[Document]]:
        """The tweets, their includes, and the errors about what could not be included."""
        fields = selection.tweet_fields
        data = [tweet(row, fields, found) for row in rows]
        if not selection.expansions:
            return data, {}, []
        includes: Document = {}
        errors: list[Document] = []
        if "referenced_tweets.id" in selection.expansions:
            ids = dict.fromkeys(id for row in rows for _, id in referenced(row))
            there = [found.tweets[id] for id in ids if id in found.tweets]
            if there:
                includes["tweets"] = [tweet(row, fields, found) for row in there]
            errors = [
                not_found("tweet", str(id), "referenced_tweets.id", included=True)
                for id in ids
                if id not in found.tweets
            ]
        expanded = self._expanded_users(rows, selection, found)
        if expanded:
            includes["users"] = [
                user(row, selection.user_fields, found.user_counts) for row in expanded
            ]
        return data, includes, errors

    def users(self, ids: Sequence[int], selection: Selection) -> Found:
        return self._rows.fetch(users=ids, user_counts=ids if selection.user_metrics else ())

    def users_named(self, names: Sequence[str]) -> list[UserRow | None]:
        """Who bears each name now, whatever its case."""
        ids = self._cassandra.user_ids([name.lower() for name in names])
        found = self._rows.fetch(users=[id for id in dict.fromkeys(ids) if id is not None])
        rows = [found.users.get(id) if id is not None else None for id in ids]
        return [
            row if row is not None and row.username.lower() == name.lower() else None
            for name, row in zip(names, rows, strict=True)
        ]

    def _more(self, tweets: set[int], users: set[int], selection: Selection) -> Found:
        return self._rows.fetch(
            tweets=list(tweets),
            tweet_counts=list(tweets) if selection.tweet_metrics else (),
            users=list(users),
            user_counts=list(users) if selection.user_metrics else (),
        )

    def _expanded_users(
        self, rows: Sequence[TweetRow], selection: Selection, found: Found
    ) -> list[UserRow]:
        ids: dict[int, None] = {}
        expansions = selection.expansions
        for row in rows:
            if "author_id" in expansions:
                ids[row.author_id] = None
            if "in_reply_to_user_id" in expansions and row.reply_to_user_id is not None:
                ids[row.reply_to_user_id] = None
            if "referenced_tweets.id.author_id" in expansions:
                for _, id in referenced(row):
                    if id in found.tweets:
                        ids[found.tweets[id].author_id] = None
        expanded = [found.users[id] for id in ids if id in found.users]
        if "entities.mentions.username" in expansions:
            names = {m.tag.lower() for row in rows for m in mentions(row.text)}
            bearers = [row for row in self.users_named(sorted(names)) if row]
            expanded += [row for row in bearers if row.id not in ids]
            if selection.user_metrics:
                found.add(self._more(set(), {row.id for row in bearers}, selection))
        return expanded


def _references(rows: Iterable[TweetRow], selection: Selection) -> set[int]:
    """Sources of retweets always, because a retweet shows its source."""
    wanted = {row.retweet_of_id for row in rows if row.retweet_of_id is not None}
    if "referenced_tweets.id" in selection.expansions:
        wanted |= {id for row in rows for _, id in referenced(row)}
    return wanted


def _users(rows: Iterable[TweetRow], selection: Selection) -> set[int]:
    """Whose profiles are needed, as far as the tweets themselves say."""
    wanted: set[int | None] = {row.retweet_of_user_id for row in rows}
    if "author_id" in selection.expansions:
        wanted |= {row.author_id for row in rows}
    if selection.expansions & {"in_reply_to_user_id", "referenced_tweets.id.author_id"}:
        wanted |= {row.reply_to_user_id for row in rows}
    return {id for id in wanted if id is not None}


def _late_users(
    rows: Iterable[TweetRow], references: set[int], selection: Selection, found: Found
) -> set[int]:
    """Authors that only the referenced tweets name."""
    if "referenced_tweets.id.author_id" in selection.expansions:
        named = references
    else:
        named = {row.retweet_of_id for row in rows if row.retweet_of_id is not None}
    authors = {found.tweets[id].author_id for id in named if id in found.tweets}
    return authors - found.users.keys()


def not_found(resource: str, value: str, parameter: str, *, included: bool = False) -> Document:
    """An entry of `errors` for a thing that is not there."""
    error = {
        "value": value,
        "detail": f"Could not find {resource} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": "https://api.twitter.com/2/problems/resource-not-found",
    }
    return error | {"section": "includes"} if included else error
