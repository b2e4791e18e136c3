"""What does a model learn from, and on what is it judged?

Four sets of labelled texts that lie beside the repository (`shared/data/moderation`), never in it.
The official `val` split of TweetEval's offensive task is never learnt from: it judges, and
fits the four numbers of the calibration.
"""

from __future__ import annotations

import hashlib
import html
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from moderation.reading import reading

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "moderation"


class NoData(FileNotFoundError):
    """The labelled texts are not beside this clone; the message says where they belong."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"no labelled texts in {folder}: nothing to train on or to judge by")


@dataclass(frozen=True)
class Labelled:
    """Texts and, for each, how much of the label it has (0..1: annotators may disagree)."""

    texts: list[str]
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.texts)

    def of(self, chosen: np.ndarray) -> Labelled:
        """Those at the positions, or under the mask, `chosen`."""
        at = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        return Labelled([self.texts[i] for i in at], self.labels[at])


def offensive(split: str, folder: Path = FOLDER) -> Labelled:
    """TweetEval's offensive task, split `train` or `val`; repeated texts of `train` once.

    Texts of `train` whose reading is in `val` too are left out.
    """
    found = _tweeteval(folder, "offensive", split)
    if split != "train":
        return found
    seen = {reading(text) for text in _tweeteval(folder, "offensive", "val").texts}
    kept = []
    for at, text in enumerate(found.texts):
        if (read := reading(text)) not in seen:
            seen.add(read)
            kept.append(at)
    return found.of(np.array(kept))


def hate(split: str = "train", folder: Path = FOLDER) -> Labelled:
    """TweetEval's hate task: hate against women or migrants."""
    return _tweeteval(folder, "hate", split)


def davidson(folder: Path = FOLDER) -> Labelled:
    """Davidson et al.: the share of annotators who called the tweet hateful or offensive."""
    table = _table(folder, "davidson_train").to_pydict()
    votes = np.array([table[name] for name in ("hate_speech", "offensive_language", "count")])
    return Labelled([html.unescape(t) for t in table["tweet"]], (votes[0] + votes[1]) / votes[2])


def sms(part: str, folder: Path = FOLDER) -> Labelled:
    """The SMS Spam Collection: 1 for spam; a fifth by hash is `val`, the rest `train`."""
    table = _table(folder, "sms_spam_train").to_pydict()
    found = Labelled(table["text"], np.array([float(x == "spam") for x in table["label"]]))
    held = np.array([_hundredth(reading(text)) >= 80 for text in found.texts])
    return found.of(held if part == "val" else ~held)


def _tweeteval(folder: Path, task: str, split: str) -> Labelled:
    table = _table(folder, f"tweeteval_{task}_train_val").to_pydict()
    chosen = [i for i, each in enumerate(table["split"]) if each == split]
    labels = np.array([float(table["label"][i]) for i in chosen])
    return Labelled([table["text"][i] for i in chosen], labels)


def _table(folder: Path, name: str):  # type: ignore[no-untyped-def]
    file = folder / f"{name}.parquet"
    if not file.exists():
        raise NoData(folder)
    return pq.read_table(file)


def _hundredth(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % 100
