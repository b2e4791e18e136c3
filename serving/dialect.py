"""Does the client say tweets or posts, and how is it answered?

Starling's code knows the classic names only (`tweet.fields`, `referenced_tweets`). A newer client
sends `post.fields`; its names are translated on the way in, and the names of the answer on the way
out. Counts bear both names in either dialect.
"""

from __future__ import annotations

from typing import Any

# Of fields, and of the parts of expansions between their dots.
_CLASSIC = {
    "referenced_posts": "referenced_tweets",
    "edit_history_post_ids": "edit_history_tweet_ids",
    "pinned_post_id": "pinned_tweet_id",
    "most_recent_post_id": "most_recent_tweet_id",
    "media_source_post": "media_source_tweet",
    "media_source_post_id": "media_source_tweet_id",
    "note_post": "note_tweet",
}
# In the new dialect an expansion is named after the field that it expands.
_EXPANSIONS = {"referenced_posts": "referenced_tweets.id"}
_POST = {classic: post for post, classic in _CLASSIC.items()}
_TRANSLATED = frozenset({"tweet.fields", "user.fields", "expansions"})
POST_FIELDS, TWEET_FIELDS = "post.fields", "tweet.fields"


def classic(name: str, value: str) -> tuple[str, str, bool]:
    """A query parameter by its classic name and value, and whether it came in the new dialect.

    >>> classic("post.fields", "referenced_posts,lang")
    ('tweet.fields', 'referenced_tweets,lang', True)
    >>> classic("expansions", "referenced_posts.id.author_id")
    ('expansions', 'referenced_tweets.id.author_id', True)
    >>> classic("expansions", "referenced_posts")
    ('expansions', 'referenced_tweets.id', True)
    >>> classic("expansions", "author_id")
    ('expansions', 'author_id', False)
    """
    plain = TWEET_FIELDS if name == POST_FIELDS else name
    if plain not in _TRANSLATED:
        return name, value, False
    translated = ",".join(_classic(plain, one) for one in value.split(","))
    return plain, translated, plain != name or translated != value


def _classic(parameter: str, value: str) -> str:
    if parameter == "expansions" and value in _EXPANSIONS:
        return _EXPANSIONS[value]
    return ".".join(_CLASSIC.get(part, part) for part in value.split("."))


def posts(document: Any) -> Any:
    """The document with the new dialect's names; ids, texts and counts stay as they are.

    >>> posts({"data": [{"edit_history_tweet_ids": ["1"]}], "includes": {"tweets": []}})
    {'data': [{'edit_history_post_ids': ['1']}], 'includes': {'posts': []}}
    """
    if isinstance(document, list):
        return [posts(each) for each in document]
    if not isinstance(document, dict):
        return document
    renamed = {_POST.get(name, name): posts(value) for name, value in document.items()}
    includes = renamed.get("includes")
    if isinstance(includes, dict) and "tweets" in includes:
        renamed["includes"] = {
            "posts" if name == "tweets" else name: value for name, value in includes.items()
        }
    return renamed
