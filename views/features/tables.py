"""Which features are there? A new one is one line here.

A feature is a number that a model may know: how often something came to be in a window (`COUNT`),
on how many days of it (`DAYS`), or whether something stands (`STANDS`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from views.contract import FoldView
from views.features.activity import ACTS, PAIR_ACTIVITY, TWEET_ACTIVITY, USER_ACTIVITY
from views.features.windows import MONTH, WEEK, WINDOWS, Window

COUNT, DAYS_WITH, STANDS = "count", "days", "stands"


@dataclass(frozen=True)
class Feature:
    """`measures` are of the activity: their sum, the days with any of them; of what stands, first
    what puts it there, then what takes it away."""

    name: str
    kind: str
    measures: tuple[str, ...]
    window: Window | None
    doc: str


@dataclass(frozen=True)
class FeatureTable:
    """Features of one kind of entity; `entity` are the columns of its ids."""

    name: str
    entity: tuple[str, ...]
    view: FoldView
    features: tuple[Feature, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(feature.name for feature in self.features)

    @property
    def is_pair(self) -> bool:
        return len(self.entity) == 2

    @property
    def lasting(self) -> tuple[str, ...]:
        """Measures of what stands: no window forgets them."""
        return tuple(m for f in self.features if f.kind == STANDS for m in f.measures)


def counts(prefix: str, **measures: str) -> tuple[Feature, ...]:
    """Each measure in each window."""
    return tuple(
        Feature(f"{prefix}_{measure}_{window.name}", COUNT, (measure,), window, doc)
        for measure, doc in measures.items()
        for window in WINDOWS
    )


USERS = FeatureTable(
    "users",
    ("user_id",),
    USER_ACTIVITY,
    (
        *counts(
            "user",
            posts="tweets the user wrote, replies and quotes too",
            retweets_given="retweets the user made",
            likes_given="likes the user gave",
            follows_given="accounts the user began to follow",
            likes_received="likes the user's tweets got",
            retweets_received="retweets the user's tweets got",
            replies_received="replies to the user's tweets, their own too",
            follows_gained="accounts that began to follow the user",
            follows_lost="accounts that ceased to follow the user",
        ),
        *(
            Feature(
                f"user_active_days_{window.name}",
                DAYS_WITH,
                ACTS,
                window,
                "days (UTC) on which the user wrote, retweeted, liked or followed",
            )
            for window in (WEEK, MONTH)
        ),
    ),
)

TWEETS = FeatureTable(
    "tweets",
    ("tweet_id",),
    TWEET_ACTIVITY,
    counts(
        "tweet",
        likes="likes the tweet got",
        retweets="retweets the tweet got",
        replies="replies to the tweet",
        quotes="tweets that quote the tweet",
    ),
)

PAIRS = FeatureTable(
    "pairs",
    ("viewer_id", "author_id"),
    PAIR_ACTIVITY,
    (
        *counts(
            "pair",
            likes="likes the viewer gave the author's tweets",
            replies="replies of the viewer to the author's tweets",
            retweets="retweets the viewer made of the author's tweets",
        ),
        Feature(
            "pair_follows",
            STANDS,
            ("follows", "unfollows"),
            None,
            "1 where the viewer follows the author, else 0",
        ),
    ),
)

FEATURE_TABLES = (USERS, TWEETS, PAIRS)


class UnknownFeatures(KeyError):
    """There is no such table; the message names those there are."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"no features of {name!r}; there are those of "
            + ", ".join(table.name for table in FEATURE_TABLES)
        )

    def __str__(self) -> str:
        return str(self.args[0])


def feature_table(name: str) -> FeatureTable:
    """Raises `UnknownFeatures`."""
    for table in FEATURE_TABLES:
        if table.name == name:
            return table
    raise UnknownFeatures(name)
