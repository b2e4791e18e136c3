"""Why is somebody suggested, in words that the one who is told can check?

What ranks is a sum of many numbers, which tells nobody anything. So a reason is found
afterwards: those whom one follows and who follow the candidate, else that the candidate follows
one, else tags that the candidate talks about and one cares for, else that many follow them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from batch.recommend.topics import Topics

FOLLOWED_BY, FOLLOWS_YOU, POPULAR = "followed_by", "follows_you", "popular"
TALKS_ABOUT = "talks_about"
NAMED = 3  # people, or tags, that a reason names
LOOKED_AT = 500  # of those whom one follows, as evidence looks at no more


class Reason(NamedTuple):
    """`by`: numbers of people; empty unless the reason is `FOLLOWED_BY`. `tags`: numbers of those
    that are talked about, empty unless it is `TALKS_ABOUT`."""

    reason: str
    by: list[int]
    tags: list[int]


class Reasons:
    """Answers for any people of one graph: `whom[begins[p]:begins[p + 1]]` are the numbers of those
    whom person `p` follows, ascending, as a `scipy.sparse.csr_matrix` has them."""

    def __init__(self, begins: np.ndarray, whom: np.ndarray, topics: Topics | None = None) -> None:
        self._begins, self._whom, self._topics = begins, whom, topics
        self._following = np.diff(begins)

    def of(self, person: int, candidates: np.ndarray) -> list[Reason]:
        """A reason for each candidate, in their order. Named are those who follow the fewest first:
        their choice says more than that of somebody who follows everybody."""
        by: list[list[int]] = [[] for _ in candidates]
        missing = len(by)
        for friend in self._most_telling(person):
            for place in np.flatnonzero(_in(self._of(friend), candidates)):
                if len(by[place]) < NAMED:
                    by[place].append(int(friend))
                    missing -= len(by[place]) == NAMED
            if not missing:
                break
        return [
            self._reason(person, int(candidate), found)
            for candidate, found in zip(candidates, by, strict=True)
        ]

    def _reason(self, person: int, candidate: int, by: list[int]) -> Reason:
        if by:
            return Reason(FOLLOWED_BY, by, [])
        if _in(self._of(candidate), np.array([person]))[0]:
            return Reason(FOLLOWS_YOU, [], [])
        tags = self._shared(person, candidate)
        return Reason(TALKS_ABOUT if tags else POPULAR, [], tags)

    def _shared(self, person: int, candidate: int) -> list[int]:
        """Tags that the candidate talks about and the person cares for, both much of it first."""
        if self._topics is None:
            return []
        both = self._topics.cares[[person]].multiply(self._topics.about[[candidate]]).tocsr()
        order = np.lexsort((both.indices, -both.data))[:NAMED]
        return [int(tag) for tag in both.indices[order]]

    def _most_telling(self, person: int) -> np.ndarray:
        friends = self._of(person)
        return friends[np.lexsort((friends, self._following[friends]))][:LOOKED_AT]

    def _of(self, person: int) -> np.ndarray:
        return self._whom[self._begins[person] : self._begins[person + 1]]


def _in(ascending: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Of each wanted number, whether it is there."""
    if not len(ascending):
        return np.zeros(len(wanted), bool)
    place = np.minimum(np.searchsorted(ascending, wanted), len(ascending) - 1)
    return ascending[place] == wanted
