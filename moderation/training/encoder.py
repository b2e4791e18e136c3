"""How is the encoder taught what offends?

One encoder, three heads: TweetEval offensive, which is what we want, and beside it in the first
epoch TweetEval hate and Davidson's tweets, which say more about the same words. Later epochs see
the offensive task alone. Batches hold texts of like length, so little is padded, and the weights of
the last epoch are averaged, which is steadier than any one of them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertModel

from moderation.reading import reading
from moderation.training.data import FOLDER, Labelled, davidson, hate, offensive

TASKS = ("offensive", "hate", "davidson")
HATE, OFFENSIVE_OF_DAVIDSON = 4_500, 2_500


@dataclass(frozen=True)
class Recipe:
    epochs: int = 3
    batch: int = 32
    rate: float = 7e-5  # of the top layer
    rate_below: float = 0.9  # of the layer above it
    head_rate: float = 5e-4
    warm_up: float = 0.06  # of all steps
    decay: float = 0.01
    tokens: int = 48  # a text's first ones: half as many as serving reads
    frozen: int = 2  # layers from below, and the words below them: they keep what they know
    seed: int = 8
    average_every: int = 20  # steps of the last epoch
    tasks_beside: tuple[str, ...] = field(default=("hate", "davidson"))  # in the first epoch


class Toxic(nn.Module):
    """Token ids and mask `[batch, tokens]` to one logit a task, `[batch, 3]`."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(0.1)
        self.heads = nn.Linear(encoder.config.hidden_size, len(TASKS))
        nn.init.zeros_(self.heads.weight)  # alike in every run, so that runs can be averaged
        nn.init.zeros_(self.heads.bias)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * weights).sum(1) / weights.sum(1)
        return self.heads(self.dropout(mean))


def lessons(folder: Path = FOLDER) -> dict[str, Labelled]:
    """What each task teaches; beside the offensive one, half of what there is, picked at random.

    Of Davidson's tweets, nearly all offensive, as many stay as are not.
    """
    chance = np.random.default_rng(7)
    tweets, hateful = davidson(folder), hate("train", folder)
    mostly = tweets.labels > 0.5
    fewer = chance.permutation(np.flatnonzero(mostly))[:OFFENSIVE_OF_DAVIDSON]
    tweets = tweets.of(np.concatenate([np.flatnonzero(~mostly), fewer]))
    hateful = hateful.of(chance.permutation(len(hateful))[:HATE])
    return {"offensive": offensive("train", folder), "hate": hateful, "davidson": tweets}


def train(
    model: Toxic, tokenizer: Tokenizer, data: dict[str, Labelled], recipe: Recipe
) -> Iterator[dict[str, float]]:
    """Trains in place; yields what it sees every 50 steps. `data` by task."""
    chance = random.Random(recipe.seed)
    torch.manual_seed(recipe.seed)
    examples = {
        task: list(zip(encoded(tokenizer, texts.texts, recipe.tokens), texts.labels, strict=True))
        for task, texts in data.items()
    }
    plan = []
    for epoch in range(recipe.epochs):
        tasks = ["offensive", *(recipe.tasks_beside if epoch == 0 else ())]
        plan += [(epoch, *step) for step in _batches(examples, tasks, recipe.batch, chance)]
    _freeze(model, recipe.frozen)
    optimizer = torch.optim.AdamW(_groups(model, recipe), weight_decay=recipe.decay, fused=True)
    rates = [group["lr"] for group in optimizer.param_groups]
    mean: dict[str, torch.Tensor] = {}
    taken, lost, began = 0, 0.0, time.time()
    model.train()
    for at, (epoch, task, chunk) in enumerate(plan):
        part = _share(at / len(plan), recipe.warm_up)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * part
        ids, mask = padded([example for example, _ in chunk])
        wanted = torch.tensor(np.array([label for _, label in chunk]), dtype=torch.float32)
        with torch.autocast("cpu", dtype=torch.bfloat16):  # 2.6 times as fast where AVX-512 has it
            logits = model(ids, mask)[:, TASKS.index(task)]
        loss = nn.functional.binary_cross_entropy_with_logits(logits.float(), wanted)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        lost += loss.item()
        if epoch == recipe.epochs - 1 and at % recipe.average_every == 0:
            taken += 1
            for name, value in model.state_dict().items():
                mean[name] = mean[name] + value if name in mean else value.clone()
        if at % 50 == 49:
            yield {"step": at + 1, "of": len(plan), "loss": lost / 50, "s": time.time() - began}
            lost = 0.0
    model.load_state_dict({name: value / taken for name, value in mean.items()})
    model.eval()


def logits(model: Toxic, tokenizer: Tokenizer, texts: Sequence[str], tokens: int) -> np.ndarray:
    """The offensive head's logit of each text."""
    model.eval()
    ready = encoded(tokenizer, texts, tokens)
    order = sorted(range(len(ready)), key=lambda i: len(ready[i]))
    found = np.zeros(len(ready))
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(order), 64):
            chosen = order[start : start + 64]
            found[chosen] = model(*padded([ready[i] for i in chosen]))[:, 0].float().numpy()
    return found


def encoded(tokenizer: Tokenizer, texts: Sequence[str], tokens: int) -> list[list[int]]:
    """The token ids of the texts' readings, at most `tokens` with the marks of begin and end."""
    found = [each.ids for each in tokenizer.encode_batch([reading(text) for text in texts])]
    return [ids if len(ids) <= tokens else [*ids[: tokens - 1], ids[-1]] for ids in found]


def padded(chunk: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask, `[batch, the longest]`."""
    longest = max(map(len, chunk))
    ids = torch.zeros(len(chunk), longest, dtype=torch.long)
    for row, example in enumerate(chunk):
        ids[row, : len(example)] = torch.tensor(example)
    mask = torch.zeros_like(ids)
    for row, example in enumerate(chunk):
        mask[row, : len(example)] = 1
    return ids, mask


def _batches(examples, tasks, size, chance):  # type: ignore[no-untyped-def]
    """An epoch of `(task, examples)`, in random order, each of like lengths."""
    found = []
    for task in tasks:
        mine = examples[task][:]
        chance.shuffle(mine)
        for start in range(0, len(mine), size * 40):
            pool = sorted(mine[start : start + size * 40], key=lambda example: len(example[0]))
            found += [(task, pool[i : i + size]) for i in range(0, len(pool), size)]
    chance.shuffle(found)
    return found


def _freeze(model: Toxic, layers: int) -> None:
    for part in (model.encoder.embeddings, *model.encoder.encoder.layer[:layers]):
        part.requires_grad_(False)


def _groups(model: Toxic, recipe: Recipe) -> list[dict[str, object]]:
    """Lower layers know language and learn slowly; heads know nothing and learn fast."""
    layers = model.encoder.config.num_hidden_layers
    groups: dict[float, list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith("heads"):
            rate = recipe.head_rate
        elif ".layer." in name:
            depth = int(name.split(".layer.")[1].split(".")[0])
            rate = recipe.rate * recipe.rate_below ** (layers - 1 - depth)
        else:
            rate = recipe.rate * recipe.rate_below**layers
        groups.setdefault(rate, []).append(parameter)
    return [{"params": parameters, "lr": rate} for rate, parameters in groups.items()]


def _share(done: float, warm_up: float) -> float:
    """Of the full learning rate: up in a line, then down in a line to zero."""
    return done / warm_up if done < warm_up else (1 - done) / (1 - warm_up)
