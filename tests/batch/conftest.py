"""What is rebuilt once for several files of tests here."""

from __future__ import annotations

from tests.batch.rebuilding import base, cache, lake, lasting, rebuilt

__all__ = ["base", "cache", "lake", "lasting", "rebuilt"]
