"""What belongs into an answer about tweets or users: data, includes and errors?

Two round trips to Redis: the tweets and their counts; what they refer to, who wrote it and how the
reader stands to them. A third for the authors of quoted tweets and for mentioned names, and one to
Cassandra where an author is protected.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

from ingest.events.entities import mentions
from serving.render.polls import poll
from serving.render.selection import Selection
from serving.render.tweets import referenced, tweet
from serving.render.users import user
from serving.rows import Found, Rows, TweetRow, UserRow
from serving.stores.cassandra import CassandraStore
from serving.visibility import (
    Surface,
    is_there,
    visible_tweets,
    visible_users,
    visible_versions,
)

Document = dict[str, Any]


class Documents:
    def __init__(self, rows: Rows, cassandra: CassandraStore) -> None:
        self._rows, self._cassandra = rows, cassandra

    def gather(
        self, viewer_id: int, ids: Sequence[int], selection: Selection, *, answered: bool = False
    ) -> Found:
        """Everything that showing these tweets to that reader as asked for needs.

        With `answered`, also how the reader stands to those whom the tweets and their sources
        answer.
        """
        found = self._rows.fetch(tweets=ids, tweet_counts=ids if selection.tweet_metrics else ())
        rows = [row for row in (found.tweets.get(id) for id in ids) if row is not None]
        references = _references(rows, selection) - found.tweets.keys()
        users = _users(rows, selection)
        asked = references | _other_versions(rows, found, selection)
        firsts = {row.first_id for row in rows if row.first_id is not None}
        counts, polls = asked | firsts, _polls(rows, selection)
        people = _answered(rows) if answered else set()
        more = {"counts": counts, "polls": polls, "people": people}
        found.add(self._more(viewer_id, asked, users, selection, **more))
        there = [found.tweets[id] for id in references if id in found.tweets]
        # What only the referenced tweets name; and versions, each of which may name a newer one.
        late, polls = {row.author_id for row in there} - users, _polls(there, selection)
        people = _answered(there) - people - users - {viewer_id} if answered else set()
        while (v := _other_versions(rows, found, selection) - asked) or late or polls or people:
            found.add(self._more(viewer_id, v, late, selection, polls=polls, people=people))
            asked |= v
            late, polls, people = set(), set(), set()
        return found

    def meant(self, viewer_id: int, id: int) -> tuple[int, Found]:
        """The tweet that an act on `id` means, and what seeing it needs: of a retweet its source,
        of an edited tweet its first version."""
        found = self.gather(viewer_id, [id], Selection())
        row = found.tweets.get(id)
        meant = id if row is None else row.retweet_of_id or row.counted_id
        if meant != id and meant not in found.tweets:
            found.add(self.gather(viewer_id, [meant], Selection()))
        return meant, found

    def of_tweets(
        self, viewer_id: int, rows: Sequence[TweetRow], selection: Selection, found: Found
    ) -> tuple[list[Document], Document, list[Document]]:
        """The tweets, their includes, and the errors about what could not be included."""
        fields = selection.tweet_fields
        data = [tweet(row, fields, found) for row in rows]
        if not selection.expansions:
            return data, {}, []
        includes: Document = {}
        versions = visible_versions(viewer_id, _versions(rows, selection, found), found)
        ids = _named(rows, selection)
        seen = visible_tweets(viewer_id, ids, found)
        if included := {row.id: row for row in [*versions, *seen]}:
            includes["tweets"] = [tweet(row, fields, found) for row in included.values()]
        errors = unseen_tweets(ids, seen, found, "referenced_tweets.id", included=True)
        expanded = self._expanded_users(viewer_id, rows, selection, found)
        if expanded:
            includes["users"] = [user(row, selection.user_fields, found) for row in expanded]
        if polls := _with_polls(rows, selection, found):
            now_ms = time.time_ns() // 1_000_000
            includes["polls"] = [poll(row, selection.poll_fields, found, now_ms) for row in polls]
        return data, includes, errors

    def of_users(
        self, viewer_id: int, rows: Sequence[UserRow], selection: Selection, found: Found
    ) -> tuple[list[Document], Document, list[Document]]:
        """The profiles, the tweets they pin where these are to be included, and the errors about
        those that could not be."""
        data = [user(row, selection.user_fields, found) for row in rows]
        if "pinned_tweet_id" not in selection.expansions:
            return data, {}, []
        ids = [row.pinned_tweet_id for row in rows if row.pinned_tweet_id is not None]
        pinned = self.gather(viewer_id, ids, selection)
        seen = visible_tweets(viewer_id, ids, pinned, Surface.LOOKUP)
        tweets = [tweet(row, selection.tweet_fields, pinned) for row in seen]
        errors = unseen_tweets(ids, seen, pinned, "pinned_tweet_id", included=True)
        return data, {"tweets": tweets} if tweets else {}, errors

    def users(self, viewer_id: int, ids: Iterable[int], selection: Selection) -> Found:
        """The profiles, as far as showing them to that reader needs."""
        return self._more(viewer_id, set(), set(ids), selection)

    def lists(self, viewer_id: int, ids: Iterable[int], selection: Selection) -> Found:
        """The lists and their owners, as far as showing them to that reader needs."""
        ids = list(ids)
        found = self._rows.fetch(lists=ids, list_counts=ids if selection.list_metrics else ())
        owners = {row.owner_id for row in found.lists.values()}
        found.add(self._more(viewer_id, set(), owners, selection))
        return found

    def users_named(
        self, viewer_id: int, names: Sequence[str], selection: Selection
    ) -> tuple[list[int | None], Found]:
        """The id of who bears each name now, whatever its case; and their profiles."""
        ids = self._cassandra.user_ids([name.lower() for name in names])
        found = self.users(viewer_id, {id for id in ids if id is not None}, selection)
        borne = {id: row.username.lower() for id, row in found.users.items()}
        return [
            id if id is not None and borne.get(id) == name.lower() else None
            for name, id in zip(names, ids, strict=True)
        ], found

    def _more(
        self,
        viewer_id: int,
        tweets: set[int],
        users: set[int],
        selection: Selection,
        *,
        counts: Iterable[int] = (),
        polls: Iterable[int] = (),
        people: Iterable[int] = (),
    ) -> Found:
        return self._rows.fetch(
            tweets=list(tweets),
            tweet_counts=list(counts) if selection.tweet_metrics else (),
            users=list(users),
            user_counts=list(users) if selection.user_metrics else (),
            poll_counts=list(polls),
            viewer_id=viewer_id,
            people=list(people),
            follows=selection.connections,
        )

    def _expanded_users(
        self, viewer_id: int, rows: Sequence[TweetRow], selection: Selection, found: Found
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
        if "entities.mentions.username" in expansions:
            names = {m.tag.lower() for row in rows for m in mentions(row.text)}
            bearers, named = self.users_named(viewer_id, sorted(names), selection)
            found.add(named)
            ids |= dict.fromkeys(id for id in bearers if id is not None)
        return visible_users(viewer_id, ids, found, Surface.LOOKUP)


def _references(rows: Iterable[TweetRow], selection: Selection) -> set[int]:
    """Sources of retweets always, because a retweet shows its source."""
    sources = {row.retweet_of_id for row in rows if row.retweet_of_id is not None}
    return sources | set(_named(rows, selection))


def _named(rows: Iterable[TweetRow], selection: Selection) -> list[int]:
    """The referenced tweets to include, each once."""
    if "referenced_tweets.id" not in selection.expansions:
        return []
    return list(dict.fromkeys(id for row in rows for _, id in referenced(row)))


def _other_versions(rows: Iterable[TweetRow], found: Found, selection: Selection) -> set[int]:
    """Versions that are still missing: newer ones always, and all where they are to be included."""
    sources = [found.tweets.get(row.retweet_of_id or row.id, row) for row in rows]
    wanted = {found.newest(row).versions[-1] for row in [*rows, *sources] if row.superseded}
    if "edit_history_tweet_ids" in selection.expansions:
        wanted |= {id for row in rows for id in found.newest(row).versions}
    return wanted - found.tweets.keys()


def _versions(rows: Iterable[TweetRow], selection: Selection, found: Found) -> list[TweetRow]:
    """All versions of these tweets, where they are to be included."""
    if "edit_history_tweet_ids" not in selection.expansions:
        return []
    ids = (id for row in rows for id in found.newest(row).versions)
    return [found.tweets[id] for id in ids if id in found.tweets]


def _polls(rows: Iterable[TweetRow], selection: Selection) -> set[int]:
    """The polls whose votes are to be shown."""
    if "attachments.poll_ids" not in selection.expansions:
        return set()
    return {row.id for row in rows if row.poll_options}


def _with_polls(rows: Iterable[TweetRow], selection: Selection, found: Found) -> list[TweetRow]:
    """The tweets with polls among these and the sources of these, each once."""
    if "attachments.poll_ids" not in selection.expansions:
        return []
    shown = (found.tweets.get(row.retweet_of_id or row.id) for row in rows)
    return list({row.id: row for row in shown if row is not None and row.poll_options}.values())


def _users(rows: Iterable[TweetRow], selection: Selection) -> set[int]:
    """Whose profiles are needed, as far as the tweets themselves say: of the authors always, since
    they may be protected."""
    rows = list(rows)
    wanted: set[int | None] = {row.author_id for row in rows}
    wanted |= {row.retweet_of_user_id for row in rows}
    if selection.expansions & {"in_reply_to_user_id", "referenced_tweets.id.author_id"}:
        wanted |= {row.reply_to_user_id for row in rows}
    return {id for id in wanted if id is not None}


def _answered(rows: Iterable[TweetRow]) -> set[int]:
    return {row.reply_to_user_id for row in rows if row.reply_to_user_id is not None}


def unseen_tweets(
    ids: Iterable[int],
    seen: Iterable[TweetRow],
    found: Found,
    parameter: str,
    *,
    included: bool = False,
) -> list[Document]:
    """Entries of `errors` for the tweets that are not there, or are not for this reader."""
    shown = {row.id for row in seen}
    return [
        (not_allowed if is_there(id, found) else not_found)(
            "tweet", str(id), parameter, included=included
        )
        for id in ids
        if id not in shown
    ]


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


def not_allowed(resource: str, value: str, parameter: str, *, included: bool = False) -> Document:
    """An entry of `errors` for a thing that is there, but not for this reader."""
    return not_found(resource, value, parameter, included=included) | {
        "detail": f"Sorry, you are not authorized to see the {resource} with {parameter}: "
        f"[{value}].",
        "title": "Authorization Error",
        "type": "https://api.twitter.com/2/problems/not-authorized-for-resource",
    }
