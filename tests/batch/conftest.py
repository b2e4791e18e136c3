"""What is rebuilt, or started, once for several files of tests here."""

from __future__ import annotations

from tests.batch.feature_desk import desk, own_server
from tests.batch.rebuilding import base, cache, lake, lasting, rebuilt

__all__ = ["base", "cache", "desk", "lake", "lasting", "own_server", "rebuilt"]
