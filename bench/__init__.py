"""WHAT IT COSTS: each bench prints figures, and their ratio to a peer measured in the same run.

A bench is a module here with `figures() -> Iterator[Figure]`; `./starling bench NAME` finds it.
"""
