"""WHAT IT MEANS: each view once, for every engine.

Imports only `ingest.events` and the standard library.
"""
