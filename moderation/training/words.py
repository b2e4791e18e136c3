"""How are the two linear models made: what offends, and what advertises?"""

from __future__ import annotations

import numpy as np

from moderation.linear import Linear
from moderation.reading import reading
from moderation.spam_signs import spam_signs, without_digits
from moderation.training.data import Labelled
from moderation.training.linear import fit

STRENGTH, SPAM_STRENGTH = 3.0, 10.0
TRUST_BESIDE = 0.3  # in Davidson's tweets, which were found by a list of words, beside TweetEval's
TRUST_TWEETS = 0.3  # in tweets as examples of what is no advertisement: a few are
TWEETS = 6_000


def toxicity(offensive: Labelled, davidson: Labelled, hate: Labelled) -> Linear:
    """What offends, mostly by TweetEval's offensive task."""
    readings = [reading(text) for each in (offensive, davidson, hate) for text in each.texts]
    labels = np.concatenate([offensive.labels, davidson.labels, hate.labels])
    trust = [(len(offensive), 1.0), (len(davidson), TRUST_BESIDE), (len(hate), TRUST_BESIDE / 3)]
    return fit(readings, labels, strength=STRENGTH, trust=_repeated(trust))


def spam(sms: Labelled, tweets: Labelled) -> Linear:
    """What advertises, by short messages; tweets say what other talk looks like."""
    texts = [*sms.texts, *tweets.texts[:TWEETS]]
    trust = [(len(sms), 1.0), (len(texts) - len(sms), TRUST_TWEETS)]
    return fit(
        [without_digits(reading(text)) for text in texts],
        np.concatenate([sms.labels, np.zeros(len(texts) - len(sms))]),
        strength=SPAM_STRENGTH,
        signs=[spam_signs(text) for text in texts],
        trust=_repeated(trust),
    )


def _repeated(trust: list[tuple[int, float]]) -> np.ndarray:
    return np.concatenate([np.full(number, weight) for number, weight in trust])
