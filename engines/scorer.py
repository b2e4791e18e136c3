"""How does the scorer run: what it says of each tweet, told to the log?"""

from __future__ import annotations

from engines.log_reader import LogReader


class Scorer(LogReader):
    name = "scorer"
    module = "realtime.scoring"
    needs = ("topics", "redis")
