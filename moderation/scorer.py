"""What is a text's toxicity, how much of spam is it, and what is to be done?

One class for all who ask: the API's fast rules before a tweet is acknowledged, the speed layer, the
batch layer's scan and `./starling score`. Pure: texts and counts in, scores out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from moderation.actions import THRESHOLDS, Action, Thresholds, decide
from moderation.behaviour import Activity, behaviour, same_text, together
from moderation.links import LISTS, LinkList
from moderation.scaling import MODEL
from moderation.spam import Spam
from moderation.toxicity import Toxicity


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
        return cls(
            toxicity=Toxicity.load(model or MODEL, threads),
            spam=Spam.load(model or MODEL),
            forbidden=LinkList.load(forbidden or LISTS / "forbidden_links.txt"),
            misleading=LinkList.load(misleading or LISTS / "misleading_links.txt"),
        )

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
