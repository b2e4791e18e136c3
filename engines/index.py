"""How does the search engine's writer run: the tweets' way into OpenSearch?"""

from __future__ import annotations

from engines.log_reader import LogReader


class Index(LogReader):
    name = "index"
    module = "realtime.index"
    needs = ("topics", "index_schema", "redis")
