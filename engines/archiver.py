"""How does the archiver run: the log's way into the lake?"""

from __future__ import annotations

from engines.log_reader import LogReader


class Archiver(LogReader):
    name = "archiver"
    module = "ingest.archiver"
    needs = ("topics",)
