"""What speaks for each of somebody's candidates?

For a block of people: one sparse matrix for each kind of evidence, then for each person the union
of the strongest of each kind as candidates, and what every kind says of each of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from batch.recommend.likeness import Likeness, inputs
from batch.recommend.sparse import degrees, power, top
from batch.recommend.topics import Topics

BLOCK = 256  # people at a time
STRONGEST = 60  # candidates that each kind of evidence names
POPULAR = 40  # the most followed are candidates of everybody
WALK_STEPS, WALK_BACK, WALK_WIDTH = 4, 0.3, 300
EVERYONE = 1e-4  # a share below which a logarithm does not look

KINDS = (
    "together", "weighed", "alike", "walk", "friends", "followers", "back", "beside", "same",
    "around", "peers", "topics",
)  # fmt: skip
"""Kinds of evidence, each a matrix of people by candidates."""
COUNTS = ("paths", "paths_in", "mutual")
NAMING = (
    "together",
    "weighed",
    "alike",
    "walk",
    "friends",
    "followers",
    "back",
    "beside",
    "topics",
)
"""Kinds that name candidates."""
PERSON = (
    "followers_of",
    "following_of",
    "own_followers",
    "own_following",
    "returns",
    "own_returns",
)
FEATURES = (
    *(f"{kind}/{form}" for kind in KINDS for form in ("share", "root", "log", "first", "rank")),
    *COUNTS,
    *PERSON,
    "named",
)


@dataclass(frozen=True)
class Pairs:
    """Candidates, sorted by whose they are: `row` in the block asked for, `person`, and what speaks
    for each, a row of `FEATURES`."""

    row: np.ndarray
    person: np.ndarray
    features: np.ndarray


class Evidence:
    """Answers for any people of one graph."""

    def __init__(
        self, follows: sp.csr_matrix, like: Likeness, topics: Topics | None = None
    ) -> None:
        self.follows, self._like = follows, like
        back = follows.T.tocsr()
        following, followers = degrees(follows)
        returned, _ = degrees(follows.multiply(back).tocsr())
        self._following, self._followers, self._back = following, followers, back
        self._returns = returned / np.maximum(followers, 1)
        self._own_returns = returned / np.maximum(following, 1)
        self._popular = np.argsort(-followers, kind="stable")[:POPULAR]
        out, into = like.out, like.into
        self._damp = power(followers, -0.3)
        self._out_few = (power(following, -0.5) @ out @ self._damp).tocsr()
        self._into_few = (power(followers, -1) @ into @ power(following, -0.5)).tocsr()
        self._followed_by = (power(following, -0.5) @ into @ power(following, -0.3)).tocsr()
        self._seen = inputs(out, into)
        self._weighed = like.weighed.T.tocsr()
        self._together = (like.together @ self._damp).tocsr()
        both = out + np.float32(0.5) * into
        self._walk = (power(degrees(both)[0], -1) @ both).tocsr()
        self._topics = topics

    def pairs(self, people: np.ndarray) -> Pairs:
        """The candidates of `people`, whom they neither follow nor are."""
        blocks = [
            self._block(people[first : first + BLOCK], first)
            for first in range(0, len(people), BLOCK)
        ]
        return Pairs(
            np.concatenate([block.row for block in blocks]),
            np.concatenate([block.person for block in blocks]),
            np.concatenate([block.features for block in blocks]),
        )

    def _matrices(self, people: np.ndarray) -> dict[str, sp.csr_matrix]:
        like, out, into = self._like, self._like.out[people], self._like.into[people]
        start = sp.csr_matrix(
            (np.ones(len(people), np.float32), (np.arange(len(people)), people)),
            (len(people), self.follows.shape[0]),
        )
        walk = start
        for _ in range(WALK_STEPS):
            walk = top(
                (WALK_BACK * start + (1 - WALK_BACK) * (walk @ self._walk)).tocsr(), WALK_WIDTH
            )
        made = {
            "together": out @ self._together,
            "weighed": self._seen[people] @ self._weighed,
            "alike": like.alike[people] @ like.out @ self._damp,
            "walk": walk,
            "friends": out @ self._out_few,
            "followers": into @ self._out_few,
            "back": self._back[people],
            "beside": into @ self._together,
            "same": out @ self._into_few,
            "around": into @ self._followed_by,
            "peers": like.alike[people],
            "paths": out @ like.out,
            "paths_in": into @ like.out,
            "mutual": out @ like.into,
        }
        if self._topics is not None:
            shared = self._topics.cares[people] @ self._topics.heard
            made["topics"] = top(shared.tocsr(), 2 * STRONGEST)
        return {kind: matrix.tocsr() for kind, matrix in made.items()}

    def _block(self, people: np.ndarray, first: int) -> Pairs:
        matrices = self._matrices(people)
        scratch = np.zeros(self.follows.shape[0], np.float32)
        taken = np.zeros(self.follows.shape[0], bool)
        rows, persons, features = [], [], []
        for row, person in enumerate(people):
            own = self.follows.indices[
                self.follows.indptr[person] : self.follows.indptr[person + 1]
            ]
            taken[own] = taken[person] = True
            entries = {kind: _entries(matrix, row) for kind, matrix in matrices.items()}
            found, named = self._candidates(entries, taken)
            taken[own] = taken[person] = False
            said = {kind: _said(*entry, found, scratch) for kind, entry in entries.items()}
            rows.append(np.full(len(found), first + row))
            persons.append(found)
            features.append(self._features(person, found, named, said))
        return Pairs(np.concatenate(rows), np.concatenate(persons), np.concatenate(features))

    def _candidates(
        self, entries: dict[str, tuple[np.ndarray, np.ndarray]], taken: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """The candidates in order, and how many kinds of evidence name each."""
        named = [self._popular[~taken[self._popular]]]
        for kind in NAMING:
            if kind not in entries:
                continue
            places, values = entries[kind]
            free = (values > 0) & ~taken[places]
            places, values = places[free], values[free]
            if len(places) > STRONGEST:
                # By value, then by number: equal values must not fall as memory lies.
                places = places[np.lexsort((places, -values))[:STRONGEST]]
            named.append(places)
        return np.unique(np.concatenate(named), return_counts=True)

    def _features(
        self, person: int, found: np.ndarray, named: np.ndarray, said: dict[str, np.ndarray]
    ) -> np.ndarray:
        made = np.zeros((len(found), len(FEATURES)), np.float32)
        for number, kind in enumerate(KINDS):
            values = said.get(kind)
            if values is None or not len(values):
                continue
            most = max(float(values.max()), 1e-9)
            share = np.clip(values / most, -1, 1)
            place = np.empty(len(values), np.float32)
            place[np.argsort(-values, kind="stable")] = np.arange(len(values))
            column = 5 * number
            made[:, column] = share
            made[:, column + 1] = np.sqrt(np.maximum(share, 0))
            made[:, column + 2] = np.log(np.maximum(values, 0) + EVERYONE)
            made[:, column + 3] = 1 / (1 + place)
            made[:, column + 4] = -np.log1p(place)
        rest = [np.log1p(said[count]) for count in COUNTS]
        rest += [np.log1p(self._followers[found]), np.log1p(self._following[found])]
        rest += [
            np.full(len(found), np.log1p(own[person])) for own in (self._followers, self._following)
        ]
        rest += [self._returns[found], np.full(len(found), self._own_returns[person]), named]
        made[:, 5 * len(KINDS) :] = np.stack(rest, axis=1)
        return made


def _entries(matrix: sp.csr_matrix, row: int) -> tuple[np.ndarray, np.ndarray]:
    part = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return matrix.indices[part], matrix.data[part]


def _said(
    places: np.ndarray, values: np.ndarray, found: np.ndarray, scratch: np.ndarray
) -> np.ndarray:
    scratch[places] = values
    said = scratch[found]
    scratch[places] = 0
    return said
