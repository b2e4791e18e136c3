"""What the benches send and draw."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from bench import raw_push
from bench.curve import KINDS, draw
from bench.steady import ids
from bench.stream_peer import without_async
from ingest.events import TweetPosted
from settings import Settings
from views.timelines import bucket_of, home_prefix, pack

ALICE = 7


def test_raw_calls_reach_every_follower_once_on_the_right_server() -> None:
    settings = Settings(timeline_buckets=4, fanout_chunk=10)
    readers = list(range(100, 150))
    (id,) = ids(0, 1)
    tweet = TweetPosted(at_ms=0, id=id, author_id=ALICE, text="!", conversation_id=id)
    servers = raw_push.calls_of(settings, {ALICE: readers}, [tweet])
    found = []
    for number, calls in enumerate(servers):
        for call in calls:
            assert pack([id]) in call
            bucket = int(re.search(rb"tl:\{(\d)\}:", call)[1])
            assert bucket % len(servers) == number
            reached = [int(word) for word in re.findall(rb"(?<= )\d+(?= )", call)]
            assert {bucket_of(reader, 4) for reader in reached} == {bucket}
            assert home_prefix(bucket).encode() in call
            found += reached
    assert sorted(found) == readers


def test_async_is_renamed_where_it_is_a_word() -> None:
    source = "def f(asynchronous, async=True):  # an async_task\n    return g(async)\n"
    renamed = without_async(source)
    compile(renamed, "renamed", "exec")
    assert "asynchronous" in renamed
    assert "async_task" in renamed


def test_the_curve_is_a_picture_without_scripts(tmp_path: Path) -> None:
    file = tmp_path / "curve.svg"
    draw({100: dict.fromkeys(KINDS, 2.0), 9_000: dict.fromkeys(KINDS, 1.5)}, file)
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.parse(file).iter()}
    assert "path" in tags
    assert "script" not in tags
