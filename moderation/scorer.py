"""What is a text's toxicity, how much of spam is it, and what is to be done?

One class for all who ask: the API's fast rules before a tweet is acknowledged, the speed layer, the
batch layer's scan and `./starling score`. Pure: texts and counts in, scores out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from moderation.actions import STRICTER, THRESHOLDS, Action, Thresholds, decide
from moderation.behaviour import Activity, behaviour, same_text, together
from moderation.links import LISTS, LinkList
from moderation.scaling import MODEL
from moderation.spam import Spam
from moderation.toxicity import Toxicity

MISLEADING = "misleading_links.txt"
SCORED_BY = ("encoder.onnx", "tokenizer.json", "toxicity.npz", "spam.npz", "scalings.json")


@dataclass(frozen=True)
class Scores:
    """`toxicity` and `spam` 0..1; `reasons` as `moderation/actions.py` words them."""

    toxicity: float
    spam: float
    action: Action
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scorer:
    """Safe to share between threads. `known_spam` holds keys of `same_text`."""

    toxicity: Toxicity
    spam: Spam
    forbidden: LinkList
    misleading: LinkList
    known_spam: frozenset[str] = field(default=frozenset())
    limits: Thresholds = THRESHOLDS
    version: str = ""
    """Changes when the models, the lists or the thresholds do; 12 hexadecimal digits."""

    @classmethod
    def load(
        cls,
        forbidden: Path | None = None,
        misleading: Path | None = None,
        model: Path | None = None,
        threads: int = 1,
    ) -> Scorer:
        """The scorer with the lists and models of this folder, or with others.

        `threads` texts are scored at once. Raises `BadEntry` for a line of a list that would do
        harm.
        """
        folder = model or MODEL
        lists = forbidden or LISTS / "forbidden_links.txt", misleading or LISTS / MISLEADING
        return cls(
            toxicity=Toxicity.load(folder, threads),
            spam=Spam.load(folder),
            forbidden=LinkList.load(lists[0]),
            misleading=LinkList.load(lists[1]),
            version=version_of(folder, *lists),
        )

    def stricter(self) -> Scorer:
        """The same for what very many see."""
        return replace(self, limits=STRICTER)

    def screen(self, text: str) -> Scores | None:
        """The fast rules, in well under a millisecond: blocked at once, or None."""
        entry, known = self.forbidden.find(text), self._is_known_spam(text)
        if entry is None and not known:
            return None
        action, reasons = decide(0.0, float(known), entry, None, known, self.limits)
        return Scores(0.0, float(known), action, reasons)

    def score(
        self, texts: Sequence[str], activities: Sequence[Activity] | None = None
    ) -> list[Scores]:
        """The scores of each text, sent by somebody who behaved so; many at once are cheaper."""
        found = []
        toxic = self.toxicity.of(texts)
        for at, text in enumerate(texts):
            known = self._is_known_spam(text)
            behaved = behaviour(activities[at]) if activities else 0.0
            spam = 1.0 if known else together(self.spam.of(text), behaved)
            listed = self.forbidden.find(text), self.misleading.find(text)
            found.append(
                Scores(toxic[at], spam, *decide(toxic[at], spam, *listed, known, self.limits))
            )
        return found

    def _is_known_spam(self, text: str) -> bool:
        return bool(self.known_spam) and same_text(text) in self.known_spam


def version_of(folder: Path, *lists: Path) -> str:
    """Of a model folder and these lists of links, with the thresholds of `actions`."""
    found = hashlib.blake2b(repr(THRESHOLDS).encode(), digest_size=6)
    for file in (*(folder / name for name in SCORED_BY), *lists):
        with file.open("rb") as opened:
            found.update(hashlib.file_digest(opened, "sha256").digest())
    return found.hexdigest()
