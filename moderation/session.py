"""How is a model run: by ONNX Runtime, on one thread of the processor.

Whoever has more cores runs more texts or pictures at once, not one of them on several.
"""

from __future__ import annotations

from pathlib import Path

import onnxruntime as ort

ERRORS = 3  # the least that is logged: what a graph could do better is no news


def session(model: Path) -> ort.InferenceSession:
    """Safe to share between threads."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = ERRORS
    return ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
