"""What does it cost to score a tweet, and how good are the scores?

On one core: the whole scorer against the bare ONNX model given token ids, and the fast rules alone.
Where the labelled texts lie beside the repository, those are scored and judged, with the linear
model and the majority class as peers in the same run; else made-up tweets are scored.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

from bench.figures import Figure
from moderation.reading import reading
from moderation.scaling import MODEL
from moderation.scorer import Scorer
from moderation.training.data import NoData, offensive
from moderation.training.report import report

TEXTS = 600
SCREENED = 5_000
WORDS = ("the", "you", "we", "they", "go", "see", "love", "never", "people", "today", "game")


def figures() -> Iterator[Figure]:
    """The figures. Takes about half a minute."""
    scorer = Scorer.load()
    texts = _texts()
    encoded = [scorer.toxicity.encoder.tokens(reading(text)) for text in texts]
    bare = _a_second(lambda: [scorer.toxicity.encoder.logit(ids) for ids in encoded], len(texts))
    whole = _a_second(lambda: scorer.score(texts), len(texts))
    yield Figure("scoring", "tweets_per_s_a_core", whole, "bare_onnx_model", bare)
    many = (texts * (SCREENED // len(texts) + 1))[:SCREENED]
    screened = _a_second(lambda: [scorer.screen(text) for text in many], len(many))
    yield Figure("scoring", "screened_per_s_a_core", screened, "whole_scorer", whole)
    yield Figure("scoring", "model_megabytes", _megabytes())
    try:
        found = report()
    except NoData:
        return
    toxicity, spam = found["toxicity"], found["spam"]
    for peer in ("words_alone", "majority", "encoder_alone"):
        against = 100 * toxicity[f"macro_f1_{peer}"]
        mine = 100 * toxicity["macro_f1"]
        yield Figure("scoring", "offensive_macro_f1_percent", mine, peer, against)
    error = 100 * toxicity["calibration_error_of_scores"]
    yield Figure("scoring", "offensive_calibration_error_percent", error)
    majority = 100 * spam["macro_f1_majority"]
    mine = 100 * spam["macro_f1"]
    yield Figure("scoring", "spam_macro_f1_percent", mine, "majority", majority)
    taken = 100 * spam["tweets_taken_for_spam"]
    yield Figure("scoring", "tweets_taken_for_spam_percent", taken)


def _a_second(work: Callable[[], object], number: int) -> float:
    """How many a second of processor time; the first time only warms up."""
    work()
    began = time.process_time()
    work()
    return number / (time.process_time() - began)


def _texts() -> list[str]:
    try:
        return offensive("val").texts[:TEXTS]
    except NoData:
        chance = random.Random(7)
        return [" ".join(chance.choices(WORDS, k=chance.randint(5, 40))) for _ in range(TEXTS)]


def _megabytes() -> float:
    return sum(file.stat().st_size for file in MODEL.iterdir()) / 1e6
