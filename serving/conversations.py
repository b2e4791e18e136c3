"""Which tweets are the conversation around this one?

What it answers, up to the first tweet that is still there, then itself, then what answers it, and
what answers those: in the order they were written. So the newest replies come last, and a page that
was read stays as it was. An edited tweet stands where its first version stood.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from serving.paging import Cursor
from serving.rows import TweetRow
from serving.stores.entries import Entries

MOST = 10_000  # entries of a conversation that are looked at, from the first on


class Conversations:
    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def around(self, row: TweetRow, *, hidden: bool) -> list[int]:
        """The ids around a first version, oldest first, first versions all.

        Of replies that the conversation's author has hidden neither they nor what answers them is
        in it, unless `hidden` asks for it.
        """
        conversation = (row.conversation_id or row.id,)
        oldest = Cursor(newer_than=0)
        entries = self._entries.page("conversations", conversation, oldest, MOST)
        parents = {e["id"]: e["reply_to_id"] for e in reversed(entries) if e["first_id"] is None}
        left_out = set()
        if not hidden:
            found = self._entries.page("hidden_replies", conversation, oldest, MOST)
            left_out = {entry["tweet_id"] for entry in found}
        return around(row, parents, left_out)


def around(row: TweetRow, parents: Mapping[int, int | None], hidden: Container[int]) -> list[int]:
    """`parents` maps each tweet, oldest first, to what it answers.

    >>> tree = {1: None, 2: 1, 3: 1, 4: 2, 5: 4, 6: 3}
    >>> around(TweetRow(id=2, author_id=7, reply_to_id=1), tree, hidden=[4])
    [1, 2]
    >>> around(TweetRow(id=2, author_id=7, reply_to_id=1), tree, hidden=[])
    [1, 2, 4, 5]
    """
    above: list[int] = []
    parent = row.reply_to_id
    while parent is not None and parent in parents:
        above.append(parent)
        parent = parents[parent]
    below = {row.id}
    for id, answered in parents.items():
        if answered in below and id not in hidden:
            below.add(id)
    return sorted({*above, *below})
