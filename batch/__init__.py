"""BATCH LAYER: recomputes the views from the lake, publishes them, measures drift, rebuilds."""
