"""A picture scores as the published model says, whatever its size."""

from __future__ import annotations

import numpy as np
import pytest

from moderation.actions import Action, Thresholds
from moderation.images import CLASSES, BadPicture, Pictures

# What TensorFlow.js says to `colours()` with the model as it was published.
SAID = (0.931169, 0.007271, 0.060348, 0.000946, 0.000266)


def colours() -> np.ndarray:
    """Runs of colour, 300 by 200, with a plain square in them."""
    down, right = np.mgrid[0:300, 0:200]
    pixels = np.stack([right * 255 // 200, down * 255 // 300, (right + down) % 256], -1)
    pixels[80:160, 50:150] = [220, 180, 150]
    return pixels.astype(np.uint8)


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    return Pictures()


def test_the_model_says_what_it_said_before_it_was_converted(pictures: Pictures) -> None:
    found = pictures.classes(colours())
    assert list(found) == list(CLASSES)
    assert list(found.values()) == pytest.approx(SAID, abs=1e-4)


def test_a_picture_without_people_is_allowed(pictures: Pictures) -> None:
    scores = pictures.score(colours())
    assert scores.adult == pytest.approx(SAID[1] + SAID[3], abs=1e-4)
    assert scores.action is Action.ALLOW


def test_limits_decide() -> None:
    asked = Thresholds(sensitive_adult=0.001)
    assert Pictures(limits=asked).score(colours()).action is Action.SENSITIVE
    asked = Thresholds(review_adult=0.001)
    assert Pictures(limits=asked).score(colours()).action is Action.REVIEW


@pytest.mark.parametrize("shape", [(1, 1, 3), (2_000, 3, 3)])
def test_any_size_can_be_scored(pictures: Pictures, shape: tuple[int, ...]) -> None:
    assert 0 <= pictures.score(np.zeros(shape, np.uint8)).adult <= 1


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (0, 4, 3)])
def test_what_is_no_picture_is_refused(pictures: Pictures, shape: tuple[int, ...]) -> None:
    with pytest.raises(BadPicture, match="height by width"):
        pictures.score(np.zeros(shape, np.uint8))
