"""BATCH LAYER: recomputes the views from the lake, publishes them, measures drift, rebuilds."""

import os

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""Of numpy's linear algebra. What is solved here is small: threads would mostly wait for each other
at three times the processor, and the last digits would depend on how many there are."""

os.environ.update(ONE_THREAD)  # heard only where numpy comes after, as in every `python -m batch.`
