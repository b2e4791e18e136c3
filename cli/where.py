"""Where does an event go: from the file that writes it to the views it changes?

$ ./starling where Liked
serving/api/likes.py -> ingest/events/likes.py -> views/liked_tweets.py, ...
"""

from __future__ import annotations

import re

from engines.environments import REPOSITORY
from ingest.events import EVENTS, Event
from views.contract import View
from views.registry import ACTIVITIES, SNAPSHOTS, views_of


class UnknownEvent(LookupError):
    """No event has that name."""


def where(name: str) -> str:
    """The way of the event in one line. Raises `UnknownEvent`."""
    event = named(name)
    noun = f"{event.__module__.replace('.', '/')}.py"
    views = dict.fromkeys(map(_file, views_of(event)))
    return " -> ".join(filter(None, [", ".join(writers(event)), noun, ", ".join(views)]))


def named(name: str) -> type[Event]:
    for event in EVENTS:
        if event.__name__.lower() == name.lower():
            return event
    raise UnknownEvent(f"no event is called {name}; there are: {', '.join(map(_name, EVENTS))}")


def writers(event: type[Event]) -> list[str]:
    """The files that name the event of those who write it: the API, and what batch decides."""
    files = sorted((REPOSITORY / "serving" / "api").glob("*.py"))
    word = re.compile(rf"\b{_name(event)}\b")
    named = [str(f.relative_to(REPOSITORY)) for f in files if word.search(f.read_text())]
    return named + [f"views/{view.name}.py" for view in SNAPSHOTS if event in view.said.events]


def _file(view: View) -> str:
    """Activities, of which features are made, are in one file."""
    return "views/features/activity.py" if view in ACTIVITIES else f"views/{view.name}.py"


def _name(event: type[Event]) -> str:
    return event.__name__
