"""How does the board of trends run: who looks every few seconds at what trends?"""

from __future__ import annotations

from engines.log_reader import LogReader


class Board(LogReader):
    """It reads what Flink counted of the log, and tells the log what it showed."""

    name = "board"
    module = "realtime.board"
    needs = ("topics", "redis_functions", "cassandra_schema")
