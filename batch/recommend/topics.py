"""Whom does what they talk about make alike, as matrices?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp

from batch.recommend.sparse import power, top
from batch.recommend.talk import Talk

PEOPLE_OF_TAG = 500  # who are looked at because they use it, those first who talk of little else


class Topics(NamedTuple):
    """People by tags, each row of length 1; a tag that few use weighs more. `heard` are tags by the
    people who talk about them."""

    names: pa.Array
    about: sp.csr_matrix
    cares: sp.csr_matrix
    heard: sp.csr_matrix


def people_of(talk: Talk) -> pa.Array:
    """Everybody who cares for anything; who talks about it is among them."""
    return pc.unique(talk.cares["person_id"]).cast(pa.int64())


def topics_of(talk: Talk, ids: pa.Array) -> Topics:
    """The matrices of people as `ids` number them, all of `people_of` among them."""
    names = pc.unique(
        pa.chunked_array([*talk.about["tag"].chunks, *talk.cares["tag"].chunks], pa.string())
    )
    names = names.take(pc.array_sort_indices(names))
    about, cares = (_matrix(rows, ids, names) for rows in talk)
    talkers = np.asarray((about > 0).sum(0)).ravel()
    rare = sp.diags(np.log1p(len(ids) / np.maximum(talkers, 1)).astype(np.float32)).tocsr()
    about, cares = (_of_length_1((matrix @ rare).tocsr()) for matrix in (about, cares))
    return Topics(names, about, cares, top(about.T.tocsr(), PEOPLE_OF_TAG))


def _matrix(rows: pa.Table, ids: pa.Array, names: pa.Array) -> sp.csr_matrix:
    places = [
        pc.index_in(rows[name], known).to_numpy()
        for name, known in (("person_id", ids), ("tag", names))
    ]
    weight = np.log1p(rows["weight"].to_numpy()).astype(np.float32)
    return sp.csr_matrix((weight, tuple(places)), (len(ids), len(names)))


def _of_length_1(matrix: sp.csr_matrix) -> sp.csr_matrix:
    squares = np.asarray(matrix.multiply(matrix).sum(1)).ravel()
    return (power(squares, -0.5) @ matrix).tocsr()
