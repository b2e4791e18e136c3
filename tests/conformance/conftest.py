"""Where do the people of these tests live? On a platform that has what the API needs."""

from __future__ import annotations

from tests.people import alice, bob, carol
from tests.serving.conftest import new_person

__all__ = ["alice", "bob", "carol", "new_person"]
