"""How does a published model of adult images become a file that ONNX Runtime serves?

    python -m moderation.training.images nsfwjs-4.3.0.tgz moderation/model/images.onnx

nsfwjs (Infinite Red, MIT), a package of npm (`npm pack nsfwjs@4.3.0`), carries a MobileNet of 2.6
million weights in eight bits for TensorFlow.js. Its layers are of eleven kinds and stand one behind
the other, with a few sums; each becomes a node or two here. Weights stay in eight bits in the file
and are spread out when it is loaded.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = "package/dist/models/mobilenet_v2"
SIDE = 224  # pixels of the square that the model looks at
TURNED = {"kernel": (3, 2, 0, 1), "depthwise_kernel": (2, 3, 0, 1)}  # to ONNX's order of axes


class _Graph:
    """What has been put down so far."""

    def __init__(self, weights: Mapping[str, tuple[np.ndarray, float, float]]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(self, kind: str, inputs: list[str], output: str, **settings: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **settings))
        return output

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, layer: str, name: str) -> str:
        """A weight, from its eight bits."""
        full = f"{layer}/{name}"
        bits, scale, least = self.weights[full]
        if bits.ndim == 4:
            bits = bits.transpose(TURNED[name])
        self.add("Cast", [self.constant(f"{full}:bits", bits)], f"{full}:float", to=1)
        scaled = [f"{full}:float", self.constant(f"{full}:scale", np.float32(scale))]
        self.add("Mul", scaled, f"{full}:scaled")
        least_of = self.constant(f"{full}:least", np.float32(least))
        return self.add("Add", [f"{full}:scaled", least_of], full)


def convert(package: Path, file: Path) -> None:
    """Writes a model from `pixels`, `[height, width, 3]` of bytes, to `classes`, `[1, 5]`."""
    told, weights = _read(package)
    graph = _Graph(weights)
    layers = told["modelTopology"]["model_config"]["config"]["layers"]
    for layer in layers:
        name, inbound = layer["name"], layer["inbound_nodes"]
        inputs = [each[0] for each in inbound[0]] if inbound else ["pixels"]
        _LAYERS[layer["class_name"]](graph, name, inputs, layer["config"])
    graph.add("Identity", [layers[-1]["name"]], "classes")
    made = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "adult images",
            [helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["height", "width", 3])],
            [helper.make_tensor_value_info("classes", TensorProto.FLOAT, [1, 5])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", 13)],
        ir_version=8,
    )
    onnx.checker.check_model(made)
    onnx.save(made, file)


def _input(graph: _Graph, name: str, inputs: list[str], config: dict[str, Any]) -> None:
    at = graph.add("Cast", inputs, "float_pixels", to=1)
    at = graph.add("Unsqueeze", [at, graph.constant("first", np.array([0]))], "one_image")
    at = graph.add("Transpose", [at], "channels_first", perm=[0, 3, 1, 2])
    size = graph.constant("size", np.array([1, 3, SIDE, SIDE]))
    at = graph.add(
        "Resize", [at, "", "", size], "resized", mode="linear",
        coordinate_transformation_mode="align_corners",
    )  # fmt: skip
    graph.add("Div", [at, graph.constant("bytes", np.float32(255))], name)


def _convolution(graph: _Graph, name: str, inputs: list[str], config: dict[str, Any]) -> None:
    kernel = "depthwise_kernel" if f"{name}/depthwise_kernel" in graph.weights else "kernel"
    groups = graph.weights[f"{name}/{kernel}"][0].shape[2] if kernel != "kernel" else 1
    assert not config["use_bias"]
    assert config["activity_regularizer"] is None
    padding = {"same": "SAME_UPPER", "valid": "VALID"}[config["padding"]]
    graph.add(
        "Conv", [*inputs, graph.weight(name, kernel)], name,
        strides=config["strides"], auto_pad=padding, group=groups,
    )  # fmt: skip


def _normalization(graph: _Graph, name: str, inputs: list[str], config: dict[str, Any]) -> None:
    parts = ("gamma", "beta", "moving_mean", "moving_variance")
    weights = [graph.weight(name, part) for part in parts]
    graph.add("BatchNormalization", [*inputs, *weights], name, epsilon=config["epsilon"])


def _clip(graph: _Graph, name: str, inputs: list[str], config: dict[str, Any]) -> None:
    most = graph.constant(f"{name}:most", np.float32(config["max_value"]))
    graph.add("Clip", [*inputs, graph.constant(f"{name}:least", np.float32(0)), most], name)


def _padding(graph: _Graph, name: str, inputs: list[str], config: dict[str, Any]) -> None:
    (top, bottom), (left, right) = config["padding"]
    pads = graph.constant(f"{name}:pads", np.array([0, 0, top, left, 0, 0, bottom, right]))
    graph.add("Pad", [*inputs, pads], name)


def _dense(graph: _Graph, name: str, inputs: list[str], config: dict[str, Any]) -> None:
    weights = [graph.weight(name, "kernel"), graph.weight(name, "bias")]
    graph.add("Gemm", [*inputs, *weights], f"{name}:linear")
    kind = {"relu": "Relu", "softmax": "Softmax"}[config["activation"]]
    graph.add(kind, [f"{name}:linear"], name)


def _pooling(graph: _Graph, name: str, inputs: list[str], config: dict[str, Any]) -> None:
    sizes = {"kernel_shape": config["pool_size"], "strides": config["strides"]}
    graph.add("AveragePool", inputs, name, **sizes)


_LAYERS = {
    "InputLayer": _input,
    "Conv2D": _convolution,
    "DepthwiseConv2D": _convolution,
    "BatchNormalization": _normalization,
    "ReLU": _clip,
    "ZeroPadding2D": _padding,
    "AveragePooling2D": _pooling,
    "Dense": _dense,
    "Add": lambda graph, name, inputs, config: graph.add("Add", inputs, name),
    "Flatten": lambda graph, name, inputs, config: graph.add("Flatten", inputs, name),
    "Dropout": lambda graph, name, inputs, config: graph.add("Identity", inputs, name),
}


def _read(package: Path) -> tuple[dict[str, Any], dict[str, tuple[np.ndarray, float, float]]]:
    """The model's description, and its weights as bytes with their scale and least value."""
    with tarfile.open(package) as opened:
        script = opened.extractfile(f"{FOLDER}/model.min.js").read().decode()
        shard = opened.extractfile(f"{FOLDER}/group1-shard1of1.min.js").read().decode()
    told = _object(script)
    bits = base64.b64decode(max(re.findall(r"[A-Za-z0-9+/=]+", shard), key=len))
    weights, at = {}, 0
    for each in told["weightsManifest"][0]["weights"]:
        coded, number = each["quantization"], int(np.prod(each["shape"]))
        assert coded["dtype"] == "uint8"
        value = np.frombuffer(bits, np.uint8, number, at).reshape(each["shape"])
        weights[each["name"]] = (value, coded["scale"], coded["min"])
        at += number
    assert at == len(bits)
    return told, weights


def _object(script: str) -> dict[str, Any]:
    """The object that a minified script returns, whose notation JSON has in a stricter form."""
    found = script[script.index("{modelTopology:") :]
    found = re.sub(r"([{,])([A-Za-z_]\w*):", r'\1"\2":', found)
    found = found.replace(":!0", ":true").replace(":!1", ":false")
    found = re.sub(r"([:\[,]-?)\.(\d)", r"\g<1>0.\2", found)
    return json.JSONDecoder().raw_decode(found)[0]


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
