"""How is the model folder of moderation/ made from nothing but labelled texts and a base?

    ./starling train      # makes the environment, fetches the base, runs this

Takes about twenty minutes of one processor core, most of them for the encoder. Prints one JSON
object at the end: what was measured, or why it was skipped.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from moderation.reading import reading
from moderation.scaling import FILE, MODEL, Scaling
from moderation.spam import Spam
from moderation.toxicity import Toxicity
from moderation.training import base, encoder, export, scaling, words
from moderation.training.data import FOLDER, NoData, davidson, hate, offensive, sms
from moderation.training.replacing import replacing
from moderation.training.report import report


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--base", type=Path, required=True, help="the jar with the encoder")
    asked.add_argument("--data", type=Path, default=FOLDER, help="the labelled texts")
    asked.add_argument("--out", type=Path, default=MODEL, help="the model folder to write")
    asked.add_argument("--weights", type=Path, help="of an encoder that is trained already")
    arguments = asked.parse_args()
    try:
        made = make(arguments.base, arguments.data, arguments.out, arguments.weights)
    except NoData as error:
        made = {"skipped": str(error)}
    print(json.dumps(made))


def make(jar: Path, data: Path, out: Path, weights: Path | None) -> dict[str, object]:
    """Writes every file that training makes into `out`, at the end. Raises `NoData`.

    Beside `out`, as `<out>.pt`, stay the encoder's weights: `weights` of another call.
    """
    train = offensive("train", data)
    with replacing(out) as folder:
        words.toxicity(train, davidson(data), hate("train", data)).save(folder / "toxicity.npz")
        words.spam(sms("train", data), train).save(folder / "spam.npz")
        _make_encoder(jar, data, folder, weights, out.with_name(f"{out.name}.pt"))
        (folder / FILE).write_text(json.dumps(_scalings(data, folder), indent=2) + "\n")
        found = report(data, folder)
        (folder / "report.json").write_text(json.dumps(found, indent=2) + "\n")
    return found


def _make_encoder(jar: Path, data: Path, out: Path, weights: Path | None, kept_at: Path) -> None:
    tokens, lessons = base.tokenizer(jar), encoder.lessons(data)
    model = encoder.Toxic(base.encoder(jar))
    if weights is None:
        for seen in encoder.train(model, tokens, lessons, encoder.Recipe()):
            print(" ".join(f"{name} {value:.4g}" for name, value in seen.items()), flush=True)
        torch.save(model.state_dict(), kept_at)
    else:
        model.load_state_dict(torch.load(weights, map_location="cpu"))
    texts = [each for lesson in (*lessons.values(), sms("train", data)) for each in lesson.texts]
    kept = export.used(tokens, map(reading, texts))
    export.with_tokens(tokens, kept).save(str(out / "tokenizer.json"))
    export.export(jar, model.state_dict(), kept, out / "encoder.onnx")


def _scalings(data: Path, out: Path) -> dict[str, object]:
    """Fitted on TweetEval's `val` split, and on the fifth of the messages that is held back."""
    unscaled = {"slopes": [], "shift": 0.0, "cut": 0.5}
    (out / FILE).write_text(json.dumps({"toxicity": unscaled, "spam": unscaled}))
    toxicity, spam = Toxicity.load(out), Spam.load(out)
    judged = offensive("val", data)
    readings = [reading(text) for text in judged.texts]
    both = [toxicity.encoder.logits(readings), [toxicity.words.logit(each) for each in readings]]
    messages = sms("val", data)
    said = [spam.logit(text) for text in messages.texts]
    fitted: dict[str, Scaling] = {
        "toxicity": scaling.fit(np.array(both).T, judged.labels),
        "spam": scaling.fit(np.array([said]).T, messages.labels),
    }
    return {name: asdict(each) for name, each in fitted.items()}


if __name__ == "__main__":
    main()
