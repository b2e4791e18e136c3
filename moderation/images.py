"""How much of an adult image is a picture?

A MobileNet that nsfwjs published (MIT), run by ONNX Runtime on the processor in about 16 ms: it is
asked whenever a picture is uploaded. What it was judged on is not public and we have no pictures to
judge it by, so it never blocks: it hides behind a notice, or asks people.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moderation.actions import THRESHOLDS, Action, Thresholds
from moderation.scaling import MODEL
from moderation.session import session

CLASSES = ("drawing", "adult_drawing", "neutral", "adult_photo", "suggestive")


class BadPicture(ValueError):
    """The pixels are no picture; the message says what they are."""


@dataclass(frozen=True)
class PictureScores:
    """Each 0..1; `adult` is of drawings and photographs together."""

    adult: float
    suggestive: float
    action: Action


class Pictures:
    """Safe to share between threads."""

    def __init__(
        self, model: Path = MODEL / "images.onnx", limits: Thresholds = THRESHOLDS
    ) -> None:
        self._session = session(model)
        self._limits = limits

    def score(self, pixels: np.ndarray) -> PictureScores:
        """The scores of a decoded picture, `[height, width, 3]` of bytes. Raises `BadPicture`."""
        found = self.classes(pixels)
        adult = found["adult_drawing"] + found["adult_photo"]
        return PictureScores(adult, found["suggestive"], self._action(adult))

    def classes(self, pixels: np.ndarray) -> dict[str, float]:
        """The probability of each of `CLASSES`. Raises `BadPicture`."""
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
            raise BadPicture(f"no height by width by 3 bytes, but {pixels.dtype} {pixels.shape}")
        (found,) = self._session.run(None, {"pixels": pixels})
        return dict(zip(CLASSES, map(float, found[0]), strict=True))

    def _action(self, adult: float) -> Action:
        if adult > self._limits.review_adult:
            return Action.REVIEW
        return Action.SENSITIVE if adult >= self._limits.sensitive_adult else Action.ALLOW
