"""When has a count to be folded anew, all of it?"""

from __future__ import annotations

from dataclasses import replace

from batch.since import facts
from views.tag_sketch import TAG_CELLS, TAG_SKETCH


def test_another_meaning_of_what_python_contributes_is_another_view() -> None:
    versions = dict.fromkeys(TAG_SKETCH.topics, 7)
    other = replace(TAG_SKETCH, contributions=(replace(TAG_CELLS, version=2),))
    assert facts(other, versions)["silver"] == facts(TAG_SKETCH, versions)["silver"]
    assert facts(other, versions)["sql"] != facts(TAG_SKETCH, versions)["sql"]
