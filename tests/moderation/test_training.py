"""What training is measured by; training itself needs its own environment and an hour."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cli.train import train
from engines.environments import REPOSITORY
from moderation.scaling import FAITHFUL, Scaling
from moderation.training.data import FOLDER
from moderation.training.measures import calibration_error, macro_f1, reliability
from moderation.training.replacing import replacing

LABELS = np.array([1, 1, 0, 0])


def test_macro_f1_is_the_mean_of_both_classes() -> None:
    assert macro_f1(LABELS, LABELS > 0) == 1
    assert macro_f1(LABELS, np.array([True, False, False, False])) == pytest.approx(
        (2 / 3 + 4 / 5) / 2
    )
    assert macro_f1(LABELS, np.zeros(4, bool)) == pytest.approx((0 + 2 / 3) / 2)


def test_scores_that_keep_their_word_have_no_calibration_error() -> None:
    assert calibration_error(LABELS, np.full(4, 0.5)) == 0
    assert calibration_error(LABELS, np.array([1.0, 1.0, 0.0, 0.0])) == 0
    assert calibration_error(LABELS, np.ones(4)) == 0.5
    assert [each.number for each in reliability(LABELS, np.array([0.95, 1.0, 0.3, 0.31]))] == [2, 2]


def test_a_score_rises_with_its_logit_and_is_the_share_where_people_are_asked() -> None:
    scaling = Scaling((1.3,), 0.2, 0.4)
    logits = np.linspace(-8, 8, 400)
    scores = [scaling(each) for each in logits]
    assert scores == sorted(scores)
    shares = [scaling.share(each) for each in logits]
    assert all(a == b for a, b in zip(scores, shares, strict=True) if b >= FAITHFUL)
    assert all((a >= 0.5) == (b >= 0.4) for a, b in zip(scores, shares, strict=True))


def test_without_labelled_texts_training_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train(tmp_path / "out", data=tmp_path / "absent")
    assert "no labelled texts" in json.loads(capsys.readouterr().out)["skipped"]
    assert not (tmp_path / "out").exists()


def test_a_model_folder_is_left_alone_until_a_training_has_ended_well(tmp_path: Path) -> None:
    out = tmp_path / "model"
    with replacing(out) as folder:
        (folder / "spam.npz").write_text("first")
        assert not out.exists()
    (out / "README.md").write_text("the card")
    with pytest.raises(KeyboardInterrupt):
        half_a_training(out)
    assert (out / "spam.npz").read_text() == "first"
    with replacing(out) as folder:
        (folder / "spam.npz").write_text("second")
    assert {each.name: each.read_text() for each in out.iterdir()} == {
        "README.md": "the card",
        "spam.npz": "second",
    }
    assert list(tmp_path.iterdir()) == [out]


def half_a_training(out: Path) -> None:
    with replacing(out) as folder:
        (folder / "spam.npz").write_text("half")
        raise KeyboardInterrupt


@pytest.mark.skipif(not FOLDER.exists(), reason="no labelled texts beside this clone")
@pytest.mark.long
def test_the_models_are_as_good_as_their_card_says() -> None:
    command = [sys.executable, "-m", "moderation.training.report"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    card = json.loads((REPOSITORY / "moderation" / "model" / "report.json").read_text())
    for name in ("toxicity", "spam"):
        assert found[name]["macro_f1"] == pytest.approx(card[name]["macro_f1"], abs=0.01)
    assert found["toxicity"]["macro_f1"] > found["toxicity"]["macro_f1_words_alone"]
    assert found["toxicity"]["macro_f1_words_alone"] > found["toxicity"]["macro_f1_majority"]
