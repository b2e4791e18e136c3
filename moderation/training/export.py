"""How does a trained encoder become a file that ONNX Runtime serves?

The graph is that of the base, with the weights that training changed, the tokens that the
training texts use, the mean over a text's tokens and the offensive head behind it, all
matrices in eight bits.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from moderation.training.base import graph, matrices

WORDS = "embeddings.word_embeddings.weight"
OUTPUT = "offends"


def used(tokenizer: Tokenizer, readings: Iterable[str]) -> list[int]:
    """The ids of tokens that readings have, and of the special ones, in order."""
    found = {id for each in tokenizer.encode_batch(list(readings)) for id in each.ids}
    vocabulary = tokenizer.get_vocab()
    found |= {id for token, id in vocabulary.items() if len(token.removeprefix("##")) == 1}
    found |= {vocabulary[token] for token in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")}
    return sorted(found)


def with_tokens(tokenizer: Tokenizer, kept: list[int]) -> Tokenizer:
    """The tokenizer with these tokens alone, numbered anew; others fall into pieces of these."""
    told = json.loads(tokenizer.to_str())
    new = {old: at for at, old in enumerate(kept)}
    told["model"]["vocab"] = {
        token: new[id] for token, id in told["model"]["vocab"].items() if id in new
    }
    for token in told["added_tokens"]:
        token["id"] = new[token["id"]]
    for special in told["post_processor"]["special_tokens"].values():
        special["ids"] = [new[id] for id in special["ids"]]
    return Tokenizer.from_str(json.dumps(told))


def export(jar: Path, weights: Mapping[str, torch.Tensor], kept: list[int], file: Path) -> None:
    """Writes the model. `weights` is the state of `moderation.training.encoder.Toxic`."""
    model = graph(jar)
    trained = {
        name.removeprefix("encoder."): value.float().numpy() for name, value in weights.items()
    }
    trained[WORDS] = trained[WORDS][kept]
    names = {stored: f"{layer}.weight" for layer, stored in matrices(model).items()}
    for tensor in model.graph.initializer:
        name = names.get(tensor.name, tensor.name)
        if name in trained:
            value = trained[name].T if tensor.name in names else trained[name]
            tensor.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(value), tensor.name))
    _add_head(model, trained["heads.weight"][:1], trained["heads.bias"][:1])
    onnx.checker.check_model(model)
    plain = file.with_suffix(".float.onnx")
    onnx.save(model, plain)
    quantize_dynamic(
        plain, file, op_types_to_quantize=["MatMul", "Gather"], per_channel=True,
        weight_type=QuantType.QInt8,
        reduce_range=True,  # seven bits: processors without VNNI overflow by eight
    )  # fmt: skip
    plain.unlink()


def _add_head(model: onnx.ModelProto, weights: np.ndarray, bias: np.ndarray) -> None:
    """Behind the states of tokens: their mean, and the logit `[batch, 1]`."""
    constants = {"head_weights": weights.T, "head_bias": bias}
    model.graph.initializer.extend(
        numpy_helper.from_array(np.ascontiguousarray(value), name)
        for name, value in constants.items()
    )
    node = helper.make_node
    model.graph.node.extend(
        [
            node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
            node("Unsqueeze", ["mask"], ["wide_mask"], axes=[2]),
            node("Mul", ["last_hidden_state", "wide_mask"], ["seen_states"]),
            node("ReduceSum", ["seen_states"], ["summed"], axes=[1], keepdims=0),
            node("ReduceSum", ["wide_mask"], ["counted"], axes=[1], keepdims=0),
            node("Div", ["summed", "counted"], ["mean"]),
            node("Gemm", ["mean", "head_weights", "head_bias"], [OUTPUT]),
        ]
    )
    del model.graph.output[:]
    model.graph.output.append(
        helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["batch", 1])
    )
