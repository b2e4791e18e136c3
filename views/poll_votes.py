"""What has this user voted for in this poll?"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.events import Event, PollVoted
from views.contract import Change, Put, StateView


def project(event: Event) -> Iterator[Change]:
    """The choice, counted from 1, keyed `(poll_id, voter_id)`."""
    match event:
        case PollVoted():
            yield Put((event.poll_id, event.voter_id), {"choice": event.choice})


POLL_VOTES = StateView(
    name="poll_votes",
    doc=__doc__,
    topics=("polls",),
    events=(PollVoted,),
    project=project,
)
