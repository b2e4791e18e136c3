"""How does the graph's writer run: the follows' way into Neo4j?"""

from __future__ import annotations

from engines.log_reader import LogReader


class Graph(LogReader):
    name = "graph"
    module = "realtime.graph"
    needs = ("topics", "graph_schema", "redis")
