"""Which edges and things do counts count?

A relation is a thing that is there or not (a like, a follow, a tweet): an event puts it there
(`on_off` 1), another takes it away (0). Each is one SELECT in the dialect that Flink, Spark and
DuckDB share, over a `<topic>_log` table which the engine provides with these columns:

    kind    the event's name
    ...     the event's fields
    epoch   of the record, from the broker's append time
    pos     orders the records of one partition

Counting a relation counts its *changes*, `on_off` against the one before of the same thing, so
that a second like adds nothing and a replayed unlike takes nothing away.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.events import (
    AuthorClassified,
    Bookmarked,
    EdgePlanned,
    Event,
    Followed,
    Liked,
    ListFollowed,
    ListMemberAdded,
    ListMemberRemoved,
    ListUnfollowed,
    PollVoted,
    Retweeted,
    TweetDeleted,
    TweetPosted,
    Unbookmarked,
    Unfollowed,
    Unliked,
    Unretweeted,
)


@dataclass(frozen=True)
class Relation:
    """`identity` are the columns that say which thing it is; `on` puts it there, `off` takes it."""

    name: str
    on: type[Event]
    off: type[Event] | None
    identity: tuple[str, ...]
    where: str | None = None
    """A condition; where it does not hold, the event says nothing about this relation."""
    given: str | None = None
    """A condition without which `on` takes the thing away."""
    carried: tuple[str, ...] = ()
    """Further columns of `on`, by which what came to be may be counted; null in `off`."""

    @property
    def topic(self) -> str:
        return self.on.topic

    @property
    def sql(self) -> str:
        """The relation's rows: `identity` and `carried` columns, `on_off`, `epoch`, `pos`."""
        columns = ", ".join(self.columns)
        kinds = ", ".join(f"'{event.__name__}'" for event in self.events)
        given = f" AND {self.given}" if self.given else ""
        where = f" AND {self.where}" if self.where else ""
        return (
            f"SELECT {columns}, CASE WHEN kind = '{self.on.__name__}'{given} THEN 1 ELSE 0 END "
            f"AS on_off, epoch, pos FROM {self.topic}_log WHERE kind IN ({kinds}){where}"
        )

    def touched(self, since: int) -> str:
        """`sql`, only of things that a record of epoch `since` or a later one is about.

        Enough for what those epochs add to any count: see `batch/since.py`.
        """
        same = " AND ".join(f"told.{column} = touched.{column}" for column in self.identity)
        return (
            f"SELECT * FROM ({self.sql}) AS told WHERE EXISTS "
            f"(SELECT 1 FROM ({self.sql}) AS touched WHERE touched.epoch >= {since} AND {same})"
        )

    @property
    def columns(self) -> tuple[str, ...]:
        return self.identity + self.carried

    @property
    def events(self) -> tuple[type[Event], ...]:
        return (self.on,) if self.off is None else (self.on, self.off)

    @property
    def standing(self) -> str:
        """A SELECT of the things that are there at the end: their `identity` columns."""
        identity = ", ".join(self.identity)
        return (
            f"SELECT {identity} FROM {self.name} GROUP BY {identity} HAVING MAX_BY(on_off, pos) = 1"
        )

    def changes(self, key: str, measure: str) -> str:
        """A SELECT of what each record adds to `measure` of the thing in column `key`."""
        return (
            f"SELECT {key} AS key, '{measure}' AS measure, epoch, {self._change} FROM {self.name}"
        )

    def came(self, key: str, measure: str, beside: str | None = None) -> str:
        """As `changes`, of those alone that put the thing there. `delta` is 1.

        Where `beside` names a column, the measure names what is in it too: `likes 42`.
        """
        return self._turns(key, measure, beside, "delta > 0", "delta")

    def went(self, key: str, measure: str, beside: str | None = None) -> str:
        """As `came`, of those that take the thing away."""
        return self._turns(key, measure, beside, "delta < 0", "-delta")

    def _turns(self, key: str, measure: str, beside: str | None, which: str, delta: str) -> str:
        said = f"'{measure}'"
        known = f"{key} IS NOT NULL"
        if beside:
            said = f"CONCAT('{measure} ', CAST({beside} AS STRING))"
            known += f" AND {beside} IS NOT NULL"
        return (
            f"SELECT {key} AS key, {said} AS measure, epoch, {delta} AS delta FROM ("
            f"SELECT {', '.join(self.columns)}, epoch, {self._change} FROM {self.name}"
            f") AS turns WHERE {which} AND {known}"
        )

    @property
    def _change(self) -> str:
        identity = ", ".join(self.identity)
        return (
            f"on_off - COALESCE(LAG(on_off) OVER (PARTITION BY {identity} ORDER BY pos), 0) "
            "AS delta"
        )


TWEETS = Relation("tweets", TweetPosted, TweetDeleted, ("id", "author_id"))
RETWEETS = Relation(
    "retweets", Retweeted, Unretweeted, ("author_id", "tweet_id"), carried=("tweet_author_id",)
)
REPLIES = Relation(
    *("replies", TweetPosted, TweetDeleted, ("id", "reply_to_id"), "reply_to_id IS NOT NULL"),
    carried=("author_id", "reply_to_user_id"),
)
QUOTES = Relation(
    *("quotes", TweetPosted, TweetDeleted, ("id", "quote_of_id"), "quote_of_id IS NOT NULL")
)
TAGGED_TWEETS = Relation(
    # A tag that was used was used: no deletion takes it back.
    *("tagged_tweets", TweetPosted, None, ("id",), "(text LIKE '%#%' OR text LIKE '%＃%')"),
    carried=("text",),
)
LIKES = Relation("likes", Liked, Unliked, ("user_id", "tweet_id"), carried=("tweet_author_id",))
FOLLOWS = Relation("follows", Followed, Unfollowed, ("follower_id", "followee_id"))
BOOKMARKS = Relation("bookmarks", Bookmarked, Unbookmarked, ("user_id", "tweet_id"))
LIST_MEMBERS = Relation(
    "list_members", ListMemberAdded, ListMemberRemoved, ("list_id", "member_id")
)
LISTED = Relation(
    "listed", ListMemberAdded, ListMemberRemoved, ("list_id", "member_id"), given="NOT private"
)
LIST_FOLLOWS = Relation("list_follows", ListFollowed, ListUnfollowed, ("list_id", "user_id"))
POLL_VOTES = tuple(
    # The last choice of a voter holds: a vote for one option takes back that for another.
    Relation(f"poll_votes_{n}", PollVoted, None, ("poll_id", "voter_id"), given=f"choice = {n}")
    for n in (1, 2, 3, 4)
)
PULLED_AUTHORS = Relation("pulled_authors", AuthorClassified, None, ("author_id",), given="pulled")
PULLED_EDGES = Relation(
    "pulled_edges", EdgePlanned, None, ("reader_id", "author_id"), given="pulled"
)

RELATIONS = (
    *(TWEETS, RETWEETS, REPLIES, QUOTES, LIKES, BOOKMARKS, *POLL_VOTES),
    *(FOLLOWS, LIST_MEMBERS, LISTED, LIST_FOLLOWS),
)


def counted(*changes: str) -> str:
    """The SQL of a count: the changes of several relations, summed per key, measure and epoch."""
    union = " UNION ALL ".join(changes)
    return (
        "SELECT key, measure, epoch, SUM(delta) AS total "
        f"FROM ({union}) AS changes GROUP BY key, measure, epoch"
    )
