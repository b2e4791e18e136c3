"""Which of the tweets that a search finds come first?

    fit = text * (FLOOR + recency + ENGAGED * log2(1 + engagement))
               * (FOLLOWED, if one follows) * (LIKED, if one cares for it)

`text` is OpenSearch's BM25 (k1 1.2, b 0.75) and `recency` halves with each day. OpenSearch knows
engagement by a power of two that is written when it moves, and looks for the best by what the
reader cares for (`interests`); whom they follow, and the counts as they are now, are put in here,
for the best that it found.

>>> alike = [Hit(1, 2.0), Hit(2, 2.0), Hit(3, 2.0), Hit(4, 2.0)]
>>> fits_best(alike, now_ms=0, engagement={1: 15}, followed={2}, liked={4})
[2, 1, 4, 3]
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Set
from typing import Any, NamedTuple

from ingest.ids import timestamp_ms

DAY_MS = 86_400_000
FLOOR, ENGAGED, FOLLOWED, LIKED = 0.2, 0.1, 1.5, 1.25
PRECISION = 1e-5  # of a score of OpenSearch, many times what its 32 bits lose


class Hit(NamedTuple):
    """What OpenSearch found, and how well its text fits."""

    id: int
    text: float


def boost(id: int, engagement: float, now_ms: int) -> float:
    """What the text's score is multiplied by; `engagement` is a power of two."""
    age = max(0, now_ms - timestamp_ms(id)) / DAY_MS
    return FLOOR + 0.5**age + ENGAGED * engagement


def ranked(
    query: Mapping[str, Any], now_ms: int, liked: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The query with `boost` in its score, in OpenSearch's language; and `LIKED` for what is found
    by the query `liked` too, whose name the hit then bears."""
    recency = {"created_at": {"origin": now_ms, "scale": f"{DAY_MS}ms", "decay": 0.5}}
    engagement = {"field": "engagement", "factor": ENGAGED, "missing": 0}
    functions = [{"weight": FLOOR}, {"exp": recency}, {"field_value_factor": engagement}]
    modes = {"score_mode": "sum", "boost_mode": "multiply"}
    found = {"function_score": {"query": query, "functions": functions} | modes}
    if liked is None:
        return found
    raised = {"filter": {"bool": {"filter": [liked], "_name": "liked"}}, "weight": LIKED}
    return {"function_score": {"query": found, "functions": [raised], "boost_mode": "multiply"}}


def hit(id: int, score: float, engagement: int, names: Collection[str], now_ms: int) -> Hit:
    """What was found by `ranked` as of that time. Here only its text counts: what else the score
    holds may be another's, or not of this moment."""
    return Hit(id, score / boost(id, engagement, now_ms) / (LIKED if "liked" in names else 1.0))


def fits_best(
    hits: Iterable[Hit],
    now_ms: int,
    engagement: Mapping[int, int],
    followed: Set[int],
    liked: Set[int],
) -> list[int]:
    """The ids of the hits, the best first. `engagement` counts acts as they are now; of `followed`
    the reader follows the author, for `liked` they care."""
    texts = levels(dict(hits))

    def fit(id: int) -> tuple[float, int]:
        acts = math.log2(1 + engagement.get(id, 0))
        theirs = (FOLLOWED if id in followed else 1.0) * (LIKED if id in liked else 1.0)
        return texts[id] * boost(id, acts, now_ms) * theirs, id

    return [id for _, id in sorted(map(fit, texts), reverse=True)]


def levels(texts: Mapping[int, float]) -> dict[int, float]:
    """The scores of texts, where those that OpenSearch cannot tell apart are one.

    It reckons in 32 bits, with recency in it: of equal texts posted within seconds of each other,
    what is left when recency is taken out again differs by chance, by more than recency does.

    >>> levels({1: 2.0, 2: 2.0000001, 3: 2.1})
    {1: 2.0, 2: 2.0, 3: 2.1}
    """
    found, level = dict[int, float](), 0.0
    for id, text in sorted(texts.items(), key=lambda each: each[1]):
        if text > level * (1 + PRECISION):
            level = text
        found[id] = level
    return found
