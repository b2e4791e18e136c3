"""What is done about a text with these scores?

| action | when | what people see |
|---|---|---|
| `block` | toxicity above 0.9, a forbidden link, known spam | nothing: it is taken back |
| `review` | toxicity above 0.7, or spam above 0.8 | as `sensitive`, until somebody has decided |
| `sensitive` | toxicity from 0.5 | behind a notice; not in trends and not recommended |
| `label` | spam from 0.5, or a misleading link | with a label; not recommended |
| `allow` | else | all of it |

The first row that holds decides; the reasons name every row that holds. Known spam is a text that
reads the very same as one that people have decided to be spam.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """In rising order of weight."""

    ALLOW = "allow"
    LABEL = "label"
    SENSITIVE = "sensitive"
    REVIEW = "review"
    BLOCK = "block"


@dataclass(frozen=True)
class Thresholds:
    block_toxicity: float = 0.9  # above: the source's
    review_toxicity: float = 0.7  # above: the source's
    review_spam: float = 0.8  # above: the source's
    sensitive_toxicity: float = 0.5  # from here on: more likely offensive than not
    label_spam: float = 0.5  # from here on
    review_adult: float = 0.9  # above; of a picture
    sensitive_adult: float = 0.5  # from here on; of a picture


THRESHOLDS = Thresholds()
STRICTER = Thresholds(review_toxicity=0.4, review_spam=0.4)
"""For what very many see: from here on people look at it, above what else would only be marked."""


def decide(
    toxicity: float,
    spam: float,
    forbidden: str | None = None,
    misleading: str | None = None,
    known_spam: bool = False,
    limits: Thresholds = THRESHOLDS,
) -> tuple[Action, tuple[str, ...]]:
    """The action and its reasons, weightiest first; `forbidden` and `misleading` are list entries.

    >>> decide(0.95, 0.6)
    (<Action.BLOCK: 'block'>, ('toxicity', 'spam'))
    >>> decide(0.1, 0.1, forbidden="evil.example")
    (<Action.BLOCK: 'block'>, ('forbidden_link:evil.example',))
    """
    found = [
        (Action.BLOCK, f"forbidden_link:{forbidden}") if forbidden else None,
        (Action.BLOCK, "known_spam") if known_spam else None,
        (_for_toxicity(toxicity, limits), "toxicity"),
        (_for_spam(spam, limits), "spam"),
        (Action.LABEL, f"misleading_link:{misleading}") if misleading else None,
    ]
    held = [each for each in found if each and each[0] is not Action.ALLOW]
    held.sort(key=lambda each: -_WEIGHT[each[0]])
    return held[0][0] if held else Action.ALLOW, tuple(reason for _, reason in held)


_WEIGHT = {action: weight for weight, action in enumerate(Action)}


def _for_toxicity(toxicity: float, limits: Thresholds) -> Action:
    if toxicity > limits.block_toxicity:
        return Action.BLOCK
    if toxicity > limits.review_toxicity:
        return Action.REVIEW
    return Action.SENSITIVE if toxicity >= limits.sensitive_toxicity else Action.ALLOW


def _for_spam(spam: float, limits: Thresholds) -> Action:
    if spam > limits.review_spam:
        return Action.REVIEW
    return Action.LABEL if spam >= limits.label_spam else Action.ALLOW
