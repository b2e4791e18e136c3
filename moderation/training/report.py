"""How good are the models, beside simpler ones, and where do they fail?

    python -m moderation.training.report      # one JSON object; shared/data must be there

On texts that no training has seen; only the curve of each scaling, a few numbers, is fitted to
them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import regex

from moderation.scaling import MODEL
from moderation.spam import Spam
from moderation.toxicity import Toxicity
from moderation.training.data import FOLDER, NoData, offensive, sms
from moderation.training.measures import calibration_error, f1, macro_f1, reliability

Kind = Callable[[str], bool]


def report(data: Path = FOLDER, model: Path = MODEL) -> dict[str, object]:
    """Figures by name. Raises `NoData`."""
    toxicity, spam = Toxicity.load(model), Spam.load(model)
    return {"toxicity": _toxicity(toxicity, data), "spam": _spam(spam, toxicity, data)}


def _toxicity(model: Toxicity, data: Path) -> dict[str, object]:
    judged = offensive("val", data)
    labels = judged.labels
    scores = np.array(model.of(judged.texts))
    readings = [model.readings(text)[0] for text in judged.texts]
    logits = np.array([model.encoder.logits(readings), list(map(model.words.logit, readings))])
    shares = np.array([model.scaling.share(*each) for each in logits.T])
    return {
        "texts": len(judged),
        "offensive": round(float(labels.mean()), 3),
        "macro_f1": round(macro_f1(labels, scores >= 0.5), 4),
        "macro_f1_encoder_alone": round(_at_best_cut(labels, logits[0]), 4),
        "macro_f1_words_alone": round(_at_best_cut(labels, logits[1]), 4),
        "macro_f1_majority": round(macro_f1(labels, np.zeros(len(labels), bool)), 4),
        "calibration_error_of_shares": round(calibration_error(labels, shares), 4),
        "calibration_error_of_scores": round(calibration_error(labels, scores), 4),
        "reliability": [tuple(round(x, 3) for x in each) for each in reliability(labels, scores)],
        "above": {
            str(limit): {
                "texts": int((scores > limit).sum()),
                "offensive": round(float(labels[scores > limit].mean()), 3),
            }
            for limit in (0.7, 0.9)
            if (scores > limit).any()
        },
        "by_kind": by_kind(readings, labels, scores >= 0.5, kinds(model)),
    }


def _spam(model: Spam, toxicity: Toxicity, data: Path) -> dict[str, object]:
    messages, tweets = sms("val", data), offensive("val", data)
    scores = np.array([model.of(text) for text in messages.texts])
    of_tweets = np.array([model.of(text) for text in tweets.texts])
    return {
        "texts": len(messages),
        "macro_f1": round(macro_f1(messages.labels, scores >= 0.5), 4),
        "f1_of_spam": round(f1(messages.labels > 0.5, scores >= 0.5), 4),
        "macro_f1_majority": round(macro_f1(messages.labels, np.zeros(len(messages), bool)), 4),
        "calibration_error_of_scores": round(calibration_error(messages.labels, scores), 4),
        "tweets_taken_for_spam": round(float((of_tweets >= 0.5).mean()), 4),
    }


def kinds(model: Toxicity) -> dict[str, Kind]:
    """What a reading may be like; one can be of several kinds."""
    words = regex.compile(r"[\p{L}'’]+")
    return {
        "with a weighty word": lambda read: any(map(model.is_weighty, words.findall(read))),
        "without a weighty word": lambda read: not any(map(model.is_weighty, words.findall(read))),
        "under 10 words": lambda read: len(words.findall(read)) < 10,
        "30 words or more": lambda read: len(words.findall(read)) >= 30,
        "with a tag": lambda read: "#" in read,
        "with a question": lambda read: "?" in read,
    }


def by_kind(
    readings: list[str], labels: np.ndarray, said: np.ndarray, told: dict[str, Kind]
) -> dict[str, dict[str, float]]:
    """Of each kind: texts, the share of offensive ones missed, of others taken for offensive."""
    found = {}
    for name, is_so in told.items():
        mine = np.array([is_so(read) for read in readings])
        bad, fine = mine & (labels > 0.5), mine & (labels <= 0.5)
        found[name] = {
            "texts": int(mine.sum()),
            "offensive": round(float(bad.sum() / max(1, mine.sum())), 3),
            "missed": round(float((bad & ~said).sum() / max(1, bad.sum())), 3),
            "wrongly": round(float((fine & said).sum() / max(1, fine.sum())), 3),
        }
    return found


def _at_best_cut(labels: np.ndarray, logits: np.ndarray) -> float:
    """Flatters a model that is only compared with: its cut is the best in hindsight."""
    cuts = np.quantile(logits, np.linspace(0.3, 0.95, 66))
    return max(macro_f1(labels, logits >= cut) for cut in cuts)


if __name__ == "__main__":
    try:
        print(json.dumps(report(), indent=2))
    except NoData as error:
        print(json.dumps({"skipped": str(error)}))
